"""Which form of a reply the header `Accept` prefers."""

import pytest

from chalicelib.web.accepting import form_wanted, preferred

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


@pytest.mark.parametrize(("header", "form"), [
    ("application/activity+json", "activity"), ("application/activity+json, application/ld+json", "activity"),
    ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "activity"),
    ("application/ld+json;profile=https://www.w3.org/ns/activitystreams", "activity"),
    ('application/ld+json; profile="https://www.w3.org/ns/activitystreams https://far.example/x"', "activity"),
    ('application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", '
     "text/html;q=0.1", "activity"),
    ("text/html;q=0.9, application/activity+json", "activity"), ("application/ld+json", "activity"),
    ("application/activity+json;charset=utf-8", "activity"), ("Application/Activity+JSON", "activity"),
    ("application/json", "json"), ("application/json, text/plain, */*", "json"),
    ("", "html"), ("*/*", "html"), ("text/html", "html"), ("application/*", "html"), ("image/png", "html"),
    ("text/html, application/activity+json", "html"), ("application/activity+json;q=0", "html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
    ("application/activity+json;q=0.5, text/html", "html"), ("application/jrd+json", "html"),
    ("application/atom+xml", "atom"), ("application/rss+xml, */*;q=0.1", "rss"),
    ("text/html, application/atom+xml", "html"),
])
def test_the_form_that_is_liked_best(header, form):
    assert form_wanted(header) == form
