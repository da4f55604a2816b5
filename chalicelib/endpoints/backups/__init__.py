"""Backups of one's own account."""
