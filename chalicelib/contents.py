"""What a package has where: the module of each route, and of each kind of job.

The build writes `contents.json` (`infra/deploy/artifact.py`), so that a cold start imports what its first request
needs, however many endpoints there are. A checkout has no such file: there, everything is imported at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("contents.json")


class PackageContents(NamedTuple):
    """`routes`: for each path and method the name of its module. `jobs`: the same for each kind of message."""

    routes: Mapping[str, Mapping[str, str]]
    jobs: Mapping[str, str]


@lru_cache(maxsize=1)
def packed() -> PackageContents | None:
    """The contents of this package. None: this is a checkout."""
    return PackageContents(**json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else None


def text_of(contents: PackageContents) -> str:
    """What `packed` reads."""
    return json.dumps(contents._asdict(), sort_keys=True, separators=(",", ":"))
