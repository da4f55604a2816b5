"""PATCH /api/v1/accounts/update_credentials: what an account changes of itself."""

import hashlib
import json

import pytest

from chalicelib.settings import settings
from chalicelib.store.accounts.accounts import Account, Preferences, State
from chalicelib.store.dynamo.connection import shared
from chalicelib.store.dynamo.table import update
from chalicelib.store.emoji import rows
from chalicelib.store.media import uploads
from infra.local.files import Files
from tests.agreement import breaking
from tests.at_once import at_once
from tests.faults import Killed, before_call, die
from tests.pictures import PLACE, SCRIPT, decoded, photograph, picture, png, webp_of_size

PATH = "/api/v1/accounts/update_credentials"
INVALID = (403, {"error": "Invalid request"})
SWITCHES = {
    "hide_followers": False, "hide_follows": False, "hide_followers_count": False, "hide_follows_count": False,
    "hide_favorites": True, "skip_thread_containment": False, "allow_following_move": True,
    "accepts_chat_messages": True,
}
IMAGES = {"avatar": "avatar", "header": "header", "pleroma_background_image": "background"}
DEFAULTS = {"avatar": "http://kenoma.test/images/avi.png", "header": "http://kenoma.test/images/banner.png",
            "pleroma_background_image": None}
LIMITS = {"avatar": 2_000_000, "header": 4_000_000, "pleroma_background_image": 4_000_000}


def change(person, **values):
    """Change something by JSON. Answers the account in the reply."""
    reply = person.patch(PATH, json=values)
    assert reply.status == 200, reply.text
    return reply.json


def refused(person, **values):
    """The status and body of a refused change. Checks that nothing has changed."""
    before = person.account.attribute_values
    reply = person.patch(PATH, json=values)
    assert person.account.attribute_values == before
    return reply.status, reply.json


def own(person):
    shown = person.get("/api/v1/accounts/verify_credentials").json
    del shown["pleroma"]["chat_token"]
    return shown


def image_of(shown, name):
    return shown["pleroma"]["background_image"] if name == "pleroma_background_image" else shown[name]


def stored(aws):
    """The names of all objects below media/."""
    found = aws.s3.list_objects_v2(Bucket=settings.bucket, Prefix="media/").get("Contents", [])
    return sorted(each["Key"].removeprefix("media/") for each in found)


# The reply.


def test_the_reply_is_the_account_as_it_now_is(alice):
    Preferences(alice.id, "F", settings_store={"pleroma_fe": {"a": 1}}).save()

    shown = change(alice, display_name="Alice in Chains", pleroma_settings_store={"soapbox_fe": {"b": 2}})

    assert shown["display_name"] == "Alice in Chains"
    assert shown["pleroma"]["settings_store"] == {"pleroma_fe": {"a": 1}, "soapbox_fe": {"b": 2}}
    assert "chat_token" not in shown["pleroma"]
    assert shown == own(alice)


def test_others_see_the_change_at_once(alice, bob):
    change(alice, display_name="Alicia", note="new")

    assert bob.get(f"/api/v1/accounts/{alice.id}").json["display_name"] == "Alicia"
    assert bob.get(f"/api/v1/accounts/{alice.id}").json["note"] == "new"


@pytest.mark.parametrize("body", [{}, {"display_name": None, "note": None, "locked": None, "fields_attributes": None,
                                       "avatar": None, "source": None, "pleroma_settings_store": None}])
def test_what_is_absent_or_null_changes_nothing(alice, body):
    change(alice, display_name="A", note="B", locked=True, fields_attributes=[{"name": "c", "value": "d"}])
    before = alice.account.attribute_values

    assert change(alice, **body) == own(alice)
    assert alice.account.attribute_values == before


def test_a_body_is_not_needed(alice):
    assert alice.patch(PATH).status == 200


@pytest.mark.parametrize("how", ["json", "form", "query", "multipart"])
def test_it_is_taken_in_any_encoding(alice, how):
    values = {"display_name": "Ålice", "locked": "true", "hide_follows": "1"}
    match how:
        case "multipart":
            reply = alice.patch(PATH, form=values, files={"avatar": ("a.png", picture(), "image/png")})
        case "query":
            reply = alice.patch(PATH, values)
        case _:
            reply = alice.patch(PATH, **{how: values})

    assert reply.status == 200
    assert (reply.json["display_name"], reply.json["locked"]) == ("Ålice", True)
    assert reply.json["pleroma"]["hide_follows"] is True


def test_it_needs_a_user_and_the_scope(anonymous, cast):
    reader = cast.person("reader", scopes="read write:statuses")

    nobody, lacking = anonymous.patch(PATH, json={"note": "x"}), reader.patch(PATH, json={"note": "x"})

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: write:accounts."})
    assert own(reader)["note"] == ""


def test_parameters_are_looked_at_before_the_scope(cast):
    reader = cast.person("reader", scopes="read")

    assert reader.patch(PATH, json={"display_name": {}}).status == 400


# What it costs: calls and rounds beyond those of `verify_credentials`.


def dearer_than_a_look(person, reply):
    assert reply.status == 200, reply.text
    look = person.get("/api/v1/accounts/verify_credentials")
    return reply.calls - look.calls, reply.rounds - look.rounds


def test_a_change_costs_one_write(alice):
    reply = alice.patch(PATH, json={"locked": True, "hide_follows": True, "note": "x",
                                    "fields_attributes": [{"name": "a", "value": "b"}]})

    assert dearer_than_a_look(alice, reply) == (1, 1)


def test_another_name_is_found_and_the_old_one_is_not(alice, bob):
    alice.patch(PATH, json={"display_name": "Wanda Maximoff"})
    reply = alice.patch(PATH, json={"display_name": "Natasha"})

    def found(word):
        return [each["id"] for each in bob.get("/api/v1/accounts/search", {"q": word}).json]

    assert (found("wanda"), found("natasha"), found("alice")) == ([], [alice.id], [alice.id])
    assert dearer_than_a_look(alice, reply) <= (4, 4)


def test_so_does_one_of_what_frontends_keep(alice):
    Preferences(alice.id, "F", settings_store={"a": {}}, version=3).save()

    reply = alice.patch(PATH, json={"pleroma_settings_store": {"b": {}}, "note": "x"})

    assert dearer_than_a_look(alice, reply) == (1, 1)


def test_no_change_costs_no_write(alice):
    assert dearer_than_a_look(alice, alice.patch(PATH, json={})) == (0, 0)


def test_mentions_cost_two_rounds_however_many_there_are(alice, bob, carol):
    fields = [{"name": str(number), "value": f"@bob @carol @nobody{number}"} for number in range(10)]

    reply = alice.patch(PATH, json={"note": "@bob @carol " * 100, "fields_attributes": fields})

    assert dearer_than_a_look(alice, reply) == (3, 3)


def test_each_picture_costs_a_row(alice):
    files = {name: ("a.png", picture(), "image/png") for name in IMAGES}

    assert dearer_than_a_look(alice, alice.patch(PATH, files=files)) == (4, 2)


# Names.


@pytest.mark.parametrize("name", [
    "A", "x" * 100, "é" * 100, "👨‍👩‍👧‍👦" * 100, "e\u0301" * 100, " \t ", "  Alice\u202e ", "<script>alert(1)</script>",
    "line\nbreak\r\nSet-Cookie: a=b", "&amp; \" ' \\", "\u0007",
])
def test_a_name_is_kept_as_it_was_sent(alice, name):
    shown = change(alice, display_name=name)

    assert shown["display_name"] == name
    assert own(alice)["display_name"] == name


@pytest.mark.parametrize("name", ["x" * 101, "👨‍👩‍👧‍👦" * 101, "e" + "\u0301" * 100_000])
def test_a_name_has_a_length(alice, name):
    assert refused(alice, display_name=name) == INVALID


def test_the_length_of_names_is_a_setting(alice, setting):
    setting(user_name_length=5)

    assert change(alice, display_name="12345")["display_name"] == "12345"
    assert refused(alice, display_name="123456") == INVALID


def test_without_a_name_the_nickname_shows(alice):
    change(alice, display_name="Somebody")

    assert change(alice, display_name="")["display_name"] == "alice"
    assert alice.account.display_lower == "alice"


def test_a_name_can_be_found_in_any_case(alice):
    change(alice, display_name="STRASSE Ä" * 11)

    assert alice.account.display_lower == ("strasse ä" * 11)[:200]


# Bios.


def test_a_bio_is_kept_as_typed_and_shown_as_html(alice, bob):
    typed = "I like #cofe with @bob & <b>https://one.example/a?b=c</b>\nnew :) line"

    shown = change(alice, note=typed)

    assert shown["source"]["note"] == typed
    assert shown["note"] == (
        'I like <a class="hashtag" data-tag="cofe" href="http://kenoma.test/tag/cofe">#cofe</a> with '
        f'<span class="h-card"><a class="u-url mention" data-user="{bob.id}" href="http://kenoma.test/users/bob" '
        'rel="ugc">@<span>bob</span></a></span> &amp; &lt;b&gt;<a href="https://one.example/a?b=c" rel="ugc">'
        "https://one.example/a?b=c</a>&lt;/b&gt;<br/>new :) line"
    )


@pytest.mark.parametrize("typed", [SCRIPT.decode(), "<img src=x onerror=alert(1)>", "javascript:alert(1)", "\"'><svg>"])
def test_a_bio_holds_no_markup_of_its_owner(alice, typed):
    shown = change(alice, note=typed)

    assert "<" not in shown["note"]
    assert shown["source"]["note"] == typed


def test_a_bio_can_be_taken_back(alice):
    change(alice, note="something")

    shown = change(alice, note="")

    assert (shown["note"], shown["source"]["note"]) == ("", "")


@pytest.mark.parametrize(("note", "fits"), [
    ("x" * 5000, True), ("é" * 5000, True), ("👨‍👩‍👧‍👦" * 5000, True), ("x" * 5001, False), ("a\u0301" * 5001, False),
    ("a" + "\u0301" * 60_000, False),
])
def test_a_bio_has_a_length(alice, note, fits):
    if fits:
        assert change(alice, note=note)["source"]["note"] == note
    else:
        assert refused(alice, note=note) == INVALID


def test_a_bio_of_nothing_but_mentions_fits(alice, bob):
    shown = change(alice, note="@bob " * 1000)

    assert shown["note"].count("</a>") == 1000


def test_a_bio_of_thousands_of_names_looks_up_so_many(alice):
    reply = alice.patch(PATH, json={"note": " ".join(f"@a{number:x}" for number in range(800))})

    assert dearer_than_a_look(alice, reply) == (6, 2)


# Switches.


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("value", [True, False])
def test_switches_are_kept_and_shown(alice, name, value):
    assert own(alice)["pleroma"][name] is SWITCHES[name]

    assert change(alice, **{name: value})["pleroma"][name] is value
    assert change(alice, **{name: not value})["pleroma"][name] is not value


@pytest.mark.parametrize(("value", "meant"), [
    (True, True), (1, True), ("1", True), ("true", True), ("on", True), ("yes", True), ("t", True),
    (False, False), (0, False), ("0", False), ("f", False), ("F", False), ("false", False), ("FALSE", False),
    ("False", False), ("off", False), ("OFF", False), ("", False),
])
def test_what_counts_as_true(alice, value, meant):
    change(alice, locked=not meant)

    assert change(alice, locked=value)["locked"] is meant


@pytest.mark.parametrize(("name", "default"), [("no_rich_text", False), ("show_role", True), ("discoverable", False)])
def test_switches_of_the_source(alice, name, default):
    assert own(alice)["source"]["pleroma"][name] is default

    assert change(alice, **{name: not default})["source"]["pleroma"][name] is not default


def test_hidden_roles_are_hidden(admin, bob):
    change(admin, show_role=False)

    assert "is_admin" not in bob.get(f"/api/v1/accounts/{admin.id}").json["pleroma"]
    assert own(admin)["pleroma"]["is_admin"] is True


def test_hidden_follows_are_hidden(alice, bob):
    bob.follows(alice)
    change(alice, hide_followers=True, hide_followers_count=True)

    shown = bob.get(f"/api/v1/accounts/{alice.id}").json

    assert shown["followers_count"] == 0
    assert bob.get(f"/api/v1/accounts/{alice.id}/followers").json == []
    assert own(alice)["followers_count"] == 1


@pytest.mark.parametrize(("sent", "shown"), [
    ({"bot": True}, "Service"), ({"bot": False}, "Person"), ({"actor_type": "Service"}, "Service"),
    ({"actor_type": "Person", "bot": True}, "Person"), ({"actor_type": "Service", "bot": False}, "Service"),
])
def test_a_bot_is_shown_as_one(alice, sent, shown):
    change(alice, actor_type="Person" if shown == "Service" else "Service")

    account = change(alice, **sent)

    assert account["source"]["pleroma"]["actor_type"] == shown
    assert account["bot"] is (shown == "Service")


@pytest.mark.parametrize("type", ["Application", "Group", "Organization"])
def test_other_actors_are_refused(alice, type):
    assert refused(alice, actor_type=type) == INVALID


def test_unlocking_keeps_those_who_wait(alice, bob):
    change(alice, locked=True)
    bob.follows(alice)

    shown = change(alice, locked=False)

    assert shown["locked"] is False
    assert shown["follow_requests_count"] == 1
    assert bob.relationship(alice)["requested"] is True
    assert bob.relationship(alice)["following"] is False


def test_a_locked_account_is_asked(alice, bob):
    change(alice, locked=True)

    bob.follows(alice)

    assert bob.relationship(alice)["requested"] is True


@pytest.mark.parametrize("scope", ["public", "unlisted", "local", "private", "direct", "list"])
def test_the_default_scope_has_two_names(alice, scope):
    other = "private" if scope == "public" else "public"

    assert change(alice, default_scope=scope)["source"]["privacy"] == scope
    assert change(alice, default_scope=other)["source"]["privacy"] == other
    assert change(alice, source={"privacy": scope})["source"]["privacy"] == scope


def test_of_both_names_the_mastodons_counts(alice):
    form = {"default_scope": "public", "source[privacy]": "private"}

    assert alice.patch(PATH, form=form).json["source"]["privacy"] == "private"


def test_an_unknown_scope_by_the_other_name_is_refused(alice):
    assert refused(alice, source={"privacy": "nobody"}) == INVALID


def test_the_rest_of_the_source_is_not_looked_at(alice):
    shown = change(alice, source={"language": "de", "note": "x", "fields": [], "privacy": None})

    assert shown["source"]["note"] == ""


# Fields.


FIELDS = [("Site", "https://one.example"), ("Friend", "@bob"), ("Plain", "text")]


@pytest.mark.parametrize("how", ["list", "map", "form", "form list", "multipart"])
def test_fields_come_in_any_form(alice, bob, how):
    listed = [{"name": name, "value": value} for name, value in FIELDS]
    indexed = [(f"fields_attributes[{at}][{key}]", field[key])
               for at, field in reversed(list(enumerate(listed))) for key in field]
    match how:
        case "list":
            reply = alice.patch(PATH, json={"fields_attributes": listed})
        case "map":
            reply = alice.patch(PATH, json={"fields_attributes": {"2": listed[2], "10": {"name": "", "value": ""},
                                                                  "0": listed[0], "1": listed[1]}})
        case "form":
            reply = alice.patch(PATH, form=indexed)
        case "form list":
            reply = alice.patch(PATH, form=[(f"fields_attributes[][{key}]", field[key])
                                            for field in listed for key in field])
        case _:
            reply = alice.patch(PATH, form=indexed, files={"avatar": ("a.png", picture(), "image/png")})

    assert reply.status == 200, reply.text
    assert reply.json["source"]["fields"] == listed
    assert [{**each, "verified_at": None} for each in reply.json["fields"]] == reply.json["fields"]
    assert [{"name": each["name"], "value": each["value"]} for each in reply.json["fields"]] == [
        {"name": "Site", "value": '<a href="https://one.example" rel="ugc">https://one.example</a>'},
        {"name": "Friend", "value": f'<a class="u-url mention" data-user="{bob.id}" href="http://kenoma.test/users/bob"'
                                    ' rel="ugc">@bob</a>'},
        {"name": "Plain", "value": "text"},
    ]


def test_a_map_of_ten_goes_by_number(alice):
    fields = {str(number): {"name": str(number), "value": ""} for number in (9, 1, 0, 10, 2)}

    shown = change(alice, fields_attributes=fields)

    assert [each["name"] for each in shown["fields"]] == ["0", "1", "2", "9", "10"]


def test_fields_replace_all_there_were(alice):
    change(alice, fields_attributes=[{"name": "a", "value": "b"}, {"name": "c", "value": "d"}])

    shown = change(alice, fields_attributes=[{"name": "e", "value": "f"}])

    assert shown["fields"] == [{"name": "e", "value": "f", "verified_at": None}]
    assert shown["source"]["fields"] == [{"name": "e", "value": "f"}]


@pytest.mark.parametrize("nothing", [[], {}, [{"name": "", "value": "x"}], {"0": {"name": "", "value": ""}}])
def test_fields_can_be_taken_back(alice, nothing):
    change(alice, fields_attributes=[{"name": "a", "value": "b"}])

    shown = change(alice, fields_attributes=nothing)

    assert shown["fields"] == shown["source"]["fields"] == []


def test_at_most_ten_fields_with_a_name(alice):
    ten = [{"name": str(number), "value": ""} for number in range(10)]

    assert len(change(alice, fields_attributes=[*ten, {"name": "", "value": "x"}])["fields"]) == 10
    assert refused(alice, fields_attributes=[*ten, {"name": "x", "value": ""}]) == INVALID


@pytest.mark.parametrize(("name", "value", "fits"), [
    ("n" * 512, "v" * 2048, True), ("é" * 512, "👩‍🚀" * 2048, True), ("n" * 513, "", False), ("n", "v" * 2049, False),
    ("n", "&" * 410, False), ("n", "&" * 400, True), ("n", "https://one.example/" + "x" * 1100, False),
    ("n", "<b>" * 600 + "v", True), ("n", "<b>" * 1_000_000, False), ("n" + "\u0301" * 9_000, "", False),
])
def test_fields_have_a_length(alice, name, value, fits):
    fields = [{"name": name, "value": value}]

    if fits:
        assert change(alice, fields_attributes=fields)["source"]["fields"] == fields
    else:
        assert refused(alice, fields_attributes=fields) == INVALID


def test_numbers_and_lengths_of_fields_are_settings(alice, setting):
    setting(max_account_fields=1, account_field_name_length=2, account_field_value_length=3)

    assert change(alice, fields_attributes=[{"name": "ab", "value": "abc"}])
    assert refused(alice, fields_attributes=[{"name": "abc", "value": ""}]) == INVALID
    assert refused(alice, fields_attributes=[{"name": "a", "value": "abcd"}]) == INVALID
    assert refused(alice, fields_attributes=[{"name": "a", "value": ""}] * 2) == INVALID


@pytest.mark.parametrize(("typed", "shown"), [
    ("<script>bar</script>", "bar"), ("<b>bold</b>", "bold"), ("a & b", "a &amp; b"),
    ('<a href="https://one.example" onclick="x" rel="me">one</a>', '<a href="https://one.example" rel="me">one</a>'),
    ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"), ("<img src=x onerror=alert(1)>", ""),
    ("<<script>script>alert(1)</script>", "&lt;script&gt;alert(1)"),
])
def test_values_hold_links_and_no_other_markup(alice, typed, shown):
    found = change(alice, fields_attributes=[{"name": "<b>n</b>", "value": typed}])

    assert found["fields"] == [{"name": "<b>n</b>", "value": shown, "verified_at": None}]
    assert found["source"]["fields"] == [{"name": "<b>n</b>", "value": typed}]


# Custom emoji.


def test_emoji_of_name_bio_and_fields_are_found_when_written(alice):
    for name in ("one", "two", "three", "four", "five"):
        rows.add_file("pack", name, f"{name}.png", "image/png", 1)

    change(alice, display_name="I am :one:", note="with :two:, :unknown: and :one:")
    shown = change(alice, fields_attributes=[{"name": ":three:", "value": ":four:"}])

    assert [each["shortcode"] for each in shown["emojis"]] == ["one", "two", "three", "four"]
    assert shown["emojis"][0] == {
        "shortcode": "one", "url": "http://kenoma.test/emoji/pack/one.png",
        "static_url": "http://kenoma.test/emoji/pack/one.png", "visible_in_picker": False,
    }
    assert [each["shortcode"] for each in change(alice, note="")["emojis"]] == ["one", "three", "four"]
    assert change(alice, display_name="", fields_attributes=[])["emojis"] == []


# Other profiles.


def test_other_profiles_of_the_same_person(alice):
    urls = ["https://old.example/users/alice", "http://two.example:8080/@alice?x=y#z", "HTTPS://Three.Example"]

    assert change(alice, also_known_as=urls)["pleroma"]["also_known_as"] == urls
    assert change(alice, also_known_as=urls[:1])["pleroma"]["also_known_as"] == urls[:1]
    assert change(alice, also_known_as=[])["pleroma"]["also_known_as"] == []


def test_other_profiles_in_a_form(alice):
    form = [("also_known_as[]", "https://one.example"), ("also_known_as[]", "https://two.example")]

    shown = alice.patch(PATH, form=form).json

    assert shown["pleroma"]["also_known_as"] == ["https://one.example", "https://two.example"]


@pytest.mark.parametrize("url", [
    "", "x", "/users/alice", "//one.example/a", "https://", "https:///a", "https:one.example", "ftp://one.example/a",
    "javascript:alert(1)", "javascript://one.example/%0aalert(1)", "data:text/html,x", "acct:alice@one.example",
    "https://one.example/a b", "https://one.example/\r\nX: y", " https://one.example", "https://one.example:x/",
    "https://one.example:99999/", "https://[::1", "https://one.example/<script>", 'https://one.example/"x',
    "https://" + "x" * 3000,
])
def test_only_whole_addresses_are_taken(alice, url):
    assert refused(alice, also_known_as=["https://one.example", url]) == INVALID


# What frontends keep.


def test_each_frontend_keeps_its_own(alice):
    change(alice, pleroma_settings_store={"pleroma_fe": {"theme": "x", "list": [1]}, "soapbox_fe": {"a": None}})

    shown = change(alice, pleroma_settings_store={"pleroma_fe": {"theme": "y"}})

    assert shown["pleroma"]["settings_store"] == {"pleroma_fe": {"theme": "y"}, "soapbox_fe": {"a": None}}
    assert own(alice) == shown


@pytest.mark.parametrize("value", [1, "text", [], [{}], None, True, 1.5, {"deep": {"er": ["x", {"é": "\u0000"}]}}])
def test_a_frontend_keeps_anything(alice, value):
    shown = change(alice, pleroma_settings_store={"any": value})

    assert shown["pleroma"]["settings_store"] == {"any": value}


def test_what_frontends_keep_in_a_form(alice):
    shown = alice.patch(PATH, form={"pleroma_settings_store[pleroma_fe][theme]": "x"}).json

    assert shown["pleroma"]["settings_store"] == {"pleroma_fe": {"theme": "x"}}


def test_a_file_is_nothing_to_keep(alice):
    reply = alice.patch(PATH, files={"pleroma_settings_store[a][b]": ("a.png", picture(), "image/png")})

    assert (reply.status, reply.json) == INVALID


def test_what_frontends_keep_has_a_bound_all_together(alice):
    change(alice, pleroma_settings_store={"one": "x" * 150_000})

    reply = alice.patch(PATH, json={"pleroma_settings_store": {"two": "x" * 100_000}, "note": "new"})

    assert (reply.status, reply.json) == INVALID
    assert own(alice)["note"] == ""
    assert own(alice)["pleroma"]["settings_store"].keys() == {"one"}


def test_what_else_is_in_the_same_place_stays(alice):
    Preferences(alice.id, "F", mascot={"id": "1"}, version=7).save()

    change(alice, pleroma_settings_store={"a": 1})

    kept = Preferences.get(alice.id, "F")
    assert (kept.mascot, kept.version, kept.settings_store) == ({"id": "1"}, 8, {"a": 1})


# Pictures.


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize(("format", "extension", "type"), [
    ("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("GIF", "gif", "image/gif"),
    ("WEBP", "webp", "image/webp"),
])
def test_a_picture_gets_an_address_and_can_be_had_there(alice, aws, name, format, extension, type):
    shown = alice.patch(PATH, files={name: ("a", picture(format), "application/octet-stream")}).json

    (object,) = stored(aws)
    url = image_of(shown, name)
    assert url == f"http://kenoma.test/media/{object}"
    found = aws.s3.get_object(Bucket=settings.bucket, Key=f"media/{object}")
    data = found["Body"].read()
    assert object == f"{hashlib.sha256(data).hexdigest()}.{extension}"
    assert (found["ContentType"], found["CacheControl"]) == (type, "public, max-age=1209600")
    assert decoded(data).size == (32, 24)
    status, headers, body = Files(aws.s3, settings.bucket).answer(f"/media/{object}", {})
    assert (status, headers["Content-Type"], body) == (200, type, data)
    if name != "pleroma_background_image":
        assert shown[f"{name}_static"] == url


@pytest.mark.parametrize("name", IMAGES)
def test_a_picture_can_be_taken_back(alice, name):
    alice.patch(PATH, files={name: ("a.png", picture(), "image/png")})

    shown = alice.patch(PATH, form={name: ""}).json

    assert image_of(shown, name) == DEFAULTS[name]
    assert image_of(own(alice), name) == DEFAULTS[name]


def test_all_three_at_once_and_each_its_own(alice, aws):
    files = {name: ("a", picture(format), "") for name, format in zip(IMAGES, ("PNG", "GIF", "JPEG"), strict=True)}

    shown = alice.patch(PATH, files=files, form={"display_name": "A"}).json

    assert [image_of(shown, name).rpartition(".")[2] for name in IMAGES] == ["png", "gif", "jpg"]
    assert len(stored(aws)) == 3


def test_an_upload_belongs_to_its_owner(alice, bob, aws):
    alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})
    bob.patch(PATH, files={"avatar": ("b.jpg", picture(), "image/jpeg")})

    (mine,), (theirs,) = uploads.list_of(alice.id), uploads.list_of(bob.id)

    assert [mine.object] == [theirs.object] == stored(aws)
    assert (mine.owner, mine.mime) == (alice.id, "image/png")
    assert mine.size == len(aws.s3.get_object(Bucket=settings.bucket, Key=f"media/{mine.object}")["Body"].read())
    assert mine.id != theirs.id


@pytest.mark.parametrize("name", IMAGES)
def test_a_picture_has_a_size(alice, aws, name):
    fits = picture() + b"x" * (LIMITS[name] - len(picture()))

    accepted = alice.patch(PATH, files={name: ("a.png", fits, "image/png")})
    reply = alice.patch(PATH, files={name: ("a.png", fits + b"x", "image/png")}, form={"note": "x"})

    assert accepted.status == 200
    assert (reply.status, reply.json) == (413, {"error": "File is too large"})
    assert own(alice)["note"] == ""
    assert image_of(own(alice), name) == image_of(accepted.json, name)
    assert len(stored(aws)) == 1


def test_the_limits_are_settings(alice, setting):
    setting(avatar_upload_limit=10)

    assert alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")}).status == 413


@pytest.mark.parametrize("data", [
    b"", b"text", SCRIPT, b"<svg/>", picture()[:60], picture("BMP"), b"GIF89a",
    png(50_000, 50_000), png(50_000, 1), webp_of_size(16_383, 16_383), b"GIF89a/*" + SCRIPT + b"*/",
])
@pytest.mark.parametrize("name", ["avatar", "pleroma_background_image"])
def test_what_is_no_picture_is_refused_whatever_it_is_called(alice, aws, name, data):
    first = alice.patch(PATH, files={name: ("a.png", picture(), "image/png")}).json

    reply = alice.patch(PATH, files={name: ("a.png", data, "image/png")}, form={"display_name": "new"})

    assert (reply.status, reply.json) == INVALID
    assert own(alice) == first
    assert len(stored(aws)) == aws.count("media") == 1


@pytest.mark.parametrize("text", ["x", "http://one.example/a.png", "data:image/png;base64,AAAA", " "])
def test_text_is_no_picture(alice, text):
    assert refused(alice, avatar=text) == INVALID


@pytest.mark.parametrize("filename", [
    "../../../etc/passwd", "..\\..\\a.png", "a b.png", "é😀.png", "x" * 300 + ".png", "a.html", "a.svg", "a.php%00.png",
    "a\rb.png", 'a\\".png', "CON", ".png", "/", "a.png; filename=b.html", "%2e%2e%2f",
])
def test_the_name_of_a_file_is_never_looked_at(alice, aws, filename):
    reply = alice.patch(PATH, files={"avatar": (filename, picture(), "text/html")})

    (object,) = stored(aws)
    assert reply.status == 200
    assert reply.json["avatar"] == f"http://kenoma.test/media/{object}"
    assert aws.s3.head_object(Bucket=settings.bucket, Key=f"media/{object}")["ContentType"] == "image/png"


def test_a_part_without_a_filename_is_a_file_if_its_type_says_so(alice):
    body = (b'--x\r\nContent-Disposition: form-data; name="avatar"\r\nContent-Type: image/png\r\n\r\n'
            + picture() + b"\r\n--x--\r\n")

    reply = alice.patch(PATH, body=body, headers={"Content-Type": "multipart/form-data; boundary=x"})

    assert reply.json["avatar"].endswith(".png")


def test_a_field_for_a_file_that_was_left_empty_changes_nothing(alice):
    before = alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")}).json

    assert alice.patch(PATH, files={"avatar": ("", b"", "application/octet-stream")}).json == before


def test_a_photograph_does_not_tell_where_it_was_taken(alice, aws):
    assert PLACE in photograph(6)

    alice.patch(PATH, files={"avatar": ("a.jpg", photograph(6), "image/jpeg")})

    (object,) = stored(aws)
    data = aws.s3.get_object(Bucket=settings.bucket, Key=f"media/{object}")["Body"].read()
    assert PLACE not in data
    assert decoded(data).size == (24, 32)


# Refusals.


@pytest.mark.parametrize(("values", "error"), [
    ({"display_name": {}}, "display_name - Invalid string. Got: object."),
    ({"display_name": 1}, "display_name - Invalid string. Got: integer."),
    ({"note": []}, "note - Invalid string. Got: array."),
    ({"locked": {}}, "locked - Invalid boolean. Got: object."),
    ({"hide_favorites": []}, "hide_favorites - Invalid boolean. Got: array."),
    ({"also_known_as": "https://one.example"}, "also_known_as - Invalid array. Got: string."),
    ({"also_known_as": [1]}, "0 - Invalid string. Got: integer."),
    ({"actor_type": "Cat"}, "Cat - Invalid value for enum."),
    ({"default_scope": "everybody"}, "everybody - Invalid value for enum."),
    ({"fields_attributes": "x"}, "fields_attributes - Invalid array. Got: string."),
    ({"fields_attributes": ["x"]}, "0 - Invalid object. Got: string."),
    ({"fields_attributes": [{"name": "x"}]}, "Missing field: value."),
    ({"fields_attributes": [{"value": "x"}]}, "Missing field: name."),
    ({"fields_attributes": {"0": {"name": "x"}}}, "Missing field: value."),
    ({"fields_attributes": [{"name": "x", "value": None}]}, "value - null value where string expected."),
    ({"fields_attributes": [{"name": {}, "value": ""}]}, "name - Invalid string. Got: object."),
    ({"pleroma_settings_store": "x"}, "pleroma_settings_store - Invalid object. Got: string."),
    ({"pleroma_settings_store": []}, "pleroma_settings_store - Invalid object. Got: array."),
    ({"source": "x"}, "source - Invalid object. Got: string."),
    ({"source": {"privacy": {}}}, "privacy - Invalid string. Got: object."),
    ({"avatar": {}}, "avatar - Invalid string. Got: object."),
    ({"display_name": {}, "note": 1},
     "display_name - Invalid string. Got: object. note - Invalid string. Got: integer."),
])
def test_wrong_types_are_refused(alice, values, error):
    status, body = refused(alice, **values, locked=True) if "locked" not in values else refused(alice, **values)

    assert (status, body["error"]) == (400, error)


@pytest.mark.parametrize("values", [
    {"display_name": "x" * 101}, {"note": "x" * 5001}, {"actor_type": "Group"}, {"also_known_as": ["x"]},
    {"fields_attributes": [{"name": "n", "value": "v" * 2049}]}, {"source": {"privacy": "x"}}, {"avatar": "x"},
    {"pleroma_settings_store": {"a": "x" * 300_000}},
])
def test_all_or_nothing(alice, aws, values):
    """If one value breaks a rule, nothing else changes, neither in the profile nor in what frontends keep."""
    good = {"display_name": "new", "note": "new", "locked": True, "bot": True, "hide_follows": True,
            "pleroma_settings_store": {"new": 1}, "default_scope": "private", "also_known_as": ["https://one.example"],
            "fields_attributes": [{"name": "new", "value": "new"}]}
    before = own(alice)

    assert refused(alice, **good | values) == INVALID
    assert own(alice) == before


def test_a_picture_is_not_stored_when_something_else_is_refused(alice, aws):
    files = {"avatar": ("a.png", picture(), "image/png"), "header": ("b.png", b"none", "image/png")}

    reply = alice.patch(PATH, files=files)
    too_long = alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")}, form={"note": "x" * 5001})

    assert (reply.status, reply.json) == (too_long.status, too_long.json) == INVALID
    assert stored(aws) == []
    assert aws.count("media") == 0


def test_a_profile_has_a_size(alice):
    urls = [f"https://one.example/{'x' * 1900}{number}" for number in range(200)]

    assert refused(alice, also_known_as=urls) == INVALID


def test_nothing_else_can_be_changed(alice, cast):
    sent = {
        "email": "new@example.com", "id": "1", "nickname": "root", "username": "root", "acct": "root", "is_admin": True,
        "is_moderator": True, "admin": True, "role": "admin", "deactivated": True, "confirmation_pending": True,
        "followers_count": 9, "statuses_count": 9, "followers_n": 9, "token_generation": 5, "version": 99, "ver": 99,
        "doc": {"note": "x"}, "tags": ["x"], "pins": ["x"], "password": "x", "password_hash": "x", "part": "S",
        "note_html": "<script>", "emojis": {"x": "y"}, "avatar_url": "x", "background": "x", "header_static": "x",
        "hide_everything": True, "notification_settings": {"local": False}, "pleroma": {"is_admin": True},
        "created_at": "2000-01-01", "url": "x", "fields": [["a", "b", "<script>"]], "host": "evil.example",
        "switches": {"show_role": False}, "settings_store": {"a": 1}, "pictures": {"avatar": "x"}, "change": {},
    }
    before = alice.account.attribute_values

    reply = alice.patch(PATH, json=sent)
    by_form = alice.patch(PATH, form={name: str(value) for name, value in sent.items()})

    assert (reply.status, by_form.status) == (200, 200)
    assert alice.account.attribute_values == before
    assert own(alice)["pleroma"]["settings_store"] == {}
    assert cast.person("somebody", email="new@example.com")


# At the same time.


def test_changes_at_the_same_moment_are_all_made(alice):
    changes = [{"display_name": "new"}, {"note": "new"}, {"hide_follows": True}, {"locked": True},
               {"fields_attributes": [{"name": "new", "value": "x"}]}, {"pleroma_settings_store": {"a": 1}},
               {"pleroma_settings_store": {"b": 2}}, {"default_scope": "private"}]

    replies = at_once(*[lambda values=values: alice.patch(PATH, json=values) for values in changes])

    assert [reply.status for reply in replies] == [200] * 8
    shown = own(alice)
    assert (shown["display_name"], shown["note"], shown["locked"]) == ("new", "new", True)
    assert shown["pleroma"]["hide_follows"] is True
    assert shown["fields"] == [{"name": "new", "value": "x", "verified_at": None}]
    assert shown["pleroma"]["settings_store"] == {"a": 1, "b": 2}
    assert shown["source"]["privacy"] == "private"


def test_a_change_that_was_overtaken_is_made_on_what_is_there_then(alice, aws):
    rows.add_file("pack", "one", "one.png", "image/png", 1)

    def overtake():
        assert alice.patch(PATH, json={"note": ":one:", "pleroma_settings_store": {"a": 1}}).status == 200

    with before_call("TransactWriteItems", 1, overtake):
        reply = alice.patch(PATH, json={"display_name": "new", "pleroma_settings_store": {"b": 2}})

    assert reply.status == 200
    assert (reply.json["display_name"], reply.json["source"]["note"]) == ("new", ":one:")
    assert [each["shortcode"] for each in reply.json["emojis"]] == ["one"]
    assert reply.json["pleroma"]["settings_store"] == {"a": 1, "b": 2}
    assert reply.json == own(alice)


def test_counters_are_never_taken_back(alice, bob, carol):
    def meanwhile():
        bob.follows(alice)
        alice.posts("hello")

    with before_call("UpdateItem", 1, meanwhile):
        assert alice.patch(PATH, json={"note": "x"}).status == 200

    account = alice.account
    assert (int(account.followers_count), int(account.statuses_count)) == (1, 1)
    assert account.profile["note"] == "x"


def test_an_account_deleted_meanwhile_stays_empty(alice, aws):
    def delete():
        update(Account.stub(alice.id, "P"), [Account.deleted.set(True), Account.doc.remove()])

    avatar = {"avatar": ("a.png", picture(), "image/png")}
    for body in ({"form": {"note": "x"}, "files": avatar}, {"json": {"pleroma_settings_store": {"a": 1}}}):
        operation = "UpdateItem" if "form" in body else "TransactWriteItems"
        update(Account.stub(alice.id, "P"), [Account.deleted.remove()])
        with before_call(operation, 1, delete):
            reply = alice.patch(PATH, **body)

        assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})
        assert alice.account.doc is None
        assert stored(aws) == []
        assert aws.count("media") == 0
    assert list(Preferences.query(alice.id, Preferences.part == "F")) == []


def test_a_picture_that_others_use_too_outlives_a_failed_change(alice, bob, aws):
    bob.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})

    with before_call("UpdateItem", 1, lambda: update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])):
        reply = alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})

    assert reply.status == 403
    assert len(stored(aws)) == aws.count("media") == 1


def test_what_the_bucket_does_not_take_leaves_nothing_behind(alice, aws, monkeypatch):
    before = alice.account.attribute_values
    monkeypatch.setattr(settings, "bucket", "no-such-bucket")

    with breaking():
        reply = alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})

    assert (reply.status, reply.json) == (500, {"error": "Something went wrong"})
    assert alice.account.attribute_values == before
    assert aws.count("media") == 0


def test_a_row_is_written_before_the_file(alice, aws):
    """Whatever ends a request halfway, the bucket holds no file that the owner's rows do not name."""
    seen = []
    client = shared().client

    def look(**_):
        seen.append(stored(aws))

    client.meta.events.register("before-call.dynamodb.PutItem", look)
    try:
        alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})
    finally:
        client.meta.events.unregister("before-call.dynamodb.PutItem", look)

    assert seen == [[]]


def test_a_request_that_dies_leaves_no_file_without_an_owner(alice, aws):
    before = own(alice)

    with pytest.raises(Killed), before_call("UpdateItem", 1, die):
        alice.patch(PATH, files={"avatar": ("a.png", picture(), "image/png")})

    assert own(alice) == before
    assert [upload.object for upload in uploads.list_of(alice.id)] == stored(aws)


def test_the_watermark_read_ahead_still_counts(alice):
    State(alice.id, "U", watermark=5).save()

    assert change(alice, pleroma_settings_store={"a": 1})["pleroma"]["unread_notifications_count"] == 0


def test_a_kept_reply_stands_for_a_repeated_change(alice):
    key = {"Idempotency-Key": "once"}
    first = alice.patch(PATH, json={"note": "x"}, headers=key)

    assert alice.patch(PATH, json={"note": "y"}, headers=key).json == first.json
    assert json.loads(first.text)["source"]["note"] == own(alice)["source"]["note"] == "x"
