"""What somebody does who is signed in, by forms."""
