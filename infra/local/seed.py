"""What a fresh local stage has: the instance's pictures, a pack of emoji, accounts. May be repeated."""

import mimetypes
import os
from pathlib import Path
from typing import Any

EMOJI = Path(__file__).with_name("emoji")
STATIC = Path(__file__).parents[1] / "static"
PASSWORD = "kenoma-local"
ACCOUNTS: dict[str, dict[str, Any]] = {"admin": {"is_admin": True}, "alice": {}, "bob": {}}


def upload_files(s3: Any, bucket: str) -> None:
    """Put the instance's own pictures into the bucket. Those that are there already stay as they are."""
    files = {str(file.relative_to(STATIC)): file for file in STATIC.glob("*/*")}
    present: set[str] = set()
    for folder in {key.partition("/")[0] for key in files}:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder + "/")
        present |= {entry["Key"] for page in pages for entry in page.get("Contents", ())}
    for key, file in sorted(files.items()):
        if key not in present:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ContentType=kind)


def seed() -> None:
    """Make the accounts. Make the packs of emoji only if there never were any: somebody may have deleted them."""
    from chalicelib.domain.accounts import registration
    from chalicelib.store.emoji import rows

    password = os.environ.get("KENOMA_LOCAL_PASSWORD") or PASSWORD
    for nickname, profile in ACCOUNTS.items():
        registration.ensure_account(nickname, password, f"{nickname}@localhost.localdomain", **profile)
    if not rows.were_there():
        _bring_emoji()


def _bring_emoji() -> None:
    """Bring emoji as an operator does: copy folders into the bucket, then import them."""
    from chalicelib.domain.emoji import folder_import
    from chalicelib.store.emoji import bucket

    for folder in sorted(EMOJI.iterdir()):
        bucket.put_files(folder.name, {file.name: file.read_bytes() for file in folder.iterdir()})
    folder_import.import_all()
