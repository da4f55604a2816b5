"""Peers: other servers, as this server meets them."""
