"""The journal of moto's tables: each change since the last snapshot, in a file before it is made.

What the operating system has got outlives a kill. The start makes the changes again, in their order. They come out as
they did the first time, since neither chance nor time has a part in them. Those that were refused are refused again.
"""

import contextlib
import io
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WRITES = ("put_item", "update_item", "delete_item", "transact_write_items",
          "create_table", "delete_table", "update_table", "update_time_to_live")  # fmt: skip


class Journal:
    """Files with rising numbers. A snapshot says which number is the first that it does not have."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.number = 0
        self._file: io.FileIO | None = None

    def replay(self, backend: Any, first: int) -> None:
        """Make all changes again from this number on, and write to a new file from now on."""
        numbers = [number for number in self._numbers() if number >= first]
        for number in numbers:
            for name, args, kwargs in _entries(self._path(number).read_bytes()):
                with contextlib.suppress(Exception):  # it was refused the first time too
                    getattr(backend, name)(*args, **kwargs)
        self.number = max(numbers, default=first - 1) + 1

    def add(self, name: str, args: Any, kwargs: Any) -> None:
        """Write down a call of moto's backend. Either all of it is in the file then, or this raises."""
        if self._file is None:
            self._file = io.FileIO(self._path(self.number), "a")
        entry, end = pickle.dumps((name, args, kwargs), pickle.HIGHEST_PROTOCOL), os.fstat(self._file.fileno()).st_size
        if self._file.write(entry) < len(entry):
            self._file.truncate(end)
            raise OSError(f"{self._file.name} does not take any more")

    def turn_over(self) -> int:
        """Go on in a new file; its number."""
        self.close()
        self.number += 1
        return self.number

    def forget_until(self, number: int) -> None:
        """Delete what a snapshot has by now."""
        for old in self._numbers():
            if old < number:
                self._path(old).unlink()

    def set_aside(self) -> None:
        for number in self._numbers():
            self._path(number).replace(self.snapshot.with_suffix(f".unreadable-{number}"))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _path(self, number: int) -> Path:
        return self.snapshot.with_suffix(f".journal-{number}")

    def _numbers(self) -> list[int]:
        found = self.snapshot.parent.glob(f"{self.snapshot.stem}.journal-*")
        return sorted(int(file.name.rpartition("-")[2]) for file in found)


def _entries(content: bytes) -> Iterator[tuple[str, Any, Any]]:
    """The entries that are complete. A kill may have cut off the last one."""
    stream = io.BytesIO(content)
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(stream)
