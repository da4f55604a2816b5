"""Mounting on Chalice: every declared endpoint becomes a route, in a package with the first request for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalice.app import Chalice

from .. import contents
from . import edge, endpoint


class Mounting:
    """The routes of an application, with the edge around them. `load` imports a module of endpoints, or all of them.

    A checkout mounts everything at once. A package knows from its contents which module has a route.
    """

    def __init__(self, app: Chalice, load: Callable[[str], None]) -> None:
        edge.surround(app)
        self._app, self._load = app, load
        packed = contents.packed()
        if packed is None:
            load("")
            mount(app)
        self.routes: Mapping[str, Mapping[str, object]] = app.routes if packed is None else packed.routes

    def prepare(self, route: str, method: str) -> None:
        """Mount what answers this method of a route, unless it is there."""
        if method not in self._app.routes.get(route, ()):
            self._load(str(self.routes[route][method]))
            mount(self._app)


def mount(app: Chalice) -> None:
    """Register every declared endpoint on the Chalice app that is not there yet."""
    for declared in endpoint.DECLARED:
        for path, method in declared.routes:
            if method not in app.routes.get(path, ()):
                app.route(path, methods=[method], name=endpoint.name_of(method, path), content_types=["*/*"],
                          cors=edge.PREFLIGHT)(edge.view_of(declared, app))
