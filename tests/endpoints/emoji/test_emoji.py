"""The lists of custom emoji."""

import time

import pytest

from chalicelib.store.emoji import rows


@pytest.fixture
def pack():
    """Two packs: one name is in both, one picture lies in a folder, one has a blank in its name."""
    for name, shortcode, path in [("cats", "Zoe", "zoe.png"), ("cats", "both", "cat.png"), ("dogs", "both", "dog.png"),
                                  ("dogs", "ahoj", "sub/a b#1.png")]:
        rows.add_file(name, shortcode, path, "image/png", 10)


def test_the_older_list_has_paths_by_shortcode(anonymous, pack):
    reply = anonymous.get("/api/pleroma/emoji")

    assert reply.status == 200
    assert reply.json == {
        "Zoe": {"image_url": "/emoji/cats/zoe.png", "tags": ["pack:cats"]},
        "ahoj": {"image_url": "/emoji/dogs/sub/a%20b%231.png", "tags": ["pack:dogs"]},
        "both": {"image_url": "/emoji/dogs/dog.png", "tags": ["pack:dogs"]},
    }
    assert anonymous.get("/api/pleroma/emoji.json").json == reply.json


def test_the_newer_list_has_addresses_in_bytewise_order(anonymous, pack):
    shown = anonymous.get("/api/v1/custom_emojis").json

    assert [entry["shortcode"] for entry in shown] == ["Zoe", "ahoj", "both"]
    url = "http://kenoma.test/emoji/cats/zoe.png"
    assert shown[0] == {"shortcode": "Zoe", "url": url, "static_url": url, "visible_in_picker": True,
                        "tags": ["pack:cats"], "category": "pack:cats"}


def test_without_emoji_the_lists_are_empty(anonymous):
    assert anonymous.get("/api/pleroma/emoji").json == {}
    assert anonymous.get("/api/v1/custom_emojis").json == []


def test_the_lists_are_open_on_a_private_instance(anonymous, setting):
    setting(public=False)

    assert anonymous.get("/api/pleroma/emoji").status == anonymous.get("/api/v1/custom_emojis").status == 200


def test_the_lists_are_answered_from_memory_and_follow_a_change_at_once(anonymous, pack):
    first, second = anonymous.get("/api/v1/custom_emojis"), anonymous.get("/api/pleroma/emoji")
    rows.add_file("cats", "new", "new.png", "image/png", 10)
    third = anonymous.get("/api/v1/custom_emojis")

    assert (first.calls, first.rounds, second.calls) == (3, 2, 0)
    assert "new" in [entry["shortcode"] for entry in third.json]


def test_another_processs_change_shows_after_two_seconds(anonymous, pack, monkeypatch):
    anonymous.get("/api/v1/custom_emojis")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.1)

    unchanged = anonymous.get("/api/v1/custom_emojis")

    assert (unchanged.calls, unchanged.rounds) == (1, 1)
    assert len(unchanged.json) == 3


def test_a_reload_shows_every_process_what_was_stored_by_hand(admin, anonymous, pack, monkeypatch):
    """Whoever writes rows by hand moves no version, so that no process would look."""
    known = anonymous.get("/api/v1/custom_emojis").json
    other = rows._known
    rows.file_row("cats", "", "new", path="new.png", type="image/png", size=10).save()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.1)
    assert anonymous.get("/api/v1/custom_emojis").json == known

    reply = admin.post("/api/pleroma/admin/reload_emoji")
    here = anonymous.get("/api/v1/custom_emojis").json
    monkeypatch.setattr(rows, "_known", other)

    assert (reply.status, reply.json) == (200, "ok")
    assert {entry["shortcode"] for entry in here} == {"new", *(entry["shortcode"] for entry in known)}
    assert anonymous.get("/api/v1/custom_emojis").json == here, "another process sees them too"
    assert "new" in anonymous.get("/api/pleroma/emoji").json


def test_a_bio_shows_the_emoji_it_names(cast, anonymous, pack):
    cast.person("dora", note="Hello :Zoe: and :nobody:")

    shown = anonymous.get("/api/v1/accounts/dora").json["emojis"]

    assert shown == [{"shortcode": "Zoe", "url": "http://kenoma.test/emoji/cats/zoe.png",
                      "static_url": "http://kenoma.test/emoji/cats/zoe.png", "visible_in_picker": False}]
