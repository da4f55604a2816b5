"""Signatures by the drafts 8 to 12 of Cavage: the header `Signature`, and the text that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from .signed_parts import BadSignature, Stated, check_digest, seconds_of_date, seconds_of_number

ALGORITHMS = frozenset({"", "rsa-sha256", "hs2019"})
"""All of them mean RSA with SHA-256, since the keys are RSA keys. The header never selects another way."""
TIMES_NEED_ANOTHER = ("rsa", "hmac", "ecdsa")
"""Draft 12: an algorithm that begins so goes without `(created)` and `(expires)`."""
_PARAMETER = re.compile(r'\s*([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(\d+(?:\.\d+)?))\s*(,|$)', re.ASCII)


def read(header: str, method: str, host: str, headers: Mapping[str, str], body: bytes) -> Stated:
    """What is stated. Raises BadSignature. `headers`: by lower-case name."""
    parameters = _parameters(header)
    for name in ("keyid", "signature"):
        if not parameters.get(name):
            raise BadSignature(f"no {'keyId' if name == 'keyid' else name}")
    algorithm = parameters.get("algorithm", "").lower()
    if algorithm not in ALGORITHMS:
        raise BadSignature("unknown algorithm")
    names = _signed_names(parameters, algorithm)
    _check_signed(method, names)
    if {"(created)", "(expires)"} & set(names) and algorithm.startswith(TIMES_NEED_ANOTHER):
        raise BadSignature("(created) and (expires) need the algorithm hs2019")
    if method.upper() == "POST":
        check_digest(body, _digests(headers.get("digest", "")))
    given = {**headers, "host": host, "content-length": str(len(body)),
             "(created)": parameters.get("created"), "(expires)": parameters.get("expires")}
    values = {name: given.get(name) for name in names if name != "(request-target)"}
    for name, value in values.items():
        if value is None:
            raise BadSignature(f"{name} is signed and not there"[:200])
    expires = parameters.get("expires")
    return Stated(parameters["keyid"], parameters["signature"], _times(names, values),
                  seconds_of_number(expires) if expires is not None else None,
                  partial(_text, method.lower(), names, values))


def _parameters(header: str) -> dict[str, str]:
    """The parameters by lower-case name. Raises BadSignature if one is there twice, or for another grammar."""
    found: dict[str, str] = {}
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if match is None:
            raise BadSignature("malformed header Signature")
        name, quoted, number, comma = match.groups()
        if name.lower() in found:
            raise BadSignature(f"{name} is there twice"[:100])
        found[name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if number is None else number
        position = match.end()
        if comma and position == len(header):
            raise BadSignature("malformed header Signature")
    return found


def _signed_names(parameters: Mapping[str, str], algorithm: str) -> tuple[str, ...]:
    default = "(created)" if "created" in parameters and algorithm == "hs2019" else "date"
    return tuple(parameters.get("headers", default).lower().split())


def _check_signed(method: str, names: tuple[str, ...]) -> None:
    wanted = ["(request-target)", "host", *(["digest"] if method.upper() == "POST" else [])]
    missing = [name for name in wanted if name not in names]
    if not {"date", "(created)"} & set(names):
        missing.append("date")
    if missing:
        raise BadSignature(f"not signed: {', '.join(missing)}")


def _digests(header: str) -> list[str]:
    """The SHA-256 digests of a header Digest, in base64."""
    entries = (entry.strip().partition("=") for entry in header.split(","))
    return [value for name, _, value in entries if name.strip().lower() == "sha-256"]


def _times(names: tuple[str, ...], values: Mapping[str, str | None]) -> tuple[float, ...]:
    """When it says that it was made. Only what is signed counts."""
    found = []
    if "date" in names:
        found.append(seconds_of_date(values["date"] or ""))
    if "(created)" in names:
        found.append(seconds_of_number(values["(created)"] or ""))
    return tuple(found)


def _text(method: str, names: tuple[str, ...], values: Mapping[str, str | None], target: str) -> str:
    return "\n".join(f"{name}: {method} {target}" if name == "(request-target)"
                     else f"{name}: {(values[name] or '').strip()}" for name in names)
