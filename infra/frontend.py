"""`make frontend STAGE=prod NAME=pleroma-fe ZIP=dist.zip PRIMARY=1`: install a built frontend, and let it answer.

The zip has `index.html` at its top, or in the one folder at its top. `REF` names the version; without it, it is the
beginning of the zip's hash. `PRIMARY=1` lets the version answer browsers, `ADMIN=1` below /pleroma/admin; both are seen
everywhere within a minute, and do without a `ZIP` if the version is there. `REMOVE=1` removes the version, or without
`REF` all of them; with `PRIMARY=1` or `ADMIN=1` our own pages answer again first.

The environment is that of `make admin`: whoever may write the tables and the bucket may do this.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from infra.admin import environment_of


def main() -> None:
    options = _options()
    with environment_of(options.stage):
        from chalicelib.domain.refusals import Refusal
        from chalicelib.settings import settings

        settings.load(os.environ)
        try:
            for told in act(options):
                print(told)
        except Refusal as refusal:
            raise SystemExit(f"Not possible: {refusal.message}") from None


def act(options: argparse.Namespace) -> Iterator[str]:
    """Do what is asked, and tell of each step."""
    from chalicelib.domain.frontends import installing

    name, ref = options.name, options.ref or None
    parts = [part for part, wanted in ((installing.PRIMARY, options.primary), (installing.ADMIN, options.admin))
             if wanted]
    if options.remove:
        for part in parts:
            installing.choose(part, None, None, None)
            yield f"No {part} frontend is chosen now"
        installing.remove(name, ref, None)
        yield f"{name}{f'/{ref}' if ref else ''} is removed"
        return
    if options.zip:
        with Path(options.zip).open("rb") as file:
            ref = installing.install(name, ref, file, None)
        yield f"{name}/{ref} is installed"
    for part in parts:
        installing.choose(part, name, ref, None)
        yield f"{name}{f'/{ref}' if ref else ''} is the {part} frontend now; within a minute everywhere"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.frontend", description="Install a built frontend.")
    parser.add_argument("--stage", default="local")
    parser.add_argument("--name", required=True)
    parser.add_argument("--ref", default="", help="the version; without it the beginning of the zip's hash")
    parser.add_argument("--zip", default="", help="the built frontend")
    parser.add_argument("--primary", action="store_true", help="let it answer browsers")
    parser.add_argument("--admin", action="store_true", help="let it answer below /pleroma/admin")
    parser.add_argument("--remove", action="store_true")
    options = parser.parse_args()
    if not (options.zip or options.primary or options.admin or options.remove):
        parser.error("say what to do: ZIP=, PRIMARY=1, ADMIN=1 or REMOVE=1")
    return options


if __name__ == "__main__":
    main()
