"""Documents that another server made to do harm: they are refused, or what is shown of them is harmless."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chalicelib.domain.federation.arriving import learn_account, learn_status
from chalicelib.domain.federation.reading.status import read_status
from chalicelib.domain.federation.reading.values import Unreadable
from tests.cast import Person
from tests.domain.federation.foreigners import FAR, actor, comes, mention, note, posts
from tests.domain.text.test_foreign import HOSTILE

HARM = re.compile(r"<(?!/?(?:a|p|b|br|span|i|div)\b)[a-z!]|javascript:|data:text|\son[a-z]+=", re.IGNORECASE)


def texts_in(shown: Any, name: str = "") -> list[tuple[str, str]]:
    """All texts of a reply, with the names under which they are."""
    if isinstance(shown, dict):
        return [each for key, value in shown.items() for each in texts_in(value, key)]
    if isinstance(shown, list):
        return [each for value in shown for each in texts_in(value, name)]
    return [(name, shown)] if isinstance(shown, str) else []


@pytest.mark.parametrize("html", HOSTILE)
def test_no_field_of_an_account_does_harm(html: str, alice: Person) -> None:
    """What is HTML is clean. Addresses are of the web. Other texts may have any characters: clients escape them."""
    field = {"type": "PropertyValue", "name": html, "value": html}
    emoji = {"type": "Emoji", "name": html, "icon": {"url": "javascript:alert(1)"}}
    fern = learn_account(actor() | {"name": html, "summary": html, "attachment": [field], "tag": [emoji],
                                           "url": "javascript:alert(1)", "icon": {"url": "data:text/html,x"}})

    shown = alice.get(f"/api/v1/accounts/{fern.id}").json

    assert not HARM.search(shown["note"])
    assert not any(HARM.search(each["value"]) for each in shown["fields"])
    assert not re.search("<script|<img|<svg|onerror", shown["display_name"] + shown["fields"][0]["name"])
    assert all(address.startswith(("http://kenoma.test/", "https://")) for address in (
        shown["url"], shown["avatar"], shown["header"]))
    assert shown["emojis"] == []


@pytest.mark.parametrize("html", HOSTILE)
def test_no_field_of_a_status_does_harm(html: str, alice: Person) -> None:
    picture = {"type": "Image", "url": f"{FAR}/1.png", "name": html}
    options = [{"type": "Note", "name": html + "x"}, {"type": "Note", "name": "y"}]
    status = posts(comes(), content=html, name=html, summary=html, attachment=[picture], oneOf=options,
                   url="javascript:alert(1)", contentMap={html: html}, type="Question",
                   tag=[{"type": "Hashtag", "name": html, "href": "javascript:x"}, mention("javascript:x", html)])

    shown = alice.get(f"/api/v1/statuses/{status.id}").json

    assert not HARM.search(shown["content"])
    plain = [shown["spoiler_text"], shown["media_attachments"][0]["description"],
             *(each["title"] for each in shown["poll"]["options"])]
    assert not any(re.search("<script|<img|<svg|<iframe", each) for each in plain)
    assert shown["url"] == f"{FAR}/notes/1"
    assert all("<" not in each["name"] and each["url"].startswith("/tag/") for each in shown["tags"])
    assert not [name for name, text in texts_in(shown) if name.endswith("url") and text.startswith(("java", "data:"))]


@pytest.mark.parametrize("said", [
    {"id": "http://kenoma.test/objects/00000000-0000-0000-0000-000000000001"},
    {"attributedTo": "http://kenoma.test/users/alice"}, {"id": "http://KENOMA.test/notes/1"},
    {"id": "https://other.example/notes/1"},
])
def test_what_poses_as_ours_or_as_anothers_is_refused(said: dict[str, Any], alice: Person) -> None:
    fern = comes()

    with pytest.raises(Unreadable):
        learn_status(read_status(note() | said), fern, placed=True)


def test_a_document_of_many_mentions_tags_and_pictures_is_cut(alice: Person) -> None:
    people = [mention(f"{FAR}/users/{number}") for number in range(1_000)]
    pictures = [{"type": "Image", "url": f"{FAR}/{number}.png"} for number in range(1_000)]
    tags = [{"type": "Hashtag", "name": f"#tag{number}"} for number in range(150)]
    status = posts(comes(), tag=[*tags, *people], attachment=pictures, to=[f"{FAR}/users/{n}" for n in range(5_000)])

    assert len(status.content["to_uris"]) <= 1_000
    assert len(alice.get(f"/api/v1/statuses/{status.id}").json["media_attachments"] if status.visibility == "public"
               else status.content["attachments"]) == 16


@pytest.mark.parametrize("value", [
    None, True, 5, 1e300, -1, "", " ", "\ud800", "a\0b", [], [[[[[[[[[["x"]]]]]]]]]], {}, {"id": {"id": {}}},
    ["x"] * 5_000, {"type": "Link", "href": {"href": {"href": {"href": "x"}}}},
])
def test_any_value_in_any_field_is_read_or_refused(value: Any) -> None:
    """Nothing but Unreadable is ever raised, and what is read can be stored."""
    fern = comes()
    for name in ("content", "summary", "name", "tag", "attachment", "to", "cc", "published", "updated", "inReplyTo",
                 "context", "url", "oneOf", "anyOf", "endTime", "closed", "votersCount", "source", "sensitive",
                 "contentMap", "icon", "image", "quoteUrl", "mediaType", "attributedTo", "type", "id", "@context"):
        try:
            found = read_status(note(name) | {name: value})
            json.dumps(learn_status(found, fern, placed=False).content).encode()
        except Unreadable:
            continue
    for name in actor():
        try:
            learn_account(actor("gorse") | {name: value})
        except Unreadable:
            continue
