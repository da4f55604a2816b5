"""Reading what other servers send: their documents become plain values, or are refused. Nothing is fetched or stored.

    values.py      the shapes in which servers write the same thing
    account.py     an actor becomes a `ForeignAccount`
    status.py      an object becomes a `ForeignStatus`
    attachments.py, polls.py   parts of an object
"""
