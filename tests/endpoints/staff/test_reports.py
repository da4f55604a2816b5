"""Reports: what is stored of them, and who is told of them."""

import pytest

from chalicelib.entities.accounts.account import arrange_account
from chalicelib.ids import created_at, is_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import fetch
from chalicelib.store.instance import counters
from chalicelib.store.notifications import reading
from chalicelib.store.staff import reports
from chalicelib.store.staff.reports import Report

URL = "/api/v1/reports"


@pytest.fixture
def box(aws):
    """The letters sent so far, by recipient."""
    return lambda: {letter["to"]: letter for letter in aws.letters.letters()}


@pytest.fixture
def staff(cast):
    """An administrator and a moderator."""
    return cast.person("admin", is_admin=True), cast.person("mod", is_moderator=True)


def told(person):
    """The reports that the person was notified of."""
    return [row.cause for row in reading.newest(person.id) if row.type == "p"]


def filed(reply):
    assert reply.status == 200, reply.body
    return reports.find(reply.json["id"])


# Filing.


def test_a_report_answers_what_was_told(alice, bob):
    status = bob.posts("bad")
    before = accounts.find(bob.id)

    shown = alice.post(URL, json={"account_id": bob.id, "status_ids": [status["id"]], "comment": "bad!",
                                  "category": "spam", "forward": True}).json

    assert is_flake(shown["id"])
    assert shown == {
        "id": shown["id"], "action_taken": False, "action_taken_at": None, "category": "spam", "comment": "bad!",
        "forwarded": False, "created_at": created_at(shown["id"]), "status_ids": [status["id"]], "rule_ids": [],
        "target_account": arrange_account(before, None),
    }


def test_rules_are_told_for_violations_only(alice, bob, cast):
    admin = cast.person("admin", is_admin=True, scopes="read write admin")
    rule = admin.post("/api/v1/pleroma/admin/rules", json={"text": "Be kind", "priority": 1}).json["id"]

    def told(**more):
        return alice.post(URL, json={"account_id": bob.id, "rule_ids": [rule, rule], **more}).json["rule_ids"]

    assert told(category="violation") == [rule]
    assert told(category="spam") == told() == []


def test_a_rule_that_is_not_there_is_not_broken(alice, bob):
    reply = alice.post(URL, json={"account_id": bob.id, "category": "violation", "rule_ids": ["99"]})

    assert reply.status == 422
    assert alice.get(URL).json == []


def test_an_unknown_category_is_refused(alice, bob):
    assert alice.post(URL, json={"account_id": bob.id, "category": "boring"}).status == 400


# What became of it.


def test_own_reports_are_listed_with_what_the_staff_did(alice, bob, carol, cast):
    admin = cast.person("admin", is_admin=True, scopes="read write admin")
    first, second = (alice.post(URL, json={"account_id": each.id}).json["id"] for each in (bob, carol))
    carol.post(URL, json={"account_id": bob.id})
    admin.patch("/api/pleroma/admin/reports", json={"reports": [{"id": first, "state": "resolved"}]})

    for path in (URL, "/api/v0/pleroma/reports"):
        shown = alice.get(path).json
        assert [each["id"] for each in shown] == [second, first]
        assert [each["action_taken"] for each in shown] == [False, True]
        assert [each["action_taken_at"] is not None for each in shown] == [False, True]
        assert [each["target_account"]["id"] for each in shown] == [carol.id, bob.id]
    assert alice.get(f"{URL}/{first}").json == alice.get(URL).json[1]

    admin.patch("/api/pleroma/admin/reports", json={"reports": [{"id": first, "state": "open"}]})
    assert (alice.get(f"{URL}/{first}").json["action_taken"], alice.get(f"{URL}/{first}").json["action_taken_at"]) == (
        False, None)


def test_nobody_reads_reports_of_others(alice, bob, carol):
    report = alice.post(URL, json={"account_id": bob.id}).json["id"]

    for other in (bob, carol):
        assert other.get(URL).json == []
        assert other.get(f"{URL}/{report}").status == 404


def test_own_reports_come_in_pages(alice, bob):
    ids = [alice.post(URL, json={"account_id": bob.id}).json["id"] for _ in range(5)][::-1]

    def listed(**page):
        return [each["id"] for each in alice.get(URL, page).json]

    assert listed(limit=2) == ids[:2]
    assert listed(limit=2, max_id=ids[1]) == ids[2:4]
    assert listed(limit=2, min_id=ids[4]) == ids[2:4]
    assert listed(since_id=ids[2]) == ids[:2]
    assert listed(max_id=ids[1], min_id=ids[4]) == ids[2:4]
    assert listed(max_id=ids[1], min_id=ids[2]) == []


def test_a_page_of_forty_reports_takes_as_many_calls_as_one_of_two(alice, bob, carol):
    def calls():
        return alice.get(URL, {"limit": 40}).calls

    for each in (bob, carol):
        alice.post(URL, json={"account_id": each.id})
    few = calls()
    for _ in range(20):
        alice.post(URL, json={"account_id": bob.id})

    assert calls() == few == 4


def test_a_report_is_kept_open_with_all_that_was_said(alice, bob):
    status = bob.posts("bad")

    report = filed(alice.post(URL, json={"account_id": bob.id, "status_ids": [status["id"]], "comment": "bad!",
                                         "forward": True}))

    assert (report.state, report.account_id, report.by) == ("open", bob.id, alice.id)
    assert report.status_ids == [status["id"]]
    assert report.content == {"comment": "bad!", "html": "bad!"}


def test_it_stands_among_the_open_ones_and_is_counted(alice, bob):
    ids = [alice.post(URL, {"account_id": bob.id}).json["id"] for _ in range(3)]

    assert [row.id for row in Report.by_state.query("open", scan_index_forward=False)] == ids[::-1]
    wanted = counters.reports_key("open")
    assert fetch(strong=[wanted]).get(*wanted).number == 3


def test_only_statuses_of_that_account_are_kept(alice, bob, carol):
    first, second, gone = (bob.posts(text)["id"] for text in ("one", "two", "three"))
    bob.delete(f"/api/v1/statuses/{gone}")
    sent = [second, alice.posts("mine")["id"], first, carol.posts("hers")["id"], gone, second, "9zzzzzzzzzzzzzzzzz",
            "nonsense", "../..", ""]

    assert filed(alice.post(URL, json={"account_id": bob.id, "status_ids": sent})).status_ids == [second, first]


def test_a_form_does_as_well(alice, bob):
    status = bob.posts("bad")

    report = filed(alice.post(URL, form={"account_id": bob.id, "status_ids": [status["id"]], "comment": "x",
                                         "forward": "0"}))

    assert report.status_ids == [status["id"]]


@pytest.mark.parametrize("comment", [None, "", "  \n"])
def test_without_a_comment_there_is_none(alice, bob, comment):
    assert filed(alice.post(URL, json={"account_id": bob.id, "comment": comment})).content == {}


def test_the_comment_is_plain_text_that_is_linked(alice, bob):
    report = filed(alice.post(URL, json={"account_id": bob.id, "comment": "<script>x</script>\n@bob https://a.example"}))

    html = report.content["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt;<br/>" in html
    assert 'href="http://kenoma.test/users/bob"' in html
    assert 'href="https://a.example"' in html


def test_one_may_report_oneself_and_who_is_deactivated(cast, alice):
    assert alice.post(URL, {"account_id": alice.id}).status == 200
    assert alice.post(URL, {"account_id": cast.person("gone", deactivated=True).id}).status == 200


# What is refused.


def test_the_account_is_required(alice):
    reply = alice.post(URL, json={"comment": "x"})

    assert reply.status == 400
    assert reply.json == {
        "error": "Missing field: account_id.",
        "errors": [{"title": "Invalid value", "source": {"pointer": "/account_id"},
                    "message": "Missing field: account_id"}],
    }


@pytest.mark.parametrize("account_id", ["9zzzzzzzzzzzzzzzzz", "nonsense", "1", "", "a" * 1_000, "bob"])
def test_an_unknown_account_is_refused(aws, alice, bob, account_id):
    reply = alice.post(URL, json={"account_id": account_id})

    assert (reply.status, reply.json) == (400, {"error": "Account not found"})
    assert aws.count("reports") == 0


def test_a_comment_is_at_most_a_thousand_characters_long(alice, bob):
    assert alice.post(URL, json={"account_id": bob.id, "comment": "ü" * 1_000}).status == 200

    reply = alice.post(URL, json={"account_id": bob.id, "comment": "ü" * 1_001})

    assert (reply.status, reply.json) == (400, {"error": "Comment must be up to 1000 characters"})


def test_that_length_is_a_setting(alice, bob, setting):
    setting(max_report_comment_size=3)

    assert alice.post(URL, {"account_id": bob.id, "comment": "four"}).json == {
        "error": "Comment must be up to 3 characters"}


def test_it_takes_the_scope_to_report(cast, anonymous, bob):
    narrow = cast.person("dora", scopes="read write:statuses follow")

    assert anonymous.post(URL, {"account_id": bob.id}).json == {"error": "Invalid credentials."}
    assert narrow.post(URL, {"account_id": bob.id}).json == {"error": "Insufficient permissions: write:reports."}
    assert cast.signs_in(narrow.account, "write:reports").post(URL, {"account_id": bob.id}).status == 200


def test_reports_are_limited_as_each_of_them_is_a_letter_to_all_staff(alice, bob, setting):
    setting(rate_limits=True)

    statuses = [alice.post(URL, {"account_id": bob.id}).status for _ in range(16)]

    assert statuses == [200] * 15 + [429]


# Who is told.


def test_staff_are_notified_and_written_to(alice, bob, carol, staff, drain, box):
    status = bob.posts("bad")
    report = alice.post(URL, json={"account_id": bob.id, "comment": "<b>bad</b>", "status_ids": [status["id"]]}).json

    drain()

    for person in staff:
        assert told(person) == [report["id"]]
        assert reading.newest(person.id)[0].by == alice.id
    assert [told(person) for person in (alice, bob, carol)] == [[], [], []]
    assert box().keys() == {"admin@localhost.localdomain", "mod@localhost.localdomain"}
    letter = box()["mod@localhost.localdomain"]
    assert letter["subject"] == "Kenoma Report"
    assert "alice (http://kenoma.test/users/alice) has reported bob (http://kenoma.test/users/bob)." in letter["text"]
    assert f"http://kenoma.test/notice/{status['id']}" in letter["text"]
    assert "Comment: <b>bad</b>" in letter["text"]
    assert "Comment: &lt;b&gt;bad&lt;/b&gt;" in letter["html"]
    for url in ("http://kenoma.test/users/alice", "http://kenoma.test/users/bob",
                f"http://kenoma.test/notice/{status['id']}", "http://kenoma.test/pleroma/admin/#/reports/index"):
        assert f'<a href="{url}">' in letter["html"]


def test_without_comment_and_statuses_the_letter_has_neither(alice, bob, staff, drain, box):
    alice.post(URL, json={"account_id": bob.id})

    drain()

    letter = box()["mod@localhost.localdomain"]
    assert "Comment" not in letter["text"]
    assert "notice" not in letter["text"]


def test_a_reporter_is_not_told_of_their_own_report(bob, staff, drain, box):
    admin, mod = staff
    report = admin.post(URL, {"account_id": bob.id}).json

    drain()

    assert (told(admin), told(mod)) == ([], [report["id"]])
    assert box().keys() == {"mod@localhost.localdomain"}


def test_who_is_reported_may_be_staff(alice, staff, drain):
    admin, mod = staff
    report = alice.post(URL, {"account_id": mod.id}).json

    drain()

    assert told(admin) == told(mod) == [report["id"]]


def test_staff_without_an_address_are_notified_only(cast, alice, bob, drain, box):
    admin = cast.person("admin", is_admin=True, email=None)
    report = alice.post(URL, {"account_id": bob.id}).json

    drain()

    assert told(admin) == [report["id"]]
    assert box() == {}


def test_staff_that_are_deactivated_are_not_told(cast, alice, bob, drain, box):
    gone = cast.person("gone", is_moderator=True, deactivated=True)
    alice.post(URL, {"account_id": bob.id})

    drain()

    assert (told(gone), box()) == ([], {})


def test_reports_of_an_account_that_left_are_told_all_the_same(alice, bob, staff, drain):
    report = alice.post(URL, {"account_id": bob.id}).json
    alice.post("/api/pleroma/disable_account", {"password": "kenoma-local"})

    drain()

    assert told(staff[0]) == [report["id"]]


def test_a_report_takes_three_rounds(alice, bob):
    statuses = [bob.posts(f"{number}")["id"] for number in range(20)]

    reply = alice.post(URL, json={"account_id": bob.id, "status_ids": statuses, "comment": "bad"})

    assert (reply.calls, reply.rounds) == (3, 3)
