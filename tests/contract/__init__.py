"""What is announced, held against what is served."""
