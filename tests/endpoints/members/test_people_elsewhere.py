"""Pages of accounts and statuses of other servers: for members they are here, for everybody else they are there."""

from __future__ import annotations

import pytest

from tests.cast import Person
from tests.domain.federation.foreigners import FAR, comes, mention, posts
from tests.endpoints.members.browser import Browser
from tests.pages.reading import visit

HTML = {"Accept": "text/html"}
HERE = "/users/fern@far.example"


@pytest.fixture
def fern():
    """An account of another server."""
    return comes()


@pytest.fixture
def note(fern):
    return posts(fern, url=f"{FAR}/@fern/1")


def test_a_member_sees_a_status_of_another_server_in_its_thread(alice, note):
    reply = alice.posts("I see", in_reply_to_id=note.id)["id"]

    page = visit(alice, f"/notice/{note.id}")

    assert page.articles == ["selected", reply]
    assert f'<a href="{FAR}/@fern/1" rel="nofollow noopener">See it at far.example</a>' in page.html
    assert page.meta("robots") == ["noindex, noarchive"]
    assert page.links("canonical") == page.links("alternate") == []


def test_and_an_account_with_what_is_known_of_it(alice, fern, note):
    for path in (HERE, f"{HERE}/with_replies"):
        page = visit(alice, path)

        assert page.articles == [note.id]
        assert page.meta("robots") == ["noindex, noarchive"]
        assert f"{HERE}/media" in [each["href"] for each in page.all("a")]
        assert not [each for each in page.addresses() if "/feed." in each]


@pytest.mark.parametrize("path", ["/users/{id}", "/@fern@far.example", "/users/FERN@far.example"])
def test_other_spellings_lead_a_member_to_the_page_here(alice, fern, path):
    reply = alice.get(path.format(id=fern.id), headers=HTML)

    assert (reply.status, reply.headers["location"].removeprefix("http://kenoma.test")) == (302, HERE)


@pytest.mark.parametrize(("path", "there"), [
    ("/notice/{note}", f"{FAR}/@fern/1"), ("/users/{id}", f"{FAR}/@fern"), (HERE, f"{FAR}/@fern"),
    (f"{HERE}/media", f"{FAR}/@fern"), ("/@fern@far.example", f"{FAR}/@fern"),
])
def test_who_is_not_signed_in_is_led_to_the_other_server(anonymous, fern, note, path, there):
    reply = anonymous.get(path.format(id=fern.id, note=note.id), headers=HTML)

    assert (reply.status, reply.headers["location"]) == (302, there)
    assert "Cookie" in reply.headers["vary"]


@pytest.mark.parametrize("path", ["/users/nobody@far.example", "/users/fern@far.example/nothing", "/@no@far.example"])
def test_nobody_is_nobody_for_members_too(alice, fern, path):
    assert alice.get(path, headers=HTML).status == 404


def test_a_status_that_is_not_for_the_member_is_not_there(alice, bob, fern):
    secret = posts(fern, 2, to=[f"http://kenoma.test/users/{bob.nickname}"], cc=[],
                   tag=[mention(f"http://kenoma.test/users/{bob.nickname}", "@bob")])

    assert visit(bob, f"/notice/{secret.id}").articles == ["selected"]
    assert alice.get(f"/notice/{secret.id}", headers=HTML).status == 404


def test_links_of_a_member_stay_here_and_those_of_visitors_do_not(alice, anonymous, bob, fern, note):
    here = alice.posts("@fern@far.example look", in_reply_to_id=note.id)["id"]

    mine, others = (visit(who, f"/notice/{here}").addresses() for who in (alice, anonymous))

    assert mine.count(HERE) == 2, "the author of what is answered, and who is mentioned"
    assert f"/notice/{note.id}" in mine
    assert HERE not in others
    assert others.count(f"{FAR}/@fern") == 2


def test_tags_of_another_server_lead_a_member_to_the_tag_here(alice, anonymous, fern):
    there = f"{FAR}/tags/Moths"
    link = f'<a href="{there}" class="mention hashtag" rel="tag">#<span>Moths</span></a>'
    other = f'<a href="{FAR}/tags/other" class="mention hashtag" rel="tag">#other</a>'
    note = posts(fern, content=f"<p>{link} {other}</p>", tag=[{"type": "Hashtag", "href": there, "name": "#Moths"}])
    reply = alice.posts("I see", in_reply_to_id=note.id)["id"]

    mine, others = (visit(who, f"/notice/{reply}").addresses() for who in (alice, anonymous))

    assert "/tag/moths" in mine
    assert there not in mine
    assert f"{FAR}/tags/other" in mine, "it is no tag of the post"
    assert there in others


def test_a_member_acts_on_a_status_of_another_server(home: Browser, alice: Person, note):
    home.open(f"/notice/{note.id}")

    for button, key in (("Favourite post by Fern", "favourited"), ("Reblog post by Fern", "reblogged"),
                        ("Bookmark post by Fern", "bookmarked")):
        home.press(button)
        assert alice.get(f"/api/v1/statuses/{note.id}").json[key] is True
        assert home.address == f"/notice/{note.id}"
    home.press("React to post by Fern", emoji="🎉")

    assert "Take back 🎉 from post by Fern" in [each.text for form in home.page.forms for each in form.buttons]
    home.open(home.page.links["Reply"])
    home.press("Post", text="@fern@far.example I see")
    assert "I see" in home.page.text


def test_and_follows_whom_a_search_finds(home: Browser, alice: Person, fern):
    home.open(home.open("/account/search?q=fern%40far.example").links["@fern@far.example"])

    assert home.address == HERE
    home.press("Follow Fern")

    assert (home.address, alice.relationship(fern)["requested"]) == (HERE, True)
    home.press("Block Fern")
    home.press("Block")
    assert alice.relationship(fern)["blocking"] is True


def test_a_page_costs_as_much_as_what_clients_ask_for(alice, fern):
    for number in range(25):
        posts(fern, number)
    stands_on = [alice.get(f"/api/v1/accounts/{fern.id}"), alice.get(f"/api/v1/accounts/{fern.id}/statuses"),
                 alice.get(f"/api/v1/accounts/relationships?id={fern.id}")]

    reply = alice.get(HERE, headers=HTML)

    assert reply.calls <= sum(each.calls for each in stands_on) + 1
