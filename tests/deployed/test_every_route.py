"""Every declared route is found from method and path alone, by whichever edge the request comes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from chalice.app import Chalice, Response

from app import app
from chalicelib.web.door import Door
from chalicelib.web.endpoint import DECLARED
from chalicelib.web.request import Request
from tests.cdn import FUNCTION_URL, forwarded
from tests.edges import Sent, function_url, http_api, local_stage, rest_api
from tests.simulated_aws import LocalAws

PARAMETER = re.compile(r"\{(\w+)\}")
PATHS = sorted({path for each in DECLARED for path in each.spellings})
ODD = "a.b λ+🔥@me:~" + "n" * 300
HARD = "a/b?c=50%#%2F"  # an HTTP API alone cannot hand this on
EDGES: dict[str, Callable[[Sent], dict[str, Any]]] = {
    "REST API": rest_api, "HTTP API": http_api, "CDN and HTTP API": lambda sent: http_api(forwarded(sent)),
    "CDN and function URL": lambda sent: function_url(forwarded(sent, FUNCTION_URL)), "local stage": local_stage,
}


@pytest.fixture(autouse=True)
def aws(whole_aws: LocalAws) -> LocalAws:
    """Nothing is written here, so nothing has to be emptied."""
    return whole_aws


@pytest.fixture(scope="module")
def door() -> Door:
    """An application with all routes of ours, whose replies tell what reached them."""
    telling = Chalice("telling", configure_logs=False)

    def tell(**values: str) -> Response:
        request = Request(telling.current_request, values)
        seen = [request.method, request.route, request.path_values]
        return Response("", headers={"X-Seen": json.dumps(seen), "Content-Type": "text/plain"})

    for number, path in enumerate(PATHS):
        for method in app.routes[path]:
            telling.route(path, methods=[method], name=f"tell{number}{method}", content_types=["*/*"])(tell)
    return Door(telling)


@pytest.mark.parametrize("way", EDGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_route_is_found(door: Door, path: str, way: str) -> None:
    names = PARAMETER.findall(path)
    values = [""] if not names else ["9xABC", ODD] if way == "HTTP API" else ["9xABC", ODD, HARD]
    for value in values:
        asked = PARAMETER.sub(quote(value, safe=""), path)
        for method in app.routes[path]:
            for spelling in {asked, asked.rstrip("/") + "/"}:
                answer = door(EDGES[way](Sent(method, spelling)), None)
                assert answer["statusCode"] == 200, (method, spelling)
                assert json.loads(answer["headers"]["X-Seen"]) == [method, path, dict.fromkeys(names, value)]


@pytest.mark.parametrize("way", EDGES)
@pytest.mark.parametrize("path", PATHS[1:])
def test_what_is_nearly_a_route_is_none(door: Door, path: str, way: str) -> None:
    asked = path.replace("{", "").replace("}", "")
    for spelling in ("/" + asked, asked + "//", asked + "/and/much/more/than/that/of/it"):
        assert door(EDGES[way](Sent("GET", spelling)), None)["statusCode"] == 404, spelling
    assert door(EDGES[way](Sent("TRACE", asked)), None)["statusCode"] == 404
