"""Quotes: what a status knows of the one that it quotes."""
