"""Posting, reading and deleting statuses, and the threads around them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.statuses import reading as domain
from chalicelib.entities.statuses import context as entity
from chalicelib.store.emoji.rows import add_file
from chalicelib.store.statuses import statuses
from chalicelib.store.timelines import feeds
from chalicelib.store.timelines.feeds import FeedRow, HomeRow

STATUS_KEYS = {
    "id", "uri", "url", "account", "in_reply_to_id", "in_reply_to_account_id", "reblog", "card", "content", "text",
    "created_at", "reblogs_count", "replies_count", "favourites_count", "reblogged", "favourited", "bookmarked",
    "muted", "pinned", "sensitive", "spoiler_text", "visibility", "media_attachments", "poll", "mentions", "tags",
    "application", "language", "emojis", "pleroma", "akkoma", "edited_at", "quotes_count", "quote", "quote_approval",
    "filtered", "emoji_reactions",
}
PLEROMA_KEYS = {
    "local", "conversation_id", "in_reply_to_account_acct", "content", "spoiler_text", "expires_at",
    "direct_conversation_id", "thread_muted", "emoji_reactions", "parent_visible", "pinned_at", "context", "list_id",
    "event", "bookmark_folder",
    "quote", "quote_id", "quote_url", "quote_visible", "quotes_count",
}


def test_a_status_has_every_key(alice):
    status = alice.posts("hello")

    assert set(status) == STATUS_KEYS
    assert set(status["pleroma"]) == PLEROMA_KEYS
    assert status["account"]["id"] == alice.id
    assert status["content"] == "hello"
    assert status["visibility"] == "public"
    assert status["uri"].startswith("http://kenoma.test/objects/")
    assert status["url"] == f"http://kenoma.test/notice/{status['id']}"
    assert status["application"] == {"name": "Web", "website": None}
    assert status["pleroma"]["local"] is True
    assert status["pleroma"]["content"] == {"text/plain": "hello"}
    assert status["account"]["statuses_count"] == 0 or alice.account.statuses_count == 1


def test_what_is_posted_is_what_is_shown(alice, bob):
    posted = alice.posts("hello @bob #Cofe", spoiler_text="greetings", sensitive=True)

    shown = bob.get(f"/api/v1/statuses/{posted['id']}").json

    for changing in ("account",):
        posted.pop(changing), shown.pop(changing)
    assert shown == posted


def test_the_json_is_utf8_and_dates_have_the_clients_form(alice):
    reply = alice.post("/api/v1/statuses", form={"status": "żółć 😀"})

    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.json["content"] == "żółć 😀"
    assert reply.json["created_at"].endswith(".000Z")


@pytest.mark.parametrize("way", ["json", "form", "query", "multipart"])
def test_a_status_may_be_posted_in_every_encoding(alice, way):
    values = {"status": "hello", "visibility": "unlisted", "sensitive": "on"}
    sent = {
        "json": lambda: alice.post("/api/v1/statuses", json=values),
        "form": lambda: alice.post("/api/v1/statuses", form=values),
        "query": lambda: alice.post("/api/v1/statuses", values),
        "multipart": lambda: alice.post("/api/v1/statuses", form=values, files={"x": ("x", b"", "text/plain")}),
    }

    status = sent[way]().json

    assert (status["content"], status["visibility"], status["sensitive"]) == ("hello", "unlisted", True)


@pytest.mark.parametrize(("content_type", "typed", "html"), [
    ("text/plain", "a < b\nc", "a &lt; b<br/>c"),
    ("text/markdown", "**a**", "<p><strong>a</strong></p>"),
    ("text/html", "<p><b>2hu</b></p><script>alert('xss')</script>", "<p><b>2hu</b></p>alert(&#39;xss&#39;)"),
    ("text/bbcode", "[b]x[/b]", "<strong>x</strong>"),
    ("text/unheard-of", "<b>", "&lt;b&gt;"),
])
def test_text_is_written_in_its_format(alice, content_type, typed, html):
    assert alice.posts(typed, content_type=content_type)["content"] == html


def test_a_markdown_status_with_mention_hashtag_and_custom_emoji(alice, bob):
    add_file("kenoma", "wave", "wave.png", "image/png", 10)

    status = alice.posts("**Hi** @bob :wave: :unknown: #Cofe", content_type="text/markdown")

    assert "<strong>Hi</strong>" in status["content"]
    assert f'data-user="{bob.id}"' in status["content"]
    assert status["mentions"] == [
        {"id": bob.id, "acct": "bob", "username": "bob", "url": "http://kenoma.test/users/bob"},
    ]
    assert status["tags"] == [{"name": "cofe", "url": "/tag/cofe"}]
    assert status["emojis"] == [{
        "shortcode": "wave", "url": "http://kenoma.test/emoji/kenoma/wave.png",
        "static_url": "http://kenoma.test/emoji/kenoma/wave.png", "visible_in_picker": False,
    }]


def test_a_mention_by_any_letter_case_and_with_this_host_finds_the_account(alice, bob):
    status = alice.posts("hey @BOB and @bob@kenoma.test and @nobody")

    assert [mention["id"] for mention in status["mentions"]] == [bob.id]
    assert "@nobody" in status["content"]


def test_the_tag_nsfw_makes_a_status_sensitive(alice):
    assert alice.posts("look #nsfw")["sensitive"] is True


@pytest.mark.parametrize("values", [{}, {"status": "   "}, {"status": "", "spoiler_text": " "}, {"media_ids": ["1"]}])
def test_a_status_without_anything_is_refused(alice, values):
    reply = alice.post("/api/v1/statuses", json=values)

    assert (reply.status, reply.json) == (422, {"error": "Cannot post an empty status without attachments"})


def test_a_spoiler_alone_is_enough(alice):
    assert alice.posts("", spoiler_text="only this")["spoiler_text"] == "only this"


def test_the_limit_counts_what_people_see_as_characters(alice):
    assert alice.post("/api/v1/statuses", json={"status": "👍🏽" * 5000}).status == 200

    reply = alice.post("/api/v1/statuses", json={"status": "x" * 4999, "spoiler_text": "yy"})

    assert (reply.status, reply.json) == (422, {"error": "The status is over the character limit"})


def test_an_unknown_visibility_is_a_validation_error(alice):
    reply = alice.post("/api/v1/statuses", json={"status": "x", "visibility": "friends"})

    assert reply.status == 400
    assert reply.json["error"] == "friends - Invalid value for enum."
    assert reply.json["errors"][0]["source"]["pointer"] == "/visibility"


def test_a_wrong_type_is_a_validation_error_and_posts_nothing(alice):
    reply = alice.post("/api/v1/statuses", json={"status": ["a"]})

    assert (reply.status, reply.json["error"]) == (400, "status - Invalid string. Got: array.")
    assert alice.home() == []


def test_posting_needs_its_scope(cast):
    reader = cast.person("reader", scopes="read")

    reply = reader.post("/api/v1/statuses", json={"status": "x"})

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: write:statuses."})


def test_posting_needs_a_user(anonymous):
    reply = anonymous.post("/api/v1/statuses", json={"status": "x"})

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})


def test_the_authors_count_grows_with_public_unlisted_and_local_statuses_only(alice):
    for visibility in ("public", "unlisted", "local", "private", "direct"):
        alice.posts("x", visibility=visibility)

    assert alice.account.statuses_count == 3


def test_a_reply_belongs_to_its_parents_thread(alice, bob):
    parent = alice.posts("hello")

    reply = bob.posts("hi", in_reply_to_id=parent["id"])

    assert reply["in_reply_to_id"] == parent["id"]
    assert reply["in_reply_to_account_id"] == alice.id
    assert reply["pleroma"]["conversation_id"] == parent["pleroma"]["conversation_id"]
    assert reply["pleroma"]["in_reply_to_account_acct"] == "alice"
    assert reply["pleroma"]["parent_visible"] is True
    assert [mention["id"] for mention in reply["mentions"]] == [alice.id]
    assert alice.get(f"/api/v1/statuses/{parent['id']}").json["replies_count"] == 1


def test_a_reply_takes_its_parents_visibility(alice, bob):
    parent = alice.posts("psst", visibility="unlisted")

    assert bob.posts("what", in_reply_to_id=parent["id"])["visibility"] == "unlisted"


def test_private_replies_are_not_counted(alice, bob):
    parent = alice.posts("hello")

    bob.posts("hi", in_reply_to_id=parent["id"], visibility="private")

    assert alice.get(f"/api/v1/statuses/{parent['id']}").json["replies_count"] == 0


@pytest.mark.parametrize("parent", ["", "unknown", "0" * 18, "a" * 300])
def test_a_reply_to_nothing_is_an_ordinary_status(alice, parent):
    status = alice.posts("hello", in_reply_to_id=parent)

    assert status["in_reply_to_id"] is None
    assert status["pleroma"]["parent_visible"] is False


def test_a_reply_to_what_one_may_not_see_is_an_ordinary_status(alice, bob):
    secret = alice.posts("secret", visibility="private")

    reply = bob.posts("hm", in_reply_to_id=secret["id"])

    assert reply["in_reply_to_id"] is None
    assert reply["pleroma"]["conversation_id"] != secret["pleroma"]["conversation_id"]


def test_a_direct_status_is_for_whom_it_names(alice, bob, carol, anonymous):
    status = alice.posts("psst @bob", visibility="direct")

    assert bob.get(f"/api/v1/statuses/{status['id']}").status == 200
    assert carol.get(f"/api/v1/statuses/{status['id']}").status == 404
    assert anonymous.get(f"/api/v1/statuses/{status['id']}").status == 404
    assert bob.home() == [status["id"]]
    assert carol.home() == []


def test_each_participant_has_a_conversation_of_their_own(alice, bob, carol):
    posted = alice.posts("psst @bob", visibility="direct")

    seen = bob.get(f"/api/v1/statuses/{posted['id']}").json

    mine, theirs = posted["pleroma"]["direct_conversation_id"], seen["pleroma"]["direct_conversation_id"]
    assert isinstance(mine, int)
    assert isinstance(theirs, int)
    assert mine != theirs


def test_a_direct_status_makes_the_conversation_unread_for_the_others(alice, bob):
    alice.posts("psst @bob", visibility="direct")

    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"] == 1
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"] == 0


def test_a_reply_to_a_direct_status_must_be_direct(alice, bob):
    parent = alice.posts("psst @bob", visibility="direct")

    reply = bob.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": parent["id"], "visibility": "public"})

    assert (reply.status, reply.json) == (422, {"error": "The message visibility must be direct"})
    assert bob.posts("x", in_reply_to_id=parent["id"])["visibility"] == "direct"


def test_a_status_into_a_conversation_addresses_exactly_its_recipients(alice, bob, carol):
    first = alice.posts("psst @bob", visibility="direct")
    conversation = first["pleroma"]["direct_conversation_id"]

    second = alice.posts("more @carol", visibility="public", in_reply_to_conversation_id=conversation)

    assert second["visibility"] == "direct"
    assert second["pleroma"]["conversation_id"] == first["pleroma"]["conversation_id"]
    assert bob.get(f"/api/v1/statuses/{second['id']}").status == 200
    assert carol.get(f"/api/v1/statuses/{second['id']}").status == 404


@pytest.mark.parametrize("conversation", ["123", "nonsense", 77])
def test_an_unknown_conversation_is_refused_and_nothing_is_posted(alice, conversation):
    reply = alice.post("/api/v1/statuses", json={"status": "x", "in_reply_to_conversation_id": conversation})

    assert (reply.status, reply.json) == (422, {"error": "No such conversation"})
    assert alice.home() == []


def test_somebody_elses_conversation_is_refused(alice, bob):
    theirs = alice.posts("psst", visibility="direct")["pleroma"]["direct_conversation_id"]

    assert bob.post("/api/v1/statuses", json={"status": "x", "in_reply_to_conversation_id": theirs}).status == 422


def test_to_replaces_whom_the_text_mentions(alice, bob, carol):
    status = alice.posts("hello @bob", to=["carol", "nobody"], visibility="direct")

    assert carol.get(f"/api/v1/statuses/{status['id']}").status == 200
    assert bob.get(f"/api/v1/statuses/{status['id']}").status == 404
    assert [each["id"] for each in status["mentions"]] == [carol.id]


def test_a_preview_is_rendered_and_not_posted(alice, bob):
    shown = alice.posts("**hi** @bob", content_type="text/markdown", preview=True)

    assert shown["id"] == "pleroma:fakeid"
    assert shown["pleroma"]["conversation_id"] == -1
    assert "<strong>hi</strong>" in shown["content"]
    assert alice.home() == []
    assert alice.account.statuses_count == 0
    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_a_mention_notifies_each_addressed_account_once(alice, bob):
    alice.posts("@bob @bob @alice hello")

    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 1
    assert alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_forty_mentions_reach_everybody(alice, cast, drain):
    crowd = cast.people(40)

    status = alice.posts(" ".join(f"@{person.nickname}" for person in crowd))
    drain()

    for person in crowd:
        assert person.home() == [status["id"]]
        assert person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 1


# Reading one.


@pytest.mark.parametrize("visibility", ["public", "unlisted", "local"])
def test_open_statuses_are_readable_by_everybody(alice, bob, anonymous, visibility):
    id = alice.posts("x", visibility=visibility)["id"]

    assert bob.get(f"/api/v1/statuses/{id}").json["visibility"] == visibility
    assert anonymous.get(f"/api/v1/statuses/{id}").status == 200


def test_a_private_status_is_for_followers(alice, bob, carol, anonymous):
    bob.follows(alice)
    id = alice.posts("x", visibility="private")["id"]

    assert bob.get(f"/api/v1/statuses/{id}").status == 200
    for stranger in (carol, anonymous):
        reply = stranger.get(f"/api/v1/statuses/{id}")
        assert (reply.status, reply.json) == (404, {"error": "Record not found"})


@pytest.mark.parametrize("id", ["0", "0" * 18, "%00", "%F0%9F%98%80", "a" * 10_000, "..%2F..", "%20"])
def test_an_unknown_status_is_not_found(alice, id):
    reply = alice.get(f"/api/v1/statuses/{id}")

    assert (reply.status, reply.json) == (404, {"error": "Record not found"})


def test_an_id_in_another_letter_case_is_unknown(alice):
    id = alice.posts("x")["id"]
    other = id.swapcase()

    assert alice.get(f"/api/v1/statuses/{other}").status == (404 if other != id else 200)


def test_a_bad_token_reads_as_anonymous(alice, anonymous):
    id = alice.posts("x")["id"]

    assert anonymous.get(f"/api/v1/statuses/{id}", headers={"Authorization": "Bearer nonsense"}).status == 200


def test_several_statuses_come_in_the_order_asked_each_once(alice, bob):
    first, second = alice.posts("1")["id"], alice.posts("2")["id"]
    secret = alice.posts("3", visibility="direct")["id"]

    shown = bob.get("/api/v1/statuses", {"ids": [second, first, "unknown", second, secret]}).json

    assert [status["id"] for status in shown] == [second, first]


def test_several_statuses_need_their_ids(alice):
    reply = alice.get("/api/v1/statuses")

    assert (reply.status, reply.json["error"]) == (400, "Missing field: ids.")


def test_one_status_costs_two_calls_whatever_it_holds(alice, bob, cast):
    crowd = " ".join(f"@{person.nickname}" for person in cast.people(10))
    plain, rich = alice.posts("x")["id"], alice.posts(f"{crowd} #a #b #c", content_type="text/markdown")["id"]

    replies = [bob.get(f"/api/v1/statuses/{id}") for id in (plain, rich)]

    assert [(reply.calls, reply.rounds) for reply in replies] == [(2, 2), (2, 2)]


# Threads.


def test_the_context_is_the_whole_thread_split_by_time(alice, bob):
    root = alice.posts("root")["id"]
    first = bob.posts("first", in_reply_to_id=root)["id"]
    second = alice.posts("second", in_reply_to_id=first)["id"]
    sibling = alice.posts("sibling", in_reply_to_id=root)["id"]

    context = bob.get(f"/api/v1/statuses/{second}/context").json

    assert [status["id"] for status in context["ancestors"]] == [root, first]
    assert [status["id"] for status in context["descendants"]] == [sibling]


def test_the_context_leaves_out_what_is_not_for_the_viewer(alice, bob, carol):
    root = alice.posts("root")["id"]
    secret = alice.posts("psst @carol", in_reply_to_id=root, visibility="direct")["id"]

    assert bob.get(f"/api/v1/statuses/{root}/context").json["descendants"] == []
    assert [each["id"] for each in carol.get(f"/api/v1/statuses/{root}/context").json["descendants"]] == [secret]


def test_the_context_of_what_one_may_not_see_is_not_found(alice, bob):
    secret = alice.posts("x", visibility="private")["id"]

    assert bob.get(f"/api/v1/statuses/{secret}/context").status == 404
    assert bob.get("/api/v1/statuses/unknown/context").status == 404


def test_the_context_of_a_long_thread_is_what_is_nearest(alice, monkeypatch):
    monkeypatch.setattr(domain, "THREAD_PAGE", 6)
    monkeypatch.setattr(domain, "MOST_ANCESTORS", 2)
    thread = [alice.posts("root")["id"]]
    thread += [alice.posts("more", in_reply_to_id=thread[0])["id"] for _ in range(11)]

    context = alice.get(f"/api/v1/statuses/{thread[8]}/context").json

    assert [status["id"] for status in context["ancestors"]] == thread[6:8]
    assert [status["id"] for status in context["descendants"]] == thread[9:]


def test_the_context_fits_into_one_reply(alice, monkeypatch):
    monkeypatch.setattr(entity, "FEW", 5)
    root = alice.posts("root")["id"]
    thread = [alice.posts("more", in_reply_to_id=root)["id"] for _ in range(9)]
    whole = alice.get(f"/api/v1/statuses/{thread[4]}/context").json
    monkeypatch.setattr(entity, "MOST_BYTES", int(5.5 * len(json.dumps(whole["ancestors"][-1]))))

    context = alice.get(f"/api/v1/statuses/{thread[4]}/context").json

    assert [status["id"] for status in context["ancestors"]] == thread[2:4]
    assert [status["id"] for status in context["descendants"]] == thread[5:8]


def test_a_context_of_thirty_costs_the_rounds_of_one_of_two(alice, bob):
    def thread(length: int) -> str:
        root = alice.posts("root")["id"]
        for _ in range(length):
            alice.posts("more", in_reply_to_id=root)
        return root

    short, long = thread(1), thread(30)

    one, many = (bob.get(f"/api/v1/statuses/{root}/context") for root in (short, long))

    assert len(many.json["descendants"]) == 30
    assert one.rounds == many.rounds == 3


# Deleting.


def test_a_deleted_status_is_shown_once_more_with_its_text(alice):
    id = alice.posts("  **bye** ", content_type="text/markdown")["id"]

    reply = alice.delete(f"/api/v1/statuses/{id}")

    assert (reply.status, reply.json["id"], reply.json["text"]) == (200, id, "**bye**")
    assert alice.get(f"/api/v1/statuses/{id}").status == 404


def test_deleting_twice_is_not_found_the_second_time_and_counts_once(alice):
    alice.posts("stays")
    id = alice.posts("goes")["id"]

    assert [alice.delete(f"/api/v1/statuses/{id}").status for _ in range(2)] == [200, 404]
    assert alice.account.statuses_count == 1


def test_a_deleted_status_is_in_no_timeline(alice, bob, drain):
    bob.follows(alice)
    id = alice.posts("bye @bob #tag")["id"]
    drain()

    alice.delete(f"/api/v1/statuses/{id}")

    assert alice.home() == bob.home() == []
    assert alice.get("/api/v1/timelines/public").json == []
    assert alice.get(f"/api/v1/accounts/{alice.id}/statuses").json == []
    drain()
    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"] == 0


def test_nothing_is_left_of_a_deleted_status_but_its_replies(alice, bob, drain, aws):
    bob.follows(alice)
    id = alice.posts("bye @bob #tag")["id"]
    reply = bob.posts("no", in_reply_to_id=id)["id"]
    bob.reacts(id, "😀")
    drain()

    alice.delete(f"/api/v1/statuses/{id}")
    drain()

    assert statuses.find_tombstone(id) is None
    assert aws.count("marks") == aws.count("jobs") == 0
    for feed in ("pl", f"a#{alice.id}", "g#tag", "all"):
        assert id not in [row.id for row in feeds.read(FeedRow, feed, limit=10)]
    left = bob.get(f"/api/v1/statuses/{reply}").json
    assert (left["in_reply_to_id"], left["in_reply_to_account_id"]) == (None, None)


def test_deleting_a_reply_takes_it_off_its_parents_count(alice, bob):
    parent = alice.posts("hello")["id"]
    reply = bob.posts("hi", in_reply_to_id=parent)["id"]

    bob.delete(f"/api/v1/statuses/{reply}")

    assert alice.get(f"/api/v1/statuses/{parent}").json["replies_count"] == 0


def test_a_reply_whose_parent_went_can_still_be_deleted(alice, bob):
    parent = alice.posts("hello")["id"]
    reply = bob.posts("hi", in_reply_to_id=parent)["id"]
    alice.delete(f"/api/v1/statuses/{parent}")

    assert bob.delete(f"/api/v1/statuses/{reply}").status == 200
    assert bob.account.statuses_count == 0


def test_only_the_author_and_staff_delete_a_status(alice, bob, admin):
    first, second = alice.posts("1")["id"], alice.posts("2")["id"]

    assert bob.delete(f"/api/v1/statuses/{first}").status == 404
    assert admin.delete(f"/api/v1/statuses/{first}").status == 200
    assert alice.get(f"/api/v1/statuses/{second}").status == 200


def test_a_deleted_direct_status_leaves_the_conversation_to_the_one_before(alice, bob, drain):
    first = alice.posts("psst @bob", visibility="direct")
    second = alice.posts("@bob more", visibility="direct", in_reply_to_id=first["id"])

    alice.delete(f"/api/v1/statuses/{second['id']}")
    drain()
    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"] == 1

    alice.delete(f"/api/v1/statuses/{first['id']}")
    drain()
    assert bob.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_conversation_count"] == 0


# Many at once.


def test_twenty_replies_at_once_all_count(alice, cast):
    parent = alice.posts("hello")["id"]
    crowd = cast.people(4)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: crowd[number % 4].posts(f"{number}", in_reply_to_id=parent), range(20)))

    assert alice.get(f"/api/v1/statuses/{parent}").json["replies_count"] == 20
    assert sum(int(person.account.statuses_count) for person in crowd) == 20


def test_an_idempotency_key_posts_once(alice):
    replies = [alice.post("/api/v1/statuses", json={"status": "once"}, headers={"Idempotency-Key": "k"})
               for _ in range(2)]

    assert replies[0].json == replies[1].json
    assert replies[1].headers["idempotent-replayed"] == "true"
    assert alice.account.statuses_count == 1


def test_a_mention_costs_posting_one_round_more(alice, bob):
    plain = alice.post("/api/v1/statuses", json={"status": "hello"})
    mention = alice.post("/api/v1/statuses", json={"status": "hello @bob"})

    assert plain.rounds <= 3
    assert mention.rounds <= 4


def test_home_rows_expire_and_the_permanent_feeds_do_not(alice):
    id = alice.posts("x")["id"]

    home = next(iter(feeds.read(HomeRow, f"h#{alice.id}", limit=1)))

    assert home.id == id
    assert home.ttl > 1_700_000_000
    assert len(feeds.read(FeedRow, "pl", limit=5)) == 1


@pytest.mark.parametrize("blank", ["", "  "])
def test_fields_that_nobody_filled_in_count_as_absent(alice, blank):
    fields = {"visibility": blank, "scheduled_at": blank, "expires_in": blank}

    for how in ("json", "form"):
        reply = alice.post("/api/v1/statuses", **{how: {"status": "hello", **fields}})
        assert (reply.status, reply.json["visibility"], reply.json["pleroma"]["expires_at"]) == (200, "public", None)


@pytest.mark.parametrize(("typed", "visibility"), [
    ("Public", "public"), ("UNLISTED", "unlisted"), (" direct ", "direct"),
])
def test_the_letter_case_of_a_visibility_does_not_matter(alice, typed, visibility):
    assert alice.post("/api/v1/statuses", json={"status": "x", "visibility": typed}).json["visibility"] == visibility
