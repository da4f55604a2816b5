"""Custom emoji: packs, their files, and how packs come and go as zips."""
