"""Mounting on Chalice: every declared endpoint becomes a route, and the edge goes around all of them."""

from __future__ import annotations

from chalice.app import Chalice

from . import edge, endpoint


def mount(app: Chalice) -> None:
    """Register every declared endpoint on the Chalice app, and the edge around the paths that are not declared."""
    edge.surround(app)
    for declared in endpoint.DECLARED:
        for path in (declared.path, *declared.also):
            for method in (declared.method, "HEAD") if declared.head else (declared.method,):
                app.route(path, methods=[method], name=endpoint.name_of(method, path), content_types=["*/*"],
                          cors=edge.PREFLIGHT)(edge.view_of(declared, app))
