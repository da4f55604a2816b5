"""Reports as administrators list them, change them and write notes on them."""

import pytest

from chalicelib.ids import created_at
from chalicelib.settings import settings
from chalicelib.store.dynamo.table import fetch
from chalicelib.store.instance import counters
from chalicelib.store.staff import reports
from tests.at_once import at_once

URL = "/api/pleroma/admin/reports"
NOT_FOUND = {"error": "Not found"}
NOWHERE = ["9zzzzzzzzzzzzzzzzz", "nonsense", "1", "a.b", "é"]


@pytest.fixture
def filed(alice, bob):
    """Files a report of bob by alice, or as told; answers the id."""
    def file(by=None, about=None, **more):
        reply = (by or alice).post("/api/v1/reports", json={"account_id": (about or bob).id, **more})
        assert reply.status == 200, reply.body
        return reply.json["id"]

    return file


@pytest.fixture
def second(cast):
    """Another administrator."""
    return cast.person("second", is_admin=True, scopes="read write follow push admin")


def ids(reply):
    assert reply.status == 200, reply.body
    return [report["id"] for report in reply.json["reports"]]


def states(admin, **params):
    return {report["id"]: report["state"] for report in admin.get(URL, params).json["reports"]}


def counted():
    found = {state: fetch(strong=[counters.reports_key(state)]).get(*counters.reports_key(state))
             for state in reports.STATES}
    return {state: int(fact.number) if fact else 0 for state, fact in found.items()}


def logged(admin):
    """The messages of the moderation log, oldest first."""
    items = admin.get("/api/pleroma/admin/moderation_log").json["items"]
    return [item["message"] for item in reversed(items)]


def entries(admin):
    return [item["data"] for item in reversed(admin.get("/api/pleroma/admin/moderation_log").json["items"])]


# One report.


def test_a_report_tells_who_what_and_when(admin, alice, bob, filed):
    status = bob.posts("bad")
    id = filed(comment="look\n@bob <script>x</script>", status_ids=[status["id"]])

    shown = admin.get(f"{URL}/{id}").json

    assert shown.keys() == {"id", "state", "account", "actor", "content", "created_at", "statuses", "notes"}
    assert (shown["id"], shown["state"], shown["created_at"], shown["notes"]) == (id, "open", created_at(id), [])
    assert (shown["account"]["id"], shown["actor"]["id"]) == (bob.id, alice.id)
    assert shown["account"]["email"] == "bob@localhost.localdomain"
    assert shown["account"]["is_active"] is True
    assert shown["content"].startswith("look<br/>")
    assert "<script>" not in shown["content"]
    assert 'href="http://kenoma.test/users/bob"' in shown["content"]
    assert [each["id"] for each in shown["statuses"]] == [status["id"]]
    assert "email" not in shown["statuses"][0]["account"]


def test_a_report_without_a_comment_has_no_content(admin, filed):
    assert admin.get(f"{URL}/{filed()}").json["content"] is None


def test_statuses_that_were_deleted_are_left_out(admin, bob, filed):
    kept, gone = bob.posts("one")["id"], bob.posts("two")["id"]
    id = filed(status_ids=[kept, gone])
    bob.delete(f"/api/v1/statuses/{gone}")

    assert [each["id"] for each in admin.get(f"{URL}/{id}").json["statuses"]] == [kept]


def test_private_statuses_are_shown(admin, bob, filed):
    status = bob.posts("psst", visibility="direct")["id"]

    assert [each["id"] for each in admin.get(f"{URL}/{filed(status_ids=[status])}").json["statuses"]] == [status]


@pytest.mark.parametrize("id", NOWHERE)
def test_what_is_no_report_is_not_found(admin, bob, filed, id):
    filed()

    reply = admin.get(f"{URL}/{id}")

    assert (reply.status, reply.json) == (404, NOT_FOUND)


def test_the_id_of_something_else_is_not_found(admin, bob):
    for id in (bob.id, bob.posts("x")["id"]):
        assert admin.get(f"{URL}/{id}").json == NOT_FOUND


def test_a_report_of_a_deleted_account_is_still_shown(admin, alice, bob, filed, drain):
    id = filed(comment="bad")
    bob.post("/api/pleroma/delete_account", {"password": "kenoma-local"})
    drain()

    shown = admin.get(f"{URL}/{id}").json

    assert (shown["content"], shown["actor"]["id"], shown["statuses"]) == ("bad", alice.id, [])
    assert shown["account"]["deactivated"] is True
    assert ids(admin.get(URL)) == [id]


def test_an_account_that_vanished_is_an_empty_object(admin, cast, filed, setting, drain):
    setting(account_approval_required=True)
    gone = cast.person("gone", approval_pending=True)
    id = filed(about=gone)
    from chalicelib.store.accounts.accounts import PROFILE, Account
    Account.stub(gone.id, PROFILE).delete()

    assert admin.get(f"{URL}/{id}").json["account"] == {}


# The list.


def test_reports_are_listed_newest_first_with_how_many_there_are(admin, filed):
    made = [filed() for _ in range(3)]

    reply = admin.get(URL)

    assert reply.json.keys() == {"reports", "total"}
    assert ids(reply) == made[::-1]
    assert reply.json["total"] == 3


def test_without_reports_the_list_is_empty(admin):
    assert admin.get(URL).json == {"reports": [], "total": 0}


def test_a_state_chooses_reports_and_is_counted_alone(admin, filed):
    first, second, third = (filed() for _ in range(3))
    admin.patch(URL, json={"reports": [{"id": first, "state": "closed"}, {"id": second, "state": "resolved"}]})

    for state, id in (("closed", first), ("resolved", second), ("open", third)):
        reply = admin.get(URL, {"state": state})
        assert (ids(reply), reply.json["total"]) == ([id], 1)
    assert ids(admin.get(URL, {"state": ""})) == [third, second, first]


def test_an_unknown_state_is_refused(admin):
    reply = admin.get(URL, {"state": "test"})

    assert (reply.status, reply.json["error"]) == (400, "test - Invalid value for enum.")


def test_a_page_has_a_number_and_a_size(admin, filed):
    made = [filed() for _ in range(5)]

    pages = [admin.get(URL, {"page": page, "page_size": 2}) for page in (1, 2, 3, 4)]

    assert [ids(page) for page in pages] == [made[:2:-1], made[2:0:-1], made[:1], []]
    assert {page.json["total"] for page in pages} == {5}


def test_pages_go_through_all_states_together(admin, filed):
    made = [filed() for _ in range(4)]
    admin.patch(URL, json={"reports": [{"id": made[0], "state": "closed"}, {"id": made[2], "state": "closed"}]})

    assert [ids(admin.get(URL, {"page": page, "page_size": 3})) for page in (1, 2)] == [made[:0:-1], made[:1]]


def test_limit_is_another_name_of_page_size_if_that_is_absent(admin, filed):
    made = [filed() for _ in range(3)]

    assert ids(admin.get(URL, {"limit": 2})) == made[:0:-1]
    assert ids(admin.get(URL, {"limit": 2, "page_size": 1})) == made[:1:-1]


@pytest.mark.parametrize("page", [0, -3, ""])
def test_a_page_below_one_is_the_first(admin, filed, page):
    id = filed()

    assert ids(admin.get(URL, {"page": page})) == [id]


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_below_one_is_one(admin, filed, size):
    made = [filed() for _ in range(2)]

    assert ids(admin.get(URL, {"page_size": size})) == made[1:]


@pytest.mark.parametrize("name", ["page", "page_size", "limit"])
def test_what_is_no_number_is_refused(admin, name):
    reply = admin.get(URL, {name: "x"})

    assert (reply.status, reply.json["error"]) == (400, f"{name} - Invalid integer. Got: string.")


def test_a_page_far_beyond_the_end_is_empty(admin, filed):
    filed()

    assert admin.get(URL, {"page": 10**15}).json == {"reports": [], "total": 1}


def test_reports_by_accounts_since_deactivated_are_listed(admin, cast, filed):
    gone = cast.person("gone")
    id = filed(by=gone)
    gone.post("/api/pleroma/disable_account", {"password": "kenoma-local"})

    assert ids(admin.get(URL)) == [id]


def test_a_list_has_fifty_and_at_most_a_hundred(admin, alice, bob):
    made = []
    for _ in range(103):
        report = reports.row(new_id(), account_id=bob.id, by=alice.id, status_ids=[], content={})
        reports.add(report, [queued(report)], listed=True)
        made.append(report.id)

    assert ids(admin.get(URL)) == made[:-51:-1]
    assert ids(admin.get(URL, {"page_size": 500})) == made[:-101:-1]
    assert ids(admin.get(URL, {"page_size": 500, "page": 2})) == made[2::-1]


def new_id():
    from chalicelib.ids import new_flake
    return new_flake()


def queued(report):
    from chalicelib.queues.messages import outbox
    from chalicelib.queues.notifications import ReportFiled
    return outbox(ReportFiled(report.id))


def test_a_page_takes_as_many_calls_whatever_there_is(admin, second, filed, bob):
    status = bob.posts("bad")["id"]
    first = filed(status_ids=[status])
    admin.post(f"{URL}/{first}/notes", {"content": "x"})
    few = [admin.get(URL), admin.get(URL, {"state": "open"})]
    for _ in range(40):
        second.post(f"{URL}/{filed(status_ids=[status])}/notes", {"content": "y"})

    many = [admin.get(URL), admin.get(URL, {"state": "open"})]

    assert [(reply.calls, reply.rounds) for reply in few] == [(8, 4), (6, 4)]
    assert [(reply.calls, reply.rounds) for reply in many] == [(8, 4), (6, 4)]
    assert len(many[0].json["reports"]) == 41


def test_one_report_takes_four_calls(admin, filed):
    reply = admin.get(f"{URL}/{filed()}")

    assert (reply.calls, reply.rounds) == (4, 3)


def test_where_reports_name_very_many_statuses_each_shows_fewer(admin, alice, bob, filed, monkeypatch):
    written = [bob.posts(f"{number}")["id"] for number in range(12)]
    one, other = filed(status_ids=written), filed(status_ids=written)
    monkeypatch.setattr(reports, "MOST_SHOWN", 20)

    shown = admin.get(URL).json["reports"]

    assert [[each["id"] for each in report["statuses"]] for report in shown] == [written[:10], written[:10]]
    assert len(admin.get(f"{URL}/{one}").json["statuses"]) == 12
    assert other in ids(admin.get(URL))


# States.


def test_reports_are_brought_into_states_counted_and_logged(admin, alice, filed):
    first, second = filed(), filed()

    reply = admin.patch(URL, json={"reports": [{"id": first, "state": "closed"}, {"id": second, "state": "resolved"}]})

    assert (reply.status, reply.body) == (204, "")
    assert states(admin) == {second: "resolved", first: "closed"}
    assert counted() == {"open": 0, "closed": 1, "resolved": 1}
    assert logged(admin) == [f"@admin updated report #{first} (on user @alice) with 'closed' state",
                             f"@admin updated report #{second} (on user @alice) with 'resolved' state"]
    assert entries(admin)[0]["subject"] == {"type": "report", "id": first, "state": "closed"}
    assert entries(admin)[0]["subject_actor"] == {"id": alice.id, "nickname": "alice", "type": "user"}


@pytest.mark.parametrize("before", reports.STATES)
@pytest.mark.parametrize("after", reports.STATES)
def test_any_state_may_follow_any(admin, filed, before, after):
    id = filed()
    admin.patch(URL, json={"reports": [{"id": id, "state": before}]})

    assert admin.patch(URL, json={"reports": [{"id": id, "state": after}]}).status == 204

    assert states(admin) == {id: after}
    assert counted() == {**dict.fromkeys(reports.STATES, 0), after: 1}
    assert len(logged(admin)) == 2


def test_what_cannot_be_changed_is_named_and_the_others_are_changed(admin, bob, filed):
    good, bad = filed(), filed()
    status = bob.posts("x")["id"]

    reply = admin.patch(URL, json={"reports": [
        {"id": "nonsense", "state": "closed"}, {"id": bad, "state": "test"}, {"id": good, "state": "closed"},
        {"id": status, "state": "closed"}, {"id": 17, "state": "open"}]})

    assert reply.status == 400
    assert reply.json == [{"id": "nonsense", "error": "not_found"}, {"id": bad, "error": "Unsupported state"},
                          {"id": status, "error": "not_found"}, {"id": "17", "error": "not_found"}]
    assert states(admin) == {bad: "open", good: "closed"}
    assert len(logged(admin)) == 1


@pytest.mark.parametrize(("sent", "error"), [
    ({}, "Missing field: reports."),
    ({"reports": [{"state": "closed"}]}, "Missing field: id."),
    ({"reports": [{"id": "x"}]}, "Missing field: state."),
    ({"reports": "x"}, "0 - Invalid object. Got: string."),
    ({"reports": [{"id": ["x"], "state": "open"}]}, "id - Invalid string. Got: array."),
    ({"reports": [{"id": "x", "state": 5}]}, "state - Invalid string. Got: integer."),
])
def test_a_list_that_is_none_changes_nothing(admin, filed, sent, error):
    id = filed()

    reply = admin.patch(URL, json=sent)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert states(admin) == {id: "open"}


def test_one_bad_element_keeps_all_others_from_being_changed(admin, filed):
    id = filed()

    assert admin.patch(URL, json={"reports": [{"id": id, "state": "closed"}, {"id": id}]}).status == 400

    assert states(admin) == {id: "open"}


def test_an_empty_list_does_nothing(admin):
    assert admin.patch(URL, json={"reports": []}).status == 204
    assert logged(admin) == []


def test_a_form_and_the_query_do_as_well(admin, filed):
    id = filed()

    assert admin.patch(URL, form={"reports[0][id]": id, "reports[0][state]": "closed"}).status == 204
    assert states(admin) == {id: "closed"}
    assert admin.patch(URL, {"reports[0][id]": id, "reports[0][state]": "open"}).status == 204
    assert states(admin) == {id: "open"}


def test_more_than_a_hundred_at_once_are_refused(admin, filed):
    id = filed()

    reply = admin.patch(URL, json={"reports": [{"id": id, "state": "closed"}] * 101})

    assert (reply.status, reply.json) == (400, {"error": "At most 100 reports can be changed at once"})
    assert states(admin) == {id: "open"}


def test_two_administrators_close_one_report_at_once(admin, second, filed):
    id = filed()

    replies = at_once(*[lambda who=who: who.patch(URL, json={"reports": [{"id": id, "state": "closed"}]})
                        for who in (admin, second)])

    assert [reply.status for reply in replies] == [204, 204]
    assert counted() == {"open": 0, "closed": 1, "resolved": 0}
    assert sorted(logged(admin)) == [f"@{who} updated report #{id} (on user @alice) with 'closed' state"
                                     for who in ("admin", "second")]


def test_two_administrators_disagree_at_once(admin, second, filed):
    made = [filed() for _ in range(4)]

    at_once(*[lambda who=who, state=state: who.patch(URL, json={"reports": [{"id": id, "state": state}
                                                                            for id in made]})
              for who, state in ((admin, "closed"), (second, "resolved"))])

    there = list(states(admin).values())
    assert counted() == {state: there.count(state) for state in reports.STATES}
    assert len(logged(admin)) == 8


def test_behind_the_admin_token_nobody_acts(anonymous, admin, filed, setting):
    setting(admin_token="sesame")
    id = filed()

    assert anonymous.patch(URL, {"admin_token": "sesame"}, json={"reports": [{"id": id, "state": "closed"}]}
                           ).status == 204

    assert entries(admin)[0]["actor"] == {"id": None, "nickname": None, "type": "user"}
    assert logged(admin)[0].startswith("@ updated report")


# Notes.


def test_a_note_is_kept_with_its_author_and_logged(admin, alice, filed):
    id = filed()

    reply = admin.post(f"{URL}/{id}/notes", json={"content": "watch <them>"})

    assert (reply.status, reply.body) == (204, "")
    note, = admin.get(f"{URL}/{id}").json["notes"]
    assert note.keys() == {"id", "content", "user", "created_at"}
    assert isinstance(note["id"], int)
    assert note["content"] == "watch <them>"
    assert (note["user"]["id"], note["user"]["email"]) == (admin.id, "admin@localhost.localdomain")
    assert note["created_at"].endswith(".000Z")
    assert logged(admin) == [f"@admin added note 'watch <them>' to report #{id} on user @alice"]
    assert entries(admin)[0]["text"] == "watch <them>"
    assert entries(admin)[0]["subject"] == {"type": "report", "id": id, "state": "open"}


def test_notes_are_listed_oldest_first(admin, second, filed):
    id = filed()
    for number in range(12):
        (second if number % 2 else admin).post(f"{URL}/{id}/notes", {"content": f"{number}"})

    notes = admin.get(URL).json["reports"][0]["notes"]

    assert [note["content"] for note in notes] == [f"{number}" for number in range(12)]
    assert [note["user"]["nickname"] for note in notes] == ["admin", "second"] * 6


def test_a_note_is_on_one_report_only(admin, filed):
    first, second = filed(), filed()
    admin.post(f"{URL}/{first}/notes", {"content": "x"})

    assert [len(report["notes"]) for report in admin.get(URL).json["reports"]] == [0, 1]
    assert second != first


def test_a_note_needs_a_content(admin, filed):
    reply = admin.post(f"{URL}/{filed()}/notes", json={})

    assert (reply.status, reply.json["error"]) == (400, "Missing field: content.")


@pytest.mark.parametrize("content", ["", " \n\t"])
def test_a_blank_note_is_refused_with_an_empty_text(admin, filed, content):
    id = filed()

    for sent in ({"json": {"content": content}}, {"form": {"content": content}}):
        reply = admin.post(f"{URL}/{id}/notes", **sent)
        assert (reply.status, reply.body) == (400, '""')
    assert (admin.get(f"{URL}/{id}").json["notes"], logged(admin)) == ([], [])


def test_a_note_needs_an_author(anonymous, admin, filed, setting):
    setting(admin_token="sesame")
    id = filed()

    reply = anonymous.post(f"{URL}/{id}/notes", json={"content": "x", "admin_token": "sesame"})

    assert (reply.status, reply.body) == (400, '""')
    assert admin.get(f"{URL}/{id}").json["notes"] == []


@pytest.mark.parametrize("id", NOWHERE)
def test_a_note_on_no_report_is_not_found(admin, id):
    reply = admin.post(f"{URL}/{id}/notes", json={"content": "x"})

    assert (reply.status, reply.json) == (404, NOT_FOUND)
    assert logged(admin) == []


def test_a_note_has_an_end(admin, filed):
    id = filed()

    assert admin.post(f"{URL}/{id}/notes", json={"content": "ü" * 5_000}).status == 204
    reply = admin.post(f"{URL}/{id}/notes", json={"content": "ü" * 5_001})

    assert (reply.status, reply.json) == (400, {"error": "Note must be up to 5000 characters"})


def test_a_report_has_so_many_notes_at_most(admin, filed, monkeypatch):
    monkeypatch.setattr(reports, "MOST_NOTES", 2)
    id = filed()
    for _ in range(2):
        assert admin.post(f"{URL}/{id}/notes", json={"content": "x"}).status == 204

    reply = admin.post(f"{URL}/{id}/notes", json={"content": "x"})

    assert (reply.status, reply.json) == (422, {"error": "A report has at most 2 notes"})
    assert len(admin.get(f"{URL}/{id}").json["notes"]) == 2


def test_notes_written_at_once_are_all_kept_and_logged(admin, second, filed):
    id = filed()

    at_once(*[lambda who=who: who.post(f"{URL}/{id}/notes", {"content": "x"}) for who in (admin, second) * 3])

    assert len(admin.get(f"{URL}/{id}").json["notes"]) == 6
    assert len(logged(admin)) == 6


def test_a_note_is_deleted_and_that_is_logged(admin, filed):
    id = filed()
    for content in ("one", "two"):
        admin.post(f"{URL}/{id}/notes", {"content": content})
    first = admin.get(f"{URL}/{id}").json["notes"][0]["id"]

    reply = admin.delete(f"{URL}/{id}/notes/{first}")

    assert (reply.status, reply.body) == (204, "")
    assert [note["content"] for note in admin.get(f"{URL}/{id}").json["notes"]] == ["two"]
    assert logged(admin)[-1] == f"@admin deleted note 'one' from report #{id} on user @alice"
    assert entries(admin)[-1]["text"] == "one"


def test_a_note_of_another_report_an_unknown_one_and_no_number_are_not_found(admin, filed):
    id, other = filed(), filed()
    admin.post(f"{URL}/{id}/notes", {"content": "x"})
    note = admin.get(f"{URL}/{id}").json["notes"][0]["id"]

    for path in (f"{other}/notes/{note}", f"{id}/notes/{note + 1}", f"{id}/notes/x", f"{id}/notes/-1",
                 f"{id}/notes/{'9' * 40}", f"{id}/notes/²", f"nonsense/notes/{note}"):
        reply = admin.delete(f"{URL}/{path}")
        assert (reply.status, reply.json) == (404, NOT_FOUND), path
    assert len(admin.get(f"{URL}/{id}").json["notes"]) == 1
    assert len(logged(admin)) == 1


def test_a_note_is_deleted_once_by_two_at_once(admin, second, filed):
    id = filed()
    admin.post(f"{URL}/{id}/notes", {"content": "x"})
    note = admin.get(f"{URL}/{id}").json["notes"][0]["id"]

    replies = at_once(*[lambda who=who: who.delete(f"{URL}/{id}/notes/{note}") for who in (admin, second)])

    assert sorted(reply.status for reply in replies) == [204, 404]
    assert len(logged(admin)) == 2


def test_notes_are_shown_with_the_notification(admin, filed, drain):
    id = filed()
    drain()
    admin.post(f"{URL}/{id}/notes", {"content": "x"})

    shown, = admin.get("/api/v1/notifications", {"include_types": ["pleroma:report"]}).json

    assert [note["content"] for note in shown["report"]["notes"]] == ["x"]


# Groups.

GROUPS = "/api/pleroma/admin/grouped_reports"


def test_open_reports_are_grouped_by_the_statuses_they_name(admin, alice, bob, carol, filed):
    one, two = bob.posts("one")["id"], bob.posts("two")["id"]
    first = filed(status_ids=[one])
    second = filed(by=carol, status_ids=[one, two])
    third = filed(by=carol, status_ids=[one])
    closed = filed(status_ids=[two])
    filed(comment="no status")
    admin.patch(URL, json={"reports": [{"id": closed, "state": "closed"}]})

    groups = admin.get(GROUPS).json["reports"]

    assert [group["status"]["id"] for group in groups] == [one, two]
    assert groups[0].keys() == {"date", "account", "status", "actors", "reports"}
    assert groups[0]["date"] == created_at(third)
    assert (groups[0]["account"]["id"], groups[0]["account"]["email"]) == (bob.id, "bob@localhost.localdomain")
    assert groups[0]["status"]["content"] == "one"
    assert [each["id"] for each in groups[0]["actors"]] == [carol.id, alice.id]
    assert [each["id"] for each in groups[0]["reports"]] == [third, second, first]
    assert [each["id"] for each in groups[1]["reports"]] == [second]


def test_a_deleted_status_has_a_group_too(admin, bob, filed):
    id = bob.posts("one")["id"]
    filed(status_ids=[id])
    bob.delete(f"/api/v1/statuses/{id}")

    group, = admin.get(GROUPS).json["reports"]

    assert group["status"] == {"id": id, "deleted": True}
    assert group["account"]["id"] == bob.id


def test_without_reports_there_are_no_groups(admin):
    assert admin.get(GROUPS).json == {"reports": []}


# Who may.


@pytest.mark.parametrize(("method", "path", "right"), [
    ("GET", URL, "read"), ("GET", f"{URL}/x", "read"), ("GET", GROUPS, "read"), ("PATCH", URL, "write"),
    ("POST", f"{URL}/x/notes", "write"), ("DELETE", f"{URL}/x/notes/1", "write"),
])
def test_reports_take_the_scope_and_an_administrator(admin, cast, alice, method, path, right):
    other = "write" if right == "read" else "read"
    narrow = cast.signs_in(admin.account, f"admin:{other}:reports")
    sent = {"json": {"reports": [], "content": "x"}} if method in ("PATCH", "POST") else {}

    assert alice.request(method, path, **sent).json == {"error": "User is not an admin."}
    assert narrow.request(method, path, **sent).json == {
        "error": f"Insufficient permissions: admin:{right}:reports."}
    assert cast.signs_in(admin.account, f"admin:{right}:reports").request(method, path, **sent).status != 403
    assert settings.enforce_oauth_admin_scope_usage
