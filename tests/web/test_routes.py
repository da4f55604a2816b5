"""Which route a path belongs to."""

import pytest

from chalicelib.web.routes import Routes

ROUTES = Routes([
    "/", "/api/v1/statuses", "/api/v1/statuses/{id}", "/api/v1/statuses/{id}/favourite", "/api/v1/accounts/search",
    "/api/v1/accounts/{id}/statuses", "/emoji/{pack}/{part1}",
    "/@{nickname}", "/@{nickname}/with_replies",
])  # fmt: skip


@pytest.mark.parametrize(
    ("path", "route", "parameters"),
    [
        ("/", "/", {}),
        ("/api/v1/statuses", "/api/v1/statuses", {}),
        ("/api/v1/statuses/", "/api/v1/statuses", {}),
        ("/api/v1/statuses/9x", "/api/v1/statuses/{id}", {"id": "9x"}),
        ("/api/v1/statuses/9x/favourite/", "/api/v1/statuses/{id}/favourite", {"id": "9x"}),
        ("/api/v1/accounts/search", "/api/v1/accounts/search", {}),
        ("/api/v1/accounts/bob/statuses", "/api/v1/accounts/{id}/statuses", {"id": "bob"}),
        ("/@alice", "/@{nickname}", {"nickname": "alice"}), ("/%40alice/", "/@{nickname}", {"nickname": "alice"}),
        ("/@a@b", "/@{nickname}", {"nickname": "a@b"}), ("/@%40", "/@{nickname}", {"nickname": "%40"}),
        ("/@alice/with_replies", "/@{nickname}/with_replies", {"nickname": "alice"}),
        ("/emoji/a%2Fb/%F0%9F%94%A5", "/emoji/{pack}/{part1}", {"pack": "a%2Fb", "part1": "%F0%9F%94%A5"}),
    ],
)
def test_a_path_finds_its_route(path: str, route: str, parameters: dict[str, str]) -> None:
    assert ROUTES.find(path) == (route, parameters)


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v1", "/api/v1/statuses//", "/api/v1/statuses//favourite", "//api/v1/statuses",
     "/api/v1/accounts/search/statuses", "/api/v1/accounts/bob", "/emoji/a/b/c", "*", "/alice",
     "/@", "/%40", "/@/with_replies", "/api/@alice"],
)  # fmt: skip
def test_other_paths_find_none(path: str) -> None:
    """A fixed word is never tried as a parameter, because the gateway does not do that either."""
    assert ROUTES.find(path) is None


def test_one_parameter_has_one_name() -> None:
    with pytest.raises(ValueError, match=r"stands where \{id\} stood"):
        Routes(["/a/{id}", "/a/{other}/b"])
