"""Letters: what they say, and sending them."""
