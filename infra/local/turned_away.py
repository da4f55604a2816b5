"""Connections for which there is no room: told so at once, and closed once the client has had time to read it."""

import contextlib
import queue
import socket
import threading
import time

HEARS_WITHIN = 1.0


class TurnedAway:
    """Closes connections in one thread, however many there are.

    Closing a connection while the client still sends would reset it, and a reset can overtake the reply. So what comes
    is read and thrown away for a moment.
    """

    def __init__(self) -> None:
        self._leaving: queue.SimpleQueue[tuple[socket.socket, float] | None] = queue.SimpleQueue()

    def start(self) -> None:
        threading.Thread(target=self._close_each, name="turned away", daemon=True).start()

    def stop(self) -> None:
        self._leaving.put(None)

    def add(self, sock: socket.socket) -> None:
        """Take a connection that has got its reply."""
        self._leaving.put((sock, time.monotonic() + HEARS_WITHIN))

    def _close_each(self) -> None:
        while (next_one := self._leaving.get()) is not None:
            sock, until = next_one
            with sock, contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
                while (left := until - time.monotonic()) > 0:
                    sock.settimeout(left)
                    if not sock.recv(65536):
                        break
