"""Federation: what this server says to others, and what it takes from them. The words are ActivityPub's."""
