"""Key pairs of the accounts of this server: made when first needed, sealed, and opened only to sign.

    pair = keys.pair_of(account)              what an actor's document shows
    signer = keys.signer_for(account, body)   signs requests, each with the date of its moment

RSA of 2,048 bits, since every server makes and checks that. Private keys are never in a log, an error or a `repr`.

The key of the server's own account is sealed under another secret than those of people. So a function that has to
fetch, and nothing else, cannot open theirs.
"""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...ids import new_flake
from ...outside import Signer
from ...queues.deliveries import ForgetKeys
from ...queues.messages import outbox
from ...settings import settings
from ...store import jobs
from ...store.accounts.accounts import Account
from ...store.federation import keys as store
from ...store.federation.keys import SigningKeys
from ...store.signing_in import mfa
from .. import events, vault
from ..event_types.servers import KeyReplaced
from ..retrying import expect, retried
from . import addresses, server_actor, signatures
from .signatures import Outgoing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS, EXPONENT = 2_048, 65_537
OLD_SECONDS = 4 * 86_400
"""How long a replaced key is kept for telling others of the new one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeyPair:
    """`id`: the address of the key. `owner`: that of the actor. `public_pem`: for everybody."""

    id: str
    owner: str
    public_pem: str
    account_id: str
    _sealed: str = field(repr=False)

    def opened(self) -> Callable[[bytes], bytes]:
        """What signs a text, by SHA-256 and PKCS#1 v1.5. Raises vault.CannotOpen."""
        return _signing(_unsealed(self.account_id, self._sealed))

    def move(self) -> None:
        """Seal it under its own secret, if it is still sealed as the keys of people are. Raises vault.CannotOpen.

        Where only the vault's key is an older one it stays: a process that does not know the newest may need it.
        """
        if not _is_under_its_own(self.account_id, self._sealed):
            _renewed(self.account_id, "private", self._sealed)


def pair_of(account: Account, found: SigningKeys | None = None) -> KeyPair:
    """The key pair of an account of this server. `found`: its row, if that was read already. Raises vault.NoKey."""
    return _pair(account, found or store.find(account.id) or _make(account))


def signer_for(account: Account, body: bytes | None = None, found: SigningKeys | None = None) -> Signer:
    """What signs requests of this account, with this body. A key that does not open is replaced by a new one.

    `found`: its row, if that was read already.

    Raises vault.NoKey.
    """
    pair = pair_of(account, found)
    try:
        sign_bytes = pair.opened()
        pair.move()
    except vault.CannotOpen as fault:
        log.error("private key does not open, so the account gets a new one",
                  extra={"account": account.id, "key": fault.key})
        pair = _pair(account, retried(lambda: _replace(account, keeps_old=False, instead_of=pair.public_pem)))
        sign_bytes = pair.opened()
    return _signer(pair.id, sign_bytes, body)


# Rotation.


def rotate(account: Account) -> KeyPair:
    """Give the account another pair, after a leak. Every server is told, signed with the old key (`old_signer_for`).

    Nobody knows when all have heard. So the old key is kept for as long as it is tried, and destroyed then.
    """
    pair_of(account)
    jobs.add([outbox(ForgetKeys(account.id), due_in=OLD_SECONDS)])
    return _pair(account, retried(lambda: _replace(account, keeps_old=True)))


def old_signer_for(account: Account, body: bytes) -> Signer | None:
    """What signs with the replaced key, which others still know. None: there is none, or its time is over."""
    row = store.find(account.id)
    if row is None or row.old is None or row.old_until is None or row.old_until <= time.time():
        return None
    return _signer(_key_id(account), _signing(_unsealed(account.id, row.old)), body)


# Sealing.


def about(account_id: str) -> str:
    """What the vault binds an account's private key to."""
    return f"key {account_id}"


def sealed_under(account_id: str) -> str:
    """The setting with which the private key of an account is sealed."""
    return vault.FETCHING if account_id == server_actor.ID and settings.fetching_key else vault.ENCRYPTION


def _sealed(account_id: str, text: str) -> str:
    return vault.seal(text, about=about(account_id), under=sealed_under(account_id))


def _unsealed(account_id: str, sealed: str) -> str:
    """The private key. That of the server was sealed as those of people were, until it had a secret of its own."""
    try:
        return vault.unseal(sealed, about=about(account_id), under=sealed_under(account_id))
    except vault.CannotOpen:
        if sealed_under(account_id) == vault.ENCRYPTION or not settings.may_read(vault.ENCRYPTION):
            raise
        return vault.unseal(sealed, about=about(account_id))


def _is_under_its_own(account_id: str, sealed: str) -> bool:
    """Whether it opens with the secret that it should be sealed with. Keys of both secrets may have the same name."""
    try:
        vault.unseal(sealed, about=about(account_id), under=sealed_under(account_id))
    except vault.CannotOpen:
        return False
    return True


def _renewed(account_id: str, name: str, sealed: str) -> bool:
    """Whether a private key (`private` or `old`) was not sealed with the newest key, and is now. Raises CannotOpen."""
    if not vault.is_stale(sealed, under=sealed_under(account_id)) and _is_under_its_own(account_id, sealed):
        return False
    return store.reseal(account_id, name, sealed, _sealed(account_id, _unsealed(account_id, sealed)))


def renew_all() -> tuple[int, int]:
    """Encrypt every private key with the newest key of the vault. Answers how many were, and how many do not open."""
    done = failed = 0
    for account_id in (server_actor.ID, *mfa.local_account_ids()):
        row = store.find(account_id)
        for name in ("private", "old"):
            sealed = getattr(row, name) if row is not None else None
            if not sealed:
                continue
            try:
                done += _renewed(account_id, name, sealed)
            except vault.CannotOpen:
                failed += 1
    return done, failed


# Making.


def _make(account: Account) -> SigningKeys:
    """The account's first pair, or that of whoever was faster."""
    public, sealed = _generated(account.id)
    made = int(time.time())
    if server_actor.is_server_actor(account):
        done = store.make_with_account(account, public, sealed, made)
    else:
        done = store.make(account.id, public, sealed, made)
    row = None if done else store.find(account.id)
    return row or SigningKeys(account.id, store.KEYS, public=public, private=sealed, made=made, version=1)


def _replace(account: Account, *, keeps_old: bool, instead_of: str | None = None) -> SigningKeys:
    """Another pair. `instead_of`: only if the present public key is this one. Raises Overtaken."""
    before = store.find(account.id)
    if before is None:
        return _make(account)
    if instead_of is not None and before.public != instead_of:
        return before
    public, sealed = _generated(account.id)
    now = int(time.time())
    news = KeyReplaced(account.id, new_flake())
    jobs.add(events.owed(news))  # first, so that it is never lost: telling of the key that everybody knows is harmless
    expect(store.replace(before, public, sealed, now, now + OLD_SECONDS if keeps_old else None))
    events.tell(news)
    return SigningKeys(account.id, store.KEYS, public=public, private=sealed, made=now, version=before.version + 1)


def _generated(account_id: str) -> tuple[str, str]:
    """A new pair: the public key as PEM, the private one sealed."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = generate_private_key(EXPONENT, BITS)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return public, _sealed(account_id, base64.b64encode(private).decode())


# Opening.


def _pair(account: Account, row: SigningKeys) -> KeyPair:
    return KeyPair(_key_id(account), _owner(account), row.public or "", account.id, row.private or "")


def _owner(account: Account) -> str:
    if server_actor.is_server_actor(account):
        return addresses.of_server_actor()
    return addresses.of_account(account.nickname)


def _key_id(account: Account) -> str:
    return f"{_owner(account)}#main-key"


def _signing(text: str) -> Callable[[bytes], bytes]:
    """What makes signatures with a private key. The key is ours and was sealed, so it is not checked again: that would
    cost a hundred signatures.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    key: RSAPrivateKey = load_der_private_key(  # type: ignore[assignment]
        base64.b64decode(text), None, unsafe_skip_rsa_key_validation=True)

    def made(signed: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        return key.sign(signed, PKCS1v15(), SHA256())

    return made


def _signer(key_id: str, sign_bytes: Callable[[bytes], bytes], body: bytes | None) -> Signer:
    return lambda method, host, target: signatures.sign(Outgoing(method, host, target, body), key_id, sign_bytes)
