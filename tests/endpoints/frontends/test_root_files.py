"""The files that robots, browsers and frontends ask for at the root."""

import io

import pytest
from PIL import Image

CHECKED_PATHS = ["/robots.txt", "/favicon.ico", "/favicon.png", "/apple-touch-icon.png", "/manifest.json",
                 "/manifest.webmanifest", "/static/config.json", "/instance/panel.html",
                 "/static/terms-of-service.html", "/static/privacy-policy.html"]


def test_robots_are_asked_to_leave_alone_what_is_no_page(anonymous):
    reply = anonymous.get("/robots.txt")

    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert reply.text.splitlines() == [
        "User-agent: *", "Disallow: /api/", "Disallow: /oauth/", "Disallow: /auth/", "Disallow: /account",
        "Disallow: /main/ostatus", "Disallow: /authorize_interaction", "Disallow: /ostatus_subscribe",
        "Disallow: /embed/", "Disallow: /media/backups/"]


def test_robots_may_be_asked_not_to_come_at_all(anonymous, setting):
    setting(robots="none")

    assert anonymous.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("path", "kind", "size"), [
    ("/favicon.ico", "image/x-icon", 32), ("/favicon.png", "image/png", 32),
    ("/apple-touch-icon.png", "image/png", 180),
])
def test_icons_are_pictures_of_their_size(anonymous, path, kind, size):
    reply = anonymous.get(path)

    assert (reply.status, reply.headers["content-type"]) == (200, kind)
    assert reply.headers["cache-control"] == "public, max-age=86400"
    assert Image.open(io.BytesIO(reply.data)).size == (size, size)


@pytest.mark.parametrize("path", ["/manifest.json", "/manifest.webmanifest"])
def test_the_manifest_says_what_the_server_is_called(anonymous, setting, path):
    setting(instance_name="Moths and Butterflies", instance_description="<b>Wings</b>")

    reply = anonymous.get(path)

    assert reply.headers["content-type"] == "application/manifest+json; charset=utf-8"
    assert reply.json == {
        "name": "Moths and Butterflies", "short_name": "Moths and Bu", "description": "Wings", "start_url": "/",
        "scope": "/", "display": "browser", "theme_color": "#fbfaf8", "background_color": "#fbfaf8",
        "share_target": {"action": "/account/write", "method": "GET", "params": {"text": "text", "url": "url"}},
        "icons": [{"src": f"/static/icon-{size}.png", "type": "image/png", "sizes": f"{size}x{size}",
                   "purpose": "any maskable"} for size in (192, 512)]}


def test_frontends_find_their_settings_at_both_addresses(anonymous):
    everything = anonymous.get("/api/pleroma/frontend_configurations").json

    assert anonymous.get("/static/config.json").json == everything["pleroma_fe"]


@pytest.mark.parametrize("path", ["/instance/panel.html", "/static/terms-of-service.html",
                                  "/static/privacy-policy.html"])
def test_documents_are_html_that_does_nothing(anonymous, path):
    reply = anonymous.get(path)

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "sandbox" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("path", [
    "/static/stickers.json", "/static/styles.json", "/static/styles/index.json", "/static/palettes/index.json",
    "/sw-pleroma.js", "/sw.js", "/instance/soapbox.json", "/instance/about/index.html",
])
def test_what_only_a_frontend_has_is_not_found_as_json(anonymous, path):
    reply = anonymous.get(path, headers={"Accept": "text/html,*/*;q=0.8"})

    assert (reply.status, reply.headers["content-type"]) == (404, "application/json; charset=utf-8")


@pytest.mark.parametrize("path", CHECKED_PATHS)
def test_none_reads_anything_and_each_has_a_head(anonymous, path):
    whole, head = anonymous.get(path), anonymous.request("HEAD", path)

    assert (head.status, head.body) == (200, "")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert whole.calls <= 1
