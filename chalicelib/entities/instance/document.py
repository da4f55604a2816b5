"""Documents of the instance: where one is shown, and what clients show of them themselves."""

from __future__ import annotations

from typing import TypedDict


class DocumentUrl(TypedDict):
    url: str


class ExtendedDescription(TypedDict):
    """`content` is HTML. `updated_at` is a day."""

    updated_at: str
    content: str


class PrivacyPolicy(TypedDict):
    """`content` is HTML. `updated_at` is a day."""

    updated_at: str
    content: str


class TermsOfService(TypedDict):
    """Terms that hold since a day. Nothing is kept of earlier ones, and later ones are not announced."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None


def render_document_url(url: str) -> DocumentUrl:
    return {"url": url}


def render_extended_description(day: str, html: str) -> ExtendedDescription:
    return {"updated_at": day, "content": html}


def render_privacy_policy(day: str, html: str) -> PrivacyPolicy:
    return {"updated_at": day, "content": html}


def render_terms_of_service(day: str, html: str) -> TermsOfService:
    return {"effective_date": day, "effective": True, "content": html, "succeeded_by": None}
