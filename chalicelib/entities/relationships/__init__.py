"""Relationships and lists as clients see them."""
