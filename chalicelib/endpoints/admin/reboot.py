"""Whether a restart is needed, for clients of administrators that ask after each change of the config."""

from __future__ import annotations

from ... import entities
from ...entities.instance.config import render_need_reboot
from ...web.auth import admin
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/admin/need_reboot", auth=admin("admin:read"))
def need_reboot() -> entities.NeedReboot:
    """Whether changes wait for a restart. They never do."""
    return render_need_reboot()
