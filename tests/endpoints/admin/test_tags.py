"""Tags of accounts, as they are stored and shown."""

import pytest

from chalicelib.domain.staff import tagging
from tests.at_once import at_once
from tests.endpoints.admin.staff_acts import ADMIN, NOT_FOUND, logged, outcome

TAG = f"{ADMIN}/users/tag"


def tags(admin, *names, words):
    return admin.put(TAG, json={"nicknames": list(names), "tags": words})


def untags(admin, *names, words):
    return admin.delete(TAG, json={"nicknames": list(names), "tags": words})


def tags_of(admin, name):
    return admin.get(f"{ADMIN}/users/{name}").json["tags"]


def test_tags_are_added_once_in_lower_case_and_in_order(admin, alice, bob, carol, anonymous):
    tags(admin, "alice", words=["x"])

    reply = tags(admin, "alice", bob.id, words=["Foo", "x", "FOO", "bar"])

    assert (reply.status, reply.text) == (204, "")
    assert (tags_of(admin, "alice"), tags_of(admin, "bob")) == (["x", "foo", "bar"], ["foo", "x", "bar"])
    assert tags_of(admin, "carol") == []
    shown = anonymous.get(f"/api/v1/accounts/{alice.id}").json["pleroma"]["tags"]
    assert [each["name"] if isinstance(each, dict) else each for each in shown] == ["x", "foo", "bar"]
    assert logged(admin) == [
        "@admin added tags: x to users: @alice", "@admin added tags: Foo, x, FOO, bar to users: @alice, @bob"]


def test_tags_that_are_there_are_removed(admin, alice, bob):
    tags(admin, "alice", "bob", words=["a", "b", "c"])

    reply = untags(admin, "alice", words=["B", "z"])

    assert (reply.status, reply.text) == (204, "")
    assert (tags_of(admin, "alice"), tags_of(admin, "bob")) == (["a", "c"], ["a", "b", "c"])
    untags(admin, "alice", words=["a", "c"])
    assert alice.account.tags is None
    assert logged(admin)[1:] == [
        "@admin removed tags: B, z from users: @alice", "@admin removed tags: a, c from users: @alice"]


def test_what_changes_nothing_is_not_logged(admin, alice):
    tags(admin, "alice", words=["a"])

    assert [tags(admin, "alice", words=["A"]).status, untags(admin, "alice", words=["b"]).status] == [204, 204]

    assert len(logged(admin)) == 1


@pytest.mark.parametrize("body", [
    {"nicknames": ["alice"]}, {"tags": ["a"]}, {"nicknames": [], "tags": ["a"]}, {"nicknames": ["alice"], "tags": []},
    {"nicknames": ["alice"], "tags": [1]}, {"nicknames": ["alice"], "tags": [""]},
    {"nicknames": ["alice"], "tags": ["x" * 101]},
    {"nicknames": ["alice"], "tags": [str(each) for each in range(tagging.MOST_TAGS + 1)]},
])
def test_lists_that_will_not_do_change_nothing(admin, alice, body):
    assert admin.put(TAG, json=body).status == 400
    assert tags_of(admin, "alice") == []
    assert logged(admin) == []


def test_a_lone_tag_and_a_lone_name_are_lists_of_one(admin, alice):
    assert admin.put(TAG, form={"nicknames": "alice", "tags": "a"}).status == 204
    assert tags_of(admin, "alice") == ["a"]
    assert admin.delete(TAG, {"nicknames": ["alice"], "tags": ["a"]}).status == 204
    assert tags_of(admin, "alice") == []


def test_an_unknown_name_in_the_middle_tags_nobody(admin, alice, bob):
    assert outcome(tags(admin, "alice", "nobody", "bob", words=["a"])) == NOT_FOUND
    assert outcome(untags(admin, "alice", "nobody", "bob", words=["a"])) == NOT_FOUND
    assert (tags_of(admin, "alice"), tags_of(admin, "bob"), logged(admin)) == ([], [], [])


def test_two_tags_at_once_are_both_given(admin, alice):
    at_once(*[lambda word=word: tags(admin, "alice", words=[word]) for word in "abcdab"])

    assert sorted(tags_of(admin, "alice")) == ["a", "b", "c", "d"]
    assert len(logged(admin)) == 4
