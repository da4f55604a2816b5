"""What a search found, as clients see it."""
