"""The instance, as clients ask for it when they start."""

from __future__ import annotations

from functools import lru_cache

from ... import entities
from ...domain.instance import about
from ...entities.instance.instance import render_instance
from ...web.auth import public
from ...web.endpoint import DECLARED, endpoint


@endpoint("GET", "/api/v1/instance", auth=public(), shared=60)
def show() -> entities.Instance:
    """What this server is and allows."""
    return render_instance(about.get_statistics(), about.list_features(served()))


@endpoint("GET", "/api/v1/instance/peers", auth=public())
def peers() -> list[str]:
    """The other servers that this one knows: none."""
    return []


@lru_cache(maxsize=1)
def served() -> frozenset[str]:
    """All declared routes, once every module is loaded."""
    return frozenset(f"{each.method} {each.path}" for each in DECLARED)
