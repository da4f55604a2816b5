"""Parameters: what each type takes, and the words of every refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest

from chalicelib.web.auth import admin as admin_only
from chalicelib.web.auth import public
from chalicelib.web.body import SentFile
from chalicelib.web.endpoint import endpoint
from chalicelib.web.kinds import UNKNOWN_ID
from chalicelib.web.params import (
    DateTime,
    Flag,
    FlakeId,
    Flat,
    Loose,
    MaxLength,
    MinItems,
    MinLength,
    Named,
    StrictFlag,
    StrictList,
)
from tests.web.calling import Answer, Site, multipart

ABSENT = "absent"


@dataclass
class Poll:
    options: list[str]
    expires_in: int | None = None
    multiple: Flag = False


@dataclass
class Keys:
    auth: str


@dataclass
class Subscription:
    endpoint: str
    keys: Keys


@dataclass
class NewStatus:
    status: str | None = None
    visibility: Literal["public", "direct"] | None = None
    media_ids: list[FlakeId] = field(default_factory=list)
    poll: Poll | None = None


def reading(annotation: Any, *, required: bool = False) -> Site:
    """A site with one endpoint, which shows what its parameter `x` became."""
    def shown(x: Any = ABSENT) -> Any:
        return x if isinstance(x, (str, int, float, list, dict, type(None))) else repr(x)

    def wanted(x: Any) -> Any:
        return shown(x)

    function = wanted if required else shown
    function.__annotations__ = {"x": annotation, "return": Any}
    endpoint("POST", "/x", auth=public())(function)
    return Site()


def sent(site: Site, value: Any) -> Answer:
    return site.post("/x", json={"x": value})


@pytest.mark.parametrize(("annotation", "value", "read"), [
    (str, "a", "a"), (str, "", ""), (str, "ünï 😀", "ünï 😀"),
    (int, 5, 5), (int, "5", 5), (int, "-7", -7), (int, 2**63 - 1, 2**63 - 1),
    (float, 1.5, 1.5), (float, "1.5", 1.5), (float, 2, 2.0),
    *[(Flag, value, False) for value in (False, 0, "0", "f", "F", "false", "False", "FALSE", "off", "OFF", "")],
    *[(Flag, value, True) for value in (True, 1, 2, "1", "t", "no", "on", "n", "fAlse", " ")],
    (StrictFlag, True, True), (StrictFlag, "true", True), (StrictFlag, "false", False), (StrictFlag, False, False),
    (Literal["a", "b"], "b", "b"),
    (list[str], ["a", ""], ["a", ""]), (list[str], "a", ["a"]), (list[int], ["1", 2], [1, 2]), (list[int], 3, [3]),
    (list[str], {"1": "b", "0": "a", "10": "c"}, ["a", "b", "c"]),
    (list[Literal["a", "b"]], ["b", "z", 3, None, ["a"]], ["b"]), (list[Literal["a", "b"]], "z", []),
    (list[dict[str, Any]], [{"a": 1}], [{"a": 1}]),
    (dict[str, Any], {"a": [1]}, {"a": [1]}), (dict[str, Flag], {"a": "0", "b": 1}, {"a": False, "b": True}),
    (str | int, 5, 5), (str | int, "5", "5"),
    (FlakeId, "9xyzABC000000000aa", "9xyzABC000000000aa"), (FlakeId, 17, "17"),
    (Any, [None], [None]),
    (Loose[str], "a", "a"), (Loose[str], ["a"], None), (Loose[str], "\0", None), (Loose[int], "x", None),  # type: ignore[misc]
    (Loose[int], "4", 4), (Loose[Flag], [], None), (Loose[list[str]], {"a": 1}, None),  # type: ignore[misc]
    (Annotated[str, MaxLength(3), MinLength(2)], "äöü", "äöü"),
])
def test_values_are_read_by_type(site, annotation, value, read):
    assert sent(reading(annotation), value).json == read


@pytest.mark.parametrize(("annotation", "value", "sentence"), [
    (str, 5, "x - Invalid string. Got: integer."), (str, ["a"], "x - Invalid string. Got: array."),
    (str, {}, "x - Invalid string. Got: object."), (str, True, "x - Invalid string. Got: boolean."),
    (str, 1.5, "x - Invalid string. Got: number."),
    *[(int, value, "x - Invalid integer. Got: string.")
      for value in ("five", "", "1.0", "٣", "1e3", " 1", "0x1", "9" * 40)],
    (int, 1.0, "x - Invalid integer. Got: number."), (int, True, "x - Invalid integer. Got: boolean."),
    (int, 10**30, "x - Invalid integer. Got: integer."), (int, [1], "x - Invalid integer. Got: array."),
    (float, "1.", "x - Invalid number. Got: string."), (float, True, "x - Invalid number. Got: boolean."),
    (Flag, [], "x - Invalid boolean. Got: array."), (Flag, {"a": 1}, "x - Invalid boolean. Got: object."),
    *[(StrictFlag, value, "x - Invalid boolean. Got: string.") for value in ("2", "on", "True", "")],
    (StrictFlag, 1, "x - Invalid boolean. Got: integer."),
    (Literal["a"], "z", "z - Invalid value for enum."), (Literal["a"], "", " - Invalid value for enum."),
    (Literal["a"], 3, "x - Invalid string. Got: integer."),
    (Literal["a"], "z" * 500, "z" * 100 + " - Invalid value for enum."),
    (list[int], ["1", "b", {}], "1 - Invalid integer. Got: string. 2 - Invalid integer. Got: object."),
    (list[str], [None], "0 - null value where string expected."),
    (list[str], {"a": "b"}, "x - Invalid array. Got: object."), (list[str], {}, "x - Invalid array. Got: object."),
    (StrictList[str], "a", "x - Invalid array. Got: string."),
    (dict[str, Any], [], "x - Invalid object. Got: array."), (dict[str, int], {"k": "v"},
                                                              "k - Invalid integer. Got: string."),
    (str | int, [], "x - Invalid string. Got: array."),
    (FlakeId, [], "x - Invalid string. Got: array."),
    (DateTime, "tomorrow", 'x - Invalid format. Expected :"date-time".'),
    (DateTime, "2030-01-01", 'x - Invalid format. Expected :"date-time".'),
    (DateTime, "0001-01-01T00:00:00+14:00", 'x - Invalid format. Expected :"date-time".'),
    (DateTime, 5, "x - Invalid string. Got: integer."),
    (SentFile, "text", "x - Invalid string. Got: string."),
    (Annotated[str, MaxLength(3)], "four", "x - String length is larger than maxLength: 3."),
    (Annotated[str, MinLength(2)], "a", "x - String length is smaller than minLength: 2."),
    (Poll, {}, "Missing field: options."), (Poll, "text", "x - Invalid object. Got: string."),
    (Poll, {"options": ["a"], "expires_in": "soon"}, "expires_in - Invalid integer. Got: string."),
])
def test_every_fault_has_its_sentence(site, annotation, value, sentence):
    answer = sent(reading(annotation), value)

    assert answer.status == 400
    assert answer.error == sentence


def test_the_body_of_a_400_names_every_fault_and_its_place(site):
    @endpoint("POST", "/x", auth=public())
    def shown(title: str, subscription: Subscription, count: int = 0) -> str:
        return ""

    answer = site.post("/x", json={"subscription": {"endpoint": 1, "keys": {}}, "count": "many"})

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json == {
        "error": "Missing field: title. endpoint - Invalid string. Got: integer. Missing field: auth. "
                 "count - Invalid integer. Got: string.",
        "errors": [
            {"title": "Invalid value", "source": {"pointer": "/title"}, "message": "Missing field: title"},
            {"title": "Invalid value", "source": {"pointer": "/subscription/endpoint"},
             "message": "Invalid string. Got: integer"},
            {"title": "Invalid value", "source": {"pointer": "/subscription/keys/auth"},
             "message": "Missing field: auth"},
            {"title": "Invalid value", "source": {"pointer": "/count"}, "message": "Invalid integer. Got: string"},
        ],
    }


def test_null_is_absent_where_optional_and_a_fault_where_required(site):
    assert sent(reading(str), None).json == ABSENT


@pytest.mark.parametrize(("annotation", "name"), [
    (str, "string"), (int, "integer"), (Flag, "boolean"), (list[str], "array"), (Poll, "object"),
])
def test_null_for_a_required_parameter_is_a_fault(site, annotation, name):
    answer = sent(reading(annotation, required=True), None)

    assert (answer.status, answer.error) == (400, f"x - null value where {name} expected.")


def test_optional_types_without_a_default_are_none_when_absent(site):
    nullable = reading(str | None, required=True)

    assert nullable.post("/x").json is None
    assert sent(nullable, None).json is None


def test_loose_parameters_are_never_missing(site):
    assert reading(Loose[str], required=True).post("/x").json is None  # type: ignore[misc]


@pytest.mark.parametrize("value", ["a b", "../x", "é", "\0", "x" * 10_000, "", "a/b", "%", "<script>"])
def test_what_cannot_be_an_id_is_an_id_nothing_has(site, value):
    assert sent(reading(FlakeId), value).json == UNKNOWN_ID


@pytest.mark.parametrize(("text", "moment"), [
    ("2030-01-01T12:00:00.000Z", datetime(2030, 1, 1, 12, tzinfo=UTC)),
    ("2030-01-01T12:00:00+02:00", datetime(2030, 1, 1, 10, tzinfo=UTC)),
    ("2030-01-01T12:00:00", datetime(2030, 1, 1, 12, tzinfo=UTC)),
])
def test_times_become_utc(site, text, moment):
    assert sent(reading(DateTime), text).json == repr(moment)


def test_text_with_nul_is_no_request_at_all(site):
    answer = sent(reading(str), "a\0b")

    assert (answer.status, answer.json) == (400, {"error": "Bad request"})


def test_an_empty_query_value_of_another_type_is_absent(site):
    @endpoint("GET", "/x", auth=public())
    def shown(number: int = 7, flag: Flag = True, word: Literal["a"] = "a", text: str = "none") -> list[Any]:
        return [number, flag, word, text]

    assert site.get("/x?number=&flag=&word=&text=").json == [7, True, "a", ""]


def test_an_empty_body_value_is_a_value(site):
    @endpoint("POST", "/x", auth=public())
    def shown(flag: Flag = True) -> bool:
        return flag

    assert site.post("/x?flag=", form="flag=").json is False
    assert site.post("/x?flag=").json is True


def test_the_body_beats_the_query(site):
    @endpoint("POST", "/x", auth=public())
    def shown(a: str = "", b: str = "") -> list[str]:
        return [a, b]

    assert site.post("/x?a=query&b=query", json={"a": "body"}).json == ["body", "query"]
    assert site.post("/x?a=query&b=query", form="b=body").json == ["query", "body"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_method_reads_every_encoding(site, method):
    @endpoint(method, "/x", auth=public())
    def shown(ids: list[str]) -> list[str]:
        return ids

    body, kind = multipart(("ids[]", b"1"), ("ids[]", b"2"))
    assert site.call(method, "/x?ids[]=1&ids[]=2").json == ["1", "2"]
    assert site.call(method, "/x?ids=1&ids=2").json == ["1", "2"]
    assert site.call(method, "/x?ids=1").json == ["1"]
    assert site.call(method, "/x", json={"ids": ["1", "2"]}).json == ["1", "2"]
    assert site.call(method, "/x", form="ids[]=1&ids[]=2").json == ["1", "2"]
    assert site.call(method, "/x", form="ids[0]=1&ids[1]=2").json == ["1", "2"]
    assert site.call(method, "/x", body=body, type=kind).json == ["1", "2"]
    assert site.call(method, "/x", body=b'{"ids": ["1"]}').json == ["1"]
    assert site.call(method, "/x", body=b"ids[]=1").json == ["1"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_json_header_without_a_body_carries_nothing(site, method):
    @endpoint(method, "/x", auth=public())
    def shown(a: str = "default") -> str:
        return a

    assert site.call(method, "/x", type="application/json").json == "default"
    assert site.call(method, "/x", type="application/json", body=b"").json == "default"


def test_a_repeated_name_gives_its_last_value_where_one_is_wanted(site):
    assert reading(str).post("/x", form="x=0&x=1").json == "1"


def test_files_are_read_with_text_beside_them(site):
    @endpoint("POST", "/x", auth=public())
    def shown(avatar: str | SentFile, file: SentFile, note: str) -> list[Any]:
        return [avatar, file.filename, file.content_type, len(file.data), note]

    body, kind = multipart(("avatar", b""), ("file", b"\xff" * 9, "a.png", "image/png"), ("note", b"hi"))
    assert site.post("/x", body=body, type=kind).json == ["", "a.png", "image/png", 9, "hi"]


def test_a_file_where_text_is_wanted_is_a_fault(site):
    body, kind = multipart(("x", b"data", "a.png", "image/png"))

    assert reading(str).post("/x", body=body, type=kind).error == "x - Invalid string. Got: object."


def test_nested_objects_come_from_json_and_forms(site):
    @endpoint("POST", "/x", auth=public())
    def shown(poll: Poll | None = None) -> Any:
        return poll and [poll.options, poll.expires_in, poll.multiple]

    wanted = [["a", "b"], 60, True]
    assert site.post("/x", json={"poll": {"options": ["a", "b"], "expires_in": 60, "multiple": True}}).json == wanted
    form = "poll[options][]=a&poll[options][]=b&poll[expires_in]=60&poll[multiple]=1"
    assert site.post("/x", form=form).json == wanted
    assert site.post("/x").json is None


def test_a_flat_group_gathers_the_requests_own_fields(site):
    @endpoint("POST", "/x", auth=public())
    def shown(form: Flat[NewStatus]) -> Any:
        return [form.status, form.visibility, form.media_ids, form.poll and form.poll.options]

    assert site.post("/x", form="status=hi&media_ids[]=1&poll[options][]=a").json == ["hi", None, ["1"], ["a"]]
    answer = site.post("/x", json={"status": 1, "visibility": "secret", "poll": {}})
    assert answer.error == (
        "status - Invalid string. Got: integer. secret - Invalid value for enum. Missing field: options.")
    pointers = [entry["source"]["pointer"] for entry in answer.json["errors"]]
    assert pointers == ["/status", "/visibility", "/poll/options"]


def test_a_parameter_may_have_a_name_python_cannot_spell(site):
    @endpoint("POST", "/x", auth=public())
    def shown(share_files: Annotated[Flag, Named("share-files"), "May others download?"]) -> bool:
        return share_files

    assert site.post("/x", json={"share-files": True}).json is True
    assert site.post("/x").error == "Missing field: share-files."


def test_unknown_parameters_are_ignored(site):
    assert reading(int).post("/x?y=1&x=2", json={"z": "\0", "w": [[]]}).json == 2


def test_some_of_a_list_is_not_none_of_it(site):
    @endpoint("POST", "/some", auth=public())
    def some(names: Annotated[list[str], MinItems(1)]) -> list[str]:
        return names

    assert site.post("/some", json={"names": ["a"]}).json == ["a"]
    assert site.post("/some", form="names=a").json == ["a"]
    assert site.post("/some", json={"names": []}).error == "names - Array length 0 is smaller than minItems: 1."


def test_administration_takes_a_body_with_every_method_and_no_empty_values_of_a_query(site, admin):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        @endpoint(method, "/api/pleroma/admin/names", auth=admin_only("admin:read"))
        def names(name: str = "none", names: list[str] | None = None) -> list[str]:
            return [name, *(names or [])]

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        def ask(method=method, **how):
            return site.call(method, "/api/pleroma/admin" + how.pop("path", "/names"), token=admin.token, **how).json

        assert ask(json={"name": "a", "names": ["b", ""]}) == ["a", "b", ""]
        assert ask(form="name=a&names[]=b&names[]=c") == ["a", "b", "c"]
        assert ask(path="/names?name=a&names[]=b") == ["a", "b"]
        assert ask(path="/names?name=&names[]=&names[]=b") == ["none", "b"]
        assert ask(path="/names?names[]=") == ["none"]
        assert ask(form="name=") == [""]
