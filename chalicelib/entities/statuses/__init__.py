"""Statuses and what belongs to them, as clients see them."""
