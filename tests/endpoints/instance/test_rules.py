"""The rules of the instance, for everybody and for administrators."""

from __future__ import annotations

import pytest

from tests.at_once import at_once

ADMIN = "/api/v1/pleroma/admin/rules"


@pytest.fixture(autouse=True)
def two_lines(setting):
    setting(instance_rules="Be kind.\n\nNo ads.")


def told(person):
    rules = person.get("/api/v1/instance/rules").json
    assert rules == person.get("/api/v2/instance").json["rules"] == person.get("/api/v1/instance").json["rules"]
    return [(rule["id"], rule["text"], rule["hint"]) for rule in rules]


def test_at_first_they_are_the_lines_of_the_setting(anonymous):
    assert told(anonymous) == [("1", "Be kind.", ""), ("2", "No ads.", "")]


def test_without_any_the_list_is_empty(anonymous, setting):
    setting(instance_rules="")

    assert told(anonymous) == []


def test_administrators_add_change_and_remove_them(admin, anonymous):
    added = admin.post(ADMIN, {"text": "Sleep.", "hint": "Eight hours.", "priority": -1})
    changed = admin.patch(f"{ADMIN}/1", {"hint": "Always."})
    removed = admin.delete(f"{ADMIN}/2")

    assert added.json == {"id": "3", "text": "Sleep.", "hint": "Eight hours.", "priority": -1}
    assert changed.json == {"id": "1", "text": "Be kind.", "hint": "Always.", "priority": 0}
    assert (removed.status, removed.json) == (200, {})
    assert told(anonymous) == [("3", "Sleep.", "Eight hours."), ("1", "Be kind.", "Always.")]
    assert [rule["id"] for rule in admin.get(ADMIN).json] == ["3", "1"]
    assert "<li>Sleep.</li>" in anonymous.get("/").text


def test_a_number_is_given_once(admin):
    admin.delete(f"{ADMIN}/2")

    assert admin.post(ADMIN, {"text": "Another"}).json["id"] == "3"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_rule_says_something(admin, anonymous, text):
    assert admin.post(ADMIN, json={"text": text}).status == 400
    assert admin.patch(f"{ADMIN}/1", json={"text": " "}).json == {"error": "text - can't be blank"}
    assert len(told(anonymous)) == 2


@pytest.mark.parametrize("id", ["9", "0", "x", "-1", "1%20"])
def test_an_unknown_rule(admin, anonymous, id):
    assert admin.patch(f"{ADMIN}/{id}", {"text": "x"}).status == admin.delete(f"{ADMIN}/{id}").status == 404
    assert len(told(anonymous)) == 2


def test_they_are_bounded(admin):
    assert admin.post(ADMIN, json={"text": "x" * 1_001}).status == 400


def test_all_that_come_at_once_stay(admin):
    at_once(*[lambda number=number: admin.post(ADMIN, {"text": f"rule {number}"}) for number in range(4)])

    assert len({rule["id"] for rule in admin.get(ADMIN).json}) == 6
