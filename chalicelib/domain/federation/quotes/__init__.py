"""Quotes between servers: asking whether one may quote, answering, and looking at the answers of others."""
