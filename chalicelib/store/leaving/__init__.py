"""What goes, and in which order, when an account or a status goes."""
