"""moto made quicker: what it works out anew at each call, though the answer is always the same.

Nothing answers otherwise than before (`tests/infra/test_tamed_moto.py`). Of the time of the tests, two thirds are
moto's. It reads and checks update expressions in a dozen walks through their trees, adds up the size of an item for
each of its attributes, looks for the service of a call among three hundred patterns, and draws the letters of request
ids one by one.
"""

import copy
import functools
import importlib
import random
import string
from collections.abc import Callable
from typing import Any

LARGEST_ITEM = 405_000
"""Bytes from which on moto refuses an item."""
ASKED_MOST = ("dynamodb", "sqs")


def quicken_moto() -> None:
    """Patch moto. Called by `tame_moto`, once."""
    _read_expressions_once()
    _walk_trees_quickly()
    _find_clauses_quickly()
    _add_up_sizes_when_it_matters()
    _know_names_and_services()


def _untyped(name: str) -> Any:
    """A module of moto that has no types."""
    return importlib.import_module(f"moto.dynamodb.parsing.{name}")


def _read_expressions_once() -> None:
    """Keep the trees of update expressions. Whoever changes one does so in a copy."""
    nodes, parser = _untyped("ast_nodes"), _untyped("expressions").UpdateExpressionParser

    read = functools.lru_cache(maxsize=4096)(parser.make)

    def copied(self: Any, memo: dict[int, Any]) -> Any:
        made = object.__new__(type(self))
        memo[id(self)] = made
        made.__dict__.update(self.__dict__)
        if self.children is not None:
            made.children = [copy.deepcopy(child, memo) for child in self.children]
        made.parent = copy.deepcopy(self.parent, memo)
        return made

    setattr(parser, "make", staticmethod(read))  # noqa: B010
    setattr(nodes.Node, "__deepcopy__", copied)  # noqa: B010


def _walk_trees_quickly() -> None:
    """Ask a walk once which kinds of nodes it changes."""
    nodes = _untyped("ast_nodes")

    is_one_of: Callable[[type, Any], bool] = functools.cache(issubclass)

    def traverse(self: Any, node: Any) -> Any:
        return walk(self, node, tuple(self.nodes_to_be_processed()), -1)

    def walk(self: Any, node: Any, kinds: tuple[type, ...], place: int) -> Any:
        if not is_one_of(type(node), nodes.Node):
            return node
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, number)
            walk(self, child, kinds, number)
        if is_one_of(type(node), kinds):
            node = self.process(node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    setattr(nodes.DepthFirstTraverser, "traverse", traverse)  # noqa: B010


def _find_clauses_quickly() -> None:
    """Ask each kind of node once whether there may be clauses below it."""
    nodes = _untyped("ast_nodes")

    is_one_of: Callable[[type, Any], bool] = functools.cache(issubclass)

    def find_clauses(self: Any, kinds: Any) -> list[Any]:
        found: list[Any] = []
        for child in self.children or ():
            if type(child) in kinds:
                found.append(child)
            elif is_one_of(type(child), (nodes.Expression, nodes.UpdateExpressionFunction)):
                found.extend(child.find_clauses(kinds))
        return found

    setattr(nodes.Node, "find_clauses", find_clauses)  # noqa: B010


def _add_up_sizes_when_it_matters() -> None:
    """Add up an item exactly only if all that was ever put into it could be too much."""
    from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict

    exact = LimitedSizeDict.__setitem__

    def put(self: Any, key: str, value: Any) -> None:
        size = len(key) * 4 + (value.size() if type(value) is DynamoType else len(str(value)) * 4)
        before = getattr(self, "at_most", None if self else 0)  # a copy has been filled without being counted
        if before is None or before + size > LARGEST_ITEM:
            exact(self, key, value)
        else:
            self.at_most = before + size
            dict.__setitem__(self, key, value)

    setattr(LimitedSizeDict, "__setitem__", put)  # noqa: B010


def _know_names_and_services() -> None:
    from moto import backend_index
    from moto.core import responses
    from moto.core.utils import camelcase_to_underscores
    from moto.moto_api._internal.moto_random import MotoRandom
    from moto.sqs import models

    letters = string.ascii_letters + string.digits
    spelt = functools.cache(camelcase_to_underscores)
    drawn = MotoRandom.get_random_string

    def get_random_string(self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False) -> str:
        if include_digits and not lower_case:
            return "".join(random.choices(letters, k=length))
        return str(drawn(self, length, include_digits, lower_case))

    setattr(responses, "camelcase_to_underscores", spelt)  # noqa: B010
    setattr(models, "camelcase_to_underscores", spelt)  # noqa: B010
    setattr(MotoRandom, "get_random_string", get_random_string)  # noqa: B010
    backend_index.backend_url_patterns.sort(key=lambda named: named[0] not in ASKED_MOST)
