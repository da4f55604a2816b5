"""Uploads and pictures."""
