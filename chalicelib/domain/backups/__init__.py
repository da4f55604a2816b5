"""Backups: asking for one, and building its archive."""
