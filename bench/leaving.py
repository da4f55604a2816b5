"""`make bench-leaving`: those who leave. An account of 2,000 followers moves, one that 2,000 servers know is deleted,
and a host is rejected and purged.

    python -m bench.leaving             2,000 followers, 2,000 inboxes, 2,000 statuses
    python -m bench.leaving --quick     a tenth of that
    python -m bench.leaving --units     units as AWS counts them, not as DynamoDB Local does, which takes more time

The queues are drained by one thread. A run fails unless each follower follows the new account and not the old one, each
inbox heard once that the account is gone, nothing of a rejected host was done, and nothing of a purged one is left.
Each row has what one follower, inbox, request or status took: CPU of the server, with the stand-in for the queues;
calls and units at DynamoDB.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import report
from .client import Unexpected
from .federating import HEAD, PEOPLE, UNLIMITED, incoming, row
from .measuring import Server, folder_in_memory
from .peer import Sink, Strangers, sink

MANY = 2_000
AT_ONCE = {"KENOMA_DELETION_PAUSE": "0"}


def main() -> None:
    options = _options()
    many = MANY // (10 if options.quick else 1)
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder, sink() as far:
        server = Server(Path(folder), given=UNLIMITED | AT_ONCE)
        try:
            server.wait()
            if options.units:
                server.ask("count_as_aws")
            rows = list(_rows(server, far, many))
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()
    print("\n".join(report.lines(HEAD, rows)))


def _rows(server: Server, far: Sink, many: int) -> Iterator[list[str]]:
    strangers = Strangers(far.base, PEOPLE)
    here = _ask(server, "meet", documents=strangers.documents())
    _ask(server, "gather", count=many)
    _ask(server, "move")
    yield row("a follower who moves", _drained(server), many)
    _demand(_ask(server, "moved"), {"old": 0, "new": many})
    uris = _ask(server, "statuses", count=many)
    _ask(server, "reach", inboxes=far.inboxes(many))
    far.taken.clear()
    _ask(server, "delete")
    yield row("a deleted account, for each status and inbox", _drained(server), many)
    _demand(_ask(server, "deleted"), {"gone": 1, "left": 0})
    _demand(sum(1 for inbox in far.inboxes(many) if far.taken.get(inbox) == 1), many)
    yield from _unwanted(server, strangers, here["host"], uris[0], many)


def _unwanted(server: Server, strangers: Strangers, host: str, uri: str, many: int) -> Iterator[list[str]]:
    theirs = urlsplit(strangers.base).netloc
    creates = (strangers.delivery(strangers.status(by), host) for by in itertools.cycle(strangers.ids))
    for _ in incoming(server, "", creates, many):
        pass
    before = _ask(server, "outcome")
    _ask(server, "reject", host=theirs)
    likes = (strangers.delivery(strangers.activity("Like", by, uri), host) for by in itertools.cycle(strangers.ids))
    yield from incoming(server, "Like of a rejected host", likes, many)
    _demand(_ask(server, "outcome"), before)
    _ask(server, "purge", host=theirs)
    yield row("a purged host, for each status", _drained(server), many)
    _demand(_ask(server, "purged"), 0)


def _ask(server: Server, what: str, **about: Any) -> Any:
    return server.ask("leaving", what=what, **about)


def _drained(server: Server) -> dict[str, Any]:
    done: dict[str, Any] = server.ask("drain")
    _demand(done["failed"], 0)
    return done


def _demand(found: Any, expected: Any) -> None:
    if found != expected:
        raise Unexpected(f"{found} instead of {expected}")


def _options() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.leaving", description=about)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--units", action="store_true", help="count units as AWS does, which takes more time")
    return parser.parse_args()


if __name__ == "__main__":
    main()
