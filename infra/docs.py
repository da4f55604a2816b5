"""`make docs` writes the documents that are made from the code. With `--check` it only says which are out of date.

A document is made as a whole, or has a part between two marks (`<!-- made: settings -->` and `<!-- /made -->`).
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from chalicelib import endpoints, store
from chalicelib.settings import Settings, settings, variable
from chalicelib.store.dynamo.table import Record
from chalicelib.web.finding import routes_markdown

from . import resources

CHECKOUT = Path(__file__).resolve().parents[1]

# What only the local stage and the tests read: variable, default, meaning.
LOCAL_ONLY = (
    ("HOST", "127.0.0.1", "Where `make run` listens"),
    ("PORT", "8000", "Where `make run` listens"),
    ("KENOMA_DATA_DIR", ".kenoma", "Where the local stage keeps everything"),
    ("KENOMA_LOCAL_DYNAMODB", "auto", "`dynamodb-local`, `moto`, or `auto`: DynamoDB Local if it can run, else moto"),
    ("KENOMA_LOCAL_PASSWORD", "kenoma-local", "Password that `admin`, `alice` and `bob` are made with"),
    ("KENOMA_LOCAL_SOCKET_IDLE", "600", "Seconds after which a socket is closed that nobody says anything by, as API "
     "Gateway does"),
    ("KENOMA_LOCAL_SOCKET_LIFE", "7200", "Seconds after which every socket is closed, as API Gateway does"),
    ("KENOMA_LOCAL_JOBS", "on", "`off`: queues and schedules do not run"),
    ("KENOMA_TEST_DYNAMODB", "moto", "Which DynamoDB the tests run on: `moto` or `dynamodb-local`"),
    ("KENOMA_TEST_STEPS", "150", "How many random operations the tests of counters do before they recount"),
    ("KENOMA_TEST_DOCUMENT", "on", "`off`: replies are not held against the OpenAPI document, to see what that costs"),
    ("KENOMA_TEST_SIZE", "small", "`full`: 50 clients at once, 20,000 followers, a deleted account of 5,000 statuses, "
     "a list of 5,000 names, a thread of 500 replies, a profile of 5,000 statuses"),
    ("KENOMA_TEST_FRONTEND", "empty", "A zip with a built web client, for `tests/browser/test_web_client.py`"),
)


def main() -> None:
    checking = "--check" in sys.argv[1:]
    names = stale()
    if checking and names:
        sys.exit(f"Out of date: {', '.join(names)}. `make docs` writes them.")
    for name in names:
        file = CHECKOUT / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(WHOLE[name]() if name in WHOLE else _with_parts(file))
        print(f"Wrote {name}")


def stale() -> list[str]:
    """The documents that differ from what the code says now."""
    endpoints.load()
    found = [name for name, make in WHOLE.items() if _text(CHECKOUT / name) != make()]
    return found + [name for name in PARTLY if _text(CHECKOUT / name) != _with_parts(CHECKOUT / name)]


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _with_parts(file: Path) -> str:
    """The document, with each part between marks made anew. ValueError: nothing makes a part, or there is none."""
    def made(match: re.Match[str]) -> str:
        if match[1] not in PARTS:
            raise ValueError(f"{file.name}: nothing makes {match[1]}")
        return f"<!-- made: {match[1]} -->\n\n{PARTS[match[1]]()}\n\n<!-- /made -->"

    text, count = re.subn(r"<!-- made: (\w+) -->.*?<!-- /made -->", made, _text(file), flags=re.DOTALL)
    if not count:
        raise ValueError(f"{file.name} has no part to be made")
    return text


def settings_tables() -> str:
    """Every setting, under the headings of `Settings`. At the end, what only the local stage and the tests read."""
    known = {each.name: each for each in fields(Settings)}
    lines: list[str] = []
    for line in inspect.getsource(Settings).splitlines():
        heading, name = re.fullmatch(r" {4}## (.+)", line), re.match(r" {4}(\w+): .*= _setting\(", line)
        if heading:
            lines += _begun(heading[1])
        elif name:
            lines.append(_setting_row(known[name[1]]))
    lines += _begun("The local stage and the tests")
    lines += [_row(f"`{name}`", "not read", _shown(default), "", meaning) for name, default, meaning in LOCAL_ONLY]
    return "\n".join(lines).lstrip()


def _begun(heading: str) -> list[str]:
    return ["", f"## {heading}", "", "| variable | default | with `make run` | while it runs | meaning |",
            "|---|---|---|---|---|"]


def _setting_row(each: Field[Any]) -> str:
    """Variable, default when deployed, what `make run` sets instead, where administrators change it, meaning."""
    local, place = each.metadata["local"] or "", each.metadata["place"]
    while_it_runs = f"`{' '.join(place.path)}`" if place else ""
    return _row(f"`{variable(each.name)}`", _shown(each.default), local, while_it_runs, each.metadata["meaning"])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`{default}`" if default != "" else "empty"


# Tables.


def tables_markdown() -> str:
    """Every table with its keys, indexes and the models that read it, from `infra/resources.json` and `store/`."""
    lines = ["# Tables", "", "Made by `make docs` from `infra/resources.json` and the models of `chalicelib/store/`; "
             "do not edit. [data-model.md](data-model.md) tells why they are as they are.", "",
             "| table | key | local indexes | global indexes | expires | recoverable |", "|---|---|---|---|---|---|"]
    tables = dict(_tables())
    lines += [_overview(name, properties) for name, properties in tables.items()]
    by_table = _models()
    for name in tables:
        lines += ["", f"## {name}", ""]
        if name not in by_table:
            lines.append("No code reads it yet: it waits for its capability, since local indexes cannot come later.")
        for model in by_table.get(name, []):
            lines += [f"- **{model.__name__}** (`{_file(model)}`): {_told(model)}"]
    return "\n".join([*lines, ""])


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in resources.load()["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            properties = resource["Properties"]
            yield properties["TableName"]["Fn::Sub"].partition("}")[2], properties


def _overview(name: str, table: dict[str, Any]) -> str:
    cells = (
        f"[{name}](#{name})", _keys(table["KeySchema"]),
        "; ".join(map(_index, table.get("LocalSecondaryIndexes", ()))),
        "; ".join(map(_index, table.get("GlobalSecondaryIndexes", ()))),
        f"`{table['TimeToLiveSpecification']['AttributeName']}`" if "TimeToLiveSpecification" in table else "",
        "yes" if table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] else "no",
    )
    return _row(*cells)


def _keys(schema: list[dict[str, str]]) -> str:
    return ", ".join(f"`{key['AttributeName']}`" for key in schema)


def _index(index: dict[str, Any]) -> str:
    projected = index["Projection"]
    extra = {"ALL": " with all", "KEYS_ONLY": ""}.get(projected["ProjectionType"])
    if extra is None:
        extra = " with " + ", ".join(f"`{name}`" for name in projected["NonKeyAttributes"])
    return f"**{index['IndexName']}** {_keys(index['KeySchema'])}{extra}"


def _models() -> dict[str, list[type[Record]]]:
    for module in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
        importlib.import_module(module.name)
    found: dict[str, list[type[Record]]] = {}
    waiting = [Record]
    while waiting:
        for model in waiting.pop(0).__subclasses__():
            waiting.append(model)
            if model.__module__.startswith(f"{store.__name__}."):
                found.setdefault(model.Meta.table_name.removeprefix(settings.table_prefix), []).append(model)
    return {name: sorted(models, key=_line) for name, models in found.items()}


def _line(model: type[Record]) -> tuple[str, int]:
    return model.__module__, inspect.getsourcelines(model)[1]


def _file(model: type[Record]) -> str:
    return model.__module__.replace(".", "/") + ".py"


def _told(model: type[Record]) -> str:
    return " ".join((inspect.cleandoc(model.__doc__ or "")).split()).replace("|", "\\|")


WHOLE: dict[str, Callable[[], str]] = {"docs/routes.md": routes_markdown, "docs/tables.md": tables_markdown}
PARTLY = ("docs/settings.md",)
PARTS: dict[str, Callable[[], str]] = {"settings": settings_tables}


if __name__ == "__main__":
    main()
