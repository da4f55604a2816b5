"""Accounts: signing up, looking at accounts, changing and leaving one's own."""
