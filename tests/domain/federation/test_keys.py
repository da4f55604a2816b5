"""Key pairs of accounts: made once, sealed, opened to sign, replaced when they do not open or have leaked."""

from __future__ import annotations

import base64
import json
import logging
import time

import pytest

from chalicelib.domain import vault
from chalicelib.domain.federation import keys, server_actor, signatures
from chalicelib.domain.federation.delivering import deleting
from chalicelib.domain.federation.signatures import Incoming
from chalicelib.domain.federation.signing import public_keys
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo import ledgers
from chalicelib.store.federation import keys as store
from infra import reseal
from infra.deploy import policies
from tests import leftovers
from tests.at_once import at_once

OLD = "2025:" + base64.b64encode(b"o" * 32).decode()
NEW = "2026:" + base64.b64encode(b"n" * 32).decode()


def account_of(person):
    return accounts.find(person.id)


def is_by(signer, pem: str, body: bytes = b"{}") -> bool:
    headers = {name.lower(): value for name, value in signer("POST", "kenoma.test", "/inbox").items()}
    try:
        signatures.verify(signatures.read(Incoming("POST", "/inbox", headers, body)), pem)
    except signatures.BadSignature:
        return False
    return True


def test_a_pair_is_made_when_it_is_first_needed_and_stays(alice):
    assert store.find(alice.id) is None

    pair = keys.pair_of(account_of(alice))

    assert (pair.id, pair.owner) == ("http://kenoma.test/users/alice#main-key", "http://kenoma.test/users/alice")
    assert pair.public_pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert len(pair.public_pem) == 451
    assert keys.pair_of(account_of(alice)) == pair


def test_a_pair_that_was_read_already_is_not_read_again(alice):
    pair = keys.pair_of(account_of(alice))
    row, account = store.find(alice.id), account_of(alice)

    with ledgers.counted() as ledger:
        assert keys.pair_of(account, row) == pair
    assert ledger.calls == 0
    with ledgers.counted() as ledger:
        keys.signer_for(account, b"{}")
    assert ledger.calls == 1


def test_of_many_at_once_all_get_the_same_pair(alice):
    account = account_of(alice)
    pairs = at_once(*[lambda: keys.pair_of(account)] * 8)

    assert len({pair.public_pem for pair in pairs}) == 1
    assert is_by(keys.signer_for(account, b"{}"), pairs[0].public_pem)


def test_accounts_have_different_pairs(alice, bob):
    one, other = keys.pair_of(account_of(alice)), keys.pair_of(account_of(bob))

    assert is_by(keys.signer_for(account_of(alice), b"{}"), one.public_pem)
    assert not is_by(keys.signer_for(account_of(alice), b"{}"), other.public_pem)


def test_a_pair_is_of_2048_bits(alice):
    key = public_keys.load(keys.pair_of(account_of(alice)).public_pem)

    assert (key.key_size, key.public_numbers().e) == (2_048, 65_537)


def test_the_private_key_is_sealed_and_shown_nowhere(alice, caplog):
    caplog.set_level(logging.DEBUG)
    pair = keys.pair_of(account_of(alice))
    keys.signer_for(account_of(alice), b"{}")("POST", "far.example", "/inbox")
    row = store.find(alice.id)
    private = vault.unseal(row.private, about=keys.about(alice.id))

    assert base64.b64decode(private)
    for shown in (repr(pair), str(pair), caplog.text, repr(row.private), row.public):
        assert private[:60] not in shown
        assert private[100:160] not in shown
    assert row.private not in repr(pair)


def test_private_keys_are_in_no_table_file_or_reply(alice, admin, anonymous, aws, drain):
    keys.rotate(account_of(alice))
    keys.signer_for(server_actor.account(), b"{}")
    alice.post("/api/v1/pleroma/backups")
    drain()
    shown = [asking.get(path).text for asking in (alice, admin, anonymous) for path in (
        "/api/v1/accounts/verify_credentials", f"/api/v1/accounts/{alice.id}", "/api/v1/pleroma/admin/users/alice",
        "/users/alice", "/internal/fetch")]

    kept = leftovers.contents(aws)
    rows = [store.find(id) for id in (alice.id, server_actor.ID)]
    sealed = [text for row in rows for text in (row.private, row.old) if text]
    found = [json.dumps(kept.items), *shown, *(data.decode("latin-1") for data in kept.files.values())]
    for row in rows:
        private = vault.unseal(row.private, about=keys.about(row.id), under=keys.sealed_under(row.id))
        assert not [text for text in found if private[40:90] in text or base64.b64decode(private)[60:90] in text.encode(
            "latin-1", "replace")]
    assert len(sealed) == 3
    assert not [text for text in shown if "PRIVATE KEY" in text or any(each in text for each in sealed)]


def test_a_private_key_opens_for_its_account_only(alice, bob):
    keys.pair_of(account_of(alice))

    with pytest.raises(vault.CannotOpen):
        vault.unseal(store.find(alice.id).private, about=keys.about(bob.id))


def test_without_an_encryption_key_there_are_no_pairs(alice, setting):
    setting(encryption_key="")

    with pytest.raises(vault.NoKey):
        keys.pair_of(account_of(alice))


def test_a_key_that_does_not_open_is_replaced_and_told(alice, setting, caplog):
    setting(encryption_key=OLD)
    lost = keys.pair_of(account_of(alice))
    setting(encryption_key=NEW)

    signer = keys.signer_for(account_of(alice), b"{}")

    pair = keys.pair_of(account_of(alice))
    assert pair.public_pem != lost.public_pem
    assert is_by(signer, pair.public_pem)
    assert is_by(keys.signer_for(account_of(alice), b"{}"), pair.public_pem), "it was replaced once more"
    (line,) = [record for record in caplog.records if "does not open" in record.message]
    assert (line.account, line.key) == (alice.id, "2025")


# After a leak.


def test_a_replaced_key_tells_of_the_new_one_and_is_then_destroyed(alice):
    account = account_of(alice)
    before = keys.pair_of(account)

    after = keys.rotate(account)

    assert after.public_pem != before.public_pem
    assert after.id == before.id
    assert is_by(keys.signer_for(account, b"{}"), after.public_pem)
    assert is_by(keys.old_signer_for(account, b"{}"), before.public_pem)
    deleting.forget_keys(account.id)
    assert keys.old_signer_for(account, b"{}") is None
    assert store.find(alice.id).old is None


def test_a_replaced_key_signs_for_four_days_only(alice, monkeypatch):
    account = account_of(alice)
    keys.rotate(account)
    until = store.find(alice.id).old_until

    monkeypatch.setattr(time, "time", lambda: until + 1)
    assert keys.old_signer_for(account, b"{}") is None
    monkeypatch.setattr(time, "time", lambda: until - 1)
    assert keys.old_signer_for(account, b"{}") is not None


def test_an_account_without_a_replaced_key_has_no_old_one(alice, bob):
    keys.pair_of(account_of(alice))

    assert keys.old_signer_for(account_of(alice), b"{}") is None
    assert keys.old_signer_for(account_of(bob), b"{}") is None


# Keys of the vault.


def test_private_keys_are_put_under_the_newest_key(alice, bob, setting, capsys):
    setting(encryption_key=OLD, fetching_key=OLD)
    before = {person.id: keys.rotate(account_of(person)) for person in (alice, bob)}
    server = keys.pair_of(server_actor.account())
    setting(encryption_key=f"{NEW},{OLD}", fetching_key=f"{NEW},{OLD}")

    reseal.main()

    assert capsys.readouterr().out.startswith("5 secrets put under the newest key, 0 that")
    setting(encryption_key=NEW, fetching_key=NEW)
    for person in (alice, bob):
        assert is_by(keys.signer_for(account_of(person), b"{}"), before[person.id].public_pem)
        assert keys.old_signer_for(account_of(person), b"{}") is not None
    assert is_by(keys.signer_for(server_actor.account(), b"{}"), server.public_pem)


def test_keys_that_do_not_open_are_counted(alice, setting):
    setting(encryption_key=OLD)
    keys.pair_of(account_of(alice))
    setting(encryption_key=NEW)

    with pytest.raises(SystemExit):
        reseal.main()
    assert keys.renew_all() == (0, 1)


def test_signing_leaves_a_key_under_an_older_key_of_the_vault(alice, setting):
    """Processes that started before do not know the newest. They would give the account another pair."""
    setting(encryption_key=OLD, fetching_key=OLD)
    pairs = [keys.pair_of(account) for account in (account_of(alice), server_actor.account())]
    setting(encryption_key=f"{NEW},{OLD}", fetching_key=f"{NEW},{OLD}")

    for account in (account_of(alice), server_actor.account()):
        keys.signer_for(account, b"{}")

    setting(encryption_key=OLD, fetching_key=OLD)
    for account, pair in zip((account_of(alice), server_actor.account()), pairs, strict=True):
        assert is_by(keys.signer_for(account, b"{}"), pair.public_pem)


def test_two_functions_can_open_the_keys_of_people():
    """The API makes them, `on_outside` signs what is sent. `on_inbox` fetches only, as the server itself."""
    def reading(secret):
        return {name for name, policy in policies.WRITTEN.items() if secret in policy.secrets}

    assert reading(vault.ENCRYPTION) == {"api_handler", "on_outside"}
    assert reading(vault.FETCHING) == {"api_handler", "on_outside", "on_inbox"}


def test_who_may_only_fetch_opens_no_key_of_people(alice, setting):
    account, server = account_of(alice), server_actor.account()
    keys.pair_of(account)
    pair = keys.pair_of(server)
    setting(encryption_key="")

    assert is_by(keys.signer_for(server, b"{}"), pair.public_pem)
    with pytest.raises(vault.CannotOpen):
        keys.pair_of(account).opened()
    with pytest.raises(vault.CannotOpen):
        vault.unseal(store.find(alice.id).private, about=keys.about(alice.id), under=vault.FETCHING)


# The account of the server.


@pytest.mark.parametrize("move", [lambda: keys.signer_for(server_actor.account(), b"{}"), keys.renew_all])
def test_the_servers_key_moves_even_if_both_keys_have_one_name(setting, move):
    """`make deploy` names both by the year."""
    setting(fetching_key="", encryption_key=OLD)
    pair = keys.pair_of(server_actor.account())
    setting(fetching_key=OLD.partition(":")[0] + ":" + NEW.partition(":")[2])

    move()

    setting(encryption_key="")
    assert is_by(keys.signer_for(server_actor.account(), b"{}"), pair.public_pem)


def test_the_servers_key_moves_to_its_own_secret(setting):
    """Before there was a secret for it, it was sealed like those of people."""
    setting(fetching_key="")
    pair = keys.pair_of(server_actor.account())
    setting(fetching_key=OLD)

    assert is_by(keys.signer_for(server_actor.account(), b"{}"), pair.public_pem)

    setting(encryption_key="")
    assert is_by(keys.signer_for(server_actor.account(), b"{}"), pair.public_pem)
    setting(fetching_key=f"{NEW},{OLD}")
    assert keys.renew_all() == (1, 0)


def test_the_server_actor_is_written_with_its_key():
    assert accounts.find(server_actor.ID) is None

    pair = keys.pair_of(server_actor.account())

    assert (pair.id, pair.owner) == ("http://kenoma.test/internal/fetch#main-key", "http://kenoma.test/internal/fetch")
    account = accounts.find(server_actor.ID)
    assert (account.nickname, account.actor_type, account.standing) == ("internal.fetch", "Application", None)
    assert accounts.find_by_nickname("internal.fetch").id == server_actor.ID
    assert server_actor.is_server_actor(account)
    assert keys.pair_of(server_actor.account()) == pair


def test_of_many_at_once_one_writes_the_server_actor():
    pairs = at_once(*[lambda: keys.pair_of(server_actor.account())] * 6)

    assert len({pair.public_pem for pair in pairs}) == 1


def test_nobody_meets_the_server_actor_among_accounts(alice, admin, anonymous):
    keys.pair_of(server_actor.account())

    for asking in (alice, admin, anonymous):
        assert asking.get("/api/v1/accounts/internal.fetch").status == 404
        assert asking.get(f"/api/v1/accounts/{server_actor.ID}").status == 404
        assert asking.get("/api/v1/accounts/search?q=internal.fetch").json == []
    assert anonymous.get("/api/v1/instance").json["stats"]["user_count"] == 2
    assert alice.post(f"/api/v1/accounts/{server_actor.ID}/follow").status == 403
    assert "internal.fetch" not in admin.get("/api/v1/pleroma/admin/users").text
