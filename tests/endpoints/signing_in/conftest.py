"""An app, and what it asks for tokens with."""

from __future__ import annotations

import pytest

from chalicelib.domain.signing_in import oauth
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps
from tests.cast import PASSWORD


@pytest.fixture
def app(cast):
    """An app registered with the scopes `read write`."""
    made = cast.app
    update(apps.App.stub(made.client_id), [apps.App.scopes.set("read write")])
    return made


@pytest.fixture
def ask(anonymous, app):
    """POST /oauth/token as the app; further parameters by name."""

    def ask(grant_type, **more):
        credentials = {"client_id": app.client_id, "client_secret": app.secret}
        return anonymous.post("/oauth/token", form={"grant_type": grant_type, **credentials, **more})

    return ask


@pytest.fixture
def code(alice, app):
    """An authorization code that alice gave the app."""
    wanted = oauth.Authorization(app.client_id, "urn:ietf:wg:oauth:2.0:oob")
    return oauth.authorize(wanted, None, "alice", PASSWORD)
