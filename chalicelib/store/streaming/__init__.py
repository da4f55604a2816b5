"""Streaming: the sockets that are open, and the gateway that holds them."""
