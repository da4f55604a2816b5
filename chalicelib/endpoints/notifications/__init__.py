"""Notifications, their settings, push subscriptions and markers."""
