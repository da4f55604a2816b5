"""Conversations: threads of direct statuses, and each participant's own view of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import VIEWER_SET, ViewerSet
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.timelines.conversations import Participation


def psst(author, text, **params):
    return author.posts(text, visibility="direct", **params)


def conversation_of(status):
    return str(status["pleroma"]["direct_conversation_id"])


def listed(person, **params):
    return person.get("/api/v1/conversations", params).json


def ids(rows):
    return [row["id"] for row in rows]


def blocks(viewer, person):
    update(ViewerSet.stub(viewer.id, VIEWER_SET), [ViewerSet.blocked.add({person.id})])


def unread_count(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"]


def test_each_participant_sees_their_own_entry(alice, bob):
    status = psst(alice, "psst @bob")

    (mine,), (theirs,) = listed(alice), listed(bob)

    assert mine["id"] == conversation_of(status)
    assert mine["id"] != theirs["id"]
    assert (mine["unread"], theirs["unread"]) == (False, True)
    assert ids(mine["accounts"]) == [bob.id]
    assert ids(theirs["accounts"]) == [alice.id]
    assert set(ids(mine["pleroma"]["recipients"])) == {alice.id, bob.id}
    assert mine["last_status"] == alice.get(f"/api/v1/statuses/{status['id']}").json
    assert set(mine) == {"id", "accounts", "unread", "last_status", "pleroma"}


def test_a_conversation_with_nobody_shows_its_owner(alice):
    psst(alice, "dear diary")

    (mine,) = listed(alice)

    assert ids(mine["accounts"]) == ids(mine["pleroma"]["recipients"]) == [alice.id]


def test_public_and_private_statuses_make_none(alice, bob):
    alice.posts("@bob hello")
    alice.posts("@bob hello", visibility="private")

    assert listed(alice) == listed(bob) == []


def test_a_reply_moves_it_up_and_is_unread_for_the_others(alice, bob, carol):
    first = psst(alice, "@bob one")
    psst(alice, "@carol two")
    reply = psst(bob, "@alice three", in_reply_to_id=first["id"])

    rows = listed(alice)

    assert ids(rows)[0] == conversation_of(first)
    assert (rows[0]["last_status"]["id"], rows[0]["unread"]) == (reply["id"], True)
    assert listed(bob)[0]["unread"] is False
    assert unread_count(alice) == 1


def test_recipients_do_not_change_by_themselves(alice, bob, carol):
    first = psst(alice, "@bob one")
    psst(alice, "@bob @carol two", in_reply_to_id=first["id"])

    assert set(ids(listed(bob)[0]["pleroma"]["recipients"])) == {alice.id, bob.id}
    assert set(ids(listed(carol)[0]["pleroma"]["recipients"])) == {alice.id, bob.id, carol.id}


def test_pages_are_of_conversations(alice, cast):
    crowd = cast.people(5)
    made = [conversation_of(psst(alice, f"@{person.nickname} hi")) for person in crowd][::-1]

    page = alice.get("/api/v1/conversations", {"limit": 2})

    assert ids(page.json) == made[:2]
    assert ids(alice.get("/api/v1/conversations", page.links()["next"]).json) == made[2:4]
    assert ids(listed(alice, min_id=made[4], limit=2)) == made[2:4]
    assert ids(listed(alice, since_id=made[4], limit=2)) == made[:2]
    assert ids(listed(alice, max_id="nonsense")) == ids(listed(alice, limit=0)) == []


def test_those_with_exactly_these_people(alice, bob, carol):
    with_bob = conversation_of(psst(alice, "@bob"))
    with_both = conversation_of(psst(alice, "@bob @carol"))
    from_bob = conversation_of(alice.get(f"/api/v1/statuses/{psst(bob, '@alice')['id']}").json)

    assert ids(listed(alice, recipients=[bob.id])) == [from_bob, with_bob]
    assert ids(listed(alice, recipients=[bob.id, alice.id])) == [from_bob, with_bob]
    assert ids(listed(alice, recipients=[carol.id, bob.id])) == [with_both]
    assert ids(listed(alice, recipients=[carol.id])) == []


def test_those_with_exactly_these_people_are_found_below_thousands_of_others_in_one_query(alice, bob):
    psst(bob, "@alice")
    (with_bob,) = ids(listed(alice))
    write_batch(puts=[Participation(alice.id, number, thread="t", last=new_flake(), participants_hash="others")
                      for number in range(1, 2_001)])

    reply = alice.get("/api/v1/conversations", {"recipients": [bob.id]})

    assert ids(reply.json) == [with_bob]
    assert reply.calls == 4


def test_one_is_shown_to_its_owner_only(alice, bob):
    id = conversation_of(psst(alice, "@bob"))
    path = f"/api/v1/pleroma/conversations/{id}"

    assert alice.get(path).json == listed(alice)[0]
    for viewer, wanted in ((bob, id), (alice, "0"), (alice, "1")):
        reply = viewer.get(f"/api/v1/pleroma/conversations/{wanted}")
        assert (reply.status, reply.json) == (404, {"error": "Unknown conversation id"})


def test_its_statuses_are_oldest_first(alice, bob, carol):
    first = psst(alice, "@bob 1")
    made = [first["id"]]
    for number in range(2, 5):
        made.append(psst((alice, bob)[number % 2], "@alice @bob", in_reply_to_id=made[-1])["id"])
    path = f"/api/v1/pleroma/conversations/{conversation_of(first)}/statuses"

    assert ids(alice.get(path).json) == made
    page = alice.get(path, {"limit": 2})
    assert ids(page.json) == made[2:]
    assert page.links()["next"]["max_id"] == made[2]
    assert page.links()["prev"]["min_id"] == made[3]
    assert ids(alice.get(path, page.links()["next"]).json) == made[:2]
    assert ids(alice.get(path, {"min_id": made[0], "limit": 1}).json) == [made[1]]
    assert carol.get(path).json == {"error": "Unknown conversation id"}


def test_public_statuses_of_the_thread_are_among_them(alice, bob):
    root = alice.posts("public root")["id"]
    direct = psst(alice, "@bob", in_reply_to_id=root)

    path = f"/api/v1/pleroma/conversations/{conversation_of(direct)}/statuses"

    assert ids(alice.get(path).json) == [root, direct["id"]]


def test_reading_one_marks_it_read(alice, bob):
    psst(alice, "@bob")
    id = listed(bob)[0]["id"]

    reply = bob.post(f"/api/v1/conversations/{id}/read")

    assert (reply.status, reply.json["unread"]) == (200, False)
    assert unread_count(bob) == 0
    assert alice.post(f"/api/v1/conversations/{id}/read").json == {"error": "Record not found"}


def test_reading_all_answers_those_that_were_unread(alice, bob, carol):
    for author in (alice, carol):
        psst(author, "@bob")
    bob.post(f"/api/v1/conversations/{listed(bob)[0]['id']}/read")

    reply = bob.post("/api/v1/pleroma/conversations/read")

    assert [row["unread"] for row in reply.json] == [False]
    assert ids(reply.json) == [listed(bob)[1]["id"]]
    assert unread_count(bob) == 0
    assert bob.post("/api/v1/pleroma/conversations/read").json == []


@pytest.mark.parametrize("way", ["json", "form", "query"])
def test_recipients_are_replaced_and_the_owner_stays(alice, bob, carol, way):
    first = psst(alice, "@bob")
    id = conversation_of(first)
    path = f"/api/v1/pleroma/conversations/{id}"
    wanted = {"recipients": [carol.id, "unknown", "0" * 18]}

    reply = alice.patch(path, wanted) if way == "query" else alice.patch(path, **{way: wanted})

    assert set(ids(reply.json["pleroma"]["recipients"])) == {alice.id, carol.id}
    assert ids(reply.json["accounts"]) == [carol.id]
    assert set(ids(listed(bob)[0]["pleroma"]["recipients"])) == {alice.id, bob.id}
    answer = alice.posts("@bob is not addressed", in_reply_to_conversation_id=id)
    assert ids(answer["mentions"]) != []
    assert carol.get(f"/api/v1/statuses/{answer['id']}").status == 200
    assert bob.get(f"/api/v1/statuses/{answer['id']}").status == 404


def test_recipients_are_needed_and_belong_to_the_owner(alice, bob):
    id = conversation_of(psst(alice, "@bob"))

    assert alice.patch(f"/api/v1/pleroma/conversations/{id}").json["error"] == "Missing field: recipients."
    assert bob.patch(f"/api/v1/pleroma/conversations/{id}", json={"recipients": []}).status == 404
    assert ids(alice.patch(f"/api/v1/pleroma/conversations/{id}", json={"recipients": []}).json["accounts"]) == [
        alice.id]


def test_what_a_blocked_account_says_is_no_last_status(alice, bob, carol):
    first = psst(alice, "@bob @carol hello")
    psst(bob, "@alice @carol no", in_reply_to_id=first["id"])
    blocks(alice, bob)

    (row,) = listed(alice)

    assert row["last_status"]["id"] == first["id"]
    path = f"/api/v1/pleroma/conversations/{row['id']}/statuses"
    assert ids(alice.get(path).json) == [first["id"]]


def test_without_a_visible_status_it_leaves_the_list_and_can_be_shown(alice, bob, drain):
    status = psst(alice, "@bob")
    id = listed(bob)[0]["id"]
    alice.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    assert listed(alice) == listed(bob) == []
    assert bob.get(f"/api/v1/pleroma/conversations/{id}").json["last_status"] is None
    assert unread_count(bob) == 0


def test_somebody_blocked_among_the_addressed_makes_nothing_unread(alice, bob, carol):
    blocks(alice, carol)

    psst(bob, "@alice @carol")

    assert unread_count(alice) == 0


def test_two_answering_at_once_keep_one_conversation(alice, bob):
    first = psst(alice, "@bob")
    theirs = listed(bob)[0]["id"]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: (alice if number % 2 else bob).posts(
            f"{number}", in_reply_to_conversation_id=conversation_of(first) if number % 2 else theirs), range(8)))

    assert len(listed(alice)) == len(listed(bob)) == 1
    path = f"/api/v1/pleroma/conversations/{conversation_of(first)}/statuses"
    assert len(alice.get(path).json) == 9
    assert set(ids(listed(alice)[0]["pleroma"]["recipients"])) == {alice.id, bob.id}


def test_a_page_of_twenty_costs_what_one_of_two_costs(alice, cast):
    for person in cast.people(22):
        psst(alice, f"@{person.nickname}")

    two, twenty = (alice.get("/api/v1/conversations", {"limit": limit}) for limit in (2, 20))

    assert len(twenty.json) == 20
    assert (two.calls, two.rounds) == (twenty.calls, twenty.rounds) == (4, 4)


def test_conversations_need_their_scopes(cast, anonymous):
    writer = cast.person("writer", scopes="write:statuses")

    assert writer.get("/api/v1/conversations").json == {"error": "Insufficient permissions: read:statuses."}
    assert writer.post("/api/v1/pleroma/conversations/read").json == {
        "error": "Insufficient permissions: write:conversations."}
    assert anonymous.get("/api/v1/conversations").json == {"error": "Invalid credentials."}


def test_a_deleted_conversation_is_off_the_list_until_somebody_says_something(alice, bob):
    first = psst(alice, "psst @bob")
    (entry,) = listed(bob)

    assert bob.delete(f"/api/v1/conversations/{entry['id']}").json == {}

    assert listed(bob) == []
    assert unread_count(bob) == 0
    assert len(listed(alice)) == 1
    assert bob.get(f"/api/v1/statuses/{first['id']}").status == 200
    assert bob.delete(f"/api/v1/conversations/{entry['id']}").json == {"error": "Record not found"}
    again = psst(alice, "@bob again", in_reply_to_id=first["id"])
    assert [(each["id"], each["unread"], each["last_status"]["id"]) for each in listed(bob)] == [
        (entry["id"], True, again["id"])]


def test_a_conversation_can_be_marked_as_unread(alice, bob):
    psst(alice, "psst @bob")
    (entry,) = listed(alice)

    reply = alice.post(f"/api/v1/conversations/{entry['id']}/unread")

    assert (reply.status, reply.json["unread"]) == (200, True)
    assert unread_count(alice) == 1
    assert bob.post(f"/api/v1/conversations/{entry['id']}/unread").json == {"error": "Record not found"}
