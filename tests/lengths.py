"""How long tests of random operations are."""

import os

STEPS = int(os.environ.get("KENOMA_TEST_STEPS", "150"))
"""Between two commits 150 are enough; a thousand find rarer faults."""
