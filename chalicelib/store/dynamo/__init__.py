"""What all tables share: connection, keys, conditions, transactions, counts."""
