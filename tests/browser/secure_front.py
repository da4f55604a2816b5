"""HTTPS before a local stage, since most web clients speak with no server without it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.other_server import certificate

HERE = "127.0.0.1"
ENOUGH = 65_536


@contextmanager
def secure_front(folder: Path, outside: int, inside: int) -> Iterator[None]:
    """Pass on what comes by TLS at the port `outside` to the port `inside`, sockets that stay open too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(HERE, folder))
    is_open, end = threading.Event(), threading.Event()

    async def serve() -> None:
        await asyncio.start_server(_serve_one(inside), HERE, outside, ssl=context)
        is_open.set()
        await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert is_open.wait(20)
    try:
        yield
    finally:
        end.set()
        thread.join(20)


def _serve_one(port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(HERE, port)
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    return serve


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Bring everything from one to the other, until one of both ends."""
    with suppress(OSError, asyncio.CancelledError):
        while data := await source.read(ENOUGH):
            target.write(data)
            await target.drain()
    with suppress(OSError):
        target.close()
