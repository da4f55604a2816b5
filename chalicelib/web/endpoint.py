"""@endpoint: one declaration is the route, the authorisation, the check of the parameters and the document.

    @endpoint("POST", "/api/v1/statuses/{id}/favourite",
              auth=signed_in("write:favourites"), limits=(STATUSES_ACTIONS, STATUS_ID_ACTION.per("favourite", "id")))
    def favourite(viewer: Viewer, id: FlakeId) -> entities.Status:
        \"\"\"Favourite a status. A second favourite answers the same and counts once.\"\"\"

The machinery fills `viewer: Viewer` (or `Viewer | None`), `caller: Caller`, `page: Page` and `request: Request`, which
it knows by their types. Every other argument is a parameter (`params`). If the path has the name, the value is taken
from the path. A declaration that lacks something fails when it is imported.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..domain.signing_in.signing_in import Caller
from ..domain.viewer import Viewer
from . import idempotency
from .auth import Auth, Need
from .kinds import Id, PathId
from .limits import Limit
from .paging import Page, Sizes
from .params import ID, Parameter, arguments_of, flattened, hints_of, parameter_of
from .request import Request

F = TypeVar("F", bound=Callable[..., Any])
Ahead = Callable[..., Iterable[Any]]
SINCE_MASTODON_4 = 1_668_384_000
"""When Mastodon 4.0 came, which has newer forms of a few things."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PROJECT = Path(__file__).resolve().parents[2]
PREFIXES = ("/api/pleroma/", "/api/v1/pleroma/")
"""What Pleroma's own paths begin with, in both generations of clients. Each such path is served below both."""
ADMINISTRATION, NEWER_ADMINISTRATION = "/api/pleroma/admin/", "/api/v1/pleroma/admin/"
_IN_PATH = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Endpoint:
    """One declared endpoint. `machinery` maps an argument to what fills it: viewer, caller, page or request."""

    method: str
    path: str
    also: tuple[str, ...]
    head: bool
    auth: Auth
    limits: tuple[Limit, ...]
    ahead: Ahead | None
    shared: int
    refuses: tuple[int, ...]
    raw: bool
    function: Callable[..., Any]
    returns: Any = None
    machinery: tuple[tuple[str, type], ...] = ()
    in_path: tuple[Parameter, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    sizes: Sizes = field(default_factory=Sizes)
    deprecated: int = 0

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n\n")[0].replace("\n", " ")

    @property
    def description(self) -> str:
        return (inspect.getdoc(self.function) or "").partition("\n\n")[2]

    @property
    def refused(self) -> tuple[int, ...]:
        """The statuses with which a request may be refused, each with the body of an error."""
        return tuple(sorted({*self.refuses, *self._refused_anyway()}))

    def _refused_anyway(self) -> Iterator[int]:
        """The statuses of refusals that follow from the declaration."""
        yield from (400, 413, 503)  # no body that can be read; too large; too many change the same item
        if self.auth.need is not Need.NOBODY:
            yield 429  # wrong passwords of HTTP Basic are counted
            if not self.auth.open:
                yield 403
            if self.auth.need is Need.SESSION and self.method != "GET":
                yield 401
            if self.method != "GET":
                yield 422  # an item is full
            if self.method in idempotency.METHODS and self.path.startswith("/api/"):
                yield 409
        if self.limits:
            yield 429
        if any(isinstance(each.kind, Id) for each in self.in_path):
            yield 404

    @property
    def spellings(self) -> tuple[str, ...]:
        """The paths that the declaration names."""
        return (self.path, *self.also)

    @property
    def mirrored(self) -> Iterator[str]:
        """The same paths below the other prefix."""
        for path in self.spellings:
            other = mirror_of(path)
            if other is not None and other not in self.spellings:
                yield other

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is served."""
        return (*self.spellings, *self.mirrored)

    @property
    def routes(self) -> Iterator[tuple[str, str]]:
        """Each path with each method that it is asked by."""
        for path in self.paths:
            for method in (self.method, "HEAD") if self.head else (self.method,):
                yield path, method

    @property
    def is_administration(self) -> bool:
        return self.path.startswith((ADMINISTRATION, NEWER_ADMINISTRATION))

    @property
    def paged(self) -> bool:
        return any(kind is Page for _, kind in self.machinery)

    @property
    def name(self) -> str:
        return name_of(self.method, self.path)

    @property
    def place(self) -> str:
        """Where the function is: file and line, relative to the project's folder."""
        code = self.function.__code__
        file = Path(code.co_filename).resolve()
        return f"{file.relative_to(PROJECT) if file.is_relative_to(PROJECT) else file.name}:{code.co_firstlineno}"


DECLARED: list[Endpoint] = []
_TAKEN: set[tuple[str, str]] = set()


def endpoint(method: str, path: str, *, auth: Auth | None = None,  # noqa: PLR0913  (all that a declaration may say)
             limits: tuple[Limit, ...] = (), also: tuple[str, ...] = (), head: bool = False,
             ahead: Ahead | None = None, shared: int = 0,
             refuses: tuple[int, ...] = (), raw: bool = False, deprecated: int = 0) -> Callable[[F], F]:
    """Declare that a function is an endpoint.

    `also`: further paths to it (the `.json` forms); paths below the other prefix come by themselves. `head`: HEAD is
    answered too. `ahead` answers, for the viewer's id and the values of the path, what to read in the same call as the
    token. `shared`: seconds that the CDN may keep a reply to nobody in particular, which must depend on nothing but
    path and query. `raw`: neither body nor query are read, unless the function does it. `refuses`: the statuses of what
    the domain refuses, as far as they do not follow from the rest (`Endpoint.refused`). `deprecated`: since when newer
    clients shall ask for something else, in seconds.

    TypeError: no `auth`, no reply type, a path declared twice, an argument that nothing can fill.
    """
    where = f"{method} {path}"
    _check(method in METHODS, where, f"method must be one of {', '.join(METHODS)}")
    _check(path.startswith("/") and (path == "/" or not path.endswith("/")), where, "path must be /like/this")
    _check(not shared or method == "GET", where, "only replies to GET are shared")
    _check(isinstance(auth, Auth), where, "say who may call: auth=signed_in(…), optional(…), public(), admin(…)")
    assert auth is not None

    def declare(function: F) -> F:
        declared = Endpoint(method, path, also, head, auth, limits, ahead, shared, refuses, raw, function,
                            deprecated=deprecated)
        for spelling in declared.paths:
            _check((method, spelling) not in _TAKEN, where, f"{spelling} is declared already")
        DECLARED.append(_with_parameters(declared, where))
        _TAKEN.update((method, spelling) for spelling in declared.paths)
        return function

    return declare


def mirror_of(path: str) -> str | None:
    """The same path below the other of `PREFIXES`. None: it is below neither."""
    for prefix, other in (PREFIXES, PREFIXES[::-1]):
        if path.startswith(prefix):
            return other + path.removeprefix(prefix)
    return None


def _with_parameters(declared: Endpoint, where: str) -> Endpoint:
    """The declaration with what the function's annotations say."""
    function = declared.function
    _check("return" in function.__annotations__, where, f"{function.__name__} has no reply type (-> …)")
    names = _IN_PATH.findall(declared.path)
    alike = all(_IN_PATH.findall(other) == names for other in declared.also)
    _check(alike, where, "all its paths need the same parameters")
    machinery: list[tuple[str, type]] = []
    in_path: list[Parameter] = []
    parameters: list[Parameter] = []
    sizes = Sizes()
    try:
        hints = hints_of(function)
        arguments = arguments_of(function, hints)
        for argument, annotation, default in arguments:
            kind, notes = _machine_type(annotation)
            if kind is not None:
                _check_viewer(where, declared.auth, kind, annotation)
                machinery.append((argument, kind))
                sizes = next((note for note in notes if isinstance(note, Sizes)), sizes)
            elif argument in names:
                in_path.append(_in_path(declared.path, parameter_of(argument, annotation, in_path=True)))
            else:
                parameters.append(parameter_of(argument, annotation, default))
    except TypeError as error:
        raise error if str(error).startswith(where) else TypeError(f"{where}: {error}") from error
    _check(set(names) == {each.name for each in in_path}, where, "path and arguments name different parameters")
    known = {None, *(argument for argument, _, _ in arguments)}
    _check(all(limit.by in known for limit in declared.limits), where, "a limit is by an unknown argument")
    return replace(declared, returns=hints["return"], machinery=tuple(machinery), in_path=tuple(in_path),
                   parameters=tuple(parameters), sizes=sizes)


def _in_path(path: str, parameter: Parameter) -> Parameter:
    """A parameter of the path. An id there is no word of a newer API."""
    if parameter.kind is not ID:
        return parameter
    return replace(parameter, kind=PathId(is_last=path.endswith("{" + parameter.argument + "}")))


def _machine_type(annotation: Any) -> tuple[type | None, list[Any]]:
    """The part of the machinery that fills an argument of this type, with the type's notes. None: it is a parameter."""
    notes: list[Any] = []
    if typing.get_origin(annotation) is typing.Annotated:
        annotation, *notes = typing.get_args(annotation)
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(annotation) if each is not type(None)]
        annotation = rest[0] if rest == [Viewer] else annotation
    return (annotation, notes) if annotation in (Viewer, Caller, Page, Request) else (None, notes)


def _check_viewer(where: str, auth: Auth, kind: type, annotation: Any) -> None:
    if kind is Viewer:
        _check(auth.need in (Need.USER, Need.ADMIN, Need.MAYBE, Need.SESSION), where,
               "nobody signs in here, so there is no viewer")
        _check(auth.need is not Need.MAYBE or annotation is not Viewer, where,
               "signing in is optional, so it is viewer: Viewer | None")
        _check(auth.need is not Need.ADMIN or annotation is not Viewer, where,
               "the admin token is nobody's, so it is viewer: Viewer | None")


def _check(condition: bool, where: str, what: str) -> None:
    if not condition:
        raise TypeError(f"{where}: {what}")


def name_of(method: str, path: str) -> str:
    return f"{method.lower()}_{re.sub(r'[^A-Za-z0-9]+', '_', path).strip('_') or 'root'}"


def all_parameters(declared: Endpoint) -> tuple[Parameter, ...]:
    """Every parameter that is not in the path. The members of flat groups are listed one by one."""
    return flattened(declared.parameters)
