"""`make where P=/api/v1/statuses/1/favourite`: which functions answer a path, and where they stand."""

import sys

from chalicelib import endpoints
from chalicelib.web.finding import where


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit("Say which path: make where P=/api/v1/statuses/1/favourite")
    endpoints.load()
    lines = where(sys.argv[1])
    if not lines:
        sys.exit(f"No route answers {sys.argv[1]}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
