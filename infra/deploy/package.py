"""`make package STAGE=prod`: the template and the artifact, in `dist/STAGE`.

Chalice makes both, from a copy of the project without requirements. It gets the template to merge. Afterwards the
artifact gets its libraries from the lock and is trimmed, and the template is finished and written without white space,
because CloudFormation takes a megabyte at most.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import template
from .runtime import LAMBDA

CHECKOUT = Path(__file__).resolve().parents[2]
CODE = "deployment.zip"
TEMPLATE = "sam.json"
MOST_BYTES = 1_000_000


def package(stage: str, folder: Path) -> None:
    """Make everything that `deliver` hands over."""
    from . import artifact

    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as project:
        copy_without_requirements(Path(project))
        build(stage, folder, Path(project))
    artifact.trim(folder, LAMBDA, artifact.LOCK)


def copy_without_requirements(project: Path) -> None:
    """What Chalice is to package. It would take libraries for the Python that runs here, without hashes."""
    unwanted = shutil.ignore_patterns("__pycache__", "deployments")
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(CHECKOUT / name, project / name, ignore=unwanted)
    shutil.copy(CHECKOUT / "app.py", project)
    (project / "requirements.txt").touch()


def build(stage: str, folder: Path, project: Path) -> dict[str, Any]:
    """Run Chalice on a project, and finish its template in `folder`. Answers the template."""
    folder.mkdir(parents=True, exist_ok=True)
    merge = folder / "merge.json"
    merge.write_text(json.dumps(template.merged(_app(), stage, reserved(stage, project))))
    chalice = Path(sys.executable).with_name("chalice")
    command = [chalice, "package", "--stage", stage, "--merge-template", merge.resolve(), folder.resolve()]
    environ = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}  # Chalice needs a region, but sends nothing there
    done = subprocess.run([str(word) for word in command], cwd=project, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Chalice could not package stage {stage}:\n{done.stdout}{done.stderr}")
    merge.unlink()
    made: dict[str, Any] = json.loads((folder / TEMPLATE).read_text())
    template.finish(made)
    text = json.dumps(made, separators=(",", ":"))
    if len(text) > MOST_BYTES:
        raise SystemExit(f"The template has {len(text):,} bytes, CloudFormation takes {MOST_BYTES:,}")
    (folder / TEMPLATE).write_text(text)
    return made


def reserved(stage: str, project: Path) -> dict[str, int]:
    """The concurrency that the stage reserves, by function."""
    stages = json.loads((project / ".chalice" / "config.json").read_text())["stages"]
    if stage not in stages:
        raise SystemExit(f"There is no stage {stage} in .chalice/config.json, only {', '.join(stages)}")
    functions = stages[stage].get("lambda_functions", {}).items()
    return {name: each["reserved_concurrency"] for name, each in functions if "reserved_concurrency" in each}


def _app() -> Any:
    from app import app

    return app


def main() -> None:
    stage = sys.argv[1] if len(sys.argv) > 1 else "prod"
    folder = CHECKOUT / "dist" / stage
    package(stage, folder)
    for name in (TEMPLATE, CODE):
        print(f"{folder.relative_to(CHECKOUT) / name}: {(folder / name).stat().st_size / 1e6:.2f} MB")
    if LAMBDA.interpreter() is None:
        print(f"{CODE} has no bytecode, so cold starts take longer: RUNTIME_PYTHON=... names a Python {LAMBDA.python}")


if __name__ == "__main__":
    main()
