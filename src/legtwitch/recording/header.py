"""The fixed-width header of EDF and BDF files, read with tolerance.

Fields that can be understood in spite of a fault are repaired and said; fields that can't be are None, never guessed.
Only the header is held, at most 2.6 MB (9,999 signals), whatever its fields claim.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import BinaryIO, TypeVar

from legtwitch.errors import FileError
from legtwitch.model import Problem
from legtwitch.recording import codes
from legtwitch.recording.header_shift import unshifted

SECOND = 1_000_000_000
"""One second in nanoseconds, the unit of all clock arithmetic: exact for every binary rate up to 512 Hz."""

_FIELDS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_STARTDATE = re.compile(r"Startdate\s+(\d{1,2})-([A-Za-z]{3})-(\d{4})")
HIDDEN_DATE = date(1985, 1, 1)
"""The date that EDF+ prescribes for a recording without a date."""


@dataclass(frozen=True, slots=True)
class SignalHeader:
    """What the header says of one signal; None where a field can't be read. samples: per data record."""

    label: str
    dimension: str
    physical_min: float | None
    physical_max: float | None
    digital_min: int | None
    digital_max: int | None
    samples: int | None

    @property
    def is_annotations(self) -> bool:
        """Whether the signal holds annotations (TALs) in place of samples."""
        return self.label.casefold() in ("edf annotations", "bdf annotations")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an EDF or BDF file. record_ns: duration of a data record in nanoseconds."""

    bdf: bool
    plus: str
    start: datetime | None
    size: int
    record_count: int | None
    record_ns: int | None
    signals: tuple[SignalHeader, ...]
    problems: tuple[Problem, ...]

    @property
    def format(self) -> str:
        """The format under its usual name: EDF, EDF+C, EDF+D, BDF, BDF+C or BDF+D."""
        return ("BDF" if self.bdf else "EDF") + self.plus

    @property
    def width(self) -> int:
        """Bytes of one sample."""
        return 3 if self.bdf else 2


def decode(raw: bytes) -> str:
    """Return a text field: UTF-8 (a cut-off last letter dropped), else Latin-1; without padding and control letters."""
    field = raw.strip(b" \x00")
    text = field.decode("latin-1")
    for whole in _without_cut_letter(field, filled=len(field) == len(raw)):
        try:
            text = whole.decode("utf-8")
            break
        except UnicodeDecodeError:
            continue
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _without_cut_letter(field: bytes, filled: bool) -> Iterator[bytes]:
    """Yield the field, and where it is filled to its end also without the beginning of a letter cut off there."""
    yield field
    if filled and field[-1:] and 0xC2 <= field[-1] <= 0xCF:
        yield field[:-1]
    if filled and len(field) > 1 and 0xE0 <= field[-2] <= 0xEF and 0x80 <= field[-1] <= 0xBF:
        yield field[:-2]


def read_header(file: BinaryIO, file_size: int) -> Header:
    """Read the header of an open EDF or BDF file.

    Parameters
    ----------
    file: open for reading in binary, at any position. file_size: bytes.

    Raises
    ------
    FileError: the header is cut off, or does not say how many signals there are.
    """
    file.seek(0)
    fixed = file.read(256)
    if len(fixed) < 256:
        raise _cut_off(256, file_size)
    reader = _Reader()
    back = unshifted(file)
    if back is not None:
        fixed = back.fixed
    count = reader.whole(fixed[252:256], "number of signals")
    stated_size = reader.whole(fixed[184:192], "header length")
    if count is None or count < 0:
        if stated_size is None or stated_size < 512 or stated_size % 256:
            raise FileError(
                codes.HEADER_BROKEN,
                "The header does not say how many signals the file holds.",
                got=decode(fixed[252:256]) or "nothing",
                allowed="a number from 0 to 9999",
                do="Export the recording again from the program that recorded it.",
            )
        count = stated_size // 256 - 1
        reader.add(
            codes.SIGNAL_COUNT, f"The number of signals can't be read; the header's length says {count}.", repaired=True
        )
    if 256 * (count + 1) > file_size and stated_size is not None and 512 <= stated_size <= file_size:
        message = f"The header says {count} signals, which do not fit into the file; its length says "
        count = stated_size // 256 - 1
        reader.add(codes.SIGNAL_COUNT, f"{message}{count}.", repaired=True)
    size = 256 * (count + 1)
    if back is not None:
        signal_bytes = back.signals
        reader.add(
            codes.HEADER_SHIFTED,
            f"Fields of the header stand in the wrong place: it takes {back.size} bytes instead of {size}.",
            "They were put back; all samples are read from where they are.",
            repaired=True,
        )
    else:
        file.seek(256)
        signal_bytes = file.read(256 * count) if file_size >= size else b""
    if len(signal_bytes) < 256 * count:
        raise _cut_off(size, file_size)
    if stated_size != size:
        reader.add(
            codes.HEADER_LENGTH,
            f"The header states its length as “{decode(fixed[184:192])}”; with {count} signals it is {size} bytes.",
            repaired=True,
        )
    bdf = fixed[0] == 0xFF
    reserved = decode(fixed[192:236]).upper()
    plus = next((kind for kind in ("+C", "+D") if reserved.startswith(("EDF" + kind, "BDF" + kind))), "")
    duration = reader.number(fixed[244:252], "duration of a data record")
    record_ns = None if duration is None or not 0 <= duration <= 10**8 else int(duration * SECOND)
    signals = tuple(_signals(signal_bytes, count, reader))
    start = _start(fixed, bool(plus), reader)
    records = reader.whole(fixed[236:244], "number of data records")
    return Header(bdf, plus, start, size if back is None else back.size, records, record_ns, signals, reader.said())


def _cut_off(needed: int, got: int) -> FileError:
    return FileError(
        codes.HEADER_CUT,
        "The file ends inside its header, so nothing can be read from it.",
        got=f"{got} bytes",
        allowed=f"at least {needed} bytes",
        do="Copy or export the file again.",
    )


_T = TypeVar("_T")


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:4]) + (f" and {len(texts) - 4} more" if len(texts) > 4 else "")


class _Reader:
    """Reads number fields and gathers what had to be repaired."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.commas: list[str] = []
        self.labels: list[str] = []

    def said(self) -> tuple[Problem, ...]:
        """Return all problems; what befalls many fields is one."""
        if self.commas:
            some = _some(self.commas)
            message = f"{len(self.commas)} number(s) of the header have a decimal comma, read as a point: {some}."
            self.add(codes.DECIMAL_COMMA, message, repaired=True)
        if self.labels:
            some = _some(self.labels)
            message = f"{len(self.labels)} channel label(s) are missing or not ASCII; they were read as {some}."
            self.add(codes.LABEL_REPAIRED, message, repaired=True)
        return tuple(self.problems)

    def add(
        self, code: str, message: str, effect: str = "", channel: str | None = None, repaired: bool = False
    ) -> None:
        self.problems.append(Problem(code, message, effect, channel, repaired=repaired))

    def number(self, raw: bytes, what: str, channel: str | None = None) -> Decimal | None:
        """Return the number of a field, or None where there is none; a decimal comma is repaired and said."""
        text = raw.decode("latin-1").strip(" \x00")
        if text.count(",") == 1 and "." not in text and _NUMBER.fullmatch(text.replace(",", ".")):
            self.commas.append(f"{what}{f' of {channel}' if channel else ''} ({text})")
            text = text.replace(",", ".")
        return Decimal(text) if _NUMBER.fullmatch(text) else None

    def whole(self, raw: bytes, what: str, channel: str | None = None) -> int | None:
        """Return the whole number of a field, or None where there is none."""
        number = self.number(raw, what, channel)
        if number is None or abs(number) > 10**9 or number != int(number):
            return None
        return int(number)


def _signals(raw: bytes, count: int, reader: _Reader) -> list[SignalHeader]:
    columns: list[list[bytes]] = []
    at = 0
    for width in _FIELDS:
        columns.append([raw[at + i * width : at + (i + 1) * width] for i in range(count)])
        at += width * count
    labels = _labels(columns[0], reader)

    def column(index: int, what: str, read: Callable[[bytes, str, str], _T]) -> list[_T]:
        return [read(field, what, label) for field, label in zip(columns[index], labels, strict=True)]

    def size(field: bytes, what: str, label: str) -> float | None:
        number = reader.number(field, what, label)
        value = None if number is None else float(number)
        return value if value is not None and isfinite(value) else None

    return [
        SignalHeader(label, decode(dimension), *limits)
        for label, dimension, *limits in zip(
            labels,
            columns[2],
            column(3, "physical minimum", size),
            column(4, "physical maximum", size),
            column(5, "digital minimum", reader.whole),
            column(6, "digital maximum", reader.whole),
            column(8, "number of samples", reader.whole),
            strict=True,
        )
    ]


def _labels(fields: list[bytes], reader: _Reader) -> list[str]:
    """Return a name for each signal, unique but for annotation signals: samples are looked up by it."""
    labels: list[str] = []
    seen: set[str] = set()
    copies: Counter[str] = Counter()
    for number, field in enumerate(fields, 1):
        label = decode(field)
        if not label or not field.isascii():
            label = label or f"channel {number}"
            reader.labels.append(label)
        if label in seen and not label.casefold().endswith("annotations"):
            copy = label
            while copy in seen:
                copies[label] += 1
                copy = f"{label} ({copies[label] + 1})"
            reader.add(
                codes.LABEL_TWICE,
                f"“{label}” is the label of several channels; this one is called “{copy}”.",
                "",
                copy,
                True,
            )
            label = copy
        seen.add(label)
        labels.append(label)
    return labels


def _start(fixed: bytes, plus: bool, reader: _Reader) -> datetime | None:
    """Return the start as local time; None where date or time can't be read."""
    date_text, time_text = decode(fixed[168:176]), decode(fixed[176:184])
    day = _three(date_text)
    clock = _three(time_text)
    recording_field = decode(fixed[88:168])
    long_date = _long_date(recording_field)
    short_date: date | None = None
    if day is not None:
        year = day[2] + (1900 if day[2] >= 85 else 2000) if day[2] < 100 else day[2]
        short_date = _date(year, day[1], day[0])
    start_time = _or_none(lambda: time(*clock)) if clock is not None else None
    start_date = long_date or short_date
    if (
        long_date
        and short_date
        and (long_date.day, long_date.month, long_date.year % 100)
        != (
            short_date.day,
            short_date.month,
            short_date.year % 100,
        )
    ):
        reader.add(
            codes.DATES_DIFFER,
            f"The header states two start dates, {long_date} and {short_date}; the first was taken.",
            "Files of marks may be aligned wrongly.",
        )
    if start_date is None or start_time is None:
        reader.add(
            codes.START_UNKNOWN,
            f"The start of the recording can't be read (date “{date_text}”, time “{time_text}”).",
            "Times count from the start; files of marks are aligned by their own starts.",
        )
        return None
    if not re.fullmatch(r"\d\d\.\d\d\.\d\d", date_text) or not re.fullmatch(r"\d\d\.\d\d\.\d\d", time_text):
        reader.add(
            codes.START_REPAIRED,
            f"The start is written as “{date_text}” “{time_text}” and was read as {start_date} {start_time}.",
            repaired=True,
        )
    if plus and start_date == HIDDEN_DATE:
        if start_time == time(0):
            reader.add(codes.DATE_HIDDEN, "The start of the recording was made anonymous.")
            return None
        reader.add(codes.DATE_HIDDEN, f"The start date was made anonymous; the time of day is {start_time}.")
    return datetime.combine(start_date, start_time)


def _three(text: str) -> tuple[int, int, int] | None:
    found = re.fullmatch(r"(\d{1,2})[.:/\- ](\d{1,2})[.:/\- ](\d{1,4})", text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def _long_date(recording_field: str) -> date | None:
    found = _STARTDATE.search(recording_field)
    if found is None or found[2].upper() not in _MONTHS:
        return None
    return _date(int(found[3]), _MONTHS.index(found[2].upper()) + 1, int(found[1]))


def _date(year: int, month: int, day: int) -> date | None:
    return _or_none(lambda: date(year, month, day)) if 1900 <= year <= 2200 else None


def _or_none(make: Callable[[], _T]) -> _T | None:
    try:
        return make()
    except ValueError:
        return None
