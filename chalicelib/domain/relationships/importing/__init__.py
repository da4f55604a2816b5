"""Imports: what people bring from elsewhere, from reading the file to asking another server for its last name."""
