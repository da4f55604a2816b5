"""Frontends: which are installed, which one answers browsers, and what is configured for each."""
