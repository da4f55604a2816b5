"""The metadata of RFC 8414: what an app needs to know to sign people in."""

from __future__ import annotations

from typing import TypedDict

from ...domain.signing_in import pkce, scopes
from ...settings import settings


class AuthorizationServer(TypedDict):
    """Where each thing of OAuth is, and which ways are known."""

    issuer: str
    service_documentation: str
    authorization_endpoint: str
    token_endpoint: str
    app_registration_endpoint: str
    revocation_endpoint: str
    userinfo_endpoint: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    code_challenge_methods_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]


def render_authorization_server() -> AuthorizationServer:
    base = settings.base_url
    return {
        "issuer": issuer(),
        "service_documentation": f"{base}/api/openapi",
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "app_registration_endpoint": f"{base}/api/v1/apps",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "scopes_supported": list(scopes.KNOWN),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": [pkce.METHOD],
        "grant_types_supported": ["authorization_code", "client_credentials", "password", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def issuer() -> str:
    return f"{settings.base_url}/"
