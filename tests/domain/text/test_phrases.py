"""Which texts have a phrase."""

import random
import re

import pytest

from chalicelib.domain.text import fold
from chalicelib.domain.text.phrases import have_any
from tests.quickness import grows_less_than


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.mark.parametrize(("phrase", "text", "found"), [
    ("cat", "a cat.", True), ("cat", "cats", False), ("cat", "bobcat", False), ("cat", "CAT", True),
    (".", "a.b", False), (".", "a . b", True), ("..", " ...", True), ("(", "x (y", False), (" ", ". .", True),
    ("_", "a_b", False), ("é", "e\u0301", True), ("\\g<0>", "a \\g<0> b", True),
    ("日本", "日本語", False), ("a\nb", "a\nb", True),
])
def test_a_phrase_is_found_between_the_ends_of_words(phrase, text, found):
    assert have_any([text], [phrase]) is found
    assert have_any(["other", text, ""], ["nothing", phrase]) is found


def test_it_is_found_where_an_expression_would_find_it():
    chance = random.Random(7)
    for _ in range(5_000):
        text = "".join(chance.choices("ab .-", k=chance.randrange(12)))
        phrase = "".join(chance.choices("ab .-", k=chance.randrange(1, 5)))
        expected = re.search(rf"(?<!\w){re.escape(fold(phrase))}(?!\w)", fold(text)) is not None

        assert have_any([text], [phrase]) is expected, (text, phrase)


@pytest.mark.parametrize(("piece", "phrase"), [
    ("a", "a" * 2_000), (".", "." * 1_999 + "a"), ("a.", "a." * 1_000 + "b"), ("a ", " a" * 1_000), (" ", "  "),
    ("e\u0301", "é" * 255), ("-a", "-a" * 999 + "-"),
])
def test_looking_takes_no_longer_than_the_text_is(piece, phrase):
    def look(text):
        have_any([text], [phrase] * 20)

    assert grows_less_than(30, look, piece * 5_000 + "x", piece * 40_000 + "x"), "eight times the text"
