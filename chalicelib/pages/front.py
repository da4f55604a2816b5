"""The front page and the page about this server: what it says about itself, what is new, and how to get in.

Naming a client is a promise: those in CHECKED sign in, post and read in our own tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .. import entities
from ..domain.instance import about as facts
from ..domain.instance import features, rules
from ..domain.text.plain import cut, one_line
from ..domain.text.sanitise import clean
from ..settings import settings
from . import heads
from .engine import rendered
from .visits import Visit

CHECKED = "toot (for the terminal) and Mastodon.py (for programs of your own)"


def front(newest: Sequence[entities.Status] | None, staff: Sequence[entities.Account], *, visit: Visit) -> str:
    """`newest`: public statuses of this server; None: they are not shown to this reader."""
    description = _description(settings.instance_description)
    return rendered("instance/front.html", visit=visit, head=_head("Welcome", "/"), description=description,
                    rules=rules.list_rules(), signing_up=_signing_up(), checked=CHECKED, newest=newest, staff=staff,
                    statistics=facts.get_statistics(), elsewhere=_elsewhere())


def about(staff: Sequence[entities.Account], *, visit: Visit) -> str:
    return rendered("instance/about.html", visit=visit, head=_head("About", "/about"), staff=staff, limits=_limits(),
                    description=_description(settings.instance_description), rules=rules.list_rules(),
                    statistics=facts.get_statistics(), announced=features.ANNOUNCED, elsewhere=_elsewhere())


def document(title: str, html: str, path: str, *, visit: Visit) -> str:
    """`html`: safe, and without a main heading."""
    return rendered("instance/document.html", visit=visit, head=_head(title, path), document=html)


def _head(title: str, path: str) -> heads.Head:
    told = cut(one_line(_description(settings.instance_description)), heads.TEXT)
    return heads.plain(title, description=told or settings.instance_name, path=path)


def _elsewhere() -> str:
    """Whether there are people of other servers to follow."""
    if settings.federating:
        return "People here and on other servers of the Fediverse can follow one another."
    return "This server does not exchange statuses with other servers."


@lru_cache(maxsize=2)
def _description(html: str) -> str:
    """The only setting that may have HTML: as much of it as a status."""
    return clean(html)


def _limits() -> list[tuple[str, str]]:
    return [
        ("A status", f"{settings.limit:,} characters, {facts.MAX_ATTACHMENTS} files, or a poll of "
                     f"{settings.poll_max_options} options"),
        ("A file", _megabytes(settings.upload_limit)),
        ("An avatar, a header", f"{_megabytes(settings.avatar_upload_limit)}, "
                                f"{_megabytes(settings.banner_upload_limit)}"),
    ]


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"


def _signing_up() -> list[str]:
    if not settings.registrations_open:
        return ["Registrations are closed: a new account needs an invite."]
    told = ["Anybody may sign up, here or by an app."]
    if settings.account_activation_required:
        told.append("A letter is sent to your e-mail address; the account opens with the link in it.")
    if settings.account_approval_required:
        told.append("An administrator looks at every new account before it opens. Say why you would like "
                    "to join.")
    return told
