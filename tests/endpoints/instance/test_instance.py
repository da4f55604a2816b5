"""What clients ask for when they start: the instance, frontends' configurations, this API's document."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.accounts import registration
from chalicelib.domain.instance import about
from chalicelib.entities.instance.instance import render_instance
from tests.cast import PASSWORD


def test_the_instance_describes_itself(anonymous, alice, bob):
    reply = anonymous.get("/api/v1/instance")

    shown = reply.json
    assert reply.status == 200
    assert shown.keys() == {
        "uri", "title", "description", "email", "version", "urls", "stats", "thumbnail", "background_image",
        "languages", "registrations", "approval_required", "max_toot_chars", "chat_limit", "description_limit",
        "upload_limit", "avatar_upload_limit", "background_upload_limit", "banner_upload_limit", "poll_limits",
        "configuration", "pleroma",
    }
    assert shown["uri"] == "http://kenoma.test"
    assert shown["version"].startswith("2.7.2 (compatible; Pleroma 2.")
    assert shown["urls"] == {}
    assert shown["stats"] == {"user_count": 2, "status_count": 0, "domain_count": 0}
    assert (shown["registrations"], shown["approval_required"], shown["languages"]) == (True, False, ["en"])
    assert (shown["max_toot_chars"], shown["chat_limit"], shown["description_limit"]) == (5000, 5000, 5000)
    assert (shown["upload_limit"], shown["avatar_upload_limit"]) == (16000000, 2000000)
    assert (shown["background_upload_limit"], shown["banner_upload_limit"]) == (4000000, 4000000)
    assert shown["poll_limits"] == {"max_options": 20, "max_option_chars": 200, "min_expiration": 0,
                                    "max_expiration": 31536000}
    assert shown["thumbnail"].startswith("http://kenoma.test/")
    assert shown["background_image"].startswith("http://kenoma.test/")


def test_the_limits_stand_where_newer_clients_look(anonymous):
    configuration = anonymous.get("/api/v1/instance").json["configuration"]

    assert configuration["statuses"]["max_characters"] == 5000
    assert configuration["polls"] == {"max_options": 20, "max_characters_per_option": 200, "min_expiration": 0,
                                      "max_expiration": 31536000}
    assert "image/png" in configuration["media_attachments"]["supported_mime_types"]
    assert configuration["media_attachments"]["image_size_limit"] == 16000000


def test_what_is_pleromas_own(anonymous):
    pleroma = anonymous.get("/api/v1/instance").json["pleroma"]

    assert pleroma["vapid_public_key"] is None
    assert pleroma["metadata"]["account_activation_required"] is False
    assert pleroma["metadata"]["federation"]["enabled"] is True
    assert pleroma["metadata"]["fields_limits"] == {"max_fields": 10, "max_remote_fields": 20, "name_length": 512,
                                                    "value_length": 2048}
    assert pleroma["metadata"]["post_formats"] == ["text/plain", "text/html", "text/markdown", "text/bbcode"]


def test_features_are_named_only_when_they_are_served():
    served = {"PUT /api/v1/pleroma/statuses/{id}/reactions/{emoji}"}

    assert about.list_features(served) == ["pleroma_api", "mastodon_api", "pleroma_emoji_reactions"]
    assert "pleroma_chat_messages" in about.list_features({"GET /api/v1/pleroma/chats"})


def test_an_address_for_sockets_is_shown_only_where_one_answers(alice):
    served = render_instance(about.get_statistics(), about.list_features({"GET /api/v1/streaming"}))

    assert served["urls"] == {"streaming_api": "ws://kenoma.test"}


def test_reactions_are_served(anonymous):
    features = anonymous.get("/api/v1/instance").json["pleroma"]["metadata"]["features"]

    assert {"pleroma_api", "mastodon_api", "pleroma_emoji_reactions"} <= set(features)
    assert "mastodon_api_streaming" not in features


def test_the_instance_follows_its_settings(anonymous, setting):
    setting(registrations_open=False, instance_name="Elsewhere", limit=10, safe_dm_mentions=True)

    shown = anonymous.get("/api/v1/instance").json

    assert (shown["registrations"], shown["title"], shown["max_toot_chars"]) == (False, "Elsewhere", 10)
    assert "safe_dm_mentions" in shown["pleroma"]["metadata"]["features"]


@pytest.mark.parametrize("path", ["/api/v1/instance", "/api/v1/instance/"])
def test_the_instance_is_answered_from_memory(anonymous, path):
    first, second = anonymous.get(path), anonymous.get(path)

    assert (first.calls, second.calls) == (1, 0)


def test_statistics_are_asked_for_again_after_a_minute(anonymous, alice, monkeypatch):
    anonymous.get("/api/v1/instance")
    registration.create_account("new", PASSWORD, password_hash="x")
    before = anonymous.get("/api/v1/instance").json["stats"]["user_count"]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)

    after = anonymous.get("/api/v1/instance").json["stats"]["user_count"]

    assert (before, after) == (1, 2)


@pytest.mark.parametrize("path", ["/api/v1/instance", "/api/v1/instance/peers", "/.well-known/nodeinfo",
                                  "/nodeinfo/2.0.json", "/api/pleroma/frontend_configurations"])
def test_a_private_instance_still_says_what_it_is(anonymous, setting, path):
    setting(public=False)

    assert anonymous.get(path).status == 200


def test_there_are_no_peers(anonymous):
    assert anonymous.get("/api/v1/instance/peers").json == []


def test_frontends_find_their_configuration(anonymous):
    shown = anonymous.get("/api/pleroma/frontend_configurations").json

    assert shown.keys() == {"pleroma_fe", "masto_fe"}
    assert len(shown["pleroma_fe"]) == 27
    assert shown["pleroma_fe"]["theme"] == "pleroma-dark"
    assert shown["masto_fe"] == {"showInstanceSpecificPanel": True}


def test_the_document_describes_these_endpoints(anonymous):
    document = anonymous.get("/api/openapi").json

    assert document["openapi"].startswith("3.")
    for path in ("/oauth/token", "/oauth/authorize", "/api/v1/accounts", "/api/v1/instance", "/nodeinfo/{version}"):
        assert path in document["paths"]
