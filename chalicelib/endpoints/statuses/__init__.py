"""Statuses: posting, seeing and deleting them, and all that one does with one."""
