"""ActivityStreams: accounts and statuses in the format that servers and archives share.

Everything that an account's archive holds is written here. Nothing here reads from the store. Addresses are the same as
in the API: an account is named by its `url`, a status or reblog by its `uri`.
"""

from __future__ import annotations

from collections.abc import Mapping
from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from ...ids import created_at, iso, uuid_of
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.statuses.statuses import Status, uri_of
from ...store.statuses.visibilities import LOCAL, PUBLIC, UNLISTED
from ..visibility import is_private

STREAMS = "https://www.w3.org/ns/activitystreams"
EVERYBODY = f"{STREAMS}#Public"
CONTEXT: list[Any] = [STREAMS, {
    "toot": "http://joinmastodon.org/ns#", "schema": "http://schema.org#",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers", "sensitive": "as:sensitive", "Hashtag": "as:Hashtag",
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"}, "discoverable": "toot:discoverable",
    "Emoji": "toot:Emoji", "votersCount": "toot:votersCount", "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
}]


# Accounts.


def person(account: Account) -> dict[str, Any]:
    """The public profile of an account."""
    profile = account.profile
    found: dict[str, Any] = {
        "@context": CONTEXT, "id": account.url, "type": account.actor_type, "url": account.url,
        "preferredUsername": account.username, "name": profile.get("display_name") or account.nickname,
        "summary": profile.get("note_html") or "", "inbox": f"{account.url}/inbox", "outbox": f"{account.url}/outbox",
        "followers": followers_of(account.url), "following": f"{account.url}/following",
        "featured": f"{account.url}/collections/featured", "published": account.created_at,
        "manuallyApprovesFollowers": bool(account.locked), "discoverable": bool(profile.get("discoverable")),
        "endpoints": {
            "sharedInbox": f"{settings.base_url}/inbox",
            "oauthAuthorizationEndpoint": f"{settings.base_url}/oauth/authorize",
            "oauthRegistrationEndpoint": f"{settings.base_url}/api/v1/apps",
            "oauthTokenEndpoint": f"{settings.base_url}/oauth/token",
        },
        "attachment": [{"type": "PropertyValue", "name": name, "value": html}
                       for name, _, html in profile.get("fields") or ()],
        "tag": _emojis(profile.get("emojis")),
    }
    if profile.get("also_known_as"):
        found["alsoKnownAs"] = profile["also_known_as"]
    for name, kept in (("icon", "avatar"), ("image", "header")):
        if profile.get(kept):
            found[name] = _picture(profile[kept])
    return found


def followers_of(account_url: str) -> str:
    return f"{account_url}/followers"


def _picture(path: str) -> dict[str, Any]:
    kind = guess_type(path)[0]
    url = settings.base_url + path if path.startswith("/") else path
    return {"type": "Image", "url": url, **({"mediaType": kind} if kind else {})}


def _emojis(used: Mapping[str, str] | None) -> list[dict[str, Any]]:
    found = []
    for shortcode, path in (used or {}).items():
        url = f"{settings.base_url}/emoji/{quote(path)}"
        found.append({"type": "Emoji", "id": url, "name": f":{shortcode}:", "icon": _picture(url)})
    return found


# Activities.


def creation(status: Status, author: Account) -> dict[str, Any]:
    """The activity of writing a status."""
    written = note(status, author)
    shared = {name: written[name] for name in ("actor", "published", "to", "cc", "context")}
    id = f"{settings.base_url}/activities/{uuid_of(status.id)}"
    return {"type": "Create", "id": id, **shared, "object": written}


def announcement(id: str, visibility: str, original: Status, author: Account, by: Account) -> dict[str, Any]:
    """The activity of reblogging a status, which is named by its uri.

    A private status of one's own is included whole, because nobody could look it up by its uri.
    """
    to, cc = _audience(visibility, followers_of(by.url), [author.url] if author.id != by.id else [])
    private = is_private(original.visibility) and original.account_id == by.id
    return {
        "type": "Announce", "id": uri_of(id), "actor": by.url,
        "published": created_at(id), "to": to, "cc": cc, "context": _context(original),
        "object": note(original, author) if private else original.uri,
    }


def _audience(visibility: str, followers: str, people: list[str]) -> tuple[list[str], list[str]]:
    """The fields `to` and `cc`: who is addressed, and who gets a copy."""
    everybody = {PUBLIC: EVERYBODY, LOCAL: f"{settings.base_url}/#Public"}.get(visibility)
    if everybody is not None:
        return [everybody, *people], [followers]
    return [followers, *people], {UNLISTED: [EVERYBODY]}.get(visibility, [])


def _context(status: Status) -> str:
    return f"{settings.base_url}/contexts/{uuid_of(status.thread)}"


# What was written.


def note(status: Status, author: Account) -> dict[str, Any]:
    """The whole status: a note, or a question if it has a poll."""
    content = status.content
    mentioned: dict[str, str] = dict(content.get("mentions", ()))
    people = [_url_of(mentioned[id]) for id in status.addressed if id in mentioned]
    to, cc = _audience(status.visibility, followers_of(author.url), people)
    found: dict[str, Any] = {
        "type": "Note", "id": status.uri, "url": status.url, "actor": author.url, "attributedTo": author.url,
        "context": _context(status), "conversation": _context(status), "published": status.created_at,
        "to": to, "cc": cc, "content": content.get("html", ""), "source": status.source,
        "summary": content.get("spoiler", ""), "sensitive": bool(status.sensitive),
        "attachment": [_document(each) for each in content.get("attachments", ())],
        "tag": [*(_mention(acct) for acct in mentioned.values()), *map(_hashtag, content.get("tags", ())),
                *_emojis(content.get("emojis"))],
    }
    if status.parent_id:
        found["inReplyTo"] = uri_of(status.parent_id)
    if content.get("poll"):
        found |= _question(content["poll"], status)
    return found


def _question(poll: Mapping[str, Any], status: Status) -> dict[str, Any]:
    counts = [int(count) for count in status.poll_counts or [0] * len(poll["options"])]
    options = [{"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": count}}
               for title, count in zip(poll["options"], counts, strict=True)]
    return {"type": "Question", "anyOf" if poll["multiple"] else "oneOf": options, "endTime": iso(poll["ends"]),
            "closed": iso(poll["ends"]), "votersCount": int(status.voters_count)}


def _document(kept: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "Document", "mediaType": kept["mime"], "url": f"{settings.base_url}/media/{kept['object']}",
            "name": kept["description"]}


def _url_of(acct: str) -> str:
    return f"{settings.base_url}/users/{acct}"


def _mention(acct: str) -> dict[str, Any]:
    return {"type": "Mention", "href": _url_of(acct), "name": f"@{acct}"}


def _hashtag(name: str) -> dict[str, Any]:
    return {"type": "Hashtag", "href": f"{settings.base_url}/tag/{quote(name)}", "name": f"#{name}"}
