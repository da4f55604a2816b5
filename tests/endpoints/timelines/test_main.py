"""GET /main/public, /main/all and /tag/TAG: timelines as pages."""

from __future__ import annotations

import pytest

from tests.pages.reading import check, visit

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/main/public", "/main/all", "/tag/moth", "/tag/MOTH"])
def test_what_is_public_is_shown_newest_first(anonymous, alice, bob, path):
    ids = [alice.posts("one #moth")["id"], bob.posts("two #Moth")["id"]]
    alice.posts("hidden #moth", visibility="unlisted")
    alice.post(f"/api/v1/statuses/{ids[1]}/reblog")

    page = visit(anonymous, path)

    check(page)
    assert page.articles == ids[::-1]
    assert page.meta("robots") == ["noindex"]


def test_a_tag_that_nobody_used_has_a_page_that_says_so(anonymous):
    page = visit(anonymous, "/tag/nothing")

    assert "No public posts with this tag yet." in page.html


def test_a_tag_leads_to_its_feeds(anonymous, alice):
    alice.posts("#école")

    page = visit(anonymous, "/tag/école")

    assert "<title>#école – Kenoma</title>" in page.html
    assert {each["href"] for each in page.links("alternate")} == {
        "http://kenoma.test/tags/%C3%A9cole.atom", "http://kenoma.test/tags/%C3%A9cole.rss"}


@pytest.mark.parametrize("path", ["/main/public", "/tag/moth"])
def test_there_is_a_way_through_all_pages_and_back(anonymous, alice, path):
    ids = [alice.posts(f"{number} #moth")["id"] for number in range(25)][::-1]

    first = visit(anonymous, path)
    second = visit(anonymous, first.links("next")[0]["href"])
    back = visit(anonymous, second.links("prev")[0]["href"])

    assert (first.articles, second.articles, back.articles) == (ids[:20], ids[20:], ids[:20])
    assert (first.links("prev"), second.links("next"), back.links("prev")) == ([], [], [])


@pytest.mark.parametrize("settings", [{"public": False}, {"restrict_timelines": True}])
@pytest.mark.parametrize("path", ["/main/public", "/main/all", "/tag/moth"])
def test_a_server_may_show_timelines_to_members_only(anonymous, alice, setting, settings, path):
    setting(**settings)

    assert anonymous.get(path, headers=HTML).status == 403
    assert alice.get(path, headers=HTML).status == 200


@pytest.mark.parametrize("path", ["/main/nothing", "/main/public?max_id=x", "/tag/moth?min_id=x"])
def test_there_are_no_others(anonymous, path):
    assert anonymous.get(path, headers=HTML).status == 404


def test_who_blocks_somebody_does_not_meet_them(alice, bob):
    id = bob.posts("#moth")["id"]
    assert visit(alice, "/tag/moth").articles == [id]
    alice.post(f"/api/v1/accounts/{bob.id}/block")

    assert visit(alice, "/tag/moth").articles == []


@pytest.mark.parametrize(("page", "stands_on"), [
    ("/main/public", "/api/v1/timelines/public?local=true"), ("/main/all", "/api/v1/timelines/public"),
    ("/tag/moth", "/api/v1/timelines/tag/moth"),
])
def test_a_page_costs_as_much_as_what_clients_ask_for(anonymous, alice, bob, page, stands_on):
    for number in range(45):
        alice.posts(f"{number} #moth")
    for reader in (anonymous, bob):
        reply = reader.get(page, headers=HTML)

        assert reply.calls <= reader.get(stands_on).calls + 1
        assert len(reply.text) < 60_000
