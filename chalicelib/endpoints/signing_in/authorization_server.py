"""What this server is as an authorization server, for clients that find their way by RFC 8414."""

from __future__ import annotations

from ... import entities
from ...entities.signing_in.authorization_server import render_authorization_server
from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/.well-known/oauth-authorization-server", auth=public())
def show() -> entities.AuthorizationServer:
    """Where apps register, ask for codes and get tokens, and in which ways."""
    return render_authorization_server()
