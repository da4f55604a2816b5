"""What outlasts a restart and a kill: moto's tables, and each object of the bucket as a file.

A snapshot of the tables is taken between two calls, so it is consistent. It is renamed into place, so a kill leaves the
old or the new one. A journal has what changed since. Objects are written to disk before the caller gets an answer, so a
row never names a lost file. Queues are not kept: unfinished jobs are sent again from their rows.
"""

import hashlib
import importlib.metadata
import io
import json
import os
import pickle
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from . import tamed_moto
from .ending import Essential, say
from .journal import WRITES, Journal

SHORTEST_PAUSE = 1.0
PAUSE_PER_SNAPSHOT = 20


class KeptTables:
    """Keeps moto's tables: in a journal before they change, in a snapshot soon after and once more at `stop`."""

    def __init__(self, folder: Path, region: str) -> None:
        self.file = folder / f"dynamodb-moto-{importlib.metadata.version('moto')}.pickle"
        self.region = region
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread = Essential(target=self._keep_saving, name="snapshots", daemon=True)
        self._saving = threading.Lock()
        self._journal = Journal(self.file)
        self._within = False
        self._originals: dict[str, Any] = {}

    def load(self) -> None:
        """Load the last snapshot and what changed since. Call it before anything is created."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        first = 0
        with tamed_moto.lock:
            try:
                if self.file.exists():
                    stream = io.BytesIO(self.file.read_bytes())
                    self._backend().tables.update(pickle.load(stream))
                    first = pickle.loads(stream.read() or pickle.dumps(0))  # before there were journals: nothing
            except Exception as error:  # noqa: BLE001  (a damaged pickle may raise anything)
                aside = self.file.with_suffix(".unreadable")
                self.file.replace(aside)
                self._journal.set_aside()
                say(f"Starting empty: the snapshot does not load ({error}); kept as {aside}")
            self._journal.replay(self._backend(), first)

    def start(self) -> None:
        from moto.dynamodb.models import DynamoDBBackend

        self._originals = {name: getattr(DynamoDBBackend, name) for name in WRITES}
        for name, original in self._originals.items():
            setattr(DynamoDBBackend, name, self._written_down(name, original))
        self._thread.start()

    def stop(self) -> None:
        from moto.dynamodb.models import DynamoDBBackend

        self._stopping.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(2)
        self.save()
        for name, original in self._originals.items():
            setattr(DynamoDBBackend, name, original)
        self._journal.close()

    def save(self) -> float:
        """Write a snapshot. Answers how long requests had to wait for it."""
        with self._saving:
            begun = time.monotonic()
            with tamed_moto.lock:
                self._changed.clear()
                content = pickle.dumps(self._backend().tables, protocol=pickle.HIGHEST_PROTOCOL)
                next_journal = self._journal.turn_over()
            held = time.monotonic() - begun
            _replace(self.file, content + pickle.dumps(next_journal))
            self._journal.forget_until(next_journal)
            return held

    def _keep_saving(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            self._changed.wait()
            if self._stopping.wait(pause):
                return
            pause = max(SHORTEST_PAUSE, PAUSE_PER_SNAPSHOT * self.save())

    def _written_down(self, name: str, method: Any) -> Any:
        """The method, entering itself in the journal first; what it calls on its part is not entered."""

        def kept(backend: Any, *args: Any, **kwargs: Any) -> Any:
            if self._within:
                return method(backend, *args, **kwargs)
            self._changed.set()
            self._journal.add(name, args, kwargs)
            self._within = True
            try:
                return method(backend, *args, **kwargs)
            finally:
                self._within = False

        return kept

    def _backend(self) -> Any:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.dynamodb.models import dynamodb_backends

        return dynamodb_backends[DEFAULT_ACCOUNT_ID][self.region]


class StoredObjects:
    """Keeps each object of moto's S3 as one file: a line of JSON that describes it, then its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._touched: set[tuple[str, str]] = set()
        self._originals: dict[str, Any] = {}

    def load(self, s3: Any) -> int:
        """Put every kept object back. Call it when the buckets exist. Answers how many objects there were."""
        count = 0
        for file in sorted(self.folder.glob("*/*")):
            if file.suffix:  # a kill has left it half written
                file.unlink()
                continue
            described, _, body = file.read_bytes().partition(b"\n")
            about = json.loads(described)
            s3.put_object(Bucket=about["bucket"], Key=about["key"], Body=body, **_arguments(about["headers"]))
            with tamed_moto.lock:
                stored = _buckets()[about["bucket"]].keys[about["key"]]
                stored.last_modified = datetime.fromisoformat(about["modified"])
                stored._etag = about["etag"]  # noqa: SLF001  (moto can say that of a file in parts only)
            count += 1
        return count

    def start(self) -> None:
        """Write every object to disk from now on."""
        from moto.s3.models import S3Backend

        put, delete, touched = S3Backend.put_object, S3Backend.delete_object, self._touched
        self._originals = {"put_object": put, "delete_object": delete}

        def put_object(backend: Any, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> Any:
            touched.add((bucket_name, key_name))
            return put(backend, bucket_name, key_name, *args, **kwargs)

        def delete_object(backend: Any, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> Any:
            touched.add((bucket_name, key_name))
            return delete(backend, bucket_name, key_name, *args, **kwargs)

        setattr(S3Backend, "put_object", put_object)  # noqa: B010
        setattr(S3Backend, "delete_object", delete_object)  # noqa: B010
        tamed_moto.after_call.append(self._write_through)

    def stop(self) -> None:
        from moto.s3.models import S3Backend

        for name, original in self._originals.items():
            setattr(S3Backend, name, original)
        tamed_moto.after_call.remove(self._write_through)

    def _write_through(self) -> None:
        while self._touched:
            bucket, key = self._touched.pop()
            file = self.folder / bucket / hashlib.sha256(key.encode()).hexdigest()
            keys = _buckets()[bucket].keys if bucket in _buckets() else {}
            if key not in keys:
                file.unlink(missing_ok=True)
                continue
            stored = keys[key]
            described = {
                "bucket": bucket, "key": key, "headers": dict(stored.metadata),
                "modified": stored.last_modified.isoformat(), "etag": stored.etag.strip('"'),
            }  # fmt: skip
            file.parent.mkdir(parents=True, exist_ok=True)
            _replace(file, json.dumps(described).encode() + b"\n" + stored.value)


def _buckets() -> Any:
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets


def _arguments(headers: dict[str, str]) -> dict[str, Any]:
    """The arguments of PutObject that give the object these headers again."""
    known = ("Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language")
    lower = {name.lower(): value for name, value in headers.items()}
    arguments: dict[str, Any] = {name.replace("-", ""): lower[name.lower()] for name in known if name.lower() in lower}
    prefix = "x-amz-meta-"
    arguments["Metadata"] = {name.removeprefix(prefix): v for name, v in lower.items() if name.startswith(prefix)}
    return arguments


def _replace(file: Path, content: bytes) -> None:
    """Write a whole file, or nothing."""
    beside = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    beside.write_bytes(content)
    beside.replace(file)
