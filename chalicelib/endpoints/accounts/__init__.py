"""Accounts: signing up, looking at them, changing and leaving one's own."""
