"""What was done on this server in a week. All of it is text, as clients expect it."""

from __future__ import annotations

from typing import TypedDict

from ...domain.instance.about import Week


class WeekOfActivity(TypedDict):
    """`week`: when it began, in seconds since 1970."""

    week: str
    statuses: str
    logins: str
    registrations: str


def render_activity(week: Week) -> WeekOfActivity:
    return {"week": str(week.begins), "statuses": str(week.statuses), "logins": str(week.sign_ins),
            "registrations": str(week.registrations)}
