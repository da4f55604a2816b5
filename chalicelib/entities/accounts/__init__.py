"""Accounts as clients see them, with pictures, mascots and captchas."""
