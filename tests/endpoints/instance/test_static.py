"""The files that pages load."""

from __future__ import annotations

from chalicelib.pages import asset


def test_the_stylesheet_is_kept_for_ever(anonymous):
    reply = anonymous.get(asset("style.css"))

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "--ground: #fbfaf8" in reply.text


def test_a_page_that_was_kept_over_an_upgrade_still_finds_a_stylesheet(anonymous):
    reply = anonymous.get("/static/style.0123456789ab.css")

    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=60"


def test_other_files_are_not_there(anonymous):
    for name in ("style.css", "other.0123456789ab.css", "engine.py", "%2e%2e", "stickers.json"):
        reply = anonymous.get(f"/static/{name}")

        assert (reply.status, reply.json) == (404, {"error": "Not implemented"}), name
