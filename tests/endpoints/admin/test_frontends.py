"""Frontends, as administrators see them: those that the settings name, and none that could be installed."""

import json

import pytest

from chalicelib.settings import settings

URL = "/api/pleroma/admin/frontends"
MANGANE = {"name": "mangane", "ref": "v2", "git": "https://example.org/mangane", "build_url": "https://example.org/v2.zip"}


def test_none_is_named_at_first(admin):
    assert admin.get(URL).json == []


def test_those_that_the_settings_name_are_listed(admin, setting):
    setting(frontends_available=json.dumps([{"name": "pleroma-fe", "ref": "develop"}, MANGANE]))

    assert admin.get(URL).json == [
        {"name": "pleroma-fe", "git": None, "build_url": None, "ref": "develop", "installed": False,
         "installed_refs": []},
        {**MANGANE, "installed": False, "installed_refs": []},
    ]


@pytest.mark.parametrize("text", ["pleroma-fe", '{"name": "x", "ref": "y"}', '[{"name": "x"}]', "[1]", "7"])
def test_a_list_of_another_form_is_told_at_the_start(text):
    with pytest.raises(ValueError, match="KENOMA_FRONTENDS_AVAILABLE must be a JSON list"):
        type(settings)().load({"KENOMA_FRONTENDS_AVAILABLE": text})


@pytest.mark.parametrize("sent", [
    {"name": "pleroma-fe"}, {"name": "mangane", "ref": "v2"}, {"name": "x", "file": "/etc/passwd"},
    {"name": "x", "build_url": "http://127.0.0.1:1/x.zip", "build_dir": "dist"},
])
def test_none_can_be_installed(admin, setting, sent):
    setting(frontends_available=json.dumps([MANGANE]))

    reply = admin.post(f"{URL}/install", json=sent)

    assert (reply.status, reply.json) == (400, {"error": "Could not install the frontend"})
    assert reply.calls == 1
    assert [each["installed"] for each in admin.get(URL).json] == [False]


def test_a_frontend_has_a_name(admin):
    reply = admin.post(f"{URL}/install", json={"ref": "v2"})

    assert (reply.status, reply.json["error"]) == (400, "Missing field: name.")


def test_each_needs_its_scope(cast):
    reader = cast.person("reader", is_admin=True, scopes="read write admin:read")
    writer = cast.person("writer", is_admin=True, scopes="read write admin:write")

    assert writer.get(URL).json == {"error": "Insufficient permissions: admin:read."}
    assert reader.post(f"{URL}/install", json={"name": "x"}).json == {
        "error": "Insufficient permissions: admin:write."}
