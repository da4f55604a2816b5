"""Writing in a browser: what a form has in it at first, and what becomes of what was typed."""
