"""The keys of a stage in the parameter store of SSM: made if they are missing, never shown, never replaced.

`python -m infra.deploy.secrets prod` makes them beforehand. `make deploy` does it by itself.
"""

from __future__ import annotations

import base64
import secrets
import sys
import time
from typing import Any

from infra import vapid

ENCRYPTING = {
    "encryption_key": "Encrypts secrets of MFA and push, and keys of accounts. They are lost with it: keep a copy",
    "fetching_key": "Encrypts the key that the server itself signs with",
}
PUBLIC = "vapid_public_key"  # not secret, and kept beside its private half


def ensure(ssm: Any, path: str) -> str:
    """Make the keys that are missing below `path`. Answers the public key for push."""
    wanted = [path + name for name in ("secret_key", *ENCRYPTING, "vapid_private_key", PUBLIC)]
    there = {each["Name"].removeprefix(path): each["Value"]
             for each in ssm.get_parameters(Names=wanted, WithDecryption=False)["Parameters"]}
    if "secret_key" not in there:
        _put(ssm, path + "secret_key", secrets.token_urlsafe(48), "Signs session cookies and seals captchas")
    for name in ENCRYPTING.keys() - there:
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        _put(ssm, path + name, f"{time.gmtime().tm_year}:{key}", ENCRYPTING[name])
    if PUBLIC not in there or "vapid_private_key" not in there:
        if PUBLIC in there or "vapid_private_key" in there:
            raise SystemExit(f"Half of the pair for push is missing below {path}: put it back, or delete the other")
        there[PUBLIC], private = vapid.make()
        _put(ssm, path + "vapid_private_key", private, "Signs what is pushed")
        ssm.put_parameter(Name=path + PUBLIC, Value=there[PUBLIC], Type="String", Description="Of push: not secret")
    return str(there[PUBLIC])


def _put(ssm: Any, name: str, value: str, about: str) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="SecureString", Description=about)
    print(f"Made {name}")


if __name__ == "__main__":
    import boto3

    ensure(boto3.client("ssm"), f"/kenoma/{sys.argv[1]}/")
