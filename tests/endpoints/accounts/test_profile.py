"""/api/v1/profile: the viewer's own profile as typed, and its pictures taken away."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.store.accounts import accounts
from tests.cast import Cast, Person
from tests.pictures import picture

BLANK = {
    "display_name": "", "note": "", "fields": [], "avatar": None, "avatar_static": None, "avatar_description": "",
    "header": None, "header_static": None, "header_description": "", "locked": False, "bot": False,
    "hide_collections": False, "discoverable": False, "indexable": False, "show_media": True,
    "show_media_replies": True, "show_featured": True, "attribution_domains": [], "featured_tags": [],
}
WANTED = {
    "display_name": "Alice :cat:", "note": "A *bio* with https://kenoma.test", "locked": True, "bot": True,
    "fields_attributes": [{"name": "web", "value": "https://kenoma.test"}], "hide_collections": True,
    "discoverable": True, "indexable": True, "show_media": False, "show_media_replies": False, "show_featured": False,
    "avatar_description": "me", "header_description": "a hill", "attribution_domains": ["kenoma.test"],
}


def shown(person: Person) -> Any:
    return person.get("/api/v1/profile").json


def test_a_new_account_has_a_blank_profile(alice: Person) -> None:
    assert shown(alice) == BLANK | {"id": alice.id, "display_name": shown(alice)["display_name"]}


def test_it_is_shown_as_it_was_typed(alice: Person) -> None:
    changed = alice.patch("/api/v1/profile", json=WANTED)

    assert changed.status == 200
    expected = BLANK | {"id": alice.id} | WANTED
    expected["fields"] = [{"name": "web", "value": "https://kenoma.test", "verified_at": None}]
    del expected["fields_attributes"]
    assert changed.json == shown(alice) == expected
    account = alice.get(f"/api/v1/accounts/{alice.id}").json
    assert "<a href" in account["note"], "others read the bio as HTML"


def test_what_breaks_a_rule_changes_nothing(alice: Person) -> None:
    before = shown(alice)

    assert alice.patch("/api/v1/profile", json=WANTED | {"display_name": "x" * 101}).status == 403
    assert shown(alice) == before


def test_the_tags_that_it_features_are_told(alice: Person) -> None:
    alice.post("/api/v1/featured_tags", json={"name": "cats"})

    assert [each["name"] for each in shown(alice)["featured_tags"]] == ["cats"]


@pytest.mark.parametrize("name", ["avatar", "header"])
def test_a_picture_is_taken_away(alice: Person, name: str) -> None:
    bare = alice.get(f"/api/v1/accounts/{alice.id}").json
    with_both = alice.patch("/api/v1/profile", files={
        "avatar": ("a.png", picture(), "image/png"), "header": ("h.png", picture(), "image/png")}).json
    other = "header" if name == "avatar" else "avatar"
    assert with_both[name]
    assert with_both[other]

    account = alice.delete(f"/api/v1/profile/{name}")

    assert account.status == 200
    assert (account.json[name], account.json[f"{name}_static"]) == (bare[name], bare[name])
    assert (shown(alice)[name], shown(alice)[other]) == (None, with_both[other])
    assert alice.delete(f"/api/v1/profile/{name}").status == 200, "it is gone already"


def test_the_scope_of_signing_in_reads_it_and_changes_nothing(cast: Cast, alice: Person) -> None:
    signed_in = cast.signs_in(accounts.find(alice.id), "profile")

    assert signed_in.get("/api/v1/profile").json["id"] == alice.id
    assert signed_in.patch("/api/v1/profile", json={"display_name": "x"}).status == 403
    assert signed_in.delete("/api/v1/profile/avatar").status == 403
