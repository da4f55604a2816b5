"""Chromium without a window, driven through Debian's chromedriver by the protocol that both speak (W3C WebDriver).

The protocol is HTTP with JSON, so that no library is needed. Nothing is downloaded; no page but ours is opened.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

BROWSER = shutil.which("chromium") or "/usr/bin/chromium"
DRIVER = shutil.which("chromedriver") or "/usr/bin/chromedriver"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--force-prefers-reduced-motion"]  # a click would miss what still scrolls
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"
GONE = ("stale", "detached", "no such", "does not belong to the document")  # several layers say it, each its own way
PHONE, DESKTOP = (360, 740), (1280, 800)
LOADED_WITHIN = 20_000


def missing() -> str:
    """What must be installed before a browser can be driven. Empty when everything is there."""
    wanted = {"chromium": BROWSER, "chromium-driver": DRIVER}
    return " and ".join(package for package, program in wanted.items() if not Path(program).exists())


class Failed(Exception):
    """The browser could not do what was asked."""


class Chromium:
    """One browser with its own profile. It shows one page at a time."""

    def __init__(self, folder: Path) -> None:
        self.driver = subprocess.Popen([DRIVER, "--port=0", f"--log-path={folder / 'driver.log'}"], text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.session = ""
        self.http = requests.Session()
        self.http.trust_env = False
        try:
            self.address = f"http://127.0.0.1:{self._port()}"
            self.session = self._call("POST", "/session", capabilities={"alwaysMatch": {
                "goog:chromeOptions": {"binary": BROWSER, "args": [*FLAGS, f"--user-data-dir={folder / 'profile'}"]},
                "acceptInsecureCerts": True, "goog:loggingPrefs": {"browser": "ALL"},
                "timeouts": {"pageLoad": LOADED_WITHIN, "implicit": 2_000},
            }})["sessionId"]
        except BaseException:
            self.close()
            raise

    def _port(self) -> str:
        assert self.driver.stdout is not None
        for line in self.driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                return found[1]
        raise Failed("chromedriver does not start")

    def close(self) -> None:
        try:
            if self.session:
                self._call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            assert self.driver.stdout is not None
            self.driver.stdout.close()
            self.http.close()

    def _call(self, method: str, path: str, **sent: Any) -> Any:
        prefix = f"/session/{self.session}" if self.session else ""
        reply = self.http.request(method, self.address + prefix + path, timeout=60,
                                  json=sent if method == "POST" else None).json()["value"]
        if isinstance(reply, dict) and "error" in reply:
            raise Failed(f"{reply['error']}: {reply.get('message', '')}")
        return reply

    def _devtools(self, command: str, **parameters: Any) -> Any:
        return self._call("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    # What a person does.

    def resize(self, size: tuple[int, int]) -> None:
        width, height = size
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                       mobile=width < 600)

    def prefer(self, scheme: str) -> None:
        """Set the colour scheme that the system asks for: `light` or `dark`."""
        self.look(("prefers-color-scheme", scheme))

    def look(self, *features: tuple[str, str], medium: str = "") -> None:
        """Set what the stylesheet is asked by `@media`: these features with their values, and no others."""
        self._devtools("Emulation.setEmulatedMedia", media=medium,
                       features=[{"name": name, "value": value} for name, value in features])

    def forget_scripts(self) -> None:
        """Run no JavaScript on pages from now on."""
        self._devtools("Emulation.setScriptExecutionDisabled", value=True)

    def keep_downloads(self, folder: Path) -> None:
        """Save what is offered for download in this folder, without asking."""
        self._devtools("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def forget_cookies(self) -> None:
        self._call("DELETE", "/cookie")

    def keep_cookie(self, name: str, value: str) -> None:
        self._call("POST", "/cookie", cookie={"name": name, "value": value, "httpOnly": True, "sameSite": "Lax"})

    def open(self, url: str) -> None:
        self._call("POST", "/url", url=url)

    def type(self, selector: str, text: str) -> None:
        self._call("POST", f"/element/{self._find(selector)}/value", text=text)

    def tick(self, selector: str) -> None:
        """Click an element. Refused if it is hidden or covered."""
        self._call("POST", f"/element/{self._find(selector)}/click")

    def choose(self, found: dict[str, str]) -> None:
        """Click what a script has found."""
        self._call("POST", f"/element/{found[ELEMENT]}/click")

    def fill(self, found: dict[str, str], text: str) -> None:
        """Type in what a script has found."""
        self._call("POST", f"/element/{found[ELEMENT]}/value", text=text)

    def press(self, selector: str) -> None:
        """Click what leads to another page."""
        with self.leaving():
            self.tick(selector)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Expect that the block leads to another page, and wait for that page."""
        page = self._find("html")
        yield
        give_up = time.monotonic() + LOADED_WITHIN / 1000
        while self._is_there(page):
            if time.monotonic() > give_up:
                raise Failed(f"still at {self.url}")
            time.sleep(0.02)

    def _is_there(self, element: str) -> bool:
        try:
            self._call("GET", f"/element/{element}/name")
        except Failed as failed:
            if not any(word in str(failed) for word in GONE):
                raise
            return False
        return True

    def keys(self, *keys: str) -> None:
        """Press keys of the keyboard, wherever the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    # What a person sees.

    @property
    def url(self) -> str:
        return str(self._call("GET", "/url"))

    @property
    def title(self) -> str:
        return str(self._call("GET", "/title"))

    def text(self, selector: str = "body") -> str:
        return str(self._call("GET", f"/element/{self._find(selector)}/text"))

    def has(self, selector: str) -> bool:
        return bool(self.run("return document.querySelector(arguments[0]) !== null", selector))

    def cookies(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", "/cookie")
        return found

    def complaints(self) -> list[str]:
        """What the browser could not load, and what pages may not do, since it was last asked."""
        told = self._call("POST", "/se/log", type="browser")
        return [each["message"] for each in told if each["level"] == "SEVERE"]

    def run(self, script: str, *arguments: Any) -> Any:
        return self._call("POST", "/execute/sync", script=script, args=list(arguments))

    def comes_to(self, script: str) -> bool:
        """Whether a script answers yes, at the latest after two seconds: a busy browser is later than its keys."""
        give_up = time.monotonic() + 2
        while not (found := bool(self.run(script))) and time.monotonic() < give_up:
            time.sleep(0.02)
        return found

    def picture(self, file: Path) -> None:
        """A picture of the whole page, also of what is below the edge of the window. No test depends on it."""
        for _ in range(5):
            with suppress(Failed):  # a busy browser may have no place for a picture yet
                taken = self._devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True)
                file.write_bytes(base64.b64decode(taken["data"]))
                return
            time.sleep(0.2)

    def _find(self, selector: str) -> str:
        found = self._call("POST", "/element", using="css selector", value=selector)
        return str(found[ELEMENT])
