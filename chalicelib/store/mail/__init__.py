"""Letters that are to be sent."""
