"""The moderation log: what stands in it, how it is found, and that reading it stays cheap."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from chalicelib.domain.staff import log
from chalicelib.domain.staff.acting import Administrator
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.staff import log as store
from tests.at_once import at_once

URL = "/api/pleroma/admin/moderation_log"
DAY = 86_400_000
START = 1_900_000_000_000


@pytest.fixture
def clock(monkeypatch):
    """The time at which entries are written, in milliseconds. Of nothing else: ids never go back to an earlier time."""
    now = {"ms": START}
    monkeypatch.setattr("chalicelib.store.staff.log.time", SimpleNamespace(time_ns=lambda: now["ms"] * 1_000_000))

    def set_to(milliseconds):
        now["ms"] = milliseconds

    return set_to


def logged(entry):
    with transaction() as write:
        store.add(write, entry)


def person(someone):
    return Administrator(someone.id, someone.nickname)


def messages(admin, **params):
    reply = admin.get(URL, params)
    assert reply.status == 200, reply.body
    return [item["message"] for item in reply.json["items"]]


# What stands there.


def test_an_empty_log_has_no_entries(admin):
    assert admin.get(URL).json == {"items": [], "total": 0}


def test_an_entry_says_who_did_what_to_whom_and_when(admin, alice, bob, clock):
    clock(START + 999)
    logged(log.deactivated(person(admin), [alice.account, bob.account]))

    message = "@admin deactivated users: @alice, @bob"
    assert admin.get(URL).json == {"total": 1, "items": [{
        "id": 1, "time": START // 1_000, "message": message,
        "data": {"actor": {"id": admin.id, "nickname": "admin", "type": "user"}, "action": "deactivate",
                 "message": message,
                 "subject": [{"id": alice.id, "nickname": "alice", "type": "user"},
                             {"id": bob.id, "nickname": "bob", "type": "user"}]}}]}


def test_every_action_has_its_words_and_its_data(admin, alice, bob):
    who, one, two = person(admin), alice.account, bob.account
    user, other = ({"id": each.id, "nickname": each.nickname, "type": "user"} for each in (alice, bob))
    status, report = {"type": "status", "id": "S"}, {"type": "report", "id": "R", "state": "resolved"}
    expected = {
        log.created: ([one, two], "create", "created users: @alice, @bob", {"subjects": [user, other]}),
        log.deleted: ([one, two], "delete", "deleted users: @alice, @bob", {"subject": [user, other]}),
        log.activated: ([one], "activate", "activated users: @alice", {"subject": [user]}),
        log.deactivated: ([one], "deactivate", "deactivated users: @alice", {"subject": [user]}),
        log.approved: ([one], "approve", "approved users: @alice", {"subject": [user]}),
        log.forced_password_reset: ([one], "force_password_reset", "forced password reset for users: @alice",
                                    {"subject": [user]}),
        log.updated_users: ([one], "updated_users", "updated users: @alice", {"subject": [user]}),
        log.confirmed_email: ([one], "confirm_email", "confirmed email for users: @alice", {"subject": [user]}),
        log.resent_confirmation_email: ([one], "resend_confirmation_email",
                                        "re-sent confirmation email for users: @alice", {"subject": [user]}),
    }
    for make, (accounts, action, words, more) in expected.items():
        assert_entry(make(who, accounts), admin, action, words, more)

    names, tags = ["alice", "bob"], ["One", "two"]
    assert_entry(log.tagged(who, names, tags), admin, "tag", "added tags: One, two to users: @alice, @bob",
                 {"nicknames": names, "tags": tags})
    assert_entry(log.untagged(who, names, tags), admin, "untag", "removed tags: One, two from users: @alice, @bob",
                 {"nicknames": names, "tags": tags})
    assert_entry(log.granted(who, [one, two], "moderator"), admin, "grant", "made @alice, @bob moderator",
                 {"subject": [user, other], "permission": "moderator"})
    assert_entry(log.revoked(who, [one], "admin"), admin, "revoke", "revoked admin role from @alice",
                 {"subject": [user], "permission": "admin"})
    assert_entry(log.followed(who, one, two), admin, "follow", "made @alice follow @bob",
                 {"follower": user, "followed": other})
    assert_entry(log.unfollowed(who, one, two), admin, "unfollow", "made @alice unfollow @bob",
                 {"follower": user, "followed": other})
    assert_entry(log.created_backup(who, one), admin, "create_backup", "requested account backup for @alice",
                 {"subject": user})
    assert_entry(log.updated_report(who, "R", "resolved", two), admin, "report_update",
                 "updated report #R (on user @bob) with 'resolved' state", {"subject": report, "subject_actor": other})
    assert_entry(log.updated_report(who, "R", "resolved", None), admin, "report_update",
                 "updated report #R with 'resolved' state", {"subject": report})
    assert_entry(log.noted_report(who, "R", "resolved", two, "hm"), admin, "report_note",
                 "added note 'hm' to report #R on user @bob",
                 {"subject": report, "subject_actor": other, "text": "hm"})
    assert_entry(log.noted_report(who, "R", "resolved", None, "hm"), admin, "report_note",
                 "added note 'hm' to report #R", {"subject": report, "text": "hm"})
    assert_entry(log.deleted_note(who, "R", "resolved", two, "hm"), admin, "report_note_delete",
                 "deleted note 'hm' from report #R on user @bob",
                 {"subject": report, "subject_actor": other, "text": "hm"})
    for sent, words in (((None, "private"), "visibility: 'private'"), ((True, None), "sensitive: 'true'"),
                        ((False, "public"), "sensitive: 'false', visibility: 'public'"),
                        ((None, None), "visibility: ''")):
        assert_entry(log.updated_status(who, "S", *sent), admin, "status_update", f"updated status #S, set {words}",
                     {"subject": status, "sensitive": sent[0], "visibility": sent[1]})
    assert_entry(log.deleted_status(who, "S"), admin, "status_delete", "deleted status #S", {"subject_id": "S"})
    assert_entry(log.followed_relay(who, "https://r.example"), admin, "relay_follow",
                 "followed relay: https://r.example", {"target": "https://r.example"})
    assert_entry(log.unfollowed_relay(who, "https://r.example"), admin, "relay_unfollow",
                 "unfollowed relay: https://r.example", {"target": "https://r.example"})


def assert_entry(entry, admin, action, words, more):
    assert entry.admin_id == admin.id
    assert entry.data == {"actor": {"id": admin.id, "nickname": "admin", "type": "user"}, "action": action,
                          "message": f"@admin {words}", **more}


def test_a_deleted_chat_message_is_in_no_ones_own_log(admin):
    logged(log.deleted_chat_message(person(admin), "M"))

    assert admin.get(URL).json["items"][0]["data"] == {
        "actor": {"nickname": "admin"}, "action": "chat_message_delete", "subject_id": "M",
        "message": "@admin deleted chat message #M"}
    assert admin.get(URL, {"user_id": admin.id}).json == {"items": [], "total": 0}


def test_behind_the_admin_token_there_is_nobody(admin, alice):
    logged(log.activated(Administrator(), [alice.account]))

    item = admin.get(URL).json["items"][0]
    assert item["message"] == "@ activated users: @alice"
    assert item["data"]["actor"] == {"id": None, "nickname": None, "type": "user"}


# Pages.


def test_the_newest_comes_first_and_pages_do_not_overlap(admin):
    for number in range(1, 8):
        logged(log.deleted_status(person(admin), str(number)))

    pages = [admin.get(URL, {"page": page, "page_size": 3}).json for page in (1, 2, 3, 4)]

    assert [[item["id"] for item in page["items"]] for page in pages] == [[7, 6, 5], [4, 3, 2], [1], []]
    assert {page["total"] for page in pages} == {7}


@pytest.mark.parametrize("page", ["0", "-3", "x", "", "1.5"])
@pytest.mark.parametrize("size", ["0", "-1", "many", ""])
def test_a_page_that_is_no_number_is_the_first_and_of_the_usual_size(admin, page, size):
    for number in range(3):
        logged(log.deleted_status(person(admin), str(number)))

    assert len(messages(admin, page=page, page_size=size)) == 3


def test_a_page_is_fifty_long_unless_asked_and_a_hundred_at_most(admin):
    for number in range(104):
        logged(log.deleted_status(person(admin), str(number)))

    assert [len(messages(admin, **sizes)) for sizes in ({}, {"page_size": 60}, {"page_size": 1_000})] == [50, 60, 100]
    assert len(messages(admin, page_size=1_000, page=2)) == 4


def test_the_calls_are_the_same_however_long_the_log_is(admin):
    asked: list[dict[str, object]] = [
        {}, {"page": 2, "page_size": 5}, {"user_id": admin.id}, {"search": "deleted"},
        {"start_date": "2030-03-17T00:00:00Z"},
        {"start_date": "2030-03-17T00:00:00", "end_date": "2031-01-01T00:00:00Z", "user_id": admin.id},
    ]

    def calls():
        return [admin.get(URL, params).calls for params in asked]

    for number in range(10):
        logged(log.deleted_status(person(admin), str(number)))
    few = calls()
    for number in range(150):
        logged(log.deleted_status(person(admin), str(number)))

    assert calls() == few
    assert max(few) <= 4


# Finding.


def test_an_administrators_own_entries_are_found_by_their_id(admin, cast, alice):
    other = cast.person("other", is_admin=True)
    for who in (admin, other, admin):
        logged(log.activated(person(who), [alice.account]))

    reply = admin.get(URL, {"user_id": other.id}).json
    assert [item["id"] for item in reply["items"]] == [2]
    assert reply["total"] == 1
    assert [item["id"] for item in admin.get(URL, {"user_id": admin.id}).json["items"]] == [3, 1]
    assert admin.get(URL, {"user_id": "nobody"}).json == {"items": [], "total": 0}


@pytest.fixture
def week(admin, clock):
    """An entry at the start of each of seven days, from 2030-03-17T17:46:40Z."""
    for day in range(7):
        clock(START + day * DAY)
        logged(log.deleted_status(person(admin), f"day {day}"))


def found(admin, **params):
    reply = admin.get(URL, params)
    assert reply.status == 200, reply.body
    assert reply.json["total"] >= len(reply.json["items"])
    return [int(item["message"][-1]) for item in reply.json["items"]], reply.json["total"]


@pytest.mark.usefixtures("week")
def test_a_period_includes_both_its_ends(admin):
    bounds = {"start_date": "2030-03-18T17:46:40", "end_date": "2030-03-20T17:46:40.000Z"}

    assert found(admin, **bounds) == ([3, 2, 1], 3)
    assert found(admin, **bounds, user_id=admin.id) == ([3, 2, 1], 3)
    assert found(admin, **bounds, page=2, page_size=2) == ([1], 3)
    assert found(admin, start_date="2030-03-18T17:46:41") == ([6, 5, 4, 3, 2], 5)
    assert found(admin, end_date="2030-03-18T18:46:40+01:00") == ([1, 0], 2)
    assert found(admin, end_date="2030-03-17T17:46:39Z") == ([], 0)
    assert found(admin, start_date="2040-01-01T00:00:00Z") == ([], 0)
    assert found(admin, start_date="2030-03-18T00:00:00Z", end_date="2030-03-18T00:00:01Z") == ([], 0)
    assert found(admin, start_date="2030-03-20T00:00:00Z", end_date="2030-03-18T00:00:01Z") == ([], 0)


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("text", ["DAY 4", "status #day 4", "Day 4"])
def test_a_text_is_found_in_any_letter_case(admin, text):
    assert found(admin, search=text) == ([4], 1)


@pytest.mark.usefixtures("week")
def test_a_search_obeys_the_period_the_person_and_the_page(admin, alice):
    assert found(admin, search="day", page=2, page_size=3) == ([3, 2, 1], 7)
    assert found(admin, search="day", start_date="2030-03-18T17:46:40Z", end_date="2030-03-19T17:46:40Z") == ([2, 1], 2)
    assert found(admin, search="day", user_id=admin.id, page_size=1) == ([6], 7)
    assert found(admin, search="day", user_id=alice.id) == ([], 0)
    assert found(admin, search="day", page=9) == ([], 7)


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("text", ["%", "d_y", "day%", ".*"])
def test_nothing_in_a_text_stands_for_something_else(admin, text):
    assert found(admin, search=text) == ([], 0)


@pytest.mark.parametrize("date", ["yesterday", "2030-13-01T00:00:00Z", "2030-03-18"])
def test_a_date_that_cannot_be_read_is_refused(admin, date):
    for name in ("start_date", "end_date"):
        reply = admin.get(URL, {name: date})
        assert (reply.status, reply.json["error"]) == (400, f'{name} - Invalid format. Expected :"date-time".')


def test_empty_values_do_not_filter(admin):
    logged(log.deleted_status(person(admin), "1"))

    assert len(messages(admin, user_id="", search="", start_date="", end_date="", page="", page_size="")) == 1


# Numbers.


def test_entries_at_the_same_time_get_one_number_each(admin):
    acts = [lambda n=n: logged(log.deleted_status(person(admin), f"s{n}")) for n in range(12)]

    at_once(*acts)

    reply = admin.get(URL).json
    assert [item["id"] for item in reply["items"]] == list(range(12, 0, -1))
    assert {item["message"] for item in reply["items"]} == {f"@admin deleted status #s{n}" for n in range(12)}
    assert [item["id"] for item in admin.get(URL, {"user_id": admin.id}).json["items"]] == list(range(12, 0, -1))


def test_a_clock_that_goes_back_does_not_put_an_entry_before_another(admin, clock):
    clock(START + DAY)
    logged(log.deleted_status(person(admin), "1"))
    clock(START)
    logged(log.deleted_status(person(admin), "2"))

    assert [item["time"] for item in admin.get(URL).json["items"]] == [(START + DAY) // 1_000] * 2
    assert found(admin, start_date="2030-03-18T00:00:00Z") == ([2, 1], 2)


# The newer address.


def test_administration_answers_at_its_newer_address_too(admin, alice):
    logged(log.activated(person(admin), [alice.account]))
    newer = URL.replace("/api/", "/api/v1/")

    assert admin.get(newer).json == admin.get(URL).json
    assert alice.get(newer).json == {"error": "User is not an admin."}
