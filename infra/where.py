"""`make where P=/api/v1/statuses/1/favourite`: which functions answer a path, and in which files."""

import sys
from pathlib import Path

from chalicelib import endpoints
from chalicelib.web.finding import file_by_rule, where

FOLDER = Path(endpoints.__file__).parent


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit("Say which path: make where P=/api/v1/statuses/1/favourite")
    endpoints.load()
    lines = where(sys.argv[1])
    if not lines:
        sys.exit(f"No route answers {sys.argv[1]}")
    print("\n".join(lines))


def by_rule(path: str) -> str | None:
    """The file by the rule in `endpoints/__init__.py`, relative to the folder of the endpoints."""
    return file_by_rule(path, endpoint_files())


def endpoint_files() -> list[str]:
    """All files that declare routes, relative to the folder of the endpoints."""
    files = (file.relative_to(FOLDER) for file in FOLDER.rglob("*.py"))
    return sorted(file.as_posix() for file in files if file.name != "__init__.py")


if __name__ == "__main__":
    main()
