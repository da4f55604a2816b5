"""The documents of the instance, for administrators: its panel, its terms of service, its privacy policy."""

from __future__ import annotations

from ... import entities
from ...domain.instance import documents
from ...entities.instance.document import render_document_url
from ...web.auth import admin
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.replies import Html
from ..instance import documents as pages
from ..media.media import bytes_of


@endpoint("GET", "/api/pleroma/admin/instance_document/{name}", auth=admin("admin:read"), refuses=(404,))
def show(name: str) -> Html:
    """A document as it is shown now: `instance-panel`, `terms-of-service` or `privacy-policy`."""
    return pages.document(name)


@endpoint("PATCH", "/api/pleroma/admin/instance_document/{name}", auth=admin("admin:write"), refuses=(404,))
def replace(name: str, file: str | SentFile) -> entities.DocumentUrl:
    """Replace a document by an HTML file. Answers the address at which everybody sees it."""
    return render_document_url(documents.replace(name, bytes_of(file)))


@endpoint("DELETE", "/api/pleroma/admin/instance_document/{name}", auth=admin("admin:write"), refuses=(404,))
def restore(name: str) -> entities.DocumentUrl:
    """Go back to the built-in document. 404 if nothing was uploaded."""
    return render_document_url(documents.restore(name))
