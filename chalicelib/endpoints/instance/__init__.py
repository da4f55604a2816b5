"""The instance, for clients, frontends, other servers and passers-by."""
