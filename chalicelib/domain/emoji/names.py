"""What packs of emoji, their files and their shortcodes may be called.

A name has to fit into a public address and into the name of a file in the bucket.
"""

from __future__ import annotations

import re

from ...store.emoji.bucket import MANIFEST, place
from ..refusals import BadRequest, NotFound, Unacceptable

LONGEST_SEGMENT, LONGEST_PATH, LONGEST_KEY = 255, 900, 1024
MOST_FOLDERS = 3
# Control characters, and characters that XML cannot hold: S3 answers in XML.
_BREAKS_SHORTCODE = re.compile(r"[\s:/]")
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def pack_name(name: str) -> str:
    """The name of a pack that may exist, without blanks around it.

    Raises BadRequest for an empty name, NotFound for a name that no pack can have.
    """
    name = _trimmed(name)
    if not is_pack_name(name):
        raise NotFound(f"Pack {name} does not exist")
    return name


def new_pack_name(name: str) -> str:
    """The name of a pack that is to be made, without blanks around it. Raises BadRequest for a name it cannot have."""
    name = _trimmed(name)
    if not is_pack_name(name):
        raise BadRequest("invalid pack name")
    return name


def _trimmed(name: str) -> str:
    name = name.strip()
    if not name:
        raise BadRequest("pack name cannot be empty")
    return name


def is_pack_name(name: str) -> bool:
    return _is_segment(name) and name == name.strip()


def is_path(pack: str, path: str) -> bool:
    """Whether a file of the pack may lie at this path."""
    segments = path.split("/")
    return (len(segments) <= MOST_FOLDERS + 1 and all(map(_is_segment, segments)) and path != MANIFEST
            and len(path.encode()) <= LONGEST_PATH and len(place(pack, path).encode()) <= LONGEST_KEY)


def is_shortcode(shortcode: str) -> bool:
    """Whether a text can stand between two colons. One with blanks, colons or strokes never would be found there."""
    return (bool(shortcode) and not _UNSPEAKABLE.search(shortcode) and not _BREAKS_SHORTCODE.search(shortcode)
            and len(shortcode.encode()) <= LONGEST_SEGMENT)


def check_emoji(pack: str, shortcode: str, path: str) -> None:
    """Raises Unacceptable if no emoji may have this shortcode, or no file may lie at this path."""
    if not is_path(pack, path):
        raise Unacceptable("invalid filename")
    if not is_shortcode(shortcode):
        raise Unacceptable("invalid shortcode")


def shortcode_of(path: str) -> str:
    """The shortcode of a file for which nobody chose one: the file's name without its extension."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _is_segment(segment: str) -> bool:
    return (segment not in ("", ".", "..") and not _UNSPEAKABLE.search(segment) and not set(segment) & set("/\\")
            and len(segment.encode("utf-8", "surrogatepass")) <= LONGEST_SEGMENT)
