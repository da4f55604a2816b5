"""Uploads as clients see them."""
