"""`/api/v1/statuses…` and `/api/v1/pleroma/statuses…`, with the lists of what one favourited and bookmarked."""
