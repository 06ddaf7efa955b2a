"""YAML 1.2 as legtwitch reads it: the core schema, plain maps, lists and scalars, nothing that surprises.

`NO`, `yes` and `on` are text, `22:30:00` and dates are text, `012` is twelve. JSON is read too. What a reader of a file
could not see coming is refused with its line: keys that stand twice, tags, several documents, aliases that grow without
bound, nesting without bound, numbers too large for a float.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

try:
    from yaml.cyaml import CParser as Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML without libyaml: slower, the same result
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

MAX_DEPTH = 60
MAX_VALUES = 500_000  # values of a document, those that aliases repeat counted each time

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **{"-" + word: -math.inf for word in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o(?P<octal>[0-7]+)|0x(?P<hexadecimal>[0-9a-fA-F]+)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NUMBER_START = frozenset("+-.0123456789")
_ESCAPE = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\.", re.DOTALL)


class YamlError(ValueError):
    """A text is not YAML as legtwitch reads it. line: from 1, 0 where no line can be named; message: one sentence."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"{name}, line {line}: {message}" if line else f"{name}: {message}")
        self.name = name
        self.line = line
        self.message = message


@dataclass(slots=True)
class _Open:
    """A collection that is being read. lines: key → line; size: values in it, itself counted."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    line: int
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict)
    size: int = 1


def scalar(text: str) -> Any:
    """Return the value of a plain scalar in the YAML 1.2 core schema.

    Raises ValueError for a number that no float (or no int of 4,300 digits) can hold.

    >>> scalar("NO"), scalar("22:30:00"), scalar("0o14"), scalar("1e3")
    ('NO', '22:30:00', 12, 1000.0)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if match := _INTEGER.fullmatch(text):
        if match["octal"]:
            return int(match["octal"], 8)
        return int(match["hexadecimal"], 16) if match["hexadecimal"] else int(text)
    if _FLOAT.fullmatch(text) is None:
        return text
    number = float(text)
    if math.isinf(number):
        raise ValueError("number too large")
    return number


def load(text: str, name: str) -> Any:
    """Return the one document of a text as dicts with text keys, lists, str, int, float, bool and None.

    Keys are the text as written, so `NO: 1` has the key `NO` and `1: x` the key `1`. An empty text is None.

    Parameters
    ----------
    text: YAML 1.2 or JSON.
    name: what the text is called in errors, such as a file name.

    Raises
    ------
    YamlError: the text is not YAML, or holds one of the things refused here.
    """
    try:
        return _read(Parser(_joined_surrogates(text)), name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(name, mark.line + 1 if mark else 0, _plain(error.problem or str(error))) from None
    except (yaml.YAMLError, UnicodeEncodeError):
        raise YamlError(name, 0, "there are characters that no text file may hold") from None


def _joined_surrogates(text: str) -> str:
    """Return JSON text with pairs of escaped surrogates as the character they stand for; other text as it is."""
    if "\\u" not in text or not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return text

    def join(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return chr(0x10000 + ((int(match[1], 16) - 0xD800) << 10) + int(match[2], 16) - 0xDC00)

    return _ESCAPE.sub(join, text)


def _plain(problem: str) -> str:
    return f"this is not YAML ({problem})"


def _read(parser: Any, name: str) -> Any:
    next_event: Callable[[], Any] = parser.get_event
    stack: list[_Open] = []
    anchors: dict[str, tuple[Any, int]] = {}
    result: Any = None
    documents = 0
    total = 0
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value, size = _scalar_value(event, stack, name), 1
            if event.anchor is not None:
                anchors[event.anchor] = (value, 1)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _open(event, {} if kind is yaml.MappingStartEvent else [], stack, anchors, name)
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            done = stack.pop()
            value, size = done.value, done.size
            if done.anchor is not None:
                anchors[done.anchor] = (value, size)
        elif kind is yaml.AliasEvent:
            value, size = _alias(event, stack, anchors, name)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise YamlError(name, _line(event), "a second document begins here; one file holds one document")
            continue
        elif kind is yaml.StreamEndEvent:
            return result
        else:
            continue
        total = total + size if kind is yaml.ScalarEvent or kind is yaml.AliasEvent else total + 1
        if total > MAX_VALUES:
            raise YamlError(name, _line(event), f"there are more than {MAX_VALUES:,} values")
        if stack:
            _put(stack[-1], value, size, event, name)
        else:
            result = value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _wants_key(stack: list[_Open]) -> bool:
    return bool(stack) and isinstance(stack[-1].value, dict) and stack[-1].key is None


def _scalar_value(event: Any, stack: list[_Open], name: str) -> Any:
    if event.tag is not None:
        raise YamlError(name, _line(event), f"the tag {event.tag} is not read; write the plain value")
    text: str = event.value
    if not event.implicit[0] or _wants_key(stack):  # quoted, a block, or a key
        return text
    try:
        return scalar(text)
    except ValueError:
        raise YamlError(name, _line(event), f"the number {text[:40]} is too large") from None


def _open(
    event: Any, value: dict[str, Any] | list[Any], stack: list[_Open], anchors: dict[str, tuple[Any, int]], name: str
) -> None:
    if event.tag is not None:
        raise YamlError(name, _line(event), f"the tag {event.tag} is not read; write a plain map or list")
    if _wants_key(stack):
        raise YamlError(name, _line(event), "a map or a list can't be a key")
    if len(stack) >= MAX_DEPTH:
        raise YamlError(name, _line(event), f"maps and lists stand more than {MAX_DEPTH} deep in each other")
    anchors.pop(event.anchor, None)
    stack.append(_Open(value, event.anchor, _line(event)))


def _alias(event: Any, stack: list[_Open], anchors: dict[str, tuple[Any, int]], name: str) -> tuple[Any, int]:
    if event.anchor not in anchors:
        raise YamlError(name, _line(event), f"*{event.anchor} stands for nothing that is complete before it")
    value, size = anchors[event.anchor]
    if _wants_key(stack) and not isinstance(value, str):
        raise YamlError(name, _line(event), f"*{event.anchor} can't be a key")
    return value, size


def _put(into: _Open, value: Any, size: int, event: Any, name: str) -> None:
    into.size += size
    if isinstance(into.value, list):
        into.value.append(value)
    elif into.key is None:
        first = into.lines.setdefault(value, _line(event))
        if value in into.value:
            raise YamlError(name, _line(event), f"the key `{value}` stands twice in one map (first in line {first})")
        into.key = value
    else:
        into.value[into.key] = value
        into.key = None
