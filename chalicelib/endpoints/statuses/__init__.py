"""Statuses: posting, seeing and deleting them, and what accounts do with them."""
