"""Hashtags: who follows them, how often they are used, and what is in fashion."""
