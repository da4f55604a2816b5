"""Documents of the instance as pages: what an administrator uploaded, as it is, or the built-in text.

An uploaded document may have scripts, forms and frames. The policy of the page lets none of them work: the document
stands at the address where people are signed in.
"""

from __future__ import annotations

import re

from ...domain.instance import documents
from ...domain.text.sanitise import clean
from ...pages import fragment
from ...web.edge import ON_EVERY_REPLY
from ...web.replies import Html

TEMPLATES = {"instance-panel": "instance/panel.html", documents.TERMS: "instance/terms.html",
             documents.PRIVACY: "instance/privacy.html"}
_MAIN_HEADING = re.compile(r"<h1\b[^>]*>.*?</h1>", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
POLICY = (ON_EVERY_REPLY["Content-Security-Policy"]
          + "form-action 'none';sandbox allow-popups allow-popups-to-escape-sandbox;")


def document(name: str) -> Html:
    """A document of the instance. Raises NotFound if there is none of this name."""
    uploaded = documents.find(name)
    reply = Html(_built_in(name) if uploaded is None else uploaded)
    reply.headers = {"Content-Security-Policy": POLICY}
    return reply


def dated(name: str) -> tuple[str, str]:
    """The day since which a document of the instance is as it is, and its HTML without what does no good there."""
    uploaded, day = documents.find_dated(name)
    return day, clean(_built_in(name) if uploaded is None else uploaded)


def within_a_page(name: str) -> str:
    """A document of the instance as safe HTML without its main heading, for a page that has one."""
    uploaded = documents.find(name)
    html = _MAIN_HEADING.sub("", _built_in(name) if uploaded is None else uploaded, count=1)
    return html if uploaded is None else clean(_HEADING.sub(_as_a_paragraph, html))


def _as_a_paragraph(heading: re.Match[str]) -> str:
    """Headings are not among what is kept of HTML. They stay words that stand out."""
    return "</strong></p>" if heading[1] else "<p><strong>"


def _built_in(name: str) -> str:
    return fragment(TEMPLATES[name])
