"""Trimming, on a package of a few files."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from chalicelib.store.dynamo.connection import shared
from infra.deploy import artifact, elf, runtime
from infra.deploy.artifact import Unfit
from infra.deploy.runtime import LAMBDA, Target, here

ELF_OF_ANOTHER = "\x7fELF\x02\x01" + "\0" * 12 + "\x08\0" + "\0" * 44
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: {}\nTag: {}\n"


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small copy of what Chalice leaves in a folder."""
    fill(tmp_path, {
        "app.py": "answer = 42\n", "chalicelib/__init__.py": "", "chalicelib/page.html": "<p>",
        "chalice/app.py": "x = 1\n", "lib/__init__.py": "from . import deep\n", "lib/_fast.so": "GLIBC_2.17",
        "lib/deep.py": "def f():\n    raise ValueError\n",
        "lib/py.typed": "", "lib/deep.pyi": "", "lib/tests/test_it.py": "", "lib/__pycache__/deep.cpython-311.pyc": "x",
        "lib-1.0.dist-info/METADATA": "Name: lib\nVersion: 1.0\n\nA long story\n",
        "lib-1.0.dist-info/licences/MIT": "…",
        "lib-1.0.dist-info/WHEEL": WHEEL.format("false", "cp311-cp311-manylinux_2_17_x86_64"),
        "lib-1.0.dist-info/RECORD": "lib/__init__.py,sha256=x,1\nlib/deep.py,,\nlib/_fast.so,,\n",
        "botocore/data/endpoints.json": json.dumps({"partitions": [{"services": {"s3": 1, "email": 2, "ec2": 3}}]}),
        "botocore/data/sqs/2012-11-05/service-2.json.gz": "x",
        "botocore/data/sqs/2012-11-05/examples-1.json": "x", "botocore/data/ec2/2016-11-15/service-2.json.gz": "x",
    })
    return tmp_path


def fill(folder: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / artifact.CODE, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def add(folder: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(folder / artifact.CODE, "a") as archive:
        archive.writestr(name, text)


def names(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / artifact.CODE) as archive:
        return archive.namelist()


def test_what_nothing_needs_goes_and_bytecode_comes(package):
    artifact.trim(package, here())

    assert names(package) == sorted([
        "app.pyc", "chalicelib/__init__.pyc", "chalicelib/page.html", "chalicelib/contents.json", "chalice/app.pyc",
        "lib/__init__.pyc", "lib/deep.pyc",
        "lib/_fast.so", "lib-1.0.dist-info/METADATA", "lib-1.0.dist-info/WHEEL", "botocore/data/endpoints.json",
        "botocore/data/sqs/2012-11-05/service-2.json.gz",
    ])
    with zipfile.ZipFile(package / artifact.CODE) as archive:
        assert archive.read("lib-1.0.dist-info/METADATA") == b"Name: lib\nVersion: 1.0\n"
        assert archive.read("lib/deep.pyc")[4:8] == b"\1\0\0\0"
        assert b"/var/task/lib/deep.py" in archive.read("lib/deep.pyc")
        assert str(package).encode() not in archive.read("lib/deep.pyc")


def test_of_a_model_stays_what_is_called(package):
    shapes = {name: {"members": {"of": {"shape": of}}} if of else {"type": "string"} for name, of in {
        "Asked": "Deep", "Deep": "Text", "Text": "", "Fault": "", "Other": "Text"}.items()}
    model = {"metadata": {"serviceId": "SSM"}, "shapes": shapes, "operations": {
        "GetParameters": {"input": {"shape": "Asked"}, "errors": [{"shape": "Fault"}]},
        "Other": {"input": {"shape": "Other"}}}}
    name = "botocore/data/ssm/2014-11-06/service-2.json.gz"
    with zipfile.ZipFile(package / artifact.CODE, "a") as archive:
        archive.writestr(name, gzip.compress(json.dumps(model).encode()))

    artifact.trim(package, here())

    with zipfile.ZipFile(package / artifact.CODE) as archive:
        kept = json.loads(gzip.decompress(archive.read(name)))
        endpoints = json.loads(archive.read("botocore/data/endpoints.json"))
    assert (list(kept["operations"]), list(kept["shapes"])) == (["GetParameters"], ["Asked", "Deep", "Fault", "Text"])
    assert kept["metadata"] == model["metadata"]
    assert endpoints == {"partitions": [{"services": {"s3": 1, "email": 2}}]}


def test_the_same_package_gives_the_same_bytes(package, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    with zipfile.ZipFile(package / artifact.CODE) as archive:
        fill(other, {name: archive.read(name).decode() for name in reversed(archive.namelist())})

    artifact.trim(package, here())
    artifact.trim(other, here())

    assert (package / artifact.CODE).read_bytes() == (other / artifact.CODE).read_bytes()
    with zipfile.ZipFile(other / artifact.CODE) as archive:
        assert {each.date_time for each in archive.infolist()} == {artifact.EPOCH}
        assert {each.external_attr >> 16 for each in archive.infolist()} == {0o100644}


def test_the_figures_say_what_each_part_takes(package):
    before = (package / artifact.CODE).stat().st_size

    figures = artifact.trim(package, here())

    assert figures.before == before
    assert figures.packed == (package / artifact.CODE).stat().st_size
    parts = {each.name: each for each in figures.parts}
    assert parts.keys() == {"Kenoma", "lib", "chalice, its runtime", "?"}
    assert (parts["lib"].version, parts["lib"].files) == ("1.0", 3)
    assert "| lib | 1.0 | 3 |" in figures.table()
    assert figures.unpacked == sum(each.unpacked for each in figures.parts)


@pytest.mark.parametrize(("name", "text", "told"), [
    ("own-2.0.dist-info/WHEEL", WHEEL.format("false", "cp311-cp311-linux_x86_64"), "own-2.0 was compiled on this"),
    ("moto-5.2.5.dist-info/WHEEL", WHEEL.format("true", "py3-none-any"), "moto-5.2.5 is a tool"),
    ("lib/_new.so", "GLIBC_2.17\0GLIBC_2.35", "lib/_new.so needs glibc 2.35"),
    ("lib/_old.cpython-38-x86_64-linux-gnu.so", "", "_old.cpython-38-x86_64-linux-gnu.so is not for Python 3"),
    ("lib/_other.so", ELF_OF_ANOTHER, "lib/_other.so is not for"),
    ("lib/_new.so", "GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30", r"lib/_new.so needs libstdc\+\+ 3.4.30"),
    ("lib/wrong.py", "def", "Does not compile"),
    ("sam.json", "", "The template is for python3.8"),
])
def test_what_would_fail_only_in_lambda_is_refused(package, name, text, told):
    if name == "sam.json":
        (package / name).write_text(json.dumps({"Runtime": "python3.8"}))
    else:
        add(package, name, text)
    before = (package / artifact.CODE).read_bytes()

    with pytest.raises(Unfit, match=told):
        artifact.trim(package, here())

    assert (package / artifact.CODE).read_bytes() == before
    assert [each.name for each in package.iterdir() if each.suffix == ".part"] == []


def test_every_service_that_the_application_calls_has_its_model():
    sources = [file.read_text() for file in (artifact.CHECKOUT / "chalicelib").rglob("*.py")]
    called = {part.partition('"')[0] for text in sources for part in text.split('clients.client("')[1:]}

    assert shared() is not None
    assert called | {"dynamodb"} == set(artifact.SERVICES)


def test_every_requirement_has_a_wheel_that_runs_in_lambda(tmp_path):
    command = [*LAMBDA.pip(), "--target", str(tmp_path), "--dry-run", "--ignore-installed", "--require-hashes",
               "--requirement", str(artifact.LOCK)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    if done.returncode and "No matching distribution" not in done.stderr:
        pytest.skip("no package index can be asked")
    assert done.returncode == 0, done.stderr


def test_the_package_is_for_the_runtime_of_the_template_whatever_runs_here():
    assert (LAMBDA.runtime, LAMBDA.architecture, LAMBDA.glibc) == ("python3.13", "arm64", (2, 34))
    words = LAMBDA.pip()
    assert words[words.index("--python-version") + 1] == "3.13"
    platforms = [words[at + 1] for at, word in enumerate(words) if word == "--platform"]
    assert platforms[0] == "manylinux_2_34_aarch64"
    assert all(each.endswith("_aarch64") for each in platforms)
    assert "--only-binary" in words, "nothing is compiled here"


def test_bytecode_is_made_by_a_python_of_the_same_version(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    other = tmp_path / "python3.99"
    other.write_text("#!/bin/sh\necho 3.99\n")
    other.chmod(0o755)

    assert here().interpreter() == sys.executable
    assert Target("3.99", "aarch64").interpreter() == str(other)
    assert Target("3.98", "aarch64").interpreter() is None
    monkeypatch.setenv(runtime.VARIABLE, str(other))
    assert here().interpreter() == sys.executable, "what is named is of another version"
    monkeypatch.setenv(runtime.VARIABLE, sys.executable)
    assert here().interpreter() == sys.executable


def test_without_such_a_python_the_sources_stay(package, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with zipfile.ZipFile(package / artifact.CODE) as archive:
        sources = {name for name in archive.namelist() if name.endswith(".py")}

    artifact.trim(package, Target("3.98", here().machine))

    left = set(names(package))
    assert {name for name in sources if "/tests/" not in name} <= left
    assert not [name for name in left if name.endswith(".pyc")]


def test_a_library_loads_without_what_is_for_debuggers(tmp_path):
    """Tried with the largest ones, each in a process of its own, since this one has them loaded."""
    libraries = [Path(str(file.locate())) for name in ("cryptography", "nh3", "regex")
                 for file in distribution(name).files or () if file.suffix == ".so"]
    assert len(libraries) >= 3

    for library in libraries:
        whole = library.read_bytes()
        part = elf.without_symbols(whole)
        assert elf.machine(part) == elf.machine(whole) == here().machine
        assert len(part) <= len(whole)
        assert elf.without_symbols(part) == part
        copy = tmp_path / library.name
        copy.write_bytes(part)
        name = copy.name.partition(".")[0]
        load = (f"import importlib.util as u; s = u.spec_from_file_location({name!r}, {str(copy)!r}); "
                "u.module_from_spec(s); print('loaded')")
        done = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=False)
        assert done.stdout == "loaded\n", done.stderr
    assert elf.without_symbols(b"no library") == b"no library"
    assert elf.machine(b"no library") is None
