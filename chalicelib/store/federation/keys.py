"""Key pairs of accounts, part `K`: what an account of this server signs with. The private half is sealed."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from ..accounts.accounts import Account, Part, in_found, profile_key
from ..accounts.claims import Claim, nickname_claim
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Table, create, fetch, named, transaction, update, write_batch

KEYS = "K"


class SigningKeys(Part):
    """`old`: the sealed key that was replaced. It signs the news of the new one, until `old_until`."""

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {"version": 0}
    public = UnicodeAttribute(attr_name="pub", null=True)
    private = UnicodeAttribute(attr_name="priv", null=True)
    made = NumberAttribute(null=True)
    version = NumberAttribute(attr_name="ver", null=True)
    old = UnicodeAttribute(null=True)
    old_until = NumberAttribute(null=True)

    def __repr__(self) -> str:
        """Not what is secret: not even sealed does it belong into a log."""
        return f"SigningKeys({self.id!r})"


def keys_key(account_id: str) -> Key:
    """Where the key pair of an account is. For batch gets."""
    return key(SigningKeys, account_id, KEYS)


def find(account_id: str) -> SigningKeys | None:
    return fetch(strong=[keys_key(account_id)]).get(SigningKeys, account_id, KEYS)


def find_with_account(nickname: str) -> tuple[Account | None, SigningKeys | None]:
    """The account of a nickname, in any letter case, and its pair. Two rounds, of one call each."""
    wanted = nickname_claim(nickname)
    claim = fetch(strong=[wanted]).get(Claim, wanted.hash)
    if claim is None:
        return None, None
    found = fetch(strong=[profile_key(claim.id), keys_key(claim.id)])
    return in_found(found, claim.id), found.get(SigningKeys, claim.id, KEYS)


def make(account_id: str, public: str, private: str, made: int) -> bool:
    """Give the account its first pair. False: it has one."""
    pair = SigningKeys(account_id, KEYS, public=public, private=private, made=made, version=1)
    return create(pair, SigningKeys.id.does_not_exist())


def make_with_account(account: Account, public: str, private: str, made: int) -> bool:
    """As `make`, together with the account itself and the claim of its nickname. False: they are there."""
    claim = Claim(nickname_claim(account.nickname).hash, id=account.id, spelling=account.nickname)
    try:
        with transaction() as write:
            write.put(account, Account.id.does_not_exist())
            write.put(claim, Claim.key.does_not_exist() | (Claim.id == account.id))
            write.put(SigningKeys(account.id, KEYS, public=public, private=private, made=made, version=1),
                      SigningKeys.id.does_not_exist())
    except ConditionFailed:
        return False
    return True


def replace(before: SigningKeys, public: str, private: str, made: int, old_until: int | None) -> bool:
    """Give the account another pair. `old_until`: so long the old one is kept. False: it has changed meanwhile."""
    target = SigningKeys.stub(before.id, KEYS)
    kept = [SigningKeys.old.remove(), SigningKeys.old_until.remove()] if old_until is None else [
        SigningKeys.old.set(before.private), SigningKeys.old_until.set(old_until)]
    return update(target, [SigningKeys.public.set(public), SigningKeys.private.set(private), SigningKeys.made.set(made),
                           SigningKeys.version.set(before.version + 1), *kept], SigningKeys.version == before.version)


def forget_old(account_id: str) -> None:
    """Destroy the pair that was replaced."""
    update(SigningKeys.stub(account_id, KEYS), [SigningKeys.old.remove(), SigningKeys.old_until.remove()],
           SigningKeys.id.exists())


def destroy(account_id: str) -> None:
    """Delete the key pairs of an account."""
    write_batch(deletes=[SigningKeys.stub(account_id, KEYS)])


def reseal(account_id: str, name: str, sealed: str, renewed: str) -> bool:
    """Store the same key sealed anew. `name`: `private` or `old`. False: it has changed meanwhile."""
    attribute = getattr(SigningKeys, name)
    unchanged: Condition = attribute == sealed
    return update(SigningKeys.stub(account_id, KEYS), [attribute.set(renewed)], unchanged)
