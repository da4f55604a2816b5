"""Exactly one emoji, or none."""

import pytest

from chalicelib.domain.text import is_emoji
from chalicelib.domain.text.unicode_emoji import _fully_qualified
from infra.generate_emoji import fully_qualified


@pytest.mark.parametrize(
    "text",
    [
        "☕",
        "❤\ufe0f",
        "👍🏽",
        "🏳\ufe0f\u200d🌈",
        "🇵",
        "🇦",
        "🇿",
        "🇵🇱",
        "👍",
        "👨‍👩‍👧‍👦",
        "1\ufe0f\u20e3",
        "™\ufe0f",
        "☺\ufe0f",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🔥",
    ],
)
def test_a_fully_qualified_emoji_is_one(text):
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text",
    [
        "❤",
        "x",
        ".",
        "1",
        "#",
        "*",
        "",
        " ",
        "\n",
        "☕☕",
        "☕ ",
        "☕\ufe0f",
        "☕x",
        ":firefox:",
        "firefox",
        "™",
        "©",
        "☺",
        "🏽",
        "🦰",
        "\ufe0f",
        "\u200d",
        "👍🏽🏽",
        "🏳\u200d🌈",
        "🇵🇵",
        "\ud83d",
        "\x00",
    ],
)
def test_anything_else_is_none(text):
    assert not is_emoji(text)


def test_the_list_shipped_is_the_one_its_source_gives():
    assert _fully_qualified() == set(fully_qualified())


def test_the_list_is_of_unicode_13_1_or_later():
    assert len(_fully_qualified()) >= 3512
    assert is_emoji("❤\ufe0f\u200d🔥")
