"""Kenoma: the Pleroma API as a serverless server."""
