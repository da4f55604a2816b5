"""Lists: what comes from elsewhere and goes there, whom one blocks and mutes, who follows; backups, aliases, moving."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD, Person
from tests.endpoints.members.test_settings import fault_at

# Export.


def test_the_page_of_exports_leads_to_the_files_and_counts_what_is_known(home, alice, bob, carol):
    alice.follows(bob)
    bob.follows(alice)
    carol.follows(alice)
    alice.post(f"/api/v1/accounts/{carol.id}/block")

    page = home.open("/account/export")

    assert {name for name in page.links.values() if name.startswith("/account/export/")} == {
        f"/account/export/{name}.csv" for name in (
            "following_accounts", "followers", "muted_accounts", "blocked_accounts", "blocked_domains", "lists",
            "bookmarks")}
    assert "Whom you follow 1 Who follows you 1 Whom you mute 0 Whom you block 1" in page.text
    assert home.reply.calls == 1


# Blocks, mutes, followers.


@pytest.mark.parametrize(("path", "act", "what", "button"), [
    ("/account/blocks", "block", "blocking", "Unblock"), ("/account/mutes", "mute", "muting", "Unmute")])
def test_whom_one_blocks_or_mutes_is_listed_and_let_go(home, alice, bob, path, act, what, button):
    assert "You " in home.open(path).text
    alice.post(f"/api/v1/accounts/{bob.id}/{act}")

    page = home.open(path)
    assert "bob @bob@kenoma.test" in page.text
    assert f"{button} bob@kenoma.test" in page.text
    assert home.reply.calls <= 3
    page = home.send(path)

    assert page.texts["status"].startswith("The account is not")
    assert alice.relationship(bob)[what] is False
    assert len(page.forms) == 0


def test_a_follower_is_removed(home, alice, bob):
    bob.follows(alice)

    page = home.open("/account/followers")
    assert "Remove bob@kenoma.test" in page.text
    page = home.send("/account/followers")

    assert page.texts["status"] == "The account does not follow you any more."
    assert "Nobody follows you yet." in page.text
    assert bob.relationship(alice)["following"] is False


@pytest.mark.parametrize(("path", "act"), [("/account/blocks", "block"), ("/account/followers", "")])
def test_long_lists_have_pages(home, alice, cast, path, act):
    people = cast.people(25)
    for person in people:
        if act:
            alice.post(f"/api/v1/accounts/{person.id}/{act}")
        else:
            person.follows(alice)

    page = home.open(path)
    first = {form.values["id"] for form in page.forms}
    assert home.reply.calls <= 4
    page = home.open(path + page.links["Next page"].removeprefix(path))
    second = {form.values["id"] for form in page.forms}

    assert (len(first), len(second)) == (20, 5)
    assert first | second == {person.id for person in people}
    assert page.links["First page"] == path
    assert "Next page" not in page.links


@pytest.mark.parametrize("path", ["/account/blocks", "/account/mutes", "/account/followers"])
def test_an_account_that_is_not_there_is_told(alice, path):
    assert alice.post(path, form={"id": "9zzzzzzzzzzzzzzzzz"}).status == 404
    assert alice.post(path, form={}).status == 400


# The button on profiles.


def test_the_button_of_a_profile_follows_and_unfollows(home, alice, bob):
    reply = home._asks("POST", "/account/follow", form={"id": bob.id, "action": "follow", "next": "/users/bob"})

    assert (reply.status, reply.headers["location"]) == (303, "/users/bob")
    assert alice.relationship(bob)["following"] is True
    reply = home._asks("POST", "/account/follow", form={"id": bob.id, "action": "unfollow", "next": "//evil.example"})
    assert (reply.status, reply.headers["location"]) == (303, "/account")
    assert alice.relationship(bob)["following"] is False


def test_it_follows_nobody_who_is_not_there(alice):
    reply = alice.post("/account/follow", form={"id": "9zzzzzzzzzzzzzzzzz", "action": "follow"})

    assert reply.status == 404
    assert alice.post("/account/follow", form={"id": alice.id, "action": "dance"}).status == 400


# Backups.


def test_a_backup_is_made_and_downloaded(home, drain):
    page = home.open("/account/backups")
    assert "every 7 days" in page.text
    assert "None yet." in page.text

    page = home.send("/account/backups")
    assert page.texts["status"].startswith("A backup is being made.")
    assert "being made" in page.text
    drain()
    page = home.open("/account/backups")

    assert page.links["Download"].startswith("http://kenoma.test/media/backups/")
    assert "kB" in page.text or "Bytes" in page.text
    assert home.reply.calls == 2


def test_a_second_backup_is_refused_in_words(home):
    home.open("/account/backups")
    home.send("/account/backups")

    page = home.send("/account/backups")

    assert home.reply.status == 422
    assert "Last export was less than 7 days ago" in page.texts["alert"]


# Aliases and moving.


def test_an_alias_is_added_and_removed(home, alice, bob):
    assert "None yet." in home.open("/account/aliases").text

    page = home.send("/account/aliases", alias="bob@kenoma.test")
    assert page.texts["status"] == "Your aliases are changed."
    assert "bob@kenoma.test" in page.text
    assert bob.account.uri in alice.account.profile["also_known_as"]
    page = home.send("/account/aliases/remove")

    assert "None yet." in page.text
    assert not alice.account.profile.get("also_known_as")


def test_an_alias_that_nobody_has_is_told(home):
    home.open("/account/aliases")

    page = home.send("/account/aliases", alias="nobody")

    assert (home.reply.status, fault_at(home, "alias")) == (422, "Target account does not exist.")
    assert page.form("/account/aliases").values["alias"] == "nobody"


def test_an_account_moves_with_its_followers(home, alice, bob, carol, drain):
    carol.follows(alice)
    bob.put("/api/pleroma/aliases", json={"alias": "alice"})
    assert "Your followers follow the other account instead." in home.open("/account/move").text

    page = home.send("/account/move", target="bob@kenoma.test", password=PASSWORD)
    drain()

    assert page.texts["status"].startswith("Your account moves.")
    assert carol.relationship(bob)["following"] is True


@pytest.mark.parametrize(("target", "password", "field", "fault"), [
    ("bob", "wrong", "password", "Invalid password."),
    ("bob", PASSWORD, "target", "Target account must have the origin in `alsoKnownAs`"),
    ("nobody", PASSWORD, "target", "Target account not found."),
    ("", PASSWORD, "target", "Target account not found."),
])
def test_why_an_account_does_not_move(home, bob, target, password, field, fault):
    home.open("/account/move")

    page = home.send("/account/move", target=target, password=password)

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert page.form("/account/move").values["target"] == target


# Leaving.


@pytest.mark.parametrize("act", ["disable", "delete"])
def test_leaving_ends_the_session_and_says_farewell(home, alice, drain, act):
    home.open(f"/account/{act}")

    page = home.send(f"/account/{act}", password=PASSWORD, confirm=True)

    assert page.title == "Farewell"
    assert home.cookies == {}
    drain()
    assert alice.account.status == "deactivated"
    assert Person().get("/api/v1/accounts/lookup", {"acct": "alice"}).status == 404


@pytest.mark.parametrize("act", ["disable", "delete"])
@pytest.mark.parametrize(("password", "confirm", "field", "fault"), [
    ("wrong", True, "password", "Invalid password."),
    (PASSWORD, False, "confirm", "Please tick the box, so that this is no mistake."),
])
def test_nobody_leaves_by_mistake(home, alice, drain, act, password, confirm, field, fault):
    home.open(f"/account/{act}")

    home.send(f"/account/{act}", password=password, confirm=confirm)
    drain()

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert home.open("/account").title == "Your account"


def test_deleting_says_what_goes_and_that_the_name_is_never_given_again(home):
    text = home.open("/account/delete").text

    assert "The name @alice is never given again." in text
    assert "It cannot be undone." in text
