"""Time-stamped annotation lists (TALs) of EDF+ and BDF+: the clock of each data record, and the marks.

`+onset[\\x15duration]\\x14text\\x14…\\x14\\x00`, several in a record. The first text of a record's first list is empty:
that list tells the record's own time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from legtwitch.recording.header import SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIMES = re.compile(rb"([+-]?)(\d{1,12})(?:[.,](\d*))?(?:\x15([+-]?)(\d{0,12})(?:[.,](\d*))?)?")
_CLOCK_BYTES = 24  # a plain time is a sign, 9 digits, a point, 9 decimals and two separators
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


def read_tals(blocks: Iterable[list[NDArray[Any]]]) -> Annotations:
    """Read the annotations of all records; each block holds the bytes of every annotation signal, (records, size)."""
    found = Annotations()
    for signals in blocks:
        raw = [one.tobytes() for one in signals]
        sizes = [one.shape[1] for one in signals]
        # Most records of a file with one such signal hold their time and no mark.
        clocks: list[int | None] = [None] * len(signals[0])
        others: Iterable[int] = range(len(clocks))
        if len(signals) == 1:
            times, plain = _clocks(signals[0])
            found.unreadable += int((plain & (times > LATEST_NS)).sum())
            clocks = [time if time <= LATEST_NS else None for time in times.tolist()]
            others = (~plain).nonzero()[0].tolist()
        for record in others:
            own = [data[record * size : (record + 1) * size] for data, size in zip(raw, sizes, strict=True)]
            clocks[record] = _read_record(own, found)
        found.clock += clocks
    return found


def _clocks(rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the time (ns) of each record, and whether its bytes are `+seconds[.decimals]` and nothing else."""
    import numpy as np

    wide = rows[:, :_CLOCK_BYTES]
    records, width = wide.shape
    if width < 4:
        return np.zeros(records, np.int64), np.zeros(records, bool)
    stop = (wide == 0x14).argmax(axis=1)
    point = np.where((dots := wide == ord(".")).any(axis=1), dots.argmax(axis=1), stop)
    plain = (rows[:, 0] == ord("+")) & (point > 1) & (point <= 10) & (stop - point <= 10) & (stop != point + 1)
    plain &= np.take_along_axis(wide, np.minimum(stop + 1, width - 1)[:, None], axis=1)[:, 0] == 0x14
    plain &= np.count_nonzero(rows, axis=1) == stop + 2  # nothing but zeros follows, and none stands before
    whole, decimals = np.zeros(records, np.int64), np.zeros(records, np.int64)
    for place in range(1, int(stop[plain].max(initial=0))):
        digit = wide[:, place].astype(np.int64) - ord("0")
        inside = (place < stop) & (place != point)
        plain &= ~inside | ((digit >= 0) & (digit <= 9))
        before = place < point
        whole = np.where(inside & before, 10 * whole + digit, whole)
        decimals = np.where(inside & ~before, 10 * decimals + digit, decimals)
    scale = 10 ** np.clip(9 - np.maximum(stop - point - 1, 0), 0, 9)
    return whole * SECOND + decimals * scale, plain


def _read_record(signals: list[bytes], found: Annotations) -> int | None:
    """Take the marks of one record; return its time, None where there is none that can be read."""
    clock: int | None = None
    for number, raw in enumerate(signals):
        for place, one in enumerate(raw.strip(b"\0").split(b"\0") if raw else ()):
            first = number == 0 and place == 0
            if one:
                time = _read_list(one, found, first)
                clock = time if first else clock
    return clock


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
    shown = text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())
