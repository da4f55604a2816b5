"""Pages: cursors, sizes, and the Link header."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from chalicelib.settings import settings
from chalicelib.web.auth import public
from chalicelib.web.endpoint import endpoint
from chalicelib.web.paging import Page, Paged, Sizes
from chalicelib.web.params import FlakeId
from tests.web.calling import Site


@pytest.fixture
def asked(site) -> Site:
    """An endpoint that shows the page it was asked for."""
    @endpoint("GET", "/asked", auth=public())
    def shown(page: Page) -> list[Any]:
        return [page.max_id, page.since_id, page.min_id, page.limit, page.offset]

    @endpoint("GET", "/sized", auth=public())
    def sized(page: Annotated[Page, Sizes(default=15, most=80)]) -> int:
        return page.limit

    return site


@pytest.fixture
def listed(site) -> Site:
    """Endpoints with the rows 9, 8, 7, or none."""
    @endpoint("GET", "/rows/{id}", auth=public())
    def rows(id: FlakeId, page: Page) -> Paged[dict[str, str]]:
        return page.reply([{"id": each} for each in "987"])

    @endpoint("GET", "/none", auth=public())
    def none(page: Page) -> Paged[dict[str, str]]:
        return page.reply([])

    @endpoint("GET", "/dry", auth=public())
    def dry(page: Page) -> Paged[dict[str, str]]:
        return page.reply([], continues="5")

    @endpoint("GET", "/short", auth=public())
    def short(page: Page) -> Paged[dict[str, str]]:
        return page.reply([{"id": "9"}], continues="5")

    @endpoint("GET", "/own", auth=public())
    def own(page: Page) -> Paged[dict[str, str]]:
        return page.reply([{"name": "a"}, {"name": "b"}], ids=["71", "70"])

    @endpoint("GET", "/up", auth=public())
    def up(page: Page) -> Paged[dict[str, str]]:
        return page.reply([{"id": "1"}, {"id": "2"}], ascending=True)

    return site


def link(path: str, following: str, previous: str) -> str:
    base = settings.base_url
    return f'<{base}{path}{following}>; rel="next", <{base}{path}{previous}>; rel="prev"'


@pytest.mark.parametrize(("query", "page"), [
    ("", [None, None, None, 20, 0]), ("?max_id=a&since_id=b&min_id=c&limit=5&offset=2", ["a", "b", "c", 5, 2]),
    ("?limit=40", [None, None, None, 40, 0]), ("?limit=41", [None, None, None, 40, 0]),
    ("?limit=99999999999999999999999", [None, None, None, 40, 0]), ("?limit=0", [None, None, None, 0, 0]),
    ("?limit=-3", [None, None, None, 0, 0]), ("?offset=-1", [None, None, None, 20, 0]),
    ("?limit=&max_id=&since_id=&min_id=&offset=", [None, None, None, 20, 0]),
    ("?max_id=a&max_id=b", ["b", None, None, 20, 0]), ("?max_id=%00%F0%9F%94%A5", ["\0🔥", None, None, 20, 0]),
    ("?max_id=" + "z" * 10_000, ["z" * 64, None, None, 20, 0]), ("?local=true", [None, None, None, 20, 0]),
])
def test_a_page_is_read_from_the_query(asked, query, page):
    assert asked.get("/asked" + query).json == page


def test_a_page_may_come_as_json(asked):
    answer = asked.get("/asked", json={"max_id": 17, "limit": 3, "min_id": None})

    assert answer.json == ["17", None, None, 3, 0]


@pytest.mark.parametrize(("query", "error"), [
    ("limit=many", "limit - Invalid integer. Got: string."), ("limit=1.5", "limit - Invalid integer. Got: string."),
    ("limit[]=1", "limit - Invalid integer. Got: array."), ("offset=x", "offset - Invalid integer. Got: string."),
    ("max_id[]=1", "max_id - Invalid string. Got: array."),
    ("limit=x&offset=y", "limit - Invalid integer. Got: string. offset - Invalid integer. Got: string."),
])
def test_what_is_no_page_is_refused(asked, query, error):
    answer = asked.get(f"/asked?{query}")

    assert (answer.status, answer.error) == (400, error)


def test_an_endpoint_may_have_pages_of_its_own_size(asked):
    assert [asked.get(f"/sized?limit={limit}").json for limit in ("", "50", "100")] == [15, 50, 80]


def test_the_link_leads_both_ways_and_keeps_the_rest(listed):
    answer = listed.get("/rows/5?limit=3&only_media=false&max_id=Z&min_id=A&since_id=B&x[]=1&x[]=%26%C3%A9")

    kept = "?limit=3&only_media=false&x%5B%5D=1&x%5B%5D=%26%C3%A9&"
    assert answer.headers["link"] == link("/rows/5", f"{kept}max_id=7", f"{kept}min_id=9")


def test_the_link_is_absolute_on_the_public_address(listed, monkeypatch):
    monkeypatch.setattr(settings, "base_url", "https://kenoma.example")

    assert listed.get("/rows/a%20b").headers["link"].startswith("<https://kenoma.example/rows/a%20b?max_id=7>")


def test_no_token_gets_into_a_link(listed):
    assert "secret" not in listed.get("/rows/5?access_token=secret").headers["link"]


def test_an_empty_page_has_no_link(listed):
    assert "link" not in listed.get("/none").headers


def test_a_page_that_filters_emptied_leads_on(listed):
    assert listed.get("/dry").headers["link"] == link("/dry", "?max_id=5", "?min_id=5")
    assert listed.get("/short").headers["link"] == link("/short", "?max_id=5", "?min_id=9")


def test_a_page_read_upwards_leads_on_upwards(listed):
    assert listed.get("/short?min_id=3").headers["link"] == link("/short", "?max_id=9", "?min_id=5")


def test_rows_may_have_cursors_that_are_not_their_ids(listed):
    assert listed.get("/own").headers["link"] == link("/own", "?max_id=70", "?min_id=71")


def test_ascending_lists_go_on_with_since_id(listed):
    assert listed.get("/up?since_id=0").headers["link"] == link("/up", "?since_id=2", "?max_id=1")


def test_a_page_made_by_hand_has_no_link():
    assert Page(limit=3).reply([{"id": "1"}]) == Paged([{"id": "1"}])
