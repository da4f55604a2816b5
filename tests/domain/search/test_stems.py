"""Words and stems, queries, hashtags, likeness: what a search makes of a text before it reads anything."""


import pytest

from chalicelib.domain.search.likeness import likeness
from chalicelib.domain.search.queries import MOST_ALTERNATIVES, MOST_WORDS, Alternative, alternatives, hashtags
from chalicelib.domain.search.stems import LONGEST_STEM, MOST_STEMS, STOP_WORDS, stem, stems, words, words_of_name
from tests.quickness import takes_less_than


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


# Words.


@pytest.mark.parametrize(("text", "found"), [
    ("Hello, WORLD!", ["hello", "world"]),
    ("", []),
    ("... !? --- ___", []),
    ("snake_case kebab-case it's", ["snake", "case", "kebab", "case", "it", "s"]),
    ("2hu 3.14", ["2hu", "3", "14"]),
    ("Straße CAFÉ Ελλάδα привет", ["strasse", "cafe", "ελλαδα", "привет"]),
    ("cafe\u0301 ｆｕｌｌ", ["cafe", "full"]),
    ("日本語", ["日本語"]),
    ("Pythonの入門カフェー。はい", ["python", "の入門カフェー", "はい"]),
    ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
    ("naïve nai\u0308ve NAÏVE", ["naive", "naive", "naive"]),
    ("Ångström Łódź straße Zürich ñandú Øresund", ["angstrom", "lodz", "strasse", "zurich", "nandu", "oresund"]),
    ("Đồng Việt phở", ["dong", "viet", "pho"]),
    ("İstanbul ılık ŞEKER", ["istanbul", "ilik", "seker"]),
    ("Æther œuvre þorn ðat Ǽ", ["aether", "oeuvre", "thorn", "dat", "ae"]),
    ("ɓaƙo ħobż Čeština x\u030cy", ["bako", "hobz", "cestina", "xy"]),
    ("Αθήνα ΐδιος ἄνθρωπος ΣΊΣΥΦΟΣ", ["αθηνα", "ιδιοσ", "ανθρωποσ", "σισυφοσ"]),
    ("Ёлка за\u0301мок", ["елка", "замок"]),
    ("мой їжа Ўсё қазақ", ["мой", "їжа", "ўсе", "қазақ"]),
    ("कि के कु", ["कि", "के", "कु"]),
    ("ที่ ชื่อ", ["ที่", "ชื่อ"]),
    ("שָׁלוֹם مُحَمَّد", ["שָׁלוֹם", "مُحَمَّد"]),
    ("が か パ ハ", ["が", "か", "パ", "ハ"]),
    ("thé the Là nó", ["thé", "the", "la", "nó"]),
    ("한국어 말", ["한국어", "말"]),
    ("I ❤️ 1️⃣ co\u00adoperation", ["i", "1", "cooperation"]),
    ("https://one.example/a?b=c", ["https", "one", "example", "a", "b", "c"]),
    ("@bob #Cats", ["bob", "cats"]),
])
def test_a_text_has_these_words(text, found):
    assert words(text) == found


@pytest.mark.parametrize(("word", "expected"), [
    ("cats", "cat"), ("running", "run"), ("conversations", "convers"), ("the", None), ("日本語", "日本語"),
    ("привет", "привет"), ("2hu", "2hu"), ("x" * 900, "x" * LONGEST_STEM),
])
def test_a_word_has_this_stem(word, expected):
    assert stem(word) == expected


def test_words_of_one_root_have_one_stem():
    assert len({stem(word) for word in ("connect", "connected", "connecting", "connection", "connections")}) == 1


def test_a_text_has_each_stem_once_without_words_that_stand_everywhere():
    assert stems("The cats and the cat were running") == ["cat", "run"]
    assert stems("it was not to be") == []


def test_words_without_a_stem_are_words():
    assert all(words(word) == [word] for word in STOP_WORDS)


def test_what_only_an_accent_tells_from_a_word_that_stands_everywhere_has_a_stem():
    assert stems("the thé") == ["thé"]


def test_words_of_names_lose_every_accent():
    assert words_of_name("Thé Mỹ É") == ["the", "my", "e"]


def test_a_text_has_a_hundred_stems_at_most():
    assert len(stems(" ".join(f"word{number}" for number in range(500)))) == MOST_STEMS


# Queries.


def test_words_side_by_side_are_all_wanted():
    assert alternatives("Running  CATS, the cat") == [Alternative(("run", "cat"))]


def test_a_phrase_is_wanted_in_its_order():
    assert alternatives('"raining cats and dogs"') == [
        Alternative(("rain", "cat", "dog"), phrases=(("rain", "cat", None, "dog"),))
    ]


@pytest.mark.parametrize(("text", "has_it"), [
    ("It was raining cats and dogs!", True), ("raining CATS or dogs", True), ("raining cats, dogs", False),
    ("dogs and cats raining", False), ("raining cats and", False), ("", False),
])
def test_a_phrase_stands_in_these_texts(text, has_it):
    (alternative,) = alternatives('"raining cats and dogs"')

    assert alternative.phrases_match(text) is has_it


def test_a_phrase_of_one_word_is_a_word():
    assert alternatives('"cats" "the dogs"') == [Alternative(("cat", "dog"))]


def test_a_phrase_that_is_not_closed_goes_to_the_end():
    assert alternatives('"big cats') == [Alternative(("big", "cat"), phrases=(("big", "cat"),))]


def test_or_separates_alternatives_and_binds_less():
    assert alternatives("big cats OR dogs") == [Alternative(("big", "cat")), Alternative(("dog",))]
    assert alternatives("or cats or or") == [Alternative(("cat",))]
    assert alternatives('"cats or dogs"') == [Alternative(("cat", "dog"), phrases=(("cat", None, "dog"),))]


def test_a_dash_says_what_is_not_wanted():
    assert alternatives("cats -dogs") == [Alternative(("cat",), without_stems=("dog",))]
    assert alternatives('cats -"big dogs"') == [Alternative(("cat",), without_phrases=(("big", "dog"),))]
    assert alternatives("cats -well-known") == [Alternative(("cat",), without_phrases=(("well", "known"),))]


def test_a_dash_within_a_word_separates_and_one_alone_says_nothing():
    assert alternatives("accident-prone") == [Alternative(("accid", "prone"))]
    assert alternatives("cats - dogs") == [Alternative(("cat", "dog"))]


def test_an_unwanted_phrase_spares_texts_that_have_its_words_apart():
    (alternative,) = alternatives('cats -"big dogs"')

    assert alternative.phrases_match("cats and dogs, all big")
    assert not alternative.phrases_match("cats and a big dog")


@pytest.mark.parametrize("query", [
    "", "   ", "-dogs", "the", '""', '"', "-", "---", "or", "!?", '-"a b"', "( ) & | : *",
])
def test_what_names_nothing_to_look_for_asks_nothing(query):
    assert alternatives(query) == []


def test_what_is_asked_is_bounded():
    assert len(alternatives(" or ".join(f"word{number}" for number in range(500)))) == MOST_ALTERNATIVES
    (alternative,) = alternatives(" ".join(f"word{number}" for number in range(500)))
    assert len(alternative.stems) == MOST_WORDS


@pytest.mark.parametrize("query", [
    "-" * 10_000, '"' * 10_000, "- " * 5000, '-"' * 5000, "a" * 10_000, "a " * 5000, '"' + "a1 " * 3000, "or " * 3000,
    "(.*)+" * 2000, "\u0301" * 10_000, "日" * 10_000, "ﷺ" * 5000, "\\" * 10_000, "#" * 10_000, "http://" * 1500,
])
def test_hostile_queries_take_no_time(query):
    stem("warm")
    text = "a1 " * 1600

    def work():
        for alternative in alternatives(query):
            alternative.phrases_match(text)
        hashtags(query)

    assert takes_less_than(0.5, work)


# Hashtags.


@pytest.mark.parametrize(("query", "tags"), [
    ("john doe", ["john", "doe", "JohnDoe"]),
    ("accident-prone", ["accident", "prone", "AccidentProne"]),
    ("2hu", ["2hu"]),
    ("cats", ["cats"]),
    ("#cats and #dogs", ["cats", "dogs"]),
    ("##cats", ["cats"]),
    ("x y X", ["x", "y", "XY"]),
    ("#Cats #cats", ["Cats"]),
    ("snake_case", ["snake_case"]),
    ("jOHN dOE", ["jOHN", "dOE", "JohnDoe"]),
    ("Äpfel ÄPFEL", ["Äpfel"]),
    ("日本 語", ["日本", "語", "日本語"]),
    ("हिन्दी", ["हिन्दी"]),
    ("＃cats", ["cats"]),
    ("#می\u200cخواهم", ["می\u200cخواهم"]),
    ("#ｃａｔｓ #cats", ["ｃａｔｓ"]),
    ("#", []),
    ("!?", []),
    ("", []),
    ("https://one.example/users/alice", ["alice"]),
    ("https://one.example/a/cat-dog/", ["cat", "dog", "CatDog"]),
    ("look: http://one.example/some/cat?x=dog#top", ["cat"]),
    ("https://one.example", []),
    ("https://one.example/", []),
])
def test_a_query_names_these_hashtags(query, tags):
    assert hashtags(query) == tags


# Likeness.


def test_likeness_is_one_for_the_same_and_nothing_for_strangers():
    assert likeness("alice", "Alice") == 1
    assert likeness("alice", "bob") == 0
    assert likeness("", "") == likeness("!", "alice") == 0


def test_likeness_grows_with_what_is_in_common():
    assert likeness("ali", "alice") < likeness("alic", "alice") < 1
    assert likeness("alice", "alicesmith") < likeness("alice", "alice smith") < 1


def test_likeness_is_the_share_of_pieces_of_three():
    assert likeness("word", "two words") == pytest.approx(4 / 11)  # as `similarity` of PostgreSQL says
