"""What other servers send to our inboxes.

    accepting      while the peer waits: is it well-formed, signed, new? Then it goes to the queue
    processing     in the queue: whose is it, may they say this, and who does it
    creating       which of the things it is that a Create brings
    follows, blocks, marks, pins, reactions, statuses, votes, messages, people, undoing …
                   what it does, through the functions that serve our own people too
"""
