"""`make backfill STAGE=prod WHAT=search`: make derived rows again, after a restore or a change of how they are made.

    search   the index of statuses and accounts; rows that would not be made any more are removed
    home     home timelines, lists, and the timelines of direct statuses
    statistics   the number of statuses by visibility, of statuses that are older than these numbers
    standings    the list of accounts that administrators see, and how many accounts are in each state

It writes a job and sends its message; the function `on_timelines` does the work, page by page. Started again while it
is under way, or after it was given up, it goes on where it was. `/api/pleroma/healthcheck` tells how far it is.

There is no request for this: whoever may write the stage's tables and queues may start it.
"""

from __future__ import annotations

import argparse
import os

from infra.admin import environment_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.backfill", description="Make derived rows again.")
    parser.add_argument("what", choices=("search", "home", "statistics", "standings", "filters"))
    parser.add_argument("--stage", default="local")
    options = parser.parse_args()
    with environment_of(options.stage):
        from chalicelib.domain.instance import backfilling
        from chalicelib.settings import settings

        settings.load(os.environ)
        print(told(options.what, backfilling.start(options.what)))


def told(what: str, looked_at: int | None) -> str:
    """What an operator reads. `looked_at`: by one that was there already."""
    if looked_at is None:
        return f"A backfill of {what} begins within two minutes"
    return f"A backfill of {what} is there already; it has looked at {looked_at} items, and goes on"


if __name__ == "__main__":
    main()
