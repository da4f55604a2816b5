"""/api/v2/instance, and the small documents that newer clients ask for when they start."""

from __future__ import annotations

import pytest

from chalicelib import endpoints
from chalicelib.domain import text
from chalicelib.domain.instance import about, features
from tests.domain.federation.foreigners import comes
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY


def shown_to(person):
    return person.get("/api/v2/instance").json


def test_the_instance_in_its_newer_form(anonymous, setting):
    setting(instance_name="Moths", instance_description="For <b>moths</b>.", repository="https://source.example/kenoma",
            instance_rules="Be kind.")

    reply = anonymous.get("/api/v2/instance")

    shown = reply.json
    assert reply.status == 200
    assert shown.keys() == {
        "domain", "title", "version", "source_url", "description", "usage", "thumbnail", "icon", "languages",
        "configuration", "registrations", "api_versions", "contact", "rules", "pleroma"}
    assert shown["domain"] == "kenoma.test", "the bare host: clients put https:// before it"
    assert (shown["title"], shown["description"]) == ("Moths", "For moths.")
    assert shown["source_url"] == "https://source.example/kenoma"
    assert shown["usage"] == {"users": {"active_month": 0}}
    assert shown["thumbnail"] == {"url": "http://kenoma.test/instance/thumbnail.jpeg", "versions": {},
                                  "description": ""}
    assert shown["contact"] == {"email": "admin@localhost.localdomain", "account": None}
    assert shown["rules"] == [{"id": "1", "text": "Be kind.", "hint": "", "translations": {}}]
    assert shown["registrations"] == {"enabled": True, "approval_required": False, "reason_required": False,
                                      "message": None, "min_age": None, "url": None}


def test_its_configuration_says_what_the_rules_of_this_server_are(anonymous, setting):
    setting(limit=100, max_pinned_statuses=3, poll_max_options=4, upload_limit=1_000, description_limit=700,
            vapid_public_key=PUBLIC_KEY, vapid_private_key=PRIVATE_KEY, user_bio_length=60, max_account_fields=2)

    shown = shown_to(anonymous)["configuration"]

    older = anonymous.get("/api/v1/instance").json["configuration"]
    assert older == {name: shown[name] for name in ("accounts", "statuses", "media_attachments", "polls")}
    assert shown["statuses"] == {"max_characters": 100, "max_media_attachments": about.MAX_ATTACHMENTS,
                                 "characters_reserved_per_url": text.LINK_LENGTH}
    assert shown["accounts"].items() >= {"max_pinned_statuses": 3, "max_note_length": 60, "max_profile_fields": 2,
                                         "max_featured_tags": about.MAX_FEATURED_TAGS}.items()
    media = shown["media_attachments"]
    assert (media["image_size_limit"], media["video_size_limit"], media["description_limit"]) == (1_000, 1_000, 700)
    assert {"image_matrix_limit", "video_frame_rate_limit", "video_matrix_limit"} <= media.keys()
    assert shown["polls"]["max_options"] == 4
    assert shown["vapid"] == {"public_key": PUBLIC_KEY}
    assert (shown["translation"], shown["limited_federation"]) == ({"enabled": False}, False)


@pytest.mark.parametrize(("settings", "readers"), [
    ({}, "public"), ({"restrict_timelines": True}, "authenticated"), ({"public": False}, "authenticated")])
def test_it_says_who_may_read_timelines(anonymous, setting, settings, readers):
    setting(**settings)

    access = shown_to(anonymous)["configuration"]["timelines_access"]

    feed = {"local": readers, "remote": readers}
    assert access == {"live_feeds": feed, "hashtag_feeds": feed, "trending_link_feeds": feed}


def test_its_addresses_lead_somewhere(anonymous):
    urls = shown_to(anonymous)["configuration"]["urls"]

    assert "streaming" not in urls, "clients would open a socket at once"
    assert urls["status"] is None
    for url in (urls["about"], urls["privacy_policy"], urls["terms_of_service"]):
        assert anonymous.get(url.removeprefix("http://kenoma.test")).status == 200


def test_what_is_announced_stands_in_one_place(anonymous, monkeypatch):
    monkeypatch.setattr(features, "ANNOUNCED", features.Announced("4.9.0", "2.99.1", 6))

    newer, older = shown_to(anonymous), anonymous.get("/api/v1/instance").json

    assert newer["version"] == older["version"] == "4.9.0 (compatible; Pleroma 2.99.1)"
    assert newer["api_versions"] == {"mastodon": 6}
    software = anonymous.get("/nodeinfo/2.1.json").json["software"]
    assert (software["name"], software["version"]) == ("pleroma", "2.99.1")


def test_pleromas_own_part_is_the_same_in_both_forms(anonymous):
    newer, older = shown_to(anonymous)["pleroma"], anonymous.get("/api/v1/instance").json["pleroma"]

    assert newer == older
    assert newer["stats"] == {"mau": 0}
    assert newer["metadata"].items() >= {
        "birthday_required": False, "birthday_min_age": 0, "chat_limit": 5000, "shout_limit": 0,
        "avatar_upload_limit": 2000000, "translation": {"source_languages": None, "target_languages": None}}.items()
    assert newer["metadata"]["restrict_unauthenticated"] == {
        "timelines": {"local": False, "federated": False}, "profiles": {"local": False, "remote": False},
        "activities": {"local": False, "remote": False}}


def test_features_lead_to_routes_that_exist():
    endpoints.load()
    from chalicelib.endpoints.instance.instance import served

    named = features.list_features(served())
    assert {"pleroma:get:main/ostatus", "shareable_emoji_packs", "blockers_visible"} <= set(named)
    assert not {"chat", "shout", "media_proxy", "relay", "events", "pleroma:group_actors"} & set(features.FEATURES)
    assert len(named) == len(set(named))


def test_a_contact_is_shown_where_one_is_named(anonymous, alice, setting):
    setting(instance_contact="alice")

    newer, older = shown_to(anonymous), anonymous.get("/api/v1/instance").json

    assert newer["contact"]["account"]["id"] == older["contact_account"]["id"] == alice.id
    setting(restrict_profiles=True)
    assert shown_to(anonymous)["contact"]["account"] is None
    setting(restrict_profiles=False, instance_contact="")
    assert shown_to(anonymous)["contact"]["account"] is None


def test_it_costs_one_call_a_minute(anonymous):
    first = anonymous.get("/api/v2/instance/")

    assert (first.status, first.calls) == (200, 1)
    for path in ("/api/v2/instance", "/api/v1/instance/", "/api/v1/instance/rules"):
        assert anonymous.get(path).calls == 0


# Smaller documents.


def test_a_link_counts_as_clients_are_told(alice, setting):
    setting(limit=40)
    link = "https://a.example/" + "x" * 500

    reply = alice.post("/api/v1/statuses", {"status": f"{'w' * 16} {link}"})

    assert reply.status == 200
    assert link in reply.json["content"]
    assert alice.post("/api/v1/statuses", {"status": f"{'w' * 17} {link}"}).status == 422


def test_documents_of_the_instance_for_clients_that_show_them_themselves(anonymous, admin):
    assert anonymous.get("/api/v1/instance/extended_description").json["updated_at"] == "2026-11-30"
    terms = anonymous.get("/api/v1/instance/terms_of_service").json
    assert (terms["effective"], terms["succeeded_by"]) == (True, None)
    assert "<p>" in terms["content"]
    assert anonymous.get("/api/v1/instance/terms_of_service/2026-11-30").json == terms
    assert anonymous.get("/api/v1/instance/terms_of_service/2020-01-01").status == 404

    privacy = anonymous.get("/api/v1/instance/privacy_policy").json
    assert privacy.keys() == {"updated_at", "content"}
    assert (privacy["updated_at"], "e-mail" in privacy["content"]) == ("2026-11-30", True)

    for name in ("instance-panel", "terms-of-service", "privacy-policy"):
        html = b"<p>Hello</p><script>bad()</script>"
        admin.patch(f"/api/pleroma/admin/instance_document/{name}", files={"file": ("x.html", html, "text/html")})

    described = anonymous.get("/api/v1/instance/extended_description").json
    assert described["content"] == anonymous.get("/api/v1/instance/terms_of_service").json["content"]
    assert described == anonymous.get("/api/v1/instance/privacy_policy").json
    assert described["content"].startswith("<p>Hello</p>")
    assert "<script" not in described["content"]
    assert described["updated_at"] == admin.get("/api/pleroma/admin/users/admin").json["created_at"][:10]


def test_servers_are_found_by_a_part_of_their_name(anonymous):
    comes("fern")
    comes("ivy", at="https://near.example")
    about.forget()

    found = {q: anonymous.get("/api/v1/peers/search", {"q": q}).json for q in ("NEAR", "example", "nowhere", " ", "")}

    assert found == {"NEAR": ["near.example"], "example": ["far.example", "near.example"], "nowhere": [], " ": [],
                     "": []}


def test_languages(anonymous):
    assert anonymous.get("/api/v1/instance/languages").json == [{"code": "en", "name": "English"}]
    assert anonymous.get("/api/v1/instance/translation_languages").json == {}


def test_whether_it_answers_at_all(anonymous):
    reply = anonymous.get("/health")

    assert (reply.status, reply.text, reply.calls) == (200, "OK", 0)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_manifest_of_the_web_app(anonymous, setting):
    setting(instance_name="Moths")

    reply = anonymous.get("/manifest.json")

    assert (reply.json["name"], reply.json["start_url"]) == ("Moths", "/")
    assert reply.headers["content-type"] == "application/manifest+json; charset=utf-8"
