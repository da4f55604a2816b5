"""Relays: an honest failure, until there is federation."""

import pytest

RELAY = "/api/pleroma/admin/relay"
URL = "https://relay.example/actor"


def outcome(reply):
    return reply.status, reply.json


def test_no_relay_is_followed(admin):
    assert outcome(admin.get(RELAY)) == (200, {"relays": []})


@pytest.mark.parametrize("how", ["json", "form", "params"])
def test_following_one_fails_and_says_which(admin, how):
    assert outcome(admin.post(RELAY, **{how: {"relay_url": URL}})) == (500, URL)
    assert outcome(admin.delete(RELAY, **{how: {"relay_url": URL, "force": "true"}})) == (500, URL)

    assert admin.get(RELAY).json == {"relays": []}
    assert admin.get("/api/pleroma/admin/moderation_log").json == {"items": [], "total": 0}


def test_the_address_is_required(admin):
    for reply in (admin.post(RELAY, json={}), admin.delete(RELAY, json={"force": True})):
        assert (reply.status, reply.json["error"]) == (400, "Missing field: relay_url.")


def test_whether_to_force_is_a_boolean(admin):
    reply = admin.delete(RELAY, json={"relay_url": URL, "force": "perhaps"})

    assert (reply.status, reply.json["error"]) == (400, "force - Invalid boolean. Got: string.")
