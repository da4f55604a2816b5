"""Chalice's own commands on this project: all but `deploy` are welcome."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.deploy.package import CHECKOUT

ACCOUNT = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls the AWS of the other tests."""


def chalice(*words: str, account: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **account}
    return subprocess.run([Path(sys.executable).with_name("chalice"), *words], cwd=CHECKOUT, env=environ,
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("words", [("deploy",), ("deploy", "--stage", "prod"), ("--debug", "deploy", "--stage", "new")])
@pytest.mark.parametrize("account", [ACCOUNT, {}])
def test_chalice_deploy_is_refused_with_one_sentence(words: tuple[str, ...], account: dict[str, str]) -> None:
    done = chalice(*words, account=account)

    assert done.returncode == 1
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if "DEBUG" not in line]
    assert len(said) == 1
    assert "use `make deploy`" in said[0]


def test_commands_that_only_look_still_work() -> None:
    done = chalice("dev", "appgraph", account=ACCOUNT)

    assert done.returncode == 0, done.stderr
    assert "DeploymentPackage" in done.stdout
