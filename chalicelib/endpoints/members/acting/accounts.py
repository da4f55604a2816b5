"""The buttons beside an account."""

from __future__ import annotations

from ....domain.relationships import blocks, follow_requests, following, mutes, subscriptions
from ....domain.staff import reports
from ....domain.staff.reports import Told
from ....domain.viewer import Viewer
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.forms import FormReply
from ....web.limits import RELATION_ID_ACTION, RELATIONS_ACTIONS, REPORTS
from ....web.params import FlakeId, Flat
from ....web.replies import Html
from ....web.request import Request
from . import Act, Pressed, Pressing, answer

ON_FOLLOWS = (RELATIONS_ACTIONS, RELATION_ID_ACTION.per("follow", "id"))


def _follow(id: str, by: Viewer, _: Pressed) -> str:
    return "account_ask" if following.follow(id, by=by).relation.requested else "account_follow"


def _unfollow(id: str, by: Viewer, _: Pressed) -> str:
    following.unfollow(id, by=by)
    return "account_unfollow"


def _subscribe(id: str, by: Viewer, _: Pressed) -> str:
    subscriptions.add(id, by)
    return "account_subscribe"


def _unsubscribe(id: str, by: Viewer, _: Pressed) -> str:
    subscriptions.remove(id, by)
    return "account_unsubscribe"


def _block(id: str, by: Viewer, _: Pressed) -> str:
    blocks.add(id, by)
    return "account_block"


def _unblock(id: str, by: Viewer, _: Pressed) -> str:
    blocks.remove(id, by)
    return "account_unblock"


def _mute(id: str, by: Viewer, _: Pressed) -> str:
    mutes.add(id, by)
    return "account_mute"


def _unmute(id: str, by: Viewer, _: Pressed) -> str:
    mutes.remove(id, by)
    return "account_unmute"


def _report(id: str, by: Viewer, form: Pressed) -> str:
    reports.file(id, by, Told(form.comment or "", status_ids=[form.status] if form.status else ()))
    return "account_report"


def _authorize(id: str, by: Viewer, _: Pressed) -> str:
    follow_requests.authorize(id, by)
    return "account_authorize"


def _reject(id: str, by: Viewer, _: Pressed) -> str:
    follow_requests.reject(id, by)
    return "account_reject"


ACTS = {
    "follow": Act(_follow, ON_FOLLOWS),
    "unfollow": Act(_unfollow, ON_FOLLOWS),
    "subscribe": Act(_subscribe),
    "unsubscribe": Act(_unsubscribe),
    "block": Act(_block, asks=True),
    "unblock": Act(_unblock),
    "mute": Act(_mute),
    "unmute": Act(_unmute),
    "report": Act(_report, (REPORTS,), asks=True, blames="comment"),
    "authorize": Act(_authorize),
    "reject": Act(_reject),
}


@endpoint("POST", "/account/accounts/{id}/{act}", auth=session_of("write"), ahead=following.ahead)
def press_beside_account(request: Request, viewer: Viewer, id: FlakeId, act: str,
                         form: Flat[Pressed]) -> FormReply | Html:
    """Press a button beside an account: follow, subscribe, block, mute, report; answer a request to follow."""
    return answer(Pressing(request, viewer, "account", id, act, form, f"/users/{id}"), ACTS)
