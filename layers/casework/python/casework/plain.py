"""Frozen dataclasses to plain JSON data and back, by their type hints.

The one codec of the project: what the store, S3, the API and the command line write comes from `to_plain`,
what they read goes through `from_plain`. Keys that the class does not know are ignored (an older reader of
a newer record), missing ones take the class's default (a newer reader of an older record).
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Dataclasses become dicts, tuples lists, dates ISO 8601 strings, enums their values; JSON types stay."""
    kind: Any = type(value)
    if kind in _ATOMS:
        return value
    names = _fields(kind)
    if names is not None:
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [to_plain(item) for item in items]
    return value


def to_lean(value: Any) -> Any:
    """As to_plain, without the fields of dataclasses that have their default: `from_plain` puts them back."""
    kind: Any = type(value)
    if kind in _ATOMS:
        return value
    if _fields(kind) is not None:
        lean = {}
        for name, default in _defaults(kind):
            item = getattr(value, name)
            if item is not default and item != default:
                lean[name] = to_lean(item)
        return lean
    if isinstance(value, Mapping):
        return {str(key): to_lean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_lean(item) for item in value]
    return to_plain(value)


def from_plain(kind: type[T], data: Any) -> T:
    """Build `kind` from what `to_plain` wrote. Raises TypeError or ValueError when the data does not fit."""
    wanted: Any = kind
    build = _builder(wanted)
    return typing.cast(T, data if build is None else build(data))


_ATOMS = frozenset({str, int, float, bool, type(None)})
_NO_DEFAULT = object()
_Build = Callable[[Any], Any]


@functools.cache
def _fields(kind: Any) -> tuple[str, ...] | None:
    """The names of a dataclass's fields; None for what is none."""
    return tuple(f.name for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


@functools.cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Every field with its default, or with something nothing is equal to."""
    fields = dataclasses.fields(kind)
    return tuple((f.name, _NO_DEFAULT if f.default is dataclasses.MISSING else f.default) for f in fields)


@functools.cache
def _builder(kind: Any) -> _Build | None:
    """How data become `kind`; None where they are it already."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in arguments if option is not type(None)]
        inner = _builder(options[0]) if len(options) == 1 else None
        return None if inner is None else lambda data: None if data is None else inner(data)
    if kind is Any or origin is typing.Literal:
        return None
    if origin is tuple:
        return _tuple_builder(arguments)
    if origin is list:
        item = _builder(arguments[0])
        return list if item is None else lambda data: [item(part) for part in data]
    if origin is dict or (origin is not None and issubclass(origin, typing.cast(type, dict))):
        entry = _builder(arguments[1])
        return dict if entry is None else lambda data: {key: entry(part) for key, part in data.items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass_builder(kind)
    return _value_builder(kind)


def _tuple_builder(arguments: tuple[Any, ...]) -> _Build:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        each = _builder(arguments[0])
        return tuple if each is None else lambda data: tuple([each(part) for part in data])
    parts = [_builder(argument) for argument in arguments]
    return lambda data: tuple(part if build is None else build(part) for build, part in zip(parts, data, strict=True))


def _dataclass_builder(kind: Any) -> _Build:
    builders: dict[str, _Build | None] = {}

    def build(data: Any) -> Any:
        if not builders:  # a dataclass may name itself: its fields are looked at when the first one is built
            hints = typing.get_type_hints(kind)
            builders.update({f.name: _builder(hints[f.name]) for f in dataclasses.fields(kind)})
        given = {}
        for name, item in data.items():
            if name in builders:
                inner = builders[name]
                given[name] = item if inner is None else inner(item)
        return kind(**given)

    return build


def _value_builder(kind: Any) -> _Build | None:
    if not isinstance(kind, type):
        return None
    if issubclass(kind, enum.Enum):
        return kind
    if issubclass(kind, datetime):
        return datetime.fromisoformat
    if issubclass(kind, date):
        return date.fromisoformat
    return float if kind is float else None
