"""Search: how statuses, accounts and hashtags are found by words."""
