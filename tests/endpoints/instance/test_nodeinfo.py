"""Nodeinfo."""

from __future__ import annotations

import pytest


def test_nodeinfo_says_where_it_is_and_each_address_answers(anonymous):
    links = anonymous.get("/.well-known/nodeinfo").json["links"]

    assert links == [
        {"rel": f"http://nodeinfo.diaspora.software/ns/schema/{version}",
         "href": f"http://kenoma.test/nodeinfo/{version}.json"} for version in ("2.0", "2.1")
    ]
    for link in links:
        assert anonymous.get(link["href"].removeprefix("http://kenoma.test")).status == 200


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_nodeinfo_describes_the_server(setting, anonymous, alice, admin, version):
    setting(repository="https://source.example/kenoma")
    reply = anonymous.get(f"/nodeinfo/{version}.json")

    shown = reply.json
    assert reply.headers["content-type"] == (
        f"application/json; profile=http://nodeinfo.diaspora.software/ns/schema/{version}#; charset=utf-8")
    assert anonymous.get(f"/nodeinfo/{version}").json == shown
    assert shown["version"] == version
    assert shown["software"]["name"] == "pleroma"
    assert ("repository" in shown["software"]) == (version == "2.1")
    assert shown["protocols"] == ["activitypub"]
    assert shown["services"] == {"inbound": [], "outbound": []}
    assert shown["openRegistrations"] is True
    assert shown["usage"] == {"users": {"total": 2}, "localPosts": 0}
    metadata = shown["metadata"]
    assert metadata.keys() == {
        "nodeName", "nodeDescription", "private", "suggestions", "staffAccounts", "federation", "pollLimits",
        "postFormats", "uploadLimits", "fieldsLimits", "accountActivationRequired", "invitesEnabled", "mailerEnabled",
        "features", "localBubbleInstances", "restrictedNicknames", "skipThreadContainment",
    }
    assert metadata["staffAccounts"] == ["http://kenoma.test/users/admin"]
    assert metadata["uploadLimits"] == {"general": 16000000, "avatar": 2000000, "banner": 4000000,
                                        "background": 4000000}
    assert metadata["fieldsLimits"] == {"maxFields": 10, "maxRemoteFields": 20, "nameLength": 512, "valueLength": 2048}
    assert metadata["suggestions"] == {"enabled": False}
    assert "pleroma_emoji_reactions" in metadata["features"]
    assert "verify_credentials" in metadata["restrictedNicknames"]


@pytest.mark.parametrize("version", ["1.0", "2.2.json", "json", "2.0.json.json", "x" * 500])
def test_other_versions_of_nodeinfo(anonymous, version):
    reply = anonymous.get(f"/nodeinfo/{version}")

    assert (reply.status, reply.json) == (404, {"error": "Nodeinfo schema version not handled"})


def test_nodeinfo_is_answered_from_memory(anonymous, admin):
    first, second = anonymous.get("/nodeinfo/2.0.json"), anonymous.get("/nodeinfo/2.1.json")

    assert (first.calls, second.calls) == (3, 0)


@pytest.mark.parametrize("on", [True, False])
def test_it_says_whether_the_server_speaks_with_others(anonymous, setting, on):
    setting(federating=on)

    shown = anonymous.get("/nodeinfo/2.1.json").json

    assert shown["metadata"]["federation"]["enabled"] is on
    assert (shown["protocols"], shown["services"]) == (["activitypub"], {"inbound": [], "outbound": []})
