"""What Python's zipfile raises for a broken zip, depending on where it is broken."""

from __future__ import annotations

import struct
import zipfile
import zlib

BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError,
          NotImplementedError, RuntimeError, OverflowError)
"""RuntimeError: a password is needed."""
