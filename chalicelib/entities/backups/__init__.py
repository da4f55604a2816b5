"""Backups as clients see them."""
