"""GET /api/v1/exports/NAME.csv and /account/export/NAME.csv."""

import csv
import io

import pytest

from chalicelib.domain.backups import exports
from chalicelib.domain.relationships.importing.brought import Kind, read
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.relationships import lists
from chalicelib.store.relationships.relations import ACCEPTED, Relation
from chalicelib.web import session

API, PAGE = "/api/v1/exports", "/account/export"
HERE = "kenoma.test"
NAMES = ["following", "following_accounts", "followers", "mutes", "muted_accounts", "blocks", "blocked_accounts",
         "blocked_domains", "lists", "bookmarks"]


def exported(person, name):
    reply = person.get(f"{API}/{name}.csv")
    assert reply.status == 200, reply.body
    return reply.text


def acts(person, other, act, **params):
    assert person.post(f"/api/v1/accounts/{other.id}/{act}", params).status == 200


def test_an_export_is_a_file_to_keep(alice):
    reply = alice.get(f"{API}/blocked_domains.csv")

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="blocked_domains.csv"'
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["following", "following_accounts"])
def test_following_says_how_each_is_followed_newest_first(alice, bob, carol, name):
    alice.follows(bob)
    alice.post(f"/api/v1/accounts/{carol.id}/follow",
               json={"reblogs": False, "notify": True, "languages": ["en", "de"]})

    assert exported(alice, name) == (
        "Account address,Show boosts,Notify on new posts,Languages\n"
        f'carol@{HERE},false,true,"en, de"\nbob@{HERE},true,false,\n')


def test_followers_are_addresses(alice, bob, carol):
    bob.follows(alice)
    carol.follows(alice)

    assert exported(alice, "followers") == f"Account address\ncarol@{HERE}\nbob@{HERE}\n"


@pytest.mark.parametrize("name", ["mutes", "muted_accounts"])
def test_mutes_say_whether_notifications_are_hidden(alice, bob, carol, name):
    acts(alice, bob, "mute", notifications=False)
    acts(alice, carol, "mute")

    assert exported(alice, name) == f"Account address,Hide notifications\ncarol@{HERE},true\nbob@{HERE},false\n"


@pytest.mark.parametrize("name", ["blocks", "blocked_accounts"])
def test_blocks_have_no_header(alice, bob, carol, name):
    acts(alice, bob, "block")
    acts(alice, carol, "block")

    assert exported(alice, name) == f"carol@{HERE}\nbob@{HERE}\n"


def test_blocked_domains_have_no_header(alice):
    for domain in ("bad.example", "*.worse.example"):
        alice.post("/api/v1/domain_blocks", {"domain": domain})

    assert exported(alice, "blocked_domains") == "*.worse.example\nbad.example\n"


def test_lists_have_a_row_for_each_member(alice, bob, carol):
    for title, members in (("friends, all", [bob, carol]), ("empty", []), ("others", [bob])):
        id = alice.post("/api/v1/lists", {"title": title}).json["id"]
        lists.add_members(alice.id, id, [each.id for each in members])

    rows = list(csv.reader(io.StringIO(exported(alice, "lists"))))

    assert rows[0] == ["others", f"bob@{HERE}"]
    assert sorted(rows[1:]) == [["friends, all", f"bob@{HERE}"], ["friends, all", f"carol@{HERE}"]]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_compute_is_made_harmless(alice, bob, title):
    id = alice.post("/api/v1/lists", {"title": title}).json["id"]
    lists.add_members(alice.id, id, [bob.id])

    assert exported(alice, "lists") == f"'{title},bob@{HERE}\n"


def test_bookmarks_are_addresses_of_statuses_newest_bookmark_first(alice, bob):
    first, second = bob.posts("one"), bob.posts("two")
    for status in (second, first):
        alice.post(f"/api/v1/statuses/{status['id']}/bookmark")

    assert exported(alice, "bookmarks") == f"{first['uri']}\n{second['uri']}\n"


@pytest.mark.parametrize("name", NAMES)
def test_who_has_nothing_gets_the_header_or_nothing(alice, name):
    assert exported(alice, name).count("\n") == (name in NAMES[:5])


@pytest.mark.parametrize("act", ["follow", "mute", "block"])
def test_the_imports_take_it_back(alice, bob, carol, act):
    for other in (bob, carol):
        acts(alice, other, act)
    kinds: dict[str, Kind] = {"follow": "following", "mute": "mutes", "block": "blocks"}

    found = read(exported(alice, kinds[act]).encode(), kinds[act])

    assert list(found.accounts) == [f"carol@{HERE}", f"bob@{HERE}"]
    assert (found.unreadable, found.left_out) == (0, 0)
    columns = found.accounts[f"bob@{HERE}"]
    assert (columns.reblogs, columns.notify, columns.hide_notifications) == {
        "follow": (True, False, None), "mute": (None, None, True), "block": (None, None, None)}[act]


def test_who_is_gone_is_left_out(alice, bob, carol, drain):
    alice.follows(bob)
    alice.follows(carol)
    bob.post("/api/pleroma/delete_account", json={"password": "kenoma-local"})
    drain()

    assert exported(alice, "following").splitlines()[1:] == [f"carol@{HERE},true,false,"]


# Who may.


@pytest.mark.parametrize(("name", "scope"), [
    ("following", "read:follows"), ("followers", "read:follows"), ("mutes", "read:mutes"), ("blocks", "read:blocks"),
    ("blocked_domains", "read:blocks"), ("lists", "read:lists"), ("bookmarks", "read:bookmarks"),
])
def test_each_needs_the_scope_of_its_subject(cast, alice, name, scope):
    others = {"read:follows", "read:mutes", "read:blocks", "read:lists", "read:bookmarks"} - {scope}
    able, unable = (cast.signs_in(alice.account, scopes) for scopes in (scope, " ".join(others)))

    assert able.get(f"{API}/{name}.csv").status == 200
    reply = unable.get(f"{API}/{name}.csv")
    assert (reply.status, reply.json) == (403, {"error": f"Insufficient permissions: {scope}."})


def test_nobody_has_nothing_to_export(anonymous):
    assert anonymous.get(f"{API}/following.csv").status == 403


@pytest.mark.parametrize("path", [f"{API}/following", f"{API}/passwords.csv", f"{API}/.csv", f"{PAGE}/passwords.csv",
                                  f"{API}/following.csv?max_id=x!"])
def test_what_is_none_is_not_found(alice, path):
    assert alice.get(path).status == 404


def test_a_browser_gets_it_by_its_session(alice, bob, anonymous):
    alice.follows(bob)
    cookie = {"Cookie": f"{session.NAME}={session.seal(alice.token)}"}

    reply = anonymous.get(f"{PAGE}/following.csv", headers=cookie)

    assert (reply.status, reply.text) == (200, exported(alice, "following"))


def test_without_a_session_a_browser_is_led_to_where_people_sign_in(cast, anonymous):
    for visitor in (anonymous, cast.person("carol", scopes="push")):
        reply = visitor.get(f"{PAGE}/following.csv")

        assert reply.status == 302
        assert reply.headers["location"] == "/account/sign-in?next=/account/export/following.csv"


# What it costs.


def followed(person, count):
    """Let somebody follow so many whom nobody knows any more: what an export has to look up for each is the same."""
    ids = [f"{number:018d}" for number in range(count)]
    write_batch(puts=[Relation(person.id, id, follow=ACCEPTED, following_id=id) for id in ids])


def test_a_hundred_rows_take_one_call_for_who_they_are_and_one_for_how_they_are_followed(alice):
    costs = []
    for count in (100, 400):
        followed(alice, count)
        costs.append(alice.get(f"{API}/following.csv").calls)

    assert costs == [4, 10]


def test_what_does_not_fit_is_asked_for_next(alice, bob, carol, monkeypatch):
    alice.follows(bob)
    alice.follows(carol)
    monkeypatch.setattr(exports, "MOST_ROWS", 1)

    first = alice.get(f"{API}/following.csv")
    rest = alice.get(f"{API}/following.csv", first.links()["next"])

    assert [each.text.splitlines()[1] for each in (first, rest)] == [
        f"carol@{HERE},true,false,", f"bob@{HERE},true,false,"]
    assert "link" not in rest.headers


# How much there is.


def test_a_client_is_told_how_much_there_is(alice, bob, carol, cast):
    dora, erin = cast.people(2)
    alice.follows(bob)
    alice.follows(carol)
    bob.follows(alice)
    acts(alice, dora, "block")
    acts(alice, erin, "mute")
    alice.post("/api/v1/lists", {"title": "Friends"})
    alice.posts("hello")

    reply = alice.get(f"{API}/stats")

    assert reply.json == {"media_storage": "", "followers_count": 1, "following_count": 2, "statuses_count": 1,
                          "lists_count": 1, "blocks_count": 1, "mutes_count": 1}
    assert (reply.calls, reply.rounds) == (2, 2)


def test_how_much_there_is_needs_a_scope(alice, cast, anonymous):
    assert cast.signs_in(alice.account, "read:accounts").get(f"{API}/stats").status == 200
    assert cast.signs_in(alice.account, "read:follows").get(f"{API}/stats").status == 403
    assert anonymous.get(f"{API}/stats").status == 403
