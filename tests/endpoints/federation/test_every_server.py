"""What every server has to hear: the end of an account, and another key. Thousands of inboxes, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chalicelib.domain.federation import keys, nodeinfo, server_actor
from chalicelib.domain.federation.arriving import learn_account
from chalicelib.domain.federation.delivering import deleting, gathering
from chalicelib.domain.federation.delivering.activities import Dispatch
from chalicelib.domain.federation.delivering.gathering import HowFar
from chalicelib.queues.accounts import AccountDelete
from chalicelib.queues.deliveries import Federate
from chalicelib.queues.messages import outbox
from chalicelib.store import jobs
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.federation import host_rows
from chalicelib.store.federation import keys as key_rows
from infra import rotate_key
from tests import faults
from tests.cast import PASSWORD, Person
from tests.faults import Killed
from tests.peers import scripted
from tests.peers.scripted import Peer
from tests.simulated_aws import LocalAws

Drain = Callable[[], object]


@pytest.fixture
def met(drain: Drain) -> Iterator[tuple[Peer, Peer]]:
    """Two servers of which an account each was met: no more. The second shares no inbox among its accounts."""
    nodeinfo.forget()
    with scripted.serving() as far, scripted.serving(host="localhost") as third:
        learn_account(far.actor("fern"))
        learn_account(third.actor("gorse", endpoints=None))
        drain()
        yield far, third


def said(peer: Peer) -> list[tuple[str, str, str]]:
    return [(each.target, each.json["type"], each.json["actor"]) for each in peer.received]


def test_the_end_of_an_account_is_told_to_servers_that_only_may_know_it(
        alice: Person, met: tuple[Peer, Peer], drain: Drain, setting: Callable[..., None],
        monkeypatch: pytest.MonkeyPatch) -> None:
    pem, uri = keys.pair_of(alice.account).public_pem, alice.account.uri
    setting(deletion_pause=0)
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    drain()

    far, third = met
    assert said(far) == [("/inbox", "Delete", uri)]
    assert said(third) == [("/users/gorse/inbox", "Delete", uri)]
    assert far.is_signed(far.received[0], pem)
    assert Person().get("/users/alice", headers={"accept": "application/activity+json"}).status == 410
    assert key_rows.find(alice.id) is not None, "it may have to be signed once more"
    deleting.forget_keys(alice.id)
    assert key_rows.find(alice.id) is None


def test_what_it_costs_to_tell_of_the_end_of_an_account(alice: Person, aws: LocalAws) -> None:
    """The account; whom it follows; all servers; the job of its keys; whether they are in reach, by the hundred."""
    for number in range(500):
        host_rows.note_inbox(f"s{number}.example", f"https://s{number}.example/inbox")

    with counted() as ledger:
        deleting.tell_of_account(alice.id, HowFar(AccountDelete(alice.id).job))

    assert (ledger.calls, len(aws.messages("outside"))) == (9, 50)


@pytest.mark.parametrize("name", ["alice", ""], ids=["an account", "the server"])
def test_another_key_is_told_to_every_server_signed_with_the_old_one(
        name: str, alice: Person, met: tuple[Peer, Peer], drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    account = alice.account if name else server_actor.account()
    before = keys.pair_of(account)

    assert before.id in rotate_key.rotate(name)
    drain()

    far, third = met
    after = keys.pair_of(account).public_pem
    (update,) = far.received
    assert update.json["object"]["publicKey"]["publicKeyPem"] == after != before.public_pem
    assert update.json["actor"] == update.json["object"]["id"] == before.owner
    assert far.is_signed(update, before.public_pem)
    assert said(third) == [("/users/gorse/inbox", "Update", before.owner)]
    row = key_rows.find(account.id)
    assert row is not None
    assert row.old
    deleting.forget_keys(account.id)
    row = key_rows.find(account.id)
    assert row is not None
    assert (row.old, row.public) == (None, after)


def test_a_key_in_place_of_one_that_does_not_open_is_told_too(
        alice: Person, met: tuple[Peer, Peer], drain: Drain, setting: Callable[..., None]) -> None:
    keys.pair_of(alice.account)
    setting(encryption_key="2027:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    keys.signer_for(alice.account, b"{}")
    drain()

    assert [each.json["object"]["publicKey"]["publicKeyPem"] for each in met[0].received] == [
        keys.pair_of(alice.account).public_pem]


@pytest.mark.parametrize("name", ["nobody", "fern@far"])
def test_only_accounts_of_this_server_get_a_key(name: str, alice: Person) -> None:
    with pytest.raises(SystemExit):
        rotate_key.rotate(name)


def test_who_dies_in_the_midst_of_thousands_of_inboxes_is_followed_by_one_that_goes_on(
        alice: Person, aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PER_STEP", 20)
    inboxes = [f"https://s{number:02}.example/inbox" for number in range(50)]
    wanted, message = Dispatch("Create", alice.id, "x", "x"), Federate("Create", alice.id, "x", "x")
    jobs.add([outbox(message)])
    with faults.before_call("SendMessageBatch", 2, faults.die, service="sqs"), pytest.raises(Killed):
        gathering.ask(wanted, inboxes, HowFar(message.job))
    assert len(aws.messages("outside")) == 2

    assert gathering.ask(wanted, inboxes, HowFar(message.job)) == 30

    asked = [each for body in aws.messages("outside") for each in inboxes if each in body]
    assert sorted(asked) == inboxes, "each once"


def test_a_step_of_a_deletion_goes_on_where_it_was(alice: Person, aws: LocalAws,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PER_STEP", 10)
    for number in range(25):
        host_rows.note_inbox(f"s{number:02}.example", f"https://s{number:02}.example/inbox")
    message = AccountDelete(alice.id)
    jobs.add([outbox(message)])
    for _ in range(2):
        with faults.before_call("SendMessageBatch", 2, faults.die, service="sqs"), pytest.raises(Killed):
            deleting.tell_of_account(alice.id, HowFar(message.job, {"step": "tell"}))

    deleting.tell_of_account(alice.id, HowFar(message.job, {"step": "tell"}))

    assert jobs.find_cursor(message.job) == {"step": "tell", "inbox": "https://s19.example/inbox"}
    assert len(aws.messages("outside")) == 3
