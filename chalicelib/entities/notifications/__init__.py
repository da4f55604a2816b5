"""Notifications, push subscriptions and markers as clients see them."""
