"""Two servers on this machine: one shares a pack of three hundred emoji, the other finds and downloads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.emoji import ROOT, picture, unzipped, zipped
from tests.other_server import Answer, serving
from tests.running.stage import Someone, Stage

COUNT = 300
PACK = "blobs.gg"
PICTURES = {f"blob{number}": (f"{'dir/' * (number % 3)}blob{number}.png", picture(number)) for number in range(COUNT)}


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Stage]]:
    folder = tmp_path_factory.mktemp("sharing")
    both = Stage(folder / "here"), Stage(folder / "there")
    yield both[0].answering(), both[1].answering()
    for stage in both:
        stage.stop()
        assert "Traceback" not in stage.errors


def administrator(stage: Stage) -> requests.Session:
    """With a password, which needs no scope."""
    session = requests.Session()
    session.auth = ("admin", "kenoma-local")
    assert Someone(stage.url).get(f"{ROOT}/packs")["count"] >= 1
    return session


def objects(stage: Stage) -> set[str]:
    """The files that a stage has stored on the disk."""
    return {file.name for file in Path(stage.data, "objects").glob("*/*")}


def known(stage: Stage) -> dict[str, str]:
    return {each["shortcode"]: each["url"] for each in Someone(stage.url).get("/api/v1/custom_emojis")}


def test_a_pack_goes_from_one_server_to_the_other(stages: tuple[Stage, Stage]):
    here, there = stages
    sharer, fetcher = administrator(there), administrator(here)
    archive = zipped(dict(PICTURES.values()))
    sharer.post(f"{there.url}{ROOT}/pack", params={"name": PACK}).raise_for_status()
    sent = sharer.post(f"{there.url}{ROOT}/packs/files", params={"name": PACK},
                       files={"file": ("blobs.zip", archive, "application/zip")})
    assert len(sent.json()) == COUNT
    sharer.patch(f"{there.url}{ROOT}/packs/{PACK}", json={"metadata": {"share-files": True, "license": "Apache 2.0"}})

    listed = fetcher.get(f"{here.url}{ROOT}/packs/remote", params={"url": there.url}).json()
    fetched = fetcher.post(f"{here.url}{ROOT}/packs/download", json={"url": there.url, "name": PACK, "as": "ours"})

    assert (listed["packs"][PACK]["files_count"], listed["packs"][PACK]["pack"]["can-download"]) == (COUNT, True)
    assert (fetched.status_code, fetched.json()) == (200, "ok")
    shown = Someone(here.url).get(f"{ROOT}/packs/ours")
    assert shown["files"] == {shortcode: path for shortcode, (path, _) in sorted(PICTURES.items())}
    assert shown["pack"] == listed["packs"][PACK]["pack"], "the same pack has the same checksum on every server"
    urls = known(here)
    for shortcode, (_, data) in PICTURES.items():
        served = fetcher.get(urls[shortcode])
        assert (served.content, served.headers["content-type"]) == (data, "image/png")
        assert served.headers["x-content-type-options"] == "nosniff"
    mine = requests.get(f"{here.url}{ROOT}/packs/archive", params={"name": "ours"}, timeout=30)
    assert mine.headers["content-type"] == "application/zip"
    assert mine.headers["content-disposition"] == 'attachment; filename="ours.zip"'
    assert hashlib.sha256(mine.content).hexdigest().upper() == shown["pack"]["download-sha256"]
    assert unzipped(mine.content)["pack.json"] == requests.get(f"{here.url}/emoji/ours/pack.json", timeout=30).content


def test_a_tampered_archive_leaves_nothing_behind(stages: tuple[Stage, Stage]):
    here, there = stages
    fetcher = administrator(here)
    truth = requests.get(f"{there.url}{ROOT}/packs/archive", params={"name": PACK}, timeout=30)
    manifest = f"{ROOT}/pack?name={PACK}&page=1&page_size=500"
    before = objects(here), known(here), Someone(here.url).get(f"{ROOT}/packs")
    other = bytearray(truth.content)
    other[len(other) // 2] ^= 1
    answers: dict[str, Answer] = {
        manifest: (200, requests.get(there.url + manifest, timeout=30).content),
        f"{ROOT}/packs/archive?name={PACK}": (200, bytes(other)),
        "/nodeinfo": (200, json.dumps({"metadata": {"features": ["shareable_emoji_packs"]}}).encode()),
    }
    with serving(answers) as liar:
        answers["/.well-known/nodeinfo"] = (200, json.dumps({"links": [{"href": f"{liar.url}/nodeinfo"}]}).encode())

        reply = fetcher.post(f"{here.url}{ROOT}/packs/download", json={"url": liar.url, "name": PACK})

        assert any("archive" in path for path, _ in liar.asked)
    assert (reply.status_code, reply.json()) == (500, {
        "error": "SHA256 for the pack doesn't match the one sent by the server"})
    assert (objects(here), known(here), Someone(here.url).get(f"{ROOT}/packs")) == before


def test_a_deleted_pack_is_gone_and_stays_so(stages: tuple[Stage, Stage]):
    here, _ = stages
    left = objects(here)

    assert administrator(here).delete(f"{here.url}{ROOT}/packs/ours").json() == "ok"

    assert requests.get(f"{here.url}/emoji/ours/blob0.png", timeout=30).status_code == 404
    assert "blob0" not in known(here)
    assert len(left) - len(objects(here)) == COUNT + 2, "the files, pack.json and the archive"
