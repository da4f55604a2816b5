"""Feeds, conversations and filters."""
