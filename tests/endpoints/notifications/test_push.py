"""Push subscriptions: one for each token, and where the server's key is shown."""

import base64

import pytest

from chalicelib.domain import vault
from chalicelib.domain.notifications.push_subscriptions import renew_all
from chalicelib.settings import settings
from chalicelib.store.notifications import push_subscriptions
from chalicelib.store.signing_in import tokens
from infra import reseal
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY, URL, Browser

P256DH = "BCIWgsnyXDv1VkhqL2P7YRBvdeuDnlwAPT2guNhdIoW3IP7GmHh1SMKPLxRf7x8vJy6ZFK3ol2ohgn_-0yP7QQA="
AUTH = "8eDyX_uCN0XRhSbY5hs7Hg=="
DISABLED = {"error": "Web push subscription is disabled on this Pleroma instance"}
FORM = {"subscription[endpoint]": "https://push.example.org/one", "subscription[keys][p256dh]": P256DH,
        "subscription[keys][auth]": AUTH}
OTHER_KEY = "next:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def enabled(setting):
    setting(vapid_public_key=PUBLIC_KEY, vapid_private_key=PRIVATE_KEY)


def record_of(person):
    return push_subscriptions.find(tokens.find_access(person.token))


# Subscribing.


def test_a_subscription_is_shown_with_its_alerts_and_the_servers_key(alice):
    reply = alice.post(URL, form={**FORM, "data[alerts][mention]": "true", "data[alerts][follow]": "0"})

    assert reply.status == 200
    assert reply.json == {
        "id": reply.json["id"], "endpoint": "https://push.example.org/one",
        "alerts": {"mention": True, "follow": False}, "server_key": PUBLIC_KEY, "policy": "all", "standard": False,
    }
    assert type(reply.json["id"]) is int
    assert 0 <= reply.json["id"] < 2**31
    assert alice.get(URL).json == reply.json


def test_json_does_as_well(alice):
    shown = Browser().subscribes(alice, "reblog")

    assert alice.get(URL).json == shown
    assert shown["alerts"] == {"reblog": True}


@pytest.mark.parametrize(("sent", "kept"), [
    ("true", True), ("1", True), ("on", True), ("yes", True), ("false", False), ("0", False), ("off", False),
    ("f", False), ("", False),
])
def test_alerts_are_boolean_like(alice, sent, kept):
    assert alice.post(URL, form={**FORM, "data[alerts][follow]": sent}).json["alerts"] == {"follow": kept}


def test_only_known_alerts_are_kept(alice):
    types = ["follow", "favourite", "mention", "reblog", "pleroma:chat_mention", "pleroma:emoji_reaction", "poll",
             "follow_request", "status", "update", "quote", "quoted_update", "admin.sign_up", "admin.report"]
    sent = {f"data[alerts][{type}]": "true" for type in [*types, "move", "x"]}

    assert alice.post(URL, form={**FORM, **sent}).json["alerts"] == dict.fromkeys(types, True)


@pytest.mark.parametrize("data", [{}, {"data": {}}, {"data": None}, {"data": {"alerts": {}}},
                                  {"data": {"alerts": None, "policy": "all"}}])
def test_without_data_there_are_no_alerts(alice, data):
    reply = alice.post(URL, json={"subscription": Browser().subscription, **data})

    assert (reply.status, reply.json["alerts"]) == (200, {})


@pytest.mark.parametrize("where", ["data[policy]", "policy"])
@pytest.mark.parametrize("policy", ["all", "followed", "follower", "none"])
def test_a_policy_is_kept_and_changed(alice, where, policy):
    assert alice.post(URL, form={**FORM, where: policy}).json["policy"] == policy
    assert alice.put(URL, form={"data[alerts][follow]": "1"}).json["policy"] == policy, "it was not sent"
    other = "none" if policy == "all" else "all"

    assert alice.put(URL, form={where: other}).json["policy"] == other
    assert alice.get(URL).json["policy"] == other


@pytest.mark.parametrize("policy", ["", "friends"])
def test_a_policy_that_is_none_is_not_kept(alice, policy):
    assert alice.post(URL, form={**FORM, "data[policy]": policy}).json["policy"] == "all"


@pytest.mark.parametrize(("sent", "kept"), [("true", True), ("1", True), ("false", False)])
def test_whether_the_client_reads_the_standard_is_kept(alice, sent, kept):
    assert alice.post(URL, form={**FORM, "subscription[standard]": sent}).json["standard"] is kept
    assert alice.get(URL).json["standard"] is kept


def test_keys_are_kept_as_url_safe_base64_without_padding(alice):
    alice.post(URL, form={**FORM, "subscription[keys][p256dh]": "ab+/cd==", "subscription[keys][auth]": "+/=_-"})

    assert (record_of(alice).p256dh, record_of(alice).auth) == ("ab-_cd", "-__-")


def test_a_second_subscription_takes_the_place_of_the_first(alice):
    first = Browser().subscribes(alice, "follow")
    second = Browser("https://push.example.org/two").subscribes(alice, "reblog")

    assert alice.get(URL).json == second
    assert second["id"] == first["id"]
    assert len(push_subscriptions.of_account(alice.id)) == 1


def test_each_token_has_its_own(cast, alice):
    other = cast.signs_in(alice.account)
    Browser().subscribes(alice)

    assert other.get(URL).status == 404
    shown = Browser("https://push.example.org/two").subscribes(other)
    assert shown["id"] != alice.get(URL).json["id"]
    assert alice.get(URL).json["endpoint"] == "https://push.example.org/one"


@pytest.mark.parametrize(("missing", "name"), [
    ("subscription[endpoint]", "endpoint"), ("subscription[keys][p256dh]", "p256dh"),
    ("subscription[keys][auth]", "auth"),
])
def test_endpoint_and_keys_are_required(alice, missing, name):
    reply = alice.post(URL, form={key: value for key, value in FORM.items() if key != missing})

    assert reply.status == 400
    assert reply.json["error"] == f"Missing field: {name}."
    assert alice.get(URL).status == 404


def test_the_subscription_is_required(alice):
    assert alice.post(URL, form={"data[alerts][follow]": "1"}).json["error"] == "Missing field: subscription."


@pytest.mark.parametrize("field", ["subscription[endpoint]", "subscription[keys][p256dh]", "subscription[keys][auth]"])
def test_nothing_is_kept_of_any_length(alice, field):
    assert alice.post(URL, form={**FORM, field: "x" * 2_001}).status == 400


# Changing and ending.


def test_alerts_are_replaced_as_a_whole(alice):
    Browser().subscribes(alice, "follow", "reblog")

    reply = alice.put(URL, form={"data[alerts][mention]": "true"})

    assert (reply.status, reply.json["alerts"]) == (200, {"mention": True})
    assert alice.get(URL).json == reply.json
    assert reply.json["endpoint"] == "https://push.example.org/one"
    assert alice.put(URL).json["alerts"] == {}


def test_a_subscription_ends(alice):
    Browser().subscribes(alice)
    assert alice.account.has_push

    reply = alice.delete(URL)

    assert (reply.status, reply.json) == (200, {})
    assert alice.get(URL).status == 404
    assert not alice.account.has_push


def test_the_profile_knows_of_subscriptions_until_the_last_ends(cast, alice):
    other = cast.signs_in(alice.account)
    Browser().subscribes(alice)
    Browser().subscribes(other)

    alice.delete(URL)
    assert alice.account.has_push
    other.delete(URL)
    assert not alice.account.has_push


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_without_a_subscription_there_is_nothing(alice, method):
    reply = alice.request(method, URL)

    assert (reply.status, reply.json) == (404, {"error": "Record not found"})


# Who may.


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("unset", ["vapid_public_key", "vapid_private_key", "encryption_key"])
def test_without_keys_push_is_disabled(alice, setting, method, unset):
    setting(**{unset: ""})

    reply = alice.request(method, URL, form=FORM)

    assert (reply.status, reply.json) == (403, DISABLED)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_it_takes_the_scope_push(cast, anonymous, method):
    person = cast.person("dora", scopes="read write follow")

    assert person.request(method, URL, form=FORM).json == {"error": "Insufficient permissions: push."}
    assert anonymous.request(method, URL, form=FORM).json == {"error": "Invalid credentials."}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_it_takes_a_token_since_it_is_the_tokens(anonymous, alice, method):
    basic = base64.b64encode(b"alice:kenoma-local").decode()

    reply = anonymous.request(method, URL, form=FORM, headers={"Authorization": f"Basic {basic}"})

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})


# What is stored.


def test_the_token_lies_in_no_table_in_the_open(aws, alice):
    Browser().subscribes(alice)

    rows = aws.dynamodb.scan(TableName="kenoma-tokens")["Items"]

    assert alice.token not in str(rows)
    record = record_of(alice)
    assert vault.unseal(record.token, about=record.k) == alice.token


def test_a_sealed_token_is_worth_nothing_elsewhere(alice, bob):
    Browser().subscribes(alice)

    with pytest.raises(vault.CannotOpen):
        vault.unseal(record_of(alice).token, about="P#" + tokens.hash_of(bob.token))


def test_a_token_that_ends_meanwhile_leaves_no_subscription(alice):
    from chalicelib.domain.notifications import push_subscriptions as rules
    from chalicelib.domain.refusals import Forbidden
    from chalicelib.domain.viewer import Viewer
    from chalicelib.store.accounts.accounts import ViewerSet

    viewer = Viewer(alice.account, ViewerSet(alice.id, "X#0"), tokens.find_access(alice.token))
    tokens.revoke(viewer.token)

    with pytest.raises(Forbidden):
        rules.subscribe(viewer, alice.token, rules.WantedPush("https://push.example.org", P256DH, AUTH, {}))

    assert push_subscriptions.of_account(alice.id) == []


def test_the_tokens_move_to_a_new_encryption_key(alice, setting, capsys):
    Browser().subscribes(alice)
    setting(encryption_key=f"{OTHER_KEY},{settings.encryption_key}")

    reseal.main()

    assert capsys.readouterr().out.startswith("1 secrets put under the newest key, 0 ")
    assert renew_all() == (0, 0)
    setting(encryption_key=OTHER_KEY)
    record = record_of(alice)
    assert vault.unseal(record.token, about=record.k) == alice.token


def test_tokens_that_no_key_opens_are_counted_and_left(alice, setting):
    Browser().subscribes(alice)
    setting(encryption_key=OTHER_KEY)

    assert renew_all() == (0, 1)
    assert record_of(alice) is not None


def test_each_request_takes_few_calls(alice):
    body = {"subscription": Browser().subscription}

    assert alice.post(URL, json=body).calls == 2
    assert alice.get(URL).calls == 2
    assert alice.put(URL).calls == 3
    assert alice.delete(URL).calls == 6


# Where the server's key is shown.


def test_the_key_is_with_the_instance_and_the_apps(anonymous, alice):
    app = anonymous.post("/api/v1/apps", form={"client_name": "An app", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})

    assert anonymous.get("/api/v1/instance").json["pleroma"]["vapid_public_key"] == PUBLIC_KEY
    assert app.json["vapid_key"] == PUBLIC_KEY
    assert alice.get("/api/v1/apps/verify_credentials").json["vapid_key"] == PUBLIC_KEY


def test_without_push_there_is_no_key(anonymous, alice, setting):
    setting(vapid_public_key="", vapid_private_key="")
    app = anonymous.post("/api/v1/apps", form={"client_name": "An app", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})

    assert anonymous.get("/api/v1/instance").json["pleroma"]["vapid_public_key"] is None
    assert "vapid_key" not in app.json
    assert "vapid_key" not in alice.get("/api/v1/apps/verify_credentials").json


def test_a_key_with_padding_is_shown_as_browsers_take_it(anonymous, setting):
    raw = base64.b64encode(base64.urlsafe_b64decode(PUBLIC_KEY + "=")).decode()
    setting(vapid_public_key=raw)

    assert anonymous.get("/api/v1/instance").json["pleroma"]["vapid_public_key"] == PUBLIC_KEY
