"""Administration of what the media proxy must not pass on."""

import pytest

from chalicelib.store.staff import bans
from tests.cdn_of_moto import distribution, forgotten

CACHES = "/api/pleroma/admin/media_proxy_caches"
A, B, C = "http://a.example/media/a.png", "https://b.example/Media/B.png", "http://c.example/c%20_.gif"


def page(admin, **params):
    reply = admin.get(CACHES, params)
    assert reply.status == 200, reply.body
    assert reply.json.keys() == {"urls", "count", "page_size"}
    return reply.json


def urls(admin, **params):
    return page(admin, **params)["urls"]


def purges(admin, *named, **more):
    reply = admin.post(f"{CACHES}/purge", json={"urls": list(named), **more})
    assert (reply.status, reply.json) == (200, {})


def allows(admin, *named):
    reply = admin.post(f"{CACHES}/delete", json={"urls": list(named)})
    assert (reply.status, reply.json) == (200, {})


def test_what_is_purged_is_banned_and_listed_by_url(admin):
    assert page(admin) == {"urls": [], "count": 0, "page_size": 50}

    purges(admin, C, A)
    purges(admin, B)

    assert page(admin) == {"urls": [A, C, B], "count": 3, "page_size": 50}


@pytest.mark.parametrize("ban", [False, "false"])
def test_what_is_purged_without_a_ban_is_not_banned(admin, ban):
    purges(admin, A, ban=ban)

    assert urls(admin) == []


def test_a_ban_is_made_once_and_lifted_once(admin):
    purges(admin, A, A)
    purges(admin, A, B, "")
    assert urls(admin) == [A, B]

    for _ in range(2):
        allows(admin, A, A, "unknown", "")

    assert urls(admin) == [B]


def test_no_urls_do_nothing(admin):
    purges(admin)
    allows(admin)

    assert urls(admin) == []


@pytest.mark.parametrize("how", ["json", "form", "params"])
@pytest.mark.parametrize("named", [[A], A])
def test_urls_may_be_said_anywhere_and_a_single_one_alone(admin, how, named):
    admin.post(f"{CACHES}/purge", **{how: {"urls": named}})

    assert urls(admin) == [A]


@pytest.mark.parametrize("act", ["purge", "delete"])
@pytest.mark.parametrize(("wrong", "error"), [
    ({}, "Missing field: urls."), ({"urls": [1]}, "0 - Invalid string. Got: integer."),
    ({"urls": {"a": "b"}}, "urls - Invalid array. Got: object."),
    ({"urls": ["x" * 10_001]}, "0 - String length is larger than maxLength: 10000."),
])
def test_urls_are_required_and_texts(admin, act, wrong, error):
    purges(admin, B)

    reply = admin.post(f"{CACHES}/{act}", json={**wrong, "ban": True})

    assert (reply.status, reply.json["error"]) == (400, error)
    assert urls(admin) == [B]


def test_whether_to_ban_is_a_boolean(admin):
    reply = admin.post(f"{CACHES}/purge", json={"urls": [A], "ban": "perhaps"})

    assert (reply.status, reply.json["error"]) == (400, "ban - Invalid boolean. Got: string.")


@pytest.mark.parametrize(("query", "expected"), [
    ("media", [A, B]), ("MEDIA/B", [B]), ("example", [A, C, B]), ("", [A, C, B]), ("%20_", [C]), (".*", []), ("_", [C]),
    ("nothing", []),
])
def test_a_text_finds_the_urls_that_contain_it(admin, query, expected):
    purges(admin, A, B, C)

    assert page(admin, query=query) == {"urls": expected, "count": len(expected), "page_size": 50}


def test_pages_follow_each_other_and_end(admin):
    named = [f"https://a.example/{number}" for number in range(5)]
    purges(admin, *named)

    assert [urls(admin, page=number, page_size=2) for number in (1, 2, 3, 4)] == [
        named[:2], named[2:4], named[4:], []]
    assert page(admin, page=2, page_size=2, query="a.example") == {"urls": named[2:4], "count": 5, "page_size": 2}
    assert urls(admin, page=0) == urls(admin, page=-1) == named
    assert page(admin, page_size=5_000)["page_size"] == 100


@pytest.mark.parametrize("name", ["page", "page_size"])
def test_a_page_is_a_number(admin, name):
    reply = admin.get(CACHES, {name: "first"})

    assert (reply.status, reply.json["error"]) == (400, f"{name} - Invalid integer. Got: string.")


@pytest.mark.parametrize("length", [1_024, 1_025, 5_000])
def test_urls_of_any_length_are_banned_whole(admin, length):
    one, other = ("https://a.example/" + "ü" * length + end for end in "xy")

    purges(admin, one, other)
    assert urls(admin) == [one, other] or urls(admin) == [other, one]
    allows(admin, other)

    assert urls(admin) == [one]


def test_many_take_the_calls_of_one(admin):
    purges(admin, A)
    one = admin.get(CACHES).calls
    purges(admin, *[f"{A}?{number}" for number in range(100)])

    assert admin.get(CACHES).calls == one == 2


def test_reading_ends_after_some_megabytes(admin, monkeypatch):
    monkeypatch.setattr(bans, "PAGES", 2)
    purges(admin, *["https://a.example/" + f"{number}".zfill(4) + "x" * 9_000 for number in range(250)])

    reply = admin.get(CACHES, {"query": "a.example", "page_size": 1})

    assert reply.calls == 3
    assert 0 < reply.json["count"] < 250


# The CDN.


def test_the_cdn_forgets_what_is_of_this_server(admin, drain, setting):
    setting(cdn=distribution())

    purges(admin, "http://kenoma.test/media/ab.png", "http://kenoma.test/media/ab.png", A,
           "http://kenoma.test/media/*", "http://kenoma.test/emoji/ü a.png?x=1#y", "http://kenoma.test.example/x")
    drain()

    assert forgotten() == [["/emoji/%C3%BC%20a.png?x=1", "/media/%2A", "/media/ab.png"]]
    assert A in urls(admin)


def test_it_forgets_without_a_ban_too_and_many_in_several_requests(admin, drain, setting):
    setting(cdn=distribution())

    purges(admin, *[f"http://kenoma.test/media/{number}.png" for number in range(120)], ban=False)
    drain()

    assert sorted(len(paths) for paths in forgotten()) == [20, 50, 50]
    assert urls(admin) == []


def test_without_a_cdn_nothing_is_asked_for(admin, aws):
    purges(admin, "http://kenoma.test/media/ab.png")

    assert aws.items("jobs") == []
