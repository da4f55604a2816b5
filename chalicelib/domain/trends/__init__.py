"""Trends: which hashtags, links and statuses many have to do with."""
