"""Changes of emoji packs: one at a time on the whole server, and none of them left half done.

Rows and files cannot change together. So a change takes these steps:

1. It writes the row of a job, then the row `work`: which pack, what is done to it, which files it may touch.
2. Rows that are to appear together are written under a new generation (`rows.py`).
3. Files are stored.
4. The *commit*: one transaction makes everything visible.
5. It tidies up: files and rows that the pack does not need any more go, `pack.json` is written.
6. The row `work` goes, then the job.

A process that dies on the way leaves `work` and the job. `work` lapses after a while. The next change, of whatever
pack, first takes step 5 for it. If there is no next change, the job does.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ...ids import new_flake
from .. import files, jobs
from ..dynamo.attributes import Document, MomentAttribute, UnicodeAttribute
from ..dynamo.failures import ConditionFailed
from ..dynamo.keys import key
from ..dynamo.table import Record, Table, Writes, create, fetch, named, remove, transaction, update, write_batch
from ..instance.counters import UNREACHABLE
from ..jobs import Job
from . import bucket
from .bucket import type_of
from .rows import (
    PACKS,
    Contents,
    EmojiPack,
    EmojiRow,
    file_row,
    forget,
    list_packs_with,
    load_pack,
    move_version,
    shortcode_row,
)

CHANGE, REPLACE, IMPORT, DELETE = "change", "replace", "import", "delete"
"""What is done to a pack. It decides which files go when it is tidied up."""
LEASE = 15.0
"""Seconds without a sign of life after which a process is taken for dead. Longer than any single step takes."""
PATIENCE = 20.0
"""Seconds that a change waits for its turn."""
MOST_OF_ONE_FILE = 80
"""Emoji that share one file and are told its new size. A transaction has room for no more."""
_ROWS_AT_ONCE, _FILES_AT_ONCE = 500, 64
_now = time.time


class EmojiWork(Record):
    """`work`/`w`: the change that is under way, or that was left half done. Asked: is there one (get)."""

    class Meta(Table):
        table_name = named("emoji")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    token = UnicodeAttribute()
    until = MomentAttribute()
    pack = UnicodeAttribute()
    task = UnicodeAttribute()
    paths = Document()


class EmojiBusy(Exception):
    """The changes of others did not end within our patience."""


class Lapsed(Exception):
    """We took so long that somebody else took us for dead and finished our work."""


FAULTS: tuple[type[Exception], ...] = (EmojiBusy, Lapsed, files.NotRemoved, ConditionFailed, *UNREACHABLE)
"""What a change may raise although nothing is wrong with what was asked for."""


@contextmanager
def changing(name: str, task: str = CHANGE, paths: Iterable[str] = (), job: Job | None = None) -> Iterator[PackChange]:
    """Change a pack while nobody else changes any. Raises EmojiBusy if others take too long.

    `paths`: files that may be written. `job`: the row of a job that calls `finish_left`.
    """
    change = PackChange(name, task, paths, job)
    try:
        change.load()
        yield change
    except Exception:
        change.give_up()
        raise
    change.finish()


def finish_left() -> bool:
    """Tidy up after a process that died, if one did. False: a change is under way."""
    left = _left()
    if left is None:
        return True
    if left.until >= _now():
        return False
    with changing(left.pack):
        return True


class PackChange:
    """A change that is under way. `contents` is the pack as it stands; None: there is no such pack.

    The caller does one thing to the pack, which ends with the commit.
    """

    def __init__(self, name: str, task: str, paths: Iterable[str], job: Job | None) -> None:
        self.name, self.task = name, task
        self.contents: Contents | None = None
        self._may_touch = list(paths)
        self._touched = False
        self._job = job
        self._token = new_flake()
        self._heard = _now()
        self._begin()

    def load(self) -> None:
        self.contents, _ = load_pack(self.name)

    @property
    def files(self) -> Mapping[str, EmojiRow]:
        """The emoji of the pack by shortcode."""
        return self.contents.files if self.contents is not None else {}

    @property
    def paths(self) -> Mapping[str, str]:
        """Shortcode to path."""
        return self.contents.paths if self.contents is not None else {}

    @property
    def generation(self) -> str:
        return str(self.contents.pack.generation) if self.contents is not None else ""

    def is_taken(self, shortcode: str) -> bool:
        """Whether any pack has an emoji of this shortcode."""
        return bool(list_packs_with(shortcode))

    # What can be done to a pack.

    def create_pack(self) -> None:
        with self.commit() as write:
            write.put(EmojiPack(PACKS, self.name, metadata={}, revision=1))

    def describe_pack(self, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata."""
        with self.commit() as write:
            write.update(EmojiPack.stub(PACKS, self.name),
                         [EmojiPack.metadata.set(dict(metadata)), EmojiPack.revision.add(1)])

    def delete_pack(self) -> None:
        with self.commit(task=DELETE) as write:
            write.delete(EmojiPack.stub(PACKS, self.name))

    def add_file(self, shortcode: str, path: str, data: bytes) -> None:
        """Store a file, and add the emoji that uses it."""
        self.put({path: data})
        with self.commit() as write:
            self._put_emoji(write, shortcode, path, len(data))
            self._count(write, 1)
            self._tell_size(write, path, len(data), but={shortcode})

    def add_files(self, paths: Mapping[str, str], found: Mapping[str, bytes]) -> None:
        """Add many emoji at once, given shortcode to path, and path to what the file holds."""
        kept = {shortcode: (str(row.path), row.size) for shortcode, row in self.files.items()}
        added = {shortcode: (path, len(found[path])) for shortcode, path in paths.items()}
        metadata = self.contents.pack.metadata if self.contents is not None else {}
        self.exchange(metadata, {**kept, **added}, {path: found[path] for path in paths.values()})

    def rename_file(self, shortcode: str, new_shortcode: str, new_path: str) -> bool:
        """Give an emoji another shortcode and path. An emoji of the pack that has this shortcode is replaced.

        False: its file is missing, nothing was changed.
        """
        row, replaced = self.files[shortcode], self.files.get(new_shortcode)
        path = str(row.path)
        data = bucket.get_files(self.name, [path]).get(path)
        if data is None:
            return False
        if new_path != path:
            self.put({new_path: data})
        with self.commit(leaving=[path, *([str(replaced.path)] if replaced is not None else [])]) as write:
            self._put_emoji(write, new_shortcode, new_path, len(data))
            if new_shortcode != shortcode:
                self._delete_emoji(write, row)
            self._count(write, -1 if replaced is not None and new_shortcode != shortcode else 0)
            self._tell_size(write, new_path, len(data), but={shortcode, new_shortcode})
        return True

    def remove_file(self, shortcode: str) -> None:
        """Take an emoji out of the pack. Tidying up deletes its file if no other emoji uses it."""
        row = self.files[shortcode]
        with self.commit(leaving=[str(row.path)]) as write:
            self._delete_emoji(write, row)
            self._count(write, -1)

    def exchange(self, metadata: Mapping[str, Any], placed: Mapping[str, tuple[str, int | None]],
                 found: Mapping[str, bytes], task: str | None = None) -> None:
        """Make the pack hold these emoji and no others. A new generation shows all of them at once, even thousands.

        `placed`: shortcode to path and size. `found`: path to bytes, of the files that have to be stored.
        """
        self._touched = True
        generation = new_flake()
        rows = [file_row(self.name, generation, shortcode, path=path, type=type_of(path), size=size)
                for shortcode, (path, size) in placed.items()]
        rows += [shortcode_row(shortcode, self.name) for shortcode in placed]
        for start in range(0, len(rows), _ROWS_AT_ONCE):  # before the files, so that a row names each of them
            self._stay()
            write_batch(puts=rows[start:start + _ROWS_AT_ONCE])
        self.put(found)
        with self.commit(task=task) as write:
            write.update(EmojiPack.stub(PACKS, self.name), [
                EmojiPack.generation.set(generation), EmojiPack.metadata.set(dict(metadata)),
                EmojiPack.files_count.set(len(placed)), EmojiPack.revision.add(1),
            ])

    # Parts of these.

    def put(self, found: Mapping[str, bytes]) -> None:
        """Store files by their paths."""
        self._touched = True
        every = list(found.items())
        for start in range(0, len(every), _FILES_AT_ONCE):
            self._stay()
            bucket.put_files(self.name, dict(every[start:start + _FILES_AT_ONCE]))

    @contextmanager
    def commit(self, leaving: Iterable[str] = (), task: str | None = None) -> Iterator[Writes]:
        """The one transaction of the change. `leaving`: paths that the pack may not need any more after it."""
        self._touched = True
        self._stay()
        paths, task = [*self._may_touch, *leaving], task or self.task
        with transaction() as write:
            yield write
            move_version(write)
            write.update(EmojiWork.stub("work", "w"), [EmojiWork.paths.set(paths), EmojiWork.task.set(task)],
                         EmojiWork.token == self._token)
        self._may_touch, self.task = paths, task
        forget()

    def _put_emoji(self, write: Writes, shortcode: str, path: str, size: int) -> None:
        write.put(file_row(self.name, self.generation, shortcode, path=path, type=type_of(path), size=size))
        write.put(shortcode_row(shortcode, self.name))

    def _delete_emoji(self, write: Writes, row: EmojiRow) -> None:
        write.delete(row)
        write.delete(shortcode_row(row.shortcode, self.name))

    def _count(self, write: Writes, more: int) -> None:
        write.update(EmojiPack.stub(PACKS, self.name), [EmojiPack.files_count.add(more), EmojiPack.revision.add(1)])

    def _tell_size(self, write: Writes, path: str, size: int, but: set[str]) -> None:
        """Correct the size of the other emoji that use this file: it may hold another picture now."""
        others = [row for shortcode, row in self.files.items()
                  if row.path == path and row.size != size and shortcode not in but]
        for row in others[:MOST_OF_ONE_FILE]:
            write.update(row, [EmojiRow.size.set(size)])

    # Beginning and end.

    def _begin(self) -> None:
        """Write the job, then the row `work` as soon as nobody else has it.

        A job that finds nothing to finish harms nobody, so it comes first.
        """
        if self._job is not None:
            jobs.add([self._job])
        waiting_until = time.monotonic() + PATIENCE
        pause = 0.01
        while True:
            self._heard = _now()
            if create(self._row(), EmojiWork.kind.does_not_exist()):
                return
            left = _left()
            if left is not None and left.until < self._heard and self._take_over(left):
                return
            if time.monotonic() > waiting_until:
                self._end_job()
                raise EmojiBusy
            time.sleep(random.uniform(pause / 2, pause))
            pause = min(pause * 1.5, 0.25)

    def _row(self) -> EmojiWork:
        return EmojiWork("work", "w", token=self._token, until=self._heard + LEASE, pack=self.name, task=self.task,
                         paths=self._may_touch)

    def _take_over(self, left: EmojiWork) -> bool:
        """Finish a change that was left half done, then begin ours. False when others were faster."""
        ours = [EmojiWork.token.set(self._token), EmojiWork.until.set(self._heard + LEASE)]
        if not update(EmojiWork.stub("work", "w"), ours, EmojiWork.token == left.token):
            return False
        self._tidy(left)
        self._heard = _now()
        if not create(self._row(), EmojiWork.token == self._token):
            raise Lapsed
        return True

    def _stay(self) -> None:
        """Give a sign of life if the last one is old. Raises Lapsed if others have taken us for dead."""
        if _now() - self._heard > LEASE / 3 and not self._renew():
            raise Lapsed

    def _renew(self) -> bool:
        self._heard = _now()
        return update(EmojiWork.stub("work", "w"), [EmojiWork.until.set(self._heard + LEASE)],
                      EmojiWork.token == self._token)

    def finish(self) -> None:
        if self._touched:
            self._stay()
            self.contents = self._tidy(self._row())
        self._release()

    def give_up(self) -> None:
        """After a failure: tidy up by what the rows say. They may know of a commit that only seemed to fail."""
        left = _left() if self._touched and self._renew() else None
        if left is not None and left.token == self._token:
            self._tidy(left)
        self._release()

    def _release(self) -> None:
        remove(EmojiWork.stub("work", "w"), EmojiWork.token == self._token)
        self._end_job()

    def _end_job(self) -> None:
        if self._job is not None:
            jobs.cancel([self._job.id])

    def _tidy(self, left: EmojiWork) -> Contents | None:
        """Delete what a pack does not need: files that none of its emoji uses, rows that do not count.

        Answers the pack as it is then.
        """
        name = str(left.pack)
        contents, unseen = load_pack(name)
        self._tidy_files(left, contents, unseen)
        self._stay()
        known = contents.files if contents is not None else {}
        shortcodes = {row.shortcode for row in unseen} - known.keys()
        gone = [*unseen, *(shortcode_row(shortcode, name) for shortcode in sorted(shortcodes))]
        for start in range(0, len(gone), _ROWS_AT_ONCE):
            write_batch(deletes=gone[start:start + _ROWS_AT_ONCE])
            self._stay()
        if contents is not None:
            bucket.put_manifest(contents)
        return contents

    def _tidy_files(self, left: EmojiWork, contents: Contents | None, unseen: Iterable[EmojiRow]) -> None:
        name, task = str(left.pack), left.task
        kept = {str(row.path) for row in contents.files.values()} if contents is not None else set()
        if task == DELETE and contents is None:
            bucket.remove_folder(name)
            bucket.remove_archives(name)
        elif task == REPLACE and contents is not None:
            bucket.remove_files(name, set(bucket.list_folder(name)) - kept - {bucket.MANIFEST})
        elif task != IMPORT:  # an import leaves the operator's files alone
            bucket.remove_files(name, {*left.paths, *(str(row.path) for row in unseen)} - kept)


def _left() -> EmojiWork | None:
    return fetch(strong=[key(EmojiWork, "work", "w")]).get(EmojiWork, "work", "w")
