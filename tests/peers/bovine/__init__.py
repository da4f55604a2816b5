"""Bovine: a server of others, in Python, which gives documents only to who signs."""
