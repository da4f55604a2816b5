"""How a status' visibility is kept: as a letter in the tables, as the API's word everywhere else."""

from __future__ import annotations

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.dynamo import connection
from chalicelib.store.dynamo.table import create, named, update
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.search.index import StatusWord
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.statuses.statuses import Status, find
from chalicelib.store.statuses.visibilities import list_in, word_of
from chalicelib.store.timelines.feeds import FeedRow, HomeRow

STORED = {"public": "p", "unlisted": "u", "local": "l", "private": "f", "direct": "d", "list:9xyz": "L:9xyz"}


@pytest.mark.parametrize(("word", "letter"), STORED.items())
def test_a_visibility_is_stored_as_a_letter_and_read_as_the_word(word, letter):
    id = new_flake()
    create(Status(id, account_id="a", thread=id, visibility=word, parent_visibility=word))

    raw = connection.shared()._make_api_call("GetItem", {"TableName": named("statuses"), "Key": {"id": {"S": id}}})
    status = find(id)

    assert (raw["Item"]["v"], raw["Item"]["pv"]) == ({"S": letter}, {"S": letter})
    assert (status.visibility, status.parent_visibility) == (word, word)
    assert word_of(letter) == word


@pytest.mark.parametrize(("word", "letter"), STORED.items())
def test_conditions_and_updates_say_the_letter_too(word, letter):
    create(FeedRow("a#a", "1", author_id="a", thread="1", visibility=word))
    mark = Mark.stub("a", "1")

    update(mark, [Mark.visibility.set(word)])
    found = list(FeedRow.query("a#a", filter_condition=FeedRow.visibility == word))

    assert [row.visibility for row in found] == [word]
    assert mark.visibility == word
    assert mark.serialize()["v"] == {"S": letter}


@pytest.mark.parametrize("model", [Status, FeedRow, HomeRow, StatusWord, Mark, Notification])
def test_every_table_names_it_alike(model):
    assert model.visibility.attr_name == "v"
    assert model.from_raw_data({"v": {"S": "f"}}).visibility == "private"


@pytest.mark.parametrize("wrong", ["p", "L:1", "secret", ""])
def test_what_is_no_visibility_is_not_stored(wrong):
    with pytest.raises(ValueError, match="no visibility"):
        Status("1", account_id="a", thread="1", visibility=wrong).serialize()


@pytest.mark.parametrize(("word", "list_id"), [("list:9xyz", "9xyz"), ("public", None), ("direct", None)])
def test_only_a_visibility_for_a_list_names_one(word, list_id):
    assert list_in(word) == list_id
