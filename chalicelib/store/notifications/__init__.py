"""Notifications, push subscriptions and markers."""
