"""The instance as clients and other servers see it."""
