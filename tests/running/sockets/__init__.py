"""Sockets of a running server: opened by clients as they do it, and what is heard by them."""
