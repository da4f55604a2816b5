"""The instance: what it is, how it is, and what frontends and other servers ask of it."""
