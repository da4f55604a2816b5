"""A function for each route, in folders by subject.

Which file has a route? Drop `/api`, `/v1`, `/v2`, `/pleroma` and what is in braces. Read the words that are left from
the last to the first: the first word that names a file has its code there. The file may have the word in another form:
`unfavourite` and `favourited_by` name `favourites.py`, `follow_import` names `imports.py`. Files in the folder that the
path's first word names, and in folders therein, come before all others; those in `admin/` are for no other paths, and
those in `members/` are for the paths below `/account` alone. If no word names a file, the code is in the file that is
called like its folder: `accounts/lookup` in `accounts/accounts.py`. Paths that are names alone (`/@{nickname}`) are in
`federation/users.py`.

`web/finding.py` follows the same rule, and a test asks it for every route.
"""

import importlib
import pkgutil

from .. import contents
from ..web import endpoint

ELSEWHERE = {
    "/": ("instance/front.py", "has no word"),
    "/api/pleroma/admin/users/invite_token": ("admin/invites.py", "makes one; users.py is about accounts"),
    "/api/pleroma/admin/instances/{instance}": ("admin/statuses.py", "beside the list of what is purged"),
    "/api/v1/announcements/{id}/reactions/{name}": ("instance/announcements.py", "reactions.py is about statuses"),
    "/api/v1/featured_tags/suggestions": ("tags/featured_tags.py", "suggests tags; suggestions.py is about accounts"),
    "/api/v1/instance/domain_blocks": ("instance/instance.py", "those of the server; domain_blocks.py has a person's"),
    "/api/v2/notifications/{group_key}/accounts": ("notifications/notifications.py", "beside the group they are of"),
    "/api/v1/upload": ("media/media.py", "an older name of /api/v1/media"),
    "/api/v1/pleroma/accounts/update_avatar": ("accounts/pictures.py", "the three pictures are set alike"),
    "/api/v1/pleroma/accounts/update_background": ("accounts/pictures.py", "the three pictures are set alike"),
    "/api/v1/pleroma/accounts/update_banner": ("accounts/pictures.py", "the three pictures are set alike"),
    "/api/v1/statuses/{id}/mute": ("statuses/thread_mutes.py", "mutes a thread; mutes.py is about accounts"),
    "/api/v1/statuses/{id}/unmute": ("statuses/thread_mutes.py", "as `mute`"),
    "/users/{nickname}/followers": ("federation/users.py", "a collection for other servers, as the outbox"),
    "/users/{nickname}/following": ("federation/users.py", "as `followers`"),
    "/api/v1/timelines/list/{list_id}": ("timelines/timelines.py", "a timeline like the others; lists.py makes lists"),
    "/api/v1/timelines/tag/{tag}": ("timelines/of_tags.py", "a timeline; tags.py has what is known of a tag"),
}
"""Where the rule would mislead: the path, its file, and the reason."""


def load(module: str = "") -> None:
    """Import a module of this package (`statuses.pins`), which declares its routes. None named: every module."""
    for name in [f"{__name__}.{module}"] if module else _names():
        importlib.import_module(name)


def modules() -> dict[str, dict[str, str]]:
    """For each path and method the module that `load` takes. Loads everything, unless this is a package."""
    packed = contents.packed()
    if packed is not None:
        return {path: dict(methods) for path, methods in packed.routes.items()}
    load()
    found: dict[str, dict[str, str]] = {}
    for declared in endpoint.DECLARED:
        for path, method in declared.routes:
            found.setdefault(path, {})[method] = declared.function.__module__.removeprefix(f"{__name__}.")
    return found


def _names() -> list[str]:
    return [module.name for module in pkgutil.walk_packages(__path__, f"{__name__}.")]
