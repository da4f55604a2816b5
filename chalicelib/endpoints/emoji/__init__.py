"""Custom emoji: the lists, and packs in the two generations of paths.

Newer clients name a pack in the query, `pack?name=NAME`, older ones in the path, `packs/NAME`. The words that stand
where a name could (`archive`, `download`, `files`, `import`, `remote`) win: packs called so are reached by query.
"""
