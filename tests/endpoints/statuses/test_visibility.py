"""Who sees a status: one table, which is checked against every endpoint that could show one.

A status names `addressed`, and `follower` follows the author. Neither is true of `stranger` and of anonymous visitors.
"""

from types import SimpleNamespace

import pytest

VISIBILITIES = ("public", "unlisted", "local", "private", "direct")
VIEWERS = ("author", "follower", "addressed", "stranger", "nobody")
EVERYBODY = set(VIEWERS)
KNOWN = {"author", "follower", "addressed"}
NAMED = {"author", "addressed"}
BY_ID = {"public": EVERYBODY, "unlisted": EVERYBODY, "local": EVERYBODY, "private": KNOWN, "direct": NAMED}
ON_PROFILE = {"public": EVERYBODY, "unlisted": EVERYBODY, "local": KNOWN, "private": KNOWN, "direct": NAMED}
AT_HOME = {"public": KNOWN, "unlisted": KNOWN, "local": KNOWN, "private": KNOWN, "direct": NAMED}
IN_PUBLIC = {"public": EVERYBODY, "unlisted": set(), "local": set(), "private": set(), "direct": set()}


@pytest.fixture(scope="module")
def stage(whole_aws):
    """A world of one status of each visibility, made once: these tests only look."""
    from app import app
    from infra.local import pump
    from tests.cast import Cast, Person

    whole_aws.wipe()
    cast = Cast()
    people = {name: cast.person(name) for name in VIEWERS[:-1]} | {"nobody": Person()}
    people["follower"].follows(people["author"])
    ids = {}
    for visibility in VISIBILITIES:
        poll = {"options": ["a", "b"], "expires_in": 3600}
        ids[visibility] = people["author"].posts(f"@addressed #{visibility}tag", visibility=visibility, poll=poll)["id"]
    pump.drain(app)
    return SimpleNamespace(people=people, ids=ids)


@pytest.fixture(autouse=True)
def aws():
    """An AWS that is not emptied between these tests."""


def found(reply):
    return {each["id"] for each in reply.json} if reply.status == 200 else set()


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("path", ["/api/v1/statuses/{}", "/api/v1/statuses/{}/context", "/api/v1/polls/{}"])
def test_who_sees_it_by_id(stage, path, visibility, viewer):
    reply = stage.people[viewer].get(path.format(stage.ids[visibility]))

    assert reply.status == (200 if viewer in BY_ID[visibility] else 404)


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_sees_it_among_several(stage, visibility, viewer):
    id = stage.ids[visibility]

    shown = found(stage.people[viewer].get("/api/v1/statuses", {"ids": [id]}))

    assert shown == ({id} if viewer in BY_ID[visibility] else set())


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("tab", ["favourited_by", "reblogged_by"])
def test_who_sees_the_accounts_that_acted_on_it(stage, tab, visibility, viewer):
    reply = stage.people[viewer].get(f"/api/v1/statuses/{stage.ids[visibility]}/{tab}")

    assert reply.status == (200 if viewer in BY_ID[visibility] else 404)


@pytest.mark.parametrize("viewer", VIEWERS[:-1])
@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize(("verb", "refused"), [
    ("favourite", 404), ("bookmark", 404), ("unbookmark", 404), ("unmute", 404),
])
def test_who_may_act_on_it(stage, verb, refused, visibility, viewer):
    reply = stage.people[viewer].post(f"/api/v1/statuses/{stage.ids[visibility]}/{verb}")

    assert reply.status == (200 if viewer in BY_ID[visibility] else refused)


@pytest.mark.parametrize("viewer", VIEWERS[:-1])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_may_react_to_it(stage, visibility, viewer):
    person, id = stage.people[viewer], stage.ids[visibility]

    assert person.reacts(id, "😀").status == (200 if viewer in BY_ID[visibility] else 400)
    assert bool(person.get(f"/api/v1/pleroma/statuses/{id}/reactions").json) == (viewer in BY_ID[visibility])


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_sees_it_on_the_profile(stage, visibility, viewer):
    author = stage.people["author"]

    shown = found(stage.people[viewer].get(f"/api/v1/accounts/{author.id}/statuses"))

    assert (stage.ids[visibility] in shown) == (viewer in ON_PROFILE[visibility])


@pytest.mark.parametrize("viewer", VIEWERS[:-1])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_sees_it_at_home(stage, visibility, viewer):
    shown = found(stage.people[viewer].get("/api/v1/timelines/home"))

    assert (stage.ids[visibility] in shown) == (viewer in AT_HOME[visibility])


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("path", ["/api/v1/timelines/public", "/api/v1/timelines/tag/{}tag"])
def test_who_sees_it_in_public(stage, path, visibility, viewer):
    shown = found(stage.people[viewer].get(path.format(visibility)))

    assert (stage.ids[visibility] in shown) == (viewer in IN_PUBLIC[visibility])


@pytest.mark.parametrize("viewer", VIEWERS[:-1])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_sees_it_among_direct_statuses(stage, visibility, viewer):
    shown = found(stage.people[viewer].get("/api/v1/timelines/direct"))

    assert (stage.ids[visibility] in shown) == (visibility == "direct" and viewer in NAMED)


@pytest.mark.parametrize("viewer", VIEWERS[:-1])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_who_may_reply_to_it(stage, visibility, viewer):
    reply = stage.people[viewer].posts("x", in_reply_to_id=stage.ids[visibility], preview=True)

    assert reply["in_reply_to_id"] == (stage.ids[visibility] if viewer in BY_ID[visibility] else None)
