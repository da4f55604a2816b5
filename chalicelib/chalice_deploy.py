"""`chalice deploy` is refused: the stack is made by `make deploy`.

Chalice's own way would take no notice of the template: functions without settings, with an empty policy, without the
queues' partial failures. It has no place to say so, but it loads the application first.
"""

from __future__ import annotations

import os

REFUSED = "Kenoma is not deployed by `chalice deploy`, which knows neither tables nor settings: use `make deploy`."


def refuse() -> None:
    """End the process if it is a `chalice deploy`. Chalice tells its commands apart by click, as we do here."""
    if os.environ.get("AWS_CHALICE_CLI_MODE") != "true":  # what each of its commands sets, and Lambda does not
        return
    import click

    context = click.get_current_context(silent=True)
    if context is not None and context.command_path.split()[1:] == ["deploy"]:
        raise SystemExit(REFUSED)
