"""The documents of the instance: built in from the start, replaced by an administrator, and shown to everybody."""

import pytest

from chalicelib.domain.instance.documents import LONGEST

URL = "/api/pleroma/admin/instance_document"
PATHS = {"instance-panel": "/instance/panel.html", "terms-of-service": "/static/terms-of-service.html",
         "privacy-policy": "/static/privacy-policy.html"}
HTML = "text/html; charset=utf-8"
EACH = pytest.mark.parametrize(("name", "path"), PATHS.items())


def uploads(admin, name, data, filename="document.html", kind="text/html"):
    return admin.patch(f"{URL}/{name}", files={"file": (filename, data, kind)})


@EACH
def test_all_exist_from_the_start(admin, anonymous, setting, name, path):
    setting(instance_name="Moths & Co", instance_email="us@example.org")

    shown = anonymous.get(path)
    known = admin.get(f"{URL}/{name}")

    assert (shown.status, shown.headers["content-type"]) == (200, HTML)
    assert "Moths &amp; Co" in shown.text
    assert "us@example.org" in shown.text
    assert (known.status, known.headers["content-type"], known.text) == (200, HTML, shown.text)


@EACH
def test_an_uploaded_document_is_shown_to_everybody(admin, alice, anonymous, name, path):
    html = "<h1>Ночь</h1>\n<p>Be <b>kind</b>.</p>"
    before = {each: anonymous.get(each).text for each in PATHS.values()}

    reply = uploads(admin, name, html.encode())

    assert (reply.status, reply.json) == (200, {"url": f"http://kenoma.test{path}"})
    for person in (admin, alice, anonymous):
        shown = person.get(path)
        assert (shown.status, shown.headers["content-type"], shown.text) == (200, HTML, html)
    assert admin.get(f"{URL}/{name}").text == html
    assert [each for each in PATHS.values() if anonymous.get(each).text != before[each]] == [path]


def test_another_upload_replaces_it(admin, anonymous):
    uploads(admin, "instance-panel", b"<p>one</p>")
    uploads(admin, "instance-panel", b"\xef\xbb\xbf<p>two</p>", "x.bin", "application/octet-stream")

    assert anonymous.get("/instance/panel.html").text == "<p>two</p>"


@pytest.mark.parametrize(("data", "shown"), [(b"", ""), (b"caf\xe9", "caf\ufffd"), (b"a\0b", "a\0b")])
def test_whatever_was_uploaded_is_a_text(admin, anonymous, data, shown):
    assert uploads(admin, "instance-panel", data).status == 200

    assert anonymous.get("/instance/panel.html").text == shown


@EACH
def test_deleting_goes_back_to_the_built_in_one(admin, anonymous, name, path):
    before = anonymous.get(path).text
    uploads(admin, name, b"<p>one</p>")

    reply = admin.delete(f"{URL}/{name}")

    assert (reply.status, reply.json) == (200, {"url": f"http://kenoma.test{path}"})
    assert anonymous.get(path).text == admin.get(f"{URL}/{name}").text == before
    again = admin.delete(f"{URL}/{name}")
    assert (again.status, again.json) == (404, {"error": "Not found"})


@pytest.mark.parametrize("name", ["panel", "instance-panel.html", "..%2Finstance-panel", "Terms-of-Service"])
def test_there_are_no_others(admin, name):
    replies = [admin.get(f"{URL}/{name}"), uploads(admin, name, b"<p>"), admin.delete(f"{URL}/{name}")]

    assert [(reply.status, reply.json) for reply in replies] == [(404, {"error": "Not found"})] * 3


@pytest.mark.parametrize(("sent", "sentence"), [
    ({"json": {}}, "Missing field: file."), ({"form": {}}, "Missing field: file."),
    ({"form": {"file": "<p>"}}, "file - Invalid file. Got: string."),
])
def test_a_file_is_needed(admin, anonymous, sent, sentence):
    before = anonymous.get("/instance/panel.html").text

    reply = admin.patch(f"{URL}/instance-panel", **sent)

    assert (reply.status, reply.json["error"]) == (400, sentence)
    assert anonymous.get("/instance/panel.html").text == before


@pytest.mark.parametrize("data", [b"x" * (LONGEST + 1), b"\xe9" * LONGEST, b"\x01" * (LONGEST // 2)])
def test_a_document_that_has_no_room_is_refused(admin, anonymous, data):
    uploads(admin, "instance-panel", b"<p>one</p>")

    reply = uploads(admin, "instance-panel", data)

    assert (reply.status, reply.json) == (413, {"error": "Request body is too large"})
    assert anonymous.get("/instance/panel.html").text == "<p>one</p>"
    assert uploads(admin, "instance-panel", b"x" * LONGEST).status == 200


@pytest.mark.parametrize("asked", ["/instance/panel.html", f"{URL}/instance-panel"])
def test_no_script_of_a_document_works(admin, anonymous, asked):
    uploads(admin, "instance-panel", b"<script>alert(1)</script><form action=/oauth/revoke>")

    reply = admin.get(asked)

    policy = [each.strip() for each in reply.headers["content-security-policy"].split(";")]
    assert "default-src 'none'" in policy
    assert not any(each.startswith("script-src") for each in policy)
    assert "form-action 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"


def test_the_cdn_may_keep_them_for_a_minute(anonymous, alice):
    assert anonymous.get("/instance/panel.html").headers["cache-control"] == "public, max-age=0, s-maxage=60"
    assert alice.get("/static/terms-of-service.html").headers["cache-control"] == "no-store"
    assert anonymous.request("HEAD", "/instance/panel.html").status == 200


def test_a_private_instance_shows_them_too(anonymous, setting):
    setting(public=False)

    assert [anonymous.get(path).status for path in PATHS.values()] == [200] * 3


def test_each_needs_its_scope(cast):
    reader = cast.person("reader", is_admin=True, scopes="read write admin:read")
    writer = cast.person("writer", is_admin=True, scopes="read write admin:write")

    assert writer.get(f"{URL}/instance-panel").json == {"error": "Insufficient permissions: admin:read."}
    assert uploads(reader, "instance-panel", b"<p>").json == {"error": "Insufficient permissions: admin:write."}
    assert reader.delete(f"{URL}/instance-panel").json == {"error": "Insufficient permissions: admin:write."}


def test_a_document_costs_one_read(admin, anonymous):
    assert anonymous.get("/instance/panel.html").calls == 1
    assert uploads(admin, "instance-panel", b"<p>").calls == 2
    assert anonymous.get("/instance/panel.html").calls == 1
