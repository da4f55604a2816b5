"""The rows of uploads."""
