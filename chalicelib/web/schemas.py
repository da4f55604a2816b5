"""JSON schemas of reply types, for the OpenAPI document."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, is_typeddict

from .kinds import Schema
from .paging import Paged
from .replies import FileReply, Reply

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"}, bool: {"type": "boolean"},
    type(None): {"type": "null"}, None: {"type": "null"}, Any: {}, object: {}, dict: {"type": "object"},
    list: {"type": "array", "items": {}}, FileReply: {"type": "string", "format": "binary"},
}


def first_paragraph(text: str | None) -> str:
    return (text or "").strip().partition("\n\n")[0].replace("\n", " ")


class Schemas:
    """JSON schemas of reply types. Every TypedDict becomes a component, which others refer to by name."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}
        self._shapes: dict[str, Any] = {}

    def of(self, annotation: Any) -> Schema:
        if is_typeddict(annotation):
            return self._component(annotation)
        try:
            return dict(_PLAIN[annotation])
        except (KeyError, TypeError):
            pass
        return self._generic(annotation, get_origin(annotation), get_args(annotation))

    def _generic(self, annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> Schema:
        if origin in (Reply, NotRequired, Required, typing.Annotated):
            return self.of(arguments[0])
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is Paged or (isinstance(origin, type) and issubclass(origin, (list, tuple, set, frozenset))):
            return {"type": "array", "items": self.of(arguments[0])}
        if isinstance(origin, type) and len(arguments) == 2:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        return self.of(annotation.__supertype__) if hasattr(annotation, "__supertype__") else {}

    def _component(self, shape: Any) -> Schema:
        name = shape.__name__
        if self._shapes.get(name, shape) is not shape:
            name = f"{shape.__module__.rpartition('.')[2].title()}{name}"
        if name not in self._shapes:
            self._shapes[name] = shape
            self.named[name] = self._object(shape)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, shape: Any) -> Schema:
        hints = typing.get_type_hints(shape, include_extras=True)
        properties = {key: self.of(hint) for key, hint in hints.items()}
        required = [key for key, hint in hints.items()
                    if get_origin(hint) is not NotRequired and key not in shape.__optional_keys__]
        schema: Schema = {"type": "object", "properties": properties}
        if shape.__doc__ and not shape.__doc__.startswith("dict("):
            schema["description"] = first_paragraph(shape.__doc__)
        return schema | ({"required": required} if required else {})
