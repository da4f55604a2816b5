"""Cards: previews of links, read from a page on this machine as the local stage may."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.domain.statuses import cards
from chalicelib.domain.text import page_cards
from chalicelib.store.statuses.statuses import Status
from tests.endpoints.chats.talking import CHATS, chats, heard, says
from tests.faults import before_call

PAGE = """<!doctype html><title>The page</title>
<meta property="og:title" content="A &amp; B"><meta property="og:description" content="What it says">
<meta property="og:image" content="/picture.png"><meta name="twitter:title" content="other">
<meta property="og:url" content="javascript:alert(1)"><meta property="og:image:alt" content="a cat">
<meta property="og:image:width" content="640"><meta property="og:image:height" content="tall">
<meta property="article:published_time" content="2026-01-02T03:04:05+02:00">
<meta property="article:author" content="Ann Other">"""


class Web(ThreadingHTTPServer):
    """A web server on this machine: `web.pages[path] = (status, content type, text)`."""

    pages: dict[str, tuple[int, str, str]]
    asked: list[str]
    url: str


@pytest.fixture
def web():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            status, kind, text = server.pages.get(self.path, (404, "text/html", ""))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status == 302:
                self.send_header("Location", text)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    server = Web(("127.0.0.1", 0), Handler)
    server.pages, server.asked = {"/page": (200, "text/html; charset=utf-8", PAGE)}, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_link_gets_a_card(alice, bob, web, drain):
    id = alice.posts(f"look {web.url}/page")["id"]
    assert alice.get(f"/api/v1/statuses/{id}/card").json is None

    drain()

    card = bob.get(f"/api/v1/statuses/{id}/card").json
    assert card == {
        "type": "link", "provider_name": "127.0.0.1", "provider_url": web.url, "url": f"{web.url}/page",
        "image": f"{web.url}/picture.png", "title": "A & B", "description": "What it says",
        "pleroma": {"opengraph": card["pleroma"]["opengraph"]}, "image_description": "a cat", "language": None,
        "published_at": "2026-01-02T01:04:05.000Z", "author_name": "Ann Other", "author_url": "",
        "authors": [{"name": "Ann Other", "url": "", "account": None}], "html": "", "embed_url": "", "blurhash": None,
        "width": 640, "height": 0,
    }
    assert card["pleroma"]["opengraph"]["title"] == "A & B"
    assert bob.get(f"/api/v1/statuses/{id}").json["card"] == card


@pytest.mark.parametrize("page", [
    (404, "text/html", PAGE), (200, "text/plain", PAGE), (200, "text/html", "<title>only a title</title>"),
    (200, "text/html", "<meta property=og:type content=x>"), (302, "text/html", "http://169.254.169.254/"),
    (200, "text/html", "x" * 2_100_000),
])
def test_a_page_that_offers_none_or_leads_astray_gives_none(alice, web, drain, page):
    web.pages["/page"] = page
    id = alice.posts(f"look {web.url}/page")["id"]

    drain()

    assert web.asked == ["/page"]
    assert alice.get(f"/api/v1/statuses/{id}/card").json is None


def test_the_first_plain_link_counts(alice, bob, web, drain):
    alice.posts(f"@bob #tag {web.url}/page {web.url}/other")
    drain()

    assert web.asked == ["/page"]


def test_fetching_twice_asks_once(alice, web, drain):
    id = alice.posts(f"look {web.url}/page")["id"]
    drain()

    cards.fetch(id)

    assert web.asked == ["/page"]


def picture(person):
    return person.post("/api/v1/media", form={"description": "old"}, files={"file": ("a.txt", b"x", "text/plain")}
                       ).json["id"]


def mends(person, id):
    assert person.put(f"/api/v1/media/{id}", json={"description": "new"}).status == 200


def test_a_description_that_is_mended_while_the_card_is_fetched_stays(alice, web):
    mended = picture(alice)
    id = alice.posts(f"look {web.url}/page", media_ids=[mended])["id"]

    with before_call("UpdateItem", 1, lambda: mends(alice, mended), about="statuses"):
        cards.fetch(id)

    shown = alice.get(f"/api/v1/statuses/{id}").json
    assert (shown["card"]["title"], shown["media_attachments"][0]["description"]) == ("A & B", "new")


@pytest.mark.parametrize("copy", [1, 2])
def test_so_it_does_on_both_sides_of_a_chat(alice, bob, web, copy):
    mended = picture(alice)
    message = says(alice, bob, f"look {web.url}/page", media_id=mended)

    with before_call("UpdateItem", copy, lambda: mends(alice, mended), about="messages"):
        cards.fetch_for_message(message["chat_id"], message["id"])

    for shown in (heard(alice, bob)[0], heard(bob, alice)[0]):
        assert (shown["card"]["title"], shown["attachment"]["description"]) == ("A & B", "new")


def test_a_card_stays_when_a_description_is_mended(alice, web, drain):
    mended = picture(alice)
    id = alice.posts(f"look {web.url}/page", media_ids=[mended])["id"]
    drain()

    mends(alice, mended)

    shown = alice.get(f"/api/v1/statuses/{id}").json
    assert (shown["card"]["title"], shown["media_attachments"][0]["description"]) == ("A & B", "new")


def test_cards_can_be_switched_off(alice, web, drain, setting):
    setting(rich_media=False)
    alice.posts(f"look {web.url}/page")
    drain()

    assert web.asked == []


@pytest.mark.parametrize(("url", "asked"), [
    ("https://example.com/x", True), ("http://example.com/x", False), ("https://printer.lan/", False),
    ("https://ignored.example/", False), ("https://host.local/", False), ("ftp://example.com", False),
    ("https://[broken", False), ("https://", False),
])
def test_which_links_are_asked(url, asked, setting):
    setting(rich_media_ignore_hosts="other.example, IGNORED.example")
    status = Status("0" * 18, account_id="a", visibility="public", thread="t", doc={"html": f'<a href="{url}">x</a>'})

    assert (cards.link_of(status) == url) is asked


def test_both_sides_of_a_chat_get_the_card(alice, bob, web, drain):
    assert says(alice, bob, f"look {web.url}/page")["card"] is None

    drain()

    [mine], [theirs] = heard(alice, bob), heard(bob, alice)
    assert (mine["card"]["title"], mine["card"]["url"]) == ("A & B", f"{web.url}/page")
    assert theirs["card"] == mine["card"]
    assert chats(bob)[0]["last_message"]["card"] == mine["card"]
    assert web.asked == ["/page"]


def test_a_message_to_oneself_gets_its_card(alice, web, drain):
    says(alice, alice, f"{web.url}/page")

    drain()

    assert heard(alice, alice)[0]["card"]["title"] == "A & B"


def test_a_message_deleted_meanwhile_stays_deleted_where_it_was(alice, bob, web, drain):
    says(alice, bob, f"look {web.url}/page")
    [theirs] = heard(bob, alice)
    assert bob.delete(f"{CHATS}/{theirs['chat_id']}/messages/{theirs['id']}").status == 200

    drain()

    assert heard(bob, alice) == []
    assert heard(alice, bob)[0]["card"]["title"] == "A & B"


def test_messages_without_a_link_ask_for_no_job(alice, bob, aws):
    says(alice, bob, "no link, @bob")

    assert aws.messages("outside") == []


def test_nobody_can_read_a_hidden_card(alice, bob):
    secret = alice.posts("x", visibility="private")["id"]

    assert bob.get(f"/api/v1/statuses/{secret}/card").json == {"error": "Record not found"}


@pytest.mark.parametrize("html", ["", "<", "<meta", "<meta property>", "<title>" * 1000, "\0" * 100, "<!--" * 999,
                                  "<meta property='og:title'>" * 2000])
def test_broken_pages_never_raise(html):
    assert page_cards.read(html.encode()) is None


def test_links_are_in_fashion_with_their_cards(alice, bob, anonymous, web, drain):
    link = f"{web.url}/page"
    first = alice.posts(f"look {link} and {web.url}/other")["id"]
    second = bob.posts(f"seen {link}")["id"]
    bob.posts(f"{web.url}/without-a-card")
    alice.posts(link, visibility="unlisted")
    drain()

    reply = anonymous.get("/api/v1/trends/links")

    (shown,) = reply.json
    assert (shown["title"], shown["url"], len(shown["history"])) == ("A & B", link, 7)
    assert (shown["history"][0]["uses"], shown["history"][0]["accounts"]) == ("2", "2")
    assert reply.calls == 3
    page = anonymous.get("/api/v1/timelines/link", {"url": link, "limit": 1})
    assert [status["id"] for status in page.json] == [second]
    further = anonymous.get("/api/v1/timelines/link", {"url": link, **page.links()["next"]})
    assert [status["id"] for status in further.json] == [first]
    alice.delete(f"/api/v1/statuses/{first}")
    bob.post(f"/api/v1/accounts/{alice.id}/block")
    assert [status["id"] for status in bob.get("/api/v1/timelines/link", {"url": link}).json] == [second]
    assert anonymous.get("/api/v1/timelines/link", {"url": f"{web.url}/unknown"}).json == []
