"""Files that accounts have sent: a row says who owns a file, the bucket holds its bytes.

An *object* lies in the bucket and is named after its bytes, so equal files share one object. An *upload* is one
account's sending of an object. It has a row and an id of its own.

The row is written before the object, so that every object in the bucket can be found by its owner. The object is
written again at each upload, because an earlier owner may delete it at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ...ids import new_flake
from .. import files
from ..dynamo.attributes import Document, ListAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import TRANSACTION_ITEMS, Record, Table, Writes, create, fetch, named, write_batch
from ..dynamo.table import remove as remove_record

PREFIX = "media/"
CACHING = "public, max-age=1209600"
CHANGED = "upload"
MOST_PLACES = 10
STATUS, MESSAGE, SCHEDULED = "s", "c", "e"


class UploadsByOwner(GlobalSecondaryIndex["Upload"]):
    """The uploads of an account, oldest first."""

    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class UploadsByObject(GlobalSecondaryIndex["Upload"]):
    """The uploads of the same object. They are asked for before an object is deleted."""

    class Meta:
        index_name = "by_object"
        projection = KeysOnlyProjection()

    object = UnicodeAttribute(hash_key=True)


class Upload(Record):
    """One file, sent once. `object` is its name in the bucket without the folder: SHA-256 and extension.

    Asked: by id (batch get) · all of an account (by_owner) · all of one object (by_object).
    """

    class Meta(Table):
        table_name = named("media")

    ABSENT = {"version": 0}
    id = UnicodeAttribute(hash_key=True)
    owner = UnicodeAttribute()
    object = UnicodeAttribute()
    mime = UnicodeAttribute()
    size = NumberAttribute()
    description = UnicodeAttribute(null=True)
    meta = Document(null=True)
    """Of a picture: `original`, its size, and `focus`, the point that is always shown. Both as clients get them."""
    blurhash = UnicodeAttribute(null=True)
    preview = Document(null=True)
    """Of the picture that stands for it until it is played: `id` and `object`. It is an upload by itself."""
    shown_in: ListAttribute = ListAttribute(null=True)
    """The latest places that hold a copy of what this says: `place()` of each."""
    version = NumberAttribute(attr_name="ver", null=True)
    by_owner = UploadsByOwner()
    by_object = UploadsByObject()

    @property
    def kept(self) -> dict[str, Any]:
        """What shows an upload keeps this of it."""
        kept = {"id": self.id, "object": self.object, "mime": self.mime, "description": self.description or ""}
        more = {"meta": self.meta, "blurhash": self.blurhash, "preview_object": (self.preview or {}).get("object")}
        return kept | {name: value for name, value in more.items() if value}

    @property
    def as_preview(self) -> dict[str, str]:
        return {"id": self.id, "object": self.object}


@dataclass(frozen=True)
class NewFile:
    """A file to be stored. `name` is made from its bytes, `type` was found in them."""

    name: str
    type: str
    data: bytes
    description: str | None = None
    meta: Mapping[str, Any] | None = None
    blurhash: str | None = None
    preview: Upload | None = None


def keep(owner: str, sent: Iterable[NewFile]) -> list[Upload]:
    """Store files of an account, all or none: the rows in one round, then the objects."""
    every = list(sent)
    uploads = [
        Upload(new_flake(), owner=owner, object=each.name, mime=each.type, size=len(each.data),
               description=each.description, meta=dict(each.meta) if each.meta else None, blurhash=each.blurhash,
               preview=each.preview.as_preview if each.preview is not None else None) for each in every
    ]
    try:
        together(*[lambda upload=upload: create(upload) for upload in uploads])
        together(*[lambda file=file: files.put(PREFIX + file.name, file.data, file.type, CACHING) for file in every])
    except Exception:
        forget(uploads)
        raise
    return uploads


def upload_key(id: str) -> Key:
    return key(Upload, id)


def find(id: str) -> Upload | None:
    return fetch(strong=[upload_key(id)]).get(Upload, id)


def find_many(ids: Iterable[str]) -> list[Upload]:
    """Those that exist, in the order asked, in one round."""
    wanted = list(dict.fromkeys(ids))
    found = fetch(strong=map(upload_key, wanted))
    uploads = [found.get(Upload, id) for id in wanted]
    return [upload for upload in uploads if upload is not None]


class UploadsChanged(Exception):
    """An upload was changed while it was about to be shown. What was read of it is out of date."""


def place(kind: str, *id: str) -> str:
    """A status, a chat's message or a scheduled status that shows an upload."""
    return "#".join((kind, *id))


def show_in(write: Writes, uploads: Sequence[Upload], place: str) -> None:
    """Let the uploads know that they are shown there, as far as there is room left in the transaction.

    It fails with label CHANGED when one of them is no longer what was read.
    """
    for upload in uploads[:max(TRANSACTION_ITEMS - len(write), 0)]:
        write.update(Upload.stub(upload.id), [_shown_there(upload, place), Upload.version.add(1)], unchanged(upload),
                     label=CHANGED)


def describe_in(write: Writes, uploads: Sequence[Upload], place: str) -> None:
    """As `show_in`, and let the uploads be described as these records say now."""
    for upload in uploads[:max(TRANSACTION_ITEMS - len(write), 0)]:
        actions = [_shown_there(upload, place), *described(upload), Upload.version.add(1)]
        write.update(Upload.stub(upload.id), actions, unchanged(upload), label=CHANGED)


def _shown_there(upload: Upload, place: str) -> Any:
    others = [each for each in upload.shown_in or () if each != place]
    return Upload.shown_in.set([*others, place][-MOST_PLACES:])


def described(upload: Upload) -> list[Any]:
    """What is stored of that which its owner says of an upload."""
    return [
        Upload.description.set(upload.description) if upload.description is not None else Upload.description.remove(),
        Upload.meta.set(upload.meta) if upload.meta else Upload.meta.remove(),
        Upload.preview.set(upload.preview) if upload.preview else Upload.preview.remove(),
    ]


def unchanged(upload: Upload) -> Any:
    same = Upload.version == upload.version if upload.version else Upload.version.does_not_exist()
    return Upload.id.exists() & same


def remove(upload: Upload) -> bool:
    """Delete an upload with its preview. False if it was changed meanwhile: perhaps something shows it now."""
    if not remove_record(upload, unchanged(upload)):
        return False
    forget([upload])
    return True


def forget(uploads: Iterable[Upload]) -> None:
    """Delete uploads, and those of their objects that no other upload names. May be repeated."""
    gone = list(uploads)
    write_batch(deletes=gone)
    ids = {upload.id for upload in gone}
    for object in {upload.object for upload in gone}:
        if all(row.id in ids for row in Upload.by_object.query(object)):
            files.remove(PREFIX + object)
    previews = [upload.preview["id"] for upload in gone if upload.preview]
    if previews:
        forget(find_many(previews))


def list_of(owner: str, *, limit: int = 100) -> list[Upload]:
    """The oldest uploads of an account. The index lags, so an upload of a moment ago may be missing."""
    ids = [row.id for row in Upload.by_owner.query(owner, limit=limit)]
    return fetch(strong=[key(Upload, id) for id in ids]).all(Upload)
