"""Scopes: which ones are missing, in the words of the refusal."""

from __future__ import annotations

import pytest

from chalicelib.web.scopes import missing


@pytest.mark.parametrize(("held", "wanted", "lacking"), [
    (["write"], ("write:media",), ""), (["write:media"], ("write",), "write"),
    (["read"], ("write:media",), "write:media"),
    (["read"], ("follow", "write:blocks"), "follow | write:blocks"), (["follow"], ("follow", "write:blocks"), ""),
    (["wri"], ("write",), "write"), (["write:media:small"], ("write:media",), "write:media"), ([], ("read",), "read"),
    ([], (), ""), (["admin"], ("admin:read:accounts",), ""), (["admin:read"], ("admin:write",), "admin:write"),
])
def test_any_of_the_wanted_scopes_is_enough(held, wanted, lacking):
    assert missing(held, wanted) == lacking


def test_where_all_are_wanted_the_lacking_ones_are_named():
    assert missing(["read"], ("read:lists", "write", "follow"), all_of=True) == "write & follow"
    assert missing(["read", "write"], ("read:lists", "write"), all_of=True) == ""
