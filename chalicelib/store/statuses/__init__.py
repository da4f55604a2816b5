"""Statuses, marks on them, and what is read around a page of them."""
