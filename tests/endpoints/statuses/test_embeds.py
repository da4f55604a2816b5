"""GET /embed/ID and /notice/ID/embed_player: a status in the frames of other pages."""

from html.parser import HTMLParser

import pytest

from chalicelib.web import session

MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 40
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
                    "0000000049454e44ae426082")


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


def uploaded(person, data, kind, **form):
    reply = person.post("/api/v1/media", form=form, files={"file": ("a", data, kind)})
    assert reply.status == 200, reply.body
    return reply.json["id"]


def embedded(person, status):
    return person.get(f"/embed/{status['id']}")


def test_a_status_is_shown_by_itself(alice, anonymous):
    status = alice.posts("hello <script>alert(1)</script> https://example.org")

    reply = embedded(anonymous, status)

    tags = Tags(reply.text)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "hello &lt;script&gt;" in reply.text
    assert [tags.of(name) for name in ("script", "form", "header", "footer", "nav", "iframe")] == [[]] * 6
    assert {"name": "robots", "content": "noindex"} in tags.of("meta")
    assert len(tags.of("h1")) == len(tags.of("main")) == len(tags.of("article")) == 1
    assert tags.of("a")
    assert all(each.get("target") == "_blank" for each in tags.of("a"))


def test_others_may_frame_it_and_nothing_else(alice, anonymous):
    headers = embedded(anonymous, alice.posts("hello")).headers

    policy = headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not headers.get("x-frame-options")
    assert headers["cache-control"] == "public, max-age=300"


def test_a_reblog_is_the_original(alice, bob, anonymous):
    status = alice.posts("hello")
    reblog = bob.post(f"/api/v1/statuses/{status['id']}/reblog").json

    assert embedded(anonymous, reblog).text == embedded(anonymous, status).text


def test_a_content_warning_covers_everything(alice, anonymous):
    text = embedded(anonymous, alice.posts("spiders", spoiler_text="legs")).text

    assert text.index("<summary") < text.index("legs</summary>") < text.index("spiders")


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
def test_what_is_not_for_everybody_is_not_there_whoever_looks(alice, anonymous, visibility):
    status = alice.posts("hello", visibility=visibility)
    cookie = {"Cookie": f"{session.NAME}={session.seal(alice.token)}"}

    replies = [embedded(alice, status), anonymous.get(f"/embed/{status['id']}", headers=cookie)]

    assert [reply.status for reply in replies] == [404, 404]


@pytest.mark.parametrize("hidden", [{"public": False}, {"restrict_statuses": True}])
def test_a_server_may_hide_its_statuses(alice, anonymous, setting, hidden):
    status = alice.posts("hello")
    setting(**hidden)

    assert embedded(anonymous, status).status == 404


@pytest.mark.parametrize("path", ["/embed/nothing", "/embed/1", "/notice/nothing/embed_player"])
def test_what_never_was_is_not_found(anonymous, path):
    assert anonymous.get(path).status == 404


def test_a_player_has_the_sound_and_nothing_else(alice, anonymous):
    status = alice.posts("listen", media_ids=[uploaded(alice, MP3, "audio/mpeg", description="a song")])

    reply = anonymous.get(f"/notice/{status['id']}/embed_player")

    (audio,) = Tags(reply.text).of("audio")
    assert audio["src"] == status["media_attachments"][0]["url"]
    assert audio["aria-label"] == "a song"
    assert "listen" not in reply.text
    assert "frame-ancestors *" in reply.headers["content-security-policy"]


def test_there_is_no_player_of_pictures_or_of_nothing(alice, anonymous):
    statuses = [alice.posts("hello"), alice.posts("look", media_ids=[uploaded(alice, PNG, "image/png")])]

    assert [anonymous.get(f"/notice/{each['id']}/embed_player").status for each in statuses] == [404, 404]


def test_it_costs_what_the_status_costs(alice, anonymous):
    status = alice.posts("hello")

    assert embedded(anonymous, status).calls == anonymous.get(f"/api/v1/statuses/{status['id']}").calls
