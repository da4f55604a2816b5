"""Which form of a reply the header `Accept` prefers."""

import pytest

from chalicelib.web.accepting import preferred

OFFERED = ("application/json", "application/xrd+xml", "text/xml")


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.mark.parametrize(("header", "expected"), [
    ("", "application/json"), ("*/*", "application/json"), (" , ", "application/json"),
    ("application/json", "application/json"), ("APPLICATION/JSON; charset=utf-8", "application/json"),
    ("application/xrd+xml", "application/xrd+xml"), ("text/*", "text/xml"), ("application/*", "application/json"),
    ("text/xml, application/json", "text/xml"), ("text/xml;q=0.5, application/json;q=0.9", "application/json"),
    ("text/html,application/xhtml+xml,text/xml;q=0.9,*/*;q=0.8", "text/xml"), ("text/html, */*;q=0.1",
                                                                              "application/json"),
    ("text/xml;q=nonsense", "text/xml"), ("text/xml;q=nan", None), ("text/xml;q=0", None), ("text/html", None),
    ("x" * 1000, None), ("/", None),
])
def test_the_best_of_what_is_offered(header, expected):
    assert preferred(header, OFFERED) == expected
