"""Kenoma and a server of Fedify's on this machine: two programs that share no line of code understand each other.

Everything is tried with both kinds of signatures: RFC 9421, and Cavage where both sides show nothing unsigned.
"""

from __future__ import annotations

from typing import Any

import pytest
import requests

from infra.local.seed import PASSWORD
from tests import npm
from tests.peers.conftest import KINDS, Both
from tests.peers.fedify import process
from tests.pictures import png
from tests.running.stage import PROFILE_WITHIN, SCOPES, Someone, until

ACTIVITY = {"Accept": "application/activity+json"}
PUBLIC = "as:Public"


def objects(both: Both, type: str) -> list[Any]:
    return [each["object"] for each in both.fedify.heard(type)]


def texts(reader: Someone) -> list[str]:
    return [each["content"] for each in reader.get("/api/v1/timelines/home")]


def told(reader: Someone, status_id: str) -> list[str]:
    """What the reader is told of a status."""
    return [each["type"] for each in reader.get("/api/v1/notifications")
            if each.get("status") and each["status"]["id"] == status_id]


def arrives(reader: Someone, text: str) -> Any:
    """The status with this text, once it is in the reader's home timeline."""
    return until(lambda: next((each for each in reader.get("/api/v1/timelines/home") if text in each["content"]), None))


# Finding each other.


def test_fern_is_found_by_name_and_by_address(both: Both, bob: Someone) -> None:
    for q in (both.fedify.acct, f"@{both.fedify.acct}", both.fedify.fern):
        (found,) = bob.get("/api/v2/search", q=q, resolve=True)["accounts"]

        assert (found["acct"], found["display_name"]) == (both.fedify.acct, "Fern")
        assert found["note"] == "<p>I live at Fedify</p>"
        assert found["pleroma"]["ap_id"] == both.fedify.fern


def test_fedify_reads_an_account_and_what_webfinger_says_of_it(both: Both, alice: Someone) -> None:
    actor = both.fedify.does("find", address=both.uri("alice"))
    named = both.fedify.does("named", address=both.uri("alice"))

    assert (actor["id"], actor["preferredUsername"]) == (both.uri("alice"), "alice")
    assert actor["publicKey"]["owner"] == both.uri("alice")
    assert actor["endpoints"]["sharedInbox"] == f"{both.stage.url}/inbox"
    assert named["subject"] == f"acct:alice@{both.stage.url.removeprefix('http://')}"
    assert (both.kind, 200) in both.fedify.asked("GET", "/users/alice")


def test_fedify_walks_through_an_outbox_and_followers(both: Both, alice: Someone) -> None:
    status = alice.posts("in the outbox")

    outbox = both.fedify.does("collect", address=both.uri("alice") + "/outbox")
    followers = both.fedify.does("collect", address=both.uri("alice") + "/followers")

    assert status["uri"].replace("/objects/", "/activities/") in outbox["ids"]
    assert outbox["totalItems"] == len(outbox["ids"])
    assert followers == {"totalItems": 1, "ids": [both.fedify.fern]}


def test_documents_need_a_signature_where_the_servers_are_strict(both: Both, alice: Someone) -> None:
    note = both.fedify.does("note", text="<p>strictly</p>")["note"]
    status = alice.posts("strictly too")

    unsigned = [requests.get(address, headers=ACTIVITY, timeout=30).status_code
                for address in (note, both.fedify.fern, status["uri"])]

    assert unsigned == ([401] * 3 if both.strict else [200] * 3)
    assert both.fedify.does("find", address=status["uri"])["content"] == "strictly too"
    assert both.fedify.asked("GET", status["uri"]) == {(both.kind, 200)}
    (found,) = alice.get("/api/v2/search", q=note, resolve=True)["statuses"]
    assert found["uri"] == note


def test_neither_takes_what_is_not_signed(both: Both) -> None:
    follow = {"@context": "https://www.w3.org/ns/activitystreams", "type": "Follow"}
    to_fern = {**follow, "id": both.uri("bob") + "#1", "actor": both.uri("bob"), "object": both.fedify.fern}
    to_bob = {**follow, "id": both.fedify.fern + "#1", "actor": both.fedify.fern, "object": both.uri("bob")}

    for inbox, activity in ((both.fedify.fern + "/inbox", to_fern), (both.uri("bob") + "/inbox", to_bob)):
        reply = requests.post(inbox, json=activity, headers={"Content-Type": "application/activity+json"}, timeout=30)

        assert reply.status_code == 401, reply.text
    assert to_fern["id"] not in [each["id"] for each in both.fedify.heard("Follow")]


# Follows.


def test_fern_follows_and_is_accepted_and_takes_it_back(both: Both, bob: Someone) -> None:
    follow = both.fedify.does("follow", address=both.uri("bob"))["id"]

    (accept,) = until(lambda: [each for each in both.fedify.heard("Accept") if each["object"]["id"] == follow])
    assert accept["actor"] == both.uri("bob")
    assert both.relationship(bob)["followed_by"]

    both.fedify.does("undo", id=follow)

    until(lambda: not both.relationship(bob)["followed_by"])
    assert bob.account()["followers_count"] == 0


@pytest.mark.parametrize(("answer", "type"), [("authorize", "Accept"), ("reject", "Reject")])
def test_a_locked_account_answers_a_follow_itself(both: Both, bob: Someone, answer: str, type: str) -> None:
    bob.changes(locked=True)
    assert both.fedify.does("find", address=both.uri("bob"))["manuallyApprovesFollowers"]
    follow = both.fedify.does("follow", address=both.uri("bob"))["id"]
    (request,) = until(lambda: bob.get("/api/v1/follow_requests"))
    assert request["acct"] == both.fedify.acct

    bob.post(f"/api/v1/follow_requests/{request['id']}/{answer}")

    until(lambda: [each for each in both.fedify.heard(type) if each["object"]["id"] == follow])
    both.fedify.does("undo", id=follow)
    until(lambda: not both.relationship(bob)["followed_by"])
    bob.changes(locked=False)


def test_fern_is_followed_and_unfollowed(both: Both, bob: Someone) -> None:
    fern = both.fern(bob)["id"]
    bob.post(f"/api/v1/accounts/{fern}/follow")

    until(lambda: both.relationship(bob)["following"])
    assert both.uri("bob") in both.fedify.knows("followers")

    bob.post(f"/api/v1/accounts/{fern}/unfollow")

    until(lambda: both.uri("bob") not in both.fedify.knows("followers"))


# What people here do arrives there.


@pytest.mark.parametrize(("visibility", "to", "cc"), [
    ("public", PUBLIC, "followers"), ("unlisted", "followers", PUBLIC), ("private", "followers", None)])
def test_a_status_arrives_at_fedify(both: Both, alice: Someone, visibility: str, to: str, cc: str | None) -> None:
    status = alice.posts(f"hello #{visibility}day", visibility=visibility, spoiler_text="careful")

    (note,) = until(lambda: [each for each in objects(both, "Create") if each["id"] == status["uri"]])

    names = {"followers": both.uri("alice") + "/followers"}
    assert (note["type"], note["attributedTo"]) == ("Note", both.uri("alice"))
    assert note["content"] == status["content"]
    assert (note["summary"], note["sensitive"]) == ("careful", False)
    assert (note["to"], note.get("cc")) == (names.get(to, to), names.get(cc, cc))
    assert note["tag"]["name"] == f"#{visibility}day"


def test_a_direct_status_arrives_and_a_local_one_does_not(both: Both, alice: Someone) -> None:
    local = alice.posts(f"@{both.fedify.acct} only here", visibility="local")
    direct = alice.posts(f"@{both.fedify.acct} psst", visibility="direct")

    (note,) = until(lambda: [each for each in objects(both, "Create") if each["id"] == direct["uri"]])

    assert (note["to"], note.get("cc")) == (both.fedify.fern, None)
    assert (note["tag"]["type"], note["tag"]["href"]) == ("Mention", both.fedify.fern)
    both.stage.settles()
    assert local["uri"] not in [each["id"] for each in objects(both, "Create")]


def test_a_deleted_status_is_deleted_there(both: Both, alice: Someone) -> None:
    status = alice.posts("to be deleted")
    until(lambda: status["uri"] in [each["id"] for each in objects(both, "Create")])

    alice.deletes(status["id"])

    until(lambda: status["uri"] in [each["id"] for each in objects(both, "Delete")])


@pytest.mark.parametrize(("act", "type"), [("favourite", "Like"), ("reblog", "Announce")])
def test_a_favourite_or_reblog_arrives_and_is_taken_back(both: Both, alice: Someone, act: str, type: str) -> None:
    note = both.fedify.does("note", text=f"<p>please {act}</p>")["note"]
    status = arrives(alice, f"please {act}")

    alice.post(f"/api/v1/statuses/{status['id']}/{act}")
    (done,) = until(lambda: [each for each in both.fedify.heard(type) if each["object"] == note])
    alice.post(f"/api/v1/statuses/{status['id']}/un{act}")

    (undone,) = until(lambda: [each for each in objects(both, "Undo") if each["id"] == done["id"]])
    assert (undone["type"], undone["object"]) == (type, note)


def test_a_reaction_and_votes_arrive(both: Both, alice: Someone) -> None:
    uri = both.fedify.does("note", text="<p>burning</p>")["note"]
    status = arrives(alice, "burning")
    alice.reacts(status["id"], "🔥")
    reaction = until(lambda: next((each for each in both.fedify.heard("EmojiReact") if each["object"] == uri), None))
    assert (reaction["content"], reaction["actor"]) == ("🔥", both.uri("alice"))
    alice.takes_back(status["id"], "🔥")
    until(lambda: reaction["id"] in [each["object"]["id"] for each in both.fedify.heard("Undo")])

    asked = both.fedify.does("poll", text="<p>tea or milk?</p>", options=["tea", "milk"])["id"]
    poll = arrives(alice, "tea or milk")["poll"]
    alice.post(f"/api/v1/polls/{poll['id']}/votes", choices=[1])
    vote = until(lambda: next((each for each in objects(both, "Create") if each.get("inReplyTo") == asked), None))
    assert (vote["name"], vote["attributedTo"]) == ("milk", both.uri("alice"))


def test_a_pin_and_its_end_arrive(both: Both, alice: Someone) -> None:
    status = alice.posts("read this first")
    about = (status["uri"], both.uri("alice") + "/collections/featured")

    def are_heard(type: str) -> list[Any]:
        return [each for each in both.fedify.heard(type) if (each["object"], each["target"]) == about]

    alice.post(f"/api/v1/statuses/{status['id']}/pin")
    until(lambda: are_heard("Add"))
    alice.post(f"/api/v1/statuses/{status['id']}/unpin")
    until(lambda: are_heard("Remove"))


def test_a_report_arrives_in_the_name_of_the_server(both: Both, bob: Someone) -> None:
    fern = both.fern(bob)["id"]

    bob.post("/api/v1/reports", account_id=fern, comment="too green", forward=True)

    (flag,) = until(lambda: both.fedify.heard("Flag"))
    assert (flag["actor"], flag["content"]) == (f"{both.stage.url}/internal/fetch", "too green")
    assert flag["object"] == both.fedify.fern


def test_an_account_moves_to_fern(both: Both) -> None:
    dora = both.joins("dora")
    follow = both.fedify.does("follow", address=both.uri("dora"))["id"]
    until(lambda: [each for each in both.fedify.heard("Accept") if each["object"]["id"] == follow])
    both.fedify.does("names", address=both.uri("dora"))

    dora.post("/api/pleroma/move_account", password=PASSWORD, target_account=both.fedify.acct)

    (move,) = until(lambda: both.fedify.heard("Move"))
    assert (move["actor"], move["object"], move["target"]) == (both.uri("dora"), both.uri("dora"), both.fedify.fern)
    assert both.fedify.does("find", address=both.uri("dora"))["movedTo"] == both.fedify.fern


def test_a_picture_and_a_poll_arrive(both: Both, alice: Someone) -> None:
    picture = alice.upload("/api/v1/media", file=("dot.png", png(2, 1)))
    seen = alice.posts("look", media_ids=[picture["id"]])
    asked = alice.posts("which?", poll={"options": ["this", "that"], "expires_in": 600})

    (note,) = until(lambda: [each for each in objects(both, "Create") if each["id"] == seen["uri"]])
    (question,) = until(lambda: [each for each in objects(both, "Create") if each["id"] == asked["uri"]])

    assert (note["attachment"]["mediaType"], note["attachment"]["url"]) == ("image/png", picture["url"])
    assert (question["type"], [each["name"] for each in question["oneOf"]]) == ("Question", ["this", "that"])


def test_a_reply_names_what_it_answers(both: Both, alice: Someone) -> None:
    note = both.fedify.does("note", text="<p>how are you?</p>")["note"]
    reply = alice.posts(f"@{both.fedify.acct} fine", in_reply_to_id=arrives(alice, "how are you?")["id"])

    (heard,) = until(lambda: [each for each in objects(both, "Create") if each["id"] == reply["uri"]])

    assert heard["inReplyTo"] == note
    assert both.fedify.fern in heard["to"]


def test_the_end_of_an_account_arrives(both: Both) -> None:
    carol = both.joins("carol")
    follow = both.fedify.does("follow", address=both.uri("carol"))["id"]
    until(lambda: [each for each in both.fedify.heard("Accept") if each["object"]["id"] == follow])

    carol.post("/api/pleroma/delete_account", password=PASSWORD)

    until(lambda: both.uri("carol") in objects(both, "Delete"))
    assert requests.get(both.uri("carol"), headers=ACTIVITY, timeout=30).status_code == 410


# What fern does arrives here.


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_a_note_arrives_at_home(both: Both, alice: Someone, visibility: str) -> None:
    note = both.fedify.does("note", text=f"<p>a <b>{visibility}</b> note</p>", visibility=visibility)["note"]

    status = arrives(alice, f"<b>{visibility}</b>")

    assert (status["visibility"], status["uri"]) == (visibility, note)
    assert (status["content"], status["account"]["acct"]) == (f"<p>a <b>{visibility}</b> note</p>", both.fedify.acct)
    assert not status["pleroma"]["local"]


def test_a_direct_note_is_a_conversation(both: Both, alice: Someone) -> None:
    both.fedify.does("note", text="<p>just for you</p>", visibility="direct", to=[both.uri("alice")])

    (talk,) = until(lambda: [each for each in alice.get("/api/v1/conversations")
                             if each["last_status"]["content"] == "<p>just for you</p>"])

    assert talk["last_status"]["visibility"] == "direct"
    assert told(alice, talk["last_status"]["id"]) == ["mention"]


def test_an_answer_comes_into_the_thread(both: Both, alice: Someone) -> None:
    question = alice.posts("who is there?")

    both.fedify.does("note", text="<p>it is me</p>", to=[both.uri("alice")], answering=question["uri"])

    answer = arrives(alice, "it is me")
    assert answer["in_reply_to_id"] == question["id"]
    thread = alice.get(f"/api/v1/statuses/{question['id']}/context")
    assert [each["id"] for each in thread["descendants"]] == [answer["id"]]
    assert told(alice, answer["id"]) == ["mention"]


@pytest.mark.parametrize(("act", "count", "type"), [
    ("like", "favourites_count", "favourite"), ("announce", "reblogs_count", "reblog")])
def test_a_like_or_announce_counts_until_it_is_undone(both: Both, alice: Someone, act: str, count: str,
                                                     type: str) -> None:
    status = alice.posts(f"{act} this")

    def counted() -> int:
        found: int = alice.get(f"/api/v1/statuses/{status['id']}")[count]
        return found

    done = both.fedify.does(act, status=status["uri"], author=both.uri("alice"))["id"]
    until(lambda: counted() == 1)
    assert told(alice, status["id"]) == [type]

    both.fedify.does("undo", id=done)

    until(lambda: counted() == 0)


def test_reactions_and_votes_count(both: Both, alice: Someone) -> None:
    def reactions() -> list[str]:
        return [each["name"] for each in alice.get(f"/api/v1/statuses/{poll['id']}")["pleroma"]["emoji_reactions"]]

    poll = alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 3600})
    about = {"status": poll["uri"], "author": both.uri("alice")}
    custom = f"blob@{both.fedify.acct.partition('@')[2]}"
    fire = both.fedify.does("react", emoji="🔥", **about)["id"]
    until(lambda: reactions() == ["🔥"])
    both.fedify.does("react", emoji=":blob:", picture="http://127.0.0.1:9/blob.png", **about)
    until(lambda: reactions() == ["🔥", custom])
    both.fedify.does("undo", id=fire)
    until(lambda: reactions() == [custom])

    both.fedify.does("vote", question=poll["uri"], author=both.uri("alice"), name="no")
    until(lambda: [each["votes_count"] for each in alice.get(f"/api/v1/polls/{poll['id']}")["options"]] == [0, 1])


def test_counts_of_a_poll_come(both: Both, alice: Someone) -> None:
    text = "<p>rain or sun?</p>"
    id = both.fedify.does("poll", text=text, options=["rain", "sun"])["id"]
    poll = arrives(alice, "rain or sun?")["poll"]["id"]

    both.fedify.does("count", id=id, text=text, counts={"rain": 3, "sun": 5})

    until(lambda: [each["votes_count"] for each in alice.get(f"/api/v1/polls/{poll}")["options"]] == [3, 5])


def test_a_pin_comes_first_until_it_is_taken_back(both: Both, alice: Someone) -> None:
    def pins() -> list[str]:
        found = alice.get(f"/api/v1/accounts/{both.fern(alice)['id']}/statuses", pinned=True)
        return [each["uri"] for each in found]

    note = both.fedify.does("note", text="<p>who I am</p>")["note"]
    arrives(alice, "who I am")
    both.fedify.does("pin", note=note)
    until(lambda: pins() == [note])
    both.fedify.does("unpin", note=note)
    until(lambda: not pins())


def test_a_block_is_shown_until_it_ends(both: Both, bob: Someone) -> None:
    blocked = both.fedify.does("block", address=both.uri("bob"))["id"]
    until(lambda: both.relationship(bob)["blocked_by"])

    both.fedify.does("undo", id=blocked)

    until(lambda: not both.relationship(bob)["blocked_by"])


def test_a_report_comes_to_the_staff(both: Both, bob: Someone) -> None:
    status = bob.posts("nonsense")

    both.fedify.does("report", address=both.uri("bob"), status=status["uri"], text="too loud")

    staff = both.stage.signs_in("admin", f"{SCOPES} admin")
    (report,) = until(lambda: [each for each in staff.get("/api/pleroma/admin/reports", state="open")["reports"]
                               if each["content"] == "too loud"])
    assert report["actor"]["acct"] == both.fedify.acct
    assert (report["account"]["acct"], [each["id"] for each in report["statuses"]]) == ("bob", [status["id"]])


def test_followers_go_where_an_account_moves(both: Both, bob: Someone) -> None:
    moss = both.fedify.fern.replace("/fern", "/moss")
    old, *_ = bob.get("/api/v2/search", q=moss, resolve=True)["accounts"]
    bob.post(f"/api/v1/accounts/{old['id']}/follow")
    until(lambda: bob.get("/api/v1/accounts/relationships", id=old["id"])[0]["following"])

    both.fedify.does("move", hears=both.uri("bob"))

    until(lambda: both.relationship(bob)["following"])
    assert not bob.get("/api/v1/accounts/relationships", id=old["id"])[0]["following"]
    assert "move" in [each["type"] for each in bob.get("/api/v1/notifications")]
    bob.post(f"/api/v1/accounts/{both.fern(bob)['id']}/unfollow")
    until(lambda: both.uri("bob") not in both.fedify.knows("followers"))


def test_fern_and_alice_talk(both: Both, alice: Someone) -> None:
    both.fedify.does("say", text="hello", to=both.uri("alice"))
    (chat,) = until(lambda: alice.get("/api/v1/pleroma/chats"))
    assert (chat["last_message"]["content"], chat["account"]["acct"]) == ("hello", both.fedify.acct)

    alice.post(f"/api/v1/pleroma/chats/{chat['id']}/messages", content="hi")

    (said,) = until(lambda: [each for each in objects(both, "Create") if each.get("content") == "hi"])
    assert said["attributedTo"] == both.uri("alice")


def test_an_edited_note_changes_and_a_deleted_one_goes(both: Both, alice: Someone) -> None:
    note = both.fedify.does("note", text="<p>first words</p>")["note"]
    status = arrives(alice, "first words")

    both.fedify.does("edit", note=note, text="<p>better words</p>")
    edited = arrives(alice, "better words")
    both.fedify.does("remove", note=note)

    assert edited["id"] == status["id"]
    until(lambda: "<p>better words</p>" not in texts(alice))
    assert alice.http.get(f"{both.stage.url}/api/v1/statuses/{status['id']}", timeout=30).status_code == 404


def test_a_note_comes_with_its_pictures(both: Both, alice: Someone) -> None:
    picture = {"url": f"{both.fedify.url}/dot.png", "name": "a dot"}

    both.fedify.does("note", text="<p>have a look</p>", pictures=[picture])

    (shown,) = arrives(alice, "have a look")["media_attachments"]
    assert (shown["type"], shown["url"], shown["description"]) == ("image", picture["url"], "a dot")


def test_a_question_is_a_poll(both: Both, alice: Someone) -> None:
    both.fedify.does("poll", text="<p>tea or coffee?</p>", options=["tea", "coffee"])

    poll = arrives(alice, "tea or coffee?")["poll"]

    assert [(each["title"], each["votes_count"]) for each in poll["options"]] == [("tea", 0), ("coffee", 0)]
    assert (poll["expired"], poll["multiple"]) == (False, False)


def test_another_name_is_learnt(both: Both, alice: Someone) -> None:
    both.fedify.does("rename", name="Fern of the woods")

    until(lambda: both.fern(alice)["display_name"] == "Fern of the woods")

    both.fedify.does("rename", name="Fern")
    until(lambda: both.fern(alice)["display_name"] == "Fern")


def test_who_leaves_there_is_gone_here(both: Both, alice: Someone) -> None:
    both.fedify.does("note", text="<p>my last words</p>", by="moss", to=[both.uri("alice")])
    (mention,) = until(lambda: [each for each in alice.get("/api/v1/notifications")
                                if each["account"]["username"] == "moss"])

    both.fedify.does("leave", hears=both.uri("alice"))

    path = f"{both.stage.url}/api/v1/statuses/{mention['status']['id']}"
    until(lambda: alice.http.get(path, timeout=30).status_code == 404)
    assert "moss" not in [each["account"]["username"] for each in alice.get("/api/v1/notifications")]


@pytest.mark.parametrize("both", KINDS[:1], indirect=True)
def test_a_changed_profile_arrives_in_time(both: Both, alice: Someone) -> None:
    until(lambda: "Alice the second" in [each.get("name") for each in objects(both, "Update")],
          within=PROFILE_WITHIN)


def test_all_that_fern_sent_was_taken_as_it_was_signed_first(both: Both, alice: Someone) -> None:
    both.fedify.does("note", text="<p>one more</p>")
    arrives(alice, "one more")

    assert both.fedify.asked("POST", both.stage.url) == {(both.kind, 202)}


def test_whoever_is_blocked_is_rejected_and_reads_nothing(both: Both, bob: Someone) -> None:
    # The last one: whatever is refused lets Fedify try the other kind of signature from then on.
    fern = both.fern(bob)["id"]
    assert both.fedify.does("find", address=both.uri("bob"))["preferredUsername"] == "bob"
    bob.post(f"/api/v1/accounts/{fern}/block")

    follow = both.fedify.does("follow", address=both.uri("bob"))["id"]

    until(lambda: [each for each in both.fedify.heard("Reject") if each["object"]["id"] == follow])
    (block,) = until(lambda: both.fedify.heard("Block"))
    assert (block["actor"], block["object"]) == (both.uri("bob"), both.fedify.fern)
    assert not both.relationship(bob)["followed_by"]
    assert both.fedify.does("find", address=bob.posts("not for fern")["uri"]) is None
    bob.post(f"/api/v1/accounts/{fern}/unblock")
    until(lambda: block["id"] in [each["id"] for each in objects(both, "Undo") if isinstance(each, dict)])


# Where Fedify is missing.


def test_without_packages_the_reason_is_said(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))

    with pytest.raises(npm.Missing, match=r"npm did not install it: .*ECONNREFUSED"):
        process.installed(tmp_path / "cache")

    assert list((tmp_path / "cache").iterdir()) == []
