"""Notifications, push messages and markers."""
