"""What accounts say of themselves to clients of 2026, and how they change it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tests.domain.federation.foreigners import FAR, comes
from tests.pictures import picture

PATH = "/api/v1/accounts/update_credentials"


def changed(person, **values):
    reply = person.patch(PATH, json=values)
    assert reply.status == 200, reply.text
    return reply.json


def seen(person, by):
    return by.get(f"/api/v1/accounts/{person.id}").json


def test_what_is_said_is_shown_to_everybody(alice, bob):
    changed(alice, discoverable=True, indexable=True, hide_collections=True, avatar_description="a cat",
            header_description="the sea", attribution_domains=["https://News.example/about", " ", "*.blog.example"],
            show_media=False, show_media_replies=False, show_featured=False)

    shown = seen(alice, bob)

    assert (shown["discoverable"], shown["indexable"], shown["noindex"], shown["hide_collections"]) == (
        True, True, False, True)
    assert (shown["pleroma"]["hide_followers"], shown["pleroma"]["hide_follows"]) == (True, True)
    assert shown["avatar_description"] == shown["pleroma"]["avatar_description"] == "a cat"
    assert shown["header_description"] == shown["pleroma"]["header_description"] == "the sea"
    assert shown["attribution_domains"] == ["news.example", "*.blog.example"]
    assert (shown["show_media"], shown["show_media_replies"], shown["show_featured"]) == (False, False, False)


def test_how_one_posts_is_for_oneself(alice, bob):
    own = changed(alice, source={"language": "de", "quote_policy": "followers"}, language="fr", status_ttl_days=30,
                  permit_followback=True)

    assert (own["source"]["language"], own["source"]["quote_policy"]) == ("de", "followers")
    assert own["akkoma"]["status_ttl_days"] == 30
    assert own["akkoma"]["permit_followback"] is True
    assert "language" not in seen(alice, bob)["source"]
    assert changed(alice, language="pt-BR")["source"]["language"] == "pt-BR"


def test_a_birthday_is_shown_to_whom_one_wants(alice, bob):
    own = changed(alice, birthday="2001-02-03")

    assert (own["pleroma"]["birthday"], seen(alice, bob)["pleroma"]["birthday"]) == ("2001-02-03", None)
    assert changed(alice, show_birthday=True)["source"]["pleroma"]["show_birthday"] is True
    assert seen(alice, bob)["pleroma"]["birthday"] == "2001-02-03"


def test_empty_values_take_it_back(alice):
    changed(alice, birthday="2001-02-03", language="de", status_ttl_days=5, avatar_description="x",
            attribution_domains=["a.example"])

    own = changed(alice, birthday="", language="", status_ttl_days=0, avatar_description="", attribution_domains=[])

    assert own["pleroma"]["birthday"] is None
    assert (own["source"]["language"], own["akkoma"]["status_ttl_days"], own["avatar_description"]) == (None, None, "")
    assert own["attribution_domains"] == []


@pytest.mark.parametrize("wrong", [
    {"avatar_description": "x" * 1_501}, {"header_description": "x" * 1_501}, {"birthday": "2999-01-01"},
    {"birthday": "yesterday"}, {"language": "no language"}, {"source": {"quote_policy": "strangers"}},
    {"status_ttl_days": 36_501}, {"attribution_domains": ["no domain"]},
    {"attribution_domains": [f"d{number}.example" for number in range(101)]},
])
def test_what_breaks_a_rule_changes_nothing(alice, wrong):
    before = alice.account.attribute_values

    reply = alice.patch(PATH, json={"display_name": "new", **wrong})

    assert (reply.status, reply.json) == (403, {"error": "Invalid request"})
    assert alice.account.attribute_values == before


def test_roles_are_shown_while_one_wants(cast, alice):
    admin, moderator = cast.person("boss", is_admin=True), cast.person("mod", is_moderator=True)

    assert [each["name"] for each in seen(admin, alice)["roles"]] == ["Admin"]
    assert [each["name"] for each in seen(moderator, alice)["roles"]] == ["Moderator"]
    changed(admin, show_role=False)
    assert seen(admin, alice)["roles"] == []
    own = admin.get("/api/v1/accounts/verify_credentials").json
    assert (own["role"]["name"], own["role"]["permissions"], own["role"]["highlighted"]) == ("Admin", "1", True)
    assert "reports_manage_reports" in own["pleroma"]["privileges"]
    plain = alice.get("/api/v1/accounts/verify_credentials").json
    assert (plain["role"]["name"], plain["role"]["permissions"]) == ("", "65536")
    assert plain["pleroma"]["privileges"] == []


def test_the_day_of_the_latest_status_is_kept_without_a_call_more(alice, bob):
    assert seen(alice, bob)["last_status_at"] is None
    alice.post("/api/v1/statuses", json={"status": "for followers", "visibility": "private"})
    assert seen(alice, bob)["last_status_at"] is None

    reply = alice.post("/api/v1/statuses", json={"status": "for everybody"})

    assert seen(alice, bob)["last_status_at"] == datetime.now(UTC).date().isoformat()
    assert (reply.calls, reply.rounds) == (2, 2)


def test_who_is_kept_apart_or_out_is_shown_so(alice, bob, admin):
    admin.put("/api/pleroma/admin/users/tag", json={"nicknames": ["bob"], "tags": ["mrf_tag:sandbox"]})
    assert seen(bob, alice)["limited"] is True
    admin.patch("/api/pleroma/admin/users/deactivate", json={"nicknames": ["bob"]})

    shown = seen(bob, admin)

    assert shown["suspended"] is True
    assert shown["pleroma"]["is_active"] is False
    assert not {"suspended", "limited", "memorial"} & seen(alice, bob).keys()


def test_the_description_goes_with_the_picture(alice):
    changed(alice, avatar_description="a cat")

    assert changed(alice, avatar="")["avatar_description"] == ""


def test_mutes_tell_their_end(alice, bob):
    before = int(time.time())

    how = alice.post(f"/api/v1/accounts/{bob.id}/mute", form={"duration": 3600}).json

    end = datetime.fromisoformat(how["mute_expires_at"]).timestamp()
    assert before + 3600 <= end <= time.time() + 3600
    assert how["muting_expires_at"] == how["mute_expires_at"]
    assert alice.post(f"/api/v1/accounts/{bob.id}/unmute").json["mute_expires_at"] is None


def test_who_asks_to_follow_shows(cast, bob):
    alice = cast.person("alice", locked=True)
    bob.follows(alice)

    assert alice.relationship(bob)["requested_by"] is True
    assert bob.relationship(alice)["requested_by"] is False


# Other servers.


def test_an_account_of_another_server_says_the_same_by_its_document(alice):
    fern = comes(discoverable=True, indexable=True, memorial=True, suspended=True,
                 attributionDomains=["News.example", 7], **{"vcard:bday": "2001-02-03"}, type="Group",
                 icon={"type": "Image", "url": f"{FAR}/fern.png", "name": "a <b>fern</b>"},
                 image=[{"type": "Image", "url": f"{FAR}/wood.png", "summary": "a wood"}])

    shown = seen(fern, alice)

    assert (shown["uri"], shown["fqn"]) == (f"{FAR}/users/fern", "fern@far.example")
    assert (shown["group"], shown["discoverable"], shown["indexable"], shown["noindex"]) == (True, True, True, False)
    assert (shown["memorial"], shown["suspended"]) == (True, True)
    assert shown["attribution_domains"] == ["news.example"]
    assert shown["pleroma"]["birthday"] == "2001-02-03"
    assert (shown["avatar_description"], shown["header_description"]) == ("a fern", "a wood")
    assert shown["akkoma"]["instance"]["name"] == "far.example"


@pytest.mark.parametrize("said", [
    {"attributionDomains": {"@id": "x"}, "vcard:bday": "tomorrow", "memorial": "no", "icon": "x", "image": [[[]]]},
    {"attributionDomains": None, "vcard:bday": ["2001"], "indexable": {"@value": "false"}, "icon": {"name": {}}},
])
def test_a_document_that_says_it_wrongly_says_nothing(alice, said):
    shown = seen(comes(**said), alice)

    assert shown["attribution_domains"] == []
    assert (shown["pleroma"]["birthday"], shown["indexable"], shown["avatar_description"]) == (None, False, "")
    assert "memorial" not in shown


def test_other_servers_read_it_in_our_document(alice, anonymous):
    changed(alice, indexable=True, attribution_domains=["news.example"], birthday="2001-02-03",
            avatar_description="a cat")
    alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})

    def document():
        return anonymous.get("/users/alice", headers={"Accept": "application/activity+json"}).json

    assert document()["indexable"] is True
    assert document()["attributionDomains"] == ["news.example"]
    assert document()["icon"]["name"] == "a cat"
    assert "vcard:bday" not in document()
    changed(alice, show_birthday=True)
    assert document()["vcard:bday"] == "2001-02-03"
