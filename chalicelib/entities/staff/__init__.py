"""Reports, as the reporter and as the staff see them."""
