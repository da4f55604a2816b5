"""AWS itself: clients, signatures, mail, secrets, and calls at the same time."""
