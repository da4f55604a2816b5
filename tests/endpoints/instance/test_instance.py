"""What clients ask for when they start: the instance, frontends' configurations, this API's document."""

from __future__ import annotations

import hashlib
import time

import pytest

from chalicelib.domain.accounts import registration
from chalicelib.domain.instance import about, features
from chalicelib.entities.instance.instance import render_instance
from chalicelib.store.federation import host_rows
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.domain.federation.foreigners import comes


def test_the_instance_describes_itself(anonymous, alice, bob):
    reply = anonymous.get("/api/v1/instance")

    shown = reply.json
    assert reply.status == 200
    assert shown.keys() == {
        "uri", "title", "description", "email", "version", "urls", "stats", "thumbnail", "background_image",
        "languages", "registrations", "approval_required", "max_toot_chars", "chat_limit", "description_limit",
        "upload_limit", "avatar_upload_limit", "background_upload_limit", "banner_upload_limit", "poll_limits",
        "configuration", "pleroma", "short_description", "rules", "contact_account", "invites_enabled",
        "max_media_attachments",
    }
    assert shown["uri"] == "http://kenoma.test"
    assert shown["version"].startswith("4.5.0 (compatible; Pleroma 2.")
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

    assert features.list_features(served) == ["pleroma_api", "mastodon_api", "pleroma_emoji_reactions"]
    assert "pleroma_chat_messages" in features.list_features({"GET /api/v1/pleroma/chats"})


def test_an_address_for_sockets_is_shown_only_where_one_answers(alice):
    served = render_instance(about.get_statistics(), [], None, features.list_features({"GET /api/v1/streaming"}))

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


# What is done with what comes from other servers.


def test_policies_for_other_servers_are_shown(anonymous, setting):
    setting(mrf_simple_reject="far.example|they are rude, *.near.example", mrf_simple_media_nsfw="far.example",
            quarantined_instances="leaky.example|they leak", mrf_simple_accept="")

    shown = anonymous.get("/api/v1/instance").json["pleroma"]["metadata"]["federation"]

    empty = ("accept", "avatar_removal", "banner_removal", "federated_timeline_removal", "followers_only",
             "media_removal", "reject_deletes", "report_removal")
    assert shown == {
        "enabled": True, "mrf_policies": ["SimplePolicy", "TagPolicy", "ObjectAgePolicy"], "exclusions": False,
        "mrf_simple": {name: [] for name in empty} | {"reject": ["far.example", "*.near.example"],
                                                 "media_nsfw": ["far.example"]},
        "mrf_simple_info": {"reject": {"far.example": {"reason": "they are rude"}}},
        "mrf_object_age": {"threshold": 604_800, "actions": ["delist", "strip_followers"]},
        "quarantined_instances": ["leaky.example"],
        "quarantined_instances_info": {"quarantined_instances": {"leaky.example": {"reason": "they leak"}}}}
    assert anonymous.get("/nodeinfo/2.1.json").json["metadata"]["federation"] == shown


def test_some_hosts_or_all_policies_are_not_shown(anonymous, setting):
    def shown():
        return anonymous.get("/nodeinfo/2.0.json").json["metadata"]["federation"]

    setting(mrf_simple_reject="far.example|rude, near.example", quarantined_instances="far.example",
            mrf_transparency_exclusions="far.example", mrf_object_age_threshold=0)
    told = shown()
    assert (told["exclusions"], told["mrf_simple"]["reject"], told["mrf_simple_info"]) == (True, ["near.example"], {})
    assert (told["quarantined_instances"], "mrf_object_age" in told) == ([], False)
    assert "ObjectAgePolicy" not in told["mrf_policies"]

    setting(mrf_transparency=False)
    assert shown() == {"enabled": True}
    assert anonymous.get("/api/v1/instance/domain_blocks").json == []


def test_blocked_and_limited_hosts_as_newer_clients_ask_for_them(anonymous, setting):
    setting(mrf_simple_reject="far.example|rude, secret.example", mrf_simple_report_removal="other.example",
            mrf_simple_followers_only="far.example, *.near.example", mrf_simple_media_nsfw="near.example|spicy",
            mrf_transparency_exclusions="secret.example")

    shown = anonymous.get("/api/v1/instance/domain_blocks").json

    assert [(each["domain"], each["severity"], each["comment"]) for each in shown] == [
        ("*.near.example", "silence", ""), ("far.example", "suspend", "rude"), ("near.example", "silence", "spicy")]
    assert shown[1]["digest"] == hashlib.sha256(b"far.example").hexdigest()


def test_other_servers_are_listed_and_counted_once_their_accounts_are_known(anonymous):
    assert anonymous.get("/api/v1/instance/peers").json == []
    comes("fern")
    comes("gina")
    comes("ivy", at="https://near.example:8443")
    host_rows.note_unreachable("push.example", 1)
    about.forget()

    reply = anonymous.get("/api/v1/instance/peers")

    assert (reply.json, reply.calls) == (["far.example", "near.example:8443"], 1)
    assert anonymous.get("/api/v1/instance/peers").calls == 0
    assert anonymous.get("/api/v1/instance").json["stats"]["domain_count"] == 2


def test_one_server_is_counted_once_though_many_of_its_accounts_come_at_once(anonymous):
    at_once(*[lambda name=name: comes(name) for name in ("fern", "gina", "ivy", "june")])

    assert anonymous.get("/api/v1/instance").json["stats"]["domain_count"] == 1
