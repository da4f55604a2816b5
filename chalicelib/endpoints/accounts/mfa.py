"""The viewer's second factor. Signing in with it is in `endpoints/signing_in/mfa.py`."""

from __future__ import annotations

from ... import entities
from ...domain.signing_in import mfa
from ...domain.viewer import Viewer
from ...entities.signing_in.mfa import render_mfa
from ...web import limits
from ...web.auth import refuse_forged, signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION
from ...web.params import Loose
from ...web.replies import Reply, unkept
from ...web.request import Request


@endpoint("GET", "/api/pleroma/accounts/mfa", auth=signed_in("read:security"), ahead=mfa.ahead)
def show(viewer: Viewer) -> entities.Mfa:
    """Whether a second factor is on."""
    return render_mfa(mfa.is_on(viewer))


@endpoint("GET", "/api/pleroma/accounts/mfa/setup/{method}", auth=signed_in("write:security"), ahead=mfa.ahead)
def set_up(request: Request, viewer: Viewer, method: str) -> Reply[entities.MfaSetUp]:
    """A new secret for an authenticator app (`totp`). Nothing is switched on before it is confirmed."""
    refuse_forged(request)
    made = mfa.set_up(viewer, method)
    return unkept(Reply({"key": made.key, "provisioning_uri": made.provisioning_uri}))


@endpoint("POST", "/api/pleroma/accounts/mfa/confirm/{method}", auth=signed_in("write:security"), ahead=mfa.ahead)
def confirm(request: Request, viewer: Viewer, method: str, password: Loose[str],
            code: Loose[str]) -> entities.Nothing:
    """Switch the second factor on, with the password and a code that the authenticator app shows."""
    with limits.counting_failures(AUTHENTICATION, request.ip, viewer.id):
        mfa.confirm(viewer, method, password, code)
    return {}


@endpoint("DELETE", "/api/pleroma/accounts/mfa/{method}", auth=signed_in("write:security"), ahead=mfa.ahead)
def disable(request: Request, viewer: Viewer, method: str, password: Loose[str]) -> entities.Nothing:
    """Switch the second factor off: `totp`, or `mfa` for whatever there is."""
    with limits.counting_failures(AUTHENTICATION, request.ip, viewer.id):
        mfa.disable(viewer, method, password)
    return {}


@endpoint("GET", "/api/pleroma/accounts/mfa/backup_codes", auth=signed_in("write:security"))
def backup_codes(request: Request, viewer: Viewer) -> Reply[entities.BackupCodes]:
    """New backup codes, in the place of all earlier ones. They are shown this once."""
    refuse_forged(request)
    return unkept(Reply({"codes": mfa.new_backup_codes(viewer)}))


@endpoint("DELETE", "/api/pleroma/accounts/mfa/backup_codes", auth=signed_in("write:security"))
def disable_backup_codes(viewer: Viewer) -> entities.Nothing:
    """Backup codes are no method that could be switched off: always an error."""
    mfa.disable(viewer, "backup_codes", None)
    return {}
