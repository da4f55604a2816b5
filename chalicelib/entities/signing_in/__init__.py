"""Apps, tokens and the second factor as clients see them."""
