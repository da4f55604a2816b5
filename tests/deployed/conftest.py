"""The world that hostile requests are sent to, and the package that Lambda would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deployed import package as packages
from tests.hostile.conftest import aws, world

__all__ = ["aws", "world"]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, unpacked as in Lambda's /var/task. It is made once."""
    tree = tmp_path_factory.mktemp("package")
    packages.put_together(tree)
    return tree
