"""Timelines, conversations, and the filters that hide from them."""
