"""The counters of the whole instance."""
