"""Clients of streams from npm, each in a process of its own that tells what it hears."""
