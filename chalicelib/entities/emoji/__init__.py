"""Custom emoji and packs as clients see them."""
