"""What a fresh local stage holds: the instance's pictures, a pack of emoji, the accounts. May be repeated."""

import json
import mimetypes
import os
from pathlib import Path
from typing import Any

EMOJI = Path(__file__).with_name("emoji")
STATIC = Path(__file__).parents[1] / "static"
PASSWORD = "kenoma-local"
ACCOUNTS: dict[str, dict[str, Any]] = {"admin": {"is_admin": True}, "alice": {}, "bob": {}}


def upload_files(s3: Any, bucket: str) -> None:
    """Put the emoji packs and the instance's own pictures into the bucket; those already there stay as they are."""
    files = {f"emoji/{file.parent.name}/{file.name}": file for file in EMOJI.glob("*/*")}
    files |= {str(file.relative_to(STATIC)): file for file in STATIC.glob("*/*")}
    present: set[str] = set()
    for folder in {key.partition("/")[0] for key in files}:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder + "/")
        present |= {entry["Key"] for page in pages for entry in page.get("Contents", ())}
    for key, file in sorted(files.items()):
        if key not in present:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ContentType=kind)


def seed() -> None:
    """Make the accounts and the rows of the emoji packs, unless they exist."""
    from chalicelib.domain import registration
    from chalicelib.store import emoji

    password = os.environ.get("KENOMA_LOCAL_PASSWORD") or PASSWORD
    for nickname, profile in ACCOUNTS.items():
        registration.ensure_account(nickname, password, f"{nickname}@localhost.localdomain", **profile)
    known = emoji.every()
    for manifest in sorted(EMOJI.glob("*/pack.json")):
        pack = json.loads(manifest.read_text())
        for shortcode, path in pack["files"].items():
            if shortcode not in known:
                size = (manifest.parent / path).stat().st_size
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                emoji.add_file(manifest.parent.name, shortcode, path, kind, size, metadata=pack["pack"])
