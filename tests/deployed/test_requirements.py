"""`requirements.lock`: everything that the requirements bring along, with its hashes (`make lock`)."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.deploy.artifact import CHECKOUT
from tests.deployed import package

ENTRY = re.compile(r"^([\w.\[\]-]+)==([^ ;]+)([^\n]*)\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)*)", re.MULTILINE)


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes by name."""
    text = (CHECKOUT / "requirements.lock").read_text()
    return {canonicalize_name(name): (version, hashes.count("--hash="))
            for name, version, _, hashes in ENTRY.findall(text)}


def test_a_requirement_is_locked_in_its_version() -> None:
    lines = (CHECKOUT / "requirements.txt").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    found = locked()

    assert {each.name: str(each.specifier) for each in wanted} == {
        each.name: f"=={found[canonicalize_name(each.name)][0]}" for each in wanted}


def test_nothing_is_locked_that_no_requirement_needs_and_nothing_is_missing() -> None:
    needed = {canonicalize_name(each.name) for each in package.required()}

    assert needed == locked().keys()


def test_everything_in_the_lock_has_hashes() -> None:
    text = (CHECKOUT / "requirements.lock").read_text()

    assert [name for name, (_, hashes) in locked().items() if hashes == 0] == []
    assert len(re.findall(r"^[^ #\n]", text, re.MULTILINE)) == len(locked()), "a line that is no pinned version"


def test_what_is_tested_is_what_is_locked() -> None:
    found = locked()
    installed = {canonicalize_name(each.name): each.version for each in package.required()}

    assert installed == {name: found[name][0] for name in installed}
