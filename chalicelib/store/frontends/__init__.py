"""Frontends: which are installed, and their files in the bucket."""
