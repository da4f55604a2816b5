"""Editing statuses: what changes, what stays, and who hears of it."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from chalicelib.jobs.sweep import sweep
from chalicelib.store.media import uploads
from chalicelib.store.statuses import cards, polls, statuses
from chalicelib.store.statuses.edits import versions, writing
from chalicelib.store.timelines.feeds import HomeRow

POLL = {"options": ["a", "b"], "expires_in": 3600}


def edit(person, id, **said):
    return person.put(f"/api/v1/statuses/{id}", json=said)


def history(person, id):
    return person.get(f"/api/v1/statuses/{id}/history").json


def told(person):
    return [(each["type"], each["account"]["acct"], each["status"]["content"])
            for each in person.get("/api/v1/notifications").json]


def picture(person, colour="red", **form):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return person.post("/api/v1/media", form=form, files={"file": ("a.png", out.getvalue(), "image/png")}).json["id"]


def test_an_edit_says_something_else(alice):
    posted = alice.posts("hello *you*", spoiler_text="hm", content_type="text/markdown", language="de")

    reply = edit(alice, posted["id"], status=" bye ", sensitive=True, content_type="text/plain")

    shown = reply.json
    assert reply.status == 200
    assert (posted["edited_at"], shown["edited_at"] > posted["created_at"]) == (None, True)
    unchanged = posted.keys() - {"edited_at", "content", "spoiler_text", "sensitive", "pleroma", "akkoma"}
    unchanged = [name for name in unchanged if name != "account"]  # it says when it wrote last
    assert {name: shown[name] for name in unchanged} == {name: posted[name] for name in unchanged}
    assert (shown["content"], shown["spoiler_text"], shown["sensitive"]) == ("bye", "", True)
    assert shown["pleroma"]["content"] == {"text/plain": "bye"}
    assert alice.get(f"/api/v1/statuses/{posted['id']}").json == shown


def test_the_text_its_kind_and_the_language_stay_if_nothing_is_said_of_them(alice):
    id = alice.posts("*a*", content_type="text/markdown", language="pl", spoiler_text="s")["id"]

    shown = edit(alice, id, spoiler_text="other").json
    again = alice.put(f"/api/v1/statuses/{id}", form={"status": "**b**", "language": ""}).json

    assert (shown["content"], shown["spoiler_text"], shown["language"]) == ("<p><em>a</em></p>", "other", "pl")
    assert (again["content"], again["spoiler_text"], again["language"]) == ("<p><strong>b</strong></p>", "", "pl")
    assert edit(alice, id, language="fr").json["language"] == "fr"


def test_the_history_has_what_was_said_oldest_first(alice, bob, anonymous):
    posted = alice.posts("one :nothing:", spoiler_text="s")
    id = posted["id"]
    assert len(history(anonymous, id)) == 1

    second = edit(alice, id, status="two", sensitive=True).json
    edit(alice, id, status="three", poll=POLL)

    first, middle, last = history(bob, id)
    assert [each["content"] for each in (first, middle, last)] == ["one :nothing:", "two", "three"]
    assert [first["created_at"], middle["created_at"]] == [posted["created_at"], second["edited_at"]]
    assert first["created_at"] < middle["created_at"] < last["created_at"]
    assert (first["spoiler_text"], middle["spoiler_text"], middle["sensitive"]) == ("s", "", True)
    assert (first["poll"], last["poll"]["id"], first["account"]["id"]) == (None, id, alice.id)
    assert first["media_attachments"] == first["emojis"] == []


def test_an_edit_that_changes_nothing_is_none(alice, bob, drain):
    media = picture(alice)
    id = alice.posts("same #tag @bob", spoiler_text="s", media_ids=[media], sensitive=True)["id"]
    before = alice.get(f"/api/v1/statuses/{id}").json

    shown = edit(alice, id, status="same #tag @bob", spoiler_text="s", media_ids=[media], sensitive=True).json

    assert shown == before
    assert len(history(alice, id)) == 1


def test_the_source_is_what_was_typed(alice, bob):
    id = alice.posts("*hello*", content_type="text/markdown", spoiler_text="s")["id"]

    assert bob.get(f"/api/v1/statuses/{id}/source").json == {
        "id": id, "text": "*hello*", "spoiler_text": "s", "content_type": "text/markdown"}
    edit(alice, id, status="_bye_")
    assert bob.get(f"/api/v1/statuses/{id}/source").json["text"] == "_bye_"


def test_only_its_author_edits_a_status(alice, bob, admin, anonymous, cast):
    id = alice.posts("x")["id"]
    secret = alice.posts("x", visibility="private")["id"]
    reblog = bob.post(f"/api/v1/statuses/{id}/reblog").json["id"]
    reader = cast.person("reader", scopes="read")

    for person, wanted, status in ((bob, id, 403), (admin, id, 403), (bob, secret, 404), (bob, reblog, 404),
                                   (alice, reblog, 404), (alice, "0" * 18, 404), (anonymous, id, 403),
                                   (reader, id, 403)):
        assert edit(person, wanted, status="y").status == status
    for path in ("source", "history"):
        assert bob.get(f"/api/v1/statuses/{secret}/{path}").status == 404
        assert bob.get(f"/api/v1/statuses/{reblog}/{path}").status == 404
    assert anonymous.get(f"/api/v1/statuses/{id}/source").status == 403
    assert alice.get(f"/api/v1/statuses/{id}").json["content"] == "x"


@pytest.mark.parametrize(("said", "error"), [
    ({"status": ""}, "Cannot post an empty status without attachments"),
    ({"status": "  ", "media_ids": ["0" * 18]}, "Cannot post an empty status without attachments"),
    ({"status": "x" * 21}, "The status is over the character limit"),
    ({"status": "x", "poll": {"options": ["a"]}}, "Invalid poll"),
    ({"status": "x", "poll": {"options": ["a", "a"], "expires_in": 60}}, "Poll options must differ from each other"),
])
def test_the_limits_of_posting_apply(alice, setting, said, error):
    setting(limit=20)
    id = alice.posts("x")["id"]

    reply = edit(alice, id, **said)

    assert (reply.status, reply.json["error"]) == (422, error)
    assert len(history(alice, id)) == 1


def test_what_leads_to_a_status_follows_its_text(alice, bob, drain):
    bob.follows(alice)
    drain()
    id = alice.posts("apples #red", media_ids=[picture(alice)])["id"]
    other = alice.posts("pears #green")["id"]
    drain()

    edit(alice, id, status="cherries #blue")
    edit(alice, other, status="pears #green", media_ids=[picture(alice, "blue")])
    drain()

    def found(word):
        return [each["id"] for each in bob.get("/api/v2/search", {"q": word}).json["statuses"]]

    def tagged(tag):
        return [each["id"] for each in bob.get(f"/api/v1/timelines/tag/{tag}").json]

    assert (found("apples"), found("cherries")) == ([], [id])
    assert (tagged("red"), tagged("blue"), tagged("green")) == ([], [id], [other])
    media = bob.get(f"/api/v1/accounts/{alice.id}/statuses", {"only_media": True}).json
    assert [each["id"] for each in media] == [other]
    assert bob.home() == [other, id]
    rows = {row.id: row for row in HomeRow.query(f"h#{bob.id}")}
    assert [("m" in rows[each].flags, rows[each].tags) for each in (id, other)] == [
        (False, ["blue"]), (True, ["green"])]


def test_whom_an_edit_names_is_told_once(alice, bob, carol, drain):
    id = alice.posts("hello @bob")["id"]
    drain()

    edit(alice, id, status="hello @carol")
    edit(alice, id, status="hello again @carol @bob")
    drain()

    assert [[each[0] for each in told(person)] for person in (bob, carol)] == [["mention"], ["mention"]]
    assert carol.home() == bob.home() == [id]
    shown = carol.get(f"/api/v1/statuses/{id}").json
    assert [each["acct"] for each in shown["mentions"]] == ["carol", "bob"]


def test_a_direct_status_gets_an_entry_of_the_conversation_for_whom_an_edit_names(alice, bob, carol, drain):
    id = alice.posts("@bob psst", visibility="direct")["id"]
    later = bob.posts("@alice yes", visibility="direct", in_reply_to_id=id)["id"]
    drain()

    edit(alice, id, status="@bob @carol psst")
    drain()

    (entry,) = carol.get("/api/v1/conversations").json
    assert (entry["last_status"]["id"], entry["unread"]) == (id, True)
    assert [each["id"] for each in carol.get("/api/v1/timelines/direct").json] == [id]
    assert alice.get("/api/v1/conversations").json[0]["last_status"]["id"] == later
    assert [each[0] for each in told(carol)] == ["mention"]


def test_whom_an_author_chose_not_to_address_is_not_addressed_by_an_edit(alice, bob, carol, drain):
    id = alice.posts("hello @bob @carol", to=["bob"])["id"]
    drain()

    edit(alice, id, status="hello again @bob @carol")
    drain()

    assert [[each[0] for each in told(person)] for person in (bob, carol)] == [["mention"], []]


def test_who_reblogged_a_status_is_told_of_each_edit_once(alice, bob, carol, cast, drain):
    id = alice.posts("one")["id"]
    for person in (alice, bob, carol):
        assert person.post(f"/api/v1/statuses/{id}/reblog").status == 200
    carol.post(f"/api/v1/accounts/{alice.id}/block")
    drain()

    edit(alice, id, status="two")
    edit(alice, id, status="two")
    drain()
    edit(alice, id, status="three @bob")
    drain()

    assert [(each[0], each[2][:5]) for each in told(bob)] == [("mention", "three"), ("update", "three")]
    assert "update" not in [each[0] for each in told(alice)] + [each[0] for each in told(carol)]


def test_an_edit_is_told_of_though_its_message_is_lost(alice, bob, aws, drain, monkeypatch):
    id = alice.posts("one")["id"]
    bob.post(f"/api/v1/statuses/{id}/reblog")
    drain()
    edit(alice, id, status="two")
    aws.wipe_queues()

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 200)
    sweep()
    drain()

    assert [each[0] for each in told(bob)] == ["update"]


@pytest.mark.parametrize(("poll", "counts", "voted"), [
    ({"options": ["a", "b"], "expires_in": 7200}, [1, 0], True),
    ({"options": ["a", "b"]}, [1, 0], True),
    ({"options": ["a", "c"], "expires_in": 3600}, [0, 0], False),
    ({"options": ["a", "b"], "expires_in": 3600, "multiple": True}, [0, 0], False),
    ({"options": ["a", "b", "c"], "expires_in": 3600}, [0, 0, 0], False),
])
def test_other_options_void_the_votes(alice, bob, poll, counts, voted):
    id = alice.posts("tea?", poll=POLL)["id"]
    before = bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [0]}).json

    edit(alice, id, status="tea?", poll=poll)

    shown = bob.get(f"/api/v1/polls/{id}").json
    assert [each["votes_count"] for each in shown["options"]] == counts
    assert (shown["voters_count"], shown["voted"], shown["own_votes"]) == (int(voted), voted, [0] if voted else [])
    if poll.get("expires_in") != 3600:
        assert (shown["expires_at"] == before["expires_at"]) == ("expires_in" not in poll)
    again = bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [1]})
    assert again.status == (422 if voted else 200)


def test_a_poll_that_is_taken_away_and_asked_again_has_no_votes(alice, bob):
    id = alice.posts("tea?", poll=POLL)["id"]
    bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [0]})

    assert edit(alice, id, status="tea?").json["poll"] is None
    assert bob.get(f"/api/v1/polls/{id}").status == 404
    edit(alice, id, status="tea?", poll=POLL)

    shown = bob.get(f"/api/v1/polls/{id}").json
    assert (shown["voted"], shown["votes_count"]) == (False, 0)
    assert history(bob, id)[0]["poll"]["options"][0] == {"title": "a", "votes_count": 1}


def test_a_vote_for_options_that_are_gone_does_not_count(alice, bob, monkeypatch):
    """The edit comes between what the vote has read and what it writes."""
    id = alice.posts("tea?", poll=POLL)["id"]
    vote, edits = polls.vote, iter([True])

    def late(*read, **more):
        if next(edits, False):
            edit(alice, id, status="tea?", poll={"options": ["x"], "expires_in": 3600})
        return vote(*read, **more)

    monkeypatch.setattr(polls, "vote", late)
    reply = bob.post(f"/api/v1/polls/{id}/votes", json={"choices": [1]})

    assert (reply.status, reply.json["error"]) == (422, "Invalid indices")
    assert bob.get(f"/api/v1/polls/{id}").json["votes_count"] == 0


def test_an_edit_says_which_media_are_shown(alice, bob):
    one, two, theirs = picture(alice, description="one"), picture(alice, "blue"), picture(bob, "green")
    id = alice.posts("x", media_ids=[one])["id"]

    shown = edit(alice, id, status="x", media_ids=[two, theirs, one]).json["media_attachments"]

    assert [each["id"] for each in shown] == [two, one]
    assert edit(alice, id, status="x").json["media_attachments"] == []
    assert [len(each["media_attachments"]) for each in history(alice, id)] == [1, 2, 0]
    assert edit(alice, id, status="", media_ids=[one]).json["content"] == ""


@pytest.mark.parametrize("sent", ["json", "form"])
def test_an_edit_describes_media(alice, sent):
    one, two = picture(alice, description="one"), picture(alice, "blue")
    id = alice.posts("x", media_ids=[one, two])["id"]
    json = {"status": "x", "media_ids": [one, two], "media_attributes": [
        {"id": one, "description": "new", "focus": "0.5,-2"}]}
    form = [("status", "x"), ("media_ids[]", one), ("media_ids[]", two), ("media_attributes[][id]", one),
            ("media_attributes[][description]", "new"), ("media_attributes[][focus]", "0.5,-2")]
    said = {"json": json} if sent == "json" else {"form": form}

    first, second = alice.put(f"/api/v1/statuses/{id}", **said).json["media_attachments"]

    assert (first["description"], first["meta"]["focus"]) == ("new", {"x": 0.5, "y": -1.0})
    assert second["description"] == ""
    assert alice.get(f"/api/v1/media/{one}").json["description"] == "new"
    assert history(alice, id)[0]["media_attachments"][0]["description"] == "one"


def test_media_whose_upload_is_gone_stay(alice, aws):
    one = picture(alice)
    id = alice.posts("x", media_ids=[one])["id"]
    uploads.forget(uploads.find_many([one]))

    assert [each["id"] for each in edit(alice, id, status="y", media_ids=[one]).json["media_attachments"]] == [one]


def test_what_others_did_stays(alice, bob, drain):
    id = alice.posts("one", expires_in=7200)["id"]
    for verb in ("favourite", "reblog", "bookmark"):
        bob.post(f"/api/v1/statuses/{id}/{verb}")
    bob.reacts(id, "😀")
    alice.post(f"/api/v1/statuses/{id}/pin")
    drain()

    edit(alice, id, status="two")
    drain()

    shown = bob.get(f"/api/v1/statuses/{id}").json
    assert [shown[name] for name in ("favourited", "reblogged", "bookmarked", "pinned")] == [True] * 4
    assert (shown["favourites_count"], shown["reblogs_count"]) == (1, 1)
    assert shown["pleroma"]["emoji_reactions"][0]["count"] == 1
    assert bob.get("/api/v1/timelines/home").json[0]["reblog"]["content"] == "two"
    alice.post(f"/api/v1/statuses/{id}/unpin")
    assert alice.get(f"/api/v1/statuses/{id}").json["pleroma"]["expires_at"] is not None


def test_of_edits_at_once_each_is_whole(alice, drain):
    id = alice.posts("0 #tag0")["id"]

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda n: edit(alice, id, status=f"{n} #tag{n}"), range(1, 7)))

    assert {reply.status for reply in replies} == {200}
    said = [each["content"].partition(" ")[0] for each in history(alice, id)]
    assert (said[0], sorted(said)) == ("0", [str(n) for n in range(7)])
    standing = [n for n in range(7) if alice.get(f"/api/v1/timelines/tag/tag{n}").json]
    assert standing == [int(said[-1])]


def test_an_edit_of_what_is_deleted_meanwhile_brings_nothing_back(alice, drain, monkeypatch, aws):
    id = alice.posts("one #tag")["id"]
    write, deletions = writing.edit, iter([True])

    def late(*read):
        if next(deletions, False):
            alice.delete(f"/api/v1/statuses/{id}")
            drain()
        return write(*read)

    monkeypatch.setattr(writing, "edit", late)
    reply = edit(alice, id, status="two #other")
    drain()

    assert reply.status == 404
    assert statuses.find_even_deleted(id) is None
    assert alice.get("/api/v1/timelines/tag/other").json == []


@pytest.mark.parametrize("whole_account", [False, True])
def test_nothing_is_left_of_an_edited_status_that_is_deleted(alice, bob, carol, drain, aws, whole_account, setting):
    setting(deletion_pause=0)
    id = alice.posts("one")["id"]
    bob.post(f"/api/v1/statuses/{id}/reblog")
    drain()
    edit(alice, id, status="two @carol #tag")
    drain()
    assert [each[0] for each in told(bob) + told(carol)] == ["update", "mention"]

    if whole_account:
        alice.post("/api/pleroma/delete_account", {"password": "kenoma-local"})
    else:
        alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert [item for table in ("feeds", "notifications", "statuses") for item in aws.items(table)
            if id in str(item)] == []


def test_a_status_knows_when_it_was_edited_wherever_it_is_shown(alice, bob, drain):
    id = alice.posts("one")["id"]
    edit(alice, id, status="two")
    reblog = bob.post(f"/api/v1/statuses/{id}/reblog").json

    shown = alice.get("/api/v1/timelines/public").json[0]
    assert shown["edited_at"] == reblog["reblog"]["edited_at"] is not None
    assert reblog["edited_at"] is None


def test_a_card_goes_with_its_link(alice, setting):
    setting(rich_media=True)
    id = alice.posts("look https://one.example/a")["id"]
    cards.keep(statuses.find(id), {"type": "link", "url": "https://one.example/a", "title": "A", "provider_name": "",
                                   "provider_url": "", "image": None, "description": "", "pleroma": {"opengraph": {}}})

    assert edit(alice, id, status="look at https://one.example/a").json["card"]["title"] == "A"
    assert edit(alice, id, status="look at https://two.example/a").json["card"] is None


def test_what_an_edit_costs(alice, bob):
    id = alice.posts("one #a")["id"]
    plain = edit(alice, id, status="two")
    named = edit(alice, id, status="three @bob #b")

    seen = [(reply.calls, reply.rounds) for reply in (plain, named, alice.get(f"/api/v1/statuses/{id}/source"),
                                                      alice.get(f"/api/v1/statuses/{id}/history"))]
    assert seen == [(3, 3), (5, 5), (2, 2), (3, 2)]
    assert len(versions.list_of(statuses.find(id))) == 2
