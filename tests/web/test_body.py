"""Bodies and queries of every form become the same fields."""

from __future__ import annotations

import pytest

from chalicelib.domain.refusals import BadRequest
from chalicelib.web.body import DEEPEST, MOST_FIELDS, Repeated, SentFile, nest, read_body, read_query
from tests.web.calling import multipart

FORM = "application/x-www-form-urlencoded"


def pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split("&"))]


@pytest.mark.parametrize(("text", "fields"), [
    ("a=1&b=", {"a": "1", "b": ""}),
    ("a[]=1&a[]=2", {"a": ["1", "2"]}),
    ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
    ("poll[options][]=x&poll[options][]=y&poll[expires_in]=60", {"poll": {"options": ["x", "y"], "expires_in": "60"}}),
    ("f[0][name]=n&f[0][value]=v&f[1][name]=m", {"f": {"0": {"name": "n", "value": "v"}, "1": {"name": "m"}}}),
    ("f[][name]=n&f[][value]=v&f[][name]=m", {"f": [{"name": "n", "value": "v"}, {"name": "m"}]}),
    ("s[keys][auth]=k", {"s": {"keys": {"auth": "k"}}}),
    ("a[b=1&a]=2&[c]=3&a[b]c=4&a[[b]]=5", {"a[b": "1", "a]": "2", "[c]": "3", "a[b]c": "4", "a[[b]]": "5"}),
    ("a=1&a[b]=2", {"a": {"b": "2"}}),
    ("a[b]=1&a=2", {"a": "2"}),
    ("a[b]=1&a[]=2", {"a": ["2"]}),
    ("a[][]=1&a[][]=2", {"a": [["1", "2"]]}),
])
def test_bracketed_names_build_maps_and_lists(text, fields):
    assert nest(pairs(text)) == fields


def test_a_bare_name_that_repeats_keeps_every_value():
    fields = nest(pairs("id=1&id=2&id=3"))

    assert fields["id"] == ["1", "2", "3"]
    assert type(fields["id"]) is Repeated


def test_query_form_and_multipart_nest_alike():
    wanted = {"a": {"b": ["é 1"]}}
    body, kind = multipart(("a[b][]", "é 1".encode()))

    assert read_query({"a[b][]": ["é 1"]}) == wanted
    assert read_body(b"a%5Bb%5D%5B%5D=%C3%A9+1", FORM) == wanted
    assert read_body(body, kind) == wanted


def test_json_names_are_only_names():
    assert read_body(b'{"a[b]": 1, "c": {"d": [null]}}', "application/json; charset=utf-8") == {
        "a[b]": 1, "c": {"d": [None]}}


@pytest.mark.parametrize("body", [b"[1,2]", b'"text"', b"3", b"null", b"   "])
def test_a_json_body_that_is_no_object_has_no_fields(body):
    assert read_body(body, "application/json") == {}


def test_an_empty_body_of_any_type_has_no_fields():
    for kind in ("application/json", FORM, "multipart/form-data; boundary=x", "multipart/form-data", ""):
        assert read_body(b"", kind) == {}


@pytest.mark.parametrize(("body", "fields"), [
    (b'{"a": 1}', {"a": 1}), (b"a=1", {"a": "1"}), (b'\n {"a": 1}', {"a": 1}), (b"{a=1", {"{a": "1"}),
])
def test_without_a_content_type_the_body_tells(body, fields):
    assert read_body(body, "") == fields


def test_the_last_of_two_equal_json_names_counts():
    assert read_body(b'{"a": 1, "a": 2}', "application/json") == {"a": 2}


def test_other_types_carry_no_fields():
    assert read_body(b"\x89PNG\xff", "image/png") == {}


@pytest.mark.parametrize("body", [
    b"{", b'{"a": 1,}', b"{'a': 1}", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e400}', b'{"a": "\xff"}',
    b'{"a": "\\ud800"}', b'{"\\udfff": 1}', b'{"a": ' + b"9" * 5000 + b"}", b'{"a"', b"\xff\xfe{\0}\0",
    b'{"a":' + b"[" * 100_000, b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", b'{"a":' * 40 + b"1" + b"}" * 40,
])
def test_json_that_cannot_be_read_is_refused(body):
    with pytest.raises(BadRequest, match=r"^Bad request$"):
        read_body(body, "application/json")


@pytest.mark.parametrize("body", [
    b"a=%ff", b"a=\xff", b"a" + b"[b]" * (DEEPEST + 1) + b"=1", b"&".join([b"a=1"] * (MOST_FIELDS + 1)),
])
def test_forms_that_cannot_be_read_are_refused(body):
    with pytest.raises(BadRequest):
        read_body(body, FORM)


def test_odd_but_readable_forms_are_read():
    assert read_body(b"a=%zz&&=x&b", FORM) == {"a": "%zz", "": "x", "b": ""}


def test_deep_but_bounded_json_is_read():
    assert read_body(b'{"a":' + b"[" * 20 + b"]" * 20 + b"}", "application/json")["a"]
    assert len(read_body(b'{"a":[' + b",".join([b"[]"] * 999) + b"]}", "application/json")["a"]) == 999


def test_surrogate_pairs_are_one_character():
    assert read_body(b'{"a": "\\ud83d\\ude00"}', "application/json") == {"a": "😀"}


def test_a_file_arrives_with_name_type_and_bytes():
    body, kind = multipart(("file", b"\x89PNG\r\n\x00\xff", "ä.png", "image/png"), ("description", b"a cat"))

    assert read_body(body, kind) == {
        "file": SentFile("ä.png", "image/png", b"\x89PNG\r\n\x00\xff"), "description": "a cat"}


def test_a_file_far_over_the_librarys_own_limits_stays_in_memory():
    data = b"x" * 12_000_000
    body, kind = multipart(("file", data, "big.bin", "application/octet-stream"))

    assert read_body(body, kind)["file"].data == data


def test_toots_odd_part_type_is_taken_as_it_is():
    body, kind = multipart(("file", b"data", "a.png", "('image/png', None)"))

    assert read_body(body, kind)["file"].data == b"data"


def test_a_file_field_left_empty_is_absent():
    body, kind = multipart(("avatar", b"", "", "application/octet-stream"), ("note", b""))

    assert read_body(body, kind) == {"note": ""}


def test_an_encoded_file_name_is_decoded():
    head = b"--e\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''caf%C3%A9.png\r\n"
    body = head + b"Content-Type: image/png\r\n\r\n\xff\r\n--e--\r\n"

    assert read_body(body, "multipart/form-data; boundary=e") == {"file": SentFile("café.png", "image/png", b"\xff")}


def test_bytes_without_a_file_name_are_a_file_by_their_type():
    body = b'--e\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\n\r\n\xff\r\n--e--\r\n'

    assert read_body(body, "multipart/form-data; boundary=e") == {"f": SentFile("", "image/png", b"\xff")}


def test_a_text_part_may_name_its_charset():
    head = b'--e\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\n'

    assert read_body(head + b"\xe9\r\n--e--\r\n", "multipart/form-data; boundary=e") == {"a": "é"}


@pytest.mark.parametrize(("body", "kind"), [
    (b"--edge\r\n", "multipart/form-data; boundary=edge"),
    (b"no boundary at all", "multipart/form-data; boundary=edge"),
    (b"--edge--\r\n", "multipart/form-data"),
    (b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf", "multipart/form-data; boundary=edge"),
    (b"--edge\r\n\r\nnameless\r\n--edge--\r\n", "multipart/form-data; boundary=edge"),
    (b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--edge--\r\n",
     "multipart/form-data; boundary=edge"),
    (b"--edge\r\nContent-Disposition: form-data; name=\"a\xff\"\r\n\r\nx\r\n--edge--\r\n",
     "multipart/form-data; boundary=edge"),
    (b"--edge\r\n" + b"X-A: b\r\n" * 50 + b"\r\nx\r\n--edge--\r\n", "multipart/form-data; boundary=edge"),
])
def test_multipart_that_cannot_be_read_is_refused(body, kind):
    with pytest.raises(BadRequest):
        read_body(body, kind)


def test_a_multipart_body_of_too_many_parts_is_refused():
    body, kind = multipart(*[("a[]", b"1")] * (MOST_FIELDS + 1))

    with pytest.raises(BadRequest):
        read_body(body, kind)


def test_a_query_with_a_lone_surrogate_is_refused():
    with pytest.raises(BadRequest):
        read_query({"a": ["\ud800"]})


def test_no_query_is_no_fields():
    assert read_query(None) == read_query({}) == {}
