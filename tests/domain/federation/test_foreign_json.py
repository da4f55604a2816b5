"""JSON of other servers: what is refused before anybody looks at it."""

import pytest

from chalicelib.domain.federation import foreign_json


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_an_object_is_read():
    assert foreign_json.read('{"a": [1, -2.5, true, null, "é😀"]}'.encode()) == {"a": [1, -2.5, True, None, "é😀"]}


@pytest.mark.parametrize("text", [
    b"", b"nothing", b"[]", b"null", b'"text"', b"1", b"{", b'{"a": 1} {}', b"\xff\xfe", b'{"a": "\xff"}',
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e400}', b'{"a": -1e400}',
    b'{"a": 1' + b"0" * 400 + b"}", b'{"a": 1' + b"0" * 9_000 + b"}",
    rb'{"a": "\ud800"}', rb'{"\udfff": 1}', rb'{"a": ["\ud800x\udc00"]}', b"[" * 100_000, b'{"a":' * 100_000,
    b'{"a":' * 32 + b"1" + b"}" * 32, b'{"a": [' + b"1," * 10_000 + b"1]}", b"\xef\xbb\xbf{}",
])
def test_what_cannot_be_stored_and_walked_is_refused(text):
    with pytest.raises(foreign_json.NotADocument):
        foreign_json.read(text)


@pytest.mark.parametrize("text", [
    b'{"a":' * 31 + b"1" + b"}" * 31, b'{"a": [' + b"1," * 9_996 + b"1]}", b'{"a": 1e308}', rb'{"a": "\ud83d\ude00"}',
])
def test_the_limits_are_no_lower(text):
    assert foreign_json.read(text)


def test_of_a_key_given_twice_the_last_counts():
    assert foreign_json.read(b'{"id": "first", "id": "last"}') == {"id": "last"}


def test_nul_is_removed():
    assert foreign_json.read(rb'{"a\u0000b": ["x\u0000", {"c": "\u0000"}]}') == {"ab": ["x", {"c": ""}]}
