"""How a process of the local stage ends: it says why, and it ends in time.

The first reason counts. One line on standard error says it at once, so that it is there even if the rest hangs.
"""

import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

ENDS_WITHIN = 4.5
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
NAMES = {signal.SIGINT: "SIGINT (Ctrl-C)", signal.SIGHUP: "SIGHUP (the terminal is gone)"}


class CannotStart(Exception):
    """It cannot start. The text tells the developer what to do."""


class Essential(threading.Thread):
    """A thread that the stage cannot do without: when it dies, the process ends and says so."""


class Ending:
    """When this process has to end, and with which status."""

    def __init__(self) -> None:
        self.is_asked = False
        self.status = 0
        self._first = threading.Lock()
        self._heard, self._bell = os.pipe()
        os.set_blocking(self._bell, False)

    def listen(self) -> "Ending":
        """From now on signals and dying threads are reasons.

        SIGUSR1 shows what every thread does, and changes nothing. A crash below Python shows that too.
        """
        faulthandler.enable()
        faulthandler.register(signal.SIGUSR1)
        signal.set_wakeup_fd(self._bell)
        for number in STOPPING:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup has its way
                signal.signal(number, self._on_signal)
        threading.excepthook = self._on_dying_thread
        return self

    def ask(self, reason: str, status: int = 0) -> None:
        """End for this reason. A second one changes nothing, since `make` passes on what its group already got.

        If something hangs, the process ends by force after `ENDS_WITHIN`, and shows where every thread was.
        """
        if not self._first.acquire(blocking=False):
            return
        self.status = status
        faulthandler.dump_traceback_later(ENDS_WITHIN, exit=True)
        say(f"Kenoma ends: {reason}")
        self.is_asked = True
        os.write(self._bell, b".")

    def fail(self, reason: str) -> None:
        self.ask(reason, status=1)

    def wait(self) -> None:
        """Return when there is a reason to end.

        It waits at a pipe, since a signal may come when the thread is about to sleep. An event would not wake it then.
        """
        while not self.is_asked:
            os.read(self._heard, 1)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.ask(NAMES.get(signal.Signals(number)) or signal.Signals(number).name)

    def _on_dying_thread(self, died: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(died)
        if isinstance(died.thread, Essential):
            self.fail(f"the thread {died.thread.name} died of {died.exc_type.__name__}: {died.exc_value}")


def run_to_the_end(serve: Callable[[Ending], None]) -> NoReturn:
    """Call it, say why the process ends, and leave without waiting for threads that may hang in a call."""
    ending = Ending().listen()
    try:
        serve(ending)
        status = ending.status
    except CannotStart as reason:
        say(str(reason))
        status = 1
    except BaseException as error:  # noqa: BLE001  (whatever it is, the process ends because of it)
        traceback.print_exc()
        ending.fail(f"{type(error).__name__}: {error}")
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def say(line: str) -> None:
    """One line on standard error, past its buffer: that may be in use when a signal comes."""
    os.write(2, f"{line}\n".encode())
