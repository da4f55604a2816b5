"""Web Push: what reaches the push service and how a browser reads it, and which event makes which message."""

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.domain.notifications import push_jobs, web_push
from chalicelib.domain.notifications.alerts import ALERTS
from chalicelib.ids import participation_number
from chalicelib.queues import messages, queue
from chalicelib.queues.notifications import NotifyPush
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import update
from chalicelib.store.notifications import push_subscriptions, reading
from chalicelib.store.signing_in import tokens
from tests.faults import before_call
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY, URL, Browser, claims_of, decoded, encoded, push_service

AVATAR = "http://kenoma.test/images/avi.png"


@pytest.fixture(autouse=True)
def enabled(setting):
    setting(vapid_public_key=PUBLIC_KEY, vapid_private_key=PRIVATE_KEY)


@pytest.fixture
def service():
    with push_service() as running:
        yield running


@pytest.fixture
def phone(service, alice):
    """What reaches Alice, who subscribed to everything."""
    service.browser.subscribes(alice)
    return service


def newest(person):
    """The row of the person's latest notification."""
    return reading.newest(person.id)[0]


def waiting(aws):
    return [json.loads(text) for text in aws.messages("outside") if '"notify_push"' in text]


# What arrives.


def test_a_mention_is_pushed_encrypted_and_signed(alice, bob, phone, drain):
    status = bob.posts("hello @alice, how are you?")
    drain()

    row = newest(alice)
    assert phone.got == [{
        "access_token": alice.token, "notification_id": int(row.id), "notification_type": "mention", "icon": AVATAR,
        "preferred_locale": "en", "pleroma": {"activity_id": status["id"], "direct_conversation_id": None},
        "title": "New Mention", "body": "@bob: hello @alice, how are you?",
    }]
    (headers,) = phone.headers
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["topic"] == str(int(row.id))
    assert int(headers["ttl"]) > 0
    claims = claims_of(headers["authorization"])
    assert claims["aud"] == phone.other.url
    assert claims["sub"] == "mailto:admin@localhost.localdomain"
    assert time.time() < claims["exp"] <= time.time() + 86_400


def test_the_example_of_the_rfc_comes_out_to_the_byte():
    """RFC 8291, section 5."""
    once = ec.derive_private_key(int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1())
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

    message = web_push._encrypted(b"When I grow up, I want to be a watermelon", decoded(point),
                                  decoded("BTBZMqHH6r4Tts7J_aSIgg"), once=once, salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"))

    assert encoded(message).rstrip("=") == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")


def test_the_example_of_the_draft_comes_out_to_the_byte():
    """draft-ietf-webpush-encryption-04, section 5."""
    once = ec.derive_private_key(int.from_bytes(decoded("nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY")), ec.SECP256R1())
    point = "BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU"

    agreed, message = web_push._encrypted_as_drafted(
        b"I am the walrus", decoded(point), decoded("R29vIGdvbyBnJyBqb29iIQ"), once=once,
        salt=decoded("lngarbyKfMoi9Z75xYXmkg"))

    assert encoded(message).rstrip("=") == "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA"
    assert encoded(agreed.sender).rstrip("=") == (
        "BNoRDbb84JGm8g5Z5CFxurSqsXWJ11ItfXEWYVLE85Y7CYkDjXsIEc4aqxYaQ1G8BqkXCJ6DPpDrWtdWj_mugHU")


@pytest.mark.parametrize(("standard", "browser", "drafted"), [
    (False, False, True), (True, False, False), (False, True, False), (True, True, False)])
def test_the_draft_is_for_relays_that_do_not_read_the_standard(alice, bob, service, drain, monkeypatch, standard,
                                                               browser, drafted):
    monkeypatch.setattr(web_push, "BROWSERS", ("127.0.0.1",) if browser else ())
    alice.post(URL, json={"subscription": {**service.browser.subscription, "standard": standard},
                          "data": {"alerts": {"follow": True}}})

    bob.follows(alice)
    drain()

    (headers,), (body,) = service.headers, service.other.bodies
    read = service.browser.reads_draft(headers, body) if drafted else service.browser.reads(body)
    assert headers["content-encoding"] == ("aesgcm" if drafted else "aes128gcm")
    assert (read["body"], read["access_token"]) == ("@bob has followed you", alice.token)
    assert claims_of(headers["authorization"])["aud"] == service.other.url


@pytest.mark.parametrize(("host", "browser"), [
    ("fcm.googleapis.com", True), ("updates.push.services.mozilla.com", True), ("web.push.apple.com", True),
    ("wns2-db5p.notify.windows.com", True), ("app.joinmastodon.org", False), ("notpush.apple.com", False),
    ("push.apple.com.example", False), ("evilfcm.googleapis.com", False), ("ntfy.example", False),
])
def test_which_services_are_those_of_browsers(host, browser):
    assert web_push._is_of_browser(f"https://{host}/x") is browser


def test_no_two_messages_look_alike(alice, bob, phone, drain):
    bob.posts("hello @alice")
    row = newest(alice)
    drain()
    push_jobs.deliver(NotifyPush(alice.id, int(row.id)))

    first, second = phone.other.bodies
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]
    assert phone.got[0] == phone.got[1]


def chats(alice, bob):
    chat = bob.post(f"/api/v1/pleroma/chats/by-account-id/{alice.id}").json["id"]
    bob.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "psst <b>you</b>"})


EVENTS = {
    "mention": (lambda alice, bob, status: bob.posts("@alice hi"), "New Mention", "@bob: @alice hi"),
    "direct": (lambda alice, bob, status: bob.posts("@alice hi", visibility="direct"), "New Direct Message",
               "@bob: @alice hi"),
    "reply": (lambda alice, bob, status: bob.posts("yes", in_reply_to_id=status["id"]), "New Mention", "@bob: yes"),
    "follow": (lambda alice, bob, status: bob.follows(alice), "New Follower", "@bob has followed you"),
    "favourite": (lambda alice, bob, status: bob.post(f"/api/v1/statuses/{status['id']}/favourite"), "New Favorite",
                  "@bob has favorited your post"),
    "reblog": (lambda alice, bob, status: bob.post(f"/api/v1/statuses/{status['id']}/reblog"), "New Repeat",
               "@bob repeated: of Alice"),
    "reaction": (lambda alice, bob, status: bob.reacts(status["id"], "😀"), "New Reaction", "@bob reacted with 😀"),
    "chat": (lambda alice, bob, status: chats(alice, bob), "New Chat Message", "@bob: psst <b>you</b>"),
}
TYPE_OF = {"direct": "mention", "reply": "mention", "reaction": "pleroma:emoji_reaction",
           "chat": "pleroma:chat_mention"}


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_says_what_happened(alice, bob, phone, drain, event):
    happen, title, body = EVENTS[event]
    status = alice.posts("of Alice")
    drain()

    happen(alice, bob, status)
    drain()

    (got,) = phone.got
    assert (got["title"], got["body"]) == (title, body)
    assert got["notification_type"] == TYPE_OF.get(event, event)
    assert got["notification_id"] == int(newest(alice).id)
    assert got["pleroma"]["activity_id"] == newest(alice).cause


def test_a_request_to_follow_waits_for_the_alert_of_follows(cast, bob, service, drain):
    locked = cast.person("locked", locked=True)
    service.browser.subscribes(locked, "follow")

    bob.follows(locked)
    drain()

    (got,) = service.got
    assert (got["title"], got["body"]) == ("New Follow Request", "@bob has requested to follow you")
    assert got["notification_type"] == "follow_request"


def test_subscribers_of_an_account_are_told(alice, bob, phone, drain):
    alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe")

    bob.posts("to everybody")
    drain()

    assert [got["body"] for got in phone.got] == ["@bob: to everybody"]


def test_whoever_is_told_by_the_job_is_told_here_too(cast, alice, bob, phone, drain, monkeypatch):
    """If a status addresses many accounts, the request tells the first, and a job all others."""
    monkeypatch.setattr("chalicelib.store.statuses.posting.ADDRESSED_AT_ONCE", 1)
    cast.people(2)

    bob.posts("@person0 @person1 @alice")
    drain()

    assert [got["body"] for got in phone.got] == ["@bob: @person0 @person1 @alice"]


def test_a_direct_status_names_its_conversation(alice, bob, phone, drain):
    status = bob.posts("@alice hi", visibility="direct")
    drain()

    (got,) = phone.got
    expected = alice.get("/api/v1/conversations").json[0]["id"]
    assert got["pleroma"]["direct_conversation_id"] == int(expected)
    assert int(expected) == participation_number(alice.id, status["id"])


def test_with_contents_hidden_only_the_kind_is_told(alice, bob, phone, drain):
    alice.put("/api/pleroma/notification_settings", {"hide_notification_contents": True})

    bob.posts("a secret for @alice")
    drain()

    (got,) = phone.got
    assert "title" not in got
    assert got["body"] == "New Mention"
    assert "secret" not in str(got)


def test_the_icon_is_that_of_whoever_did_it(alice, bob, phone, drain):
    update(accounts.Account.stub(bob.id, "P"), [accounts.Account.doc.set({"avatar": "/media/face.png"})])

    bob.follows(alice)
    drain()

    assert phone.got[0]["icon"] == "http://kenoma.test/media/face.png"


def test_the_longest_text_fits_into_one_message(alice, bob, phone, drain):
    update(accounts.Account.stub(bob.id, "P"), [accounts.Account.doc.set({"avatar": "/media/" + "x" * 1_000})])

    bob.posts("@alice " + "\U0001f468‍\U0001f469‍\U0001f467" * 500)
    drain()

    assert phone.got[0]["body"].endswith("...")


@pytest.mark.parametrize(("text", "expected"), [
    ("", ""), ("short", "short"), ("x" * 80, "x" * 80), ("x" * 81, "x" * 77 + "..."), ("ü" * 500, "ü" * 77 + "..."),
])
def test_texts_are_cut_at_eighty_characters(text, expected):
    assert push_jobs.shortened(text) == expected


@pytest.mark.parametrize("type", ["mention", "reblog", "pleroma:chat_mention"])
def test_what_has_no_text_has_an_attachment(type):
    assert push_jobs.body_of(type, "bob").endswith(": (Attachment)")


# What is pushed to whom.


@pytest.mark.parametrize(("alert", "event"), [
    ("mention", "mention"), ("follow", "follow"), ("favourite", "favourite"), ("reblog", "reblog"),
    ("pleroma:emoji_reaction", "reaction"), ("pleroma:chat_mention", "chat"),
])
def test_only_what_one_subscribed_to_is_pushed(alice, bob, service, drain, alert, event):
    service.browser.subscribes(alice, alert)
    status = alice.posts("of Alice")

    for happen, _, _ in EVENTS.values():
        happen(alice, bob, status)
    drain()

    wanted = TYPE_OF.get(event, event)
    assert service.got
    assert {got["notification_type"] for got in service.got} == {wanted}


def test_an_alert_that_is_off_pushes_nothing(alice, bob, phone, drain):
    alice.put(URL, form={"data[alerts][mention]": "false", "data[alerts][follow]": "true"})

    bob.posts("@alice")
    drain()
    assert phone.got == []

    bob.follows(alice)
    drain()
    assert len(phone.got) == 1


@pytest.mark.parametrize(("policy", "arrives"), [
    ("all", {"stranger", "followed", "follower"}), ("followed", {"followed"}), ("follower", {"follower"}),
    ("none", set())])
def test_a_policy_says_from_whom_it_is_pushed(cast, alice, service, drain, policy, arrives):
    service.browser.subscribes(alice, "mention")
    stranger, followed, follower = (cast.person(name) for name in ("stranger", "followed", "follower"))
    alice.follows(followed)
    follower.follows(alice)
    alice.put(URL, json={"data": {"alerts": {"mention": True}}, "policy": policy})

    for person in (stranger, followed, follower):
        person.posts("@alice hello")
    drain()

    assert {each["body"].partition(":")[0] for each in service.got} == {f"@{name}" for name in arrives}


def test_a_policy_takes_no_call(alice, bob, phone):
    bob.posts("@alice")
    alice.put(URL, json={"data": {"alerts": {"mention": True}, "policy": "followed"}})
    alice.follows(bob)
    number = int(newest(alice).id)
    push_jobs.deliver(NotifyPush(alice.id, number))

    with counted() as ledger:
        assert push_jobs.deliver(NotifyPush(alice.id, number)) == {"sent": 1}

    assert (ledger.calls, ledger.rounds) == (3, 2)


@pytest.mark.parametrize(("alerts", "pushed"), [
    ({"follow": True}, True), ({"follow_request": True}, True), ({"follow": True, "follow_request": False}, False),
    ({"follow": False, "follow_request": True}, True), ({"mention": True}, False)])
def test_requests_to_follow_have_an_alert_of_their_own_or_that_of_follows(cast, bob, service, drain, alerts, pushed):
    shy = cast.person("shy", locked=True)
    shy.post(URL, json={"subscription": service.browser.subscription, "data": {"alerts": alerts}})

    bob.follows(shy)
    drain()

    assert [each["notification_type"] for each in service.got] == ["follow_request"] * pushed


def test_reports_are_pushed_to_staff_who_ask_for_them(cast, alice, bob, service, drain):
    admin = cast.person("admin", is_admin=True)
    service.browser.subscribes(admin, "admin.report")

    alice.post("/api/v1/reports", json={"account_id": bob.id})
    drain()

    assert [(each["notification_type"], each["title"], each["body"]) for each in service.got] == [
        ("admin.report", "New Report", "@alice has filed a report")]


@pytest.mark.parametrize("type", sorted({*ALERTS, "pleroma:report"} - {"admin.report"}))
def test_every_type_that_may_be_pushed_says_something(type):
    assert push_jobs.title_of(type)
    assert push_jobs.body_of(type, "bob", text="hello", emoji="🎉").startswith(("@bob", "A poll by @bob"))


def test_alerts_are_looked_at_when_it_is_pushed(alice, bob, phone, drain):
    bob.posts("@alice")
    alice.put(URL)
    drain()

    assert phone.got == []


def test_each_device_has_its_own_message(cast, alice, bob, phone, drain):
    tablet = Browser(phone.other.url + "/two")
    other = cast.signs_in(alice.account)
    tablet.subscribes(other)

    bob.follows(alice)
    drain()

    bodies = dict(zip([path for path, _ in phone.other.asked], phone.other.bodies, strict=True))
    assert phone.browser.reads(bodies["/one"])["access_token"] == alice.token
    assert tablet.reads(bodies["/two"])["access_token"] == other.token


QUIET = {
    "blocked": lambda alice, bob: alice.post(f"/api/v1/accounts/{bob.id}/block"),
    "muted": lambda alice, bob: alice.post(f"/api/v1/accounts/{bob.id}/mute"),
}


@pytest.mark.parametrize("state", QUIET)
def test_whom_one_does_not_want_to_hear_of_is_not_pushed(aws, alice, bob, phone, drain, state):
    QUIET[state](alice, bob)

    bob.posts("@alice")

    assert waiting(aws) == []
    drain()
    assert phone.got == []


@pytest.mark.parametrize("state", QUIET)
def test_nor_when_that_came_in_between(alice, bob, phone, drain, state):
    bob.posts("@alice")
    QUIET[state](alice, bob)
    drain()

    assert phone.got == []


def test_a_mute_that_leaves_notifications_leaves_push(alice, bob, phone, drain):
    alice.post(f"/api/v1/accounts/{bob.id}/mute", {"notifications": False})

    bob.posts("@alice")
    drain()

    assert len(phone.got) == 1


def test_a_muted_thread_is_quiet(alice, bob, phone, drain):
    status = alice.posts("of Alice")
    alice.post(f"/api/v1/statuses/{status['id']}/mute")

    bob.posts("so?", in_reply_to_id=status["id"])
    drain()

    assert phone.got == []


def test_what_is_taken_back_is_not_pushed(alice, bob, phone, drain):
    status = alice.posts("of Alice")
    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    bob.post(f"/api/v1/statuses/{status['id']}/unfavourite")
    gone = bob.posts("@alice")
    bob.delete(f"/api/v1/statuses/{gone['id']}")
    drain()

    assert phone.got == []


def test_what_was_dismissed_is_not_pushed(alice, bob, phone, drain):
    bob.follows(alice)
    alice.post("/api/v1/notifications/clear")
    drain()

    assert phone.got == []


def test_whoever_has_no_subscription_costs_nothing(aws, alice, bob):
    before = bob.post("/api/v1/statuses", json={"status": "@alice"}).calls
    Browser().subscribes(alice)
    after = bob.post("/api/v1/statuses", json={"status": "@alice"}).calls

    (message,) = waiting(aws)
    assert message.pop("request_id")
    assert message == {"kind": "notify_push", "account_id": alice.id, "notification_id": int(newest(alice).id),
                       "subscription": "", "tries": 0, "waits": 0}
    assert before == after


def test_without_the_servers_keys_nothing_is_asked_for(aws, alice, bob, setting):
    Browser().subscribes(alice)
    setting(vapid_private_key="")

    bob.follows(alice)

    assert waiting(aws) == []


def test_a_queue_that_takes_nothing_harms_nobody(alice, bob, monkeypatch):
    Browser().subscribes(alice)
    real = queue.send_all

    def refuse(wanted, delay=0):
        if any(isinstance(each, NotifyPush) for each in wanted):
            raise queue.NotSent("no")
        real(wanted, delay)

    monkeypatch.setattr(queue, "send_all", refuse)

    assert bob.post(f"/api/v1/accounts/{alice.id}/follow").status == 200


# Subscriptions end.


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 429, 499])
def test_a_service_that_refuses_ends_the_subscription(alice, bob, phone, drain, status):
    phone.answers_with(status)

    bob.follows(alice)
    drain()

    assert alice.get(URL).status == 404
    assert not alice.account.has_push


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_service_that_takes_it_is_not_asked_again(alice, bob, phone, drain, status):
    phone.answers_with(status)

    bob.follows(alice)
    drain()

    assert alice.get(URL).status == 200
    assert len(phone.other.asked) == 1


@pytest.mark.parametrize("status", [302, 500, 502, 503])
def test_a_service_that_fails_is_asked_three_times(alice, bob, phone, drain, status):
    phone.answers_with(status)
    bob.follows(alice)
    drain()

    number, k = int(newest(alice).id), push_subscriptions.of_account(alice.id)[0].k
    assert queue.figures()["outside"]["delayed"] == 1
    push_jobs.deliver(NotifyPush(alice.id, number, k, 1))
    assert queue.figures()["outside"]["delayed"] == 2
    push_jobs.deliver(NotifyPush(alice.id, number, k, 2))
    assert queue.figures()["outside"]["delayed"] == 2
    assert len(phone.other.asked) == 3
    assert alice.get(URL).status == 200


def test_only_who_failed_is_asked_again(cast, alice, bob, phone, drain):
    tablet = Browser(phone.other.url + "/two")
    tablet.subscribes(cast.signs_in(alice.account))
    bob.follows(alice)
    k = next(each.k for each in push_subscriptions.of_account(alice.id) if each.endpoint.endswith("/one"))

    push_jobs.deliver(NotifyPush(alice.id, int(newest(alice).id), k, 1))

    assert [path for path, _ in phone.other.asked] == ["/one"]


def test_a_service_that_cannot_be_reached_is_asked_again(alice, bob, drain):
    Browser("http://127.0.0.1:9/nobody").subscribes(alice)

    bob.follows(alice)
    drain()

    assert queue.figures()["outside"]["delayed"] == 1
    assert alice.get(URL).status == 200


@pytest.mark.parametrize("endpoint", [
    "http://push.example.org/one", "ftp://push.example.org/", "nonsense", "", "https://", "https://[::1]/",
    "https://user:secret@push.example.org/", "https://push.example.org:99999/", "javascript:alert(1)",
])
def test_what_is_no_address_of_a_push_service_is_given_up(alice, bob, drain, endpoint):
    Browser(endpoint).subscribes(alice)

    bob.follows(alice)
    drain()

    assert alice.get(URL).status == 404


def test_addresses_of_this_network_are_not_posted_to(alice, bob, phone, drain, setting):
    """On a deployed server this includes the machine itself."""
    bob.follows(alice)
    setting(stage="prod")
    number = int(newest(alice).id)

    assert push_jobs.deliver(NotifyPush(alice.id, number)) == {"gone": 1}
    assert phone.other.asked == []

    setting(stage="local")
    Browser("https://10.0.0.1/").subscribes(alice)
    setting(stage="prod")
    assert push_jobs.deliver(NotifyPush(alice.id, number)) == {"later": 1}


@pytest.mark.parametrize(("p256dh", "auth"), [
    ("", "8eDyX_uCN0XRhSbY5hs7Hg"), ("BCIWgsny", "8eDyX_uCN0XRhSbY5hs7Hg"), ("$$$", "8eDyX_uCN0XRhSbY5hs7Hg"),
    ("B" + "A" * 86, "8eDyX_uCN0XRhSbY5hs7Hg"), ("ü" * 87, "8eDyX_uCN0XRhSbY5hs7Hg"), (None, ""), (None, "short"),
])
def test_keys_that_are_none_are_given_up(alice, bob, service, drain, p256dh, auth):
    body = service.browser.subscription
    body["keys"] = {"p256dh": body["keys"]["p256dh"] if p256dh is None else p256dh, "auth": auth}
    alice.post(URL, json={"subscription": body, "data": {"alerts": {"follow": True}}})

    bob.follows(alice)
    drain()

    assert alice.get(URL).status == 404
    assert service.got == []


def test_a_revoked_token_takes_its_subscription_along(cast, alice, bob, phone, drain):
    tablet = Browser(phone.other.url + "/two")
    tablet.subscribes(cast.signs_in(alice.account))
    tokens.revoke(tokens.find_access(alice.token))

    bob.follows(alice)
    drain()

    assert [path for path, _ in phone.other.asked] == ["/two"]
    assert len(push_subscriptions.of_account(alice.id)) == 1


def test_so_does_a_new_password(alice, bob, phone, drain):
    alice.post("/api/pleroma/change_password", {
        "password": "kenoma-local", "new_password": "another one", "new_password_confirmation": "another one"})

    bob.follows(alice)
    drain()

    assert phone.got == []
    assert push_subscriptions.of_account(alice.id) == []
    assert not alice.account.has_push


def test_who_is_deactivated_gets_nothing(alice, bob, phone, drain):
    bob.follows(alice)
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.deactivated.set(True)])
    drain()

    assert phone.got == []


def test_a_flag_without_subscriptions_is_set_right(alice, bob, drain):
    update(accounts.Account.stub(alice.id, "P"), [accounts.Account.has_push.set(True)])

    bob.follows(alice)
    drain()

    assert not alice.account.has_push


def test_who_subscribes_while_the_flag_goes_is_not_overlooked(cast, alice):
    Browser().subscribes(alice)
    other = cast.signs_in(alice.account)

    with before_call("UpdateItem", 1, lambda: Browser().subscribes(other), about="kenoma-accounts"):
        alice.delete(URL)

    assert alice.account.has_push


def test_many_subscriptions_of_one_account_are_not_all_served(cast, alice, bob, phone, drain, monkeypatch):
    monkeypatch.setattr(push_subscriptions, "MOST_SERVED", 2)
    for _ in range(3):
        Browser(phone.other.url + "/two").subscribes(cast.signs_in(alice.account))

    bob.follows(alice)
    drain()

    assert len(phone.other.asked) == 2


# The server's own faults.


@pytest.mark.parametrize("wrong", [
    {"vapid_private_key": "nonsense!"}, {"vapid_private_key": "AAAA"}, {"vapid_public_key": "B" * 87},
    {"instance_email": "nobody"},
])
def test_keys_that_do_not_fit_end_no_subscription(alice, bob, phone, drain, setting, wrong):
    """With the wrong key every service would refuse everything, so no service must be asked."""
    bob.follows(alice)
    setting(**wrong)

    with pytest.raises(web_push.Misconfigured):
        push_jobs.deliver(NotifyPush(alice.id, int(newest(alice).id)))

    assert phone.other.asked == []
    assert len(push_subscriptions.of_account(alice.id)) == 1


def test_a_token_that_no_key_opens_is_asked_for_again(alice, bob, phone, setting):
    bob.follows(alice)
    setting(encryption_key="other:" + "bm4=".rjust(44, "A"))

    assert push_jobs.deliver(NotifyPush(alice.id, int(newest(alice).id))) == {"later": 1}
    assert len(push_subscriptions.of_account(alice.id)) == 1


# The job.


def test_running_it_twice_replaces_the_first_message(alice, bob, phone, drain):
    """The second message replaces one that still waits for the browser under the same topic."""
    bob.follows(alice)
    message = NotifyPush(alice.id, int(newest(alice).id))
    queue.send(message)
    drain()

    assert len({headers["topic"] for headers in phone.headers}) == 1
    assert len(phone.headers) == 2


def test_it_reads_in_two_rounds(alice, bob, phone):
    """Once the push service has answered: else its row is read and written too."""
    bob.posts("@alice")
    number = int(newest(alice).id)
    push_jobs.deliver(NotifyPush(alice.id, number))

    with counted() as ledger:
        push_jobs.deliver(NotifyPush(alice.id, number))

    assert (ledger.calls, ledger.rounds) == (3, 2)


def test_messages_of_nobody_and_of_nothing_are_done(alice):
    assert push_jobs.deliver(NotifyPush(alice.id, 1)) == {}
    assert push_jobs.deliver(NotifyPush("9zzzzzzzzzzzzzzzzz", 1)) == {}


def test_the_message_goes_over_the_wire():
    message = NotifyPush("9abc", 2**53 - 1, "P#0", 2)

    assert messages.from_text(messages.to_text(message)) == message
    assert not message.row
