"""Administration: what only administrators may ask."""
