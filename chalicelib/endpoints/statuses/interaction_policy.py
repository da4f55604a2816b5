"""What others may do with a status: who may quote it."""

from __future__ import annotations

from typing import Annotated, Literal

from ... import entities
from ...domain.quotes import answers
from ...domain.statuses import reading
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import STATUSES_ACTIONS
from ...web.params import FlakeId


@endpoint("PUT", "/api/v1/statuses/{id}/interaction_policy", auth=signed_in("write:statuses"),
          limits=(STATUSES_ACTIONS,), ahead=reading.ahead)
def set_policy(viewer: Viewer, id: FlakeId,
               quote_approval_policy: Annotated[Literal["public", "followers", "nobody"], "Who may quote it."],
               ) -> entities.Status:
    """Say who may quote a status of one's own from now on."""
    status, around = answers.set_policy(id, quote_approval_policy, viewer)
    return render_status(status, viewer, around)
