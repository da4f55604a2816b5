"""Federation: the rows that only it needs."""
