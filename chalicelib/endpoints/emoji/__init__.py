"""Custom emoji: the lists, and packs in the two generations of paths.

Newer clients name a pack in the query (`pack?name=NAME`), older ones in the path (`packs/NAME`). In a path the words
`archive`, `download`, `files`, `import` and `remote` are never names: a pack that is called so is reached by query.
"""
