"""Requests by chance: every operation of the OpenAPI document, with good, missing, wrong and extreme values.

No reply may be a failure of ours (5xx) or another than the document lists. `make fuzz` runs it at length. A small slice
of it belongs to the suite.
"""
