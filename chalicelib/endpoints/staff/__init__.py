"""What people ask of administrators and moderators."""
