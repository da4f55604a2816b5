"""Chats between two accounts."""
