"""Statuses: posting and reading them, and what accounts do with them."""
