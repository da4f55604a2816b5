"""Scripts that call every method of a client library."""
