"""Apps, codes, tokens, sessions and second factors."""
