"""The artifact: the code that Lambda unpacks, small and fast to start.

Chalice zips all that the requirements bring: the models of four hundred services, tests, and sources that every cold
start would compile again, because Lambda cannot store the result. Here all that is removed, and bytecode is added. It
is marked so that Python does not compare it with its source. Our own sources stay, for the lines in tracebacks.

Some things are refused: libraries for another machine than Lambda's, because they fail only there, and tools.

    python -m infra.deploy.artifact          builds one without Chalice in dist/artifact, and shows what each part takes
    python -m infra.deploy.artifact --here   the same, for this Python on this machine
    trim(folder)                             does it to the `deployment.zip` that `chalice package` has left there
"""

from __future__ import annotations

import argparse
import fnmatch
import gzip
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chalicelib import contents, endpoints, jobs
from chalicelib.pages import engine

from . import elf
from .runtime import LAMBDA, Target, here

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = CHECKOUT / "requirements.lock"
CODE = "deployment.zip"
OURS = ("app.py", "chalicelib")
RUNTIME = ("__init__.py", "app.py")
"""What Lambda needs of Chalice: no local server, no packager."""
SERVICES = ("apigatewaymanagementapi", "cloudfront", "dynamodb", "s3", "sesv2", "sqs", "ssm")
"""The services whose models botocore needs: `chalicelib` makes clients of them."""
ADDRESSES = (*SERVICES, "email", "sts")
"""The names under which botocore has their addresses: letters go to `email`."""
OPERATIONS = {
    "cloudfront": ("CreateInvalidation",), "sesv2": ("SendEmail",), "ssm": ("GetParameters",),
    "s3": ("AbortMultipartUpload", "CompleteMultipartUpload", "CreateMultipartUpload", "DeleteObject", "DeleteObjects",
           "GetObject", "HeadBucket", "HeadObject", "ListObjectsV2", "PutObject", "UploadPart"),
}
"""Of these services only so much. A client reads the whole model when it is made, and these have more than a hundred
operations: the first upload waits 8 ms less, the first letter 5. That of `ssm` brings secrets, and the first request of
somebody signed in waits for it. botocore itself asks for `HeadBucket` when a bucket is in another region."""
UNUSED = (
    "*/tests/*", "*/test/*", "*.pyi", "*/py.typed", "*.c", "*.h", "*.cpp", "*.hpp", "*.pxd", "bin/*", "*/__pycache__/*",
    "*.dist-info/*",  # except METADATA and WHEEL: see `_is_unused`
    "botocore/data/*/*/examples-1.json", "botocore/data/*/*/waiters-2.json",
    "cffi/*", "pycparser/*",  # made the bindings of argon2, which now need only `_cffi_backend`
    "captcha/audio.py", "captcha/data/*.wav", "captcha/data/*/*.wav",
    "dateutil/zoneinfo/*.tar.gz",  # times are UTC
    *(f"PIL/{name}" for name in (  # Pillow looks past formats that are not there
        "Blp*", "Bufr*", "Cur*", "Dcx*", "Dds*", "Eps*", "Fits*", "Fli*", "Fpx*", "Ftex*", "Gbr*", "Grib*", "Hdf5*",
        "Icns*", "Ico*", "ImImage*", "Imt*", "Iptc*", "Jpeg2K*", "Mcidas*", "Mic*", "Msp*", "Palm*", "Pcd*", "Pcx*",
        "Pdf*", "Pixar*", "Psd*", "Qoi*", "Sgi*", "Spider*", "Sun*", "Tga*", "Wmf*", "XVThumb*", "Xbm*", "Xpm*",
        "Avif*", "ImageTk*", "_tkinter_finder*", "ImageShow*", "ImageWin*", "ImageQt*",
    )),
    "PIL/_avif.*", "pillow.libs/libavif-*", "PIL/_imagingcms.*", "pillow.libs/liblcms2-*", "PIL/_imagingtk.*",
)
"""Pictures are JPEG, PNG, GIF and WebP (`domain/media/pictures.py`). A quarter of Pillow is for AVIF."""
TOOLS = ("boto3", "chalice", "moto", "mypy", "pip", "pytest", "ruff", "setuptools")
"""Distributions that must not be among the requirements. Chalice's runtime is put in without being one."""
NO_BYTECODE = f", without bytecode: no Python {LAMBDA.python} is here, and RUNTIME_PYTHON=... names none"
WHERE = "/var/task"
EPOCH = (1980, 1, 1, 0, 0, 0)
_NEEDS_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_MADE_FOR = re.compile(r"\.cpython-(\d+)-")
_NEEDS_GLIBCXX = re.compile(rb"GLIBCXX_(\d+)\.(\d+)\.(\d+)")


class Unfit(Exception):
    """Something in the package would not run in Lambda, or must not be in it."""


@dataclass(frozen=True)
class Part:
    """What one requirement, or our own code, takes: in bytes."""

    name: str
    version: str
    files: int
    unpacked: int
    packed: int


@dataclass(frozen=True)
class Figures:
    """The artifact in bytes: before, after, and by parts, the largest first."""

    before: int
    packed: int
    unpacked: int
    parts: tuple[Part, ...]

    def table(self) -> str:
        rows = ["|  | version | files | unpacked KB | zipped KB |", "|---|---|--:|--:|--:|"]
        files = sum(each.files for each in self.parts)
        everything = Part("**all**", "", files, self.unpacked, self.packed)
        rows += [f"| {each.name} | {each.version} | {each.files} | {each.unpacked / 1e3:,.0f} "
                 f"| {each.packed / 1e3:,.0f} |" for each in (*self.parts, everything)]
        return "\n".join(rows)


def trim(package: Path, target: Target = LAMBDA, requirements: Path | None = None) -> Figures:
    """Make the `deployment.zip` in this folder small and fast to start. If it raises Unfit, the file is unchanged.

    `requirements`: a lock, whose libraries are put in beforehand.
    """
    archive = package / CODE
    _check_runtime(package, target)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        with zipfile.ZipFile(archive) as chalices:
            chalices.extractall(tree)
        if requirements:
            install(tree, target, requirements)
        return _packed(tree, archive, target, before=archive.stat().st_size)


def _packed(tree: Path, archive: Path, target: Target, before: int = 0) -> Figures:
    refuse_unfit(tree, target)
    owners = dict(_owners(tree))
    shrink(tree, target)
    return write(tree, archive, owners, before)


def install(tree: Path, target: Target, requirements: Path) -> None:
    """Put in what the lock has, and nothing whose hash it does not know."""
    subprocess.run([*target.pip(), "--target", str(tree), "--require-hashes", "--requirement", str(requirements)],
                   check=True)


def shrink(tree: Path, target: Target) -> None:
    """Remove from an unpacked package what nothing needs, and add bytecode."""
    for name in _files(tree):
        if _is_unused(name):
            (tree / name).unlink()
        elif name.endswith(".dist-info/METADATA"):
            _keep_head(tree / name)
    for library in tree.rglob("*.so*"):
        library.write_bytes(elf.without_symbols(library.read_bytes()))
    (tree / "chalicelib" / contents.FILE.name).write_text(contents_of_checkout(), encoding="utf-8")
    for service, operations in OPERATIONS.items():
        for model in tree.glob(f"botocore/data/{service}/*/service-2.json.gz"):
            _keep_operations(model, operations)
    _keep_services(tree / "botocore" / "data" / "endpoints.json")
    if (tree / "chalicelib" / "pages").is_dir():
        engine.compile_into(tree / "chalicelib" / "pages" / engine.COMPILED.name)
    _compile(tree, target.interpreter())


def write(tree: Path, archive: Path, owners: Mapping[str, tuple[str, str]], before: int = 0) -> Figures:
    """An archive of the tree: the same bytes for the same files. `owners`: which requirement brought a file."""
    sizes: dict[tuple[str, str], list[tuple[int, int]]] = {}
    waiting = archive.with_suffix(".part")
    with zipfile.ZipFile(waiting, "w") as out:
        for name in _files(tree):
            file = tree / name
            about = zipfile.ZipInfo(name, EPOCH)
            about.create_system, about.external_attr, about.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
            out.writestr(about, file.read_bytes(), compresslevel=9)
            sizes.setdefault(_owner(name, owners), []).append((file.stat().st_size, about.compress_size))
    waiting.replace(archive)
    parts = [Part(*owner, len(each), sum(size for size, _ in each), sum(size for _, size in each))
             for owner, each in sizes.items()]
    return Figures(before, archive.stat().st_size, sum(each.unpacked for each in parts),
                   tuple(sorted(parts, key=lambda each: (-each.packed, each.name))))


def refuse_unfit(tree: Path, target: Target) -> None:
    """Raises Unfit with all that is wrong."""
    faults = []
    for wheel in sorted(tree.glob("*.dist-info/WHEEL")):
        name = wheel.parent.name.removesuffix(".dist-info")
        if name.rpartition("-")[0].lower() in TOOLS:
            faults.append(f"{name} is a tool")
        if re.search(r"^Tag: .*-linux_\w+$", wheel.read_text(), re.MULTILINE):
            faults.append(f"{name} was compiled on this machine: no wheel fits the runtime")
    for library in sorted(tree.rglob("*.so*")):
        faults += (f"{library.relative_to(tree)} {fault}" for fault in _faults_of(library, target))
    if faults:
        raise Unfit("\n".join(faults))


def _faults_of(library: Path, target: Target) -> Iterator[str]:
    content = library.read_bytes()
    if content.startswith(b"\x7fELF") and elf.machine(content) != target.machine:
        yield f"is not for {target.machine}"
    if (made := _MADE_FOR.search(library.name)) and made[1] != target.python.replace(".", ""):
        yield f"is not for Python {target.python}"
    symbols: tuple[tuple[str, re.Pattern[bytes], tuple[int, ...]], ...] = (
        ("glibc", _NEEDS_GLIBC, target.glibc), ("libstdc++", _NEEDS_GLIBCXX, target.glibcxx))
    for name, wanted, there in symbols:
        needed = max((tuple(map(int, each)) for each in wanted.findall(content)), default=there)
        if needed > there:
            yield f"needs {name} {'.'.join(map(str, needed))}"


def _check_runtime(package: Path, target: Target) -> None:
    """Check that the template names the target, because bytecode and libraries are for that one only."""
    template = package / "sam.json"
    named = set(re.findall(r'"Runtime": ?"(python[\d.]+)"', template.read_text())) if template.exists() else set()
    if named - {target.runtime}:
        raise Unfit(f"The template is for {', '.join(sorted(named))}, the package for {target.runtime}")


def _files(tree: Path) -> list[str]:
    return sorted(file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file())


def _is_unused(name: str) -> bool:
    parts = name.split("/")
    if parts[0].endswith(".dist-info"):
        return parts[-1] not in ("METADATA", "WHEEL")
    if parts[:2] == ["botocore", "data"] and len(parts) > 3:
        return parts[2] not in SERVICES or any(fnmatch.fnmatch(name, each) for each in UNUSED)
    return any(fnmatch.fnmatch(name, each) for each in UNUSED)


def _keep_head(metadata: Path) -> None:
    """Keep name, version and licence, which scanners look for. The rest is a README."""
    text = metadata.read_text(encoding="utf-8")
    metadata.write_text(text.partition("\n\n")[0] + "\n", encoding="utf-8")


def _keep_operations(model: Path, wanted: Iterable[str]) -> None:
    """Keep these operations, and the shapes that they consist of."""
    whole = json.loads(gzip.decompress(model.read_bytes()))
    whole["operations"] = {name: whole["operations"][name] for name in wanted}
    shapes, waiting = {}, list(_shapes_in(whole["operations"]))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = whole["shapes"][name]
            waiting += _shapes_in(shapes[name])
    whole["shapes"] = dict(sorted(shapes.items()))
    model.write_bytes(gzip.compress(json.dumps(whole).encode(), mtime=0))


def _shapes_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _shapes_in(value)
    elif isinstance(part, list):
        for each in part:
            yield from _shapes_in(each)


def _keep_services(endpoints: Path) -> None:
    """Keep the addresses of our services. Those of all services are a megabyte, which each session reads."""
    whole = json.loads(endpoints.read_text())
    for partition in whole.get("partitions", ()):
        partition["services"] = {name: about for name, about in partition["services"].items() if name in ADDRESSES}
    endpoints.write_text(json.dumps(whole))


def contents_of_checkout() -> str:
    """The file by which a package finds the modules of its routes and jobs."""
    return contents.text_of(contents.PackageContents(endpoints.modules(), jobs.modules()))


def _compile(tree: Path, python: str | None) -> None:
    """Put bytecode in the place of all sources.

    `python`: one of the target's version. Without one the sources stay as they are.
    """
    if python is None:
        return
    command = [python, "-I", "-X", "no_debug_ranges", "-m", "compileall", "-q", "-b", "-s", str(tree), "-p", WHERE,
               "--invalidation-mode", "unchecked-hash", str(tree)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unfit(f"Does not compile:\n{done.stdout}{done.stderr}")
    for source in tree.rglob("*.py"):
        source.unlink()


def _owners(tree: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """For each installed file, the requirement and version that it came with."""
    for record in sorted(tree.glob("*.dist-info/RECORD")):
        name, _, version = record.parent.name.removesuffix(".dist-info").rpartition("-")
        for line in record.read_text(encoding="utf-8").splitlines():
            yield line.split(",")[0].strip('"'), (name, version)


def _owner(name: str, owners: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    if name.split("/")[0] in (*OURS, "__pycache__"):
        return "Kenoma", ""
    if name.startswith("chalice/"):
        return "chalice, its runtime", ""
    return owners.get(name) or owners.get(name.removesuffix("c")) or ("?", "")


# A package without Chalice.


def put_together(tree: Path) -> None:
    """Put together what `chalice package` would zip, without requirements: our code and Chalice's runtime."""
    for each in OURS:
        copy = shutil.copytree if (CHECKOUT / each).is_dir() else shutil.copy
        copy(CHECKOUT / each, tree / each)
    found = importlib.util.find_spec("chalice")
    assert found is not None
    assert found.origin is not None
    (tree / "chalice").mkdir()
    for each in RUNTIME:
        shutil.copy(Path(found.origin).parent / each, tree / "chalice" / each)


def build(folder: Path, target: Target) -> Figures:
    """Build the artifact without Chalice: `deployment.zip` in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary)
        put_together(tree)
        install(tree, target, LOCK)
        return _packed(tree, folder / CODE, target)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy.artifact", description="The code that Lambda runs.")
    parser.add_argument("folder", nargs="?", type=Path, default=CHECKOUT / "dist" / "artifact")
    parser.add_argument("--here", action="store_true", help="for this Python on this machine, not for Lambda's")
    options = parser.parse_args()
    target = here() if options.here else LAMBDA
    figures = build(options.folder, target)
    print(figures.table())
    (options.folder / "figures.json").write_text(json.dumps(asdict(figures), indent=1) + "\n")
    print(f"\n{os.path.relpath(options.folder / CODE)}: {figures.packed / 1e6:.1f} MB, {target.runtime} on "
          f"{target.architecture}{'' if target.interpreter() else NO_BYTECODE}")


if __name__ == "__main__":
    main()
