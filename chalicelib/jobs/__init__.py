"""What the queues run. A job looks at the present state and only makes up the difference: running it twice is harmless.

`queues/messages.py` says what may be asked, `queues/queue.py` sends and runs it. Every module here holds jobs, except
`sweep`. Work that must not be lost also has a row in the jobs table, which the causing transaction writes. `sweep`
sends again what is left there.
"""

import importlib
import pkgutil

from .. import contents
from ..queues import queue


def load() -> None:
    """Let each message find its job: import every module here, or in a package each with the first of its messages."""
    packed = contents.packed()
    if packed is not None:
        queue.find_jobs_by(lambda kind: _import(packed.jobs[kind]) if kind in packed.jobs else None)
        return
    for module in pkgutil.iter_modules(__path__):
        _import(module.name)


def modules() -> dict[str, str]:
    """For each kind of message the module of its job."""
    load()
    return {kind: module.removeprefix(f"{__name__}.") for kind, module in queue.modules_of_jobs().items()}


def _import(module: str) -> None:
    importlib.import_module(f"{__name__}.{module}")
