"""Administration: everything below /api/pleroma/admin."""
