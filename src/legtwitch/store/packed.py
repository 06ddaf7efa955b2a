"""Results as bytes and back: only the dataclasses of `legtwitch.model`, so that reading them runs no code."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from legtwitch import model

_KIND, _TUPLE, _TIME, _DAY = "$", "()", "time", "day"


def pack(thing: Any) -> bytes:
    """Return a dataclass of the model, or a tuple of them, as compressed JSON."""
    return zlib.compress(json.dumps(_plain(thing), ensure_ascii=False).encode(), 3)


def unpack(content: bytes) -> Any:
    """Return what `pack` packed. Raises ValueError for anything else, be it the model of another version."""
    try:
        return _thing(json.loads(zlib.decompress(content)))
    except (zlib.error, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError("not a packed result of this version") from error


def _plain(thing: Any) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        return {_KIND: type(thing).__name__, **{one.name: _plain(getattr(thing, one.name)) for one in fields(thing)}}
    if isinstance(thing, (tuple, list, frozenset)):
        return {_KIND: _TUPLE, "of": [_plain(one) for one in thing]}
    if isinstance(thing, Mapping):
        return {_KIND: "{}", "of": [[key, _plain(value)] for key, value in thing.items()]}
    if isinstance(thing, datetime):
        return {_KIND: _TIME, "of": thing.isoformat()}
    if isinstance(thing, date):
        return {_KIND: _DAY, "of": thing.isoformat()}
    if thing is None or isinstance(thing, (str, bool, int, float)):
        return thing if not isinstance(thing, float) else float(thing)
    if hasattr(thing, "item"):  # a number of an array library
        return thing.item()
    raise TypeError(f"{type(thing).__name__} is not packed")


@cache
def _known() -> dict[str, type]:
    found = {name: getattr(model, name) for name in model.__all__}
    return {name: one for name, one in found.items() if isinstance(one, type) and is_dataclass(one)}


def _thing(plain: Any) -> Any:
    if isinstance(plain, list):
        raise TypeError("no such list")
    if not isinstance(plain, dict):
        return plain
    kind = plain.pop(_KIND)
    if kind == _TUPLE:
        return tuple(_thing(one) for one in plain["of"])
    if kind == "{}":
        return {key: _thing(value) for key, value in plain["of"]}
    if kind == _TIME:
        return datetime.fromisoformat(plain["of"])
    if kind == _DAY:
        return date.fromisoformat(plain["of"])
    return _known()[kind](**{key: _thing(value) for key, value in plain.items()})
