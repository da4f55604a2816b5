"""Quoting statuses: who may, what is shown of it to whom, counts, lists, and taking a quote back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.statuses import scheduled
from tests.cast import PASSWORD, Person

REFUSED = {"error": "You cannot quote this status"}


@pytest.fixture
def original(alice):
    return alice.posts("an original")


def counted(person, status):
    return person.get(f"/api/v1/statuses/{status['id']}").json["quotes_count"]


def quotes_of(person, status, **params):
    return [each["id"] for each in person.get(f"/api/v1/pleroma/statuses/{status['id']}/quotes", params).json]


def seen(person, status):
    return person.get(f"/api/v1/statuses/{status['id']}").json


@pytest.mark.parametrize("name", ["quoted_status_id", "quote_id"])
@pytest.mark.parametrize("way", ["json", "form"])
def test_a_status_quotes_another_one_in_both_shapes(alice, bob, original, name, way):
    reply = bob.post("/api/v1/statuses", **{way: {"status": "look", name: original["id"]}})

    assert reply.status == 200, reply.body
    for status in (reply.json, seen(alice, reply.json)):
        assert status["quote"]["state"] == "accepted"
        assert status["quote"]["quoted_status"]["id"] == original["id"]
        assert status["pleroma"]["quote"]["content"] == "an original"
        assert status["pleroma"]["quote_id"] == original["id"]
        assert status["pleroma"]["quote_url"] == original["uri"]
        assert status["pleroma"]["quote_visible"] is True
    assert seen(alice, original)["quotes_count"] == seen(alice, original)["pleroma"]["quotes_count"] == 1


def test_a_status_without_a_quote_says_so_in_both_shapes(original):
    assert (original["quote"], original["quotes_count"]) == (None, 0)
    assert original["quote_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    assert {name: original["pleroma"][name] for name in original["pleroma"] if name.startswith("quote")} == {
        "quote": None, "quote_id": None, "quote_url": None, "quote_visible": False, "quotes_count": 0}


def test_a_quote_is_shown_one_level_deep(alice, bob, carol, original):
    first = bob.posts("first", quote_id=original["id"])

    second = carol.posts("second", quote_id=first["id"])

    inner = second["quote"]["quoted_status"]
    assert inner["quote"] == {"state": "accepted", "quoted_status_id": original["id"]}
    assert second["pleroma"]["quote"]["quote"] is None
    assert second["pleroma"]["quote"]["pleroma"]["quote"] is None
    assert second["pleroma"]["quote"]["pleroma"]["quote_id"] == original["id"]


def test_the_content_begins_with_a_link_that_clients_hide(bob, original):
    plain = bob.posts("look", quote_id=original["id"])
    with_link = bob.posts(f"look {original['url']}", quote_id=original["id"])

    assert plain["content"].startswith(f'<p class="quote-inline">RE: <a href="{original["url"]}"')
    assert plain["content"].endswith("look")
    assert plain["pleroma"]["content"]["text/plain"] == "look"
    assert "quote-inline" not in with_link["content"]


def test_a_reblog_of_a_quote_shows_it_and_quoting_a_reblog_quotes_the_original(alice, bob, carol, original):
    quote = bob.posts("look", quote_id=original["id"])
    reblog = carol.post(f"/api/v1/statuses/{quote['id']}/reblog").json

    of_reblog = alice.posts("again", quote_id=reblog["id"])

    assert reblog["quote"] is None
    assert reblog["reblog"]["quote"]["quoted_status"]["id"] == original["id"]
    assert of_reblog["quote"]["quoted_status"]["id"] == quote["id"]


@pytest.mark.parametrize(("visibility", "by_author", "quoting", "status"), [
    ("unlisted", False, "public", 200), ("local", False, "public", 200), ("public", False, "direct", 200),
    ("private", False, "private", 422), ("private", True, "private", 200), ("private", True, "public", 422),
    ("direct", True, "direct", 422), ("direct", False, "direct", 422),
])
def test_who_may_quote_what(alice, bob, visibility, by_author, quoting, status):
    bob.follows(alice)
    original = alice.posts("hear me @bob", visibility=visibility)

    reply = (alice if by_author else bob).post(
        "/api/v1/statuses", json={"status": "look", "quote_id": original["id"], "visibility": quoting})

    assert reply.status == status, reply.body
    assert status == 200 or reply.json == REFUSED
    assert counted(alice, original) == int(status == 200)


def test_a_quote_of_ones_own_private_status_is_private_unless_told_otherwise(alice):
    original = alice.posts("hush", visibility="private")

    assert alice.posts("look", quote_id=original["id"])["visibility"] == "private"


def test_what_cannot_be_seen_cannot_be_quoted(alice, bob):
    hidden = alice.posts("hush", visibility="private")
    gone = alice.posts("gone")
    alice.delete(f"/api/v1/statuses/{gone['id']}")

    replies = [bob.post("/api/v1/statuses", json={"status": "look", "quote_id": id})
               for id in (hidden["id"], gone["id"], "9" * 18, "none")]

    assert [reply.status for reply in replies] == [404] * 4


@pytest.mark.parametrize(("policy", "stranger", "follower", "author"), [
    ("public", "automatic", "automatic", "automatic"),
    ("followers", "denied", "automatic", "automatic"),
    ("nobody", "denied", "denied", "automatic"),
])
def test_a_policy_says_who_may_quote(alice, bob, carol, policy, stranger, follower, author):
    bob.follows(alice)
    original = alice.posts("mine", quote_approval_policy=policy)

    for person, answer in ((carol, stranger), (bob, follower), (alice, author)):
        shown = seen(person, original)["quote_approval"]
        reply = person.post("/api/v1/statuses", json={"status": "look", "quote_id": original["id"]})
        assert (shown["current_user"], reply.status) == (answer, 200 if answer == "automatic" else 422)
        assert shown["automatic"] == ([] if policy == "nobody" else [policy])



def test_a_policy_may_be_changed_by_the_author_alone(alice, bob, original):
    path = f"/api/v1/statuses/{original['id']}/interaction_policy"
    before = bob.posts("before", quote_id=original["id"])

    changed = alice.put(path, json={"quote_approval_policy": "nobody"})

    assert changed.json["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert seen(bob, original)["quote_approval"]["current_user"] == "denied"
    assert bob.post("/api/v1/statuses", json={"status": "x", "quote_id": original["id"]}).status == 422
    assert seen(bob, before)["quote"]["state"] == "accepted"
    assert bob.put(path, json={"quote_approval_policy": "public"}).status == 403
    assert alice.put(path, json={"quote_approval_policy": "all"}).status == 400
    hidden = alice.posts("hush", visibility="private")
    assert bob.put(f"/api/v1/statuses/{hidden['id']}/interaction_policy",
                   json={"quote_approval_policy": "public"}).status == 404


def test_an_edit_may_change_the_policy_too(alice, bob, original):
    path = f"/api/v1/statuses/{original['id']}"

    changed = alice.put(path, json={"status": "quote me not", "quote_approval_policy": "nobody"})

    assert changed.json["quote_approval"]["automatic"] == []
    assert "quote me not" in seen(bob, original)["content"]
    assert seen(bob, original)["quote_approval"]["current_user"] == "denied"
    kept = alice.put(path, json={"status": "as I said", "quote_approval_policy": ""})
    assert (kept.json["quote_approval"]["automatic"], kept.calls) == ([], 3)
    assert alice.put(path, json={"quote_approval_policy": "public"}).json["quote_approval"]["automatic"] == ["public"]
    assert alice.put(path, json={"quote_approval_policy": "all"}).status == 400
    assert bob.put(path, json={"quote_approval_policy": "public"}).status == 403


def test_nobody_quotes_who_blocks_them(alice, bob, original):
    alice.post(f"/api/v1/accounts/{bob.id}/block")

    reply = bob.post("/api/v1/statuses", json={"status": "look", "quote_id": original["id"]})

    assert (reply.status, reply.json) == (422, REFUSED)


@pytest.mark.parametrize(("verb", "state"), [("block", "blocked_account"), ("mute", "muted_account")])
def test_the_state_tells_whom_the_viewer_does_not_want_to_see(alice, bob, carol, original, verb, state):
    quote = bob.posts("look", quote_id=original["id"])

    carol.post(f"/api/v1/accounts/{alice.id}/{verb}")

    for shown in (seen(carol, quote), carol.get(f"/api/v1/accounts/{bob.id}/statuses").json[0]):
        assert shown["quote"]["state"] == state
        assert shown["quote"]["quoted_status"]["id"] == original["id"]
        assert shown["pleroma"]["quote_id"] == original["id"]
    assert seen(bob, quote)["quote"]["state"] == "accepted"


def test_who_may_not_see_a_quoted_status_does_not(alice, bob, carol):
    bob.follows(alice)
    original = alice.posts("hush", visibility="private")
    quote = alice.posts("look @carol", visibility="private", quote_id=original["id"])

    assert seen(bob, quote)["quote"]["state"] == "accepted"
    hidden = seen(carol, quote)
    assert hidden["quote"] == {"state": "unauthorized", "quoted_status": None}
    assert (hidden["pleroma"]["quote"], hidden["pleroma"]["quote_visible"]) == (None, False)
    assert "hush" not in str(hidden)


def test_the_quote_of_a_deleted_status_says_so(alice, bob, drain, original):
    quote = bob.posts("look", quote_id=original["id"])

    alice.delete(f"/api/v1/statuses/{original['id']}")
    at_once = seen(bob, quote)
    drain()
    later = bob.get(f"/api/v1/statuses/{quote['id']}")

    for shown in (at_once, later.json):
        assert shown["quote"] == {"state": "deleted", "quoted_status": None}
        assert shown["pleroma"]["quote"] is None
        assert shown["pleroma"]["quote_visible"] is False
    assert later.calls == 2
    assert bob.delete(f"/api/v1/statuses/{quote['id']}").status == 200


def test_the_count_is_exact_when_quotes_end(alice, bob, carol, drain, original):
    quotes = [person.posts("look", quote_id=original["id"]) for person in (bob, carol, alice)]

    bob.delete(f"/api/v1/statuses/{quotes[0]['id']}")

    assert counted(alice, original) == 2
    assert quotes_of(alice, original) == [quotes[2]["id"], quotes[1]["id"]]
    drain()
    alice.post(f"/api/v1/statuses/{original['id']}/quotes/{quotes[1]['id']}/revoke")
    carol.delete(f"/api/v1/statuses/{quotes[1]['id']}")
    assert counted(alice, original) == 1


def test_the_author_takes_a_status_out_of_a_quote_for_good(alice, bob, carol, original):
    quote = bob.posts("look", quote_id=original["id"])
    path = f"/api/v1/statuses/{original['id']}/quotes/{quote['id']}/revoke"

    refused = carol.post(path)
    revoked, again = alice.post(path), alice.post(path)

    assert refused.status == 403
    assert (revoked.status, again.status) == (200, 200)
    assert revoked.json["id"] == quote["id"]
    for shown in (revoked.json, seen(bob, quote)):
        assert shown["quote"] == {"state": "revoked", "quoted_status": None}
        assert (shown["pleroma"]["quote"], shown["pleroma"]["quote_id"]) == (None, None)
    assert counted(alice, original) == 0
    assert quotes_of(alice, original) == []
    assert alice.post(path.replace(quote["id"], original["id"])).status == 404


def test_quotes_are_listed_by_pages_for_those_who_may_see_them(alice, bob, carol, anonymous, original):
    open_ones = [bob.posts(f"look {number}", quote_id=original["id"]) for number in range(3)]
    hidden = bob.posts("hush", visibility="private", quote_id=original["id"])
    ids = [each["id"] for each in reversed(open_ones)]

    first = carol.get(f"/api/v1/statuses/{original['id']}/quotes", {"limit": 2})
    second = carol.get(f"/api/v1/statuses/{original['id']}/quotes", first.links()["next"])

    assert [each["id"] for each in first.json + second.json] == ids
    assert first.json[0]["quote"]["quoted_status"]["id"] == original["id"]
    assert quotes_of(anonymous, original) == ids
    assert quotes_of(bob, original) == [hidden["id"], *ids]
    assert anonymous.get(f"/api/v1/statuses/{original['id']}/quotes").status in (401, 403)
    carol.post(f"/api/v1/accounts/{bob.id}/mute")
    assert quotes_of(carol, original) == []
    assert quotes_of(carol, original, with_muted=True) == ids
    secret = alice.posts("hush", visibility="direct")
    assert carol.get(f"/api/v1/statuses/{secret['id']}/quotes").status == 404


def test_a_page_with_quotes_takes_the_calls_of_one_without(alice, bob, carol, drain):
    carol.follows(bob)
    for number in range(3):
        bob.posts(f"plain {number}")
    drain()
    plain = carol.get("/api/v1/timelines/home")
    originals = [alice.posts(f"original {number}", quote_approval_policy="followers" if number else "public")
                 for number in range(2)]
    bob.follows(alice)
    for each in originals:
        quote = bob.posts("look", quote_id=each["id"])
        bob.post(f"/api/v1/statuses/{alice.posts('x', quote_id=quote['id'])['id']}/reblog")
    drain()

    quoting = carol.get("/api/v1/timelines/home")

    assert [bool(each["quote"] or each["reblog"]) for each in quoting.json] == [True] * 4 + [False] * 3
    assert all((each["reblog"] or each)["quote"]["state"] == "accepted" for each in quoting.json[:4])
    assert (quoting.calls, quoting.rounds) == (plain.calls, plain.rounds)
    single = carol.get(f"/api/v1/statuses/{quoting.json[1]['id']}")
    assert (single.calls, single.rounds) == (2, 2)
    assert single.json["quote"]["quoted_status"]["quote_approval"]["current_user"] in ("denied", "automatic")


def test_posting_a_quote_takes_the_calls_of_an_answer(alice, bob, original):
    answer = bob.post("/api/v1/statuses", json={"status": "yes", "in_reply_to_id": original["id"]})

    quote = bob.post("/api/v1/statuses", json={"status": "look", "quote_id": original["id"]})

    assert (quote.calls, quote.rounds) == (answer.calls, answer.rounds)


def test_a_preview_shows_the_quote_and_counts_nothing(alice, bob, original):
    preview = bob.posts("look", quote_id=original["id"], preview=True)

    assert preview["quote"]["quoted_status"]["id"] == original["id"]
    assert counted(alice, original) == 0


def test_the_quoted_author_is_told_once_even_if_mentioned(alice, bob, carol, drain, original):
    quote = bob.posts("look @alice", quote_id=original["id"])
    bob.posts("hush", quote_id=original["id"], visibility="private")
    alice.posts("my own", quote_id=original["id"])

    told = alice.get("/api/v1/notifications", {"types": ["quote", "mention"]})

    assert sorted((each["type"], each["status"]["id"]) for each in told.json) == [
        ("mention", quote["id"]), ("quote", quote["id"])]
    assert told.json[0]["status"]["quote"]["quoted_status"]["id"] == original["id"]
    bob.delete(f"/api/v1/statuses/{quote['id']}")
    drain()
    assert alice.get("/api/v1/notifications", {"types": ["quote", "mention"]}).json == []


def test_a_revoked_quote_is_not_told_of_any_more(alice, bob, original):
    quote = bob.posts("look", quote_id=original["id"])

    alice.post(f"/api/v1/statuses/{original['id']}/quotes/{quote['id']}/revoke")

    assert alice.get("/api/v1/notifications", {"types": ["quote"]}).json == []


def test_who_quotes_is_told_when_the_original_is_edited(alice, bob, carol, drain, original):
    first, second = (bob.posts("look", quote_id=original["id"]) for _ in range(2))
    revoked = carol.posts("look", quote_id=original["id"])
    alice.posts("mine", quote_id=original["id"])
    alice.post(f"/api/v1/statuses/{original['id']}/quotes/{revoked['id']}/revoke")

    alice.put(f"/api/v1/statuses/{original['id']}", json={"status": "another original"})
    drain()

    told = bob.get("/api/v1/notifications").json
    assert [each["type"] for each in told] == ["quoted_update"] * 2
    assert {each["status"]["id"] for each in told} == {first["id"], second["id"]}
    assert told[0]["status"]["quote"]["quoted_status"]["content"] == "another original"
    assert carol.get("/api/v1/notifications").json == []


def test_an_edit_never_changes_the_quote(alice, bob, original):
    quote = bob.posts("look", quote_id=original["id"])

    edited = bob.put(f"/api/v1/statuses/{quote['id']}", json={"status": "look again"}).json

    assert edited["quote"]["quoted_status"]["id"] == original["id"]
    assert edited["content"].startswith('<p class="quote-inline">')
    assert counted(alice, original) == 1


def test_pleromas_frontend_gets_no_quote_without_a_status(alice, bob, anonymous, drain, original):
    quote = bob.posts("look", quote_id=original["id"])
    form = {"client_name": "PleromaFE_2.11.0_2026-11-30", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
            "scopes": "read write follow push"}
    app = anonymous.post("/api/v1/apps", form=form).json
    token = anonymous.post("/oauth/token", form={
        "grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "username": "bob", "password": PASSWORD, "scope": "read"}).json["access_token"]
    frontend = Person(bob.id, "bob", token)
    path = f"/api/v1/statuses/{quote['id']}"
    assert frontend.get(path).json["quote"]["state"] == "accepted"

    alice.delete(f"/api/v1/statuses/{original['id']}")
    drain()

    assert bob.get(path).json["quote"] == {"state": "deleted", "quoted_status": None}
    for person in (frontend, anonymous):
        assert person.get(path).json["quote"] is None
        assert person.get(path).json["pleroma"]["quote_url"] == original["uri"]


@pytest.mark.parametrize("path", ["/api/v2/search?q=sunflower", "/api/v1/favourites", "/api/v1/notifications"])
def test_other_lists_read_no_more_for_quotes(alice, bob, carol, drain, original, path):
    plain = bob.posts("sunflower @carol")
    carol.post(f"/api/v1/statuses/{plain['id']}/favourite")
    drain()
    before = carol.get(path)
    quotes = [bob.posts("sunflower @carol", quote_id=original["id"]) for _ in range(2)]
    for each in quotes:
        carol.post(f"/api/v1/statuses/{each['id']}/favourite")
    drain()

    after = carol.get(path)

    assert (after.calls, after.rounds) == (before.calls, before.rounds)
    assert after.body.count('"quoted_status": {') + after.body.count('"quoted_status":{') == 2


def test_a_quote_may_be_scheduled(alice, bob, original):
    at = datetime.now(UTC) + timedelta(hours=1)
    entry = bob.post("/api/v1/statuses", json={"status": "look", "quoted_status_id": original["id"],
                                               "scheduled_at": at.isoformat()}).json
    assert counted(alice, original) == 0

    scheduled.publish(bob.id, entry["id"], int(at.timestamp()))

    (shown,) = bob.get(f"/api/v1/accounts/{bob.id}/statuses").json
    assert shown["quote"]["quoted_status"]["id"] == original["id"]
    assert counted(alice, original) == 1


def test_a_scheduled_quote_of_what_is_gone_by_then_is_not_posted(alice, bob, original):
    at = datetime.now(UTC) + timedelta(hours=1)
    entry = bob.post("/api/v1/statuses", json={"status": "look", "quoted_status_id": original["id"],
                                               "scheduled_at": at.isoformat()}).json
    alice.delete(f"/api/v1/statuses/{original['id']}")

    scheduled.publish(bob.id, entry["id"], int(at.timestamp()))

    assert bob.get(f"/api/v1/accounts/{bob.id}/statuses").json == []
    assert bob.get("/api/v1/scheduled_statuses").json == []


def test_the_quote_of_somebody_deactivated_hides_their_status(alice, bob, admin, drain, original):
    quote = bob.posts("look", quote_id=original["id"])

    admin.patch("/api/pleroma/admin/users/deactivate", json={"nicknames": ["alice"]})
    drain()

    assert seen(bob, quote)["quote"] == {"state": "unauthorized", "quoted_status": None}
    admin.patch("/api/pleroma/admin/users/activate", json={"nicknames": ["alice"]})
    drain()
    assert seen(bob, quote)["quote"]["state"] == "accepted"


def test_the_staff_changes_whom_a_quote_is_for(alice, bob, carol, admin, drain, original):
    quote = bob.posts("look", quote_id=original["id"])

    admin.put(f"/api/pleroma/admin/statuses/{quote['id']}", json={"visibility": "private"})
    drain()

    assert quotes_of(carol, original) == []
    assert quotes_of(bob, original) == [quote["id"]]
    assert counted(alice, original) == 1
    admin.put(f"/api/pleroma/admin/statuses/{original['id']}", json={"visibility": "private"})
    assert seen(bob, quote)["quote"]["state"] == "unauthorized"


def test_many_quotes_and_a_deletion_at_once_are_counted_right(alice, cast, original):
    people = cast.people(6)
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda person: person.posts("look", quote_id=original["id"])["id"], people))
        path = f"/api/v1/statuses/{original['id']}/quotes/{ids[0]}/revoke"
        done = list(pool.map(lambda act: act(), [lambda: alice.post(path).status,
                                                lambda: people[0].delete(f"/api/v1/statuses/{ids[0]}").status]))

    assert 200 in done
    assert counted(alice, original) == 5
