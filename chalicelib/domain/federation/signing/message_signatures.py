"""Signatures by RFC 9421: the headers `Signature-Input` and `Signature`, read in the profile that servers use.

One signature, with `created` and `keyid`, by RSA with SHA-256. Parameters of components are not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from .signed_parts import BadSignature, Stated, check_digest, seconds_of_number

ALGORITHM = "rsa-v1_5-sha256"
LONGEST_HEADER = 8_192
MOST_COMPONENTS = 40
WHOLE = frozenset({"@target-uri"})
IN_PARTS = frozenset({"@authority", "@path", "@query"})
_LABEL = r"[a-z*][a-z0-9_.*-]*"
_INPUT = re.compile(rf'\s*({_LABEL})=(\(([^()]*)\)((?:;\s*[a-z*][a-z0-9_.*-]*(?:=(?:"[^"\\]*"|-?[\w.:/+*-]+))?)*))\s*',
                    re.ASCII)
_COMPONENT = re.compile(r'"([a-z0-9@!#$%&\'*+.^_`|~-]+)"')
_PARAMETER = re.compile(r';\s*([a-z*][a-z0-9_.*-]*)(?:=(?:"([^"\\]*)"|(-?[\w.:/+*-]+)))?', re.ASCII)
_SIGNATURE = re.compile(rf"\s*({_LABEL})=:([A-Za-z0-9+/=]*):\s*")
_DIGEST = re.compile(r"\s*([a-z0-9-]+)=:([A-Za-z0-9+/=]*):\s*")


@dataclass(frozen=True)
class _Request:
    """What the components are taken from. `base`: scheme and host of our public address."""

    method: str
    base: str
    host: str
    headers: Mapping[str, str | None]


def read(method: str, base: str, headers: Mapping[str, str], body: bytes) -> Stated:
    """What is stated. Raises BadSignature. `headers`: by lower-case name. `base`: our public address."""
    label, covered, names, parameters = _input(headers["signature-input"])
    _check_parameters(parameters)
    _check_covered(method, names)
    if method.upper() == "POST":
        check_digest(body, _digests(headers.get("content-digest", "")))
    host = base.partition("://")[2]
    request = _Request(method.upper(), base, host, {**headers, "host": host, "content-length": str(len(body))})
    for name in names:
        _component(name, request, "/")
    expires = parameters.get("expires")
    return Stated(parameters["keyid"], _signature(headers.get("signature", ""), label),
                  (seconds_of_number(parameters["created"]),),
                  seconds_of_number(expires) if expires is not None else None,
                  partial(_text, names, request, covered))


def _input(header: str) -> tuple[str, str, tuple[str, ...], dict[str, str]]:
    """Label, the covered components with all parameters as they were sent, their names, the parameters."""
    match = _INPUT.fullmatch(header) if len(header) <= LONGEST_HEADER else None
    if match is None:
        raise BadSignature("malformed Signature-Input, or more than one signature")
    label, covered, components, rest = match.groups()
    names = tuple(_COMPONENT.findall(components))
    if " ".join(f'"{name}"' for name in names) != " ".join(components.split()):
        raise BadSignature("components with parameters are not taken")
    if len(set(names)) != len(names) or len(names) > MOST_COMPONENTS:
        raise BadSignature("a component is there twice")
    parameters: dict[str, str] = {}
    for name, text, token in _PARAMETER.findall(rest):
        if name in parameters:
            raise BadSignature(f"{name} is there twice"[:100])
        parameters[name] = text or token
    return label, covered.strip(), names, parameters


def _check_parameters(parameters: Mapping[str, str]) -> None:
    for name in ("created", "keyid"):
        if not parameters.get(name):
            raise BadSignature(f"no {name}")
    if parameters.get("alg", ALGORITHM) != ALGORITHM:
        raise BadSignature("unknown algorithm")


def _check_covered(method: str, names: tuple[str, ...]) -> None:
    there = set(names)
    missing = [] if "@method" in there else ["@method"]
    if not (there >= WHOLE or there >= IN_PARTS):
        missing.append("@target-uri")
    if method.upper() == "POST" and "content-digest" not in there:
        missing.append("content-digest")
    if missing:
        raise BadSignature(f"not signed: {', '.join(missing)}")


def _signature(header: str, label: str) -> str:
    match = _SIGNATURE.fullmatch(header) if len(header) <= LONGEST_HEADER else None
    if match is None or match[1] != label:
        raise BadSignature("no signature of that label, or more than one")
    return match[2]


def _digests(header: str) -> list[str]:
    entries = (_DIGEST.fullmatch(entry) for entry in header.split(","))
    return [entry[2] for entry in entries if entry is not None and entry[1] == "sha-256"]


_DERIVED: Mapping[str, Callable[[_Request, str], str]] = {
    "@method": lambda request, _: request.method,
    "@target-uri": lambda request, target: request.base + target,
    "@authority": lambda request, _: request.host.lower(),
    "@scheme": lambda request, _: request.base.partition(":")[0],
    "@request-target": lambda _, target: target,
    "@path": lambda _, target: target.partition("?")[0],
    "@query": lambda _, target: "?" + target.partition("?")[2],
}


def _component(name: str, request: _Request, target: str) -> str:
    derive = _DERIVED.get(name)
    if derive is not None:
        return derive(request, target)
    value = None if name.startswith("@") else request.headers.get(name)
    if value is None:
        raise BadSignature(f"{name} is signed and not there"[:200])
    return " ".join(line.strip() for line in value.strip().splitlines())


def _text(names: tuple[str, ...], request: _Request, covered: str, target: str) -> str:
    lines = [f'"{name}": {_component(name, request, target)}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {covered}'])
