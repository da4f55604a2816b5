"""Backups: asking for one, what is in it, who is told, and when it is deleted."""

from __future__ import annotations

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.backups import archive_files
from chalicelib.jobs.sweep import sweep
from chalicelib.settings import settings
from chalicelib.store import files
from infra.local.files import Files
from tests.domain.federation import foreigners
from tests.jobs.conftest import clock  # noqa: F401
from tests.pictures import picture

URL = "/api/v1/pleroma/backups"
ADMIN_URL = "/api/pleroma/admin/backups"
FILES = ["actor.json", "outbox.json", "likes.json", "bookmarks.json"]
BASE = "http://kenoma.test"
DAY = 86_400


def asks(person):
    reply = person.post(URL)
    assert reply.status == 200, reply.body
    return reply.json


def stored(backup):
    """The file that a backup's address leads to, or None."""
    return files.get(backup["url"].removeprefix(f"{BASE}/"))


def unpacked(backup):
    """The files of an archive as JSON, by name."""
    archive = zipfile.ZipFile(io.BytesIO(stored(backup)))
    assert archive.testzip() is None
    assert archive.namelist() == FILES
    return {name.removesuffix(".json"): json.loads(archive.read(name).decode("utf-8")) for name in FILES}


@pytest.fixture
def archive_of(drain):
    def made(person):
        asks(person)
        drain()
        return unpacked(person.get(URL).json[0])

    return made


def letters_to(aws, person):
    return [each for each in aws.letters.letters() if each["to"] == f"{person.nickname}@localhost.localdomain"]


# Asking.


def test_a_backup_is_told_at_once_and_not_there_yet(alice):
    (backup,) = asks(alice)

    assert backup.keys() == {"id", "content_type", "url", "file_size", "processed", "inserted_at"}
    assert isinstance(backup["id"], int)
    assert (backup["content_type"], backup["file_size"], backup["processed"]) == ("application/zip", 0, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", backup["inserted_at"])
    moment = re.sub(r"[-:]|\.000Z", "", backup["inserted_at"])
    assert re.fullmatch(rf"{BASE}/media/backups/archive-alice-{moment}-[\w-]{{43}}\.zip", backup["url"])
    assert stored(backup) is None
    assert alice.get(URL).json == [backup]


def test_once_it_is_processed_it_can_be_loaded_at_the_same_address(alice, drain):
    (asked,) = asks(alice)
    drain()

    (backup,) = alice.get(URL).json

    assert backup == {**asked, "processed": True, "file_size": len(stored(backup))}
    assert backup["file_size"] > 0
    assert [key for key in files._client().list_objects_v2(Bucket=settings.bucket)["Contents"]
            if key["Key"].startswith("backups/")] == [], "its parts are gone"


def test_its_address_answers_404_before_and_the_zip_afterwards(alice, aws, drain):
    path = asks(alice)[0]["url"].removeprefix(BASE)
    served = Files(aws.s3, settings.bucket)
    assert served.answer(path, {}) is None, "as in front of the deployed bucket, the application answers"
    assert alice.get(path).status == 404

    drain()

    status, headers, body = served.answer(path, {})
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/zip", "private, no-store")
    assert body.startswith(b"PK")


def test_everybody_sees_only_their_own(alice, bob, drain):
    asks(alice)
    drain()

    assert bob.get(URL).json == []
    assert asks(bob)[0]["id"] != alice.get(URL).json[0]["id"]


def test_a_backup_needs_mail(alice, setting):
    setting(mail=False)

    reply = alice.post(URL)

    assert (reply.status, reply.json) == (400, {"error": "Backups require enabled email"})


def test_a_backup_needs_an_address(cast):
    nobody = cast.person("nobody", email=None)

    reply = nobody.post(URL)

    assert (reply.status, reply.json) == (400, {"error": "Email is required"})


@pytest.mark.parametrize(("limit", "words"), [(7, "7 days"), (1, "a day"), (2, "2 days")])
def test_the_last_one_must_be_older_than_the_limit(alice, setting, clock, limit, words):  # noqa: F811
    setting(backup_limit_days=limit)
    asks(alice)
    refused = {"error": f"Last export was less than {words} ago"}

    assert alice.post(URL).json == refused, "also while it is not processed"
    clock.pass_by(limit * DAY + DAY - 5)
    assert (alice.post(URL).status, alice.post(URL).json) == (400, refused)
    clock.pass_by(6)
    assert len(asks(alice)) == 2


def test_two_requests_at_once_make_one_backup(alice, aws):
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: alice.post(URL), range(4)))

    assert sorted(reply.status for reply in replies) == [200, 400, 400, 400]
    assert {reply.json["error"] for reply in replies if reply.status == 400} == {
        "Last export was less than 7 days ago"}
    assert len(alice.get(URL).json) == 1
    assert len(aws.messages("archives")) == 1


def test_it_needs_a_user_and_the_scope(cast, anonymous):
    writer = cast.person("writer", scopes="write follow")

    for method in ("get", "post"):
        assert getattr(anonymous, method)(URL).json == {"error": "Invalid credentials."}
        reply = getattr(writer, method)(URL)
        assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: read:accounts."})


def test_asking_takes_a_scope_to_read(cast):
    assert cast.person("reader", scopes="read:accounts").post(URL).status == 200


def test_what_asking_costs(alice):
    assert alice.post(URL).calls <= 5
    assert alice.get(URL).calls == 2


# What is in it.


def test_an_archive_of_an_account_that_did_nothing(alice, archive_of):
    archive = archive_of(alice)

    for name in ("outbox", "likes", "bookmarks"):
        assert archive[name] == {
            "@context": "https://www.w3.org/ns/activitystreams", "id": f"{name}.json", "type": "OrderedCollection",
            "orderedItems": [], "totalItems": 0,
        }


def test_it_holds_the_account_itself(alice, archive_of):
    alice.patch("/api/v1/accounts/update_credentials", form={
        "display_name": "Alice", "note": "about me", "fields_attributes[0][name]": "Garden",
        "fields_attributes[0][value]": "plot 42", "locked": True,
    }, files={"avatar": ("a.png", picture(), "image/png")})

    actor = archive_of(alice)["actor"]

    id = f"{BASE}/users/alice"
    assert actor["@context"][0] == "https://www.w3.org/ns/activitystreams"
    assert {name: actor[name] for name in (
        "id", "type", "preferredUsername", "name", "summary", "inbox", "outbox", "followers", "following", "url",
        "likes", "bookmarks", "manuallyApprovesFollowers",
    )} == {
        "id": id, "type": "Person", "preferredUsername": "alice", "name": "Alice", "summary": "about me",
        "inbox": f"{id}/inbox", "outbox": f"{id}/outbox", "followers": f"{id}/followers",
        "following": f"{id}/following", "url": id, "likes": "likes.json", "bookmarks": "bookmarks.json",
        "manuallyApprovesFollowers": True,
    }
    assert actor["attachment"] == [{"type": "PropertyValue", "name": "Garden", "value": "plot 42"}]
    assert actor["icon"] == {"type": "Image", "url": alice.get("/api/v1/accounts/verify_credentials").json["avatar"],
                             "mediaType": "image/png"}
    assert "image" not in actor
    told = json.dumps(actor)
    assert not any(secret in told for secret in ("localhost.localdomain", "argon2", "password", "private"))


def test_what_one_wrote_for_more_than_chosen_people_oldest_first(alice, bob, archive_of):
    parent = bob.posts("hello")
    written = [
        alice.posts("public @bob #tag"), alice.posts("unlisted", visibility="unlisted"),
        alice.posts("friends", visibility="private"), alice.posts("here", visibility="local"),
        alice.posts("@bob answer", in_reply_to_id=parent["id"], spoiler_text="careful"),
    ]
    alice.posts("@bob only", visibility="direct")
    gone = alice.posts("gone")["id"]
    alice.delete(f"/api/v1/statuses/{gone}")
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
    alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "whisper"})

    outbox = archive_of(alice)["outbox"]

    items = outbox["orderedItems"]
    assert outbox["totalItems"] == len(items) == 5
    assert [each["object"]["id"] for each in items] == [status["uri"] for status in written]
    assert {each["type"] for each in items} == {"Create"}
    assert not any("@context" in each for each in items)
    public, me = "https://www.w3.org/ns/activitystreams#Public", f"{BASE}/users/alice"
    assert [(each["to"], each["cc"]) for each in items] == [
        ([public, f"{BASE}/users/bob"], [f"{me}/followers"]), ([f"{me}/followers"], [public]),
        ([f"{me}/followers"], []), ([f"{BASE}/#Public"], [f"{me}/followers"]),
        ([public, f"{BASE}/users/bob"], [f"{me}/followers"]),
    ]
    first, answer = items[0]["object"], items[4]["object"]
    assert (first["type"], first["actor"], first["attributedTo"]) == ("Note", me, me)
    assert (first["content"], first["source"]) == (
        written[0]["content"], {"content": "public @bob #tag", "mediaType": "text/plain"})
    assert first["published"] == items[0]["published"] == written[0]["created_at"]
    assert {(each["type"], each["name"]) for each in first["tag"]} == {
        ("Mention", "@bob@kenoma.test"), ("Hashtag", "#tag")}
    assert "inReplyTo" not in first
    assert (answer["inReplyTo"], answer["summary"]) == (parent["uri"], "careful")
    assert len({each["id"] for each in items}) == 5


def test_a_poll_is_a_question_and_media_are_documents(alice, bob, archive_of):
    poll = alice.posts("tea?", poll={"options": ["yes", "no"], "expires_in": 600})["poll"]
    alice.posts("more?", poll={"options": ["yes", "no"], "expires_in": 600, "multiple": True})
    bob.post(f"/api/v1/polls/{poll['id']}/votes", json={"choices": [1]})
    media = alice.post("/api/v1/media", form={"description": "red"},
                       files={"file": ("a.png", picture(), "image/png")}).json
    alice.posts("", media_ids=[media["id"]])
    alice.put(f"/api/v1/media/{media['id']}", form={"description": "a red one"})

    archive = archive_of(alice)

    one, many, shown = [each["object"] for each in archive["outbox"]["orderedItems"]]
    assert (one["type"], one["votersCount"], one["endTime"]) == ("Question", 1, poll["expires_at"])
    assert [(each["name"], each["replies"]["totalItems"]) for each in one["oneOf"]] == [("yes", 0), ("no", 1)]
    assert many["anyOf"][0]["name"] == "yes"
    assert shown["attachment"] == [{"type": "Document", "mediaType": "image/png", "url": media["url"],
                                    "name": "a red one", "width": 32, "height": 24, "blurhash": media["blurhash"]}]


def test_what_one_passed_on(alice, bob, archive_of):
    bobs, alices = bob.posts("for everybody"), alice.posts("for friends", visibility="private")
    gone = bob.posts("gone")
    passed = [alice.post(f"/api/v1/statuses/{each['id']}/reblog").json for each in (bobs, alices, gone)]
    undone = bob.posts("undone")["id"]
    alice.post(f"/api/v1/statuses/{undone}/reblog")
    alice.post(f"/api/v1/statuses/{undone}/unreblog")
    bob.delete(f"/api/v1/statuses/{gone['id']}")

    items = archive_of(alice)["outbox"]["orderedItems"]

    assert [each["type"] for each in items] == ["Create", "Announce", "Announce"]
    assert items[1]["object"] == bobs["uri"]
    assert items[1]["published"] == passed[0]["created_at"]
    assert f"{BASE}/users/bob" in items[1]["cc"]
    assert items[2]["object"] == items[0]["object"], "nobody else could look it up"


def test_favourites_and_bookmarks_in_the_order_of_marking(alice, bob, archive_of):
    statuses = [bob.posts(str(number)) for number in range(4)]
    for status in (statuses[2], statuses[0], statuses[3]):
        alice.post(f"/api/v1/statuses/{status['id']}/favourite")
    for status in (statuses[3], statuses[1]):
        alice.post(f"/api/v1/statuses/{status['id']}/bookmark")
    bob.post(f"/api/v1/statuses/{statuses[1]['id']}/favourite")

    archive = archive_of(alice)

    assert archive["likes"]["orderedItems"] == [statuses[place]["uri"] for place in (2, 0, 3)]
    assert archive["likes"]["totalItems"] == 3
    assert archive["bookmarks"]["orderedItems"] == [statuses[place]["uri"] for place in (3, 1)]


def test_letters_of_every_script_come_through(alice, archive_of):
    alice.posts("żółć 😀 «…» \u2028")

    assert archive_of(alice)["outbox"]["orderedItems"][0]["object"]["source"]["content"] == "żółć 😀 «…»"


# Who is told.


def test_a_letter_tells_that_it_is_ready(alice, aws, drain):
    (backup,) = asks(alice)
    assert letters_to(aws, alice) == []

    drain()

    (letter,) = letters_to(aws, alice)
    assert letter["subject"] == "Your account archive is ready"
    assert f'<a href="{backup["url"]}">' in letter["html"]
    assert backup["url"] in letter["text"]
    assert "You requested a full backup" in letter["text"]
    assert "Admin" not in letter["text"]


def test_an_administrator_may_ask_for_anybodys_at_any_time(admin, alice, aws, drain):
    asks(alice)
    drain()

    reply = admin.post(ADMIN_URL, json={"nickname": "alice"})
    drain()

    assert (reply.status, reply.json) == (200, "")
    (backup,) = alice.get(URL).json
    assert backup["processed"] is True
    letter = letters_to(aws, alice)[-1] if "Admin" in letters_to(aws, alice)[-1]["text"] else letters_to(aws, alice)[0]
    assert letter["subject"] == "Your account archive is ready"
    assert "Admin @admin requested a full backup" in letter["text"]
    assert "Admin @admin requested a full backup" in letter["html"]
    assert admin.get(URL).json == []
    assert alice.post(URL).status == 400, "it counts as her last"


def test_of_several_that_are_under_way_the_last_one_stays(admin, alice, aws, drain):
    asks(alice)
    for _ in range(2):
        admin.post(ADMIN_URL, json={"nickname": "alice"})
    wanted = alice.get(URL).json

    drain()

    (backup,) = alice.get(URL).json
    assert (backup["id"], backup["processed"], len(wanted)) == (wanted[0]["id"], True, 3)
    assert [stored(each) is not None for each in wanted] == [True, False, False]
    assert (aws.count("jobs"), aws.messages("dead")) == (1, [])


def test_the_admin_token_is_nobodys_name(anonymous, alice, aws, drain, setting):
    setting(admin_token="secret")
    reply = anonymous.post(ADMIN_URL, json={"nickname": "alice"}, headers={"X-Admin-Token": "secret"})
    drain()

    assert (reply.status, reply.json) == (200, "")
    assert "An administrator requested" in letters_to(aws, alice)[0]["text"]


def logged(admin):
    return admin.get("/api/pleroma/admin/moderation_log").json["items"]


def test_what_an_administrator_asks_for_is_logged(admin, alice, anonymous, setting):
    setting(admin_token="secret")
    admin.post(ADMIN_URL, json={"nickname": "alice@kenoma.test"})
    anonymous.post(ADMIN_URL, json={"nickname": "alice"}, headers={"X-Admin-Token": "secret"})

    last, first = logged(admin)

    assert first["message"] == "@admin requested account backup for @alice"
    assert first["data"] == {
        "action": "create_backup", "message": first["message"],
        "actor": {"id": admin.id, "nickname": "admin", "type": "user"},
        "subject": {"id": alice.id, "nickname": "alice", "type": "user"}}
    assert (last["message"], last["data"]["actor"]) == (
        "@ requested account backup for @alice", {"id": None, "nickname": None, "type": "user"})


def test_what_is_refused_or_asked_for_by_people_themselves_is_not_logged(admin, alice, cast):
    cast.person("nobody", email=None)
    asks(alice)
    for name in ("unknown", "nobody"):
        assert admin.post(ADMIN_URL, json={"nickname": name}).status in (400, 404)

    assert logged(admin) == []


def test_each_of_several_requests_at_once_is_logged_once(admin, alice, cast):
    other = cast.person("other", is_admin=True, scopes="read write admin")
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda by: by.post(ADMIN_URL, json={"nickname": "alice"}), [admin, other] * 2))

    assert [reply.status for reply in replies] == [200] * 4
    assert len(alice.get(URL).json) == 4
    assert sorted(each["data"]["actor"]["nickname"] for each in logged(admin)) == ["admin", "admin", "other", "other"]


@pytest.mark.parametrize(("body", "status", "error"), [
    ({}, 400, "Missing field: nickname."), ({"nickname": "unknown"}, 404, "Not found"),
])
def test_an_administrator_is_told_of_faults(admin, body, status, error):
    reply = admin.post(ADMIN_URL, json=body)

    assert (reply.status, reply.json["error"]) == (status, error)


def test_an_administrator_needs_the_right(alice, cast):
    narrow = cast.person("chief", is_admin=True, scopes="read write admin:write")

    assert alice.post(ADMIN_URL, {"nickname": "alice"}).json == {"error": "User is not an admin."}
    assert narrow.post(ADMIN_URL, {"nickname": "alice"}).json == {
        "error": "Insufficient permissions: admin:read:accounts."}


def test_an_administrator_needs_mail_and_an_address_too(admin, cast, setting):
    cast.person("nobody", email=None)

    assert admin.post(ADMIN_URL, {"nickname": "nobody"}).json == {"error": "Email is required"}
    setting(mail=False)
    assert admin.post(ADMIN_URL, {"nickname": "nobody"}).json == {"error": "Backups require enabled email"}


# When it is deleted.


def test_a_newer_backup_takes_the_place_of_the_older(alice, drain, clock):  # noqa: F811
    (old,) = asks(alice)
    drain()
    clock.pass_by(8 * DAY)
    both = asks(alice)
    assert [each["processed"] for each in both] == [False, True], "newest first; the older stays until then"

    drain()

    (new,) = alice.get(URL).json
    assert new["id"] == both[0]["id"] > old["id"]
    assert (stored(old), len(stored(new))) == (None, new["file_size"])


def test_a_backup_is_deleted_after_a_month(alice, aws, drain, clock, setting):  # noqa: F811
    setting(backup_purge_after_days=30)
    (backup,) = asks(alice)
    drain()
    clock.pass_by(30 * DAY - 120)
    sweep()
    drain()
    assert stored(backup)

    clock.pass_by(130)
    sweep()
    drain()

    assert (alice.get(URL).json, stored(backup)) == ([], None)
    assert aws.count("jobs") == 0


def test_a_backup_of_a_deleted_account_goes_with_it(alice, aws, drain, setting, clock):  # noqa: F811
    setting(deletion_pause=0)
    (backup,) = asks(alice)
    drain()

    alice.post("/api/pleroma/delete_account", form={"password": "kenoma-local"})
    drain()
    clock.pass_by(300)
    sweep()
    drain()

    assert (stored(backup), aws.count("backups"), aws.count("jobs")) == (None, 0, 0)


def test_a_backup_under_way_leaves_nothing_of_a_deleted_account(alice, aws, drain, setting, clock):  # noqa: F811
    setting(deletion_pause=0)
    alice.posts("something")
    (backup,) = asks(alice)
    alice.post("/api/pleroma/delete_account", form={"password": "kenoma-local"})

    drain()
    clock.pass_by(300)
    sweep()
    drain()

    assert (stored(backup), aws.count("backups"), aws.count("jobs")) == (None, 0, 0)
    assert aws.s3.list_objects_v2(Bucket=settings.bucket).get("Contents") is None


def test_without_a_letter_the_backup_is_finished_all_the_same(alice, aws, drain, setting):
    asks(alice)
    setting(mail=False)

    drain()

    assert alice.get(URL).json[0]["processed"] is True
    assert (letters_to(aws, alice), aws.count("jobs")) == ([], 1), "the job that deletes it one day"


def test_an_archive_of_several_parts_is_one_whole(alice, drain, monkeypatch):
    monkeypatch.setattr(archive_files, "ENTRIES_PER_PART", 2)
    monkeypatch.setattr(archive_files, "STATUSES_AT_ONCE", 1)
    monkeypatch.setattr(archive_files, "ROWS_PER_QUERY", 3)
    monkeypatch.setattr(archive_files, "IDS_AT_ONCE", 1)
    statuses = [alice.posts(str(number)) for number in range(5)]
    for status in statuses:
        alice.post(f"/api/v1/statuses/{status['id']}/favourite")
        alice.post(f"/api/v1/statuses/{status['id']}/reblog")

    asks(alice)
    drain()

    archive = unpacked(alice.get(URL).json[0])
    assert archive["likes"]["orderedItems"] == [status["uri"] for status in statuses]
    items = archive["outbox"]["orderedItems"]
    assert [each["object"]["id"] for each in items[:5]] == [status["uri"] for status in statuses]
    assert [each["object"] for each in items[5:]] == [status["uri"] for status in statuses]
    assert archive["outbox"]["totalItems"] == 10


def test_favourites_and_bookmarks_of_other_servers_are_named_as_those_do(alice, bob, archive_of):
    own, foreign = bob.posts("hello"), foreigners.posts(foreigners.comes())
    for id in (own["id"], foreign.id):
        alice.post(f"/api/v1/statuses/{id}/favourite")
        alice.post(f"/api/v1/statuses/{id}/bookmark")

    archive = archive_of(alice)

    assert archive["likes"]["orderedItems"] == archive["bookmarks"]["orderedItems"] == [own["uri"], foreign.foreign_uri]


def test_newer_clients_have_a_scope_of_its_own(cast):
    keeper = cast.person("keeper", scopes="read:backups")

    assert keeper.get(URL).json == []


def test_an_archive_and_the_outbox_say_what_is_quoted(alice, bob, anonymous, archive_of):
    original = bob.posts("original")
    quote = alice.posts("look", quote_id=original["id"])

    (archived,) = archive_of(alice)["outbox"]["orderedItems"]
    page = anonymous.get("/users/alice/outbox?page=true", headers={"Accept": "application/activity+json"}).json

    for created in (archived, page["orderedItems"][0]):
        assert created["object"]["id"] == quote["uri"]
        assert created["object"]["quote"] == created["object"]["_misskey_quote"] == original["uri"]
        assert created["object"]["quoteAuthorization"].startswith(f"{original['uri']}/stamps/")
