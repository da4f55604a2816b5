"""The instance, as clients ask for it when they start, and its documents, which they show beside it."""

from __future__ import annotations

from functools import lru_cache

from ... import entities
from ...domain.instance import about
from ...entities.instance.instance import render_domain_blocks, render_instance
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Html
from .. import modules
from ..pages import documents as pages


@endpoint("GET", "/api/v1/instance", auth=public(), shared=60)
def show() -> entities.Instance:
    """What this server is and allows."""
    return render_instance(about.get_statistics(), about.list_features(served()))


@endpoint("GET", "/api/v1/instance/peers", auth=public())
def peers() -> list[str]:
    """The other servers of which this one knows accounts."""
    return about.list_peers()


@endpoint("GET", "/api/v1/instance/domain_blocks", auth=public())
def domain_blocks() -> list[entities.DomainBlock]:
    """The other servers of which nothing, or less, is taken. Newer clients show them."""
    return render_domain_blocks()


@endpoint("GET", "/instance/panel.html", auth=public(), head=True, shared=60)
def panel() -> Html:
    """What the instance says beside the timelines, as HTML."""
    return pages.document("instance-panel")


@endpoint("GET", "/static/terms-of-service.html", auth=public(), head=True, shared=60)
def terms_of_service() -> Html:
    """The terms of service, as HTML."""
    return pages.document("terms-of-service")


@lru_cache(maxsize=1)
def served() -> frozenset[str]:
    """All routes, whether or not they are loaded."""
    return frozenset(f"{method} {path}" for path, methods in modules().items() for method in methods)
