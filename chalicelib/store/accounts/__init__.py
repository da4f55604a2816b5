"""Accounts: their rows, names, profiles, preferences and invites."""
