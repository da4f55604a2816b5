"""Conversations and filters as clients see them."""
