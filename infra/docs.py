"""`make docs` writes the documents that are made from the code; with `--check` it only says which are out of date."""

import sys
from collections.abc import Callable
from pathlib import Path

from chalicelib import endpoints
from chalicelib.web.finding import routes_markdown

CHECKOUT = Path(__file__).resolve().parents[1]
DOCUMENTS: dict[str, Callable[[], str]] = {"docs/routes.md": routes_markdown}


def main() -> None:
    endpoints.load()
    stale = []
    for name, make in DOCUMENTS.items():
        file, text = CHECKOUT / name, make()
        if file.exists() and file.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            print(f"Wrote {name}")
    if stale and "--check" in sys.argv:
        sys.exit(f"Out of date: {', '.join(stale)}. `make docs` writes them.")


if __name__ == "__main__":
    main()
