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
from datetime import date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Dataclasses become dicts, tuples lists, dates ISO 8601 strings, enums their values; JSON types stay."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [to_plain(item) for item in items]
    return value


def to_lean(value: Any) -> Any:
    """As to_plain, without the fields of dataclasses that have their default: `from_plain` puts them back."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        defaults = _defaults(type(value))
        given = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {name: to_lean(v) for name, v in given.items() if name not in defaults or defaults[name] != v}
    if isinstance(value, dict):
        return {str(key): to_lean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_lean(item) for item in value]
    return to_plain(value)


@functools.cache
def _defaults(kind: type) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(kind) if f.default is not dataclasses.MISSING}


def from_plain(kind: type[T], data: Any) -> T:
    """Build `kind` from what `to_plain` wrote. Raises TypeError or ValueError when the data does not fit."""
    return typing.cast(T, _build(kind, data))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if data is None:
            return None
        options = [option for option in arguments if option is not type(None)]
        return _build(options[0], data) if len(options) == 1 else data
    if kind is Any or origin is typing.Literal:
        return data
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_build(arguments[0], item) for item in data)
        return tuple(_build(item_kind, item) for item_kind, item in zip(arguments, data, strict=True))
    if origin is list:
        return [_build(arguments[0], item) for item in data]
    if origin is dict or (origin is not None and issubclass(origin, typing.cast(type, dict))):
        return {key: _build(arguments[1], item) for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        hints = _hints(typing.cast(type, kind))
        known = {f.name for f in dataclasses.fields(kind)}
        return typing.cast(type, kind)(**{k: _build(hints[k], v) for k, v in data.items() if k in known})
    if isinstance(kind, type):
        if issubclass(kind, enum.Enum):
            return kind(data)
        if issubclass(kind, datetime):
            return datetime.fromisoformat(data)
        if issubclass(kind, date):
            return date.fromisoformat(data)
        if kind is float:
            return float(data)
    return data
