"""The vault: what it seals, and what it refuses to open."""

import base64

import pytest

from chalicelib.domain import vault

OLD = "2025:" + base64.b64encode(b"o" * 32).decode()
NEW = "2026:" + base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode()


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def test_what_is_sealed_opens_again():
    sealed = vault.seal("JBSWY3DPEHPK3PXP é", about="alice")

    assert "JBSW" not in sealed
    assert vault.unseal(sealed, about="alice") == "JBSWY3DPEHPK3PXP é"


def test_the_same_text_is_never_sealed_alike():
    assert len({vault.seal("text", about="alice") for _ in range(20)}) == 20


def test_it_opens_only_for_whom_it_was_sealed():
    sealed = vault.seal("text", about="alice")

    with pytest.raises(vault.CannotOpen):
        vault.unseal(sealed, about="bob")


def test_a_changed_text_does_not_open(setting):
    setting(encryption_key=NEW)
    sealed = vault.seal("text", about="alice")
    form, key, encoded = sealed.split(".")
    raw = bytearray(base64.urlsafe_b64decode(encoded))

    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(vault.CannotOpen):
            vault.unseal(f"{form}.{key}.{base64.urlsafe_b64encode(changed).decode()}", about="alice")


@pytest.mark.parametrize("odd", [
    "", ".", "v1", "v1.", "v1.2026.", "v1.2026.AAAA", "v1.2026.é", "v1.2026.A", "v2.2026.AAAA", "v1.other.AAAA", "text",
    "v1.2026." + "A" * 15,
])
def test_what_was_never_sealed_does_not_open(setting, odd):
    setting(encryption_key=NEW)

    with pytest.raises(vault.CannotOpen):
        vault.unseal(odd, about="alice")


def test_a_new_key_seals_and_the_old_one_still_opens(setting):
    setting(encryption_key=OLD)
    before = vault.seal("text", about="alice")
    setting(encryption_key=f"{NEW}, {OLD}")
    after = vault.seal("text", about="alice")

    assert (before.split(".")[1], after.split(".")[1]) == ("2025", "2026")
    assert vault.unseal(before, about="alice") == vault.unseal(after, about="alice") == "text"
    assert (vault.is_stale(before), vault.is_stale(after)) == (True, False)


def test_without_its_key_a_text_stays_closed(setting):
    setting(encryption_key=OLD)
    sealed = vault.seal("text", about="alice")

    for keys in (NEW, "", "2025:" + base64.b64encode(b"x" * 32).decode()):
        setting(encryption_key=keys)
        with pytest.raises(vault.CannotOpen) as fault:
            vault.unseal(sealed, about="alice")
        assert fault.value.key == "2025"
    assert not vault.is_stale(sealed)


def test_without_any_key_nothing_is_sealed(setting):
    setting(encryption_key=" ")

    with pytest.raises(vault.NoKey):
        vault.seal("text", about="alice")


@pytest.mark.parametrize("malformed", [
    "nonsense", "2026", "2026:", ":" + "A" * 43 + "=", "2026:c2hvcnQ=", f"{NEW},{NEW}", "a.b:" + OLD[5:], OLD + "x",
    f"{NEW},2025:" + base64.b64encode(b"o" * 31).decode(), "2026:é", "x" * 33 + OLD[4:],
])
def test_what_is_no_list_of_keys_is_told_without_showing_it(setting, malformed):
    setting(encryption_key=malformed)

    with pytest.raises(ValueError, match="encryption_key: entry") as fault:
        vault.seal("text", about="alice")
    assert OLD[5:] not in str(fault.value)
    assert malformed not in str(fault.value)
