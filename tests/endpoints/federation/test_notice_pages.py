"""GET /notice/ID as people see it: a status in its thread."""

from __future__ import annotations

import pytest

from tests.lengths import REPLIES, say
from tests.pages.reading import check, pages_from, uploads, visit

HTML = {"Accept": "text/html"}


def page_of(person, id, **query):
    return visit(person, f"/notice/{id}", params=query or None)


def test_the_thread_comes_in_the_order_of_time(anonymous, alice, bob):
    root = alice.posts("root")["id"]
    asked = bob.posts("asked", in_reply_to_id=root)["id"]
    reply = alice.posts("reply", in_reply_to_id=asked)["id"]
    deeper = bob.posts("deeper", in_reply_to_id=reply)["id"]
    other = alice.posts("other", in_reply_to_id=asked)["id"]

    page = page_of(anonymous, asked)

    check(page)
    assert page.articles == [root, "selected", reply, deeper, other]
    assert [each.get("aria-current") for each in page.all("article")] == [None, "true", None, None, None]
    levels = [next((word for word in each["class"].split() if word.startswith("level")), "")
              for each in page.all("article")]
    assert levels == ["", "", "level1", "level2", "level1"]


def test_what_is_deep_is_indented_no_further(anonymous, alice):
    ids = [alice.posts("0")["id"]]
    for number in range(6):
        ids.append(alice.posts(f"{number}", in_reply_to_id=ids[-1])["id"])

    classes = [each["class"] for each in page_of(anonymous, ids[0]).all("article")]

    assert [each.rpartition(" ")[2] for each in classes[1:]] == ["level1", "level2", *["level3"] * 4]


def test_forty_replies_are_shown_and_a_way_to_the_others(anonymous, alice):
    root = alice.posts("root")["id"]
    replies = [alice.posts(f"{number}", in_reply_to_id=root)["id"] for number in range(43)]

    first = page_of(anonymous, root)
    rest = visit(anonymous, first.links("next")[0]["href"])

    assert first.articles == ["selected", *replies[:40]]
    assert "Show more replies" in first.html
    assert rest.articles == ["selected", *replies[40:]]
    assert rest.links("next") == []


def test_a_long_way_up_is_shown_in_parts(anonymous, alice):
    ids = [alice.posts("0")["id"]]
    for number in range(43):
        ids.append(alice.posts(f"{number}", in_reply_to_id=ids[-1])["id"])

    page = page_of(anonymous, ids[-1])

    assert page.articles == [*ids[3:-1], "selected"]
    assert f'<a href="/notice/{ids[3]}">Show earlier posts</a>' in page.html


def test_everybody_sees_what_the_api_lets_them_see(anonymous, alice, bob, carol):
    bob.follows(alice)
    for visibility, readers in {
        "public": (anonymous, bob, carol), "unlisted": (anonymous, bob, carol), "private": (bob,), "direct": (),
        "local": (anonymous, bob, carol),
    }.items():
        id = alice.posts("text", visibility=visibility)["id"]
        for person in (anonymous, bob, carol, alice):
            as_client = person.get(f"/api/v1/statuses/{id}").status
            reply = person.get(f"/notice/{id}", headers=HTML)

            assert reply.status == as_client == (200 if person in (*readers, alice) else 404), (visibility, person)


def test_replies_that_are_not_for_the_reader_are_not_named(anonymous, alice, bob):
    root = alice.posts("root")["id"]
    secret = bob.posts("@alice secret", in_reply_to_id=root, visibility="direct")["id"]

    assert page_of(anonymous, root).articles == ["selected"]
    assert page_of(alice, root).articles == ["selected", secret]


def test_a_page_for_a_member_is_kept_nowhere(anonymous, alice, bob):
    bob.follows(alice)
    id = alice.posts("for followers", visibility="private")["id"]

    assert bob.get(f"/notice/{id}", headers=HTML).headers["cache-control"] == "private, no-store"
    assert anonymous.get(f"/notice/{id}", headers=HTML).headers["cache-control"] == "public, max-age=10"


def test_what_is_covered_is_closed(anonymous, alice):
    id = alice.posts("the text", spoiler_text="Spiders & co", media_ids=[uploads(alice)], sensitive=True)["id"]

    page = page_of(anonymous, id)

    assert [each for each in page.all("details") if "open" in each] == []
    assert page.html.count('<details class="covered">') == 1
    assert '<summary class="p-summary" dir="auto">Spiders &amp; co</summary>' in page.html
    assert page.html.index("<summary class=\"p-summary\"") < page.html.index("the text") < page.html.index("<figure>")


def test_sensitive_pictures_are_covered_without_a_warning_too(anonymous, alice):
    page = page_of(anonymous, alice.posts("look", media_ids=[uploads(alice)], sensitive=True)["id"])

    assert "<summary>Sensitive media</summary>" in page.html


def test_pictures_say_what_they_show(anonymous, alice):
    described = uploads(alice, description="A \"moth\"")
    page = page_of(anonymous, alice.posts("look", media_ids=[described, uploads(alice)])["id"])

    first, second = [each for each in page.all("img") if each.get("class") == "u-photo"]
    assert (first["alt"], second["alt"]) == ('A "moth"', "")
    assert {"width", "height", "loading"} <= first.keys()
    assert page.html.count("<figcaption>No description</figcaption>") == 1


def test_a_poll_is_told_in_numbers(anonymous, alice, bob):
    status = alice.posts("Which?", poll={"options": ["Moths", "Ants"], "expires_in": 3600})
    bob.post(f"/api/v1/polls/{status['poll']['id']}/votes", json={"choices": [0]})

    page = page_of(anonymous, status["id"])

    assert [each["value"] for each in page.all("meter")] == ["100", "0"]
    assert "100 %" in page.html
    assert "1 vote · ends <time" in page.html
    assert page.forms == ["/main/ostatus"]


def test_it_is_counted_what_others_did_with_it(anonymous, alice, bob):
    id = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{id}/favourite")
    bob.post(f"/api/v1/statuses/{id}/reblog")
    bob.reacts(id, "😀")
    bob.posts("reply", in_reply_to_id=id)

    page = page_of(anonymous, id)

    assert all(f"<span>{each}</span>" in page.html for each in ("1 reply", "1 reblog", "1 favourite"))
    assert '<span class="reaction">😀 1</span>' in page.html


def test_words_say_what_is_not_public(anonymous, alice):
    assert "· Unlisted" in page_of(anonymous, alice.posts("a", visibility="unlisted")["id"]).html
    assert "· Followers only" in page_of(alice, alice.posts("a", visibility="private")["id"]).html
    assert "· Direct" in page_of(alice, alice.posts("a", visibility="direct")["id"]).html


def test_an_edit_is_told(anonymous, alice):
    id = alice.posts("one")["id"]
    alice.put(f"/api/v1/statuses/{id}", json={"status": "two"})

    assert ', edited <time class="dt-updated"' in page_of(anonymous, id).html


def test_a_quote_is_shown_in_small(anonymous, alice, bob):
    quoted = bob.posts("the quoted text")["id"]
    page = page_of(anonymous, alice.posts("see", quoted_status_id=quoted)["id"])

    assert '<blockquote class="quoted">' in page.html
    assert "the quoted text" in page.html


def test_links_say_that_nobody_vouches_for_them(anonymous, alice):
    page = page_of(anonymous, alice.posts("https://one.example/ #moth @alice")["id"])

    within = [each for each in page.all("a") if each.get("rel", "").startswith("nofollow")]
    assert {each["rel"] for each in within} == {"nofollow noopener ugc"}
    assert len(within) == 3


def test_visitors_may_go_on_at_their_own_server(anonymous, alice, bob):
    id = alice.posts("hello")["id"]

    page = page_of(anonymous, id)

    assert page.forms == ["/main/ostatus"]
    assert {"type": "hidden", "name": "status[status_id]", "value": id} in page.all("input")
    assert "/main/ostatus" not in page_of(bob, id).forms


def test_a_reblog_leads_to_what_is_reblogged(anonymous, alice, bob):
    original = alice.posts("hello")["id"]
    reblog = bob.post(f"/api/v1/statuses/{original}/reblog").json
    for path in (f"/notice/{reblog['id']}", f"/@bob/{original}", reblog["url"].removeprefix("http://kenoma.test")):
        reply = anonymous.get(path, headers=HTML)

        assert reply.status == 302, path
        assert reply.headers["location"] == f"http://kenoma.test/notice/{original}", path


def test_what_was_deleted_is_gone(anonymous, alice, drain):
    id = alice.posts("hello")["id"]
    secret = alice.posts("secret", visibility="private")["id"]
    for each in (id, secret):
        alice.delete(f"/api/v1/statuses/{each}")

    before, hidden = (anonymous.get(f"/notice/{each}", headers=HTML) for each in (id, secret))
    drain()

    assert before.status == 410
    assert "This post has been deleted." in before.text
    assert before.headers["cache-control"] == "public, max-age=10"
    assert hidden.status == 404
    assert anonymous.get(f"/notice/{id}", headers=HTML).status in (404, 410)


def test_a_reply_to_what_is_gone_says_so(anonymous, alice, bob, drain):
    root = bob.posts("root")["id"]
    reply = alice.posts("reply", in_reply_to_id=root)["id"]
    bob.delete(f"/api/v1/statuses/{root}")
    drain()

    assert page_of(anonymous, reply).articles == ["selected"]


@pytest.mark.parametrize("id", ["no", "%00", "9" * 40, "BCy77gFFemphezegQy"])
def test_there_is_nothing_under_other_words(anonymous, id):
    reply = anonymous.get(f"/notice/{id}", headers=HTML)

    assert reply.status == 404
    assert "There is no page at this address, or it is not public." in reply.text


@pytest.mark.parametrize("settings", [{"public": False}, {"restrict_statuses": True}])
def test_a_server_may_show_statuses_to_members_only(anonymous, alice, bob, setting, settings):
    id = alice.posts("hello")["id"]
    setting(**settings)

    assert anonymous.get(f"/notice/{id}", headers=HTML).status == 403
    assert page_of(bob, id).articles == ["selected"]


def test_a_page_costs_as_much_as_what_clients_ask_for(anonymous, alice, bob):
    root = alice.posts("root")["id"]
    for number in range(30):
        bob.posts(f"{number}", in_reply_to_id=root)
    for reader in (anonymous, bob, alice):
        stands_on = [reader.get(f"/api/v1/statuses/{root}"), reader.get(f"/api/v1/statuses/{root}/context")]

        assert reader.get(f"/notice/{root}", headers=HTML).calls <= sum(each.calls for each in stands_on) + 1


@pytest.mark.size
def test_a_part_of_a_long_thread_costs_as_one_of_forty_and_no_reply_is_left_out(anonymous, alice):
    small, large = alice.posts("small")["id"], alice.posts("large")["id"]
    replies = {root: [alice.posts(f"{number}", in_reply_to_id=root)["id"] for number in range(count)]
               for root, count in ((small, 40), (large, REPLIES))}

    (of_forty,), parts = pages_from(anonymous, f"/notice/{small}"), pages_from(anonymous, f"/notice/{large}")

    assert [id for part in parts for id in part.articles if id != "selected"] == replies[large]
    assert {part.calls for part in parts} == {of_forty.calls}
    say(f"{REPLIES:,} replies: {len(parts)} pages of {of_forty.calls} calls, "
        f"{1_000 * sum(part.seconds for part in parts) / len(parts):.0f} ms each; of forty: "
        f"{1_000 * of_forty.seconds:.0f} ms")
