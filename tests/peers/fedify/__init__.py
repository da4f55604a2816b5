"""Fedify as a peer: a server whose ActivityPub, signatures and JSON-LD others have written.

`server.cjs` is the server, `process.py` installs and starts it. Its packages are pinned with their hashes in
`package-lock.json`, and Node in requirements-dev.txt.
"""
