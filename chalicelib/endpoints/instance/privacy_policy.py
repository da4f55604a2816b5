"""What the server keeps of people, and who sees it: for clients that show it themselves, and as a page."""

from __future__ import annotations

from ... import entities
from ...domain.instance.documents import PRIVACY
from ...entities.instance.document import render_privacy_policy
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Html
from . import documents


@endpoint("GET", "/api/v1/instance/privacy_policy", auth=public())
def show() -> entities.PrivacyPolicy:
    """What the server keeps of people, and who sees it."""
    return render_privacy_policy(*documents.dated(PRIVACY))


@endpoint("GET", "/static/privacy-policy.html", auth=public(), head=True, shared=60)
def page() -> Html:
    """The same as HTML."""
    return documents.document(PRIVACY)
