"""Lists of accounts: whatever their encoding, separator and order of columns, whatever is around the names."""

from __future__ import annotations

import random

import pytest

from chalicelib.domain.relationships.importing.brought import Columns, Kind, decoded, read
from tests.domain.relationships.exports import EXPORTS, Export
from tests.quickness import grows_less_than


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def names(brought: str | bytes, kind: Kind = "following") -> list[str]:
    return list(read(brought, kind).accounts)


def said(brought: str | bytes, kind: Kind = "following") -> dict[str, object]:
    """What a list says of whom it names, of those of whom it says anything."""
    return {name: columns.as_json() for name, columns in read(brought, kind).accounts.items() if columns.as_json()}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_today_are_read(name):
    export: Export = EXPORTS[name]

    assert names(export.data, export.kind) == export.names
    assert said(export.data, export.kind) == export.columns
    assert read(export.data, export.kind).unreadable == 0


@pytest.mark.parametrize(("kind", "text", "expected"), [
    ("lists", "Friends,bob@kenoma.test", {"bob@kenoma.test": ["Friends"]}),
    ("lists", "Friends;bob\nArt;bob\nFriends;@bob\n", {"bob": ["Friends", "Art"]}),
    ("lists", "Account address,List name\nbob,Friends", {"bob": ["Friends"]}),
    ("lists", "\"A, b\",bob\n'@home,carol\n'tis,mary", {"bob": ["A, b"], "carol": ["@home"], "mary": ["'tis"]}),
    ("lists", "bob\n,carol\nFriends,", {}),
    ("bookmarks", "https://a.example/X\nhttps://a.example/x\n", {"https://a.example/X": None,
                                                                 "https://a.example/x": None}),
    ("bookmarks", "#uri\nhttps://a.example/1", {"https://a.example/1": None}),
    ("bookmarks", "bob@kenoma.test\nftp://a.example/1", {}),
    ("blocked_domains", "#domain\nBad.example\nbad.example", {"bad.example": None}),
    ("blocked_domains", "bad.example\n*.worse.example\nbad.example:8443",
     {"bad.example": None, "*.worse.example": None, "bad.example:8443": None}),
    ("blocked_domains", "https://bad.example/\na b\n", {"a": None, "b": None}),
])
def test_lists_of_other_kinds_are_read(kind, text, expected):
    assert {name: said.lists for name, said in read(text, kind).accounts.items()} == expected


def test_what_can_be_no_name_is_kept_as_far_as_it_can_be_shown():
    found = read("\n".join(f"\x01odd{number}{'x' * 600}" for number in range(300)), "following")

    assert (found.unreadable, len(found.words)) == (300, 200)
    assert found.words[0].startswith("odd0x")
    assert {len(each) for each in found.words} == {200}


@pytest.mark.parametrize(("text", "expected"), [
    ("alice", ["alice"]),
    ("alice\nbob", ["alice", "bob"]),
    ("alice\r\nbob\r\n", ["alice", "bob"]),
    ("alice\rbob\r", ["alice", "bob"]),
    ("alice bob\tcarol", ["alice", "bob", "carol"]),
    ("@alice @@bob@kenoma.test", ["alice", "bob@kenoma.test"]),
    ("\ufeffalice", ["alice"]),
    ("\ufeffAccount address,Show boosts\nalice@a.example,true", ["alice@a.example"]),
    ("Account address,Show boosts,Notify on new posts,Languages\nalice@a.example,true,false,", ["alice@a.example"]),
    ('"Account address",Show boosts\n"alice@a.example",true', ["alice@a.example"]),
    ("Account address\nalice", ["alice"]),
    ("alice,bob", ["alice"]),
    ("alice\nalice\n@alice", ["alice"]),
    ("alice\nALICE\n@alice@kenoma.test\nhttps://kenoma.test/@Alice\nacct:alice@KENOMA.TEST", ["alice"]),
    ("", []),
    (" \n\t\r\n ,, \n@", []),
    ("a\x00b c\ud800d e", ["e"]),
    ("x" * 501 + " y", ["y"]),
    ("https://kenoma.test/users/alice http://kenoma.test/users/bob", [
        "https://kenoma.test/users/alice", "http://kenoma.test/users/bob"]),
])
def test_a_list_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize("word", [
    "bob@kenoma.test", "@bob@kenoma.test", "acct:bob@kenoma.test", "ACCT:@bob@kenoma.test", "<bob@kenoma.test>",
    '"bob@kenoma.test"', "'bob@kenoma.test'", "“bob@kenoma.test”", "«@bob@kenoma.test»", "(bob@kenoma.test)",
    "bob@kenoma.test\u200b", "\ufeffbob@kenoma.test", "\xa0bob@kenoma.test\xa0", "bob@kenoma.test\u200e\u2060",
    "bob\u200b@kenoma.test",
    "bob@kenoma.test,", "bob@kenoma.test;", "bob@kenoma.test.", "Bob the Builder <bob@kenoma.test>",
    "'@bob@kenoma.test", "\uff20bob\uff20kenoma.test",
])
def test_what_stands_around_a_name_is_no_part_of_it(word):
    assert names(word) == ["bob@kenoma.test"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", [
    "Account address", "account address", "ACCOUNT ADDRESS", "account_address", "Account-Address", "account", "address",
    "Handle", "acct", '"Account address"', " Account address ", "\u200bAccount\xa0address",
])
def test_the_column_is_found_by_its_header_in_any_order(separator, header):
    columns = [header, "Notify on new posts", "What I think of them", "Show boosts"]
    cells = ["@bob@kenoma.test", "true", "somebody@else.example", "FALSE"]
    for turn in range(4):
        order = [(place + turn) % 4 for place in range(4)]
        text = "\r\n".join(separator.join(row[place] for place in order) for row in (columns, cells))

        assert names(text) == ["bob@kenoma.test"], text
        assert said(text) == {"bob@kenoma.test": {"reblogs": False, "notify": True}}, text


@pytest.mark.parametrize(("text", "kind", "expected"), [
    ("bob,false", "following", {"reblogs": False}),
    ("bob;false;true", "following", {"reblogs": False, "notify": True}),
    ("bob\tfalse\t\ten", "following", {"reblogs": False, "languages": ["en"]}),
    ("bob,,true", "following", {"notify": True}),
    ("bob,0", "mutes", {"hide_notifications": False}),
    ("bob,true,2099-01-01", "mutes", {"hide_notifications": True, "until": 4_070_908_800}),
    ("bob,true", "blocks", None),
    ("bob,maybe", "following", None),
    ("Account address,Hide notifications\nbob,false", "following", None),
    ("Account address,Show boosts\nbob,false", "mutes", None),
    ("Account address,Show boosts,Languages\nbob,,\"xx; EN de-AT, nonsense1\"", "following",
     {"languages": ["xx", "EN", "de-AT"]}),
    ("bob,,,\"zh-TW,zh-Hans-CN\"", "following", {"languages": ["zh-TW", "zh-Hans-CN"]}),
    ("Account address,Hide notifications,Until\nbob,,2099-01-01T01:00:00+01:00", "mutes", {"until": 4_070_908_800}),
    ("Account address,Hide notifications,Expires at\nbob,,soon", "mutes", None),
    ("Account address,Show boosts\nbob,true\nBOB,false", "following", {"reblogs": False}),
])
def test_columns_say(text, kind, expected):
    assert said(text, kind).get("bob") == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("account\nbob", ["bob"]),
    ("account", ["account"]),
    ("bob\naccount", ["bob", "account"]),
    ("bob\nAccount address,Show boosts\ncarol,true", ["bob", "carol"]),
    ("Account address,Show boosts\nbob,true\n\nShow boosts;Account address\ntrue;carol", ["bob", "carol"]),
    ("alice@a.example, bob@b.example; carol", ["alice@a.example"]),
    ("alice@a.example, bob@b.example, carol@c.example", ["alice@a.example", "bob@b.example", "carol@c.example"]),
    ('bob,"unfinished\ncarol,true', ["bob", "carol"]),
    ("Account address,Show boosts\nbob", ["bob"]),
    ("Username,Account address,URL\nBob,bob@a.example,https://a.example/bob", ["bob@a.example"]),
    ("Username,URL,Name\nbob,https://a.example/@bob,Bob", ["https://a.example/@bob"]),
    ("Show boosts,Account address\nbob", []),
    ("[bob@kenoma.test]", ["bob@kenoma.test"]),
    ("{", []), ("[1, null, {}]", []), ('{"muted": 7}', []), ("[" * 100_000, []),
])
def test_lists_of_a_strange_form(text, expected):
    assert names(text) == expected


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_is_detected(encoding, line_end):
    """Of lists of all lengths, from one letter on, with letters that are not ASCII and without."""
    chance = random.Random(encoding + line_end)
    for _ in range(150):
        count = chance.choice((1, 1, 2, 5, 40))
        people = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789_", k=chance.randint(1, 12)))
                  + chance.choice(("", "@kenoma.test", "@bücher.example")) for _ in range(count)]
        text = line_end.join([chance.choice(("Account address;Notiz", "Account address")), *people])
        data = text.encode(encoding)

        assert decoded(data).removeprefix("\ufeff") == text
        if encoding in ("utf-16-le", "utf-16-be"):
            assert decoded("\ufeff".encode(encoding) + data).removeprefix("\ufeff") == text
            assert decoded(data + b"\n").startswith(text)


def test_bytes_that_no_encoding_has_are_read_as_far_as_they_can_be():
    assert "bob" in names(b"\xff\xfe\x00bob\n\xc3\x28 bob\n\x81\x8d")


def test_a_list_that_is_too_long_is_read_in_part_and_the_rest_is_counted():
    words = [f"someone{number}" for number in range(20_003)]

    found = read(" ".join([*words, "someone7"]), "following")

    assert (len(found.accounts), found.left_out, found.unreadable) == (20_000, 3, 0)
    assert read("\n".join("x" * 499 + str(number) for number in range(9_000)), "following").left_out > 900


def test_columns_come_back_from_a_message_whatever_it_has_besides():
    columns = Columns(reblogs=False, languages=["en"], until=7)

    assert Columns.from_json({**columns.as_json(), "of a later version": 1}) == columns


NASTY = ["a,", ";", "\"", "\"a\",", "a\n", "a;b\n", "\"\n", "<", "<a", "@", "acct:", "\t", "a\tb", "\r", "\u200b", "[",
         '["a",', "{", "é,", "名\n", "Account address\n", "a ", "'", "=", "http://", "x@y,", "x@y.z,", "true,", "."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp932"])
def test_time_grows_no_faster_than_the_list(encoding):
    """One of each repetition, and of a quarter of it: four times the time, with room for what disturbs."""
    for unit in NASTY:
        data = unit.encode(encoding, errors="ignore") or b"\x81"
        long = data * (160_000 // len(data))

        assert grows_less_than(6, lambda data: read(data, "following"), long[:len(long) // 4], long, 0.05), unit


def test_the_words_of_spreadsheets_are_known_in_both_ways():
    for yes, no in (("TRUE", "FALSE"), ("Wahr", "Falsch"), ("VRAI", "FAUX"), ("ΑΛΗΘΗΣ", "ΨΕΥΔΗΣ"), ("1", "0")):
        assert said(f"bob;{yes};{no}") == {"bob": {"reblogs": True, "notify": False}}
