"""The deployed package, made without the network from the libraries that the tests run with.

Libraries with compiled code may be another build than the one for Lambda. Everything else is the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from infra.deploy import artifact
from infra.deploy.runtime import here

HANDLER = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
os.environ.update(json.loads(sys.argv[2]))
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
import app
class Context:
    function_name, aws_request_id, memory_limit_in_mb = "function", "id of an invocation", 1024
    def __init__(self, function):
        self.left = json.loads(sys.argv[3])[function] * 1000 - 1000
    def get_remaining_time_in_millis(self):
        return self.left
print(json.dumps(sorted(sys.modules)), file=answers, flush=True)
for line in sys.stdin:
    function, event = json.loads(line)
    print(json.dumps(getattr(app, function)(event, Context(function))), file=answers, flush=True)
"""


def put_together(tree: Path) -> None:
    artifact.put_together(tree)
    for each in required():
        for file in each.files or ():
            place = tree / str(file)
            if ".." not in file.parts and "__pycache__" not in file.parts:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), place)
    artifact.shrink(tree, here())


def required() -> Iterator[Distribution]:
    """The libraries that requirements.txt names, and those that they need."""
    lines = (artifact.CHECKOUT / "requirements.txt").read_text().splitlines()
    waiting = [Requirement(line) for line in lines if line and not line.startswith("#")]
    seen = set()
    while waiting:
        wanted = waiting.pop()
        if wanted.name.lower() in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        seen.add(wanted.name.lower())
        found = distribution(wanted.name)
        yield found
        waiting += [Requirement(text) for text in found.requires or ()]


def seconds() -> dict[str, int]:
    """How long each function may run."""
    stage = json.loads((artifact.CHECKOUT / ".chalice" / "config.json").read_text())["stages"]["prod"]
    return {name: about.get("lambda_timeout", stage["lambda_timeout"])
            for name, about in stage["lambda_functions"].items()}


class Handler:
    """The package at work in a process of its own, whose Python has no other libraries."""

    def __init__(self, tree: Path, environ: dict[str, str]) -> None:
        self.environ = environ
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", HANDLER, str(tree), json.dumps(environ),
             json.dumps(seconds())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.modules: list[str] = self._read()

    def __call__(self, event: dict[str, Any], function: str = "api_handler") -> dict[str, Any]:
        """The reply of a function to one event; both travel as JSON, as they do to and from Lambda."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([function, event]) + "\n")
        self._process.stdin.flush()
        reply: dict[str, Any] = self._read()
        return reply

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the package died"
        return json.loads(line)

    def stop(self) -> None:
        self._process.communicate()


def environ(endpoint: str) -> dict[str, str]:
    """The settings of the tests, with AWS at another address."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("KENOMA_", "AWS_"))}
    services = ("DYNAMODB", "S3", "SQS", "SESV2", "SSM")
    return {f"AWS_ENDPOINT_URL_{service}": endpoint for service in services} | kept
