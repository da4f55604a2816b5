"""A package imports what answers a request when the first such request comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalice.app import Chalice

from chalicelib import contents
from chalicelib.contents import PackageContents
from chalicelib.web.auth import public
from chalicelib.web.door import Door
from chalicelib.web.endpoint import endpoint
from chalicelib.web.mounting import Mounting
from tests.edges import Sent, http_api, reply_of
from tests.web.calling import Site

ROUTES = {"/x/{id}": {"GET": "some", "POST": "others"}, "/y": {"GET": "some", "HEAD": "some"}}


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PackageContents of a package with two modules."""
    monkeypatch.setattr(contents, "FILE", tmp_path / "contents.json")
    contents.FILE.write_text(contents.text_of(PackageContents(ROUTES, {})))
    contents.packed.cache_clear()
    yield
    contents.packed.cache_clear()


class Package:
    """A door to two modules, which are not imported yet. `loaded`: which were, in turn."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        app = Chalice("packed", configure_logs=False)
        self._door = Door(app, Mounting(app, self._load))

    def _load(self, module: str) -> None:
        self.loaded.append(module)
        if module == "some":
            endpoint("GET", "/x/{id}", auth=public())(show)
            endpoint("GET", "/y", auth=public(), head=True)(front)
        if module == "others":
            endpoint("POST", "/x/{id}", auth=public())(change)

    def ask(self, method: str, path: str) -> tuple[int, str]:
        status, _, _, body = reply_of(self._door(http_api(Sent(method, path)), None))
        return status, str(json.loads(body or "null"))


def show(id: str) -> str:
    """Show."""
    return f"shown {id}"


def change(id: str) -> str:
    """Change."""
    return f"changed {id}"


def front() -> str:
    """Front."""
    return "front"


@pytest.fixture
def package(site: Site, packed: None) -> Package:
    return Package()


def test_nothing_is_imported_before_a_request_needs_it(package: Package) -> None:
    assert package.loaded == []


def test_a_request_brings_the_module_that_answers_it_and_no_other(package: Package) -> None:
    assert package.ask("GET", "/x/7") == (200, "shown 7")
    assert package.loaded == ["some"]


def test_another_method_of_the_path_may_be_in_another_module(package: Package) -> None:
    assert package.ask("POST", "/x/7") == (200, "changed 7")
    assert package.ask("GET", "/x/8") == (200, "shown 8")
    assert package.loaded == ["others", "some"]


def test_a_module_is_brought_once(package: Package) -> None:
    for path in ("/x/7", "/x/8", "/y"):
        assert package.ask("GET", path)[0] == 200
    assert package.loaded == ["some"]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("DELETE", "/x/7", 404), ("POST", "/y", 404), ("GET", "/z", 404), ("OPTIONS", "/x/7", 204),
])
def test_what_nothing_answers_brings_nothing(package: Package, method: str, path: str, status: int) -> None:
    assert package.ask(method, path)[0] == status
    assert package.loaded == []


def test_a_module_that_cannot_be_imported_is_an_error_of_the_api(site: Site, packed: None) -> None:
    def broken(module: str) -> None:
        raise ImportError(module)

    app = Chalice("broken", configure_logs=False)
    status, _, _, body = reply_of(Door(app, Mounting(app, broken))(http_api(Sent("GET", "/y")), None))

    assert (status, list(json.loads(body))) == (500, ["error"])


def test_a_checkout_mounts_everything_at_once(site: Site) -> None:
    asked: list[str] = []

    def load(module: str) -> None:
        asked.append(module)
        endpoint("GET", "/y", auth=public())(front)

    app = Chalice("checkout", configure_logs=False)
    Mounting(app, load)

    assert contents.packed() is None
    assert (asked, list(app.routes)) == ([""], ["/y"])
