"""What pages say to search engines and to those who preview links."""

from __future__ import annotations

import pytest

from chalicelib.pages import heads
from tests.pages.reading import uploads, visit

BASE = "http://kenoma.test"


def status_page(reader, author, text, **more):
    return visit(reader, f"/notice/{author.posts(text, **more)['id']}")


def test_a_profile_says_who_it_is(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "display_name": "Alice :moth:", "note": "I like\n<moths>."})

    page = visit(anonymous, "/users/alice")

    name = "Alice :moth: (@alice@kenoma.test)"
    assert page.text_of("title") == f"{name} – Kenoma"
    assert page.meta("og:title") == page.meta("twitter:title") == [name]
    assert page.meta("description") == page.meta("og:description") == page.meta("twitter:description")
    assert page.meta("description")[0].startswith("I like")
    assert page.meta("og:site_name") == ["Kenoma"]
    assert page.meta("og:type") == ["profile"]
    assert page.meta("og:url") == [f"{BASE}/users/alice"] == [each["href"] for each in page.links("canonical")]
    assert page.meta("og:image:alt") == ["Avatar of Alice :moth:"]
    assert page.meta("profile:username") == ["alice@kenoma.test"]
    assert page.meta("twitter:card") == ["summary"]
    assert page.meta("fediverse:creator") == ["@alice@kenoma.test"]
    assert [(each["type"], each["href"]) for each in page.links("alternate")] == [
        ("application/activity+json", f"{BASE}/users/alice"), ("application/atom+xml", f"{BASE}/users/alice/feed.atom"),
        ("application/rss+xml", f"{BASE}/users/alice/feed.rss")]


def test_without_a_bio_the_place_is_told(anonymous, alice):
    assert visit(anonymous, "/users/alice").meta("description") == ["@alice@kenoma.test on Kenoma"]


def test_who_wants_to_be_found_says_so(anonymous, alice):
    assert visit(anonymous, "/users/alice").meta("robots") == ["noindex, noarchive"]
    alice.patch("/api/v1/accounts/update_credentials", json={"discoverable": True})

    assert visit(anonymous, "/users/alice").meta("robots") == ["index, follow"]
    assert status_page(anonymous, alice, "a").meta("robots") == ["index, follow"]
    assert status_page(anonymous, alice, "a", visibility="unlisted").meta("robots") == ["noindex, noarchive"]


def test_a_status_says_what_was_written(anonymous, alice):
    page = status_page(anonymous, alice, "one & <two>\n\nthree " + "x" * 300)

    assert page.text_of("title").startswith("alice: “one & ")
    assert page.text_of("title").endswith("...” – Kenoma")
    assert len(page.text_of("title")) == len("alice: “” – Kenoma") + 50
    assert len(page.meta("og:title")[0]) == len("alice: “”") + 200
    assert page.meta("description")[0].startswith("alice (@alice@kenoma.test): “one &")
    assert page.meta("og:type") == ["article"]
    assert page.meta("twitter:card") == ["summary"]
    assert page.meta("article:published_time")
    assert [each["type"] for each in page.links("alternate")] == [
        "application/activity+json", "application/atom+xml", "application/rss+xml", "application/json+oembed"]
    assert page.links("alternate")[0]["href"].startswith(f"{BASE}/objects/")


def test_pictures_are_shown_with_their_size(anonymous, alice):
    ids = [uploads(alice, description="A moth"), uploads(alice)]

    page = status_page(anonymous, alice, "", media_ids=ids)

    assert len(page.meta("og:image")) == len(page.meta("og:image:width")) == len(page.meta("og:image:height")) == 2
    assert page.meta("og:image:alt") == ["A moth"]
    assert page.meta("twitter:card") == ["summary_large_image"]
    assert page.meta("twitter:image:alt") == ["A moth"]
    assert page.meta("description") == ["2 pictures"]
    assert page.text_of("title") == "alice – Kenoma"


@pytest.mark.parametrize("more", [{"sensitive": True}, {"spoiler_text": "Spiders"}])
def test_what_is_covered_is_nowhere_in_the_head(anonymous, alice, more):
    page = status_page(anonymous, alice, "Argiope", media_ids=[uploads(alice, description="A spider")], **more)

    head = page.html.partition("</head>")[0]
    assert "A spider" not in head
    assert page.meta("og:image") == [f"{BASE}/images/avi.png"]
    assert page.meta("twitter:card") == ["summary"]
    if "spoiler_text" in more:
        assert "Argiope" not in head
        assert page.text_of("title") == "alice: “CW: Spiders” – Kenoma"


def test_own_pages_elsewhere_are_named(anonymous, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "fields_attributes": [{"name": "Site", "value": '<a rel="me" href="https://one.example/?a=1&b=2">one</a>'}]})

    mine = [each["href"] for each in visit(anonymous, "/users/alice").all("link") if each["rel"] == "me"]

    assert mine == ["https://one.example/?a=1&b=2"]


def test_a_poll_or_a_sound_has_its_words(anonymous, alice):
    page = status_page(anonymous, alice, "Which?", poll={"options": ["a", "b"], "expires_in": 3600}, language="fr")

    assert page.meta("og:locale") == ["fr"]
    assert page.meta("description") == ["alice (@alice@kenoma.test): “Which?”"]


def with_media(alice, kind, **more):
    """A status as clients get it, with something that is played."""
    status = alice.posts("listen")
    kept = {"type": kind, "url": f"{BASE}/media/a", "preview_url": f"{BASE}/media/a", "description": "A song",
            "meta": {"original": {"width": 640, "height": 360}}, "pleroma": {"mime_type": f"{kind}/x"}}
    return {**status, "media_attachments": [kept | more]}


def told(head, key):
    return [value for _, name, value in head.metas if name == key]


def test_a_film_is_played_where_it_is_previewed(alice):
    shown = with_media(alice, "video", preview_url=f"{BASE}/media/preview")

    head = heads.status(shown)

    assert told(head, "twitter:card") == ["player"]
    assert told(head, "twitter:player") == [f"{BASE}/notice/{shown['id']}/embed_player"]
    assert (told(head, "twitter:player:width"), told(head, "twitter:player:height")) == (["640"], ["360"])
    assert told(head, "og:video") == [f"{BASE}/media/a"]
    assert (told(head, "og:video:width"), told(head, "og:video:type")) == (["640"], ["video/x"])
    assert told(head, "og:image") == [f"{BASE}/media/preview"]
    assert told(head, "og:image:alt") == ["A song"]


def test_a_sound_has_a_player_of_a_fixed_size(alice):
    head = heads.status(with_media(alice, "audio", meta=None))

    assert told(head, "twitter:card") == ["player"]
    assert (told(head, "twitter:player:width"), told(head, "twitter:player:height")) == (["480"], ["80"])
    assert (told(head, "og:audio"), told(head, "og:audio:type")) == ([f"{BASE}/media/a"], ["audio/x"])
    assert told(head, "og:image") == [f"{BASE}/images/avi.png"]


def test_without_words_the_kinds_are_told(alice):
    for kind, words in {"video": "1 video", "audio": "1 sound", "unknown": "1 file"}.items():
        shown = with_media(alice, kind) | {"content": ""}

        assert told(heads.status(shown), "description") == [words]
