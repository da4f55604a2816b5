"""Signing in: apps, OAuth, passwords, the second factor."""
