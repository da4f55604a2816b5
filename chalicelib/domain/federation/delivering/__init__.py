"""Delivering: what happens here is sent to the inboxes of others who may hear of it.

    activities   which activities there are
    gathering    whom one goes to: inboxes, each once, in tens
    rendering    what is sent: from the tables as they are at that moment
    attempts     the tries: what an answer means, and when the next one is due
    deleting     what must be found out before it is gone

There are two kinds of work. To gather waits for nobody (queue `timelines`), to send does (queue `outside`).
"""
