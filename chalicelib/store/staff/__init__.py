"""Who is staff, and reports."""
