"""What the queues run. A job looks at the present state and only makes up the difference: running it twice is harmless.

`queues/messages.py` says what may be asked, `queues/queue.py` sends and runs it. Every module here holds jobs, except
`sweep`. Work that must not be lost also has a row in the jobs table, which the causing transaction writes. `sweep`
sends again what is left there.
"""

import importlib
import pkgutil


def load() -> None:
    """Import every module here, so that each message finds a job."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
