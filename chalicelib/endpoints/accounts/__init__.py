"""Accounts: making one, and looking at it."""
