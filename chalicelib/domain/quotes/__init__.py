"""Quotes: statuses that show another one, who may do that, and what becomes of it."""
