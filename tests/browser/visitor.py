"""Somebody who signs in with a browser, and the app that they want to use."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import requests

from infra.local.seed import PASSWORD
from tests.browser.chromium import Chromium
from tests.endpoints.signing_in.mfa_steps import SETTINGS, code_of
from tests.running.stage import OUT_OF_BAND, Stage, until

RULES = "Be kind.\nNo <script>document.title = 'injected'</script> in the house.\n" + "Mind the moths. " * 12
SCOPES = "read write follow push"


class Visitor:
    def __init__(self, browser: Chromium, stage: Stage, callback: str) -> None:
        self.browser, self.stage, self.callback = browser, stage, callback
        self.http = requests.Session()

    @cached_property
    def app(self) -> dict[str, str]:
        return self.register("A friendly client")

    def register(self, name: str, scopes: str = SCOPES) -> dict[str, str]:
        sent = {"client_name": name, "redirect_uris": f"{OUT_OF_BAND} {self.callback}", "scopes": scopes}
        app: dict[str, str] = self._post("/api/v1/apps", **sent).json()
        return app

    def becomes(self, nickname: str) -> str:
        """Make a new account. Answers the access token."""
        app = self._post("/oauth/token", grant_type="client_credentials", **self.credentials).json()["access_token"]
        reply = self._post("/api/v1/accounts", app, username=nickname, password=PASSWORD, agreement="true",
                           email=f"{nickname}@localhost.localdomain")
        return str(reply.json()["access_token"])

    def guards(self, token: str) -> tuple[str, list[str]]:
        """Switch on the second factor. Answers the key of the authenticator and the recovery codes."""
        codes = self._get(f"{SETTINGS}/backup_codes", token)["codes"]
        key = self._get(f"{SETTINGS}/setup/totp", token)["key"]
        done = self._post(f"{SETTINGS}/confirm/totp", token, password=PASSWORD, code=code_of(key))
        assert done.status_code == 200, done.text
        return key, codes

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": self.app["client_id"], "client_secret": self.app["client_secret"]}

    def page(self, path: str = "/oauth/authorize", **more: str) -> str:
        wanted = {"response_type": "code", "client_id": self.app["client_id"], "redirect_uri": self.callback,
                  "scope": SCOPES} | more
        return f"{self.stage.url}{path}?{urlencode(wanted)}"

    def signs_in(self, name: str, password: str = PASSWORD) -> None:
        """Fill in the page that is open, and press the button."""
        self.browser.type("#name", name)
        self.browser.type("#password", password)
        self.browser.press("button")

    def exchange(self, code: str) -> requests.Response:
        return self._post("/oauth/token", grant_type="authorization_code", code=code, **self.credentials)

    def nickname(self, token: str) -> str:
        return str(self._get("/api/v1/accounts/verify_credentials", token).get("acct"))

    def keeps_session_of(self, reply: requests.Response) -> None:
        """Give the browser the cookies of this reply, as if it had got the reply itself."""
        name, _, value = reply.headers["set-cookie"].partition(";")[0].partition("=")
        self.browser.keep_cookie(name, value)

    def forgot_password(self, nickname: str) -> str:
        """The link that came by mail."""
        self._post("/auth/password", nickname=nickname)
        return str(until(lambda: next(iter(self._links(nickname)), None)))

    def _links(self, nickname: str) -> list[str]:
        letters = self.http.get(self.stage.url + "/dev/mailbox.json", timeout=30).json()
        words = [word for letter in letters if nickname in letter["to"] for word in letter["text"].split()]
        return [word for word in words if "/password_reset/" in word]

    def _get(self, path: str, token: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(
            self.stage.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
        return found

    def _post(self, path: str, token: str = "", **fields: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        self.http.cookies.clear()
        return self.http.post(self.stage.url + path, data=fields, headers=headers, timeout=30)
