"""Addresses: which are ours and what they name, and which of others count."""

import pytest

from chalicelib.domain.federation import addresses
from chalicelib.ids import uuid_of
from chalicelib.settings import settings

FLAKE = "BCxDYhxasdy8C8VloW"
UUID = uuid_of(FLAKE)


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


@pytest.fixture
def deployed(setting):
    setting(stage="prod", base_url="https://kenoma.example")


@pytest.mark.parametrize(("read", "write", "kept"), [
    (addresses.account_in, addresses.of_account, "alice"), (addresses.object_in, addresses.of_object, FLAKE),
    (addresses.activity_in, addresses.of_activity, FLAKE), (addresses.thread_in, addresses.of_thread, FLAKE),
])
def test_an_address_of_ours_tells_what_it_names(read, write, kept):
    assert read(write(kept)) == kept


@pytest.mark.parametrize("address", [
    f"https://kenoma.example/objects/{UUID}", f"https://KENOMA.example:443/objects/{UUID}",
    f"HTTPS://kenoma.example/objects/{UUID}",
])
def test_scheme_host_and_port_are_compared_by_their_meaning(deployed, address):
    assert addresses.object_in(address) == FLAKE
    assert addresses.is_own(address)


@pytest.mark.parametrize("address", [
    f"http://kenoma.example/objects/{UUID}", f"https://kenoma.example:8443/objects/{UUID}",
    f"https://kenoma.example.far.example/objects/{UUID}", f"https://far.example/objects/{UUID}",
    f"https://kenoma.example@far.example/objects/{UUID}", f"https://alice@kenoma.example/objects/{UUID}",
    f"//kenoma.example/objects/{UUID}", f"objects/{UUID}", "", "https://", "https://[",
])
def test_other_places_are_not_ours(deployed, address):
    assert addresses.object_in(address) is None
    assert not addresses.is_own(address)


@pytest.mark.parametrize("end", [
    f"/objects/{UUID}/", f"/objects/{UUID}?x=1", f"/objects/{UUID}?", f"/objects/{UUID}#x", f"/objects/{UUID}#",
    f"/objects/{UUID.upper()}", f"/objects/{UUID.replace('-', '')}", f"/objects/{{{UUID}}}", "/objects/",
    "/objects/ffffffff-ffff-ffff-ffff-ffffffffffff", f"/Objects/{UUID}", f"/objects/../objects/{UUID}",
    f"/activities/{UUID}", f"/objects/{FLAKE}", f"/objects/{UUID}\n", f" /objects/{UUID}",
])
def test_the_path_is_compared_letter_by_letter(end):
    assert addresses.object_in(settings.base_url + end) is None


@pytest.mark.parametrize("end", ["/users/", "/users/alice/inbox", "/users/alice/", "/@alice", "/users/alice#main-key"])
def test_no_other_path_names_an_account(end):
    assert addresses.account_in(settings.base_url + end) is None


@pytest.mark.parametrize(("address", "host"), [
    ("https://far.example/x", "far.example"), ("https://FAR.Example:443/x", "far.example"),
    ("https://far.example:8443/x", "far.example:8443"), ("http://far.example:80/x", "far.example"),
    ("http://far.example:443/x", "far.example:443"), ("https://bücher.example/x", "xn--bcher-kva.example"),
    ("https://xn--bcher-kva.example/x", "xn--bcher-kva.example"), ("http://[::1]:8201/x", "[::1]:8201"),
    ("https:///x", None), ("https://far..example/x", None), ("https://far.example:port/x", None),
    ("https://-far.example/x", None), ("mailto:alice@far.example", None), ("nonsense", None),
])
def test_a_host_is_compared_in_lower_case_and_ascii_with_its_port(address, host):
    assert addresses.host_of(address) == host


@pytest.mark.parametrize("address", [
    "https://far.example/users/bob", "https://far.example:443/x", "https://far.example/?p=1",
    "https://bücher.example/x", "https://far.example/" + "x" * (addresses.LONGEST - 20),
])
def test_what_is_of_others_is_of_https_at_a_named_host(deployed, address):
    assert addresses.is_foreign(address)


def test_ports_that_nobody_may_be_asked_at_are_those_of_nobody(deployed, setting):
    assert not addresses.is_foreign("https://far.example:8443/x")
    setting(outgoing_ports="443 8443")

    assert addresses.is_foreign("https://far.example:8443/x")


UNUSABLE = [
    "http://far.example/x", "ftp://far.example/x", "far.example/x", "//far.example/x", "", None, 7, ["https://x.example"],
    "https://kenoma.example/users/x", "https://KENOMA.example:443/users/x", "https://kenoma.example./users/x",
    "https://bob@far.example/x", "https://bob:secret@far.example/x", "https://@far.example/x",
    "https://127.0.0.1/x", "https://10.0.0.1/x", "https://169.254.169.254/x", "https://[::1]/x", "https://127.1/x",
    "https://[::ffff:10.0.0.1]/x", "https://2130706433/x", "https://0x7f000001/x", "https://0177.0.0.1/x",
    "https://far.example/x#y", "https://far.example/x#", "https://far.example/a b", "https://far.example/\x00",
    "https://far.example\\x", "https://far.example/x\n", "https://far.example/" + "x" * addresses.LONGEST,
    "https://far.example:99999/x", "https://far.example./x", "https://" + "a" * 64 + ".example/x",
]


@pytest.mark.parametrize("address", UNUSABLE)
def test_nothing_else_counts(deployed, address):
    assert not addresses.is_foreign(address)


def test_an_activity_may_have_a_fragment(deployed):
    assert addresses.is_foreign("https://far.example/users/bob#likes/5", fragment=True)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8202/users/bob", "http://localhost:8202/x", "http://[::1]:1/x",
                                     "https://far.example/x"])
def test_the_local_stage_takes_http_and_bare_addresses(setting, address):
    setting(stage="local", base_url="http://127.0.0.1:8201")

    assert addresses.is_foreign(address)


def test_even_there_its_own_address_is_not_of_others(setting):
    setting(stage="local", base_url="http://127.0.0.1:8201")

    assert not addresses.is_foreign("http://127.0.0.1:8201/users/bob")


@pytest.mark.parametrize(("several", "same"), [
    (("https://far.example/a", "https://FAR.example:443/b"), True),
    (("https://far.example/a", "https://far.example:8443/b"), False),
    (("https://far.example/a", "https://sub.far.example/b"), False), (("nonsense", "nonsense"), False),
])
def test_hosts_are_the_same_or_not(several, same):
    assert addresses.are_of_one_host(*several) is same
