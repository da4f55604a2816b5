"""The instance, as clients ask for it when they start, and its documents, which they show beside it."""

from __future__ import annotations

from functools import lru_cache

from ... import entities
from ...domain.instance import about, features
from ...domain.instance.documents import TERMS
from ...domain.instance.rules import list_rules
from ...domain.refusals import NotFound
from ...entities.instance.activity import render_activity
from ...entities.instance.document import render_extended_description, render_terms_of_service
from ...entities.instance.instance import render_domain_blocks, render_instance
from ...entities.instance.language import render_languages
from ...entities.instance.newer_instance import render_newer_instance
from ...entities.instance.rule import render_rules
from ...web.auth import public
from ...web.endpoint import SINCE_MASTODON_4, endpoint
from ...web.replies import Html
from .. import modules
from . import documents as pages


@endpoint("GET", "/api/v1/instance", auth=public(), shared=60, deprecated=SINCE_MASTODON_4)
def show() -> entities.Instance:
    """What this server is and allows."""
    return render_instance(about.get_statistics(), render_rules(list_rules()), about.get_contact(),
                           features.list_features(served()))


@endpoint("GET", "/api/v2/instance", auth=public(), shared=60)
def show_newer() -> entities.NewerInstance:
    """The same in the newer form."""
    return render_newer_instance(render_rules(list_rules()), about.get_contact(), features.list_features(served()))


@endpoint("GET", "/api/v1/instance/extended_description", auth=public())
def extended_description() -> entities.ExtendedDescription:
    """What the instance says about itself at length: what stands beside the timelines."""
    return render_extended_description(*pages.dated("instance-panel"))


@endpoint("GET", "/api/v1/instance/terms_of_service", auth=public())
def terms() -> entities.TermsOfService:
    """The terms of service."""
    return render_terms_of_service(*pages.dated(TERMS))


@endpoint("GET", "/api/v1/instance/terms_of_service/{day}", auth=public(), refuses=(404,))
def terms_of(day: str) -> entities.TermsOfService:
    """The same, if they hold since this day. Nothing is kept of others."""
    shown = render_terms_of_service(*pages.dated(TERMS))
    if shown["effective_date"] != day:
        raise NotFound
    return shown


@endpoint("GET", "/api/v1/instance/activity", auth=public())
def activity() -> list[entities.WeekOfActivity]:
    """What was done here in each of the last twelve weeks, the present one first."""
    return [render_activity(week) for week in about.list_weeks()]


@endpoint("GET", "/api/v1/instance/languages", auth=public())
def languages() -> list[entities.Language]:
    """The languages that the server itself speaks."""
    return render_languages()


@endpoint("GET", "/api/v1/instance/translation_languages", auth=public())
def translation_languages() -> dict[str, list[str]]:
    """Into which languages each language is translated. There is no translator."""
    return {}


@endpoint("GET", "/api/v1/instance/domain_blocks", auth=public())
def domain_blocks() -> list[entities.DomainBlock]:
    """The other servers of which nothing, or less, is taken. Newer clients show them."""
    return render_domain_blocks()


@endpoint("GET", "/instance/panel.html", auth=public(), head=True, shared=60)
def panel() -> Html:
    """What the instance says beside the timelines, as HTML."""
    return pages.document("instance-panel")


@lru_cache(maxsize=1)
def served() -> frozenset[str]:
    """All routes, whether or not they are loaded."""
    return frozenset(f"{method} {path}" for path, methods in modules().items() for method in methods)
