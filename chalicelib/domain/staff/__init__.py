"""Administrators and moderators: who is one, and what is reported to them."""
