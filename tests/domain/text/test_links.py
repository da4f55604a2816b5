"""Which stretches of a text are links, mentions and hashtags."""

import pytest

from chalicelib.domain.text import Mentioned, format_status
from chalicelib.domain.text.recognise import find

BASE = "https://kenoma.example"


def found(text, kind):
    return [text[piece.start : piece.end] for piece in find(text) if piece.kind == kind]


@pytest.mark.parametrize(
    "link",
    [
        "https://one.example",
        "http://one.example/",
        "HTTPS://ONE.EXAMPLE/A",
        "https://one.example:8080/a/b?c=d&e[]=f#g",
        "https://user:word@one.example/",
        "http://localhost:4000/x",
        "http://127.0.0.1/",
        "http://[::1]/x",
        "https://one.example/@bob",
        "https://one.example/@bob#cofe",
        "https://en.one.example/wiki/A_(b)",
        "https://one.example/日本語/नमस्ते",
        "https://例え.jp/x",
        "https://one.example/a,b;c:d!e'f*g~h",
        "dat://x",
        "dweb://x",
        "gopher://one.example/1",
        "hyper://x",
        "ipfs://x",
        "ipns://x",
        "irc://one.example/room",
        "ircs://one.example/room",
        "mumble://one.example",
        "ssb://x",
        "magnet:?xt=urn:btih:x&dn=y",
        "mailto:bob@one.example",
        "xmpp:bob@one.example?join",
    ],
)
def test_an_address_with_a_scheme_is_a_link(link):
    assert found(link, "link") == [link]
    assert found(f"see ({link}), and so on", "link") == [link]


@pytest.mark.parametrize(
    "link",
    [
        "one.com",
        "www.one.com",
        "one.com/",
        "one.co.uk/a?b#c",
        "ONE.COM",
        "one.com:8080/x",
        "one.com?a=b",
        "例え.jp",
        "пример.рф",
        "one.xn--p1ai",
        "one.com/@bob",
    ],
)
def test_a_bare_host_is_a_link_to_http(link):
    pieces = list(find(f"see {link} now"))

    assert [(piece.kind, piece.value) for piece in pieces] == [("link", f"http://{link}")]


@pytest.mark.parametrize(
    "text",
    [
        "no links here",
        "one.notatld",
        "1.2.3",
        "127.0.0.1",
        "e.g. this",
        "bob@one.com",
        "me.info@one.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x",
        "xhttps://",
        "http://",
        "https://?",
        "https://...",
        "mailto:",
        "mailto:bob",
        "magnet:",
        "..com",
        "a..com",
        "-",
        ".",
        "::",
        "://one",
        "\u202egro.elpmaxe",
    ],
)
def test_what_only_looks_like_an_address_stays_text(text):
    assert found(text, "link") == []


@pytest.mark.parametrize("sign", [*",.;:>?!", ")", "]", '"', "'", "...", "!?", "),", "”", "»", "。", "」"])
def test_the_end_of_a_sentence_is_outside_of_the_link(sign):
    assert found(f"https://one.example/a{sign}", "link") == ["https://one.example/a"]
    assert found(f"one.com/a{sign}", "link") == ["one.com/a"]


@pytest.mark.parametrize("after", ["'s", "…", "—", "–x", "—x", "😀", "❤️", "*", "**", "~", "_", ";", ",", "=", "|", "^",
                                   "؟", "،", "।", "&x", "+", "$", "%", "`", "{", '"x"', ",@bob", ";x", "(x)", "!", "™"])
@pytest.mark.parametrize("host", ["https://site.example", "http://[::1]:80", "https://localhost:4000", "site.com",
                                  "https://नमस्ते.भारत", "mailto:bob@site.example", "dat://site.example:80"])
def test_a_host_ends_where_no_host_goes_on(host, after):
    assert found(f"{host}{after} x", "link")[:1] == [host]


@pytest.mark.parametrize("path", [
    "/x^2", "/a|b", "/{id}/x", "/{id}", '/"q"/x', '/?q="x"', "/`x`/y", "/a'b", "/Bose–Einstein", "/Россия_—_Армения",
    "/a[b]c", "/a(b)(c)", "/a*b*", "/a_b_", "/a~", "?a[]=b|c", "#{x}", "/باريس،_تكساس", "/❤️/x",
])
@pytest.mark.parametrize("host", ["https://site.example", "site.com"])
def test_a_path_may_have_almost_any_character(host, path):
    assert found(f"see {host}{path} now", "link") == [host + path]


@pytest.mark.parametrize("after", ["…", "—", "–", "؟", "،", "।", "。", "۔", "\u061b", "\u17d4", "—which", "…more", '"',
                                   "`", "}", "|", "\u200d", ".”", '")', "…)"])
@pytest.mark.parametrize("host", ["https://site.example", "site.com"])
def test_the_sentence_goes_on_outside_of_a_path(host, after):
    assert found(f"{host}/a{after} x", "link") == [f"{host}/a"]


@pytest.mark.parametrize(("text", "links"), [
    ('{"a":"https://one.example/x","b":"https://two.example/y"}', ["https://one.example/x", "https://two.example/y"]),
    ("[no=https://one.example/x]t[/no]", ["https://one.example/x"]),
    ("`https://one.example/x`y", ["https://one.example/x"]),
    ("(https://one.example/x)(https://two.example/y)", ["https://one.example/x", "https://two.example/y"]),
    ("[https://one.example/x](https://two.example/y)", ["https://one.example/x", "https://two.example/y"]),
    ("*https://one.example/x* _https://two.example/y_", ["https://one.example/x", "https://two.example/y"]),
])
def test_what_encloses_an_address_ends_it(text, links):
    assert found(text, "link") == links


def test_a_link_shows_what_was_typed():
    shown = format_status("One.com/a?b&c, \"https://one.example/'x'y\"", "text/plain", people={}, base_url=BASE)

    assert shown.html == (
        '<a href="http://One.com/a?b&amp;c" rel="ugc">One.com/a?b&amp;c</a>, '
        '&quot;<a href="https://one.example/&#39;x&#39;y" rel="ugc">https://one.example/&#39;x&#39;y</a>&quot;'
    )


def test_a_link_needs_no_space_before_it_where_people_write_none():
    assert found("見てhttps://one.example/。", "link") == ["https://one.example/"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bob", ["@bob"]),
        ("(@bob)", ["@bob"]),
        (".@bob", ["@bob"]),
        ("@bob's", ["@bob"]),
        ("@bob, @al-ice_9.", ["@bob", "@al-ice_9"]),
        ("@bob\n@bob", ["@bob", "@bob"]),
        ("@bob@one.example", ["@bob@one.example"]),
        ("@bob@one.example.", ["@bob@one.example"]),
        ("@bob@localhost:4000", ["@bob@localhost:4000"]),
        ("@bob@例え.jp", ["@bob@例え.jp"]),
        ("@123", ["@123"]),
        ("@bób", ["@b"]),
        ("@@bob", []),
        ("@", []),
        ("@ bob", []),
        ("bob@one", []),
        ("bob@one.example", []),
        ("x@bob", []),
        ("https://one.example/@bob", []),
        ("one.com/@bob", []),
        ("one.notatld/@bob", []),
    ],
)
def test_a_mention_is_an_at_and_a_name(text, names):
    assert found(text, "mention") == names


def test_a_name_that_nobody_has_stays_text():
    shown = format_status("@nobody @bob@elsewhere.com", "text/plain", people={}, base_url=BASE)

    assert shown.html == "@nobody @bob@elsewhere.com"
    assert shown.mentions == []


def test_a_mention_shows_the_name_as_typed_without_its_host():
    zed = Mentioned("1&", "zed@two.example", "zed", 'https://two.example/"zed"')

    shown = format_status("@ZED@Two.Example", "text/plain", people={"zed@two.example": zed}, base_url=BASE)

    assert shown.html == (
        '<span class="h-card"><a class="u-url mention" data-user="1&amp;" href="https://two.example/&quot;zed&quot;"'
        ' rel="ugc">@<span>ZED</span></a></span>'
    )


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#cofe", ["cofe"]),
        ("#Cofe", ["cofe"]),
        ("#2hu", ["2hu"]),
        ("#123", []),
        ("#1_", ["1_"]),
        ("#_", ["_"]),
        ("#·", []),
        ("#", []),
        ("# cofe", []),
        ("##cofe", []),
        ("a#cofe", []),
        ("(#cofe)", ["cofe"]),
        ("#a-b", ["a"]),
        ("#a.b", ["a"]),
        ("#a's", ["a"]),
        ("#a/#b", ["a", "b"]),
        ("#a #b\n#c", ["a", "b", "c"]),
        ("#col·lecció", ["col·lecció"]),
        ("#ÉCOLE", ["école"]),
        ("#日本語。", ["日本語"]),
        ("#नमस्ते", ["नमस्ते"]),
        ("#e\u0301te\u0301", ["été"]),
        ("#می\u200cخواهم", ["می\u200cخواهم"]),
        ("#می\u200c خواهم", ["می"]),
        ("#ශ්\u200dරී", ["ශ්\u200dරී"]),
        ("#क्\u200dष", ["क्\u200dष"]),
        ("#ジョン・スミス", ["ジョン・スミス"]),
        ("#ｼﾞｮﾝ･ｽﾐｽ", ["ジョン・スミス"]),
        ("#བོད་ཡིག་", ["བོད་ཡིག"]),
        ("#צה״ל", ["צה״ל"]),
        ("#col·", ["col"]),
        ("#a··b", ["a"]),
        ("＃cofe", ["cofe"]),
        ("##cofe ＃＃cofe a＃cofe", []),
        ("#Ｃｏｆｅ ＃ﬁne", ["cofe", "fine"]),
        ("#Straße #STRASSE", ["strasse", "strasse"]),
        ("#１２３", []),
        ("#a" + "b" * 600, ["a" + "b" * 499]),
        ("#العربية", ["العربية"]),
        ("#x\u202ey", ["x"]),
        ("#️⃣", []),
        ("#👍", []),
        ("https://one.example/#cofe", []),
        ("one.com#cofe", []),
    ],
)
def test_a_hashtag_has_letters_of_any_script(text, tags):
    assert [piece.value for piece in find(text) if piece.kind == "hashtag"] == tags


def test_a_hashtag_shows_what_was_typed_and_leads_to_lower_case():
    shown = format_status("#ÉCole", "text/plain", people={}, base_url=BASE)

    assert shown.html == '<a class="hashtag" data-tag="école" href="https://kenoma.example/tag/école">#ÉCole</a>'
