"""Edits of statuses: `writing` them, and the `versions` that they leave behind."""
