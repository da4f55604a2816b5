"""Administration of OAuth apps: listing, making, changing and deleting them."""

from typing import Any

import pytest

from chalicelib.domain.instance import backfilling
from chalicelib.domain.staff import apps as rules
from chalicelib.queues.accounts import EndApp
from chalicelib.queues.queue import Again
from chalicelib.store.dynamo import walking
from chalicelib.store.dynamo.table import update
from chalicelib.store.instance.counters import Fact
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.store.signing_in.tokens import Token
from tests.at_once import at_once
from tests.cast import PASSWORD, Person
from tests.endpoints.signing_in.granting import NO_GRANT
from tests.faults import before_call

APPS = "/api/pleroma/admin/oauth_app"
OOB = "urn:ietf:wg:oauth:2.0:oob"
NEW = {"name": "New app", "redirect_uris": OOB}
UNKNOWN = (400, "")


def outcome(reply):
    return reply.status, reply.json


def page(admin, **params):
    reply = admin.get(APPS, params)
    assert reply.status == 200, reply.body
    assert reply.json.keys() == {"apps", "count", "page_size"}
    return reply.json


def names(admin, **params):
    return [app["name"] for app in page(admin, **params)["apps"]]


def makes(admin, name="New app", **more):
    reply = admin.post(APPS, json={"name": name, "redirect_uris": OOB, **more})
    assert reply.status == 200, reply.body
    return reply.json


def registers(anonymous, name):
    reply = anonymous.post("/api/v1/apps", json={"client_name": name, "redirect_uris": OOB, "scopes": "read write"})
    assert reply.status == 200
    return reply.json


def signs_in(anonymous, app, nickname):
    """A person by a token that the app got for them."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "username": nickname, "password": PASSWORD})
    assert reply.status == 200, reply.body
    return Person(token=reply.json["access_token"]), reply.json


def is_signed_in(person):
    return person.get("/api/v1/accounts/verify_credentials").status == 200


# Making.


def test_a_new_app_has_exactly_these_keys(admin):
    app = makes(admin, redirect_uris=f"{OOB}\nhttps://a.example/back", scopes=["read", "write"],
                website="https://a.example", trusted=True)

    assert app == {
        "id": app["id"], "name": "New app", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "redirect_uri": f"{OOB}\nhttps://a.example/back", "website": "https://a.example", "trusted": True,
    }
    assert isinstance(app["id"], int)
    assert len(app["client_id"]) == len(app["client_secret"]) == 43
    assert "=" not in app["client_id"] + app["client_secret"]
    assert apps.find(app["client_id"]).redirect_list == [OOB, "https://a.example/back"]


def test_most_may_be_left_out(admin):
    app = makes(admin)

    assert (app["website"], app["trusted"]) == (None, False)
    assert apps.find(app["client_id"]).scope_list == ()


def test_where_notifications_are_pushed_it_has_the_key_for_that(admin, setting):
    setting(vapid_public_key="a key", vapid_private_key="another")

    assert makes(admin)["vapid_key"] == "a key"
    assert all(app["vapid_key"] == "a key" for app in page(admin)["apps"])


@pytest.mark.parametrize("scopes", ["read write", "read,write", ["read", "write"], ["read write"]])
def test_scopes_are_a_list_or_a_text(admin, scopes):
    assert apps.find(makes(admin, scopes=scopes)["client_id"]).scope_list == ("read", "write")


@pytest.mark.parametrize("how", ["json", "form", "params"])
def test_it_may_be_said_anywhere(admin, how):
    reply = admin.post(APPS, **{how: {**NEW, "scopes": ["read"], "trusted": "true"}})

    assert (reply.status, reply.json["trusted"]) == (200, True)


@pytest.mark.parametrize(("sent", "error", "keys"), [
    ({}, "Missing field: name. Missing field: redirect_uris.", {"name", "redirect_uris"}),
    ({"name": "x"}, "Missing field: redirect_uris.", {"redirect_uris"}),
    ({"redirect_uris": OOB}, "Missing field: name.", {"name"}),
    ({"name": " ", "redirect_uris": ""}, "name - can't be blank. redirect_uris - can't be blank.",
     {"name", "redirect_uris"}),
    ({"name": "", "redirect_uris": OOB}, "name - can't be blank.", {"name"}),
])
def test_a_name_and_an_address_are_required_and_each_fault_has_a_key(admin, sent, error, keys):
    before = page(admin)["count"]

    reply = admin.post(APPS, json=sent)

    assert reply.status == 400
    assert reply.json.keys() == {"error", "errors"} | keys
    assert reply.json["error"] == error
    assert {reply.json[key] for key in keys} == {"can't be blank"}
    assert [each["source"]["pointer"] for each in reply.json["errors"]] == [
        f"/{name}" for name in ("name", "redirect_uris") if name in keys]
    assert page(admin)["count"] == before


@pytest.mark.parametrize(("wrong", "error"), [
    ({"name": 1}, "name - Invalid string. Got: integer."),
    ({"trusted": "perhaps"}, "trusted - Invalid boolean. Got: string."),
    ({"name": "Mastodon-Local"}, "is reserved"),
    ({"name": "x" * 1_001}, "should be at most 1000 character(s)"),
    ({"redirect_uris": "x" * 10_001}, "should be at most 10000 character(s)"),
    ({"website": "x" * 2_001}, "should be at most 2000 character(s)"),
    ({"scopes": ["x" * 2_001]}, "should be at most 2000 character(s)"),
])
def test_what_an_app_cannot_have_is_refused(admin, wrong, error):
    reply = admin.post(APPS, json={**NEW, **wrong})
    id = makes(admin, "another")["id"]
    changing = admin.patch(f"{APPS}/{id}", json=wrong)

    assert (reply.status, reply.json["error"]) == (changing.status, changing.json["error"]) == (400, error)


def test_a_trusted_app_registers_people_without_a_captcha(admin, anonymous, setting):
    setting(captcha="native")
    app, other = makes(admin, trusted=True, scopes="read"), makes(admin, scopes="read")

    def signs_up(app, username):
        token = anonymous.post("/oauth/token", form={
            "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"]})
        return Person(token=token.json["access_token"]).post("/api/v1/accounts", json={
            "username": username, "password": "a secret", "agreement": True})

    assert signs_up(app, "one").status == 200
    assert signs_up(other, "two").status == 400
    admin.patch(f"{APPS}/{app['id']}", json={"trusted": False})
    assert signs_up(app, "three").status == 400
    admin.patch(f"{APPS}/{other['id']}", json={"trusted": True})
    assert signs_up(other, "four").status == 200


# The list.


def test_all_apps_are_listed_by_number_whoever_made_them(admin, anonymous):
    first, second, third = makes(admin, "b", trusted=True), registers(anonymous, "a"), makes(admin, "c")

    shown = page(admin)

    assert [app["name"] for app in shown["apps"]] == ["Kenoma tests", "b", "a", "c"]
    assert [app["id"] for app in shown["apps"]] == sorted(app["id"] for app in shown["apps"])
    assert shown["apps"][1] == first
    assert shown["apps"][3] == third
    assert str(shown["apps"][2]["id"]) == second["id"]
    assert (shown["count"], shown["page_size"]) == (4, 50)


@pytest.mark.parametrize(("wanted", "expected"), [
    ({"trusted": True}, ["b", "a"]), ({"trusted": False}, ["Kenoma tests", "a", "A"]), ({"name": "a"}, ["a", "a"]),
    ({"name": "a", "trusted": True}, ["a"]), ({"name": "a", "trusted": "false"}, ["a"]), ({"name": "nothing"}, []),
    ({"name": "", "client_id": "", "trusted": ""}, ["Kenoma tests", "b", "a", "a", "A"]), ({"client_id": "no"}, []),
    ({"name": "x" * 5_000}, []), ({"client_id": "x" * 5_000}, []),
])
def test_filters_hold_together_and_count_what_matches(admin, wanted, expected):
    for name, trusted in (("b", True), ("a", False), ("a", True), ("A", False)):
        makes(admin, name, trusted=trusted)

    assert (names(admin, **wanted), page(admin, **wanted)["count"]) == (expected, len(expected))


def test_an_app_is_found_by_its_client_id(admin):
    app = makes(admin, "b", trusted=True)

    assert page(admin, client_id=app["client_id"]) == {"apps": [app], "count": 1, "page_size": 50}
    assert names(admin, client_id=app["client_id"], name="b", trusted=True) == ["b"]
    assert names(admin, client_id=app["client_id"], name="a") == []
    assert names(admin, client_id=app["client_id"], trusted=False) == []
    assert page(admin, client_id=app["client_id"], page=2)["apps"] == []


def test_names_of_any_length_are_found(admin):
    name = "🦊" * 1_000
    makes(admin, name)

    assert names(admin, name=name) == [name]


def test_pages_follow_each_other_and_end(admin, anonymous):
    for number in range(6):
        makes(admin, f"{number}", trusted=number % 2 == 1)
    everything = names(admin)

    pages = [names(admin, page=number, page_size=3) for number in (1, 2, 3, 4)]

    assert [name for each in pages for name in each] == everything
    assert [len(each) for each in pages] == [3, 3, 1, 0]
    assert page(admin, page=4, page_size=3) == {"apps": [], "count": 7, "page_size": 3}
    assert names(admin, page=0) == names(admin, page=-5) == everything
    assert page(admin, page_size=5_000)["page_size"] == 100
    assert page(admin, page_size=0)["page_size"] == 1
    assert page(admin, page=10**15)["apps"] == []


@pytest.mark.parametrize("name", ["page", "page_size"])
def test_a_page_is_a_number(admin, name):
    reply = admin.get(APPS, {name: "first"})

    assert (reply.status, reply.json["error"]) == (400, f"{name} - Invalid integer. Got: string.")


def test_many_apps_take_the_calls_of_one(admin):
    makes(admin, "same")
    wishes: tuple[dict[str, Any], ...] = ({}, {"trusted": False}, {"name": "same"})
    one = [admin.get(APPS, wanted).calls for wanted in wishes]
    for _ in range(20):
        makes(admin, "same")

    assert [admin.get(APPS, wanted).calls for wanted in wishes] == one == [5, 4, 6]


def test_registering_takes_no_call_more_for_being_counted(anonymous):
    assert anonymous.post("/api/v1/apps", json={"client_name": "x", "redirect_uris": OOB}).calls == 2


def test_registering_at_once_counts_each(admin, anonymous):
    at_once(*[lambda: registers(anonymous, "same")] * 10)

    assert page(admin, name="same")["count"] == 10
    assert page(admin)["count"] == len(page(admin)["apps"]) == 11


# Changing.


def test_what_is_not_sent_stays(admin):
    app = makes(admin, "before", website="https://a.example", trusted=True, scopes="read")

    assert outcome(admin.patch(f"{APPS}/{app['id']}", json={})) == (200, app)
    assert outcome(admin.patch(f"{APPS}/{app['id']}", json={"name": "after"})) == (200, app | {"name": "after"})
    assert page(admin, trusted=True)["apps"] == [app | {"name": "after"}]
    assert apps.find(app["client_id"]).scope_list == ("read",)


def test_everything_can_be_changed(admin):
    app = makes(admin, website="https://a.example", trusted=True, scopes="read")
    changed = {"name": "x", "redirect_uris": "https://b.example", "scopes": "write follow", "website": "",
               "trusted": False}

    reply = admin.patch(f"{APPS}/{app['id']}", form=changed)

    assert outcome(reply) == (200, app | {"name": "x", "redirect_uri": "https://b.example", "website": None,
                                          "trusted": False})
    assert apps.find(app["client_id"]).scope_list == ("write", "follow")
    assert page(admin, name="x")["apps"] == [reply.json]
    assert (page(admin, trusted=True)["count"], page(admin, trusted=False)["count"]) == (0, 2)
    assert page(admin, name="New app")["count"] == 0


@pytest.mark.parametrize("blank", ["name", "redirect_uris"])
def test_nothing_becomes_blank(admin, blank):
    app = makes(admin)

    reply = admin.patch(f"{APPS}/{app['id']}", json={blank: " "})

    assert (reply.status, reply.json[blank]) == (400, "can't be blank")
    assert app in page(admin)["apps"]


@pytest.mark.parametrize("id", ["999", "0", "-1", str(2**63 - 1)])
def test_an_unknown_app_is_an_empty_text(admin, id):
    assert outcome(admin.patch(f"{APPS}/{id}", json={"name": "x"})) == UNKNOWN
    assert outcome(admin.delete(f"{APPS}/{id}")) == UNKNOWN


@pytest.mark.parametrize("id", ["first", "1.5", str(2**70)])
def test_what_is_no_number_is_no_app(admin, id):
    for reply in (admin.patch(f"{APPS}/{id}", json={"name": "x"}), admin.delete(f"{APPS}/{id}")):
        assert (reply.status, reply.json["error"]) == (400, "id - Invalid integer. Got: string.")


def test_changes_at_once_leave_the_counts_true(admin):
    app = makes(admin)
    changes = [{"trusted": True}, {"name": "x"}, {"trusted": False}, {"name": "y", "trusted": True}] * 2

    replies = at_once(*[lambda each=each: admin.patch(f"{APPS}/{app['id']}", json=each) for each in changes])

    assert {reply.status for reply in replies} == {200}
    (left,) = page(admin, client_id=app["client_id"])["apps"]
    for trusted in (True, False):
        assert page(admin, trusted=trusted)["count"] == len(page(admin, trusted=trusted)["apps"])
    assert page(admin, name=left["name"], trusted=left["trusted"])["apps"] == [left]
    assert page(admin)["count"] == 2


# Deleting.


def test_a_deleted_app_is_gone_with_its_tokens(admin, anonymous, alice, bob, drain):
    app, other = registers(anonymous, "this"), registers(anonymous, "that")
    hers, body = signs_in(anonymous, app, "alice")
    his, _ = signs_in(anonymous, app, "bob")
    others, _ = signs_in(anonymous, other, "alice")

    reply = admin.delete(f"{APPS}/{app['id']}")

    assert (reply.status, reply.body) == (204, "")
    assert [is_signed_in(each) for each in (hers, his, others, alice)] == [False, False, True, True]
    assert names(admin) == ["Kenoma tests", "that"]
    assert page(admin)["count"] == 2
    refreshing = anonymous.post("/oauth/token", form={
        "grant_type": "refresh_token", "refresh_token": body["refresh_token"], "client_id": app["client_id"],
        "client_secret": app["client_secret"]})
    assert outcome(refreshing) == (400, NO_GRANT)
    drain()
    assert list(Token.by_app.query(app["client_id"])) == []


def test_a_code_of_a_deleted_app_is_worth_nothing(admin, anonymous, alice):
    app = registers(anonymous, "this")
    allowed = anonymous.post("/oauth/authorize", form={
        "authorization[client_id]": app["client_id"], "authorization[redirect_uri]": OOB,
        "authorization[scope]": "read", "authorization[response_type]": "code", "authorization[name]": "alice",
        "authorization[password]": PASSWORD})
    code = allowed.text.split("<code>")[-1].split("</code>")[0] if "<code>" in allowed.text else allowed.text
    admin.delete(f"{APPS}/{app['id']}")

    reply = anonymous.post("/oauth/token", form={
        "grant_type": "authorization_code", "code": code[:43], "redirect_uri": OOB, "client_id": app["client_id"],
        "client_secret": app["client_secret"]})

    assert outcome(reply) == (400, NO_GRANT)


def test_more_tokens_than_fit_are_ended_by_a_job(admin, anonymous, alice, drain, monkeypatch):
    monkeypatch.setattr(rules, "ENDED_AT_ONCE", 3)
    monkeypatch.setattr(rules, "ENDED_IN_A_RUN", 4)
    app = registers(anonymous, "this")
    held = [Person(token=tokens.issue(alice.id, app["client_id"], ["read"], 0).access_token) for _ in range(9)]

    assert admin.delete(f"{APPS}/{app['id']}").status == 204
    assert any(is_signed_in(each) for each in held)
    drain()

    assert not any(is_signed_in(each) for each in held)
    assert is_signed_in(alice)


def test_a_token_that_was_being_made_is_ended_too(admin, anonymous, alice):
    app = registers(anonymous, "this")
    admin.delete(f"{APPS}/{app['id']}")
    first = rules.end_tokens(EndApp(app["client_id"]))
    late = Person(token=tokens.issue(alice.id, app["client_id"], ["read"], 0).access_token)

    assert isinstance(first, Again)
    assert first.delay == 90
    assert isinstance(first.instead, EndApp)
    runs = [rules.end_tokens(first.instead) for _ in range(2)]

    assert runs == [Again(0, {"ended": 2}), {"ended": 0}]
    assert not is_signed_in(late)


def test_two_administrators_at_once_delete_it_once(admin, cast):
    second = cast.person("second", is_admin=True, scopes="admin")
    app = makes(admin)

    replies = at_once(*[lambda by=by: by.delete(f"{APPS}/{app['id']}") for by in (admin, second)])

    assert sorted(reply.status for reply in replies) == [204, 400]
    assert page(admin)["count"] == 1


def test_an_app_that_changes_while_it_is_deleted_is_deleted(admin):
    app = makes(admin)

    with before_call("TransactWriteItems", 1, lambda: admin.patch(f"{APPS}/{app['id']}", json={"trusted": True})):
        reply = admin.delete(f"{APPS}/{app['id']}")

    assert reply.status == 204
    assert (names(admin), page(admin)["count"]) == (["Kenoma tests"], 1)


# Apps from before.


def forgets(*client_ids):
    """Make it so as if an older release had registered these apps."""
    for client_id in client_ids:
        update(App.stub(client_id), [App.name_id.remove()])
        for shard in range(8):
            update(Fact.stub(f"apps#{shard}", "a"), [Fact.number.remove()])


def test_apps_from_before_are_listed_and_counted_by_a_backfill_once(admin, anonymous, drain, monkeypatch):
    monkeypatch.setattr(walking, "PAGE", 2)
    old = [registers(anonymous, "old") for _ in range(3)]
    forgets(admin.app.client_id, *[app["client_id"] for app in old])
    assert (names(admin), page(admin)["count"]) == (["Kenoma tests", "old", "old", "old"], 0)
    admin.delete(f"{APPS}/{old[0]['id']}")
    admin.patch(f"{APPS}/{old[1]['id']}", json={"trusted": True})
    assert page(admin)["count"] == 1

    for _ in range(2):
        backfilling.start("statistics")
        drain()

    assert page(admin)["count"] == 3
    assert page(admin, name="old")["count"] == 2
    assert names(admin, trusted=True) == ["old"]
