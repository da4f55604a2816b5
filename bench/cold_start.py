"""What a cold start costs: the trimmed package, imported by a Python that has nothing else, and its first request.

    python -m bench.cold_start                         builds the artifact for this machine, and measures it
    python -m bench.cold_start --python python3.13     the same for another Python, which may have nothing installed
    python -m bench.cold_start FOLDER --runs 30        measures the `deployment.zip` there, if it is for this machine

A package imports what a request needs when the first one comes, so there are several first requests: `GET
/.well-known/nodeinfo`, which needs next to nothing, and two by somebody who has not signed in, which bring all modules
that a home timeline or a new status needs, and are then refused. None asks AWS anything. All CPU of the process is
counted: starting Python, importing `app`, and that request. Other work on the machine makes some runs slow, but none
fast, so the smallest figure counts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("results") / "cold_start.json"
CODE = "deployment.zip"
MOST_MS = 400
NODEINFO = ("GET", "/.well-known/nodeinfo")
FIRST = {NODEINFO: 200, ("GET", "/api/v1/timelines/home"): 403, ("POST", "/api/v1/statuses"): 403}
"""The first requests, and the status of each."""
PROBE = """
import sys, time
began = time.process_time()
sys.path.insert(0, sys.argv[1])
import json, os
os.environ.update(json.loads(sys.argv[2]))
import app
imported = time.process_time()
reply = app.api_handler(json.loads(sys.argv[3]), None)
served = time.process_time()
import resource
print(json.dumps({
    "status": reply["statusCode"], "python_ms": began * 1000, "import_ms": (imported - began) * 1000,
    "request_ms": (served - imported) * 1000, "cpu_ms": served * 1000, "modules": len(sys.modules),
    "elsewhere": sorted(path for path in {str(getattr(each, "__file__", "")) for each in list(sys.modules.values())}
                        if "site-packages" in path),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""
ENVIRON = {
    "KENOMA_BASE_URL": "https://kenoma.example", "KENOMA_SECRET_KEY": "x" * 43, "KENOMA_LOG_LEVEL": "WARNING",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}
Asked = tuple[str, str]


def event(method: str, path: str) -> dict[str, Any]:
    return {
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"host": "kenoma.example"},
        "requestContext": {"domainName": "kenoma.example", "requestId": "1", "stage": "$default",
                           "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
    }


def probe(tree: Path, python: str = sys.executable, asked: Asked = NODEINFO) -> dict[str, Any]:
    """One cold start of the package unpacked in `tree`, by a Python without site-packages and without user settings."""
    command = [python, "-I", "-S", "-B", "-c", PROBE, str(tree), json.dumps(ENVIRON), json.dumps(event(*asked))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The package does not start:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if figures["status"] != FIRST[asked] or figures["elsewhere"]:
        raise SystemExit(f"The package does not stand by itself: {figures}")
    return figures


def measure(tree: Path, runs: int, python: str = sys.executable, asked: Asked = NODEINFO) -> dict[str, Any]:
    """The run that took the least CPU, and the median of all."""
    found = [probe(tree, python, asked) for _ in range(runs)]
    least = min(found, key=lambda each: each["cpu_ms"])
    return {**least, "median_cpu_ms": statistics.median(each["cpu_ms"] for each in found), "runs": runs}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cold_start", description="What a cold start costs.")
    parser.add_argument("folder", nargs="?", type=Path, help=f"where {CODE} is; built if left out")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--python", default=sys.executable, help="what runs the package")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kenoma-cold-") as temporary:
        tree, archive = Path(temporary) / "tree", (options.folder or Path(temporary)) / CODE
        if options.folder is None:
            from infra.deploy import artifact, runtime

            os.environ[runtime.VARIABLE] = options.python
            print(artifact.build(Path(temporary), runtime.here(options.python)).table() + "\n")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(tree)
        found = {" ".join(asked): measure(tree, options.runs, options.python, asked) for asked in FIRST}
        size = archive.stat().st_size
    if options.python == sys.executable:
        FILE.write_text(json.dumps({"zip_bytes": size, "first": found}, indent=1) + "\n")
    print(f"zip {size / 1e6:.1f} MB; the least of {options.runs} runs each\n")
    print("| first request | CPU ms | median | Python | import | request | modules | MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, each in found.items():
        print(f"| `{name}` | {each['cpu_ms']:.0f} | {each['median_cpu_ms']:.0f} | {each['python_ms']:.0f} "
              f"| {each['import_ms']:.0f} | {each['request_ms']:.0f} | {each['modules']} | {each['megabytes']:.0f} |")
    if max(each["cpu_ms"] for each in found.values()) > MOST_MS:
        raise SystemExit(f"More than {MOST_MS} ms")


if __name__ == "__main__":
    main()
