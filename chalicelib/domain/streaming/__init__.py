"""Streaming: who listens to what, and who gets what happens.

A *stream* is what a client names (`user`, `list` 12). A *connection* is an open socket with the streams it listens to.
"""
