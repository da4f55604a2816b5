"""`make rotate-key STAGE=prod NAME=alice`: give an account another key, after the old one became known to somebody.

Without a name the server's own account gets one. All servers are told, signed with the old key, which they know. It is
destroyed four days later. The environment is that of `make admin`: whoever may write the tables may do this.
"""

from __future__ import annotations

import argparse
import os

from infra.admin import environment_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.rotate_key", description="Give an account another key.")
    parser.add_argument("--stage", default="local")
    parser.add_argument("--name", default="", help="nickname; without one it is the server's own account")
    options = parser.parse_args()
    with environment_of(options.stage):
        from chalicelib.settings import settings

        settings.load(os.environ)
        print(rotate(options.name))


def rotate(name: str) -> str:
    """Rotate the key. Answers what an operator reads."""
    from chalicelib.domain import vault
    from chalicelib.domain.federation import keys, server_actor
    from chalicelib.store.accounts import accounts

    account = accounts.find_by_nickname(name) if name else server_actor.account()
    if account is None or account.host is not None or account.deleted:
        raise SystemExit(f"No account of this server is called {name}")
    try:
        pair = keys.rotate(account)
    except vault.NoKey:
        raise SystemExit("KENOMA_ENCRYPTION_KEY is not set, so there are no keys") from None
    return f"{pair.id} is another key now. Other servers are being told"


if __name__ == "__main__":
    main()
