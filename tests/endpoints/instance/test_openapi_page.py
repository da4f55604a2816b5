"""GET /api/openapi, as readers see it."""

from __future__ import annotations

import pytest

from chalicelib.pages import api
from tests.pages.reading import check, visit


def test_programs_get_the_document(anonymous):
    for accept in ("*/*", "application/json", "", "application/json, text/html;q=0.9"):
        assert anonymous.get("/api/openapi", headers={"Accept": accept}).json["openapi"].startswith("3."), accept


def test_browsers_get_the_subjects_and_what_each_has(anonymous):
    first = visit(anonymous, "/api/openapi")
    subject = visit(anonymous, "/api/openapi?subject=statuses")

    for page in (first, subject):
        check(page)
        assert page.meta("robots") == ["noindex"]
    assert "/api/openapi?subject=statuses" in first.addresses()
    assert "<code>POST /api/v1/statuses/{id}/favourite</code>" in subject.html
    assert "write:favourites" in subject.html
    assert 'id="shape-Status"' in subject.html


def test_every_operation_is_on_one_of_the_pages(anonymous):
    first = visit(anonymous, "/api/openapi")
    wanted = {f"{method.upper()} {path}" for path, methods in anonymous.get("/api/openapi").json["paths"].items()
              for method in methods}

    pages = [anonymous.get(each["href"], headers={"Accept": "text/html"}).text for each in first.all("a")
             if "?subject=" in each["href"]]

    assert {each for each in wanted if not any(f"<code>{each}</code>" in page for page in pages)} == set()


def test_an_unknown_subject_shows_them_all(anonymous):
    assert "What clients can ask of this server" in visit(anonymous, "/api/openapi?subject=<b>").html


@pytest.mark.parametrize(("schema", "words"), [
    ({"$ref": "#/components/schemas/Status"}, "Status"), ({"enum": ["a", "b"]}, "a or b"), ({}, "anything"),
    ({"type": "array", "items": {"type": "string"}}, "list of string"),
    ({"type": ["string", "null"]}, "string or null"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
])
def test_a_schema_is_told_in_words(schema, words):
    assert api.shape_of(schema) == words
