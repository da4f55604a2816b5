"""What can be pressed under a status. Whether it is allowed, the domain decides when it is pressed."""

from __future__ import annotations

from typing import NamedTuple

from .. import entities

OFFERED = ("👍", "❤️", "😂", "🎉", "😮", "😢", "😡", "🤔")
"""The emoji that are offered for a reaction. Any other can be typed."""
FOR_EVERYBODY = ("public", "unlisted", "local")


class Button(NamedTuple):
    """`word`: what it does. `rest`: the rest of its name, for those who do not see where it stands."""

    act: str
    word: str
    rest: str = ""


class Buttons(NamedTuple):
    """`first`: always seen. `more`: seen when asked for."""

    first: list[Button]
    more: list[Button]


def acts_on(status: entities.Status, me: entities.Account) -> Buttons:
    """What this person may want to do with a status."""
    author = status["account"]
    post = f"post by {author['display_name'] or author['username']}"
    is_own, visibility = author["id"] == me["id"], status["visibility"]
    first = [_either(status["favourited"], Button("favourite", "Favourite", post),
                     Button("unfavourite", "Unfavourite", post))]
    if visibility in FOR_EVERYBODY or (is_own and visibility == "private"):
        first.append(_either(status["reblogged"], Button("reblog", "Reblog", post),
                             Button("unreblog", "Take reblog back", f"of {post}")))
    first.append(_either(status["bookmarked"], Button("bookmark", "Bookmark", post),
                         Button("unbookmark", "Remove bookmark", f"of {post}")))
    more = [_either(status["muted"], Button("mute", "Mute thread", f"of {post}"),
                    Button("unmute", "Unmute thread", f"of {post}"))]
    if is_own and visibility in FOR_EVERYBODY:
        more.append(_either(status["pinned"], Button("pin", "Pin", post), Button("unpin", "Unpin", post)))
    if is_own:
        more.append(Button("delete", "Delete", post))
    return Buttons(first, more)


def _either(is_done: bool, act: Button, back: Button) -> Button:
    return back if is_done else act
