"""What other servers ask for: accounts, statuses, activities and collections, as ActivityPub."""
