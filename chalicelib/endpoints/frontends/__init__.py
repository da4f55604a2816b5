"""What stands in front of this server in a browser: frontends that are installed, and what all of them look for."""
