"""What somebody reads who is signed in, as pages."""
