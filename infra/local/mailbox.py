"""The mailbox: keeps every letter that is handed to SES, instead of sending it.

It takes the place of SES, so it sees all that the application really sends. moto itself keeps only one of two bodies,
and wants senders to be verified first.
"""

import base64
import html
import json
import re
import threading
import uuid
from collections import deque
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

KEPT = 500
ADDRESS = re.compile(r"https?://[^\s<>&]+(?:&amp;[^\s<>&]+)*")
LINK = r'<a href="\g<0>">\g<0></a>'


class Mailbox:
    """Letters newest first, each `{to, from, subject, text, html, at}`. With a file they outlast the process."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._letters: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        if file is not None and file.exists():
            self._letters.extendleft(_readable(line) for line in file.read_text().splitlines() if _readable(line))

    def listen(self) -> None:
        """Take the place of both generations of SES."""
        from moto.core.responses import ActionResult
        from moto.ses.responses import EmailResponse
        from moto.sesv2.responses import SESV2Response

        def second_generation(response: Any) -> str:
            self.keep(_from_v2(json.loads(response.body)))
            return json.dumps({"MessageId": str(uuid.uuid4())})

        def first_generation(response: Any) -> Any:
            self.keep(_from_v1(response.params))
            return ActionResult({"MessageId": str(uuid.uuid4())})

        answering: tuple[Any, ...] = (SESV2Response, EmailResponse)
        self._instead_of = [(owner, owner.send_email) for owner in answering]
        setattr(SESV2Response, "send_email", second_generation)  # noqa: B010
        setattr(EmailResponse, "send_email", first_generation)  # noqa: B010

    def stop(self) -> None:
        for owner, original in self._instead_of:
            owner.send_email = original

    def keep(self, letter: dict[str, Any]) -> None:
        letter["at"] = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._lock:
            self._letters.appendleft(letter)
            if self.file is not None:
                with self.file.open("a") as file:
                    file.write(json.dumps(letter) + "\n")

    def letters(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._letters)

    def clear(self) -> None:
        with self._lock:
            self._letters.clear()

    def as_json(self) -> str:
        return json.dumps(self.letters(), ensure_ascii=False)

    def as_html(self) -> str:
        letters = "".join(_article(letter) for letter in self.letters()) or "<p>No letters yet.</p>"
        return PAGE.replace("LETTERS", letters)


def _from_v2(sent: dict[str, Any]) -> dict[str, Any]:
    content, destination = sent.get("Content", {}), sent.get("Destination", {})
    to = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in destination.get(kind, ())]
    if "Raw" in content:
        return _from_mime(base64.b64decode(content["Raw"]["Data"]), to, sent.get("FromEmailAddress"))
    simple = content.get("Simple", {})
    body = simple.get("Body", {})
    return {
        "to": ", ".join(to),
        "from": sent.get("FromEmailAddress", ""),
        "subject": simple.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""),
        "html": body.get("Html", {}).get("Data", ""),
    }


def _from_v1(sent: dict[str, Any]) -> dict[str, Any]:
    destination, message = sent.get("Destination", {}), sent.get("Message", {})
    body = message.get("Body", {})
    to = [address for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for address in destination.get(kind, ())]
    return {
        "to": ", ".join(to),
        "from": sent.get("Source", ""),
        "subject": message.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""),
        "html": body.get("Html", {}).get("Data", ""),
    }


def _from_mime(raw: bytes, to: list[str], sender: str | None) -> dict[str, Any]:
    message = message_from_bytes(raw, policy=policy.default)
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    return {
        "to": ", ".join(to) or str(message["To"] or ""),
        "from": sender or str(message["From"] or ""),
        "subject": str(message["Subject"] or ""),
        "text": bodies["plain"].get_content() if bodies["plain"] else "",
        "html": bodies["html"].get_content() if bodies["html"] else "",
    }


def _readable(line: str) -> Any:
    """The letter in a line. None: the process was killed while it wrote the line."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _article(letter: dict[str, Any]) -> str:
    shown = {key: html.escape(str(value)) for key, value in letter.items()}
    body = f"<pre>{ADDRESS.sub(LINK, shown['text'])}</pre>"
    if letter["html"]:
        body += f'<iframe sandbox="allow-popups" srcdoc="{shown["html"]}"></iframe>'
    return (
        f"<article><h2>{shown['subject']}</h2>"
        f"<p>{shown['from']} to {shown['to']}, <time>{shown['at']}</time></p>{body}</article>"
    )


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox</title>
<style>
  body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
  article { border-top: 1px solid #bbb; padding: 1rem 0; }
  :focus-visible { outline: 2px solid; outline-offset: 2px; }
  h2 { margin: 0; font-size: 1.1rem; } p { margin: 0; color: #555; }
  pre { white-space: pre-wrap; } iframe { width: 100%; height: 20rem; border: 1px solid #ddd; }
</style>
<h1>Mailbox</h1><p>Letters that would have been sent, newest first. Nothing leaves this machine.</p>
LETTERS
</html>
"""
