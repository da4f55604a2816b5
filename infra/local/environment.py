"""The environment of the local stage. It must be set before the application is imported.

What the caller has set stays, except what would lead to a real AWS account.
"""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from infra import vapid

CHECKOUT = Path(__file__).resolve().parents[2]

DEFAULTS = {
    "KENOMA_STAGE": "local",
    "KENOMA_LOG_LEVEL": "WARNING",
    "KENOMA_METRICS": "off",
    "KENOMA_RATE_LIMITS": "off",
    "KENOMA_CAPTCHA": "none",
    "KENOMA_UPLOAD_LIMIT": "16000000",
}
AWS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "local",  # DynamoDB Local takes letters and digits only
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def data_folder() -> Path:
    """The folder where everything is stored: KENOMA_DATA_DIR, else `.kenoma` of the checkout."""
    folder = Path(os.environ.get("KENOMA_DATA_DIR") or CHECKOUT / ".kenoma").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare(data: Path, base_url: str, *, capacity: bool) -> None:
    """Set what is not set yet. `capacity`: whether the engine reports read and write units."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS)
    own = {
        "KENOMA_BASE_URL": base_url,
        "KENOMA_SECRET_KEY": _kept(data / "secret_key", lambda: secrets.token_urlsafe(48)),
        "KENOMA_ENCRYPTION_KEY": _kept(data / "encryption_key", _encryption_key),
        "KENOMA_FETCHING_KEY": _kept(data / "fetching_key", _encryption_key),
        "KENOMA_FIGURES": "capacity" if capacity else "calls",
    }
    if "KENOMA_VAPID_PUBLIC_KEY" not in os.environ:
        pair = _kept(data / "vapid_keys", lambda: " ".join(vapid.make())).split()
        own["KENOMA_VAPID_PUBLIC_KEY"], own["KENOMA_VAPID_PRIVATE_KEY"] = pair
    for name, value in (DEFAULTS | own).items():
        os.environ.setdefault(name, value)


def _kept(file: Path, make: Callable[[], str]) -> str:
    """A random key, the same at each start: so sessions and encrypted texts work after a restart."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(make())
    return file.read_text()


def _encryption_key() -> str:
    return "local:" + base64.b64encode(secrets.token_bytes(32)).decode()
