"""The link to what a status quotes, for clients and servers that know no quotes."""

from __future__ import annotations

from html import escape

from ...store.statuses.statuses import Status


def content_of(status: Status) -> str:
    """The HTML of a status. That of a quote begins with a link, unless the text has it. Clients hide the link."""
    content = status.content
    html: str = content.get("html", "")
    uri = content.get("quote_uri")
    if not uri or status.host is not None:
        return html
    page = content.get("quote_page", uri)
    address = escape(page)
    if address in html or escape(uri) in html:
        return html
    return f'<p class="quote-inline">RE: <a href="{address}" rel="nofollow noopener">{address}</a></p>{html}'
