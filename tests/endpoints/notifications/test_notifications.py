"""Notifications: how they look, how they are listed, read and deleted."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.ids import flake_at, new_flake
from chalicelib.store.accounts.accounts import STATE, State
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.table import create, fetch, update
from chalicelib.store.notifications import notifications
from chalicelib.store.notifications.notifications import Notice, Notification
from tests.cast import Person
from tests.endpoints.notifications.telling import (
    EVERY_TYPE,
    PATH,
    becomes,
    has_been_told,
    ids,
    is_seen,
    listed,
    rows,
    types,
    unread,
)
from tests.lengths import STEPS

READ = "/api/v1/pleroma/notifications/read"
CANNOT_GET = {"error": "Cannot get notification"}
CANNOT_DISMISS = {"error": "Cannot dismiss notification"}
UNKNOWN = ["1", "0", "-1", "1x", "9" * 30, "1e3", "%00", "é", "a" * 300]


def watermark(person):
    state = fetch(strong=[key(State, person.id, STATE)]).get(State, person.id, STATE)
    return 0 if state is None else state.watermark


# The entity.


@pytest.mark.parametrize("type", ["mention", "favourite", "reblog", "pleroma:emoji_reaction", "follow",
                                  "follow_request"])
def test_a_notification_has_these_keys(alice, bob, type):
    status = alice.posts("hello")
    becomes(alice, locked=type == "follow_request")
    if type == "mention":
        status = bob.posts("@alice hello")
    elif type in ("favourite", "reblog"):
        bob.post(f"/api/v1/statuses/{status['id']}/{type}")
    elif type == "pleroma:emoji_reaction":
        bob.reacts(status["id"], "😀")
    else:
        bob.follows(alice)

    (shown,) = listed(alice)

    about = set() if type.startswith("follow") else {"status"}
    emoji = {"emoji"} if type == "pleroma:emoji_reaction" else set()
    assert shown.keys() == {"id", "type", "group_key", "created_at", "account", "pleroma"} | about | emoji
    assert shown["type"] == type
    assert shown["id"].isdigit()
    assert int(shown["id"]) < 2**53
    assert shown["created_at"].endswith(".000Z")
    assert shown["account"]["id"] == bob.id
    assert shown["account"]["pleroma"]["relationship"] == {}
    assert shown["pleroma"] == {"is_seen": False, "is_muted": False}
    assert shown.get("emoji") == ("😀" if emoji else None)
    if about:
        assert shown["status"]["id"] == status["id"]
        expected = alice.get(f"/api/v1/statuses/{status['id']}").json
        for account in (expected["account"], shown["status"]["account"]):  # counts of one's own are not read here
            account["pleroma"].pop("unread_notifications_count", None)
        assert shown["status"] == expected


def test_a_move_shows_the_new_account(alice, bob, carol):
    create(notifications.row(Notice(alice.id, "move", new_flake(), bob.id, target=carol.id)))

    (shown,) = listed(alice)

    assert (shown["type"], shown["account"]["id"], shown["target"]["id"]) == ("move", bob.id, carol.id)
    assert shown.keys() == {"id", "type", "group_key", "created_at", "account", "pleroma", "target"}


def test_a_chat_message_is_shown_as_in_its_chat(alice, bob):
    chat = bob.post(f"/api/v1/pleroma/chats/by-account-id/{alice.id}").json["id"]
    bob.post(f"/api/v1/pleroma/chats/{chat}/messages", form={"content": "psst"})

    (shown,) = listed(alice, include_types=["pleroma:chat_mention"])

    own = alice.get("/api/v1/pleroma/chats").json[0]["id"]
    assert shown["chat_message"] == alice.get(f"/api/v1/pleroma/chats/{own}/messages").json[0]
    assert shown["chat_message"]["unread"] is True
    assert shown.keys() == {"id", "type", "group_key", "created_at", "account", "pleroma", "chat_message"}
    assert alice.get(f"{PATH}/{shown['id']}").json == shown
    alice.delete(f"/api/v1/pleroma/chats/{own}/messages/{shown['chat_message']['id']}")
    assert listed(alice, include_types=["pleroma:chat_mention"]) == []


def test_a_report_is_shown_to_the_staff_only(alice, bob, admin, drain):
    status = bob.posts("nonsense")["id"]
    alice.post("/api/v1/reports", json={"account_id": bob.id, "status_ids": [status], "comment": "a\n<b>"})
    drain()

    (shown,) = listed(admin, types=["pleroma:report"])

    assert shown.keys() == {"id", "type", "group_key", "created_at", "account", "pleroma", "report"}
    report = shown["report"]
    assert report.keys() == {"id", "state", "account", "actor", "content", "created_at", "statuses", "notes"}
    assert (shown["account"]["id"], report["account"]["id"], report["actor"]["id"]) == (alice.id, bob.id, alice.id)
    assert (report["state"], [each["id"] for each in report["statuses"]], report["notes"]) == ("open", [status], [])
    assert report["content"] == "a<br/>&lt;b&gt;"
    assert (report["account"]["email"], report["account"]["roles"], report["account"]["local"]) == (
        "bob@localhost.localdomain", {"admin": False, "moderator": False}, True)
    bob.delete(f"/api/v1/statuses/{status}")
    assert listed(admin, types=["pleroma:report"])[0]["report"]["statuses"] == []
    becomes(admin, is_admin=False)
    assert listed(admin, types=["pleroma:report"]) == []
    assert admin.get(f"{PATH}/{shown['id']}").json == CANNOT_GET


def test_the_status_tells_how_the_viewer_stands_to_it(alice, bob):
    status = bob.posts("@alice hello")
    alice.post(f"/api/v1/statuses/{status['id']}/favourite")

    (shown,) = listed(alice)

    assert (shown["status"]["favourited"], shown["status"]["reblogged"]) == (True, False)


def test_a_mute_of_the_account_shows(alice, bob):
    bob.posts("@alice hello")
    alice.post(f"/api/v1/accounts/{bob.id}/mute", form={"notifications": False})

    assert listed(alice)[0]["pleroma"] == {"is_seen": False, "is_muted": True}


def test_an_accepted_request_becomes_a_follow_in_its_place(alice, bob):
    becomes(alice, locked=True)
    bob.follows(alice)
    (before,) = listed(alice)

    alice.post(f"/api/v1/follow_requests/{bob.id}/authorize")

    (after,) = listed(alice)
    assert (before["type"], after["type"], before["id"]) == ("follow_request", "follow", after["id"])
    assert types(alice, include_types=["follow_request"]) == []
    assert types(alice, include_types=["follow"]) == ["follow"]


# The list.


def has_one_of_each(alice, bob, drain):
    """Let the person get one of each type, in this order, the newest last."""
    status = alice.posts("hello")
    bob.posts("@alice hello")
    bob.follows(alice)
    bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    bob.reacts(status["id"], "😀")
    drain()
    return ["pleroma:emoji_reaction", "favourite", "reblog", "follow", "mention"]


def test_listing_marks_nothing_read(alice, bob, drain):
    has_one_of_each(alice, bob, drain)
    listed(alice)

    assert not any(each["pleroma"]["is_seen"] for each in listed(alice))
    assert unread(alice) == 5


@pytest.mark.parametrize(("params", "wanted"), [
    ({}, None),
    ({"include_types": ["mention"]}, ["mention"]),
    ({"types": ["mention"]}, ["mention"]),
    ({"types": ["mention"], "include_types": ["follow"]}, ["follow", "mention"]),
    ({"include_types": ["mention", "follow", "reblog", "favourite"]}, ["favourite", "reblog", "follow", "mention"]),
    ({"include_types": ["mention", "poll", "status", "update"]}, ["mention"]),
    ({"include_types": ["poll"]}, []),
    ({"exclude_types": ["mention"]}, ["pleroma:emoji_reaction", "favourite", "reblog", "follow"]),
    ({"exclude_types": ["poll", "pleroma:chat_mention", "nonsense"]}, None),
    ({"exclude_types": ["mention", "follow", "reblog", "favourite"]}, ["pleroma:emoji_reaction"]),
    ({"include_types": ["mention", "follow"], "exclude_types": ["follow"]}, ["mention"]),
    ({"include_types": ["mention"], "exclude_types": ["mention"]}, []),
])
def test_types_are_included_and_excluded(alice, bob, drain, params, wanted):
    everything = has_one_of_each(alice, bob, drain)

    assert types(alice, **params) == (everything if wanted is None else wanted)


def test_a_single_type_may_come_bare(alice, bob, drain):
    has_one_of_each(alice, bob, drain)

    assert types(alice, include_types="mention") == ["mention"]
    assert "mention" not in types(alice, exclude_types="mention")


def test_chats_and_reports_come_only_when_asked_for(alice, bob):
    for type in ("pleroma:chat_mention", "pleroma:report"):
        create(notifications.row(Notice(alice.id, type, new_flake(), bob.id)))
    bob.follows(alice)

    assert types(alice) == ["follow"]
    assert len(rows(alice)) == 3


def test_only_of_one_account(alice, bob, carol):
    for person in (bob, carol, bob):
        person.posts("@alice hello")

    assert [each["account"]["id"] for each in listed(alice, account_id=bob.id)] == [bob.id, bob.id]
    assert listed(alice, account_id=bob.id, include_types=["follow"]) == []
    for id in ("unknown", "0" * 18, "é", ""):
        reply = alice.get(PATH, {"account_id": id}) if id else None
        assert reply is None or (reply.status, reply.json) == (404, {"error": "Account is not found"})


def test_only_of_one_account_among_thousands(alice, bob, carol):
    has_been_told(alice, 1500, lambda n: bob if n % 100 == 0 else carol)

    reply = alice.get(PATH, {"account_id": bob.id})

    assert len(reply.json) == 15
    assert reply.calls <= 4, "token, account, one query, what is around them"


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_visibilities_are_left_out_by_the_status_that_counts(alice, bob, drain, visibility):
    bob.posts("@alice hello", visibility=visibility)
    alice.follows(bob)
    bob.follows(alice)
    own = alice.posts("@bob hello", visibility=visibility)
    bob.post(f"/api/v1/statuses/{own['id']}/favourite")
    others = [each for each in ("public", "unlisted", "private", "direct") if each != visibility]

    assert types(alice, exclude_visibilities=[visibility]) == ["follow"]
    assert types(alice, exclude_visibilities=others) == ["favourite", "follow", "mention"]


def test_what_is_left_out_does_not_shorten_the_page(alice, bob):
    bob.posts("@alice seen", visibility="unlisted")
    for number in range(6):
        bob.posts(f"@alice {number}", visibility="direct")

    assert len(listed(alice, exclude_visibilities=["direct"], limit=1)) == 1


# Pages.


def test_pages_lead_through_all_of_them(alice, bob):
    everything = has_been_told(alice, 45, lambda n: bob)

    assert ids(alice) == everything[:20]
    first = alice.get(PATH, {"limit": 20, "with_muted": True})
    assert first.links() == {
        "next": {"limit": "20", "with_muted": "true", "max_id": everything[19]},
        "prev": {"limit": "20", "with_muted": "true", "min_id": everything[0]},
    }
    assert ids(alice, max_id=everything[19]) == everything[20:40]
    assert ids(alice, max_id=everything[39]) == everything[40:]
    last = alice.get(PATH, {"max_id": everything[-1]})
    assert (last.json, last.links()) == ([], {})


def test_cursors_are_exclusive_and_combine(alice, bob):
    everything = has_been_told(alice, 30, lambda n: bob)

    assert ids(alice, since_id=everything[5]) == everything[:5]
    assert ids(alice, since_id=everything[25], limit=3) == everything[:3]
    assert ids(alice, min_id=everything[25], limit=3) == everything[22:25]
    assert ids(alice, min_id=everything[9], max_id=everything[3]) == everything[4:9]
    assert ids(alice, since_id=everything[4], max_id=everything[3]) == []
    assert ids(alice, limit=0) == ids(alice, limit=-1) == []
    assert ids(alice, limit=100) == everything
    assert ids(alice, types=["follow"], min_id=everything[25], limit=3) == everything[22:25]


@pytest.mark.parametrize("id", ["x", "-1", "1.5", "é", "9" * 21, "BCgZHUxAud38OiqZ3Q"])
def test_a_cursor_that_is_no_number_matches_nothing_or_everything(alice, bob, id):
    everything = has_been_told(alice, 3, lambda n: bob)

    assert ids(alice, max_id=id) == []
    assert ids(alice, since_id=id) == ids(alice, min_id=id) == everything


def test_a_limit_must_be_a_number(alice):
    assert alice.get(PATH, {"limit": "many"}).json["error"] == "limit - Invalid integer. Got: string."


def test_a_page_of_twenty_is_full_with_nine_tenths_muted(alice, bob, carol):
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    everything = has_been_told(alice, 400, lambda n: bob if n % 10 == 0 else carol)

    reply = alice.get(PATH)

    kept = [id for number, id in enumerate(everything) if (399 - number) % 10 == 0]
    assert [each["id"] for each in reply.json] == kept[:20]
    assert reply.links()["next"]["max_id"] == kept[19]
    assert reply.calls <= 8, "token, three queries, what is around what each of them brought"
    assert ids(alice, max_id=kept[19]) == kept[20:40]


def test_beyond_the_bound_the_page_is_short_and_its_link_goes_on(alice, bob, carol):
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    everything = has_been_told(alice, 1530, lambda n: bob if n == 0 else carol)

    reply = alice.get(PATH)

    assert reply.json == []
    assert reply.links()["next"]["max_id"] == everything[1525], "26 + 100 + 400 + 1,000 rows were looked at"
    assert reply.calls == 5
    assert ids(alice, max_id=reply.links()["next"]["max_id"]) == [everything[-1]]
    upwards = alice.get(PATH, {"min_id": everything[-1]})
    assert upwards.links()["prev"]["min_id"] == everything[-1 - 1526]


def test_types_that_are_in_the_way_are_stepped_over(alice, bob):
    has_been_told(alice, 5, lambda n: bob, ago=9000)
    has_been_told(alice, 1600, lambda n: bob, type="pleroma:chat_mention")

    reply = alice.get(PATH)

    assert len(reply.json) == 5
    assert reply.rounds <= 4


def test_people_who_are_gone_are_not_loaded_again_and_again(alice, bob, carol):
    everything = has_been_told(alice, 300, lambda n: bob if n < 25 else carol)
    becomes(carol, deactivated=True)

    reply = alice.get(PATH)

    assert [each["id"] for each in reply.json] == everything[-25:][:20]
    assert reply.calls <= 7


def test_what_has_expired_or_was_left_by_a_deletion_is_not_listed(alice, bob):
    for text in ("expired", "deleted", "there"):
        bob.posts(f"@alice {text}")
    there, deleted, expired = rows(alice)
    update(Notification.stub(alice.id, expired.id), [Notification.ttl.set(1)])
    bob.delete(f"/api/v1/statuses/{deleted.status}")

    assert ids(alice) == [str(int(there.id))]
    for row in (expired, deleted):
        assert alice.get(f"{PATH}/{int(row.id)}").json == CANNOT_GET
    assert alice.post(READ, form={"id": int(expired.id)}).json == CANNOT_GET


def test_a_private_status_is_not_shown_when_it_is_no_more_for_these_eyes(alice, bob, drain):
    alice.follows(bob)
    alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe")
    bob.posts("for followers", visibility="private")
    drain()
    (shown,) = listed(alice)

    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    assert listed(alice) == []
    assert alice.get(f"{PATH}/{shown['id']}").status == 403


def test_hidden_are_what_blocks_and_mutes_hide_now(alice, bob):
    bob.posts("@alice hello")
    (id,) = ids(alice)
    for make, undo, muted in (("block", "unblock", False), ("mute", "unmute", True)):
        alice.post(f"/api/v1/accounts/{bob.id}/{make}")
        assert ids(alice) == []
        assert ids(alice, with_muted=True) == ([id] if muted else [])
        assert alice.get(f"{PATH}/{id}").status == 200, "asked for by its id, it is shown"
        alice.post(f"/api/v1/accounts/{bob.id}/{undo}")
        assert ids(alice) == [id]


def test_a_muted_thread_hides_and_reads_what_was_told_of_it(alice, bob):
    status = alice.posts("hello")
    bob.reacts(status["id"], "😀")
    bob.follows(alice)
    assert unread(alice) == 2

    alice.post(f"/api/v1/statuses/{status['id']}/mute")

    assert types(alice) == ["follow"]
    assert [(each["type"], each["pleroma"]["is_seen"]) for each in listed(alice, with_muted=True)] == [
        ("follow", False), ("pleroma:emoji_reaction", True)]
    assert unread(alice) == 1
    alice.post(f"/api/v1/statuses/{status['id']}/unmute")
    assert len(listed(alice)) == 2


# One by one.


def test_one_is_shown(alice, bob):
    bob.posts("@alice hello")
    (shown,) = listed(alice)

    assert alice.get(f"{PATH}/{shown['id']}").json == shown


def test_one_of_somebody_deactivated_is_shown_and_of_somebody_deleted_is_not(alice, bob):
    bob.posts("@alice hello")
    (id,) = ids(alice)

    becomes(bob, deactivated=True)
    assert (listed(alice), alice.get(f"{PATH}/{id}").status) == ([], 200)
    becomes(bob, deleted=True)
    assert alice.get(f"{PATH}/{id}").json == CANNOT_GET


@pytest.mark.parametrize("id", UNKNOWN)
def test_unknown_ones_are_refused(alice, id):
    assert (alice.get(f"{PATH}/{id}").status, alice.get(f"{PATH}/{id}").json) == (403, CANNOT_GET)
    for reply in (alice.post(f"{PATH}/{id}/dismiss"), alice.post(f"{PATH}/dismiss", json={"id": id})):
        assert (reply.status, reply.json) == (403, CANNOT_DISMISS)
    assert (alice.post(READ, json={"id": id}).status, alice.post(READ, json={"id": id}).json) == (400, CANNOT_GET)
    assert alice.post(READ, json={"max_id": id}).json == []


def test_foreign_ones_are_refused(alice, bob):
    alice.posts("@bob hello")
    (id,) = ids(bob)

    assert alice.get(f"{PATH}/{id}").json == CANNOT_GET
    assert alice.post(f"{PATH}/{id}/dismiss").json == alice.post(f"{PATH}/dismiss", form={"id": id}).json \
        == CANNOT_DISMISS
    assert alice.post(READ, form={"id": id}).json == CANNOT_GET
    assert alice.delete(f"{PATH}/destroy_multiple", {"ids": [id]}).json == {}
    assert alice.post(READ, form={"max_id": id}).json == []
    assert [each["pleroma"]["is_seen"] for each in listed(bob)] == [False]


@pytest.mark.parametrize("how", ["path", "form", "json", "query"])
def test_one_is_dismissed(alice, bob, how):
    for text in ("one", "two"):
        bob.posts(f"@alice {text}")
    kept, gone = ids(alice)

    reply = {
        "path": lambda: alice.post(f"{PATH}/{gone}/dismiss"),
        "form": lambda: alice.post(f"{PATH}/dismiss", form={"id": gone}),
        "json": lambda: alice.post(f"{PATH}/dismiss", json={"id": int(gone)}),
        "query": lambda: alice.post(f"{PATH}/dismiss", {"id": gone}),
    }[how]()

    assert (reply.status, reply.json) == (200, {})
    assert ids(alice) == [kept]
    assert unread(alice) == 1
    assert alice.post(f"{PATH}/{gone}/dismiss").json == CANNOT_DISMISS


def test_some_are_deleted_at_once(alice, bob):
    everything = has_been_told(alice, 60, lambda n: bob)

    reply = alice.delete(f"{PATH}/destroy_multiple", {"ids": [*everything[:50], *everything[:3], *UNKNOWN]})

    assert (reply.status, reply.json) == (200, {})
    assert ids(alice) == everything[50:]
    for again in (alice.delete(f"{PATH}/destroy_multiple", json={"ids": everything[50:55]}),
                  alice.delete(f"{PATH}/destroy_multiple", {"ids": everything[55]})):
        assert again.json == {}
    assert ids(alice) == everything[56:]
    assert unread(alice) == 4


def test_which_are_to_be_deleted_must_be_said(alice):
    reply = alice.delete(f"{PATH}/destroy_multiple")

    assert (reply.status, reply.json["error"]) == (400, "Missing field: ids.")


def test_clearing_deletes_all_of_ones_own_hidden_ones_too(alice, bob, carol):
    for person in (bob, carol):
        person.posts("@alice hello")
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    alice.posts("@bob hello")

    reply = alice.post(f"{PATH}/clear")

    assert (reply.status, reply.json) == (200, {})
    assert rows(alice) == []
    assert unread(alice) == 0
    assert len(listed(bob)) == 1
    bob.posts("@alice again")
    assert (len(listed(alice)), unread(alice)) == (1, 1)


def test_clearing_thousands_shows_at_once_and_a_job_ends_it(alice, bob, drain):
    everything = has_been_told(alice, 2100, lambda n: bob)

    assert alice.post(f"{PATH}/clear").json == {}

    assert (listed(alice), unread(alice)) == ([], 0)
    assert len(rows(alice)) == 1100, "the first thousand went with the request"
    assert alice.get(f"{PATH}/{everything[-1]}").json == CANNOT_GET
    assert alice.post(f"{PATH}/{everything[-1]}/dismiss").json == CANNOT_DISMISS
    assert alice.post(READ, form={"id": everything[-1]}).json == CANNOT_GET
    bob.posts("@alice again")
    (kept,) = ids(alice)
    drain()
    assert [str(int(row.id)) for row in rows(alice)] == [kept]
    assert unread(alice) == 1


def test_a_second_follow_tells_again_once_the_first_was_dismissed(alice, bob):
    bob.follows(alice)
    bob.post(f"/api/v1/accounts/{alice.id}/unfollow")
    assert types(alice) == ["follow"], "an unfollow takes nothing back"
    bob.follows(alice)
    assert types(alice) == ["follow"]

    alice.post(f"{PATH}/clear")
    bob.post(f"/api/v1/accounts/{alice.id}/unfollow")
    bob.follows(alice)

    assert types(alice) == ["follow"]


# Reading.


def test_one_is_marked_read(alice, bob):
    for text in ("one", "two"):
        bob.posts(f"@alice {text}")
    newest, oldest = ids(alice)

    reply = alice.post(READ, json={"id": int(oldest)})

    assert (reply.status, reply.json["id"], reply.json["pleroma"]["is_seen"]) == (200, oldest, True)
    assert reply.json["status"]["content"]
    assert alice.post(READ, form={"id": oldest}).json == reply.json, "again"
    assert [is_seen(alice, id) for id in (newest, oldest)] == [False, True]
    assert unread(alice) == 1


def test_all_up_to_one_are_marked_read(alice, bob, carol):
    for text in ("one", "two", "three", "four"):
        bob.posts(f"@alice {text}")
    newest, *older = ids(alice)

    reply = alice.post(READ, form={"max_id": older[0]})

    assert [(each["id"], each["pleroma"]["is_seen"]) for each in reply.json] == [(id, True) for id in older]
    assert [each["pleroma"]["is_seen"] for each in listed(alice)] == [False, True, True, True]
    assert unread(alice) == 1
    assert alice.post(READ, json={"max_id": int(older[0])}).json == [], "nothing new"
    assert [each["id"] for each in alice.post(READ, {"max_id": newest}).json] == [newest]


def test_the_id_need_not_exist_and_id_wins(alice, bob):
    for text in ("one", "two"):
        bob.posts(f"@alice {text}")
    newest, oldest = ids(alice)

    assert alice.post(READ, form={"id": oldest, "max_id": newest}).json["id"] == oldest
    assert unread(alice) == 1
    assert [each["id"] for each in alice.post(READ, form={"max_id": str(2**60)}).json] == [newest]


def test_one_of_the_two_is_needed(alice):
    reply = alice.post(READ)

    assert (reply.status, reply.json["error"]) == (400, "Missing field: id.")


def test_at_most_eighty_are_shown_and_all_are_marked(alice, bob):
    everything = has_been_told(alice, 250, lambda n: bob)

    reply = alice.post(READ, form={"max_id": everything[0]})

    assert [each["id"] for each in reply.json] == everything[:80]
    assert unread(alice) == 0
    assert is_seen(alice, everything[-1])
    assert reply.calls <= 8, "however many there are: the watermark rises over them"


def test_all_types_are_marked_and_hidden_ones_are_not_shown(alice, bob, carol):
    create(notifications.row(Notice(alice.id, "pleroma:chat_mention", flake_at(1_700_000_000_000), bob.id)))
    carol.posts("@alice muted later")
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    bob.posts("@alice hello")
    newest = ids(alice)[0]
    assert unread(alice) == 3

    shown = alice.post(READ, form={"max_id": newest}).json

    assert carol.id not in [each["account"]["id"] for each in shown]
    assert newest in [each["id"] for each in shown]
    assert unread(alice) == 0
    assert all(row.is_seen(watermark(alice)) for row in rows(alice))


def test_what_came_late_is_not_taken_for_read(alice, bob):
    """The number of a notification says when it was caused. It may be written after newer ones were read."""
    hour_ago = int(time.time() - 3600) * 1000 * 4096
    everything = has_been_told(alice, 6, lambda n: bob, written=lambda n: hour_ago + (n * 7) % 6 * 1000)

    shown = alice.post(READ, form={"max_id": everything[3]}).json

    assert [each["id"] for each in shown] == everything[3:]
    assert [each["pleroma"]["is_seen"] for each in listed(alice)] == [False] * 3 + [True] * 3
    assert unread(alice) == 3
    late = notifications.row(Notice(alice.id, "follow", flake_at(1_700_000_000_000), bob.id))
    create(late)
    assert unread(alice) == 4


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [0, 0, 0, 1, 1, 1]])
@pytest.mark.parametrize("up_to", range(6))
def test_whatever_the_order_of_writing_exactly_those_are_read(alice, bob, order, up_to):
    everything = has_been_told(alice, 6, lambda n: bob, written=lambda n: (1_700_000_000_000 + order[n]) * 4096)

    alice.post(READ, form={"max_id": everything[up_to]})

    assert [each["pleroma"]["is_seen"] for each in listed(alice)] == [number >= up_to for number in range(6)]
    assert unread(alice) == up_to


def test_what_is_told_while_all_is_being_read_stays_unread_or_is_shown(alice, bob):
    for number in range(4):
        bob.posts(f"@alice {number}")

    with ThreadPoolExecutor(3) as pool:
        posting = [pool.submit(bob.posts, f"@alice late {number}") for number in range(8)]
        first = pool.submit(alice.post, READ, form={"max_id": ids(alice)[0]})
        second = pool.submit(alice.post, READ, form={"max_id": ids(alice)[0]})
        for each in posting:
            each.result()
    told = {each["id"] for reply in (first.result(), second.result()) for each in reply.json}

    everything = listed(alice, limit=40)
    assert len(everything) == 12
    assert {each["id"] for each in everything if each["pleroma"]["is_seen"]} == told
    assert unread(alice) == 12 - len(told)


# The counter.


def test_the_unread_count_is_that_of_a_recount_after_many_steps(alice, bob, carol, drain):
    chance = random.Random(5)
    own = [alice.posts(f"status {number}")["id"] for number in range(4)]
    posted: list[tuple[Person, str]] = []
    threads = [bob.posts("thread")["id"]]

    def somebody():
        return chance.choice([bob, carol])

    def mention():
        by = somebody()
        parent = {"in_reply_to_id": chance.choice(threads + own)} if chance.random() < 0.4 else {}
        posted.append((by, by.posts("@alice hello", **parent)["id"]))

    def mark(verb):
        somebody().post(f"/api/v1/statuses/{chance.choice(own)}/{verb}")

    def react():
        getattr(somebody(), chance.choice(["put", "delete"]))(
            f"/api/v1/pleroma/statuses/{chance.choice(own)}/reactions/%F0%9F%98%80")

    def delete():
        if posted:
            by, id = posted.pop(chance.randrange(len(posted)))
            by.delete(f"/api/v1/statuses/{id}")

    def some_id():
        return chance.choice([*(str(int(row.id)) for row in rows(alice)), "1"])

    steps = [
        (10, mention), (5, lambda: mark("favourite")), (3, lambda: mark("unfavourite")), (4, lambda: mark("reblog")),
        (3, lambda: mark("unreblog")), (6, react), (3, delete),
        (3, lambda: somebody().post(f"/api/v1/accounts/{alice.id}/{chance.choice(['follow', 'unfollow'])}")),
        (3, lambda: alice.post(f"/api/v1/accounts/{somebody().id}/{chance.choice(['mute', 'unmute'])}")),
        (2, lambda: alice.post(f"/api/v1/statuses/{chance.choice(own)}/{chance.choice(['mute', 'unmute'])}")),
        (4, lambda: alice.post(READ, form={"id": some_id()})),
        (2, lambda: alice.post(READ, form={"max_id": some_id()})),
        (3, lambda: alice.post(f"{PATH}/{some_id()}/dismiss")),
        (1, lambda: alice.delete(f"{PATH}/destroy_multiple", {"ids": [some_id(), some_id()]})),
        (0.3, lambda: alice.post(f"{PATH}/clear")),
    ]
    for number in range(STEPS):
        chance.choices([step for _, step in steps], [weight for weight, _ in steps])[0]()
        if number % 50 == 49:
            drain()
            assert unread(alice) == recount(alice)


def recount(person):
    """How many of all notifications, hidden by mutes or not, are shown as not seen."""
    found, max_id = [], str(2**53)
    while page := listed(person, with_muted=True, include_types=EVERY_TYPE, limit=40, max_id=max_id):
        found += page
        max_id = page[-1]["id"]
    assert len(found) == len(rows(person))
    return sum(not each["pleroma"]["is_seen"] for each in found)


def test_who_is_blocked_cannot_make_the_number_grow(alice, bob):
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    for number in range(3):
        bob.posts(f"@alice {number}")

    assert (unread(alice), [row.is_seen(watermark(alice)) for row in rows(alice)]) == (0, [False] * 3)
    alice.post(f"/api/v1/accounts/{bob.id}/unblock")
    assert [each["pleroma"]["is_seen"] for each in listed(alice)] == [False] * 3
    assert unread(alice) == 0
    assert len(alice.post(READ, form={"max_id": ids(alice)[0]}).json) == 3
    assert [each["pleroma"]["is_seen"] for each in listed(alice)] == [True] * 3


# Disappearing.


@pytest.mark.parametrize("how", ["unfavourite", "unreblog", "unreact", "delete", "delete_own", "reject", "block"])
def test_what_is_taken_back_disappears(alice, bob, drain, how):
    own = alice.posts("hello")["id"]
    becomes(alice, locked=True)
    if how in ("unfavourite", "unreblog"):
        bob.post(f"/api/v1/statuses/{own}/{how.removeprefix('un')}")
    elif how in ("unreact", "delete_own"):
        bob.reacts(own, "😀")
    elif how == "delete":
        theirs = bob.posts("@alice hello")["id"]
    else:
        bob.follows(alice)
    assert len(rows(alice)) == unread(alice) == 1

    {
        "unfavourite": lambda: bob.post(f"/api/v1/statuses/{own}/unfavourite"),
        "unreblog": lambda: bob.post(f"/api/v1/statuses/{own}/unreblog"),
        "unreact": lambda: bob.delete(f"/api/v1/pleroma/statuses/{own}/reactions/%F0%9F%98%80"),
        "delete": lambda: bob.delete(f"/api/v1/statuses/{theirs}"),
        "delete_own": lambda: alice.delete(f"/api/v1/statuses/{own}"),
        "reject": lambda: alice.post(f"/api/v1/follow_requests/{bob.id}/reject"),
        "block": lambda: alice.post(f"/api/v1/accounts/{bob.id}/block"),
    }[how]()
    drain()

    assert rows(alice) == []
    assert unread(alice) == 0


# Who may, and what it costs.


def test_they_need_a_user_and_a_scope(cast, alice, anonymous):
    reader, writer = (cast.signs_in(alice.account, f"{verb}:notifications") for verb in ("read", "write"))
    reading = [lambda who: who.get(PATH), lambda who: who.get(f"{PATH}/1")]
    writing = [lambda who: who.post(f"{PATH}/1/dismiss"), lambda who: who.post(f"{PATH}/dismiss", form={"id": 1}),
               lambda who: who.post(f"{PATH}/clear"), lambda who: who.post(READ, form={"max_id": 1}),
               lambda who: who.delete(f"{PATH}/destroy_multiple", {"ids": ["1"]})]

    for call in (*reading, *writing):
        assert (call(anonymous).status, call(anonymous).json) == (403, {"error": "Invalid credentials."})
    for call in reading:
        assert call(writer).json == {"error": "Insufficient permissions: read:notifications."}
        assert call(reader).json != call(writer).json
    for call in writing:
        assert call(reader).json == {"error": "Insufficient permissions: write:notifications."}
        assert call(writer).json != call(reader).json


def test_twenty_cost_the_calls_of_two(alice, cast, drain):
    people = cast.people(20)
    statuses = [alice.posts(f"status {number}")["id"] for number in range(5)]
    for number, person in enumerate(people):
        person.posts("@alice hello")
        person.post(f"/api/v1/statuses/{statuses[number % 5]}/favourite")

    two, twenty, forty = (alice.get(PATH, {"limit": limit}) for limit in (2, 20, 40))

    assert [len(reply.json) for reply in (two, twenty, forty)] == [2, 20, 40]
    assert {(reply.calls, reply.rounds) for reply in (two, twenty, forty)} == {(3, 3)}, "token, rows, all around them"


def test_calls_of_the_rest(alice, bob):
    for number in range(3):
        bob.posts(f"@alice {number}")
    newest, middle, oldest = ids(alice)

    def cost(reply):
        assert reply.status == 200
        return reply.calls, reply.rounds

    assert cost(alice.get(PATH, {"since_id": newest})) == (2, 2), "nothing new"
    assert cost(alice.get(f"{PATH}/{newest}")) == (2, 2)
    assert cost(alice.get(PATH, {"types": ["mention", "follow"]})) == (4, 3)
    assert cost(alice.post(f"{PATH}/{oldest}/dismiss")) == (2, 2)
    assert cost(alice.post(READ, form={"id": middle})) == (4, 4)
    assert cost(alice.post(f"{PATH}/clear")) == (3, 3)
