"""How many characters a text has, and which limits it keeps."""


import pytest

from chalicelib.domain.text import find_emoji, fits, length
from chalicelib.domain.text.characters import CODE_POINTS_EACH, MOST_BYTES
from chalicelib.domain.text.unicode_emoji import _LIST
from tests.quickness import grows_less_than

FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.mark.parametrize(("text", "count"), [
    ("", 0), ("hello", 5), ("a\r\nb", 3), ("é", 1), ("e\u0301", 1), ("👍🏽", 1), ("🏳️‍🌈", 1), (f"{FAMILY} x", 3),
    ("🇵🇱🇵🇱", 2), ("🇵🇱🇵", 2), ("🇵🇱\u0301🇵🇱", 2), ("a🇵🇱🇵🇱b", 4), ("\u0600🇵🇱", 1), ("नि", 1), ("각", 1),
    ("\u1100\u1161\u11a8", 1), ("日本語", 3), ("กำ", 1), ("\ud800", 1), ("1\ufe0f\u20e3", 1), ("a" + "\u0301" * 99, 1),
])
def test_characters_are_what_a_reader_sees(text, count):
    assert length(text) == count


def test_texts_are_counted_together_and_not_joined():
    assert length("e", "\u0301") == 2


def test_every_emoji_is_one_character_and_none_is_longer_than_a_character_may_be():
    emoji = _LIST.read_text("utf-8").splitlines()

    assert all(length(each) == 1 and find_emoji(each) == each for each in emoji)
    assert max(map(len, emoji)) <= CODE_POINTS_EACH


@pytest.mark.parametrize("character", ["x", "é", "e\u0301", FAMILY, "👩🏽‍❤️‍💋‍👨🏽", "🇵🇱", "\r\n", "नि"])
def test_a_text_may_have_as_many_characters_as_its_limit(character):
    assert fits(200, character * 200)
    assert not fits(200, character * 201)


def test_a_limit_is_for_all_texts_together():
    assert fits(3, "ab", "c")
    assert not fits(3, "ab", "cd")


def test_a_character_may_be_large_but_not_endless():
    assert fits(1, "a" + "\u0301" * 9)
    assert not fits(1, "a" + "\u0301" * 10)
    assert fits(10_000_000, "é" * (MOST_BYTES // 2))
    assert not fits(10_000_000, "é" * (MOST_BYTES // 2 + 1))


@pytest.mark.parametrize("piece", [
    "🇩", "🇩🇪", "a🇩", "\u0600🇩", "\u0301", "\u200d", "👩\u200d", "👩\u0301\u200d", "क\u094d", "\u094d", "\u0600",
    "\u1100", "👍🏽", "\ufe0f", "\u0e33", "\r\n", "é", "\ud800",
])
def test_counting_takes_no_longer_than_the_text_is(piece):
    length("é" + piece * 10)

    assert grows_less_than(30, length, "é" + piece * 20_000, "é" + piece * 160_000), "eight times the text"
