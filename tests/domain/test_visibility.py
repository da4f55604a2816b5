"""Who may see a status: the pure questions, each as one table of visibility and viewer.

`follower` follows the author, `addressed` is named, `listed` is on the author's list; `stranger` is none of these,
and `nobody` is not signed in.
"""

from __future__ import annotations

import pytest

from chalicelib.domain import visibility
from chalicelib.domain.viewer import Viewer
from chalicelib.store.accounts.accounts import Account, ViewerSet
from chalicelib.store.relationships import relations
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.timelines.feeds import FeedRow

WORDS = ("public", "unlisted", "local", "private", "direct", "list:1")
VIEWERS = ("author", "follower", "addressed", "listed", "stranger", "nobody")
EVERYBODY = set(VIEWERS)
SIGNED_IN = EVERYBODY - {"nobody"}
FOLLOWING = {"author", "follower", "addressed"}
NAMED = {"author", "addressed"}
ON_LIST = {"author", "addressed", "listed"}


def status(word, **more):
    return Status("s", account_id="author", thread="s", visibility=word, to=["addressed"], **more)


def reply(word):
    """A status of somebody else, in reply to one of the author's with this visibility."""
    return Status("r", account_id="other", thread="s", visibility="public", parent_id="s", parent_account_id="author",
                  parent_visibility=word, parent_to=["addressed"])


def row(word, **more):
    return FeedRow("a#author", "s", author_id="author", thread="s", visibility=word, to=["addressed"], **more)


def viewer(name):
    return None if name == "nobody" else Viewer(Account(name, "P"), ViewerSet(name, "X#0"))


def relation(name):
    """How the viewer stands to the author."""
    if name == "nobody":
        return None
    found = relations.blank(name, "author")
    if name == "follower":
        found.follow = relations.ACCEPTED
    return found


def asked(question):
    return {name for name in VIEWERS if question(name)}


@pytest.mark.parametrize("kind", [status, row])
@pytest.mark.parametrize(("word", "seen_by"), [
    ("public", EVERYBODY), ("unlisted", EVERYBODY), ("local", EVERYBODY), ("private", FOLLOWING), ("direct", NAMED),
    ("list:1", ON_LIST),
])
def test_who_may_see_a_status(kind, word, seen_by):
    lists = {"listed": {"1"}, "follower": {"2"}}

    seen = asked(lambda name: visibility.may_see(kind(word), viewer(name), relation(name), lists.get(name, ())))

    assert seen == seen_by


def test_nobody_sees_statuses_where_they_are_for_accounts_only(setting):
    setting(restrict_statuses=True)

    assert asked(lambda name: visibility.may_see(status("public"), viewer(name), relation(name))) == SIGNED_IN


@pytest.mark.parametrize(("word", "seen_by"), [
    ("public", EVERYBODY), ("unlisted", EVERYBODY), ("local", EVERYBODY), ("private", FOLLOWING), ("direct", NAMED),
    ("list:1", NAMED),
])
def test_who_may_see_what_a_status_replies_to(word, seen_by):
    assert asked(lambda name: visibility.may_see_parent(reply(word), viewer(name), relation(name))) == seen_by


def test_a_status_that_replies_to_nothing_has_no_parent_to_see():
    assert asked(lambda name: visibility.may_see_parent(status("public"), viewer(name), relation(name))) == set()


@pytest.mark.parametrize("kind", [status, row])
@pytest.mark.parametrize(("word", "whose"), [(word, NAMED if word == "direct" else set()) for word in WORDS])
def test_whose_conversation_a_status_is_part_of(kind, word, whose):
    assert asked(lambda name: visibility.takes_part(kind(word), viewer(name))) == whose


@pytest.mark.parametrize(("word", "worth_loading"), [
    ("public", EVERYBODY), ("unlisted", EVERYBODY), ("local", EVERYBODY), ("private", SIGNED_IN), ("direct", NAMED),
    ("list:1", SIGNED_IN),
])
def test_for_whom_a_row_is_worth_loading(word, worth_loading):
    assert asked(lambda name: visibility.might_see(row(word), viewer(name))) == worth_loading


def test_a_row_that_does_not_name_all_whom_it_addresses_is_worth_loading():
    assert asked(lambda name: visibility.might_see(row("direct", more_to="1"), viewer(name))) == SIGNED_IN


@pytest.mark.parametrize(("word", "worth_loading"), [
    ("public", EVERYBODY), ("unlisted", EVERYBODY), ("local", FOLLOWING), ("private", FOLLOWING), ("direct", NAMED),
    ("list:1", SIGNED_IN),
])
def test_for_whom_a_row_is_worth_loading_on_the_profile_of_its_author(word, worth_loading):
    assert asked(
        lambda name: visibility.might_see_on_profile(row(word), viewer(name), relation(name))) == worth_loading


@pytest.mark.parametrize(("word", "worth_loading"), [
    ("public", EVERYBODY), ("local", FOLLOWING), ("private", EVERYBODY), ("direct", EVERYBODY),
])
def test_on_a_profile_who_is_not_named_by_the_row_may_be_named_by_the_status(word, worth_loading):
    wide = row(word, more_to="1")

    assert asked(lambda name: visibility.might_see_on_profile(wide, viewer(name), relation(name))) == worth_loading


@pytest.mark.parametrize(("word", "may"), [
    ("public", SIGNED_IN), ("unlisted", SIGNED_IN), ("local", SIGNED_IN), ("private", {"author"}), ("direct", set()),
    ("list:1", set()),
])
def test_who_may_reblog_what_they_see(word, may):
    assert {name for name in SIGNED_IN if visibility.may_reblog(status(word), viewer(name))} == may


@pytest.mark.parametrize(("question", "words"), [
    (visibility.is_open, {"public", "unlisted", "local"}),
    (visibility.is_for_followers, {"public", "unlisted", "local", "private"}),
    (visibility.is_local, {"local"}),
    (visibility.is_private, {"private"}),
    (visibility.is_direct, {"direct"}),
    (visibility.is_searchable, {"public", "unlisted"}),
])
def test_what_a_visibility_says(question, words):
    assert {word for word in WORDS if question(word)} == words


def test_clients_are_not_told_which_list():
    assert [visibility.for_clients(word) for word in WORDS] == [
        "public", "unlisted", "local", "private", "direct", "list"]
