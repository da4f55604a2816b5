"""Policies as rules: from an account and a proposal to what is left of it."""

import pytest

from chalicelib.domain import policies
from chalicelib.domain.policies import Proposal
from chalicelib.domain.refusals import Forbidden
from chalicelib.store.accounts.accounts import Account

VISIBILITIES = ("public", "unlisted", "local", "private", "direct", "list:9zzz")


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def tagged(*tags, host=None):
    return Account("9zzz", "P", nickname="x", tags=[f"mrf_tag:{tag}" for tag in tags] or None, host=host)


def allowed(proposal, *tags):
    return policies.judged(tagged(*tags), proposal)


@pytest.mark.parametrize(("tags", "left"), [
    ((), VISIBILITIES),
    (("force-unlisted",), ("unlisted", "unlisted", "local", "private", "direct", "list:9zzz")),
    (("sandbox",), ("private", "private", "private", "private", "direct", "list:9zzz")),
    (("sandbox", "force-unlisted"), ("private", "private", "private", "private", "direct", "list:9zzz")),
    (("disable-any-subscription", "media-strip", "media-force-nsfw"), VISIBILITIES),
])
def test_a_tag_narrows_what_is_open_and_nothing_else(tags, left):
    assert tuple(allowed(Proposal(word), *tags).visibility for word in VISIBILITIES) == left


@pytest.mark.parametrize(("tags", "has_media", "left"), [
    (("media-force-nsfw",), True, Proposal("public", True, True, ("nsfw",))),
    (("media-force-nsfw",), False, Proposal("public")),
    (("media-strip",), True, Proposal("public")),
    (("media-strip",), False, Proposal("public")),
    (("media-force-nsfw", "media-strip"), True, Proposal("public")),
    (("media-strip", "media-force-nsfw"), True, Proposal("public")),
    ((), True, Proposal("public", True)),
])
def test_media_are_marked_or_taken_away(tags, has_media, left):
    assert allowed(Proposal("public", has_media), *tags) == left


def test_what_the_author_marked_stays_marked():
    assert allowed(Proposal("public", True, sensitive=True), "media-strip").sensitive is True


@pytest.mark.parametrize(("tags", "from_here", "from_elsewhere"), [
    ((), True, True),
    (("disable-remote-subscription",), True, False),
    (("disable-any-subscription",), False, False),
    (("sandbox",), True, True),
])
def test_follows_are_refused_of_whom_the_tag_names(tags, from_here, from_elsewhere):
    def may_follow(by):
        try:
            policies.demand_follow(tagged(*tags), by)
        except Forbidden as refusal:
            return refusal.message != "rejected"
        return True

    tags_of_the_follower = ("disable-any-subscription", "disable-remote-subscription")
    assert may_follow(tagged(*tags_of_the_follower)) is from_here
    assert may_follow(tagged(*tags_of_the_follower, host="elsewhere.example")) is from_elsewhere
