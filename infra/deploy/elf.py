"""Compiled libraries, as far as a package must know them: for which machine one is, and what of it is never loaded."""

from __future__ import annotations

import struct

MAGIC = b"\x7fELF\x02\x01"
"""64 bits, the low byte first: so are both machines that Lambda has."""
MACHINES = {62: "x86_64", 183: "aarch64"}
_HEADER = struct.Struct("<16xHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")


def machine(content: bytes) -> str | None:
    """None: it is no library, or one of a kind that Lambda does not have."""
    if not content.startswith(MAGIC):
        return None
    return MACHINES.get(_HEADER.unpack_from(content)[1])


def without_symbols(content: bytes) -> bytes:
    """The library up to the end of its last segment. Behind it are names for debuggers, and the table of sections.

    Loading goes by segments. Some wheels come with a quarter of such names.
    """
    if not content.startswith(MAGIC):
        return content
    fields = list(_HEADER.unpack_from(content))
    start, size, count = fields[4], fields[8], fields[9]
    segments = [_SEGMENT.unpack_from(content, start + size * each) for each in range(count)]
    end = max((offset + in_file for _, _, offset, _, _, in_file, _, _ in segments), default=len(content))
    end = max(end, start + size * count)
    fields[5] = fields[11] = fields[12] = 0  # where sections are listed, how many, and which has their names
    head = bytearray(content[:end])
    head[16:_HEADER.size] = _HEADER.pack(*fields)[16:]
    return bytes(head)
