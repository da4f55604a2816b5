"""Signing in: apps, OAuth, tokens, the second factor, new passwords."""
