"""GET and HEAD /: the front page."""

import pytest

from chalicelib.domain.instance import about
from tests.pages.reading import check, visit


def test_it_says_what_this_server_is(anonymous, alice, setting):
    setting(instance_name="Moths & Co", instance_description="A place for <b>moths</b>.",
            instance_email="us@example.org")

    reply = anonymous.get("/")

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Welcome – Moths &amp; Co</title>" in reply.text
    assert '<h1 dir="auto">Moths &amp; Co</h1>' in reply.text
    assert "A place for <b>moths</b>." in reply.text
    assert "1 account, 0 statuses." in reply.text
    assert 'href="mailto:us@example.org"' in reply.text


def test_numbers_are_of_this_minute(anonymous, alice, bob, drain):
    alice.posts("hello")
    drain()
    about.forget()

    assert "2 accounts, 1 status." in anonymous.get("/").text


def test_rules_are_listed_line_by_line(anonymous, setting):
    setting(instance_rules="Be kind.\r\n\n  No <b>shouting</b>. \n")

    text = anonymous.get("/").text

    assert '<h2 id="rules">Rules</h2>' in text
    assert "<li>Be kind.</li>\n" in text
    assert "<li>No &lt;b&gt;shouting&lt;/b&gt;.</li>" in text


@pytest.mark.parametrize("rules", ["", " \n\n "])
def test_without_rules_there_is_no_such_part(anonymous, setting, rules):
    setting(instance_rules=rules)

    assert "Rules</h2>" not in anonymous.get("/").text


@pytest.mark.parametrize(("settings", "told", "untold"), [
    ({}, ["Anybody may sign up"], ["invite", "letter", "administrator"]),
    ({"account_approval_required": True}, ["Anybody may sign up", "An administrator looks at"], ["letter"]),
    ({"account_activation_required": True}, ["Anybody may sign up", "A letter is sent"], ["administrator"]),
    ({"registrations_open": False}, ["Registrations are closed", "invite"], ["Anybody"]),
])
def test_it_tells_how_to_sign_up(anonymous, setting, settings, told, untold):
    setting(**settings)

    text = anonymous.get("/").text

    assert all(words in text for words in told)
    assert not any(words in text for words in untold)
    assert 'href="/account/sign-up"' in text


def test_it_tells_how_to_connect_a_client(anonymous, setting):
    setting(base_url="https://moths.example")

    text = anonymous.get("/").text

    assert "<code>moths.example</code>" in text
    assert "toot login --instance https://moths.example" in text
    assert "Mastodon.py" in text


def test_every_link_of_it_leads_somewhere(anonymous):
    text = anonymous.get("/").text

    links = [part.partition('"')[0] for part in text.split('href="')[1:]]
    assert "/api/openapi" in links
    assert {link: anonymous.get(link).status for link in ("/api/openapi", "/about", "/main/public", "/manifest.json")
            if link in links} == dict.fromkeys(("/api/openapi", "/about", "/main/public", "/manifest.json"), 200)


def test_it_may_be_kept_for_a_minute_and_signs_nobody_in(anonymous, alice):
    for reader, kept in ((anonymous, "public, max-age=60"), (alice, "no-store")):
        reply = reader.get("/")

        assert reply.headers["cache-control"] == kept
        assert reply.headers["vary"] == "Accept, Cookie, Accept-Encoding"
        assert "set-cookie" not in reply.headers


def test_who_is_signed_in_is_led_home(alice):
    reply = alice.get("/")

    assert (reply.status, reply.headers["location"]) == (302, "/account/home")


def test_it_is_shown_on_a_private_instance_too(anonymous, setting):
    setting(public=False)

    assert anonymous.get("/").status == 200


def test_its_head_can_be_asked_for(anonymous):
    reply = anonymous.request("HEAD", "/")

    assert (reply.status, reply.text) == (200, "")
    assert reply.headers["cache-control"] == "public, max-age=60"


def test_search_engines_may_list_it_and_no_other_page(anonymous):
    assert 'name="robots" content="index, follow"' in anonymous.get("/").text
    assert 'name="robots" content="noindex"' in anonymous.get("/oauth/authorize").text


def test_what_it_costs(anonymous):
    """Each process reads the numbers and the staff once a minute, and what is new each time."""
    assert [anonymous.get("/").calls for _ in range(2)] == [3, 1]


def test_it_shows_what_is_new_and_who_runs_it(anonymous, admin, alice, setting):
    admin.patch("/api/v1/accounts/update_credentials", json={"display_name": "The one"})
    ids = [alice.posts(f"{number}")["id"] for number in range(6)]
    alice.posts("hidden", visibility="unlisted")
    about.forget()

    page = visit(anonymous, "/")

    check(page)
    assert page.articles == ids[:0:-1]
    assert "The one" in page.html
    setting(restrict_timelines=True, restrict_profiles=True)
    closed = visit(anonymous, "/")
    assert closed.articles == []
    assert "shown to members only" in closed.html
    assert "The one" not in closed.html


def test_who_hides_a_role_is_not_named(anonymous, admin):
    admin.patch("/api/v1/accounts/update_credentials", json={"show_role": False})
    about.forget()

    assert f"/users/{admin.nickname}" not in visit(anonymous, "/about").html


def test_there_is_a_page_about_the_server(anonymous, admin, setting):
    setting(instance_rules="Be kind.", instance_description="A place for <b>moths</b>.")
    about.forget()

    page = visit(anonymous, "/about")

    check(page)
    assert "A place for <b>moths</b>." in page.html
    assert f'href="http://kenoma.test/users/{admin.nickname}"' in page.html
    assert '<h2 id="rules">Rules</h2>' in page.html
    assert "<li>Be kind.</li>" in page.html
    assert "5,000 characters" in page.html
    assert page.meta("robots") == ["index, follow"]
    for path in ("/about/more", "/terms"):
        assert anonymous.get(path).headers["location"] == "/about"


@pytest.mark.parametrize(("path", "title"), [
    ("/about/terms", "Terms of service"), ("/about/privacy", "Privacy policy"),
])
def test_the_documents_are_pages_like_all_others(anonymous, alice, path, title):
    page = visit(anonymous, path)

    check(page)
    assert page.text_of("h1") == title
    assert {each["href"] for each in page.all("a")} >= {"/about/terms", "/about/privacy"}
    assert page.calls == 1
    assert "/account/home" in visit(alice, path).html


def test_what_an_administrator_wrote_is_safe_within_a_page(anonymous, admin):
    sent = b"<H1 class=x>Our terms</h1><script>alert(1)</script><h2>One</h2><p onclick=x>Be <b>kind</b>.<form><input>"
    admin.patch("/api/pleroma/admin/instance_document/terms-of-service",
                files={"file": ("terms.html", sent, "text/html")})

    page = visit(anonymous, "/about/terms")

    check(page)
    assert "Our terms" not in page.html
    assert "<strong>One</strong>" in page.html
    assert "Be <b>kind</b>." in page.html
