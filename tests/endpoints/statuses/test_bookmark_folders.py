"""Folders of bookmarks."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.ids import new_flake
from tests.cast import Person
from tests.endpoints.statuses.acting import ids

FOLDERS = "/api/v1/pleroma/bookmark_folders"


def makes(person: Person, name: str, **more: Any) -> dict[str, Any]:
    reply = person.post(FOLDERS, json={"name": name, **more})
    assert reply.status == 200, reply.body
    shown: dict[str, Any] = reply.json
    return shown


def keeps(person: Person, id: str, folder: str | None = None) -> str | None:
    """Bookmark a status. Answers the folder that the status is said to be in."""
    reply = person.post(f"/api/v1/statuses/{id}/bookmark", json={} if folder is None else {"folder_id": folder})
    assert (reply.status, reply.json["bookmarked"]) == (200, True), reply.body
    shown: str | None = reply.json["pleroma"]["bookmark_folder"]
    return shown


def kept(person: Person, **params: Any) -> list[str]:
    return ids(person.get("/api/v1/bookmarks", params))


def test_folders_are_made_changed_and_deleted(alice):
    first = makes(alice, " recipes ", emoji="❤")
    second = makes(alice, "cats")

    assert first == {"id": first["id"], "name": "recipes", "emoji": "❤️", "emoji_url": None}
    assert alice.get(FOLDERS).json == [first, second]
    path = f"{FOLDERS}/{first['id']}"
    assert alice.patch(path, json={"name": "food"}).json == {**first, "name": "food"}
    assert alice.patch(path, json={"emoji": ""}).json == {**first, "name": "food", "emoji": None}
    assert alice.delete(path).json["name"] == "food"
    assert alice.get(FOLDERS).json == [second]


@pytest.mark.parametrize("sent", [{"name": " "}, {"name": "x" * 256}, {"name": "x", "emoji": "no emoji"},
                                  {"name": "x", "emoji": ":unknown:"}])
def test_what_a_folder_cannot_be_is_refused(alice, sent):
    assert alice.post(FOLDERS, json=sent).status == 422
    assert alice.post(FOLDERS).json["error"] == "Missing field: name."
    assert alice.get(FOLDERS).json == []


def test_others_folders_are_forbidden_and_unknown_ones_not_found(alice, bob):
    theirs = makes(bob, "mine")["id"]
    status = bob.posts("hello")["id"]

    for id, expected in ((theirs, 403), (new_flake(), 404), ("0", 404)):
        assert alice.patch(f"{FOLDERS}/{id}", json={"name": "x"}).status == expected
        assert alice.delete(f"{FOLDERS}/{id}").status == expected
        assert alice.post(f"/api/v1/statuses/{status}/bookmark", {"folder_id": id}).status == expected
    assert bob.get(FOLDERS).json[0]["name"] == "mine"
    assert kept(alice) == []


def test_a_bookmark_is_in_one_folder_or_in_none(alice, bob):
    folder, other = makes(alice, "one")["id"], makes(alice, "other")["id"]
    status, loose = bob.posts("hello")["id"], bob.posts("loose")["id"]

    assert keeps(alice, status, folder) == keeps(alice, status) == folder
    assert keeps(alice, loose) is None
    assert (kept(alice, folder_id=folder), kept(alice, folder_id=other)) == ([status], [])
    assert kept(alice) == [loose, status]
    assert keeps(alice, status, other) == other
    assert (kept(alice, folder_id=folder), kept(alice, folder_id=other)) == ([], [status])
    shown = {each["id"]: each["pleroma"]["bookmark_folder"] for each in alice.get("/api/v1/bookmarks").json}
    assert shown == {status: other, loose: None}
    assert bob.get(f"/api/v1/statuses/{status}").json["pleroma"]["bookmark_folder"] is None
    assert keeps(alice, status, "") is None
    keeps(alice, status, folder)
    gone = alice.post(f"/api/v1/statuses/{status}/unbookmark").json
    assert (gone["bookmarked"], gone["pleroma"]["bookmark_folder"]) == (False, None)
    assert keeps(alice, status) is None


def test_a_folder_is_read_page_by_page(alice, bob):
    folder = makes(alice, "some")["id"]
    made = [bob.posts(str(number))["id"] for number in range(6)]
    for number, id in enumerate(made):
        keeps(alice, id, folder if number % 2 else None)

    page = alice.get("/api/v1/bookmarks", {"folder_id": folder, "limit": 2})

    assert ids(page) == [made[5], made[3]]
    further = alice.get("/api/v1/bookmarks", page.links()["next"])
    assert ids(further) == [made[1]]
    assert further.calls == page.calls == alice.get("/api/v1/bookmarks", {"folder_id": folder}).calls


def test_a_deleted_folder_leaves_its_bookmarks(alice, bob, drain):
    folder, other = makes(alice, "one")["id"], makes(alice, "other")["id"]
    first, second = bob.posts("one")["id"], bob.posts("two")["id"]
    keeps(alice, first, folder)
    keeps(alice, second, other)

    assert alice.delete(f"{FOLDERS}/{folder}").status == 200
    drain()

    assert kept(alice) == [second, first]
    shown = [each["pleroma"]["bookmark_folder"] for each in alice.get("/api/v1/bookmarks").json]
    assert shown == [other, None]
