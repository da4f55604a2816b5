"""Custom emoji: packs, files, and the changes that are under way."""
