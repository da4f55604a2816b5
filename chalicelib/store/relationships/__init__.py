"""The rows of pairs of accounts, of lists and of blocked domains."""
