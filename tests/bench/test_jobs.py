"""What the bench of the large jobs reads out of an archive."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from bench.large import archive_lines
from chalicelib.domain.backups.archive_files import BETWEEN


@pytest.mark.parametrize("count", [1, 2, 5])
def test_entries_are_read_one_by_one(count):
    entries = [{"object": {"id": number, "text": "a,\\n b ] żółć"}} for number in range(count)]
    text = json.dumps({"id": "outbox.json"})[:-1] + ', "orderedItems": ['
    text += BETWEEN.join(json.dumps(each, ensure_ascii=False) for each in entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("outbox.json", f'{text}], "totalItems": {count}}}')

    assert json.loads(zipfile.ZipFile(out).read("outbox.json"))["orderedItems"] == entries
    assert [json.loads(line) for line in archive_lines(zipfile.ZipFile(out), "outbox.json")] == entries
