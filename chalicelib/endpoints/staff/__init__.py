"""What users ask of administrators and moderators."""
