"""What the queues run. A job reads the present state and converges to it, so that running it twice is harmless.

`messages` says what may be asked, `queue` sends and runs it; every other module holds jobs. Work that must not be
lost has a row in the jobs table too, written in the transaction that causes it: `sweep` sends again what is left.
"""

import importlib
import pkgutil


def load() -> None:
    """Import every module here, so that each message finds its job."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
