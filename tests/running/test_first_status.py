"""The first status: the commands that newcomers paste from the README do what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest

from tests.running.stage import CHECKOUT, Stage


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_of_the_readme_post_a_status_and_run_a_job(start: Callable[[], Stage]) -> None:
    pasted = re.search(r"```sh\n(.+?)```", (CHECKOUT / "README.md").read_text(), re.DOTALL)
    assert pasted is not None
    commands = pasted[1].replace("http://127.0.0.1:8000", start().url)

    done = subprocess.run(["bash", "-c", commands], capture_output=True, text=True, timeout=120, check=False)

    home = [line for line in done.stdout.splitlines() if line.startswith("alice <p>Hello")]
    assert len(home) == 2, done.stdout + done.stderr
    assert all("<strong>Kenoma</strong>" in line and "😀" in line for line in home)
    assert done.stdout.splitlines()[-1] == "2"
    assert done.stderr == ""
