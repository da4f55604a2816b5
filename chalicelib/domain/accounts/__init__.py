"""Accounts: signing up, profiles, settings, deactivation, deletion."""
