"""GET /api/pleroma/captcha, and its solution when somebody signs up."""

import base64
import hashlib
import io
import json
import time

import pytest
from PIL import Image

from chalicelib.domain.accounts import captcha
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in.apps import App
from tests.at_once import at_once
from tests.cast import Person
from tests.other_server import serving

CAPTCHA = "/api/pleroma/captcha"


@pytest.fixture
def native(setting):
    setting(captcha="native")


@pytest.fixture
def machine(anonymous, cast):
    """The tests' app, by itself."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"])


@pytest.fixture
def sign_up(machine):
    def sign_up(username="dora", **sent):
        return machine.post("/api/v1/accounts", json={
            "username": username, "password": "a secret", "agreement": True, **sent})

    return sign_up


def solved(riddle, **changes):
    """The parameters that solve a captcha. The test has the server's key and can read the sealed answer."""
    sent = {"captcha_token": riddle["token"], "captcha_answer_data": riddle["answer_data"],
            "captcha_solution": captcha._opened(riddle["token"], riddle["answer_data"])[0]["answer"]}
    return sent | changes


def fault(reply):
    assert reply.status == 400
    assert reply.json.keys() == {"error", "details"}
    told = json.loads(reply.json["error"])
    assert told.keys() == {"captcha"}
    (message,) = told["captcha"]
    return message


# What is given out.


def test_where_none_is_needed_it_says_so(anonymous):
    reply = anonymous.get(CAPTCHA)

    assert (reply.status, reply.json, reply.calls) == (200, {"type": "none"}, 0)


def test_a_native_captcha_is_a_picture(anonymous, native):
    reply = anonymous.get(CAPTCHA)

    assert reply.status == 200
    assert reply.json.keys() == {"type", "token", "url", "answer_data", "seconds_valid"}
    assert (reply.json["type"], reply.json["seconds_valid"]) == ("native", 300)
    kind, _, data = reply.json["url"].partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (200, 80)


def test_nothing_is_stored_until_use(anonymous, native, aws):
    reply = anonymous.get(CAPTCHA)

    assert reply.calls == 0
    assert aws.count("ephemeral") == 0


def test_each_captcha_is_another(anonymous, native):
    first, second = (anonymous.get(CAPTCHA).json for _ in range(2))

    for name in ("token", "url", "answer_data"):
        assert first[name] != second[name]


def test_the_answer_is_not_to_be_read(anonymous, native):
    riddle = anonymous.get(CAPTCHA).json
    answer = solved(riddle)["captcha_solution"]

    assert len(answer) == captcha.LENGTH
    assert answer.encode() not in base64.urlsafe_b64decode(riddle["answer_data"])
    assert answer not in riddle["token"]


def test_without_a_secret_key_none_is_made_nor_believed(anonymous, native, setting, sign_up):
    riddle = anonymous.get(CAPTCHA).json
    sent = solved(riddle)
    setting(secret_key="")

    reply = anonymous.get(CAPTCHA)

    assert (reply.status, reply.json) == (500, {"error": "CAPTCHA Error"})
    assert fault(sign_up(**sent)) == "Invalid answer data"


# Solving it.


def test_who_solves_it_may_sign_up(anonymous, native, sign_up):
    riddle = anonymous.get(CAPTCHA).json

    reply = sign_up(**solved(riddle))

    assert reply.status == 200
    assert accounts.find_by_nickname("dora") is not None


def test_solving_it_costs_one_write(anonymous, native, sign_up, setting):
    with_captcha = sign_up(**solved(anonymous.get(CAPTCHA).json))
    setting(captcha="none")

    without = sign_up("other")

    assert (with_captcha.calls, with_captcha.rounds) == (without.calls + 1, without.rounds + 1)


@pytest.mark.parametrize(("missing", "told"), [
    (("captcha_solution", "captcha_token", "captcha_answer_data"), "captcha_solution"),
    (("captcha_token", "captcha_answer_data"), "captcha_token"),
    (("captcha_answer_data",), "captcha_answer_data"),
    (("captcha_solution",), "captcha_solution"),
])
def test_the_first_missing_parameter_is_told(anonymous, native, sign_up, missing, told):
    sent = solved(anonymous.get(CAPTCHA).json)
    for name in missing:
        del sent[name]

    assert fault(sign_up(**sent)) == f"Invalid CAPTCHA (Missing parameter: {told})"


def test_null_is_missing(anonymous, native, sign_up):
    sent = solved(anonymous.get(CAPTCHA).json, captcha_solution=None)

    assert fault(sign_up(**sent)) == "Invalid CAPTCHA (Missing parameter: captcha_solution)"


@pytest.mark.parametrize("name", ["captcha_solution", "captcha_token", "captcha_answer_data"])
def test_what_is_no_text_is_refused_as_every_parameter(anonymous, native, sign_up, name):
    reply = sign_up(**solved(anonymous.get(CAPTCHA).json, **{name: 5}))

    assert (reply.status, reply.json["error"]) == (400, f"{name} - Invalid string. Got: integer.")


@pytest.mark.parametrize("answer_data", ["", "x", "ä", "🦊" * 10, "gAAAAA" * 20, "x" * 20_000])
def test_answer_data_has_to_be_ours(anonymous, native, sign_up, answer_data):
    sent = solved(anonymous.get(CAPTCHA).json, captcha_answer_data=answer_data)

    assert fault(sign_up(**sent)) == "Invalid answer data"


def test_answer_data_belongs_to_its_token(anonymous, native, sign_up):
    easy, hard = (anonymous.get(CAPTCHA).json for _ in range(2))

    assert fault(sign_up(**solved(easy, captcha_token=hard["token"]))) == "Invalid answer data"
    assert fault(sign_up(**solved(easy, captcha_token=""))) == "Invalid answer data"


def test_answer_data_of_another_key_is_not_ours(anonymous, native, sign_up, setting):
    sent = solved(anonymous.get(CAPTCHA).json)
    setting(secret_key="another key altogether")

    assert fault(sign_up(**sent)) == "Invalid answer data"


def test_changed_answer_data_is_not_ours(anonymous, native, sign_up):
    sent = solved(anonymous.get(CAPTCHA).json)
    data = bytearray(base64.urlsafe_b64decode(sent["captcha_answer_data"]))
    data[30] ^= 1

    sent["captcha_answer_data"] = base64.urlsafe_b64encode(data).decode()

    assert fault(sign_up(**sent)) == "Invalid answer data"


def test_it_has_to_be_solved_in_time(anonymous, native, sign_up, setting):
    sent = solved(anonymous.get(CAPTCHA).json)
    setting(captcha_seconds_valid=-1)

    assert fault(sign_up(**sent)) == "CAPTCHA expired"
    assert fault(sign_up(**sent | {"captcha_solution": "wrong"})) == "CAPTCHA expired"


def test_a_wrong_answer_does_not_use_it_up(anonymous, native, sign_up):
    sent = solved(anonymous.get(CAPTCHA).json)

    for wrong in ("", "wrong", sent["captcha_solution"].upper(), sent["captcha_solution"] + " "):
        assert fault(sign_up(**sent | {"captcha_solution": wrong})) == "Invalid CAPTCHA"
    assert sign_up(**sent).status == 200


def test_it_is_good_for_one_sign_up(anonymous, native, sign_up):
    sent = solved(anonymous.get(CAPTCHA).json)
    sign_up(**sent)

    assert fault(sign_up("other", **sent)) == "CAPTCHA already used"
    assert fault(sign_up("other", **sent | {"captcha_solution": "wrong"})) == "CAPTCHA already used"


def test_it_is_used_up_also_by_a_sign_up_that_fails(anonymous, native, sign_up):
    sent = solved(anonymous.get(CAPTCHA).json)

    assert json.loads(sign_up("a b", **sent).json["error"]) == {"nickname": ["has invalid format"]}
    assert fault(sign_up(**sent)) == "CAPTCHA already used"


def test_used_marks_last_as_long_as_the_captcha(anonymous, native, sign_up, aws):
    sign_up(**solved(anonymous.get(CAPTCHA).json))

    marks = [row for row in aws.dynamodb.scan(TableName="kenoma-ephemeral")["Items"] if row["key"]["S"][:2] == "q#"]
    (mark,) = marks
    assert abs(int(mark["ttl"]["N"]) - time.time() - 300) < 5


def test_used_by_twenty_at_once_it_counts_once(anonymous, native, aws):
    riddle = anonymous.get(CAPTCHA).json
    sent = solved(riddle)

    def solve():
        try:
            captcha.check(sent["captcha_solution"], riddle["token"], riddle["answer_data"])
        except captcha.Unsolved as unsolved:
            return str(unsolved)
        return "solved"

    results = at_once(*[solve] * 20)

    assert results.count("solved") == 1
    assert results.count("CAPTCHA already used") == 19


def test_the_captcha_comes_before_the_invite_and_all_faults(anonymous, native, sign_up, setting):
    setting(registrations_open=False)

    assert fault(sign_up("a b")) == "Invalid CAPTCHA (Missing parameter: captcha_solution)"


def test_a_trusted_app_skips_it(native, sign_up, cast):
    update(App.stub(cast.app.client_id), [App.trusted.set(True)])

    assert sign_up().status == 200


# The service elsewhere.


@pytest.fixture
def kocaptcha(setting):
    """A service whose answer is `ocean`."""
    made = {"token": "ko", "url": "/captchas/ko.png", "md5": hashlib.md5(b"ocean").hexdigest().upper()}
    with serving({"/new": (200, json.dumps(made).encode())}) as server:
        setting(captcha="kocaptcha", kocaptcha_endpoint=server.url + "/")
        yield server


def test_a_captcha_of_the_service(anonymous, kocaptcha, sign_up):
    riddle = anonymous.get(CAPTCHA).json

    assert riddle.keys() == {"type", "token", "url", "answer_data", "seconds_valid"}
    assert (riddle["type"], riddle["token"], riddle["seconds_valid"]) == ("kocaptcha", "ko", 300)
    assert riddle["url"] == kocaptcha.url + "/captchas/ko.png"
    sent = {"captcha_token": "ko", "captcha_answer_data": riddle["answer_data"]}
    assert fault(sign_up(captcha_solution="Ocean", **sent)) == "Invalid CAPTCHA"
    assert sign_up(captcha_solution="ocean", **sent).status == 200
    assert fault(sign_up(captcha_solution="ocean", **sent)) == "CAPTCHA already used"


@pytest.mark.parametrize("body", [
    b"", b"nope", b"[]", b"{}", b"null", b'{"token": "", "url": "/x", "md5": "x"}',
    b'{"token": 5, "url": "/x", "md5": "900150983cd24fb0d6963f7d28e17f72"}',
    b'{"token": "a", "url": "//evil.example/x", "md5": "short"}', b"[" * 15_000, b'"' + b"x" * 30_000 + b'"',
])
def test_a_service_that_talks_nonsense_is_unavailable(anonymous, setting, body):
    with serving({"/new": (200, body)}) as server:
        setting(captcha="kocaptcha", kocaptcha_endpoint=server.url)

        reply = anonymous.get(CAPTCHA)

    assert (reply.status, reply.json) == (503, {"error": "Kocaptcha service unavailable"})


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "nonsense", "file:///etc/passwd", ""])
def test_a_service_that_is_not_there_is_unavailable(anonymous, setting, endpoint):
    setting(captcha="kocaptcha", kocaptcha_endpoint=endpoint)

    reply = anonymous.get(CAPTCHA)

    assert (reply.status, reply.json) == (503, {"error": "Kocaptcha service unavailable"})


def test_when_deployed_the_service_is_not_on_this_machine(anonymous, kocaptcha, setting):
    setting(stage="prod")

    assert anonymous.get(CAPTCHA).status == 503
    assert kocaptcha.asked == []


def test_the_default_is_to_ask_for_one_when_deployed():
    assert type(settings)().captcha == "native"
