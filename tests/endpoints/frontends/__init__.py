"""What browsers get: installed frontends, and files at the root."""
