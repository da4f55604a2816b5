"""The runner on a real socket, with the bytes that clients of all kinds send."""

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.web.edge import ALLOW_METHODS, ON_EVERY_REPLY, ON_PREFLIGHT
from infra.local import http
from infra.local.files import Files
from infra.local.http import bind
from infra.local.mailbox import Mailbox
from infra.local.server import MOST_CONNECTIONS, Beside, Server
from tests.infra import tiny
from tests.simulated_aws import LocalAws

PREFLIGHT = ON_PREFLIGHT | {"Access-Control-Allow-Methods": ALLOW_METHODS}
UPLOADS = 16_000_000


class Client:
    """A socket that speaks raw HTTP and reads one reply at a time."""

    def __init__(self, address: Any) -> None:
        self.sock = socket.create_connection(address, timeout=10)
        self.file = self.sock.makefile("rb")

    def send(self, *pieces: bytes) -> "Client":
        for piece in pieces:
            self.sock.sendall(piece)
        return self

    def reply(self, *, body: bool = True) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0)) if body else 0
        return status, headers, self.file.read(length)

    def has_a_reply(self) -> bool:
        return bool(select.select([self.sock], [], [], 0)[0])

    def is_closed(self) -> bool:
        return self.file.read(1) == b""


@pytest.fixture
def server(aws: LocalAws) -> Iterator[Server]:
    running = Server(tiny.app, bind("127.0.0.1", 0), upload_limit=UPLOADS,
                     beside=Beside(Files(aws.s3, "kenoma-files"), Mailbox()))  # fmt: skip
    yield running.start()
    running.stop(within=1)


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    opened = Client(server._listener.getsockname())
    yield opened
    opened.file.close()
    opened.sock.close()


def request(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode("latin-1")


def test_a_kept_connection_answers_each_request_in_one_piece(client: Client) -> None:
    class Counting(socket.socket):
        pieces = 0

        def sendall(self, *args: Any) -> None:
            self.pieces += 1
            super().sendall(*args)

    ours, theirs = socket.create_connection, socket.create_server(("127.0.0.1", 0))
    near = ours(theirs.getsockname())
    counting = Counting(fileno=theirs.accept()[0].detach())
    connection = http.Connection(counting, UPLOADS)

    connection.write(200, {"Content-Type": "text/plain"}, b"x" * 5000)

    assert counting.pieces == 1
    assert counting.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    for sock in (near, theirs, counting):
        sock.close()
    for _ in range(3):
        assert client.send(request("GET /ping")).reply()[2] == b'{"ok":true}'


def test_requests_may_arrive_together_and_in_crumbs(client: Client) -> None:
    both = request("GET /things/1?a=1&a=2") + request("GET /things/fixed")
    client.send(*(bytes([byte]) for byte in both))

    assert json.loads(client.reply()[2]) == {"id": "1", "query": {"a": "2"}}
    assert json.loads(client.reply()[2]) == {"id": "none"}


def test_head_has_no_body_and_the_connection_goes_on(client: Client) -> None:
    status, headers, _ = client.send(request("HEAD /things/1")).reply(body=False)

    assert (status, int(headers["content-length"])) == (200, 0)
    assert client.send(request("HEAD /ping")).reply(body=False)[0] == 404
    assert client.send(request("GET /ping")).reply()[0] == 200


def test_options_is_answered_for_every_path(client: Client) -> None:
    for path in ("/ping", "/no/such/path", "*"):
        status, headers, body = client.send(request(f"OPTIONS {path}", "Origin: https://example.org")).reply()

        assert (status, body) == (204, b"")
        assert "content-length" not in headers
        assert all(headers[name.lower()] == value for name, value in (ON_EVERY_REPLY | PREFLIGHT).items())


@pytest.mark.parametrize("line", ["GET /nope", "DELETE /ping", "PROPFIND /ping", "BREW /pot"])
def test_an_unknown_route_or_method_is_not_implemented(client: Client, line: str) -> None:
    status, headers, body = client.send(request(line, "Authorization: Bearer secret")).reply()

    assert (status, body) == (404, b'{"error":"Not implemented"}')
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert all(headers[name.lower()] == value for name, value in ON_EVERY_REPLY.items())


def test_a_request_id_of_some_length_is_echoed(client: Client) -> None:
    long, short = "x" * 20, "x" * 19

    assert client.send(request("GET /nope", f"X-Request-Id: {long}")).reply()[1]["x-request-id"] == long
    assert client.send(request("GET /nope", f"X-Request-Id: {short}")).reply()[1]["x-request-id"] != short


def test_a_chunked_body_arrives_whole(client: Client) -> None:
    chunks = b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n"
    client.send(request("POST /echo", "Transfer-Encoding: chunked"), chunks)

    assert json.loads(client.reply()[2])["length"] == 11
    assert client.send(request("GET /ping")).reply()[0] == 200


def test_a_delete_may_have_a_body_and_a_post_none(client: Client) -> None:
    client.send(request("DELETE /echo", "Content-Length: 3"), b"abc")
    assert json.loads(client.reply()[2])["length"] == 3

    assert json.loads(client.send(request("POST /echo")).reply()[2])["length"] == 0


def test_an_authorization_that_is_not_ascii_is_only_wrong(client: Client) -> None:
    for path, status in (("/echo", 200), ("/nope", 404)):
        client.send(request(f"POST {path}", "Authorization: Bearer \xfc\xff"))

        assert client.reply()[0] == status


def test_raw_utf8_in_a_path_reaches_the_view_escaped(client: Client) -> None:
    client.send("GET /things/ü HTTP/1.1\r\n\r\n".encode())

    assert json.loads(client.reply()[2])["id"] == "%C3%BC"


def test_a_client_that_waits_is_told_to_go_on(client: Client) -> None:
    client.send(request("POST /echo", "Content-Length: 2", "Expect: 100-continue"))

    assert client.file.readline() == b"HTTP/1.1 100 Continue\r\n"
    client.file.readline()
    assert json.loads(client.send(b"ab").reply()[2])["length"] == 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_ten_megabytes_is_refused_and_the_connection_ends(client: Client, chunked: bool) -> None:
    size = 10_000_001
    if chunked:
        client.send(request("POST /echo", "Transfer-Encoding: chunked"), b"%x\r\n" % size)
    else:
        client.send(request("POST /echo", f"Content-Length: {size}"))
    client.send(b"x" * size)  # a client that does not listen while it sends must not be reset

    status, headers, body = client.reply()

    assert (status, body) == (413, b'{"error":"Request body is too large"}')
    assert headers["connection"] == "close"
    assert headers["access-control-allow-origin"] == "*"
    assert client.is_closed()


def test_an_upload_may_be_as_large_as_uploads_may_be(client: Client) -> None:
    form = "Content-Type: multipart/form-data; boundary=x"

    client.send(request("POST /echo", form, f"Content-Length: {UPLOADS}"), b"x" * UPLOADS)
    assert json.loads(client.reply()[2])["length"] == UPLOADS

    client.send(request("POST /echo", form, f"Content-Length: {UPLOADS + 1}"))
    assert client.reply()[0] == 413


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /ping\r\n\r\n",
        b"GET  /ping HTTP/1.1\r\n\r\n",
        b"get /ping HTTP/1.1\r\n\r\n",
        b"GET ping HTTP/1.1\r\n\r\n",
        b"GET /ping HTTP/2.0\r\n\r\n",
        b"GET /ping HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET /ping HTTP/1.1\r\n folded: x\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET /" + b"a" * 70000 + b" HTTP/1.1",
    ],
)
def test_what_is_no_request_is_refused_and_the_server_lives(server: Server, client: Client, garbage: bytes) -> None:
    assert client.send(request("GET /ping") + garbage).reply()[0] == 200

    status, _, body = client.reply()
    assert status in (400, 413, 431)
    assert set(json.loads(body)) == {"error"}
    assert client.is_closed()
    assert Client(server._listener.getsockname()).send(request("GET /ping")).reply()[0] == 200


def test_http_1_0_and_close_end_the_connection(server: Server) -> None:
    for asked in (b"GET /ping HTTP/1.0\r\n\r\n", request("GET /ping", "Connection: close")):
        client = Client(server._listener.getsockname()).send(asked)

        assert client.reply()[1]["connection"] == "close"
        assert client.is_closed()


def test_a_failure_inside_shows_nothing_of_itself(client: Client) -> None:
    status, _, body = client.send(request("GET /boom")).reply()

    assert status == 500
    assert b"secret detail" not in body


def test_requests_of_two_connections_run_side_by_side(server: Server) -> None:
    slow = Client(server._listener.getsockname()).send(request("GET /slow"))
    quick = Client(server._listener.getsockname()).send(request("GET /ping"))

    assert quick.reply()[0] == 200
    slow.sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        slow.sock.recv(1)


def test_stopping_lets_the_running_request_finish(server: Server) -> None:
    import threading

    slow = Client(server._listener.getsockname()).send(request("GET /slow"))
    idle = Client(server._listener.getsockname()).send(request("GET /ping"))
    idle.reply()

    stopping = threading.Timer(0.2, server.stop)
    stopping.start()

    assert slow.reply()[0] == 200
    assert idle.is_closed()
    stopping.join()
    with pytest.raises(ConnectionRefusedError):
        Client(server._listener.getsockname() if server._listener.fileno() >= 0 else slow.sock.getpeername())


class Crowd:
    """As many clients as there is room for, each with half a request sent."""

    def __init__(self, server: Server) -> None:
        self.address = server._listener.getsockname()
        self.clients = [Client(self.address).send(b"GET /ping HTTP/1.1\r\n") for _ in range(MOST_CONNECTIONS)]

    def one_more(self) -> Client:
        return Client(self.address)

    def finish(self) -> list[int]:
        return [client.send(b"Host: x\r\n\r\n").reply()[0] for client in self.clients]

    def leave(self) -> None:
        for client in self.clients:
            client.file.close()
            client.sock.close()


@pytest.fixture
def crowd(server: Server) -> Iterator[Crowd]:
    together = Crowd(server)
    yield together
    together.leave()


def test_beyond_the_most_connections_each_is_refused_at_once(crowd: Crowd) -> None:
    begun = time.monotonic()
    refused = [crowd.one_more() for _ in range(6)]

    for client in refused:
        status, headers, body = client.reply()
        assert (status, body) == (503, b'{"error":"Too many connections"}')
        assert (headers["retry-after"], headers["connection"]) == ("1", "close")
        assert len(headers["x-request-id"]) >= 20
        assert all(headers[name.lower()] == value for name, value in ON_EVERY_REPLY.items())
    assert time.monotonic() - begun < 2


def test_who_is_refused_while_still_sending_reads_the_reply(crowd: Crowd) -> None:
    client = crowd.one_more()

    client.send(request("POST /echo", "Content-Length: 100000"), b"x" * 100_000)

    assert client.reply()[0] == 503
    assert client.is_closed()


def test_those_who_were_there_first_are_not_disturbed_by_those_refused(crowd: Crowd) -> None:
    for _ in range(6):
        assert crowd.one_more().reply()[0] == 503

    assert crowd.finish() == [200] * MOST_CONNECTIONS


def test_there_is_room_again_when_others_have_left(server: Server, crowd: Crowd) -> None:
    assert crowd.one_more().reply()[0] == 503

    crowd.leave()

    served = [within(5, lambda: crowd.one_more().send(request("GET /ping")).reply()[0]) for _ in range(2)]
    assert served == [200, 200]


def within(seconds: float, ask: Callable[[], int]) -> int:
    """The status once it is not 503."""
    give_up = time.monotonic() + seconds
    while (status := ask()) == 503 and time.monotonic() < give_up:
        time.sleep(0.02)
    return status


@pytest.mark.parametrize("sent", [
    b"GET /ping HT",
    b"GET /ping HTTP/1.1\r\nHost: x\r\n",
    request("POST /echo", "Content-Length: 10") + b"half",
    request("POST /echo", "Transfer-Encoding: chunked") + b"5\r\nhe"])
def test_who_sends_half_a_request_is_answered_and_dropped(hasty: Server, sent: bytes) -> None:
    client = Client(hasty._listener.getsockname()).send(sent)

    status, headers, body = client.reply()

    assert (status, body, headers["connection"]) == (408, b'{"error":"Request timeout"}', "close")
    assert client.is_closed()


@pytest.mark.parametrize("start", [b"GET /", request("POST /echo", "Content-Length: 1000")])
def test_a_byte_now_and_then_does_not_buy_time(hasty: Server, start: bytes) -> None:
    client = Client(hasty._listener.getsockname()).send(start)
    begun = time.monotonic()

    with contextlib.suppress(ConnectionError):
        while time.monotonic() - begun < 5 and not client.has_a_reply():
            client.send(b"x")
            time.sleep(0.05)

    assert client.reply()[0] == 408
    assert time.monotonic() - begun < 3


def test_who_says_nothing_is_dropped_without_a_word(hasty: Server) -> None:
    silent = Client(hasty._listener.getsockname())
    kept = Client(hasty._listener.getsockname()).send(request("GET /ping"))

    assert kept.reply()[0] == 200
    assert silent.is_closed()
    assert kept.is_closed()


def test_a_slow_reply_is_no_slow_client(hasty: Server) -> None:
    assert Client(hasty._listener.getsockname()).send(request("GET /slow")).reply()[0] == 200


@pytest.fixture
def hasty(aws: LocalAws) -> Iterator[Server]:
    """A server that waits for half a second."""
    running = Server(tiny.app, bind("127.0.0.1", 0), patience=http.Patience(idle=0.5, head=0.5, body=0.5))
    yield running.start()
    running.stop(within=1)


def test_an_emoji_file_is_served_with_its_type_and_asked_again_each_time(aws: LocalAws, client: Client) -> None:
    aws.s3.put_object(Bucket="kenoma-files", Key="emoji/my pack/dir/a.png", Body=b"png")

    status, headers, body = client.send(request("GET /emoji/my%20pack/dir/a.png")).reply()

    assert (status, body) == (200, b"png")
    assert headers["content-type"] == "image/png"
    assert headers["cache-control"] == "public, no-cache"
    assert headers["x-content-type-options"] == "nosniff"
    again = client.send(request("GET /emoji/my%20pack/dir/a.png", f"If-None-Match: {headers['etag']}")).reply()
    assert (again[0], again[2]) == (304, b"")
    assert client.send(request("HEAD /emoji/my%20pack/dir/a.png")).reply(body=False)[1]["content-length"] == "3"


@pytest.mark.parametrize(("path", "kind"), [
    ("a.svg", "image/svg+xml"), ("a.html", "application/octet-stream"), ("a", "application/octet-stream"),
    ("a.xhtml", "application/octet-stream"), ("a.gif", "image/gif"), ("pack.json", "application/json")])
def test_an_emoji_file_runs_no_script(aws: LocalAws, client: Client, path: str, kind: str) -> None:
    aws.s3.put_object(Bucket="kenoma-files", Key=f"emoji/pack/{path}", Body=b"<script>", ContentType="text/html")

    _, headers, _ = client.send(request(f"GET /emoji/pack/{path}")).reply()

    assert (headers["content-type"], headers["x-content-type-options"]) == (kind, "nosniff")
    assert {"sandbox", "default-src 'none'"} <= set(headers["content-security-policy"].split(";"))


def test_one_of_several_known_versions_is_not_sent_again(aws: LocalAws, client: Client) -> None:
    aws.s3.put_object(Bucket="kenoma-files", Key="emoji/pack/a.png", Body=b"png")
    etag = client.send(request("GET /emoji/pack/a.png")).reply()[1]["etag"]

    for known in (f'"other", W/{etag}', "*", f"{etag},"):
        assert client.send(request("GET /emoji/pack/a.png", f"If-None-Match: {known}")).reply()[0] == 304
    assert client.send(request("GET /emoji/pack/a.png", 'If-None-Match: "other", x')).reply()[0] == 200


def test_the_archive_of_a_pack_is_saved_under_its_name(aws: LocalAws, client: Client) -> None:
    aws.s3.put_object(Bucket="kenoma-files", Key="media/emoji_packs/a b/1.zip", Body=b"PK",
                      ContentType="application/zip", ContentDisposition='attachment; filename="a b.zip"')

    _, headers, _ = client.send(request("GET /media/emoji_packs/a%20b/1.zip")).reply()

    assert headers["content-disposition"] == 'attachment; filename="a b.zip"'
    assert headers["content-type"] == "application/zip"
    assert headers["cache-control"] == "public, no-cache"


def test_a_media_file_is_cached_and_locked_in(aws: LocalAws, client: Client) -> None:
    aws.s3.put_object(Bucket="kenoma-files", Key="media/a.html", Body=b"0123456789", ContentType="text/html")

    _, headers, _ = client.send(request("GET /media/a.html?name=my%20%22file%22")).reply()

    assert headers["content-type"] == "text/html"
    assert headers["cache-control"] == "public, max-age=1209600"
    assert headers["content-security-policy"] == "sandbox"
    assert headers["content-disposition"] == 'filename="my \\"file\\""'
    status, headers, body = client.send(request("GET /media/a.html", "Range: bytes=2-4")).reply()
    assert (status, headers["content-range"], body) == (206, "bytes 2-4/10", b"234")


@pytest.mark.parametrize("path", ["/emoji/a/b.png", "/media/x", "/media/", "/emoji/%00", "/media/..%2Fsecret"])
def test_a_file_that_is_not_there_is_404_as_json(client: Client, path: str) -> None:
    status, _, body = client.send(request(f"GET {path}")).reply()

    assert (status, set(json.loads(body))) == (404, {"error"})


def test_the_mailbox_shows_letters(server: Server, client: Client) -> None:
    assert server.beside.mailbox is not None
    server.beside.mailbox.keep({"to": "alice", "from": "us", "subject": "Hallo", "text": "t", "html": ""})

    _, headers, body = client.send(request("GET /dev/mailbox.json")).reply()
    page = client.send(request("GET /dev/mailbox")).reply()

    assert [letter["subject"] for letter in json.loads(body)] == ["Hallo"]
    assert headers["content-type"].startswith("application/json")
    assert page[1]["content-type"].startswith("text/html")
    assert b"Hallo" in page[2]
