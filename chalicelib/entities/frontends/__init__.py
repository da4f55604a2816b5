"""Frontends, as administrators and browsers see them."""
