"""What browsers get where a frontend is installed: its files and its index, and never what is the server's."""

import base64
import hashlib
import time

import pytest

from chalicelib.domain.frontends import serving
from chalicelib.store.frontends import installed
from chalicelib.web import fronting
from tests.endpoints.frontends.bundling import BROWSER, FILES, INDEX, chooses, installs, zipped

AS_ACTIVITY = {"Accept": "application/activity+json"}


@pytest.fixture
def tiny(admin):
    """A frontend that is installed and chosen."""
    installs(admin)
    chooses(admin)


def opens(person, path, **headers):
    return person.get(path, headers=BROWSER | headers)


def is_index(reply):
    return reply.status == 200 and "/app.0123abcd.js" in reply.text


# The index.


@pytest.mark.parametrize("path", ["/", "/main/public", "/main/friends", "/about", "/alice", "/login", "/registration",
                                  "/web", "/settings/profile", "/pleroma/admin/users"])
def test_browsers_get_the_index_wherever_nothing_else_answers(tiny, alice, anonymous, path):
    reply = opens(anonymous, path)

    assert is_index(reply)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "public, no-cache"
    assert reply.headers["content-security-policy"] == fronting.POLICY
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_index_has_the_title_of_the_instance(tiny, anonymous, setting):
    setting(instance_name='Moths & "Co"', instance_description="<b>Wings</b> <script>")

    text = opens(anonymous, "/").text

    assert text.startswith("<!DOCTYPE html><html><head><title>Moths &amp; &quot;Co&quot;</title>")
    assert "Tiny" not in text
    assert fronting.MARK not in text
    assert '<meta property="og:title" content="Moths &amp; &quot;Co&quot;">' in text
    assert '<meta name="description" content="Wings">' in text


@pytest.mark.parametrize(("index", "told"), [
    (b"<head><title>x</title></head><body>", "<head><title>y</title></head><body>"),
    (b"<p>", "<title>y</title><p>"),
    (b"<head><!--server-generated-meta--><meta></head>", "<head><title>y</title><meta></head>"),
])
def test_tags_stand_at_the_mark_or_at_the_end_of_the_head(index, told):
    assert fronting.with_head(index.decode(), "<title>y</title>") == told


def test_a_browser_that_has_the_index_gets_no_body(tiny, anonymous):
    tag = opens(anonymous, "/").headers["etag"]

    reply = opens(anonymous, "/", **{"If-None-Match": tag})

    assert (reply.status, reply.body) == (304, "")


def test_the_head_can_be_asked_for(tiny, anonymous):
    for path in ("/", "/app.0123abcd.js", "/favicon.png"):
        reply = anonymous.request("HEAD", path, headers=BROWSER)
        assert (reply.status, reply.body) == (200, "")


@pytest.mark.parametrize("path", ["/nothing.js", "/static/nothing.css", "/sw-pleroma.js", "/main/x.map"])
def test_what_looks_like_a_file_and_is_none_is_not_found_as_json(tiny, anonymous, path):
    reply = opens(anonymous, path)

    assert (reply.status, reply.json) == (404, {"error": "Not implemented"})


def test_who_takes_no_html_gets_no_index(tiny, anonymous):
    assert anonymous.get("/main/friends", headers={"Accept": "application/json"}).status == 404


# Files.


@pytest.mark.parametrize(("path", "kind", "caching"), [
    ("/app.0123abcd.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    ("/img/logo-abcdefgh.svg", "image/svg+xml; charset=utf-8", "public, max-age=31536000, immutable"),
    ("/style.css", "text/css; charset=utf-8", "public, max-age=300"),
    ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
    ("/static/config.json", "application/json; charset=utf-8", "no-cache"),
    ("/manifest.json", "application/json; charset=utf-8", "no-cache"),
    ("/favicon.png", "image/png", "public, max-age=300"),
])
def test_files_have_their_type_and_are_kept_as_their_name_says(tiny, anonymous, path, kind, caching):
    reply = anonymous.get(path)

    assert (reply.status, reply.data) == (200, FILES[path[1:]])
    assert (reply.headers["content-type"], reply.headers["cache-control"]) == (kind, caching)
    assert reply.headers["content-security-policy"] == fronting.POLICY
    unchanged = anonymous.get(path, headers={"If-None-Match": reply.headers["etag"]})
    assert (unchanged.status, unchanged.body) == (304, "")


@pytest.mark.parametrize(("name", "kind"), [
    ("a.wasm", "application/wasm"), ("a.webmanifest", "application/manifest+json; charset=utf-8"),
    ("a.woff2", "font/woff2"), ("a.js", "text/javascript; charset=utf-8"), ("a.what", "application/octet-stream"),
])
def test_types_follow_from_endings(admin, anonymous, name, kind):
    installs(admin, data=zipped({"index.html": b"", name: b"\xff\x00"}))
    chooses(admin)

    reply = anonymous.get(f"/{name}")

    assert (reply.headers["content-type"], reply.data) == (kind, b"\xff\x00")


def test_a_file_that_no_function_may_send_is_in_the_bucket(tiny, anonymous, monkeypatch):
    monkeypatch.setattr(fronting, "LARGEST", 5)

    reply = anonymous.get("/style.css?x=1")

    assert (reply.status, reply.headers["location"]) == (302, "/frontends/tiny/1/style.css")


# What is never a frontend's.


@pytest.mark.parametrize("path", [
    "/api/v1/instance", "/users/alice", "/users/alice/feed", "/users/alice/outbox", "/robots.txt", "/nodeinfo/2.0.json",
    "/.well-known/nodeinfo", "/tags/moths", "/oauth/authorize", "/main/ostatus", "/instance/panel.html",
    "/static/terms-of-service.html", "/static/privacy-policy.html", "/about/terms", "/about/privacy",
    "/akkoma/frontend", "/api/nothing", "/media/nothing.png", "/authorize_interaction",
])
def test_the_server_s_addresses_answer_as_without_a_frontend(admin, alice, anonymous, path):
    def ask():
        reply = opens(anonymous, path)
        return reply.status, reply.text, reply.headers.get("location"), reply.headers["content-security-policy"]

    before = ask()
    installs(admin, data=zipped({**FILES, path.lstrip("/"): b"not theirs"}))
    chooses(admin)

    assert ask() == before


@pytest.mark.parametrize("path", ["/users/{name}", "/notice/{id}", "/@{name}"])
def test_people_s_addresses_show_our_pages(tiny, alice, anonymous, path):
    reply = opens(anonymous, path.format(name="alice", id=alice.posts("hello")["id"]))

    assert reply.status in (200, 301, 302)
    assert not is_index(reply)


def test_other_servers_get_documents(tiny, alice, anonymous):
    status = alice.posts("hello")

    assert anonymous.get("/users/alice", headers=AS_ACTIVITY).json["id"] == "http://kenoma.test/users/alice"
    path = status["uri"].removeprefix("http://kenoma.test")
    assert anonymous.get(path, headers=AS_ACTIVITY).json["id"] == status["uri"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_reading_is_the_frontends(tiny, anonymous, method):
    assert anonymous.request(method, "/main/friends", headers=BROWSER).status == 405
    reply = anonymous.request(method, "/main/friends")

    assert (reply.status, reply.json) == (404, {"error": "Not implemented"})


# People's addresses in a frontend.


def test_people_s_addresses_may_be_given_to_the_frontend(tiny, alice, anonymous, setting):
    setting(frontend_paths="/users/, /notice/")
    status = alice.posts("hello")

    profile, notice = opens(anonymous, "/users/alice"), opens(anonymous, f"/notice/{status['id']}")

    assert is_index(profile)
    assert is_index(notice)
    assert "<title>alice" in profile.text.replace("\n", "")
    assert profile.headers["content-security-policy"] == fronting.POLICY
    assert not is_index(opens(anonymous, "/@alice"))


def test_there_too_what_is_not_there_is_not_found(tiny, bob, anonymous, drain, setting):
    setting(frontend_paths="/users/,/notice/")
    bob.post("/api/pleroma/delete_account", json={"password": "kenoma-local"})
    drain()

    replies = [opens(anonymous, path) for path in ("/users/nobody", "/users/bob", "/notice/nothing")]

    assert [reply.status for reply in replies] == [404, 410, 404]
    assert all("/app.0123abcd.js" in reply.text for reply in replies)


def test_there_too_other_servers_get_documents(tiny, alice, anonymous, setting):
    setting(frontend_paths="/users/")

    assert anonymous.get("/users/alice", headers=AS_ACTIVITY).json["type"] == "Person"
    assert opens(anonymous, "/users/alice/feed").headers["content-type"].startswith("application/atom+xml")


def test_scripts_of_the_index_itself_may_run_and_no_others(admin, anonymous):
    own = "window.it = {};\n"
    html = f"<head><title>x</title><script src=/a.js></script><SCRIPT>{own}</script><script></script></head>".encode()
    installs(admin, data=zipped({"index.html": html}))
    chooses(admin)

    policy = opens(anonymous, "/").headers["content-security-policy"]

    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}' 'wasm-unsafe-eval';" in policy
    assert policy.count("sha256-") == 1
    assert fronting.policy_of("<script>" * 50_000) == fronting.POLICY


# Settings.


def test_another_policy_may_be_set(tiny, anonymous, setting):
    setting(frontend_csp="default-src 'self'")

    assert opens(anonymous, "/").headers["content-security-policy"] == "default-src 'self'"


# Switching.


def test_open_tabs_find_the_files_of_the_frontend_before(tiny, admin, anonymous):
    installs(admin, "other", data=zipped({"index.html": b"other", "style.css": b"other"}))
    chooses(admin, "other")

    assert opens(anonymous, "/").text.endswith("other")
    assert anonymous.get("/style.css").text == "other"
    assert anonymous.get("/app.0123abcd.js").status == 200


def test_after_a_day_they_do_not(tiny, admin, anonymous):
    chooses(admin, None)
    row = installed.load()
    row.doc["before"]["primary"][2] = int(time.time()) - 1
    installed.save(row, row.doc, None)
    serving.forget()

    assert anonymous.get("/app.0123abcd.js").status == 404


def test_without_a_frontend_our_own_pages_are_back(tiny, admin, anonymous):
    chooses(admin, None)

    assert not is_index(opens(anonymous, "/"))
    assert opens(anonymous, "/main/friends").status == 404


@pytest.mark.parametrize("path", ["/web", "/login", "/registration", "/web/"])
def test_addresses_of_frontends_lead_home_where_there_is_none(anonymous, path):
    reply = opens(anonymous, path)

    assert (reply.status, reply.headers["location"]) == (302, "/")


def test_a_replaced_index_is_seen(tiny, admin, anonymous):
    installs(admin, data=zipped({"index.html": INDEX.replace(b"script", b"p")}))

    assert "<p src" in opens(anonymous, "/").text


# The frontend of administrators.


def test_administrators_have_a_frontend_of_their_own(tiny, admin, anonymous):
    installs(admin, "admin-fe", data=zipped({"index.html": b"admins", "static/app.js": b"theirs"}))
    chooses(admin, "admin-fe", part="admin")

    assert opens(anonymous, "/pleroma/admin/#/users").text.endswith("admins")
    assert opens(anonymous, "/pleroma/admin/users/1").text.endswith("admins")
    assert anonymous.get("/pleroma/admin/static/app.js").text == "theirs"
    assert is_index(opens(anonymous, "/"))


# What people prefer.


@pytest.fixture
def pickable(tiny, admin, setting):
    installs(admin, "other", data=zipped({"index.html": b"other", "own.js": b"own"}))
    setting(pickable_frontends="tiny/1 other/1")


PREFERRED = "/api/v1/akkoma/preferred_frontend"


def test_people_choose_one_of_what_is_offered(pickable, anonymous):
    assert anonymous.get(f"{PREFERRED}/available").json == ["tiny/1", "other/1"]

    reply = anonymous.put(PREFERRED, {"frontend_name": "other/1"})

    cookie = reply.headers["set-cookie"]
    assert reply.json == {"frontend_name": "other/1"}
    assert cookie == "preferred_frontend=other%2F1; Path=/; SameSite=Lax; Max-Age=31536000"
    shown = opens(anonymous, "/", Cookie=cookie.partition(";")[0])
    assert shown.text.endswith("other")
    assert "Cookie" in shown.headers["vary"]
    assert is_index(opens(anonymous, "/"))


@pytest.mark.parametrize("value", ["tiny/2", "other", "../other/1", "x", "%00", ""])
def test_a_cookie_that_names_nothing_that_is_offered_is_ignored(pickable, anonymous, value):
    assert is_index(opens(anonymous, "/", Cookie=f"preferred_frontend={value}"))


def test_what_is_not_offered_any_more_is_ignored(pickable, anonymous, setting):
    setting(pickable_frontends="tiny/1")

    assert is_index(opens(anonymous, "/", Cookie="preferred_frontend=other%2F1"))
    assert anonymous.put(PREFERRED, {"frontend_name": "other/1"}).status == 400


def test_a_file_of_what_is_offered_is_found_even_if_a_cache_kept_back_the_cookie(pickable, anonymous):
    assert anonymous.get("/own.js").text == "own"


def test_the_page_for_choosing(pickable, anonymous):
    page = anonymous.get("/akkoma/frontend")
    done = anonymous.post("/akkoma/frontend", form={"frontend": "other/1"})
    wrong = anonymous.post("/akkoma/frontend", form={"frontend": "<b>"})
    forged = anonymous.post("/akkoma/frontend", form={"frontend": "other/1"}, headers={"Origin": "https://other.example"})

    assert '<option value="other/1">other/1</option>' in page.text
    assert (done.status, done.headers["location"]) == (303, "/")
    assert done.headers["set-cookie"].startswith("preferred_frontend=other%2F1;")
    assert (wrong.status, forged.status) == (400, 403)
    assert "<b>" not in wrong.text


def test_none_is_offered_at_first(anonymous):
    assert anonymous.get(f"{PREFERRED}/available").json == []
    assert "one frontend only" in anonymous.get("/akkoma/frontend").text


# What it costs, and what may fail.


def test_each_process_looks_once_a_minute(tiny, anonymous, monkeypatch):
    looked = []
    glance = installed.glance

    def look():
        looked.append(1)
        return glance()

    monkeypatch.setattr(installed, "glance", look)
    serving.forget()

    for _ in range(3):
        opens(anonymous, "/")

    assert len(looked) == 1


def test_a_failure_to_look_keeps_what_was_known(tiny, anonymous, monkeypatch):
    def fail():
        raise OSError

    opens(anonymous, "/")
    monkeypatch.setattr(installed, "glance", fail)
    serving.forget()

    assert is_index(opens(anonymous, "/"))
