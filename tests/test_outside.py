"""Fetching from other servers: what may be fetched, how long it may take, and how much may come."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib import outside
from tests.other_server import certificate, dripping, secured, serving, wired


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


@pytest.fixture
def deployed(setting: Callable[..., None]) -> None:
    setting(stage="prod")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the name server says. For other names it is really asked."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **more)
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
                for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def refused(url: str, **more: Any) -> str:
    with pytest.raises(outside.Unreachable) as caught:
        outside.fetch(url, **more)
    return str(caught.value)


# What comes back.


def test_an_address_is_fetched_with_its_headers() -> None:
    with serving({"/a%20b?c=d": (200, b"hello", {"Content-Type": "text/html; charset=utf-8"})}) as other:
        fetched = outside.fetch(other.url + "/a b?c=d#part", accept="text/html")

    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"hello", "text/html")
    ((path, headers),) = other.asked
    assert path == "/a%20b?c=d"
    assert headers["host"] == f"127.0.0.1:{other.port}"
    assert headers["accept"] == "text/html"
    assert headers["user-agent"] == "Kenoma (+http://kenoma.test)"
    assert not {"cookie", "authorization"} & headers.keys()


def test_any_status_is_an_answer() -> None:
    with serving({}) as other:
        assert outside.fetch(other.url + "/nothing").status == 404


def test_redirects_are_followed_three_times() -> None:
    hops = {f"/{number}": (302, b"", {"Location": f"/{number + 1}"}) for number in range(9)}
    with serving({**hops, "/3": (200, b"there")}) as other:
        fetched = outside.fetch(other.url + "/0")
        assert (fetched.body, fetched.url) == (b"there", other.url + "/3")

        assert refused(other.url + "/4") == "too many redirects"


def test_compressed_answers_are_not_asked_for() -> None:
    with serving({"/": (200, b"x")}) as other:
        outside.fetch(other.url)

    assert other.asked[0][1]["accept-encoding"] == "identity"


# What is posted.


def test_a_body_is_posted_with_its_headers() -> None:
    with serving({"/in": (201, b"taken", {"Location": "/elsewhere"})}) as other:
        answer = outside.post(other.url + "/in", b"\x00\xffbody", {"TTL": "60", "Host": "evil.example"})

    assert (answer.status, answer.body) == (201, b"taken")
    ((path, headers),) = other.asked
    assert (path, other.bodies) == ("/in", [b"\x00\xffbody"])
    assert (headers["ttl"], headers["content-length"]) == ("60", "6")
    assert headers["host"] == f"127.0.0.1:{other.port}"


def test_a_post_is_not_sent_on() -> None:
    with serving({"/": (307, b"", {"Location": "/there"}), "/there": (200, b"")}) as other:
        assert outside.post(other.url, b"x", {}).status == 307

    assert len(other.asked) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://10.0.0.1/", "https://[::1]/", "file:///etc/passwd",
                                 "http://user@example.org/"])
def test_nothing_is_posted_to_what_may_not_be_fetched(deployed: None, url: str) -> None:
    with pytest.raises(outside.Unreachable):
        outside.post(url, b"x", {})


# What may be fetched.


@pytest.mark.parametrize("url", [
    "", "nonsense", "//127.0.0.1/", "http://", "http:///x", "file:///etc/passwd", "ftp://example.org/", "gopher://x/",
    "http://user:secret@example.org/", "http://user@example.org/", "http://example.org:99999/", "http://[::1/",
    "http://example.org/" + "x" * 3_000, "javascript:alert(1)", "data:text/plain,x",
])
def test_only_plain_addresses_of_the_web_are_fetched(url: str) -> None:
    refused(url)


@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "0.0.0.0", "[::]",
    "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "[ff02::1]", "192.0.0.1", "198.18.0.1", "240.0.0.1",
    "[2001:0:7f00:1::1]", "[2001:db8::1]",
    # Private IPv4 addresses, and public ones as well, in forms of IPv6 that nobody routes.
    "[64:ff9b:1::a00:1]", "[64:ff9b:1::808:808]", "[64:ff9b:1:ffff::1]", "[::10.0.0.1]", "[::8.8.8.8]",
    "[::ffff:0:10.0.0.1]", "[::ffff:0:8.8.8.8]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[fec0::1]",
    "[feff:ffff::1]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::]", "[2002:6440:1::]", "[2001:0:808:808::f5ff:fffe]",
    "[2001::1]",
    "[64:ff9b::a00:1]", "[64:ff9b::c0a8:101]", "[64:ff9b::6440:1]", "[64:ff9b::e000:1]", "[64:ff9b::]",
    "[2606:2800:220:1:0:5efe:10.0.0.1]", "[2606:2800:220:1:200:5efe:127.0.0.1]",
    # Networks of nobody.
    "0.1.2.3", "100.64.0.0", "100.127.255.255", "192.0.0.9", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1",
    "198.19.255.255", "192.88.99.1", "239.255.255.255", "255.255.255.254", "[100::1]", "[5f00::1]", "[3fff::1]",
    "[4000::1]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[fc00::1]", "[febf::1]", "[ff0e::1]", "[::2]",
    "[1::1]",
])
def test_addresses_that_are_not_public_are_refused(deployed: None, host: str) -> None:
    assert refused(f"http://{host}/") == "not a public address"


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[fe80::1]", "[64:ff9b::a9fe:a9fe]"])
def test_the_local_stage_allows_this_machine_only(host: str) -> None:
    assert refused(f"http://{host}/") == "not a public address"


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["fe80::1%eth0"], []])
def test_a_name_is_judged_by_all_its_addresses(deployed: None, names: dict[str, list[str]], answers: list[str]) -> None:
    names["rebinding.example"] = answers

    assert refused("http://rebinding.example/") == "not a public address"


def test_what_was_looked_at_is_what_is_connected_to(names: dict[str, list[str]]) -> None:
    """It does not help a name to have another address later, because it is resolved only once."""
    names["once.example"] = ["127.0.0.1"]
    with serving({"/": (200, b"here")}) as other:
        fetched = outside.fetch(f"http://once.example:{other.port}/")

    assert fetched.body == b"here"
    assert other.asked[0][1]["host"] == f"once.example:{other.port}"


def test_an_address_that_does_not_answer_gives_way_to_the_next(names: dict[str, list[str]]) -> None:
    names["two.example"] = ["127.0.0.9", "127.0.0.1"]
    with serving({"/": (200, b"here")}) as other:
        assert outside.fetch(f"http://two.example:{other.port}/").body == b"here"


@pytest.mark.parametrize("location", [
    "http://169.254.169.254/latest/meta-data/", "//10.0.0.1/", "file:///etc/passwd", "http://a:b@127.0.0.1/",
    "http://[::1",
])
def test_a_redirect_is_looked_at_as_well(location: str) -> None:
    with serving({"/": (302, b"", {"Location": location})}) as other:
        refused(other.url)


def test_a_name_nobody_knows_is_unreachable() -> None:
    assert refused("http://nothing.invalid/") == "name not resolved"


# How much, and how long.


def test_an_answer_has_a_largest_size() -> None:
    with serving({"/": (200, b"x" * 50_001)}) as other:
        assert refused(other.url, most_bytes=50_000) == "too much"
        assert len(outside.fetch(other.url, most_bytes=50_001).body) == 50_001


@pytest.mark.parametrize("start", [
    b"", b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: ",
])
def test_an_answer_that_drips_is_cut_off(start: bytes) -> None:
    with serving({"/": dripping(start + b"x" * 500, 0.05)}) as other:
        began = time.monotonic()
        refused(other.url, seconds=0.5)

    assert time.monotonic() - began < 2


def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    with serving({"/": lambda _: time.sleep(3)}) as other:
        began = time.monotonic()
        refused(other.url, seconds=0.4)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("reply", [b"nonsense", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", b"\x00" * 100])
def test_what_is_not_http_is_unreachable(reply: bytes) -> None:
    with serving({"/": dripping(reply, 0)}) as other:
        refused(other.url)


# Certificates.


def test_a_certificate_has_to_be_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                  names: dict[str, list[str]]) -> None:
    signed = certificate("good.example", tmp_path)
    names["good.example"] = names["other.example"] = ["127.0.0.1"]
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(signed)
    with serving({"/": (200, b"safe")}, tls=server, name="good.example") as other:
        refused(other.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(signed))

        assert outside.fetch(other.url).body == b"safe"
        refused(f"https://other.example:{other.port}")
        refused(f"https://127.0.0.1:{other.port}")


@pytest.mark.parametrize("address", [
    "93.184.216.34", "100.63.255.255", "100.128.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
    "2606:2800:220:1::1",
    "2a00:1450::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34", "2002:5db8:d822::1", "2001:200::1",
])
def test_public_addresses_are_allowed(deployed: None, address: str) -> None:
    assert outside._allowed(address)


# Ports, and https.


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Which port of this machine stands for a port of `elsewhere.example`."""
    return wired(monkeypatch, {})


@pytest.mark.parametrize("stage", ["prod", "local"])
@pytest.mark.parametrize("url", ["http://elsewhere.example:22/", "https://elsewhere.example:8443/",
                                 "http://elsewhere.example:0/", "http://elsewhere.example:6379/",
                                 "http://elsewhere.example:65535/", "https://elsewhere.example:25/"])
def test_other_ports_are_refused(setting: Callable[..., None], wires: dict[int, int], stage: str, url: str) -> None:
    setting(stage=stage)

    assert refused(url) == "not a port of the web"
    with pytest.raises(outside.Unreachable, match="not a port of the web"):
        outside.post(url, b"x", {})


@pytest.mark.parametrize(("ports", "port"), [("80 443", 80), ("80 443", 443), ("8080", 8080), ("443, 8443", 8443)])
def test_ports_of_the_setting_are_connected_to(deployed: None, setting: Callable[..., None], wires: dict[int, int],
                                               ports: str, port: int) -> None:
    setting(outgoing_ports=ports)
    with serving({"/": (200, b"here")}) as other:
        wires[port] = other.port
        assert outside.fetch(f"http://elsewhere.example:{port}/").body == b"here"

        assert refused("http://elsewhere.example:81/") == "not a port of the web"


def test_a_redirect_to_another_port_is_refused(deployed: None, wires: dict[int, int]) -> None:
    with serving({"/": (302, b"", {"Location": "http://elsewhere.example:8080/"})}) as other:
        wires[80] = wires[8080] = other.port
        assert refused("http://elsewhere.example/") == "not a port of the web"
        assert len(other.asked) == 1


def test_what_must_be_secure_is_not_fetched_by_http(deployed: None, wires: dict[int, int], tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Any] = {"/": (200, b"safe"), "/down": (302, b"", {"Location": "http://elsewhere.example/"})}
    with serving(answers, tls=secured(monkeypatch, tmp_path)) as safe, serving(answers) as plain:
        wires[443], wires[80] = safe.port, plain.port

        assert outside.fetch("https://elsewhere.example/", secure=True).body == b"safe"
        assert refused("http://elsewhere.example/", secure=True) == "no address of https"
        assert refused("https://elsewhere.example/down", secure=True) == "no address of https"
        assert plain.asked == []
        assert outside.fetch("https://elsewhere.example/down").body == b"safe"


def test_the_local_stage_takes_http_of_any_port_of_its_machine() -> None:
    with serving({"/": (200, b"here")}) as other:
        assert outside.fetch(other.url, secure=True).body == b"here"


def test_the_kinds_of_addresses_are_known() -> None:
    """Addresses that Python calls public, and the ones they contain."""
    assert [str(each) for each in outside._meant(ipaddress.ip_address("64:ff9b::a9fe:a9fe"))] == [
        "64:ff9b::a9fe:a9fe", "169.254.169.254"]
    assert outside._allowed("93.184.216.34")
    assert outside._allowed("2606:2800:220:1:248:1893:25c8:1946")
