"""Endpoints: one file per noun of the path, a folder where a noun has many routes.

Drop `/api`, `/v1`, `/v2` and `/pleroma` from the path: the next word names the file. Paths that are only a verb:
`follow_import` is in `imports`; `custom_emojis` and `admin/reload_emoji` in `emoji`; `frontend_configurations` in
`instance`; `healthcheck` in `health`; `auth/sign_out` and `oauth_tokens` in `oauth`; `oauth/mfa` in `mfa`; `trends`,
`suggestions`, `endorsements`, `identity_proofs` (always empty) in `stubs`; `federation_status` and `host-meta` in
`webfinger`; `/` itself in `front`.
"""

import importlib
import pkgutil


def load() -> None:
    """Import every module below, so that what they declare is known."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
