"""The list of accounts: filters, words, pages and counts."""

import pytest

from chalicelib.domain.accounts import deactivation, deletion
from chalicelib.domain.staff.directory import list_again
from chalicelib.store.accounts import directory
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.accounts.standings import AccountState
from chalicelib.store.dynamo.table import update
from tests.cast import PASSWORD

USERS = "/api/pleroma/admin/users"
KEYS = {
    "id", "email", "avatar", "nickname", "display_name", "deactivated", "local", "confirmation_pending",
    "approval_pending", "roles", "tags", "url", "registration_reason", "actor_type", "is_active", "is_confirmed",
    "is_approved", "is_suggested", "created_at",
}


def listed(admin, **asked):
    """The nicknames on a page."""
    return [user["nickname"] for user in admin.get(USERS, asked).json["users"]]


@pytest.fixture
def people(cast, admin):
    """One account in each state, besides the administrator."""
    cast.person("Waiting", approval_pending=True)
    cast.person("mod", is_moderator=True)
    cast.person("new", confirmation_pending=True)
    cast.person("off", deactivated=True)
    cast.person("robot", actor_type="Service", display_name="The Machine")
    cast.person("zoe", tags=["mrf_tag:sandbox", "vip"])
    return admin


def test_accounts_are_listed_by_nickname_with_their_number(people):
    reply = people.get(USERS).json

    assert [user["nickname"] for user in reply["users"]] == [
        "admin", "mod", "new", "off", "robot", "Waiting", "zoe"]
    assert (reply["count"], reply["page_size"]) == (7, 50)
    assert {frozenset(user) for user in reply["users"]} == {frozenset(KEYS)}
    assert reply["users"][0]["email"] == "admin@localhost.localdomain"


@pytest.mark.parametrize(("filters", "names"), [
    ("local", ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"]),
    ("external", []),
    ("active", ["admin", "mod", "new", "robot", "zoe"]),
    ("deactivated", ["off"]),
    ("need_approval", ["Waiting"]),
    ("unconfirmed", ["new"]),
    ("is_admin", ["admin"]),
    ("is_moderator", ["mod"]),
    ("local,active,is_admin", ["admin"]),
    ("local,external", []),
    ("active,deactivated", []),
    ("unheard_of,is_moderator", ["mod"]),
    ("unheard_of", ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"]),
    ("", ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"]),
])
def test_all_filters_must_hold(people, filters, names):
    assert listed(people, filters=filters) == names
    assert people.get(USERS, {"filters": filters}).json["count"] == len(names)


@pytest.mark.parametrize(("asked", "names"), [
    ({"query": "O"}, ["mod", "off", "robot", "zoe"]),
    ({"query": "WAIT"}, ["Waiting"]),
    ({"query": "zoe@kenoma.test"}, ["zoe"]),
    ({"query": "%"}, []),
    ({"query": "z_e"}, []),
    ({"query": "x" * 5_000}, []),
    ({"name": "mach"}, ["robot"]),
    ({"name": "machine", "query": "zoe"}, []),
    ({"email": "ZOE@localhost.localdomain"}, ["zoe"]),
    ({"email": "zoe@localhost"}, []),
    ({"email": "zoe@localhost.localdomain", "filters": "deactivated"}, []),
    ({"tags": ["vip", "nobody"]}, ["zoe"]),
    ({"tags": ["VIP"], "filters": "is_admin"}, []),
    ({"actor_types": ["Service"]}, ["robot"]),
    ({"actor_types": ["Application"]}, []),
    ({"actor_types": ["Person", "Service"], "query": "ro"}, ["robot"]),
    ({"query": "", "name": "", "email": "", "tags": [""], "actor_types": [""], "page": "", "page_size": ""},
     ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"]),
])
def test_words_tags_and_types_choose(people, asked, names):
    assert listed(people, **asked) == names
    assert people.get(USERS, asked).json["count"] == len(names)


def test_parameters_may_be_in_a_json_body(people):
    reply = people.get(USERS, json={"filters": ["is_admin", "local"], "tags": [], "page_size": 3})

    assert [user["nickname"] for user in reply.json["users"]] == ["admin"]


@pytest.mark.parametrize(("asked", "names", "size"), [
    ({"page": 1, "page_size": 3}, ["admin", "mod", "new"], 3),
    ({"page": 3, "page_size": 3}, ["zoe"], 3),
    ({"page": 4, "page_size": 3}, [], 3),
    ({"page": 10**9, "page_size": 100}, [], 100),
    ({"page": 0, "page_size": 0}, ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"], 50),
    ({"page": -2, "page_size": -1}, ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"], 50),
    ({"page": "one", "page_size": "x"}, ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"], 50),
    ({"page_size": 5_000}, ["admin", "mod", "new", "off", "robot", "Waiting", "zoe"], 100),
    ({"page": 2, "page_size": 2, "query": "o"}, ["robot", "zoe"], 2),
    ({"page": 2, "email": "zoe@localhost.localdomain"}, [], 50),
])
def test_pages_count_from_one_and_know_the_whole_number(people, asked, names, size):
    reply = people.get(USERS, asked).json

    assert ([user["nickname"] for user in reply["users"]], reply["page_size"]) == (names, size)
    assert reply["count"] == (1 if "email" in asked else 4 if "query" in asked else 7)


def test_accounts_of_the_servers_own_are_not_listed(admin, alice, cast):
    update(Account.stub(alice.id, PROFILE), [Account.standing.remove()])

    assert listed(admin) == ["admin"]
    assert listed(admin, query="alice") == listed(admin, email="alice@localhost.localdomain") == []


def is_deleted(alice, drain):
    deletion.begin(alice.id)
    drain()


@pytest.mark.parametrize("leave", [lambda alice, drain: deactivation.disable(alice.id), is_deleted])
def test_who_leaves_moves_to_the_deactivated(admin, alice, drain, leave):
    assert listed(admin, filters="active") == ["admin", "alice"]

    leave(alice, drain)

    assert listed(admin, filters="active") == ["admin"]
    assert listed(admin, filters="deactivated") == ["alice"]
    assert admin.get(USERS).json["count"] == 2


def test_a_bot_is_one_as_soon_as_it_says_so(admin, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={"actor_type": "Service"})
    assert listed(admin, actor_types=["Service"]) == ["alice"]

    alice.patch("/api/v1/accounts/update_credentials",
                json={"actor_type": "Person", "pleroma_settings_store": {"fe": {"a": 1}}})

    assert listed(admin, actor_types=["Service"]) == []
    assert admin.get(USERS, {"actor_types": ["Person"]}).json["count"] == 2


def test_accounts_of_other_servers_are_external(admin, alice, bob, drain, setting):
    """Such accounts come with federation: here one is made of an account of this server."""
    setting(deletion_pause=0)
    name = "alice@elsewhere.example"
    update(Account.stub(alice.id, PROFILE), [
        Account.host.set("elsewhere.example"), Account.nickname.set(name), Account.nickname_lower.set(name),
        Account.nickname_find.set(name)])
    list_again([alice.account])

    assert (listed(admin, filters="external"), listed(admin, filters="local")) == ([name], ["admin", "bob"])
    assert listed(admin, query="ELSEWHERE") == listed(admin, query="Alice@elsewhere.example") == [name]
    assert admin.get(f"{USERS}/{alice.id}").json["local"] is False

    admin.delete(USERS, json={"nicknames": [alice.id]})
    assert listed(admin, filters="external,deactivated") == [name]
    drain()

    assert admin.get(f"{USERS}/{alice.id}").status == 404
    assert admin.get(USERS, {"filters": "external"}).json["count"] == 0


@pytest.mark.parametrize("text", ["L/Person", "Ldwuam/Service", "R/Application", "Rd/Person"])
def test_a_standing_is_read_as_it_was_written(text):
    assert AccountState.read(text).text == text


def test_what_the_index_says_too_late_is_not_believed(admin, alice, monkeypatch):
    monkeypatch.setattr(directory, "page", lambda *_: [alice.id])
    deactivation.disable(alice.id)

    assert listed(admin, filters="active") == []


def test_a_search_reads_no_more_than_some_megabytes(people, monkeypatch):
    monkeypatch.setattr(directory, "PAGES", 0)

    assert people.get(USERS, {"query": "zoe"}).json["count"] == 0
    assert people.get(USERS, {"filters": "active"}).json["count"] == 5


def test_too_many_tags_cannot_be_looked_for(admin):
    assert admin.get(USERS, {"tags": [str(each) for each in range(51)]}).status == 400


def test_ten_accounts_cost_as_much_as_sixty(cast, admin):
    cast.people(9)
    few = [admin.get(USERS, asked) for asked in ({}, {"page_size": 5}, {"query": "person"}, {"filters": "active"})]
    cast.people(50, "more")

    many = [admin.get(USERS, asked) for asked in ({}, {"page_size": 5}, {"query": "person"}, {"filters": "active"})]

    assert [reply.json["count"] for reply in many] == [60, 60, 9, 60]
    assert [(reply.calls, reply.rounds) for reply in many] == [(reply.calls, reply.rounds) for reply in few]
    assert [(reply.calls, reply.rounds) for reply in few] == [(5, 4)] * 4


# One account.


def test_an_account_is_shown_whatever_its_state(people):
    assert people.get(f"{USERS}/OFF").json["deactivated"] is True
    shown = people.get(f"{USERS}/waiting").json
    assert (set(shown), shown["approval_pending"]) == (KEYS, True)


@pytest.mark.parametrize("spelling", ["alice", "ALICE", "alice@kenoma.test", "id"])
def test_an_account_has_several_names(admin, alice, spelling):
    reply = admin.get(f"{USERS}/{alice.id if spelling == 'id' else spelling}")

    assert (reply.status, reply.json["id"]) == (200, alice.id)


@pytest.mark.parametrize("name", ["nobody", "alice@elsewhere.example", "x" * 2_000, "%"])
def test_an_unknown_account_is_not_found(admin, alice, name):
    reply = admin.get(f"{USERS}/{name}")

    assert (reply.status, reply.json) == (404, {"error": "Not found"})


def test_what_is_left_of_a_deleted_account_is_shown(admin, alice, drain):
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    drain()

    shown = admin.get(f"{USERS}/alice").json

    assert (shown["deactivated"], shown["email"], shown["tags"]) == (True, None, [])
