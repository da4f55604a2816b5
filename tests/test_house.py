"""The rules of the house: what imports what, what things are called, and what no other tool checks.

Read from the source itself, mostly without running it. Each test names the places that break its rule.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from chalice.cli.factory import CLIFactory
from chalice.deploy.validate import validate_configuration

from app import app
from chalicelib import endpoints
from chalicelib.queues import messages
from chalicelib.settings import SECRETS, Settings, variable
from chalicelib.store.accounts import standings
from chalicelib.web.endpoint import DECLARED, mirror_of
from infra import docs, where
from infra.local import environment
from tests.jobs.scenarios import SCENARIOS

CHECKOUT = Path(__file__).resolve().parents[1]

# Each part may import itself and what is listed. Nothing is listed that lies above it.
BELOW_ALL = {"settings", "overrides", "host_list", "ids", "metrics", "request_ids", "contents", "holding"}
MAY_IMPORT = {
    "app": {"web", "endpoints", "jobs", "queues", "chalice_deploy", "cold_start"} | BELOW_ALL,
    "endpoints": {"web", "pages", "entities", "domain"} | BELOW_ALL,
    "pages": {"entities", "domain"} | BELOW_ALL,
    "web": {"pages", "domain", "store", "quick_json"} | BELOW_ALL,
    "entities": {"domain", "store"} | BELOW_ALL,
    "jobs": {"domain", "store", "queues", "entities"} | BELOW_ALL,
    "domain": {"store", "queues", "mail", "outside"} | BELOW_ALL,
    "queues": {"store", "aws"} | BELOW_ALL,
    "store": {"aws", "quick_json"} | BELOW_ALL,
    "mail": {"aws"} | BELOW_ALL,
    "outside": BELOW_ALL,
    "aws": {"settings", "quick_json"},
    "quick_json": set(),
    "chalice_deploy": set(),
    "cold_start": set(),
    "contents": set(),
    "ids": {"settings"},
    "metrics": {"settings"},
    "request_ids": {"holding"},
    "holding": set(),
    "settings": {"overrides"},
    "overrides": {"host_list"},
    "host_list": set(),
}
# Of `aws/` two modules are open to more than those who call AWS.
OF_THEIR_OWN = {"chalicelib.aws.mail": "mail", "chalicelib.aws.quick_json": "quick_json"}
# Whose rows a deletion takes away, or whose cursor it reads.
CANCELLED = {"chalicelib.queues.accounts.AccountDelete", "chalicelib.queues.statuses.ExpireStatus",
             "chalicelib.queues.deliveries.EVERY_SERVER"}
AWS = {"boto3", "botocore", "pynamodb", "s3transfer"}
AWS_ALLOWED = ("chalicelib/store/", "chalicelib/queues/queue.py", "chalicelib/aws/")
# What `domain/` may take from `store/dynamo/`: the type of a key, calls at the same time, rows that were found, pages
# of a whole table, what may go wrong.
DYNAMO_IN_DOMAIN = {"keys.Key", "parallel.together", "stretches", "table.Overloaded", "failures", "walking.Walked"}
# PynamoDB's updates and conditions, and how a record is named or a transaction begun for them.
EXPRESSIONS = {"set", "stub", "transaction", "commit", "does_not_exist"}
HTTP = {"chalice", "http", "wsgiref", "multipart"}
HTTP_ALLOWED = ("app.py", "chalicelib/web/", "chalicelib/outside.py")
# Loaded where they are first needed: a container that never signs anybody in never pays for argon2.
HEAVY = {"argon2", "nh3", "markdown_it", "linkify_it", "PIL", "pyotp", "segno", "regex", "multipart", "cryptography",
         "captcha", "jinja2", "markupsafe", "charset_normalizer", "snowballstemmer", "py_vapid", "boto3", "s3transfer"}
ONLY_FOR_DEVELOPMENT = {"moto", "pytest", "emoji", "mastodon"}

# What a loop moves that reads a page stretch by stretch.
BOUNDS = {"above", "below", "max_id", "since_id", "min_id", "continues"}

# One word per thing. The exceptions are spelt so by the API or by the reference's configuration.
NOT_OUR_WORDS = {
    "toot": "status", "tweet": "status", "boost": "reblog", "repeat": "reblog", "like": "favourite",
    "fave": "favourite", "fav": "favourite", "actor": "account", "login": "user", "dm": "chat or conversation",
}
# In folders of this name ActivityPub is spoken, which has words of its own for some things.
OF_ACTIVITY_PUB, ITS_OWN_WORDS = "federation", {"actor", "like"}
# Attributes of the API itself; a report has an `actor`, who made it, and a group of reports has `actors`.
SPELT_BY_OTHERS = {"actor", "actors", "max_toot_chars", "safe_dm_mentions", "actor_type", "actor_types",
                   "force_login", "logins"}
TELLS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "base", "core"}

# A `scope` is OAuth's, and a part of AWS's signatures; a status has a visibility. The API itself says `default_scope`.
# The manifest of a web app has a scope too.
OF_OAUTH = ("chalicelib/web/", "chalicelib/pages/oauth.py", "chalicelib/pages/scope_words.py",
            "chalicelib/aws/signature.py",
            "chalicelib/entities/frontends/manifest.py")
VISIBILITIES = {"public", "unlisted", "local", "private", "direct", "list"}
LETTERS = {"p", "u", "l", "f", "d", "L"}
HOLDS_A_VISIBILITY = {"visibility", "parent_visibility"}
KNOWS_THE_LETTERS = "chalicelib/store/statuses/visibilities.py"
DECIDES_WHO_MAY_SEE = "chalicelib/domain/visibility.py"

LONGEST_FILE = 400
# A longer file, and why it tells one story.
LONGER: dict[str, str] = {}
LONGEST_README = 130
PARTS_OF_A_SUBJECT = 3  # chalicelib/domain/statuses; what is within is not on the map
# These have folders by subject, with the same names in each and in their tests.
LAYERS = ("chalicelib/endpoints", "chalicelib/domain", "chalicelib/entities", "chalicelib/store")
SUBJECTS = {"accounts", "backups", "chats", "emoji", "federation", "frontends", "instance", "mail", "media",
            "notifications", "quotes", "relationships", "search", "signing_in", "staff", "statuses", "streaming",
            "tags", "timelines"}
# Folders that are no subject, and why there is one.
OF_ONE_LAYER = {
    "admin": "routes below /api/pleroma/admin: they may have the name of a route that everybody has",
    "event_types": "what can happen, in every subject",
    "listeners": "what follows from it, in every subject",
    "members": "routes below /account: pages over every subject, for who is signed in",
    "text": "what every text goes through, whatever it belongs to",
    "dynamo": "what all tables share",
    "leaving": "what goes with an account or a status, in every subject",
}
MOST_FILES_IN_A_FOLDER = 20
TEXT = {".py", ".md", ".json", ".toml", ".txt", ".html", ".css", "", ".yml", ".yaml"}
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.*$}])/(?:work|tmp|home|root|Users)/")
HOST = re.compile(r"https?://([\w.-]+\.(?:com|org|net|io|dev|cloud|internal|corp))\b", re.IGNORECASE)
SOURCE_OF_PACKAGES = re.compile(r"\b(?:(?:registry|mirror|proxy|artifactory|nexus)\.[\w-]+|py(?:pi)|npm(?:js))\.\w+")
KNOWN_HOSTS = re.compile(r"(.*\.)?(example|one)\.(com|org)|.*amazonaws\.com|aws\.amazon\.com|docs\.aws\.amazon\.com"
                         r"|www\.w3\.org|webfinger\.net|ostatus\.org|docs\.oasis-open\.org"
                         r"|joinmastodon\.org|schema\.org|ns\.adobe\.com|iptc\.org|purl\.org|w3id\.org"
                         r"|purl\.archive\.org|misskey-hub\.net|search\.yahoo\.com"
                         r"|fedibird\.com|gotosocial\.org")  # these name formats


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


class Import(NamedTuple):
    file: str
    line: int
    importer: str
    name: str
    at_module_level: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name}"


# What an account's standing is made of, and the one file that may write it. Another one writes by name what is left.
OF_A_STANDING = {"deactivated", "approval_pending", "confirmation_pending", "is_admin", "is_moderator", "actor_type",
                 "host", "standing"}
WRITES_STANDINGS = "chalicelib/store/accounts/standings.py"
WRITES_BY_NAME = {WRITES_STANDINGS, "chalicelib/store/accounts/profiles.py"}


def source_files(*roots: str) -> list[Path]:
    found = [CHECKOUT / "app.py"] if "app.py" in roots else []
    for root in roots:
        found += sorted((CHECKOUT / root).rglob("*.py")) if root != "app.py" else []
    return found


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def short(file: Path) -> str:
    return file.relative_to(CHECKOUT).as_posix()


@lru_cache(maxsize=1)
def imports() -> list[Import]:
    """Every import of the deployed code, with names relative to a package made absolute."""
    return [each for file in source_files("app.py", "chalicelib") for each in _imports_of(file)]


def _imports_of(file: Path) -> Iterator[Import]:
    module = ".".join(file.relative_to(CHECKOUT).with_suffix("").parts)
    package = module.rpartition(".")[0]
    module = module.removesuffix(".__init__")
    early = set(_run_at_import(parsed(file)))
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[:len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*parents, *([node.module] if node.module else [])])
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield Import(short(file), node.lineno, module, name, node in early)


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Statements that run when the module is imported: not those of functions, nor those for the type checker."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _run_at_import(child)


def none_of(places: list[str]) -> None:
    """Nothing breaks the rule; what does is named, all of it."""
    assert not places, "\n" + "\n".join(places)


def part_of(module: str) -> str:
    for name, part in OF_THEIR_OWN.items():
        if module == name or module.startswith(f"{name}."):
            return part
    names = module.split(".")
    return names[1] if names[0] == "chalicelib" and len(names) > 1 else names[0]


def top(name: str) -> str:
    return name.partition(".")[0]


# Who may know whom.


def test_imports_point_downwards_only() -> None:
    known = [each for each in imports() if top(each.name) in ("app", "chalicelib") and each.name != "chalicelib"]

    wrong = [str(each) for each in known if part_of(each.name) != part_of(each.importer)
             and part_of(each.name) not in MAY_IMPORT.get(part_of(each.importer), set())]

    none_of(wrong)
    assert len(known) > 200, "the imports of the application are not found any more"


def test_every_part_of_the_application_has_its_place_in_that_order() -> None:
    parts = {part_of(each.importer) for each in imports()} - {"chalicelib"}

    assert parts <= MAY_IMPORT.keys()


def test_what_follows_from_an_event_is_said_by_its_listener_only() -> None:
    """A rule raises an event; that it has a job, a push or a card is known to `domain/listeners/`."""
    listening = {each.name for each in imports() if each.importer.startswith("chalicelib.domain.listeners.")
                 and each.name.startswith("chalicelib.queues.")} - {"chalicelib.queues.messages.Message"}
    jobs_of_their_own = {"chalicelib.domain.notifications.push_jobs", "chalicelib.domain.statuses.fan_out"}

    none_of([str(each) for each in imports() if each.importer.startswith("chalicelib.domain.")
             and each.name in listening - CANCELLED and not each.importer.startswith("chalicelib.domain.listeners.")
             and each.importer not in jobs_of_their_own])
    assert len(listening) > 5


def test_aws_is_known_to_the_store_the_queue_and_the_mail_only() -> None:
    wrong = [str(each) for each in imports() if top(each.name) in AWS and not each.file.startswith(AWS_ALLOWED)]

    none_of(wrong)


def test_the_domain_takes_little_from_dynamodb() -> None:
    """No transaction, no single write, no key builder: the store has a function for each act."""
    dynamo = "chalicelib.store.dynamo."
    taken = [(each, each.name.removeprefix(dynamo)) for each in imports()
             if part_of(each.importer) == "domain" and each.name.startswith(dynamo)]

    none_of([str(each) for each, name in taken if name not in DYNAMO_IN_DOMAIN and top(name) not in DYNAMO_IN_DOMAIN])
    assert taken, "the imports of the domain are not found any more"


def test_the_domain_writes_no_expressions_of_dynamodb() -> None:
    none_of([f"{short(file)}:{node.lineno} {ast.unparse(node)}" for file in source_files("chalicelib/domain")
             for node in ast.walk(parsed(file)) if isinstance(node, ast.Call) and _is_expression(node)])


def _is_expression(call: ast.Call) -> bool:
    """Whether a call makes or begins a write: `Status.pins.set(…)`, `Status.stub(id)`, `Status.count.add(1)`."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, args = call.func.attr, call.args
    return name in EXPRESSIONS or (name == "add" and len(args) == 1 and _is_number(args[0]))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) or (isinstance(node, ast.Constant) and isinstance(node.value, int))


@pytest.mark.parametrize(("text", "is_one"), [
    ("Status.pins.set(1)", True), ("Status.stub(id)", True), ("pack.count.add(-fewer)", True), ("count.add(1)", True),
    ("store.table.transaction()", True), ("Status.id.does_not_exist()", True),
    ("seen.add(name)", False), ("favourites.add(id, by=viewer)", False), ("set(names)", False),
])
def test_an_expression_is_known_when_it_is_seen(text: str, is_one: bool) -> None:
    (call,) = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))

    assert _is_expression(call) is is_one


def test_http_is_known_to_the_app_to_web_and_to_the_door_outside_only() -> None:
    wrong = [str(each) for each in imports() if not each.file.startswith(HTTP_ALLOWED)
             and (top(each.name) in HTTP or each.name.startswith("urllib.request"))]

    none_of(wrong)


def test_only_pages_read_on_where_a_page_is_short() -> None:
    """A loop that moves its own bounds fills a page: that is what `domain/pages.py` is for."""
    files = source_files("chalicelib/endpoints", "chalicelib/entities", "chalicelib/domain")
    moved = [(short(file), node) for file in files for loop in ast.walk(parsed(file))
             if isinstance(loop, (ast.For, ast.While)) for node in ast.walk(loop)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]

    none_of([f"{file}:{node.lineno} {node.id}" for file, node in moved if node.id in BOUNDS])
    assert "chalicelib/domain/pages.py" in {file for file, _ in moved}


def test_heavy_libraries_are_not_imported_by_a_module() -> None:
    wrong = [str(each) for each in imports() if each.at_module_level and top(each.name) in HEAVY]

    none_of(wrong)


def test_importing_the_app_loads_nothing_heavy() -> None:
    """What the source does not show: a library may bring another."""
    code = "import json, sys, app; print(json.dumps([name for name in sys.modules if '.' not in name]))"

    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=os.environ, capture_output=True, text=True,
                          check=True)

    assert set(json.loads(done.stdout)) & (HEAVY | ONLY_FOR_DEVELOPMENT) == set()


def test_nothing_scans_a_table_but_what_walks_one_by_pages() -> None:
    named = [f"{short(file)}:{node.lineno}" for file in source_files("chalicelib") for node in ast.walk(parsed(file))
             if isinstance(node, ast.Constant) and node.value == "Scan"]
    allowed = ("store/dynamo/walking.py", "store/dynamo/ledgers.py")
    none_of([each for each in named if not each.rpartition(":")[0].endswith(allowed)])

    calls = [(file, node) for file in source_files("chalicelib") for node in ast.walk(parsed(file))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]

    none_of([f"{short(file)}:{node.lineno}" for file, node in calls if node.func.attr == "scan"])  # type: ignore[attr-defined]


# What things are called, and how long they may get.


def test_things_are_called_by_the_words_of_the_api() -> None:
    wrong = [f"{short(file)}:{line} {name}: say {NOT_OUR_WORDS[word]}"
             for file in source_files("app.py", "chalicelib", "infra") for line, name in _identifiers(file)
             if name not in SPELT_BY_OTHERS for word in _words(name) if word in NOT_OUR_WORDS
             and not (word in ITS_OWN_WORDS and OF_ACTIVITY_PUB in file.parts)]

    none_of(wrong)


def _identifiers(file: Path) -> Iterator[tuple[int, str]]:
    """Names that a file gives: of functions, classes, arguments, variables, attributes."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def _words(name: str) -> list[str]:
    """The words of a name in the singular: `likedStatuses` gives like, status."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return [form for word in spaced.split("_") for form in (word, word.removesuffix("s"), word.removesuffix("d"))]


def test_a_scope_is_oauths_and_a_status_has_a_visibility() -> None:
    files = [file for file in source_files("app.py", "chalicelib")
             if not short(file).startswith(OF_OAUTH) and "/signing_in/" not in short(file)]

    none_of([f"{short(file)}:{line} {name}: say visibility" for file in files for line, name in _all_names(file)
             if name.rpartition("_")[2] == "scope" and name != "default_scope"])


def _all_names(file: Path) -> Iterator[tuple[int, str]]:
    """Names that a file gives or uses."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            yield node.lineno, node.arg


def test_a_visibility_is_a_word_and_no_letter() -> None:
    """The letters that the tables hold are known to one file of the store, and to nobody who could not read them."""
    files = [file for file in source_files("app.py", "chalicelib") if short(file) != KNOWS_THE_LETTERS]

    none_of([f"{short(file)}:{said.lineno} {said.value!r}" for file in files for node in ast.walk(parsed(file))
             for said in _said_of_a_visibility(node) if said.value not in VISIBILITIES])


def _said_of_a_visibility(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts that a visibility is compared with or set to, and those that are taken apart into a set of letters."""
    if isinstance(node, ast.Compare) and any(map(_is_a_visibility, (node.left, *node.comparators))):
        yield from _texts(*node.comparators, node.left)
    elif isinstance(node, ast.keyword) and node.arg in HOLDS_A_VISIBILITY:
        yield from _texts(*([node.value] if isinstance(node.value, ast.Constant) else []))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_a_visibility(node.func.value):
        yield from _texts(*node.args) if node.func.attr == "set" else ()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset"):
        letters = _texts(*(each for each in node.args if isinstance(each, ast.Constant)))
        yield from (each for each in letters if set(str(each.value)) <= LETTERS)


def _is_a_visibility(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr in HOLDS_A_VISIBILITY) or (
        isinstance(node, ast.Name) and node.id in HOLDS_A_VISIBILITY)


def _texts(*nodes: ast.expr) -> Iterator[ast.Constant]:
    for part in (part for each in nodes for part in ast.walk(each)):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part


def test_one_file_decides_who_may_see_a_status() -> None:
    """Elsewhere rules and renderers ask it, and compare no visibility themselves."""
    files = [file for file in source_files("chalicelib/domain", "chalicelib/entities")
             if short(file) != DECIDES_WHO_MAY_SEE]

    wrong = [f"{short(file)}:{node.lineno}" for file in files for node in ast.walk(parsed(file))
             if isinstance(node, ast.Compare) and any(map(_is_a_visibility, (node.left, *node.comparators)))
             and not all(isinstance(each, (ast.Is, ast.IsNot)) for each in node.ops)]

    none_of(wrong)
    assert (CHECKOUT / DECIDES_WHO_MAY_SEE).exists()


def test_a_class_name_occurs_once() -> None:
    """But for a record and its entity, and the `Meta` that PynamoDB wants."""
    places: dict[str, list[str]] = {}
    for file in source_files("chalicelib"):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ClassDef) and node.name != "Meta":
                places.setdefault(node.name, []).append(f"{short(file)}:{node.lineno} {node.name}")

    none_of([place for found in places.values() if len(found) > 1 and not _are_record_and_entity(found)
             for place in found])
    assert len(places) > 300, "the classes are not found any more"


def _are_record_and_entity(places: list[str]) -> bool:
    return sorted(place.split("/")[1] for place in places) == ["entities", "store"]


def test_no_variable_is_called_its() -> None:
    files = source_files("app.py", "chalicelib", "infra", "bench", "tests")

    none_of([f"{short(file)}:{line}" for file in files for line, name in _identifiers(file) if name == "its"])


def test_no_file_has_a_name_that_tells_nothing() -> None:
    files = source_files("chalicelib", "infra", "bench", "tests")

    none_of([short(file) for file in files if file.stem in TELLS_NOTHING or file.parent.name in TELLS_NOTHING])


AT_THE_TOP = {
    ".chalice", ".ci", ".gitignore", "Makefile", "README.md", "app.py", "bench", "chalicelib", "docs", "infra",
    "pyproject.toml", "requirements-dev.txt", "requirements.lock", "requirements.txt", "tests",
}


def test_nothing_else_is_kept_at_the_top() -> None:
    """What a tool or a test leaves behind is kept only by mistake."""
    done = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is no checkout of git")

    assert {name.partition("/")[0] for name in done.stdout.splitlines()} == AT_THE_TOP


def test_a_long_file_has_a_reason() -> None:
    lengths = {short(file): len(file.read_text().splitlines()) for file in source_files("app.py", "chalicelib")}

    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE and file not in LONGER} == {}
    assert [file for file in LONGER if lengths.get(file, 0) <= LONGEST_FILE] == [], "no longer long"


def test_every_module_says_what_it_is() -> None:
    modules = source_files("app.py", "chalicelib")

    none_of([short(file) for file in modules if not ast.get_docstring(parsed(file))])


# Where things are.


def test_a_route_is_in_the_file_that_its_path_names() -> None:
    """By the rule at the top of `endpoints/__init__.py`, or in the list beside it with a reason."""
    files = {path: PurePosixPath(each.place.rpartition(":")[0]).relative_to("chalicelib/endpoints").as_posix()
             for each in DECLARED for path in each.spellings}
    elsewhere = {path: file for path, (file, _) in endpoints.ELSEWHERE.items()}

    none_of([f"{path} is in {file}, the rule says {where.by_rule(path)}" for path, file in sorted(files.items())
             if elsewhere.get(path, where.by_rule(path)) != file])
    none_of([f"{path} is listed, and found without" for path in elsewhere if where.by_rule(path) == elsewhere[path]])
    assert elsewhere.keys() <= files.keys(), "a path is listed that no route has"
    routes = [path for each in DECLARED for path in each.spellings]
    assert sum(path in elsewhere for path in routes) <= len(routes) * 0.05, "a rule with that many exceptions is none"


def test_every_folder_of_a_layer_is_a_subject() -> None:
    layers = [CHECKOUT / layer for layer in (*LAYERS, *(f"tests/{Path(layer).name}" for layer in LAYERS))]
    folders = [folder for layer in layers for folder in layer.iterdir() if any(folder.glob("*.py"))]

    none_of([short(folder) for folder in folders if folder.name not in SUBJECTS | OF_ONE_LAYER.keys()])
    assert {folder.name for folder in folders} >= SUBJECTS, "a subject without any folder"


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    files = Counter(short(file.parent) for file in source_files(*LAYERS) if file.name != "__init__.py")

    none_of([f"{folder}: {count} files" for folder, count in files.items() if count > MOST_FILES_IN_A_FOLDER])


def test_nothing_is_left_to_be_done_later() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")

    none_of([place for place, line in lines_of_the_repository() if marks.search(line)])


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    wrong = [f"{place} {line.strip()[:100]}" for place, line in lines_of_the_repository()
             if PLACES_OF_ONE_MACHINE.search(line) or SOURCE_OF_PACKAGES.search(line)
             or any(not KNOWN_HOSTS.fullmatch(host.lower()) for host in HOST.findall(line))]

    none_of(wrong)


@lru_cache(maxsize=1)
def lines_of_the_repository() -> list[tuple[str, str]]:
    ignored = {line.strip("/\n") for line in (CHECKOUT / ".gitignore").read_text().splitlines()} | {".git"}
    found = []
    for folder, below, names in os.walk(CHECKOUT):
        here = Path(folder)
        below[:] = [name for name in below if name not in ignored and short(here / name) not in ignored]
        for file in (here / name for name in names if Path(name).suffix in TEXT):
            text = file.read_text(errors="replace")
            found += [(f"{short(file)}:{number}", line) for number, line in enumerate(text.splitlines(), 1)]
    return found


def test_the_linter_leaves_out_nothing_that_it_is_told_to_look_at_and_nothing_without_a_reason() -> None:
    lines = (CHECKOUT / "pyproject.toml").read_text().splitlines()
    lint = tomllib.loads("\n".join(lines))["tool"]["ruff"]["lint"]
    left_out = {*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)}
    naming = re.compile(r' +"[A-Z]+\d+",|"[^"]+" = \["[A-Z]+\d')
    unexplained = [line for line in lines if naming.match(line) and "# " not in line]

    assert set(lint["ignore"]) & set(lint["select"]) == set()
    assert [rule for rule in left_out if not rule.startswith(tuple(lint["select"]))] == [], "nobody looks at these"
    none_of(unexplained)


def test_every_kind_of_job_has_a_scenario() -> None:
    """By which `tests/jobs/test_every_job.py` runs it twice, and lets it die at every write."""
    kinds = {each for each in messages.KINDS.values() if each.__module__.startswith("chalicelib.queues.")}

    assert {scenario.kind for scenario in SCENARIOS.values()} == kinds


# What Chalice would only say when it is deployed.


@pytest.mark.parametrize("stage", ["prod", "dev", "local"])
def test_chalice_accepts_the_configuration(stage: str) -> None:
    """`chalice package` does not look; only `chalice deploy` does, too late."""
    validate_configuration(CLIFactory(str(CHECKOUT)).create_config_obj(chalice_stage_name=stage))


# What is said about it all.


def test_every_endpoint_says_what_it_does() -> None:
    none_of([each.place for each in DECLARED if not each.summary.endswith((".", ".)", "?"))])


def test_every_route_is_in_the_document_of_routes() -> None:
    rows = (CHECKOUT / "docs" / "routes.md").read_text().splitlines()
    told = {(method, path) for row in rows if row.startswith("| ")
            for method in row.split("|")[1].split(",") for path in re.findall(r"`([^`]+)`", row.split("|")[2])}
    told = {(method.strip(), served) for method, path in told for served in (path, mirror_of(path))}

    assert {(method, path) for path, methods in app.routes.items() for method in methods} - told == set()


def test_every_setting_has_a_meaning_and_is_in_the_document_of_settings() -> None:
    told = (CHECKOUT / "docs" / "settings.md").read_text()

    none_of([each.name for each in fields(Settings) if not each.metadata.get("meaning")])
    none_of([each.name for each in fields(Settings) if told.count(f"\n| `{variable(each.name)}` |") != 1])


def test_every_variable_that_is_read_anywhere_is_in_the_document_of_settings() -> None:
    told = (CHECKOUT / "docs" / "settings.md").read_text()
    found = [(place, name) for place, line in lines_of_the_repository() for name in re.findall(r"KENOMA_[A-Z_]+", line)]

    none_of([f"{place} {name}" for place, name in found if f"`{name}`" not in told and not name.endswith("_")])


def test_the_document_of_settings_says_which_are_secret() -> None:
    secret = {variable(name) for name in SECRETS} | {"KENOMA_FRONT_KEY"}
    listed = re.search(r"\*\*Secrets\*\* are (.+?)\.", (CHECKOUT / "docs" / "settings.md").read_text(), re.DOTALL)

    marked = {variable(each.name) for each in fields(Settings) if each.metadata["meaning"].startswith("Secret.")}

    assert marked == secret
    assert listed is not None
    assert set(re.findall(r"`(KENOMA_\w+)`", listed[1])) == secret


def test_the_document_of_settings_says_what_the_local_stage_sets(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "environ", {})
    environment.prepare(tmp_path, "http://127.0.0.1:8000", capacity=False)
    told = {variable(each.name): each.metadata["local"] for each in fields(Settings) if each.metadata["local"]}

    assert {name for name in os.environ if name.startswith("KENOMA_")} == told.keys()
    assert environment.DEFAULTS.items() <= told.items()


def test_the_readme_fits_a_newcomers_patience() -> None:
    assert len((CHECKOUT / "README.md").read_text().splitlines()) <= LONGEST_README


def test_the_map_in_the_readme_is_true() -> None:
    """First a tree of folders; then the subjects, whose folders are found in several of them."""
    tree, subjects = folder_maps()
    layers = [CHECKOUT / folder for folder in LAYERS]
    there = {short(file.parent) for file in (CHECKOUT / "chalicelib").rglob("*.py")} - {"chalicelib"}
    named = {*tree, *(f"{layer}/{subject}" for layer in LAYERS for subject in subjects)}

    assert set(subjects) == SUBJECTS
    none_of([f"there is no {path}" for path in tree if not (CHECKOUT / path).exists()])
    none_of([f"no layer has {name}" for name in subjects if not any((layer / name).is_dir() for layer in layers)])
    none_of([f"{folder} is not in it" for folder in sorted(there - named)
             if len(Path(folder).parts) <= PARTS_OF_A_SUBJECT])


def folder_maps() -> tuple[list[str], list[str]]:
    """The paths of the tree, and the names of the subjects."""
    section = (CHECKOUT / "README.md").read_text().partition("## Where things are")[2].partition("\n## ")[0]
    tree, subjects = (block.strip("\n").splitlines() for block in re.findall(r"(?:^ {4}.+\n)+", section, re.MULTILINE))
    above: list[str] = []
    paths = []
    for line in tree:
        depth = (len(line) - len(line.lstrip()) - 4) // 2
        above[depth:] = [line.split()[0].rstrip("/")]
        paths.append("/".join(above))
    return paths, [line.split()[0].rstrip("/") for line in subjects]


def test_the_generated_documents_are_up_to_date() -> None:
    assert docs.stale() == [], "`make docs` writes them"


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = []
    for file in [CHECKOUT / "README.md", *(CHECKOUT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", file.read_text()):
            if not (file.parent / target).exists():
                broken.append(f"{short(file)}: {target}")

    none_of(broken)


def test_tests_that_the_documents_name_are_there() -> None:
    named = {(short(file), name.removeprefix("tests/")) for file in (CHECKOUT / "docs").rglob("*.md")
             for name in re.findall(r"`([\w/]+/test_\w+\.py)", file.read_text())}

    none_of([f"{document}: {name}" for document, name in sorted(named) if not (CHECKOUT / "tests" / name).exists()])
    assert named


def test_functions_of_tests_that_the_documents_name_are_there() -> None:
    named = {(short(file), name) for file in (CHECKOUT / "docs").rglob("*.md")
             for name in re.findall(r"`(test_\w+)`", file.read_text())}
    there = {node.name for file in source_files("tests") for node in ast.walk(parsed(file))
             if isinstance(node, ast.FunctionDef)}

    none_of([f"{document}: {name}" for document, name in sorted(named) if name not in there])
    assert named


def test_what_a_standing_is_made_of_is_written_in_one_place() -> None:
    """Accounts are listed and counted by their standing, which changes with these attributes or not at all."""
    elsewhere = []
    for file in source_files("chalicelib"):
        name = file.relative_to(CHECKOUT).as_posix()
        for node in ast.walk(parsed(file)):
            match node:
                case ast.Call(func=ast.Attribute(attr="set" | "remove", value=ast.Attribute(
                        attr=attribute, value=ast.Name(id="Account")))) if attribute in OF_A_STANDING:
                    elsewhere.append(f"{name}:{node.lineno} {attribute}") if name != WRITES_STANDINGS else None
                case ast.Call(func=ast.Attribute(attr="set" | "remove", value=ast.Call(
                        func=ast.Name(id="getattr"), args=[ast.Name(id="Account"), _]))) if name not in WRITES_BY_NAME:
                    elsewhere.append(f"{name}:{node.lineno} by name")
    assert elsewhere == []
    assert {*standings.DECIDING, "standing"} == OF_A_STANDING


def test_what_the_makefile_runs_can_be_run() -> None:
    """A module that is run does something by itself: another one of its name would end at once, and say nothing."""
    run = set(re.findall(r"\$\(RUN\) -m ((?:bench|infra|tests)[\w.]*)", (CHECKOUT / "Makefile").read_text()))
    files = {name: CHECKOUT / name.replace(".", "/") for name in run}
    ends = {name: file / "__main__.py" if file.is_dir() else file.with_suffix(".py") for name, file in files.items()}

    none_of([name for name, file in sorted(ends.items())
             if not file.exists() or '__name__ == "__main__"' not in file.read_text()])
    assert "bench.sockets" in run


def test_no_pattern_repeats_a_group_of_several_ways_possessively() -> None:
    """Python before 3.11.5 goes wrong there: it matches too much, or nothing, for ever. Debian 12 has 3.11.2.

    A class of characters, or a group that is one text, may be repeated so.
    """
    found = re.compile(r"\((?:\?:)?[^()]*[|][^()]*(?:\([^()]*\)[^()]*)*\)(?:\+\+|\*\+)")

    none_of([f"{short(file)}:{number}" for file in source_files("chalicelib")
             for number, line in enumerate(file.read_text().splitlines(), 1)
             if "re.compile" in line or line.lstrip().startswith(("r\"", "rf\"", "rb\"")) if found.search(line)])
