"""What people see where something went wrong. Nothing that was sent is repeated here."""

from __future__ import annotations

from ..domain.refusals import Vanished
from .notices import WayOn, notice
from .visits import Visit

NOTHING = "There is no page at this address, or it is not public."
TITLES = {400: "Something is missing", 401: "Please sign in", 403: "Not allowed", 404: "Nothing here", 410: "Gone",
          422: "Something is missing", 429: "Too many requests"}
TEXTS = {
    400: "What was sent is not whole, or has something in it that cannot be read.", 401: "This page is for members.",
    404: NOTHING, 405: "This address does not take what was sent.", 406: "There is no such form of this page.",
    413: "What was sent is too large.", 415: "Files of this kind are not taken.",
    422: "What was sent is not whole, or has something in it that cannot be taken.",
}
SAID = (403, 410)
"""The domain's own words are shown for these."""
ACCOUNT_DELETED = "This account has been deleted."
"""What is gone and says no more is an account."""
GENERAL = "This did not work"
FRONT = WayOn("/", "To the front page")

WENT_WRONG = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Something went wrong</title>
</head>
<body>
<main>
<h1>Something went wrong</h1>
<p>Please try again in a moment.</p>
<p>Request: {id}</p>
</main>
</body>
</html>
"""
"""Made without settings, database and templates, because any of these may be what went wrong."""


def fault(status: int, reason: str, *, path: str, seconds: int = 0) -> str:
    """The page of a refusal. `reason`: the domain's words. `path`: where signing in leads back to, if that may help.

    `seconds`: how long to wait after too many requests.
    """
    text = reason if status in SAID else TEXTS.get(status, "")
    if reason == Vanished.default:
        text = ACCOUNT_DELETED
    if status == 429:
        text = f"Please wait for {seconds} {'second' if seconds == 1 else 'seconds'}." if seconds else "Please wait."
    visit = Visit(path) if status in (401, 403, 404) else Visit()
    way = WayOn(visit.sign_in, "Sign in") if status in (401, 403) and visit.sign_in else FRONT
    return notice(TITLES.get(status, GENERAL), text, way, visit=visit)
