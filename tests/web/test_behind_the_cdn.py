"""The caller's address when a CDN is in front of the gateway."""

from __future__ import annotations

import pytest
from chalice.app import Request as GatewayRequest

from chalicelib.web.request import Request

GATEWAY_SAW = "203.0.113.5"


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def address(**headers: str) -> str:
    event = {
        "headers": {name.replace("_", "-"): value for name, value in headers.items()}, "pathParameters": None,
        "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": False, "stageVariables": None,
        "requestContext": {"resourcePath": "/", "httpMethod": "GET", "identity": {"sourceIp": GATEWAY_SAW}},
    }
    return Request(GatewayRequest(event, None), {}).ip


def test_the_cdn_says_who_came_to_it(setting):
    setting(front_key="the key")

    assert address(x_kenoma_front="the key", x_forwarded_for="198.51.100.9, 130.176.0.1") == "198.51.100.9"


def test_what_a_caller_claims_before_that_is_not_believed(setting):
    setting(front_key="the key")

    told = "192.0.2.1, 192.0.2.2, 198.51.100.9, 130.176.0.1"
    assert address(x_kenoma_front="the key", x_forwarded_for=told) == "198.51.100.9"


@pytest.mark.parametrize("shown", ["another key", "", "the kéy", "the key "])
def test_who_does_not_come_through_it_has_the_address_that_the_gateway_saw(setting, shown):
    setting(front_key="the key")

    assert address(x_kenoma_front=shown, x_forwarded_for="198.51.100.9, 130.176.0.1") == GATEWAY_SAW


def test_the_cdns_own_function_says_it_best(setting):
    setting(front_key="the key")

    told = {"x_kenoma_client": "198.51.100.7", "x_forwarded_for": "198.51.100.9, 130.176.0.1"}
    assert address(x_kenoma_front="the key", **told) == "198.51.100.7"
    assert address(x_kenoma_front="a guess", **told) == GATEWAY_SAW


def test_without_a_cdn_nobody_is_believed(setting):
    setting(front_key="")

    assert address(x_kenoma_front="", x_forwarded_for="198.51.100.9, 130.176.0.1") == GATEWAY_SAW


@pytest.mark.parametrize("told", ["", ",", "130.176.0.1"])
def test_too_few_addresses_are_none(setting, told):
    setting(front_key="the key")

    assert address(x_kenoma_front="the key", x_forwarded_for=told) == GATEWAY_SAW
