"""Parameters: the typed arguments of an endpoint function, read from what a request carries.

The function's signature is the declaration: the type is the check, a default makes the parameter optional.

    str int float                     text; whole number (also as digits); number
    Flag, StrictFlag                  boolean-like; true/false only
    Literal["a", "b"]                 one word of an enumeration
    list[T], StrictList[T]            a bare single value is a list of one; or is refused
    dict[str, T], Any                 a map; anything at all
    FlakeId                           an id; a text that cannot be one is an id that nothing has. Alone at the end of a
                                      path it is no word: that would be a path of a newer API
    AnyId                             the same where no newer API has words: a word is an unknown id too
    DateTime, date                    a time; a day
    EmailAddress                      what looks like one
    Filled                            a text that is not blank
    SentFile, str | SentFile          file of a multipart form; or a text
    SomeDataclass                     a nested object, with its own required and optional fields
    Flat[SomeDataclass]               the request's own fields gathered in one argument
    Loose[T]                          T or None, never a 400: for endpoints that report their own errors
    Blankable[T]                      T, or None for a text of blanks: forms send fields that nobody filled in

`Annotated[T, "description", MaxLength(100), Named("share-files")]` documents, bounds and renames a parameter; a list
has `MinItems(1)`. Null
counts as absent in an optional parameter.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Container, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from ..domain.refusals import BadRequest
from . import kinds, shapes
from .body import SentFile
from .kinds import Kind, ParameterFault, Wrong

T = TypeVar("T")
_FLAT, _LOOSE, _STRICT_LIST, _BLANKABLE = object(), object(), object(), object()


@dataclass(frozen=True)
class MaxLength:
    characters: int


@dataclass(frozen=True)
class MinLength:
    characters: int


@dataclass(frozen=True)
class MinItems:
    """A list has so many members or more."""

    number: int


@dataclass(frozen=True)
class Named:
    """The parameter's name in the request, where Python cannot spell it."""

    name: str


FLAG, STRICT_FLAG, ID, MOMENT = kinds.LooseBoolean(), kinds.StrictBoolean(), kinds.Id(), kinds.Moment()
Flag = Annotated[bool, FLAG]
StrictFlag = Annotated[bool, STRICT_FLAG]
FlakeId = Annotated[str, ID]
AnyId = Annotated[str, kinds.Id()]
DateTime = Annotated[datetime, MOMENT]
EmailAddress = Annotated[str, kinds.Email()]
Filled = Annotated[str, kinds.FilledText()]
Loose = Annotated[T | None, _LOOSE]
Blankable = Annotated[T | None, _BLANKABLE]
Flat = Annotated[T, _FLAT]
StrictList = Annotated[list[T], _STRICT_LIST]


class InvalidParameters(BadRequest):
    """400 with one sentence and one entry of `errors` for each fault."""

    def __init__(self, faults: list[ParameterFault]) -> None:
        super().__init__(
            " ".join(fault.sentence for fault in faults),
            errors=[
                {"title": "Invalid value", "source": {"pointer": "/" + "/".join(fault.path)}, "message": fault.message}
                for fault in faults
            ],
            **{fault.path[0]: fault.own_key for fault in faults if fault.own_key},
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as declared. `members`: a flat group, whose fields are parameters themselves."""

    argument: str
    name: str
    kind: Kind
    required: bool
    nullable: bool  # without a default, and None is allowed
    default: Any
    description: str
    in_path: bool = False
    members: tuple[Parameter, ...] = ()
    build: Callable[..., Any] | None = None


def read(parameters: tuple[Parameter, ...], values: Mapping[str, Any], faults: list[ParameterFault],
         blank_counts: Container[str] | None = None) -> dict[str, Any]:
    """The arguments for the parameters that are present and valid. Faults of the others are added to `faults`.

    `blank_counts`: the names whose empty text counts as a value for every type (None: all names). For other names,
    those of a query, an empty text counts as absent unless the type is a text.
    """
    arguments: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.build is not None:
            before = len(faults)
            members = read(parameter.members, values, faults, blank_counts)
            if len(faults) == before:
                arguments[parameter.argument] = parameter.build(**members)
            continue
        name = parameter.name
        value = values.get(name, MISSING)
        if value == "" and not parameter.kind.textual and blank_counts is not None and name not in blank_counts:
            value = MISSING
        if value is MISSING or (value is None and not parameter.required):
            if parameter.required:
                faults.append(ParameterFault((name,), f"Missing field: {name}", own_key=parameter.kind.blank))
            elif parameter.nullable:
                arguments[parameter.argument] = None
            continue
        try:
            arguments[parameter.argument] = parameter.kind.read(value)
        except Wrong as wrong:
            faults.extend(fault.within(name) for fault in wrong.faults)
    return arguments


# From a signature to parameters.


def parameter_of(argument: str, annotation: Any, default: Any = MISSING, *, in_path: bool = False) -> Parameter:
    """Compile one argument or dataclass field. TypeError: a type that no request can carry."""
    base, notes = _unwrapped(annotation)
    loose, flat = _LOOSE in notes, _FLAT in notes
    base, optional = _without_none(base)
    base, inner_notes = _unwrapped(base)
    notes = [*inner_notes, *notes]
    name = next((note.name for note in notes if isinstance(note, Named)), argument)
    description = " ".join(note for note in notes if isinstance(note, str))
    if flat:
        members = _members_of(base)
        return Parameter(argument, name, kinds.Anything(), False, False, MISSING, description, members=members,
                         build=base)
    kind = _kind(base, notes, in_path)
    if loose:
        kind = shapes.Forgiving(kind)
    if _BLANKABLE in notes:
        kind = shapes.Blankable(kind)
    has_default = default is not MISSING
    required = not (has_default or optional or loose)
    return Parameter(argument, name, kind, required, not (required or has_default), default, description, in_path)


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    if get_origin(annotation) is Annotated:
        base, *notes = get_args(annotation)
        return base, notes
    return annotation, []


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    rest = [each for each in get_args(annotation) if each is not type(None)]
    return Union[tuple(rest)], len(rest) < len(get_args(annotation))  # noqa: UP007 - made, not written


def _kind(base: Any, notes: list[Any], in_path: bool = False) -> Kind:
    declared = next((note for note in notes if isinstance(note, Kind)), None)
    if declared is not None:
        return declared
    if base is str:
        shortest = next((note.characters for note in notes if isinstance(note, MinLength)), None)
        longest = next((note.characters for note in notes if isinstance(note, MaxLength)), None)
        return kinds.Text(shortest, longest, in_path=in_path)
    if base in _PLAIN:
        return _PLAIN[base]
    origin, arguments = get_origin(base), get_args(base)
    if origin is Literal and all(isinstance(word, str) for word in arguments):
        return kinds.Choice(arguments)
    if base is list or origin is list:
        least = next((note.number for note in notes if isinstance(note, MinItems)), 0)
        return shapes.Listing(_nested(*arguments or (Any,)), strict=_STRICT_LIST in notes, least=least)
    if base is dict or origin is dict:
        return shapes.Mapped(_nested(arguments[1] if arguments else Any))
    if origin in (Union, types.UnionType):
        return shapes.Either(tuple(_nested(each) for each in arguments))
    if is_dataclass(base):
        return _group(base)
    raise TypeError(f"{base!r} is no type of a parameter (a boolean is a Flag or a StrictFlag)")


_PLAIN: dict[Any, Kind] = {
    int: kinds.Integer(), float: kinds.Number(), Any: kinds.Anything(), SentFile: kinds.File(), datetime: MOMENT,
    date: kinds.Day(),
}


def _nested(annotation: Any) -> Kind:
    base, notes = _unwrapped(annotation)
    return _kind(base, notes)


def _group(shape: Any) -> shapes.Group:
    members = _members_of(shape)

    def read_members(values: Mapping[str, Any]) -> dict[str, Any]:
        faults: list[ParameterFault] = []
        arguments = read(members, values, faults)
        if faults:
            raise Wrong(*faults)
        return arguments

    return shapes.Group(shape, read_members, lambda: schema_of(members))


def _members_of(shape: Any) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(shape, include_extras=True)
    return tuple(
        parameter_of(each.name, hints[each.name], each.default if each.default_factory is MISSING else None)
        for each in fields(shape)
    )


def schema_of(members: tuple[Parameter, ...]) -> kinds.Schema:
    """The JSON schema of an object with these members."""
    properties = {member.name: described(member) for member in members}
    required = [member.name for member in members if member.required]
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def described(parameter: Parameter) -> kinds.Schema:
    """The schema of one parameter, with its default and description."""
    schema = parameter.kind.schema()
    if parameter.default not in (MISSING, None) and isinstance(parameter.default, (str, int, float, bool)):
        schema = schema | {"default": parameter.default}
    return schema | ({"description": parameter.description} if parameter.description else {})


def flattened(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """All parameters one by one, also those of flat groups."""
    return tuple(each for parameter in parameters for each in (parameter.members or (parameter,)))


@lru_cache
def _code(annotation: str) -> types.CodeType:
    return compile(annotation, "<annotation>", "eval")


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """As `typing.get_type_hints`, for functions of a module whose annotations are texts.

    Each cold start reads hundreds of them, and this takes a third of the time.
    """
    return {name: eval(_code(annotation), function.__globals__) if isinstance(annotation, str) else annotation
            for name, annotation in function.__annotations__.items()}


def arguments_of(function: Callable[..., Any], hints: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Name, annotation and default (or MISSING) of each argument. TypeError: one has no annotation."""
    found: list[tuple[str, Any, Any]] = []
    for name, default in _with_defaults(function):
        if name not in hints:
            raise TypeError(f"argument {name} has no type")
        found.append((name, hints[name], default))
    return found


def _with_defaults(function: Callable[..., Any]) -> list[tuple[str, Any]]:
    """Name and default of each argument. `inspect.signature` takes ten times as long."""
    code = function.__code__
    names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
    last = dict(zip(reversed(names[:code.co_argcount]), reversed(function.__defaults__ or ()), strict=False))
    defaults = last | (function.__kwdefaults__ or {})
    return [(name, defaults.get(name, MISSING)) for name in names]
