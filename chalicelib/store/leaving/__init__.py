"""What is deleted, and in which order, when an account or a status is deleted."""
