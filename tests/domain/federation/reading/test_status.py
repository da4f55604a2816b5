"""Objects in the shapes in which servers send them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chalicelib.domain.federation.reading.status import author_of, read_status, read_vote
from chalicelib.domain.federation.reading.values import Unreadable
from tests.domain.federation.foreigners import FAR, PUBLIC, mention, note

FERN = f"{FAR}/users/fern"
FOLLOWERS = f"{FERN}/followers"
HERE = "http://kenoma.test/users/alice"


@pytest.mark.parametrize("said", [
    {"@context": None}, {"id": None}, {"id": "http://kenoma.test/objects/1"}, {"id": f"{FAR}/notes/1#x"},
    {"type": "Like"}, {"type": None}, {"attributedTo": None}, {"attributedTo": "https://other.example/users/fern"},
    {"attributedTo": HERE}, {"attributedTo": [5]},
])
def test_an_object_without_what_is_needed_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_status(note() | said)


@pytest.mark.parametrize(("said", "name", "expected"), [
    ({"type": ["Thing", "Note"]}, "kind", "Note"), ({"type": "Document"}, "kind", "Document"),
    ({"attributedTo": {"id": FERN, "type": "Person"}}, "author", FERN),
    ({"attributedTo": [{"id": f"{FAR}/c/1", "type": "Group"}, {"id": FERN, "type": "Person"}]}, "author", FERN),
    ({"attributedTo": [FERN, f"{FAR}/c/1"]}, "author", FERN), ({"attributedTo": None, "actor": FERN}, "author", FERN),
    ({"content": None}, "html", ""), ({"content": None, "contentMap": {"de": "<p>Hallo</p>"}}, "html", "<p>Hallo</p>"),
    ({"summary": "<b>a</b> &amp; b"}, "spoiler", "a & b"), ({"summary": None}, "spoiler", ""),
    ({"summary": "   "}, "spoiler", ""), ({"summary": None, "summaryMap": {"en": "cw"}}, "spoiler", "cw"),
    ({"summary": "x" * 30_000}, "spoiler", "x" * 20_000),
    ({"source": {"content": "*x*", "mediaType": "text/markdown"}}, "source", "*x*"),
    ({"source": "raw"}, "source", "raw"),
    ({"sensitive": "true"}, "sensitive", True), ({"sensitive": None}, "sensitive", False),
    ({"tag": {"type": "Hashtag", "name": "#NSFW"}}, "sensitive", True),
    ({"published": "2024-05-06T07:08:09"}, "published", 1714979289),
    ({"published": "2024-05-06T07:08:09.123456789Z"}, "published", 1714979289.123456),
    ({"published": "2024-05-06T09:08:09+02:00"}, "published", 1714979289), ({"published": 5}, "published", None),
    ({"published": "2024-05-06T07:08:09Z", "updated": "2024-05-06T07:08:09.5Z"}, "edited", None),
    ({"published": "2024-05-06T07:08:09Z", "updated": "2024-05-06T08:08:09Z"}, "edited", 1714982889),
    ({"inReplyTo": {"id": f"{FAR}/n/0"}}, "parent", f"{FAR}/n/0"),
    ({"inReplyTo": [f"{FAR}/n/0"]}, "parent", f"{FAR}/n/0"),
    ({"inReplyTo": ""}, "parent", None), ({"inReplyTo": None}, "parent", None),
    ({"inReplyTo": f"{FAR}/notes/1"}, "parent", None), ({"inReplyTo": "javascript:x"}, "parent", None),
    ({"context": {"id": f"{FAR}/c/1"}}, "context", f"{FAR}/c/1"), ({"conversation": "tag:x"}, "context", "tag:x"),
    ({"url": f"{FAR}/@fern/1"}, "url", f"{FAR}/@fern/1"), ({"url": None}, "url", f"{FAR}/notes/1"),
    ({"url": [{"href": f"{FAR}/a.mp4", "mediaType": "video/mp4"}, {"href": f"{FAR}/w", "mediaType": "text/html"}]},
     "url", f"{FAR}/w"),
    ({"url": "javascript:alert(1)"}, "url", f"{FAR}/notes/1"), ({"url": {"type": "Link"}}, "url", f"{FAR}/notes/1"),
    ({"tag": ["#x", {"type": "Hashtag", "name": "Straße"}, {"type": "Hashtag", "name": "#a b"}]}, "tags",
     ["strasse", "ab"]),
    ({"tag": {"type": "Hashtag", "name": "#" + "x" * 101}}, "tags", []), ({"tags": [{"type": "Hashtag"}]}, "tags", []),
    ({"quote": f"{FAR}/n/2"}, "quote", f"{FAR}/n/2"), ({"quoteUrl": f"{FAR}/n/2"}, "quote", f"{FAR}/n/2"),
    ({"_misskey_quote": f"{FAR}/n/2"}, "quote", f"{FAR}/n/2"), ({"quoteUri": "x"}, "quote", None),
    ({"tag": {"type": "Link", "href": f"{FAR}/n/2", "rel": "https://misskey-hub.net/ns#_misskey_quote"}}, "quote",
     f"{FAR}/n/2"),
    ({"tag": {"type": "Link", "href": f"{FAR}/n/2", "mediaType": "application/activity+json"}}, "quote", f"{FAR}/n/2"),
    ({"contentMap": {"en": "<p>Hello from afar</p>", "de": "x"}}, "language", "en"),
    ({"contentMap": {"de": "x"}}, "language", "de"), ({"contentMap": {"not a code!": "x"}}, "language", None),
    ({"@context": ["https://www.w3.org/ns/activitystreams", {"@language": "pt-BR"}]}, "language", "pt-BR"),
    ({"@context": ["https://www.w3.org/ns/activitystreams", {"@language": "und"}]}, "language", None),
])
def test_a_field_is_read_in_all_its_shapes(said: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(read_status(note() | said), name) == pytest.approx(expected)


@pytest.mark.parametrize(("said", "visibility"), [
    ({"to": PUBLIC}, "public"), ({"to": ["as:Public"]}, "public"), ({"to": [["Public"]]}, "public"),
    ({"to": ["http://www.w3.org/ns/activitystreams#Public"]}, "public"), ({"to": {"id": PUBLIC}}, "public"),
    ({"to": [FOLLOWERS], "cc": PUBLIC}, "unlisted"), ({"to": [], "cc": [PUBLIC]}, "unlisted"),
    ({"to": [FOLLOWERS], "cc": None}, "private"), ({"to": [HERE], "cc": [FOLLOWERS]}, "private"),
    ({"to": [HERE], "cc": []}, "direct"), ({"to": [], "cc": [HERE]}, "direct"),
    ({"to": [f"{FAR}/users/gorse/followers"], "cc": []}, "direct"), ({"to": PUBLIC, "directMessage": True}, "direct"),
    ({"to": ["http://kenoma.test/#Public"], "cc": []}, "direct"),
])
def test_the_addressing_tells_whom_it_is_for(said: dict[str, Any], visibility: str) -> None:
    assert read_status(note() | said).visibility(FOLLOWERS) == visibility


def test_an_object_without_addressing_takes_that_of_its_activity() -> None:
    bare = note(to=None, cc=None)

    assert read_status(bare, to=[PUBLIC]).visibility(FOLLOWERS) == "public"
    assert read_status(note(to=[FOLLOWERS], cc=None), to=[PUBLIC]).visibility(FOLLOWERS) == "private"


def test_hidden_addresses_are_never_read() -> None:
    found = read_status(note(to=[FOLLOWERS], cc=[], bto=[PUBLIC], bcc=[HERE]))

    assert found.addressed == [FOLLOWERS]


def test_a_date_in_the_future_is_now() -> None:
    assert read_status(note(published="2999-01-01T00:00:00Z")).published == pytest.approx(time.time(), abs=5)


def test_mentions_are_read_by_address_and_bounded() -> None:
    found = read_status(note(tag=[mention(HERE, "@alice"), mention(HERE), mention("javascript:x"), {"type": "Mention"},
                                  *(mention(f"{FAR}/users/{number}") for number in range(150))]))

    assert found.mentions[0].address == HERE
    assert len(found.mentions) == 100


def test_a_title_comes_before_the_content() -> None:
    found = read_status(note(type="Article", name="A <i>title</i>", content="<p>text</p>", url=f"{FAR}/a?x=1&y=2"))

    rel = 'rel="nofollow noopener noreferrer ugc"'
    assert found.html == f'<p><a href="{FAR}/a?x=1&amp;y=2" {rel}>A title</a></p><p>text</p>'
    assert found.plain == "A title\ntext"


def test_markdown_and_plain_text_become_html() -> None:
    assert read_status(note(content="**x** <script>y</script>", mediaType="text/markdown")).html == (
        "<p><strong>x</strong> </p>")
    assert read_status(note(content="<b>\nx", mediaType="text/plain")).html == "&lt;b&gt;<br>x"


def test_a_long_content_is_cut_at_a_paragraph_with_a_link_to_the_page() -> None:
    found = read_status(note(content="<p>" + "x" * 1000 + "</p>" + ("<p>" + "y" * 60_000 + "</p>") * 3))

    assert len(found.html) < 100_500
    assert found.html.startswith("<p>xxx")
    assert found.html.endswith(f'<p><a href="{FAR}/notes/1" rel="nofollow noopener noreferrer ugc">…</a></p>')


# Attachments.


@pytest.mark.parametrize(("attached", "expected"), [
    ({"type": "Document", "mediaType": "image/png", "url": f"{FAR}/1"}, (f"{FAR}/1", "image/png", "")),
    ({"type": "Document", "mimeType": "audio/ogg", "href": f"{FAR}/1"}, (f"{FAR}/1", "audio/ogg", "")),
    ({"type": "Image", "url": f"{FAR}/1"}, (f"{FAR}/1", "image/*", "")),
    ({"type": "Document", "url": f"{FAR}/1.mp4"}, (f"{FAR}/1.mp4", "video/mp4", "")),
    ({"type": "Document", "url": f"{FAR}/1"}, (f"{FAR}/1", "application/octet-stream", "")),
    ({"type": "Document", "url": [{"type": "Link", "href": f"{FAR}/1", "mediaType": "image/gif"}]},
     (f"{FAR}/1", "image/gif", "")),
    ({"type": "Image", "url": {"type": "Link", "href": f"{FAR}/1"}, "name": "n", "summary": "<b>s</b>"},
     (f"{FAR}/1", "image/*", "s")),
    ({"type": "Image", "url": f"{FAR}/1", "name": "x" * 2000}, (f"{FAR}/1", "image/*", "x" * 1500)),
])
def test_an_attachment_is_read_in_all_its_shapes(attached: dict[str, Any], expected: tuple[str, ...]) -> None:
    (found,) = read_status(note(attachment=attached)).attachments

    assert (found["url"], found["mime"], found["description"]) == expected


@pytest.mark.parametrize("attached", [
    {"type": "Image", "url": "javascript:x"}, {"type": "Image", "url": "data:image/png;base64,AA"}, {"type": "Image"},
    {"type": "Image", "url": 5}, "https://far.example/1.png", {"type": "PropertyValue", "url": f"{FAR}/1"},
    {"type": "Link", "href": f"{FAR}/page"}, {"type": "Link", "href": f"{FAR}/page", "mediaType": "text/html"},
])
def test_what_is_no_attachment_is_left_out(attached: Any) -> None:
    assert list(read_status(note(attachment=[attached])).attachments) == []


def test_a_link_among_the_attachments_is_for_the_preview() -> None:
    assert read_status(note(attachment={"type": "Link", "href": "https://a.example/p"})).card_link == (
        "https://a.example/p")


def test_attachments_are_few_and_keep_their_ids() -> None:
    attached = [{"type": "Image", "url": f"{FAR}/{number}"} for number in range(40)]
    one, two = read_status(note(attachment=attached)), read_status(note(attachment=attached))

    assert len(one.attachments) == 16
    assert [each["id"] for each in one.attachments] == [each["id"] for each in two.attachments]


def test_a_video_is_attached_with_its_picture() -> None:
    links = [{"type": "Link", "mediaType": "text/html", "href": f"{FAR}/w/1"},
             {"type": "Link", "mediaType": "application/x-mpegURL", "href": f"{FAR}/1.m3u8",
              "tag": [{"type": "Link", "mediaType": "video/mp4", "href": f"{FAR}/1.mp4"}]}]
    found = read_status(note(type="Video", name="Film", url=links, icon=[{"url": f"{FAR}/1.jpg"}]))

    assert found.url == f"{FAR}/w/1"
    (film,) = found.attachments
    assert (film["url"], film["mime"], film["preview"]) == (f"{FAR}/1.mp4", "video/mp4", f"{FAR}/1.jpg")


def test_sound_is_attached() -> None:
    sound = [{"type": "Link", "mimeType": "audio/mpeg", "href": f"{FAR}/1.mp3"}]

    (found,) = read_status(note(type="Audio", url=sound)).attachments

    assert (found["url"], found["mime"]) == (f"{FAR}/1.mp3", "audio/mpeg")


def test_the_picture_of_an_article_is_attached_if_nothing_else_is() -> None:
    picture = {"type": "Image", "url": f"{FAR}/1.png"}

    assert [each["url"] for each in read_status(note(type="Page", image=picture)).attachments] == [f"{FAR}/1.png"]
    attached = {"type": "Image", "url": f"{FAR}/2.png"}
    assert len(read_status(note(type="Page", image=picture, attachment=attached)).attachments) == 1


# Polls and votes.


def option(name: Any, votes: Any = 0) -> dict[str, Any]:
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}


def test_of_two_lists_of_options_the_first_that_is_not_empty_counts() -> None:
    one = read_status(note(type="Question", oneOf=[option("a", 1)], anyOf=[option("b", 2)])).poll
    several = read_status(note(type="Question", oneOf=[], anyOf=option("b", 2))).poll

    assert one is not None
    assert several is not None
    assert (list(one.options), one.multiple, one.voters) == (["a"], False, 1)
    assert (list(several.options), several.multiple, several.voters) == (["b"], True, None)


def test_options_are_cleaned_and_bounded() -> None:
    poll = read_status(note(oneOf=[
        option("<b>x</b>", -5), option("x", True), option(""), option(None), option("y" * 900, 10**30), "z",
        *(option(f"{number}") for number in range(90))])).poll

    assert poll is not None
    assert list(poll.options[:3]) == ["x", "x", "y" * 500]
    assert list(poll.counts[:3]) == [0, 0, 0]
    assert len(poll.options) == 50


@pytest.mark.parametrize(("said", "ends"), [
    ({"endTime": "2030-01-01T00:00:00Z"}, 1893456000), ({"endTime": "2030-01-01T00:00:00"}, 1893456000),
    ({"closed": "2020-01-01T00:00:00Z", "endTime": "2030-01-01T00:00:00Z"}, 1577836800),
    ({"closed": "2030-01-01T00:00:00Z"}, 1893456000), ({"endTime": None}, None), ({}, None),
    ({"closed": False}, None),
])
def test_a_poll_ends_when_its_server_says(said: dict[str, Any], ends: int | None) -> None:
    poll = read_status(note(oneOf=[option("a")], **said)).poll

    assert poll is not None
    assert poll.ends == ends


def test_a_note_with_a_name_and_no_content_is_a_vote() -> None:
    vote = {"type": "Note", "id": f"{FERN}#votes/1", "attributedTo": FERN, "name": "a", "to": HERE,
            "inReplyTo": "http://kenoma.test/objects/1"}

    found = read_vote(vote)

    assert found is not None
    assert (found.author, found.name, found.parent) == (FERN, "a", "http://kenoma.test/objects/1")
    assert read_vote(vote | {"content": "text"}) is None
    assert read_vote(vote | {"inReplyTo": None}) is None
    assert read_vote(note()) is None
    assert read_vote(None) is None


def test_an_author_is_read_from_any_shape_without_failing() -> None:
    shapes: list[Any] = [5, [], [[]], {}, [{"type": "Person"}]]

    assert [author_of({"attributedTo": each}) for each in shapes] == [None] * 5
