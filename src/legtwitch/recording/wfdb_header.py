"""The header of a WFDB record (`.hea`), as text: parsed strictly, nothing is opened.

Source: the header(5) page of the WFDB Applications Guide (PhysioNet).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from legtwitch.errors import FileError
from legtwitch.recording import codes

MAX_SIGNALS = 4096
MAX_FRAME_SAMPLES = 1 << 20
_DEFAULT_RATE_HZ = 250.0
_FIRST_YEAR = 1900
_NAME = r"[A-Za-z0-9_.\-]+"
_RECORD = re.compile(
    rf"(?P<name>{_NAME})(?P<parts>/\d{{1,9}})?\s+(?P<signals>\d{{1,9}})"
    r"(?:\s+(?P<rate>[^\s/(]+)(?:/[^\s(]+)?(?:\([^)\s]*\))?(?:\s+(?P<samples>\d{1,18})"
    r"(?:\s+(?P<time>[\d:.]+)(?:\s+(?P<date>\d{1,2}/\d{1,2}/\d{1,4}))?)?)?)?\s*"
)
_FORMAT = re.compile(
    r"(?P<format>\d{1,4})(?:x(?P<per_frame>\d{1,9}))?(?::(?P<skew>\d{1,9}))?(?:\+(?P<offset>\d{1,12}))?"
)
_GAIN = re.compile(r"(?P<gain>[^\s(/]+)(?:\((?P<baseline>[+-]?\d{1,12})\))?(?:/(?P<units>\S+))?")
_INTEGER = re.compile(r"[+-]?\d{1,12}")


@dataclass(frozen=True, slots=True)
class WfdbSignal:
    """One signal line. value = (sample - baseline) / gain in `units`; gain None: not calibrated.

    units: in the file's words, `mV` where the line gives none (the format's default), empty without calibration.
    skew: frames by which the signal lags. offset: bytes before the first sample. first, checksum: as stated, or None.
    """

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float | None
    baseline: int
    units: str
    first: int | None
    checksum: int | None
    label: str


@dataclass(frozen=True, slots=True)
class WfdbHeader:
    """A header.

    rate_hz: frames a second, by default where `rate_stated` is false. frames: as stated, None where it isn't.
    notes: the comment lines.
    """

    name: str
    rate_hz: float
    rate_stated: bool
    frames: int | None
    start: datetime | None
    start_text: str
    signals: tuple[WfdbSignal, ...]
    notes: tuple[str, ...]


def is_wfdb(text: str) -> bool:
    """Whether a text is the header of a WFDB record: a record line, then a line for each signal or segment."""
    lines = _lines(text)
    found = _RECORD.fullmatch(lines[0]) if lines else None
    if found is None or len(lines) < 2:
        return False
    if found["parts"]:
        return True
    words = lines[1].split()
    return len(words) >= 2 and found["rate"] is not None and _FORMAT.fullmatch(words[1]) is not None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def parse_header(text: str) -> WfdbHeader:
    """Return the header. Raises FileError where it can't be understood, has several segments or names other folders."""
    lines = _lines(text)
    found = _RECORD.fullmatch(lines[0]) if lines else None
    if found is None:
        raise broken("its first line is no record line", lines[0] if lines else "nothing")
    if found["parts"]:
        raise FileError(
            codes.WFDB_FORMAT,
            "The WFDB record has several segments, which are not joined here.",
            got=lines[0],
            allowed="a record of one segment",
            do="Give the header of one of its segments.",
        )
    count = int(found["signals"])
    if not 0 < count <= MAX_SIGNALS or len(lines) < 1 + count:
        raise broken(f"it states {count} signals and describes {len(lines) - 1}", lines[0])
    rate = _number(found["rate"]) if found["rate"] else _DEFAULT_RATE_HZ
    if rate is None or not 0 < rate < 1e6:
        raise broken("its sampling rate can't be used", lines[0])
    signals = tuple(_signal(line, number) for number, line in enumerate(lines[1 : 1 + count], 1))
    if sum(one.per_frame for one in signals) > MAX_FRAME_SAMPLES:
        raise broken("a frame holds too many samples", lines[0])
    stated = int(found["samples"] or 0)
    start_text = " ".join(word for word in (found["time"], found["date"]) if word)
    notes = tuple(line.strip()[1:].strip() for line in text.splitlines() if line.strip().startswith("#"))
    return WfdbHeader(
        found["name"],
        rate,
        found["rate"] is not None,
        stated or None,
        _start(found["time"], found["date"]),
        start_text,
        signals,
        notes,
    )


def broken(why: str, got: str) -> FileError:
    """Return the error for a header that can't be understood."""
    return FileError(
        codes.WFDB_HEADER, f"The WFDB header can't be understood: {why}.", got=got[:120], do="Export the record again."
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None


def _signal(line: str, number: int) -> WfdbSignal:
    words = line.split(maxsplit=8)
    kind = _FORMAT.fullmatch(words[1]) if len(words) > 1 else None
    if kind is None:
        raise broken(f"the line of signal {number} has no storage format", line)
    if not re.fullmatch(_NAME, words[0]) or words[0] in (".", "..", "-"):
        raise FileError(
            codes.WFDB_PLACE,
            "The WFDB header names a signal file outside its own folder, or none that can be one.",
            got=words[0][:120],
            allowed="the bare name of a file beside the header",
        )
    scale = _GAIN.fullmatch(words[2]) if len(words) > 2 else None
    if len(words) > 2 and scale is None:
        raise broken(f"the gain of signal {number} can't be read", line)
    gain = _number(scale["gain"]) if scale else 0.0
    integers = words[3:8]
    if gain is None or not all(_INTEGER.fullmatch(word) for word in integers):
        raise broken(f"a number of signal {number} can't be read", line)
    values = [int(word) for word in integers]
    zero = values[1] if len(values) > 1 else 0
    first = values[2] if len(values) > 2 else None
    per_frame = int(kind["per_frame"] or 1)
    if per_frame < 1:
        raise broken(f"signal {number} has no sample in a frame", line)
    return WfdbSignal(
        file=words[0],
        format=int(kind["format"]),
        per_frame=per_frame,
        skew=int(kind["skew"] or 0),
        offset=int(kind["offset"] or 0),
        gain=gain or None,
        baseline=int(scale["baseline"]) if scale and scale["baseline"] else zero,
        units=(scale["units"] if scale and scale["units"] else "mV") if gain else "",
        first=first,
        checksum=values[3] if len(values) > 3 else None,
        label=" ".join(words[8].split()) if len(words) > 8 else f"signal {number}",
    )


def _start(time: str | None, date: str | None) -> datetime | None:
    """Return the start where both the time of day and the date are stated and exist."""
    if time is None or date is None:
        return None
    parts = time.split(":")
    day, month, year = (int(part) for part in date.split("/"))
    if year < _FIRST_YEAR:  # two digits, or a date that was made anonymous
        return None
    try:
        seconds = [0.0] * (3 - len(parts)) + [float(part) for part in parts]
        whole = int(seconds[2])
        return datetime(
            year, month, day, int(seconds[0]), int(seconds[1]), whole, round((seconds[2] - whole) * 1e6) % 1_000_000
        )
    except (ValueError, OverflowError, IndexError):
        return None
