"""`make fuzz`, or python -m tests.fuzz: requests by chance to every operation.

--seed N, --requests FOR EACH OPERATION, --seconds AT MOST, --only PART OF A NAME, --logs
"""

from __future__ import annotations

import argparse
import logging
import sys
import time

from tests import conftest  # the first, because it sets the environment before anything of ours is loaded
from tests.fuzz.running import run
from tests.fuzz.things import emptied
from tests.simulated_aws import local_aws

assert conftest


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--requests", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--logs", action="store_true")
    asked = parser.parse_args()
    if not asked.logs:
        logging.disable(logging.CRITICAL)
    with local_aws() as aws:
        found = run(lambda: emptied(aws), seed=asked.seed, requests=asked.requests, seconds=asked.seconds,
                    only=asked.only)
    sys.stdout.writelines(f"{line}\n" for line in found.lines())
    sys.exit(not found.is_clean)


if __name__ == "__main__":
    main()
