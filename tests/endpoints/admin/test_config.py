"""Config: settings that administrators change while the server runs, and everybody who has to follow."""

import functools
import operator
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.overrides import KEPT_SECONDS, TRIED_AGAIN_SECONDS
from chalicelib.queues import running
from chalicelib.settings import SECRETS, Settings, settings
from chalicelib.store.dynamo import connection
from chalicelib.store.instance import config as store
from tests import policing
from tests.emoji import zipped
from tests.jobs.conftest import clock  # noqa: F401

URL = "/api/pleroma/admin/config"
DISABLED = "To use this endpoint you need to enable configuration from database. (configurable_from_database)"
OF_THE_INSTANCE = [
    ":name", ":description", ":email", ":public", ":notify_email", ":registrations_open", ":invites_enabled",
    ":account_activation_required", ":account_approval_required", ":user_name_length", ":user_bio_length",
    ":max_pinned_statuses", ":limit", ":quarantined_instances", ":contact_username", ":birthday_required",
    ":birthday_min_age",
]
IDLE = "/api/v1/instance/languages"
"""Asks nothing of DynamoDB, besides the settings."""
KEYS = [":instance", ":mrf_simple", ":mrf_object_age", ":mrf", ":welcome", "Pleroma.Web.Metadata"]
POLICIES = [f"Pleroma.Web.ActivityPub.MRF.{name}" for name in ("SimplePolicy", "TagPolicy", "ObjectAgePolicy")]


@pytest.fixture
def configurable(setting):
    setting(configurable_from_database=True)


def entry(values, key=":instance", **more):
    return {"group": ":pleroma", "key": key, "value": pairs(values), **more}


def pairs(values):
    return [{"tuple": [key, pairs(value) if isinstance(value, dict) else value]} for key, value in values.items()]


def values_of(sent):
    """The values of an entry by key."""
    return {key: values_of(value) if isinstance(value, list) and value and isinstance(value[0], dict) else value
            for key, value in (each["tuple"] for each in sent)}


def sets(admin, values, key=":instance"):
    reply = admin.post(URL, json={"configs": [entry(values, key)]})
    assert reply.status == 200, reply.body
    return reply


def shown(admin, key=":instance", **params):
    """The entry of a key, or None."""
    reply = admin.get(URL, params)
    assert reply.status == 200, reply.body
    return next((each for each in reply.json["configs"] if each["key"] == key), None)


def remembered():
    """What another container remembers."""
    return dict(vars(settings))


def go_to(container):
    """Go on in another container."""
    vars(settings).clear()
    vars(settings).update(container)


# Without the switch.


def test_without_the_switch_nothing_is_configured_here(admin):
    sent = {"configs": [entry({":name": "Moths"})]}
    replies = [admin.get(URL), admin.post(URL, json=sent), admin.get("/api/pleroma/admin/restart"),
               admin.get(URL, {"only_db": True})]

    assert {(reply.status, reply.json["error"]) for reply in replies} == {(400, DISABLED)}
    assert admin.get("/api/v1/instance").json["title"] == "Kenoma"


def test_without_the_switch_descriptions_are_there_and_no_restart_is_needed(admin):
    assert admin.get("/api/pleroma/admin/need_reboot").json == {"need_reboot": False}
    assert [each["key"] for each in admin.get(f"{URL}/descriptions").json] == KEYS


def test_without_the_switch_settings_cost_no_read(admin, alice, setting):
    before = alice.get("/api/v1/timelines/home").calls
    setting(configurable_from_database=True)
    alice.get("/api/v1/timelines/home")
    setting(configurable_from_database=False)

    assert alice.get("/api/v1/timelines/home").calls == before


# Showing.


def test_all_that_may_be_changed_is_listed_with_its_value(admin, configurable, setting):
    setting(limit=4000, instance_email="us@example.org")

    instance = shown(admin)

    assert instance.keys() == {"group", "key", "value"}
    assert (instance["group"], sorted(values_of(instance["value"]))) == (":pleroma", sorted(OF_THE_INSTANCE))
    assert values_of(instance["value"]) | {":limit": 4000, ":email": "us@example.org", ":name": "Kenoma",
                                           ":registrations_open": True} == values_of(instance["value"])
    assert values_of(shown(admin, ":welcome")["value"]) == {
        ":email": {":enabled": False, ":text": ""},
        ":direct_message": {":enabled": True, ":message": "", ":sender_nickname": ""},
        ":chat_message": {":enabled": True, ":message": "", ":sender_nickname": ""},
    }
    assert admin.get(URL).json["need_reboot"] is False


def test_what_opens_screens_of_the_administrations_frontend_is_listed_and_cannot_be_set(admin, configurable):
    assert values_of(shown(admin, ":mrf")["value"])[":policies"] == POLICIES
    assert values_of(shown(admin, ":mrf_object_age")["value"]) == {
        ":actions": [":delist", ":strip_followers"], ":threshold": 604_800}
    assert shown(admin, ":media_proxy") == {
        "group": ":pleroma", "key": ":media_proxy", "value": [{"tuple": [":enabled", True]}]}

    reply = admin.post(URL, json={"configs": [entry({":policies": []}, ":mrf"),
                                              entry({":enabled": False}, ":media_proxy")]})

    assert (reply.status, reply.json) == (200, {"configs": [], "need_reboot": False})
    assert values_of(shown(admin, ":mrf")["value"])[":policies"] == POLICIES
    assert shown(admin, ":mrf", only_db=True) is None


def test_what_pleroma_fe_fails_without_is_listed_as_it_is(admin, configurable, setting):
    providers = [f"Pleroma.Web.Metadata.Providers.{name}" for name in ("OpenGraph", "TwitterCard")]
    setting(captcha="kocaptcha")

    assert values_of(shown(admin, ":http")["value"]) == {":adapter": []}
    assert values_of(shown(admin, ":ldap")["value"]) == {":enabled": False}
    assert values_of(shown(admin, "Pleroma.Web.Metadata")["value"]) == {":providers": providers}
    assert values_of(shown(admin, "Pleroma.Captcha")["value"]) == {
        ":enabled": True, ":method": "Pleroma.Captcha.Kocaptcha", ":seconds_valid": 300}
    assert values_of(shown(admin, ":frontends")["value"]) == {":primary": {"name": "", "ref": ""}}


def test_the_frontend_that_answers_browsers_is_listed(admin, configurable):
    admin.post("/api/pleroma/admin/frontends/install", form={"name": "cats", "ref": "v1"},
               files={"file": ("dist.zip", zipped({"index.html": b"<html></html>"}), "application/zip")})
    admin.put("/api/pleroma/admin/frontends/primary", json={"name": "cats"})

    assert values_of(shown(admin, ":frontends")["value"]) == {":primary": {"name": "cats", "ref": "v1"}}


def test_overrides_are_named_and_only_they_are_listed_if_asked_for(admin, configurable):
    sets(admin, {":name": "Moths", ":limit": 300})

    assert shown(admin)["db"] == [":name", ":limit"]
    assert values_of(shown(admin)["value"])[":public"] is True
    assert admin.get(URL, {"only_db": True}).json == {
        "configs": [{"group": ":pleroma", "key": ":instance", "value": pairs({":name": "Moths", ":limit": 300})}],
        "need_reboot": False}


def test_no_secret_is_listed_or_settable(admin, configurable, setting):
    setting(admin_token="the token of the machine", secret_key="the key of the sessions")
    assert Settings.changeable().keys().isdisjoint(SECRETS | {"front_key", "secrets", "configurable_from_database"})

    body = admin.get(URL).body + admin.get(f"{URL}/descriptions").body
    reply = admin.post(URL, json={"configs": [
        {"group": ":pleroma", "key": ":admin_token", "value": "mine"}, entry({":admin_token": "mine"}),
        {"group": ":pleroma", "key": ":secret_key", "value": "mine"}]})

    assert not any(word in body for word in ("of the machine", "of the sessions", "admin_token", "secret", "vapid"))
    assert reply.json == {"configs": [], "need_reboot": False}
    assert settings.admin_token == "the token of the machine"


# Descriptions.


def test_descriptions_are_made_from_the_declarations(admin):
    instance, simple, *_, welcome, metadata = admin.get(f"{URL}/descriptions").json

    assert instance.keys() == {"group", "key", "label", "type", "description", "children"}
    assert (instance["group"], instance["label"], instance["type"]) == (":pleroma", "Instance", "group")
    by_key = {each["key"]: each for each in instance["children"]}
    assert sorted(by_key) == sorted(OF_THE_INSTANCE)
    assert by_key[":name"] == {"key": ":name", "label": "Name", "type": "string", "suggestions": ["Kenoma"],
                               "description": "Title of the instance"}
    assert by_key[":account_approval_required"]["label"] == "Account approval required"
    assert {by_key[key]["type"] for key in (":public", ":invites_enabled")} == {"boolean"}
    assert (by_key[":limit"]["type"], by_key[":limit"]["suggestions"]) == ("integer", [5000])
    assert {(*each["type"], *each["suggestions"]) for each in simple["children"]} == {("list", "string")}
    assert len(simple["children"]) == 10
    assert [each["key"] for each in welcome["children"]] == [":email", ":direct_message", ":chat_message"]
    for child in welcome["children"]:
        assert child["type"] == "keyword"
        assert all(each["description"] and each["label"] for each in [child, *child["children"]])
        assert child["children"][0]["key"] == ":enabled"
    assert [each["key"] for each in metadata["children"]] == [":providers"]


# Changing.


def test_the_reply_lists_what_was_written(admin, configurable):
    sets(admin, {":limit": 300})

    reply = sets(admin, {":name": "Moths"})

    assert reply.json == {
        "configs": [{"group": ":pleroma", "key": ":instance", "value": pairs({":name": "Moths", ":limit": 300}),
                     "db": [":name", ":limit"]}],
        "need_reboot": False}


@pytest.mark.parametrize(("key", "value", "where"), [
    (":name", "Moths & Co", ("title",)),
    (":description", "All <b>moths</b>.", ("description",)),
    (":email", "us@example.org", ("email",)),
    (":limit", 300, ("max_toot_chars",)),
    (":limit", 300, ("configuration", "statuses", "max_characters")),
    (":registrations_open", False, ("registrations",)),
    (":account_approval_required", True, ("approval_required",)),
    (":account_activation_required", True, ("pleroma", "metadata", "account_activation_required")),
])
def test_the_instance_shows_the_change(admin, anonymous, configurable, key, value, where):
    sets(admin, {key: value})

    told = anonymous.get("/api/v1/instance").json
    for each in where:
        told = told[each]
    assert told == value


def test_nodeinfo_and_the_front_page_follow(admin, anonymous, configurable):
    sets(admin, {":name": "Moths", ":invites_enabled": True, ":registrations_open": False, ":public": False})

    told = anonymous.get("/nodeinfo/2.1.json").json

    assert (told["openRegistrations"], told["metadata"]["nodeName"]) == (False, "Moths")
    assert (told["metadata"]["invitesEnabled"], told["metadata"]["private"]) == (True, True)
    assert '<h1 dir="auto">Moths</h1>' in anonymous.get("/").text
    assert "Registrations are closed" in anonymous.get("/").text


def test_the_rules_follow(admin, alice, anonymous, configurable):
    long, first, second = "x" * 31, alice.posts("one")["id"], alice.posts("two")["id"]
    sets(admin, {":limit": 30, ":user_name_length": 30, ":user_bio_length": 30, ":max_pinned_statuses": 2,
                 ":public": False, ":registrations_open": False})

    assert alice.post("/api/v1/statuses", json={"status": long}).status == 422
    assert alice.patch("/api/v1/accounts/update_credentials", json={"display_name": long}).status == 403
    assert alice.patch("/api/v1/accounts/update_credentials", json={"note": long}).status == 403
    assert [alice.post(f"/api/v1/statuses/{id}/pin").status for id in (first, second)] == [200, 200]
    assert anonymous.get("/api/v1/timelines/public").status in (401, 403)


def test_letters_come_from_the_new_sender_and_name(admin, aws, cast, configurable, drain):
    sets(admin, {":notify_email": "post@example.org", ":name": "Moths"})

    cast.person("dora")
    assert admin.post("/auth/password", {"email": "dora@localhost.localdomain"}).status == 204
    drain()

    (letter,) = aws.letters.letters()
    assert "Moths" in letter["from"]
    assert "post@example.org" in letter["from"]


def test_welcoming_follows_in_the_jobs(admin, alice, anonymous, aws, configurable, drain):
    sets(admin, {":direct_message": {":message": "Ask me.", ":sender_nickname": "alice"},
                 ":email": {":enabled": True, ":text": "Hello!"}}, ":welcome")

    signs_up(anonymous, admin)
    drain()

    assert [letter["text"] for letter in aws.letters.letters()] == ["Hello!\n"]
    assert "Ask me." in alice.get(f"/api/v1/accounts/{alice.id}/statuses").json[0]["content"]


@pytest.mark.parametrize("key", [":direct_message", ":chat_message"])
def test_a_welcome_that_is_switched_off_is_not_sent(admin, alice, anonymous, configurable, drain, key):
    sets(admin, {key: {":enabled": False, ":message": "Ask me.", ":sender_nickname": "alice"}}, ":welcome")

    signs_up(anonymous, admin)
    drain()

    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []
    assert alice.get("/api/v1/pleroma/chats").json == []


def signs_up(anonymous, somebody):
    app = somebody.app
    granted = anonymous.post("/oauth/token", json={
        "grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.secret})
    reply = anonymous.post("/api/v1/accounts", json={
        "username": "dora", "email": "dora@example.org", "password": "moths and more", "agreement": True},
        headers={"Authorization": f"Bearer {granted.json['access_token']}"})
    assert reply.status == 200, reply.body


def test_values_below_values_are_merged_one_by_one(admin, configurable):
    sets(admin, {":direct_message": {":message": "Hi", ":enabled": False}}, ":welcome")
    reply = sets(admin, {":direct_message": {":sender_nickname": "alice"}}, ":welcome")

    assert reply.json["configs"][0]["db"] == [":direct_message"]
    assert values_of(reply.json["configs"][0]["value"]) == {
        ":direct_message": {":enabled": False, ":message": "Hi", ":sender_nickname": "alice"}}


def test_what_is_no_setting_of_this_kind_is_passed_over(admin, configurable):
    reply = admin.post(URL, json={"configs": [
        entry({":name": "Moths", ":static_dir": "/etc", "name": "no atom", ":federating": False}),
        {"group": ":pleroma", "key": "Pleroma.Upload", "value": [{"tuple": [":uploader", "x"]}]},
        {"group": ":logger", "key": ":instance", "value": [{"tuple": [":name", "Wrong"]}]},
        {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":static_dir", {"deep": [1, 2.5, None]}]}]},
        entry({":subject": "x"}, ":welcome"), entry({":email": {":html": "<b>"}}, ":welcome"),
    ]})

    assert reply.status == 200, reply.body
    assert [(each["key"], values_of(each["value"])) for each in reply.json["configs"]] == [
        (":instance", {":name": "Moths"})]


def test_nothing_asked_for_is_nothing_done(admin, configurable):
    assert admin.post(URL, json={"configs": []}).json == {"configs": [], "need_reboot": False}
    assert shown(admin, only_db=True) is None


@pytest.mark.parametrize(("sent", "kept"), [
    ({":limit": "300"}, {":limit": 300}), ({":public": "false"}, {":public": False}),
    ({":public": ":true"}, {":public": True}), ({":max_pinned_statuses": 0}, {":max_pinned_statuses": 0}),
    ({":name": "Ночные бабочки 🦋"}, {":name": "Ночные бабочки 🦋"}), ({":description": ""}, {":description": ""}),
    ({":name": ":moths"}, {":name": ":moths"}),
])
def test_values_are_read_as_the_settings_type(admin, configurable, sent, kept):
    assert values_of(sets(admin, sent).json["configs"][0]["value"]) == kept


@pytest.mark.parametrize("none", [None, ":nil"])
def test_none_empties_a_text_that_is_empty_by_default(admin, configurable, none):
    reply = sets(admin, {":chat_message": {":message": none}}, ":welcome")

    assert values_of(reply.json["configs"][0]["value"]) == {":chat_message": {":message": ""}}


def test_a_form_does_as_well(admin, configurable):
    reply = admin.post(URL, form=[
        ("configs[0][group]", ":pleroma"), ("configs[0][key]", ":instance"),
        ("configs[0][value][0][tuple][]", ":limit"), ("configs[0][value][0][tuple][]", "300")])

    assert reply.status == 200, reply.body
    assert values_of(reply.json["configs"][0]["value"]) == {":limit": 300}


@pytest.mark.parametrize(("sent", "kept", "text"), [
    (["Far.Example", "*.münchen.example"], ["far.example", "*.xn--mnchen-3ya.example"],
     "far.example, *.xn--mnchen-3ya.example"),
    ([{"tuple": ["far.example:8443", "rude, and 100% so"]}, {"tuple": ["b.example", ""]}],
     [{"tuple": ["far.example:8443", "rude, and 100% so"]}, {"tuple": ["b.example", ""]}],
     "far.example:8443|rude%2C and 100%25 so, b.example"),
    ([["far.example", "rude"]], [{"tuple": ["far.example", "rude"]}], "far.example|rude"),
    ([], [], ""), (None, [], ""), ("far.example", ["far.example"], "far.example"),
])
def test_hosts_are_a_list_with_reasons(admin, configurable, sent, kept, text):
    reply = sets(admin, {":reject": sent}, ":mrf_simple")

    assert reply.json["configs"][0]["value"] == [{"tuple": [":reject", kept]}]
    assert settings.mrf_simple_reject == text


def test_hosts_of_a_form(admin, configurable):
    reply = admin.post(URL, form=[
        ("configs[0][group]", ":pleroma"), ("configs[0][key]", ":mrf_simple"),
        ("configs[0][value][0][tuple][0]", ":reject"), ("configs[0][value][0][tuple][1][]", "far.example"),
        ("configs[0][value][0][tuple][1][]", "b.example")])

    assert (reply.status, settings.mrf_simple_reject) == (200, "far.example, b.example"), reply.body


@pytest.mark.parametrize(("sent", "sentence"), [
    (7, ":reject - Invalid array. Got: integer."),
    (["far.example", 7], ":reject - Invalid string. Got: integer."),
    ([{"tuple": ["far.example"]}], ":reject - Invalid string. Got: object."),
    (["https://far.example"], ":reject - Invalid format. Expected :host."),
    ([f"h{number}.example" for number in range(8_000)], ":reject - has more than 100000 characters."),
])
def test_what_are_no_hosts_is_refused(admin, configurable, sent, sentence):
    reply = admin.post(URL, json={"configs": [entry({":reject": sent}, ":mrf_simple")]})

    assert (reply.status, reply.json["error"]) == (400, sentence)
    assert settings.mrf_simple_reject == ""


def test_a_long_list_of_hosts_is_kept(admin, configurable):
    hosts = [{"tuple": [f"host{number:05}.example", "they send advertisements"]} for number in range(2_000)]

    assert sets(admin, {":reject": hosts}, ":mrf_simple").json["configs"][0]["value"][0]["tuple"][1] == hosts


# Refusing.


@pytest.mark.parametrize(("values", "sentence", "pointer"), [
    ({":limit": "many"}, ":limit - Invalid integer. Got: string.", "/configs/0/value/:limit"),
    ({":limit": 2.5}, ":limit - Invalid integer. Got: number.", "/configs/0/value/:limit"),
    ({":limit": True}, ":limit - Invalid integer. Got: boolean.", "/configs/0/value/:limit"),
    ({":limit": [300]}, ":limit - Invalid integer. Got: array.", "/configs/0/value/:limit"),
    ({":limit": None}, ":limit - null value where integer expected.", "/configs/0/value/:limit"),
    ({":limit": 2**63}, ":limit - Invalid integer. Got: integer.", "/configs/0/value/:limit"),
    ({":limit": 0}, ":limit - 0 is smaller than inclusive minimum 1.", "/configs/0/value/:limit"),
    ({":user_bio_length": -1}, ":user_bio_length - -1 is smaller than inclusive minimum 0.",
     "/configs/0/value/:user_bio_length"),
    ({":public": "maybe"}, ":public - Invalid boolean. Got: string.", "/configs/0/value/:public"),
    ({":public": 1}, ":public - Invalid boolean. Got: integer.", "/configs/0/value/:public"),
    ({":name": 7}, ":name - Invalid string. Got: integer.", "/configs/0/value/:name"),
    ({":name": None}, ":name - null value where string expected.", "/configs/0/value/:name"),
    ({":email": "nobody"}, ":email - Invalid format. Expected :email.", "/configs/0/value/:email"),
    ({":notify_email": "a@example.org\nBcc: b@example.org"}, ":notify_email - Invalid format. Expected :email.",
     "/configs/0/value/:notify_email"),
    ({":notify_email": ""}, ":notify_email - Invalid format. Expected :email.", "/configs/0/value/:notify_email"),
    ({":name": [{"x": 1}]}, ":name - Invalid string. Got: array.", "/configs/0/value/:name"),
])
def test_a_value_of_another_type_is_refused_and_nothing_is_changed(admin, configurable, values, sentence, pointer):
    reply = admin.post(URL, json={"configs": [entry({":email": "us@example.org", **values}),
                                              entry({":email": {":enabled": True}}, ":welcome")]})

    assert (reply.status, reply.json["error"]) == (400, sentence)
    assert [each["source"]["pointer"] for each in reply.json["errors"]] == [pointer]
    assert admin.get(URL, {"only_db": True}).json["configs"] == []
    assert settings.instance_email == "admin@localhost.localdomain"


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"value": "Moths"}, "value - Invalid array. Got: string."),
    ({"value": {":name": "Moths"}}, "value - Invalid array. Got: object."),
    ({}, "Missing field: value."),
    ({"value": ["Moths"]}, "0 - Invalid tuple. Got: string."),
    ({"value": [{"tuple": [":name"]}]}, "0 - Invalid tuple. Got: object."),
    ({"value": [{"tuple": [1, "x"]}]}, "0 - Invalid tuple. Got: object."),
])
def test_a_value_of_another_form_is_refused(admin, configurable, wrong, sentence):
    reply = admin.post(URL, json={"configs": [{"group": ":pleroma", "key": ":instance", **wrong}]})

    assert (reply.status, reply.json["error"]) == (400, sentence)


def test_every_fault_is_told_at_once(admin, configurable):
    reply = admin.post(URL, json={"configs": [entry({":limit": "x", ":public": "y"}),
                                              entry({":email": {":enabled": "z"}}, ":welcome")]})

    assert reply.json["error"] == (":limit - Invalid integer. Got: string. :public - Invalid boolean. Got: string. "
                                   ":enabled - Invalid boolean. Got: string.")
    assert reply.json["errors"][2]["source"]["pointer"] == "/configs/1/value/:email/:enabled"


@pytest.mark.parametrize(("sent", "sentence"), [
    ({}, "Missing field: configs."),
    ({"configs": [{"key": ":instance"}]}, "Missing field: group."),
    ({"configs": [{"group": ":pleroma"}]}, "Missing field: key."),
    ({"configs": [{"group": ":pleroma", "key": ":instance", "delete": "perhaps"}]},
     "delete - Invalid boolean. Got: string."),
])
def test_what_is_missing_is_named(admin, configurable, sent, sentence):
    reply = admin.post(URL, json=sent)

    assert (reply.status, reply.json["error"]) == (400, sentence)


def test_a_text_with_nul_is_refused(admin, configurable):
    assert admin.post(URL, json={"configs": [entry({":name": "Mo\0ths"})]}).status == 400
    assert shown(admin, only_db=True) is None


# Deleting.


def deletes(admin, key=":instance", **more):
    reply = admin.post(URL, json={"configs": [{"group": ":pleroma", "key": key, "delete": True, **more}]})
    assert reply.status == 200, reply.body
    return reply.json["configs"]


def test_a_deleted_entry_goes_back_to_the_environment(admin, configurable, setting):
    setting(instance_name="Beneath")
    sets(admin, {":name": "Moths", ":limit": 300})

    assert deletes(admin) == []

    assert admin.get("/api/v1/instance").json["title"] == "Beneath"
    assert shown(admin, only_db=True) is None
    assert "db" not in shown(admin)


def test_deleting_subkeys_leaves_the_others(admin, configurable):
    sets(admin, {":name": "Moths", ":limit": 300})

    written = deletes(admin, subkeys=[":name", ":unknown"])

    assert [(values_of(each["value"]), each["db"]) for each in written] == [({":limit": 300}, [":limit"])]
    assert admin.get("/api/v1/instance").json["title"] == "Kenoma"
    assert deletes(admin, subkeys=[":limit"]) == []
    assert shown(admin, only_db=True) is None


def test_deleting_a_subkey_takes_what_is_below_it(admin, configurable):
    sets(admin, {":email": {":enabled": True}, ":chat_message": {":message": "a", ":enabled": True}}, ":welcome")

    (written,) = deletes(admin, ":welcome", subkeys=[":chat_message"])

    assert values_of(written["value"]) == {":email": {":enabled": True}}


@pytest.mark.parametrize("more", [{}, {"subkeys": [":name"]}, {"subkeys": []}])
def test_deleting_what_is_not_there_is_passed_over(admin, configurable, more):
    sets(admin, {":email": {":enabled": True}}, ":welcome")

    assert deletes(admin, **more) == []
    assert deletes(admin, ":no_such_key", **more) == []
    assert shown(admin, ":welcome", only_db=True) is not None


def test_changes_of_one_request_follow_each_other(admin, configurable):
    sets(admin, {":limit": 300})

    reply = admin.post(URL, json={"configs": [
        {"group": ":pleroma", "key": ":instance", "delete": True}, entry({":name": "Moths"})]})

    assert values_of(reply.json["configs"][0]["value"]) == {":name": "Moths"}


# Who sees it, and when.


def test_another_container_sees_it_within_a_minute_and_reads_once_a_minute(
        admin, anonymous, configurable, clock):  # noqa: F811
    idle = anonymous.get(IDLE).calls
    other = remembered()
    sets(admin, {":name": "Moths"})
    assert anonymous.get("/api/v1/instance").json["title"] == "Moths", "the writer's own container shows it at once"

    go_to(other)
    assert (anonymous.get("/api/v1/instance").json["title"], idle) == ("Kenoma", 1)
    assert anonymous.get(IDLE).calls == 0
    clock.pass_by(KEPT_SECONDS + 1)

    assert [anonymous.get(IDLE).calls for _ in range(3)] == [1, 0, 0]
    assert anonymous.get("/api/v1/instance").json["title"] == "Moths"


def test_another_container_sees_what_was_taken_back(admin, anonymous, configurable, clock):  # noqa: F811
    sets(admin, {":name": "Moths"})
    other = remembered()
    deletes(admin)

    go_to(other)
    assert anonymous.get("/api/v1/instance").json["title"] == "Moths"
    clock.pass_by(KEPT_SECONDS + 1)

    assert anonymous.get("/api/v1/instance").json["title"] == "Kenoma"


def test_a_change_survives_a_restart(admin, anonymous, configurable):
    sets(admin, {":name": "Moths", ":limit": 300})

    settings.load({**os.environ, "KENOMA_CONFIGURABLE_FROM_DATABASE": "on"})
    assert settings.instance_name == "Kenoma"

    assert anonymous.get("/api/v1/instance").json["title"] == "Moths"
    assert settings.limit == 300


def test_a_restart_only_reads_the_settings_again(admin, configurable):
    other = remembered()
    sets(admin, {":name": "Moths"})
    go_to(other)

    reply = admin.get("/api/pleroma/admin/restart")

    assert (reply.status, reply.json) == (200, {})
    assert admin.get("/api/v1/instance").json["title"] == "Moths"
    assert admin.get("/api/pleroma/admin/need_reboot").json == {"need_reboot": False}


def test_what_cannot_be_read_stays_as_it_was(admin, anonymous, configurable, clock):  # noqa: F811
    sets(admin, {":name": "Moths"})
    anonymous.get("/api/v1/instance")
    clock.pass_by(KEPT_SECONDS + 1)
    refuse = Refusing()

    with refuse:
        assert anonymous.get("/api/v1/instance").json["title"] == "Moths"
        asked = refuse.count
        assert anonymous.get("/api/v1/instance").json["title"] == "Moths"
        assert refuse.count == asked > 0, "not every request waits for it"
    clock.pass_by(TRIED_AGAIN_SECONDS + 1)

    assert anonymous.get(IDLE).calls == 1
    assert anonymous.get(IDLE).calls == 0


class Refusing:
    """A DynamoDB that does not answer."""

    def __init__(self):
        self.client, self.count = connection.shared().client, 0

    def __enter__(self):
        self.client.meta.events.register("before-send.dynamodb.BatchGetItem", self._refuse, unique_id="refusing")

    def __exit__(self, *_):
        self.client.meta.events.unregister("before-send.dynamodb.BatchGetItem", unique_id="refusing")

    def _refuse(self, request, **_):
        self.count += 1
        raise ConnectionError("nobody is there")


def test_jobs_of_every_queue_see_it(admin, configurable):
    """Each function reads the settings by itself."""
    other = remembered()
    sets(admin, {":name": "Moths"})
    for queue in ("timelines", "inbox", "outside", "imports", "archives"):
        go_to(other)
        with policing.inside(f"on_{queue}"):
            running.run_batch(queue, {"Records": []})
        assert settings.instance_name == "Moths", queue


# At once.


def test_two_administrators_at_once_lose_nothing(admin, configurable):
    wanted = [{":name": "Moths"}, {":limit": 300}, {":email": "us@example.org"}, {":public": True},
              {":user_bio_length": 77}, {":max_pinned_statuses": 7}]

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda values: admin.post(URL, json={"configs": [entry(values)]}).status, wanted))

    assert statuses == [200] * 6
    stored = values_of(shown(admin, only_db=True)["value"])
    assert stored == functools.reduce(operator.or_, wanted)
    assert int(store.load()[":instance"].version) == 6
    assert (settings.instance_name, settings.limit, settings.max_pinned_statuses) == ("Moths", 300, 7)


def test_both_entries_change_together_or_not_at_all(admin, configurable):
    admin.post(URL, json={"configs": [entry({":name": "Moths"}), entry({":email": {":enabled": True}}, ":welcome")]})

    assert [each["key"] for each in admin.get(URL, {"only_db": True}).json["configs"]] == [":instance", ":welcome"]
    rows = store.load()
    assert not store.save(rows | {":instance": store.Config.blank(store.KIND, ":instance")},
                          {":instance": {}, ":welcome": {}}), "an older version"
    assert shown(admin, ":welcome", only_db=True) is not None


def test_an_override_that_a_new_version_would_not_take_is_passed_over(admin, anonymous, configurable):
    store.save(store.load(), {":instance": {"limit": "many", "no_such_setting": 1, "instance_name": "Moths"}})

    assert anonymous.get("/api/v1/instance").json["title"] == "Moths"
    assert settings.limit == 5000
    assert shown(admin)["db"] == [":name"]


def test_config_costs_the_same_however_much_is_set(admin, configurable):
    admin.get(URL)
    one = admin.get(URL).calls
    sets(admin, {":name": "Moths", ":limit": 300, ":email": "us@example.org"})

    assert admin.get(URL).calls == one == 3
    assert sets(admin, {":name": "Bees"}).calls == 4


def test_each_needs_its_scope(cast, admin):
    reader = cast.person("reader", is_admin=True, scopes="read write admin:read")
    writer = cast.person("writer", is_admin=True, scopes="read write admin:write")

    for path in (URL, f"{URL}/descriptions", "/api/pleroma/admin/need_reboot"):
        assert writer.get(path).json == {"error": "Insufficient permissions: admin:read."}
    assert reader.post(URL, json={"configs": []}).json == {"error": "Insufficient permissions: admin:write."}
    assert reader.get("/api/pleroma/admin/restart").json == {"error": "Insufficient permissions: admin:write."}
