"""Cells of a table of samples: numbers, clock times, delimiters and the shape of a table, told from its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import isfinite

from legtwitch.recording.channels import voltage
from legtwitch.recording.stated import acceleration_unit, rotation_unit

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA_NUMBER = re.compile(r"[+-]?(?:\d+,\d+|,\d+)(?:[eE][+-]?\d{1,3})?")
MISSING = frozenset(
    ["", "nan", "na", "n/a", "null", "none", "-", "inf", "-inf", "+inf", "infinity", "-infinity", "#n/a"]
)
_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d.*")
_COMMENT = ("#", "%", "//")
MAX_COLUMNS = 4096
CLOCK_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "millis", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "\u00b5s", "\u03bcs", "micros", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanos", "nanoseconds"), 1e-9),
}
"""Words of units of time → seconds."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is written.

    delimiter: None for blanks. labels: of all columns, None without a header line. skip: lines above the first row.
    kinds: `number`, `clock`, `text` by column. notes: what comment lines say, name → value.
    rows: the cells of the first rows.
    """

    delimiter: str | None
    decimal_comma: bool
    quoted: bool
    labels: tuple[str, ...] | None
    skip: int
    kinds: tuple[str, ...]
    notes: dict[str, str]
    rows: tuple[tuple[str, ...], ...]


def split(line: str, delimiter: str | None, *, quoted: bool = False) -> list[str]:
    """Return the cells of a line, without blanks and quotation marks around them."""
    if quoted and '"' in line:
        import csv

        parts = next(csv.reader([line], delimiter=delimiter or " ", skipinitialspace=True), [])
        return [part.strip() for part in parts]
    return [part.strip() for part in line.split(delimiter)]


def is_number(cell: str, *, decimal_comma: bool = False) -> bool:
    """Whether a cell is a finite number as written."""
    return NUMBER.fullmatch(cell) is not None or (decimal_comma and _COMMA_NUMBER.fullmatch(cell) is not None)


def number(cell: str, *, decimal_comma: bool) -> float:
    """Return the number of a cell; NaN where it holds none."""
    if decimal_comma:
        cell = cell.replace(",", ".")
    return float(cell) if NUMBER.fullmatch(cell) else float("nan")


def clock_seconds(cell: str) -> float:
    """Return a clock time (`12:30:01.250`, `2026-01-31 12:30:01`) in s; NaN where it is none.

    Times of day count from midnight, dates from the year 2000.
    """
    match = _TIME_OF_DAY.fullmatch(cell)
    if match is not None:
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3]) + float(f"0.{match[4] or 0}")
    moment = date_time(cell)
    if moment is None:
        return float("nan")
    past = moment - datetime(2000, 1, 1)
    return past.days * 86400 + past.seconds + past.microseconds / 1e6


def date_time(cell: str) -> datetime | None:
    """Return a date and time as written, without its zone; None where the cell holds none."""
    if _DATE_TIME.fullmatch(cell) is None:
        return None
    try:
        return datetime.fromisoformat(cell.replace(",", ".")).replace(tzinfo=None)
    except ValueError:
        return None


def is_clock(cell: str) -> bool:
    """Whether a cell is a clock time."""
    return _TIME_OF_DAY.fullmatch(cell) is not None or date_time(cell) is not None


def shape_of(head: str) -> Shape | None:
    """Return how a table is written, by its first lines (whole ones); None where they are no table of numbers."""
    lines = head.splitlines()
    marks = [None if _aside(line) else line for line in lines]
    rows = [line for line in marks if line is not None]
    quoted = '"' in "".join(rows[-50:])
    best: tuple[int, int, int, Shape] | None = None
    for delimiter in ("\t", ";", ",", None):
        found = _try(lines, marks, delimiter, quoted=quoted)
        if found is not None and (best is None or found[:3] > best[:3]):
            best = found
    return None if best is None else best[3]


def _aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith(_COMMENT)


def _try(
    lines: Sequence[str], marks: Sequence[str | None], delimiter: str | None, *, quoted: bool
) -> tuple[int, int, int, Shape] | None:
    """Return (fit, - columns of text, columns, shape) under a delimiter, None where its lines do not make a table."""
    decimal_comma = delimiter != "," or quoted
    cells = [None if line is None else split(line, delimiter, quoted=quoted) for line in marks]
    filled = [at for at, row in enumerate(cells) if row is not None]
    if len(filled) < 3:
        return None
    wide = _usual_width([cells[at] or [] for at in filled[-60:]])
    first = next((at for at in filled if _is_row(cells[at] or [], wide, decimal_comma=decimal_comma)), None)
    if first is None or not 0 < wide <= MAX_COLUMNS:
        return None
    rows = [tuple(cells[at] or ()) for at in filled if at >= first][:400]
    good = [row for row in rows if len(row) in (wide, wide + 1) and _is_row(row, wide, decimal_comma=decimal_comma)]
    if len(good) < 2 or len(good) * 10 < len(rows) * 8:
        return None
    above = [cells[at] or [] for at in filled if at < first]
    labels = _labels(above, wide)
    fits = 2 if labels else 0 if len(above) == 1 else 1
    good = [row[:wide] for row in good]
    kinds = tuple(_kind([row[k] for row in good], decimal_comma=decimal_comma) for k in range(wide))
    comma = decimal_comma and any(_COMMA_NUMBER.fullmatch(cell) for row in good for cell in row)
    notes = _notes(lines[:first])
    return fits, -kinds.count("text"), wide, Shape(delimiter, comma, quoted, labels, first, kinds, notes, tuple(good))


def _labels(above: Sequence[Sequence[str]], wide: int) -> tuple[str, ...] | None:
    """Return the labels in the line above the first row; a line of units below the names is joined to them."""
    lines = [row[:-1] if len(row) == wide + 1 and not row[-1] else row for row in above[-2:]]
    if not lines or len(lines[-1]) != wide:
        return None
    own = [label.strip("\"' ") for label in lines[-1]]
    if len(lines) == 2 and len(lines[0]) == wide and any(own) and all(_is_unit(label) for label in own if label):
        names = [label.strip("\"' ") for label in lines[0]]
        return tuple(f"{name} ({unit.strip('[]() ')})" if unit else name for name, unit in zip(names, own, strict=True))
    return tuple(own)


def _is_unit(word: str) -> bool:
    plain = word.strip("[]() ")
    return bool(voltage(plain) or acceleration_unit(plain) or rotation_unit(plain)) or plain.casefold() in CLOCK_UNITS


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the usual number of cells; a delimiter behind the last cell adds none."""
    widths = [len(row) - (len(row) > 1 and not row[-1] and all(not r[-1] for r in rows if r)) for row in rows]
    return max(set(widths), key=widths.count) if widths else 0


def _is_row(row: Sequence[str], wide: int, *, decimal_comma: bool) -> bool:
    """Whether cells are a row of data: numbers or times, at least one, and not more other words than those."""
    own = row[:wide]
    if len(row) not in (wide, wide + 1) or (len(row) == wide + 1 and row[-1]):
        return False
    told = sum(is_number(cell, decimal_comma=decimal_comma) or is_clock(cell) for cell in own)
    words = sum(cell.casefold() not in MISSING for cell in own) - told
    return told > 0 and words <= told


def _kind(cells: Sequence[str], *, decimal_comma: bool) -> str:
    there = [cell for cell in cells if cell.casefold() not in MISSING]
    if not there:
        return "number" if cells else "text"
    numbers = sum(is_number(cell, decimal_comma=decimal_comma) for cell in there)
    if numbers * 2 > len(there):
        return "number"
    return "clock" if sum(map(is_clock, there)) * 2 > len(there) else "text"


def _notes(lines: Sequence[str]) -> dict[str, str]:
    """Return what lines above a table say as `name: value` or `name = value`."""
    notes: dict[str, str] = {}
    for line in lines[:200]:
        match = re.fullmatch(r"[#%/\s]*([A-Za-z][\w ./()\[\]-]{0,40}?)\s*[:=]\s*(\S.{0,80}?)\s*", line)
        if match is not None:
            notes.setdefault(re.sub(r"[\s.-]+", "_", match[1].strip().casefold()), match[2].strip())
    return notes


def decimals(cells: Sequence[str]) -> float:
    """Return the smallest step that numbers so written can show (`0.001` → 0.001); 1 for whole numbers."""
    least = 0
    for cell in cells:
        body, _, power = cell.casefold().replace(",", ".").partition("e")
        shown = len(body.partition(".")[2])
        exponent = int(power) if re.fullmatch(r"[+-]?\d{1,3}", power) else 0
        least = max(least, shown - exponent)
    return 10.0 ** -min(least, 300)


def rising(values: Sequence[float]) -> bool:
    """Whether values rise like a clock: nearly always, by steps much alike."""
    steps = [b - a for a, b in pairwise(values)]
    if len(steps) < 2 or not all(map(isfinite, steps)):
        return False
    up = sorted(step for step in steps if step > 0)
    if len(up) * 20 < len(steps) * 19:
        return False
    middle = up[len(up) // 2]
    return sum(0.3 * middle <= step <= 3 * middle for step in up) * 10 >= len(up) * 8
