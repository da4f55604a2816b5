"""The context of all documents, and who is everybody.

The context is written out in every document, because some servers resolve only those contexts that they ship. It says
no language: readers of JSON-LD would make objects of all texts by it, even of keys.
"""

from __future__ import annotations

from typing import Any

STREAMS = "https://www.w3.org/ns/activitystreams"
EVERYBODY = f"{STREAMS}#Public"
ACTIVITY_JSON = "application/activity+json"
_ID = "@id"
_OF_ADDRESSES = {"@type": _ID}
CONTEXT: list[Any] = [STREAMS, "https://w3id.org/security/v1", {
    "Emoji": "toot:Emoji", "Hashtag": "as:Hashtag", "PropertyValue": "schema:PropertyValue", "value": "schema:value",
    "EmojiReact": "litepub:EmojiReact", "ChatMessage": "litepub:ChatMessage", "capabilities": "litepub:capabilities",
    "acceptsChatMessages": "litepub:acceptsChatMessages", "invisible": "litepub:invisible",
    "directMessage": "litepub:directMessage", "conversation": {_ID: "ostatus:conversation", **_OF_ADDRESSES},
    "alsoKnownAs": {_ID: "as:alsoKnownAs", **_OF_ADDRESSES}, "movedTo": {_ID: "as:movedTo", **_OF_ADDRESSES},
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers", "sensitive": "as:sensitive",
    "featured": {_ID: "toot:featured", **_OF_ADDRESSES}, "discoverable": "toot:discoverable",
    "indexable": "toot:indexable", "memorial": "toot:memorial", "suspended": "toot:suspended",
    "attributionDomains": {_ID: "toot:attributionDomains", **_OF_ADDRESSES}, "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", _ID: "toot:focalPoint"}, "votersCount": "toot:votersCount",
    "quoteUrl": "as:quoteUrl", "_misskey_quote": "misskey:_misskey_quote", "quoteUri": "http://fedibird.com/ns#quoteUri",
    "quote": {_ID: "fep044f:quote", **_OF_ADDRESSES}, "QuoteRequest": "fep044f:QuoteRequest",
    "QuoteAuthorization": "fep044f:QuoteAuthorization",
    "quoteAuthorization": {_ID: "fep044f:quoteAuthorization", **_OF_ADDRESSES},
    "interactingObject": {_ID: "gts:interactingObject", **_OF_ADDRESSES},
    "interactionTarget": {_ID: "gts:interactionTarget", **_OF_ADDRESSES},
    "interactionPolicy": {_ID: "gts:interactionPolicy", **_OF_ADDRESSES},
    "canQuote": {_ID: "gts:canQuote", **_OF_ADDRESSES},
    "automaticApproval": {_ID: "gts:automaticApproval", **_OF_ADDRESSES},
    "manualApproval": {_ID: "gts:manualApproval", **_OF_ADDRESSES},
    "_misskey_reaction": "misskey:_misskey_reaction",
    "webfinger": {_ID: "https://purl.archive.org/socialweb/webfinger#webfinger"},
    "toot": "http://joinmastodon.org/ns#", "schema": "http://schema.org#", "ostatus": "http://ostatus.org#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "litepub": "http://litepub.social/ns#", "misskey": "https://misskey-hub.net/ns#",
    "fep044f": "https://w3id.org/fep/044f#", "gts": "https://gotosocial.org/ns#",
}]

Document = dict[str, Any]


def whole(document: Document) -> Document:
    """A document that stands by itself. Only the outermost has the context."""
    return {"@context": CONTEXT, **document}
