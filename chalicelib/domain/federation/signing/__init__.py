"""What signatures of requests consist of: both notations, their parts, and the keys that are taken."""
