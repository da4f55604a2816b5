"""Changes of emoji packs: one at a time on the whole server, and none of them left half done.

Rows and files cannot change together, so whoever changes a pack first writes down, in the one row `work`, which pack
it is, what is done to it and which paths are touched. Then come files; then the *commit*, one transaction that makes
everything visible; then it is tidied up: files and rows that the pack does not need any more go, `pack.json` is
written, and the row `work` goes. Whoever dies on the way leaves that row. It lapses after a while; the next change, of
whatever pack, tidies up first, or else the job does that was written down before.
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
from ..dynamo.keys import key
from ..dynamo.table import Record, Table, Writes, create, fetch, named, remove, transaction, update, write_batch
from ..jobs import Job
from . import packs
from .packs import Contents, place, type_of
from .rows import PACKS, EmojiPack, EmojiRow, code_row, file_row, forget, move_version, packs_with

CHANGE, REPLACE, IMPORT, DELETE = "change", "replace", "import", "delete"
LEASE = 15.0
"""Seconds after which one who has not been heard of is taken for dead. Longer than any single step."""
PATIENCE = 20.0
"""Seconds that one waits for one's turn."""
_ROWS_AT_ONCE, _FILES_AT_ONCE = 500, 64
_now = time.time


class EmojiWork(Record):
    """`work`/`w`: the change that is under way, or was left. Asked: is there one (get)."""

    class Meta(Table):
        table_name = named("emoji")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    token = UnicodeAttribute()
    until = MomentAttribute()
    pack = UnicodeAttribute()
    task = UnicodeAttribute()
    paths = Document()


class Busy(Exception):
    """Others' changes did not end within our patience."""


class Lapsed(Exception):
    """We took so long that somebody else went on with our work."""


@contextmanager
def changing(name: str, task: str = CHANGE, paths: Iterable[str] = (), job: Job | None = None) -> Iterator[Change]:
    """Change a pack, alone. `paths`: files that may be written; `job`: calls `finish_left`. Raises Busy."""
    change = Change(name, task, paths, job)
    try:
        change.read()
        yield change
    except Exception:
        change.give_up()
        raise
    change.finish()


def finish_left() -> bool:
    """Tidy up after somebody who died, if anybody did. False: a change is under way."""
    left = _left()
    if left is None:
        return True
    if left.until >= _now():
        return False
    with changing(left.pack):
        return True


class Change:
    """A change that is under way. `contents` is the pack as it is; None: there is no such pack."""

    def __init__(self, name: str, task: str, paths: Iterable[str], job: Job | None) -> None:
        self.name, self.task, self.paths = name, task, list(paths)
        self.contents: Contents | None = None
        self._touched = False
        self._job = job
        self._token = new_flake()
        self._heard = _now()
        self._begin()

    def read(self) -> None:
        self.contents, _ = packs.read(self.name)

    @property
    def files(self) -> Mapping[str, EmojiRow]:
        """The emoji of the pack by shortcode."""
        return self.contents.files if self.contents is not None else {}

    @property
    def generation(self) -> str:
        return str(self.contents.pack.generation) if self.contents is not None else ""

    def is_taken(self, shortcode: str) -> bool:
        """Whether any pack has an emoji of this name."""
        return bool(packs_with(shortcode))

    # Steps.

    def put(self, found: Mapping[str, bytes]) -> None:
        """Store files by their paths."""
        self._touched = True
        every = list(found.items())
        for start in range(0, len(every), _FILES_AT_ONCE):
            self._stay()
            packs.put_files(self.name, dict(every[start:start + _FILES_AT_ONCE]))

    @contextmanager
    def commit(self, leaving: Iterable[str] = (), task: str | None = None) -> Iterator[Writes]:
        """The one transaction of the change. `leaving`: paths that the pack may not need any more afterwards."""
        self._touched = True
        self._stay()
        paths, task = [*self.paths, *leaving], task or self.task
        with transaction() as write:
            yield write
            move_version(write)
            write.update(EmojiWork.stub("work", "w"), [EmojiWork.paths.set(paths), EmojiWork.task.set(task)],
                         EmojiWork.token == self._token)
        self.paths, self.task = paths, task
        forget()

    def exchange(self, metadata: Mapping[str, Any], placed: Mapping[str, tuple[str, int | None]],
                 found: Mapping[str, bytes], task: str | None = None) -> None:
        """Make the pack hold these emoji and no others: shortcode to path and size, and the files to be stored.

        All appear at once, however many: under a generation of their own.
        """
        self._touched = True
        generation = new_flake()
        rows = [file_row(self.name, generation, shortcode, path=path, type=type_of(path), size=size)
                for shortcode, (path, size) in placed.items()]
        rows += [code_row(shortcode, self.name) for shortcode in placed]
        for start in range(0, len(rows), _ROWS_AT_ONCE):  # before the files: nothing in the bucket is unknown
            self._stay()
            write_batch(puts=rows[start:start + _ROWS_AT_ONCE])
        self.put(found)
        with self.commit(task=task) as write:
            write.update(EmojiPack.stub(PACKS, self.name), [
                EmojiPack.generation.set(generation), EmojiPack.metadata.set(dict(metadata)),
                EmojiPack.files_count.set(len(placed)), EmojiPack.revision.add(1),
            ])

    # Beginning and end.

    def _begin(self) -> None:
        """The job comes first: one that finds nothing to finish harms nobody."""
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
                raise Busy
            time.sleep(random.uniform(pause / 2, pause))
            pause = min(pause * 1.5, 0.25)

    def _row(self) -> EmojiWork:
        return EmojiWork("work", "w", token=self._token, until=self._heard + LEASE, pack=self.name, task=self.task,
                         paths=self.paths)

    def _take_over(self, left: EmojiWork) -> bool:
        """Finish what somebody left, then begin. False when others were faster."""
        mine = [EmojiWork.token.set(self._token), EmojiWork.until.set(self._heard + LEASE)]
        if not update(EmojiWork.stub("work", "w"), mine, EmojiWork.token == left.token):
            return False
        self._tidy(left)
        self._heard = _now()
        if not create(self._row(), EmojiWork.token == self._token):
            raise Lapsed
        return True

    def _stay(self) -> None:
        """Say that we are alive, before others take us for dead. Lapsed: they did."""
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
        """After a failure: back to what the rows say, which may know of a commit that seemed to fail."""
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
        """Take away what a pack does not need: files that no emoji of it has, rows that nobody sees. As it is then."""
        name, task = str(left.pack), left.task
        contents, unseen = packs.read(name)
        kept = {str(row.path) for row in contents.files.values()} if contents is not None else set()
        if task == DELETE and contents is None:
            files.remove_folder(place(name))
            packs.remove_archives(name)
        elif task == REPLACE and contents is not None:
            extra = set(files.list_folder(place(name))) - kept - {packs.MANIFEST}
            files.remove_all(place(name, path) for path in sorted(extra))
        elif task != IMPORT:
            touched = {*left.paths, *(str(row.path) for row in unseen)}
            files.remove_all(place(name, path) for path in sorted(touched - kept))
        self._stay()
        known = contents.files if contents is not None else {}
        codes = {row.shortcode for row in unseen} - known.keys()
        gone = [*unseen, *(code_row(shortcode, name) for shortcode in sorted(codes))]
        for start in range(0, len(gone), _ROWS_AT_ONCE):
            write_batch(deletes=gone[start:start + _ROWS_AT_ONCE])
            self._stay()
        if contents is not None:
            data = packs.manifest(contents.pack.metadata, contents.paths)
            files.put(place(name, packs.MANIFEST), data, type_of(packs.MANIFEST), packs.CACHING)
        return contents


def _left() -> EmojiWork | None:
    return fetch(strong=[key(EmojiWork, "work", "w")]).get(EmojiWork, "work", "w")
