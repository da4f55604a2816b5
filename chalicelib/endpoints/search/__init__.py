"""Search for accounts, statuses and hashtags."""
