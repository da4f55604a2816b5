"""Actors: accounts as other servers see them, and the server itself as one of them.

A key has an `owner`, and an id that begins with the owner's: several servers drop a key without that.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from ....ids import created_at
from ....settings import settings
from ....store.accounts.accounts import Account
from .. import addresses
from .audience import followers_of
from .context import Document, whole

PERSON, SERVICE, APPLICATION = "Person", "Service", "Application"
_KINDS = {"jpg": "jpeg", "svg": "svg+xml"}


def actor(account: Account, public_key: str | None) -> Document:
    """The whole profile of an account. `public_key`: in PEM; without it the document has none."""
    profile, url = account.profile, account.uri
    found: Document = {
        "id": url, "type": type_of(account),
        "preferredUsername": account.username, "name": profile.get("display_name") or account.username,
        "summary": profile.get("note_html") or "", "url": url,
        "inbox": inbox_of(url), "outbox": f"{url}/outbox", "followers": followers_of(account),
        "following": f"{url}/following", "featured": featured_of(account),
        "endpoints": {"sharedInbox": addresses.shared_inbox()}, **_key(url, public_key),
        "manuallyApprovesFollowers": bool(account.locked), "discoverable": bool(profile.get("discoverable")),
        "indexable": bool(profile.get("indexable")), "published": f"{created_at(account.id)[:10]}T00:00:00Z",
        "webfinger": f"{account.username}@{settings.host}",
        "capabilities": {"acceptsChatMessages": bool(profile.get("accepts_chat_messages", True))},
        "attachment": [{"type": "PropertyValue", "name": name, "value": html}
                       for name, _, html in profile.get("fields") or ()],
        "tag": emojis(profile.get("emojis")),
    }
    if profile.get("also_known_as"):
        found["alsoKnownAs"] = list(profile["also_known_as"])
    if profile.get("moved"):
        found["movedTo"] = profile["moved"]["uri"]
    for name, kept in (("icon", "avatar"), ("image", "header")):
        if profile.get(kept):
            found[name] = picture(profile[kept], profile.get(f"{kept}_description"))
    if profile.get("attribution_domains"):
        found["attributionDomains"] = list(profile["attribution_domains"])
    if profile.get("birthday") and profile.get("show_birthday"):
        found["vcard:bday"] = profile["birthday"]
    return whole(found)


def type_of(account: Account) -> str:
    """A bot is a service. Only the server itself is an application."""
    return SERVICE if account.actor_type in (SERVICE, APPLICATION) else PERSON


def outline(account: Account, public_key: str | None) -> Document:
    """What everybody may know of an account: enough to verify a signature of it."""
    return whole({
        "id": account.uri, "type": type_of(account),
        "preferredUsername": account.username, "inbox": inbox_of(account.uri), **_key(account.uri, public_key),
    })


def server_actor(public_key: str | None) -> Document:
    """The server itself. It fetches what others have, and follows nobody."""
    id = addresses.of_server_actor()
    return whole({
        "id": id, "type": APPLICATION, "preferredUsername": addresses.SERVER_NAME, "name": settings.instance_name,
        "summary": "The server itself. It asks for what its people want to see.",
        "inbox": inbox_of(id), "endpoints": {"sharedInbox": addresses.shared_inbox()}, **_key(id, public_key),
        "invisible": True, "manuallyApprovesFollowers": True,
    })


def inbox_of(actor_id: str) -> str:
    return f"{actor_id}/inbox"


def featured_of(account: Account) -> str:
    return f"{account.uri}/collections/featured"


def _key(owner: str, public_key: str | None) -> Document:
    if public_key is None:
        return {}
    return {"publicKey": {"id": f"{owner}#main-key", "owner": owner, "publicKeyPem": public_key}}


def picture(path: str, description: str | None = None) -> Document:
    """A picture. Its media type is always told, by the end of its name. `description`: what it shows."""
    ending = path.rpartition(".")[2].lower()
    url = settings.base_url + path if path.startswith("/") else path
    named = {"name": description} if description else {}
    return {"type": "Image", "mediaType": f"image/{_KINDS.get(ending, ending)}", "url": url, **named}


def emojis(used: Mapping[str, str] | None) -> list[Document]:
    """The custom emoji of a text, as tags."""
    found = []
    for shortcode, path in (used or {}).items():
        url = f"{settings.base_url}/emoji/{quote(path)}"
        found.append({"type": "Emoji", "id": url, "name": f":{shortcode}:", "icon": picture(url)})
    return found
