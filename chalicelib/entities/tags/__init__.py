"""Hashtags: those that people follow, and how often they are used."""
