"""The queues: what may be asked of them, sending it, and running it."""
