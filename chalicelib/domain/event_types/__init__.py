"""What can happen, in ids. An event is raised after the change has been written (`events.tell`).

An event says what happened, but not what follows from it. `account_id` is always the account that did it.
"""
