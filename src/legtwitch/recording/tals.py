"""Time-stamped annotation lists (TALs) of EDF+ and BDF+: the clock of each data record, and the marks.

`+onset[\\x15duration]\\x14text\\x14…\\x14\\x00`, several in a record. The first text of a record's first list is empty:
that list tells the record's own time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from legtwitch.recording.header import SECOND

_CLOCK = re.compile(rb"\+(\d{1,9})(?:\.(\d{1,9}))?\x14\x14\0*")
_TIMES = re.compile(rb"([+-]?)(\d{1,12})(?:[.,](\d*))?(?:\x15([+-]?)(\d{0,12})(?:[.,](\d*))?)?")
LATEST_NS = 366 * 86_400 * SECOND
"""A time further from the start than a leap year is taken for unreadable."""
MAX_MARKS = 100_000
"""Marks kept of one file; what lies beyond is counted. A night has some thousand."""


@dataclass(slots=True)
class Annotations:
    """All annotations of a file. clock: time of each record in ns, None where unreadable. marks: onset and duration in
    ns (None: no duration), text."""

    clock: list[int | None] = field(default_factory=list)
    marks: list[tuple[int, int | None, str]] = field(default_factory=list)
    empty: int = 0
    unreadable: int = 0
    too_many: int = 0


def read_tals(records: Iterable[list[bytes]]) -> Annotations:
    """Read the annotations of all records; each item holds the bytes of the annotation signals of one record."""
    found = Annotations()
    for signals in records:
        clock: int | None = None
        alone = _CLOCK.fullmatch(signals[0]) if len(signals) == 1 else None
        if alone is not None:  # most records hold their time and no mark
            clock = _nanoseconds(alone[1], alone[2])
            found.clock.append(clock if clock <= LATEST_NS else None)
            found.unreadable += clock > LATEST_NS
            continue
        for number, raw in enumerate(signals):
            for place, one in enumerate(raw.strip(b"\0").split(b"\0") if raw else ()):
                first = number == 0 and place == 0
                if one:
                    time = _read_list(one, found, first)
                    clock = time if first else clock
        found.clock.append(clock)
    return found


def _read_list(raw: bytes, found: Annotations, first: bool) -> int | None:
    """Take the marks of one list; return its time if it is a record's clock."""
    stamp, separator, rest = raw.partition(b"\x14")
    times = _times(stamp)
    if times is None or not separator:
        found.unreadable += 1
        return None
    onset, duration = times
    texts = (rest[:-1] if rest.endswith(b"\x14") else rest).split(b"\x14")
    is_clock = first and texts[0] == b""
    for text in texts[1:] if is_clock else texts:
        words = _words(text)
        if not words:
            found.empty += 1
        elif len(found.marks) >= MAX_MARKS:
            found.too_many += 1
        else:
            found.marks.append((onset, duration, words))
    return onset if is_clock else None


def _times(stamp: bytes) -> tuple[int, int | None] | None:
    """Return onset and duration in ns, None for a duration that isn't given; None where they can't be read."""
    match = _TIMES.fullmatch(stamp)
    if match is None or match[4] == b"-":
        return None
    onset = _nanoseconds(match[2], match[3])
    duration = _nanoseconds(match[5], match[6]) if match[5] or match[6] else None
    if onset > LATEST_NS or (duration or 0) > LATEST_NS:
        return None
    return (-onset if match[1] == b"-" else onset), duration


def _nanoseconds(whole: bytes, decimals: bytes | None) -> int:
    return int(whole or b"0") * SECOND + (int(decimals[:9].ljust(9, b"0")) if decimals else 0)


def _words(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
