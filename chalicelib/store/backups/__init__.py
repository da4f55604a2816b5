"""The rows of backups."""
