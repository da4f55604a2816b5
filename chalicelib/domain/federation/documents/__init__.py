"""Documents: accounts, statuses and what is done with them, as servers and archives share them (ActivityPub).

Nothing here reads from the store. An account is named by its `uri`, as is a status or a reblog. Every property has one
shape, Mastodon's: lists are lists even with one entry, and what is named is named by a text.
"""
