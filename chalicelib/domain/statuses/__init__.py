"""Statuses: posting and reading them, and all that one does with one."""
