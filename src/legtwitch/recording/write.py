"""Write signals and marks as EDF+, 16 bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from legtwitch.errors import RecordingError
from legtwitch.model import Event
from legtwitch.recording import codes
from legtwitch.recording.channels import factor_to_uv, voltage
from legtwitch.recording.events import events_of, in_order
from legtwitch.recording.files import written
from legtwitch.recording.header import HIDDEN_DATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITAL_MIN, _DIGITAL_MAX = -32768, 32767
_BLOCK_RECORDS = 256
_RECORD_BYTES = 40_000
"""Annotations of a data record; the format advises to keep records under 61,440 bytes."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SPELLINGS = {
    **{f"stage_{stage}": f"Sleep stage {stage}" for stage in ("W", "N1", "N2", "N3", "R")},
    "stage_unknown": "Sleep stage ?",
    "lights_off": "Lights off",
    "lights_on": "Lights on",
    "arousal": "Arousal",
    "apnea": "Apnea",
    "hypopnea": "Hypopnea",
    "rera": "RERA",
    "desaturation": "Desaturation",
    "body_position": "Body position",
    "leg_movement": "Leg movement",
    "artifact": "Artifact",
}


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """A signal to write.

    Parameters
    ----------
    name: label, at most 16 ASCII characters.
    values_uv: shape (n,), microvolts where `unit` is a voltage, else in `unit`.
    rate_hz: rate_hz * record_duration_s must be a whole number.
    unit: physical dimension in the file; voltages are converted to it.
    limit_uv: physical limits are -limit and +limit, values beyond are clipped as by an amplifier; None: by the values.
    transducer, prefilter: at most 80 ASCII characters.
    """

    name: str
    values_uv: NDArray[Any]
    rate_hz: float
    unit: str = "uV"
    limit_uv: float | None = None
    transducer: str = ""
    prefilter: str = ""


@dataclass(frozen=True, slots=True)
class _Scaled:
    """A signal with its limits in the file's unit, as the header will say them, and its samples per record."""

    signal: EdfSignal
    low: Decimal
    high: Decimal
    samples: int
    factor: float


def write_edf(
    path: Path,
    signals: Sequence[EdfSignal],
    *,
    start: datetime | None,
    events: Sequence[Event] = (),
    record_duration_s: float = 1.0,
    gaps: Sequence[tuple[float, float]] = (),
) -> None:
    """Write signals and events as an EDF+ file; our reader gives the events back.

    Parameters
    ----------
    path: written under another name in the same folder and then renamed; an older file of the name is replaced.
    signals: at least one, all of one duration, which is a whole number of data records.
    start: local time without a zone, to the microsecond; None writes the anonymous date of EDF+.
    events: in true time; stages and events in the spellings of EDF+ or by their `label`, where these are read back the
        same, else as `event - side :: label`. Other attributes and the channel are not written.
    record_duration_s: length of a data record.
    gaps: start and end of each interruption in s of true time, in order; the file is then EDF+D. The signals hold no
        samples for them; each must begin at the end of a data record. Events `recording_gap` are then left to them.

    Raises
    ------
    RecordingError: the signals do not fit the format (lengths, rates, values that are no numbers, names), or a date.
    FileError: the file can't be written.
    """
    if not signals or not 0 < record_duration_s <= 1000:
        raise _refused(
            "There must be at least one signal, and a data record of up to 1000 s.", f"{len(signals)} signals"
        )
    _check_start(start)
    duration = _decimal(record_duration_s, "record duration")
    scaled = [_scaled(signal, Fraction(duration)) for signal in signals]
    counts = {Fraction(len(one.signal.values_uv), one.samples) for one in scaled}
    if len(counts) > 1 or next(iter(counts)).denominator > 1 or not next(iter(counts)):
        lengths = ", ".join(
            f"{one.signal.name} {float(len(one.signal.values_uv) / one.signal.rate_hz):g} s" for one in scaled
        )
        raise _refused(
            "All signals must last equally long, a whole number of data records.", lengths, f"multiples of {duration} s"
        )
    records = int(counts.pop())
    clocks = _clocks(records, Fraction(duration), gaps)
    marks = [event for event in events if event.event != "recording_gap"] if gaps else events
    _write(Path(path), scaled, start, duration, marks, clocks, "EDF+D" if gaps else "EDF+C")


def write_annotations(path: Path, events: Sequence[Event], *, start: datetime | None, duration_s: float) -> None:
    """Write events alone as an EDF+C file without signals; our reader gives them back, and the duration.

    Parameters
    ----------
    path, events, start: as for `write_edf`. duration_s: of the recording that the events belong to; rounded up to whole
        seconds where the header can't hold it.

    Raises
    ------
    RecordingError: a start or duration that the format can't hold. FileError: the file can't be written.
    """
    _check_start(start)
    if not 0 < duration_s <= 366 * 86_400:
        raise _refused("An annotation file needs a duration.", f"{duration_s!r} s", "above 0 s, at most a year")
    records = 1 + sum(len(_tal(event, Fraction(0))) for event in events) // _RECORD_BYTES
    exact, whole = Decimal(repr(float(duration_s))), Decimal(ceil(duration_s))
    tried = ((total / count, count) for total in (exact, whole) for count in range(records, 10 * records + 1))
    duration, records = next((one, count) for one, count in tried if len(f"{one.normalize():f}") <= 8)
    clocks = _clocks(records, Fraction(duration), ())
    _write(Path(path), (), start, duration.normalize(), events, clocks, "EDF+C")


def _write(
    path: Path,
    scaled: Sequence[_Scaled],
    start: datetime | None,
    duration: Decimal,
    events: Sequence[Event],
    clocks: Sequence[Fraction],
    form: str,
) -> None:
    offset = Fraction(start.microsecond if start else 0, 1_000_000)
    annotations = _annotations(events, clocks, offset)
    header = _header(scaled, start, len(clocks), duration, len(annotations[0]), form)
    with written(path) as file:
        file.write(header)
        _write_records(file, scaled, annotations)


def _check_start(start: datetime | None) -> None:
    if start is not None and not 1985 <= start.year <= 2084:
        raise _refused("An EDF file can't hold this start date.", start.isoformat(), "1985 to 2084")


def _clocks(records: int, duration: Fraction, gaps: Sequence[tuple[float, float]]) -> list[Fraction]:
    """Return the true time of each data record in s from the start."""
    clocks = [number * duration for number in range(records)]
    lost = Fraction(0)
    previous = 0.0
    for begin, end in gaps:
        start = Fraction(repr(float(begin)))
        first = (start - lost) / duration
        if not previous <= begin < end or first.denominator != 1 or not 0 < first < records:
            raise _refused(
                "A gap must lie between two data records, gaps in order.",
                f"{begin:g} to {end:g} s",
                f"a start at a multiple of {float(duration):g} s of recorded time",
            )
        previous = end
        length = Fraction(repr(float(end))) - start
        lost += length
        for number in range(int(first), records):
            clocks[number] += length
    return clocks


def _refused(message: str, got: str, allowed: str = "") -> RecordingError:
    return RecordingError(codes.CANNOT_WRITE, message, got=got, allowed=allowed)


def _decimal(value: float, what: str) -> Decimal:
    """Return a number as it fits into 8 characters exactly."""
    number = Decimal(repr(float(value))).normalize()
    if len(f"{number:f}") > 8:
        raise _refused(f"The {what} does not fit into the header.", f"{value!r}", "8 characters")
    return number


def _scaled(signal: EdfSignal, duration: Fraction) -> _Scaled:
    import numpy as np

    samples = Fraction(signal.rate_hz).limit_denominator(10**6) * duration
    if samples.denominator != 1 or not 0 < samples < 10**8:
        raise _refused("A data record must hold a whole number of samples.", f"{signal.name}: {float(samples):g}")
    if len(signal.name) > 16 or not signal.name.strip():
        raise _refused("A channel name has 1 to 16 characters.", signal.name)
    for text in (signal.name, signal.unit.replace("µ", "u").replace("μ", "u"), signal.transducer, signal.prefilter):
        if not (text.isascii() and (text.isprintable())) or len(text) > 80:
            raise _refused("Names in an EDF header are printable ASCII.", text)
    values = np.asarray(signal.values_uv)
    if values.ndim != 1 or not values.size or not np.isfinite([values.min(), values.max()]).all():
        raise _refused("Values must be one row of numbers, all finite.", f"{signal.name}: shape {values.shape}")
    volts = voltage(signal.unit)
    factor = 1.0 if volts is None else 1 / factor_to_uv(volts)
    if signal.limit_uv is not None:
        low, high = -signal.limit_uv * factor, signal.limit_uv * factor
    else:
        low, high = float(values.min()) * factor, float(values.max()) * factor
    if low == high:
        low, high = low - 1, high + 1
    return _Scaled(signal, _limit(low, ROUND_FLOOR), _limit(high, ROUND_CEILING), int(samples), factor)


def _limit(value: float, rounding: str) -> Decimal:
    """Return the nearest number outward that fits into 8 characters."""
    for places in range(6, -1, -1):
        number = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=rounding)
        if len(f"{number:f}") <= 8:
            return number
    raise _refused("A value is too large for the header.", f"{value:g}", "-9999999 to 99999999")


def _annotations(events: Sequence[Event], times: Sequence[Fraction], offset: Fraction) -> list[bytes]:
    """Return the bytes of the annotation signal of each record, all of one even length."""
    lists = [_tal(event, offset) for event in in_order(events)]
    clocks = [f"+{_seconds(offset + time)}\x14\x14\0".encode() for time in times]
    room = -(-sum(map(len, lists)) // len(clocks)) + max(map(len, lists), default=0)
    size = max(map(len, clocks)) + room
    size += size % 2
    filled = iter(lists)
    waiting = next(filled, None)
    whole: list[bytes] = []
    for clock in clocks:
        content = clock
        while waiting is not None and len(content) + len(waiting) <= size:
            content += waiting
            waiting = next(filled, None)
        whole.append(content.ljust(size, b"\0"))
    return whole


def _tal(event: Event, offset: Fraction) -> bytes:
    onset = Fraction(repr(float(event.onset_s))) + offset
    length = f"\x15{_seconds(Fraction(repr(float(event.duration_s))))}" if event.duration_s else ""
    sign = "" if onset < 0 else "+"
    return f"{sign}{_seconds(onset)}{length}\x14{_text(event)}\x14\0".encode()


def _seconds(value: Fraction) -> str:
    """Return seconds with up to nine decimals."""
    nanoseconds = round(value * 1_000_000_000)
    text = f"{abs(nanoseconds) // 10**9}.{abs(nanoseconds) % 10**9:09d}".rstrip("0").rstrip(".")
    return f"-{text}" if nanoseconds < 0 else text


def _text(event: Event) -> str:
    """Return the first wording of an event that is read back with the same name, side and label."""
    raw = str(event.attributes.get("label", ""))
    label = " ".join("".join(letter if letter.isprintable() else " " for letter in raw).split())
    if event.event == "user_mark" and not label:
        label = "user_mark"
    side = "" if event.side == "n/a" else f" - {event.side}"
    for text in (label, _SPELLINGS.get(event.event, event.event) + side):
        ((read,), _) = events_of([(0.0, event.duration_s, text)])
        same = (read.event, read.side) == (event.event, event.side)
        if text and same and label in ("", read.attributes.get("label")):
            return text
    return f"{event.event}{side} :: {label}"


def _header(
    scaled: Sequence[_Scaled], start: datetime | None, records: int, duration: Decimal, annotation_bytes: int, form: str
) -> bytes:
    day = start or datetime.combine(HIDDEN_DATE, datetime.min.time())
    startdate = f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}" if start else "X"
    count = len(scaled) + 1
    fixed = [
        ("0", 8),
        ("X X X X", 80),
        (f"Startdate {startdate} X X X", 80),
        (f"{day.day:02d}.{day.month:02d}.{day.year % 100:02d}", 8),
        (f"{day.hour:02d}.{day.minute:02d}.{day.second:02d}", 8),
        (str(256 * (count + 1)), 8),
        (form, 44),
        (str(records), 8),
        (f"{duration:f}", 8),
        (str(count), 4),
    ]
    columns = [
        ([*(one.signal.name for one in scaled), "EDF Annotations"], 16),
        ([*(one.signal.transducer for one in scaled), ""], 80),
        ([*(one.signal.unit.replace("µ", "u").replace("μ", "u") for one in scaled), ""], 8),
        ([*(f"{one.low:f}" for one in scaled), "-1"], 8),
        ([*(f"{one.high:f}" for one in scaled), "1"], 8),
        ([str(_DIGITAL_MIN)] * count, 8),
        ([str(_DIGITAL_MAX)] * count, 8),
        ([*(one.signal.prefilter for one in scaled), ""], 80),
        ([*(str(one.samples) for one in scaled), str(annotation_bytes // 2)], 8),
        ([""] * count, 32),
    ]
    fields = [*fixed, *((text, width) for texts, width in columns for text in texts)]
    for text, width in fields:
        if len(text) > width:
            raise _refused("A field does not fit into the header.", text, f"{width} characters")
    return b"".join(text.encode("ascii").ljust(width) for text, width in fields)


def _write_records(file: BinaryIO, scaled: Sequence[_Scaled], annotations: Sequence[bytes]) -> None:
    import numpy as np

    for first in range(0, len(annotations), _BLOCK_RECORDS):
        marks = annotations[first : first + _BLOCK_RECORDS]
        count = len(marks)
        parts = [_digitised(one, first, count).view(np.uint8).reshape(count, -1) for one in scaled]
        parts.append(np.frombuffer(b"".join(marks), np.uint8).reshape(count, -1))
        file.write(np.concatenate(parts, axis=1).tobytes())


def _digitised(one: _Scaled, first: int, count: int) -> NDArray[Any]:
    import numpy as np

    values = np.asarray(one.signal.values_uv[first * one.samples : (first + count) * one.samples], np.float64)
    low, high = float(one.low), float(one.high)
    digital = (values * one.factor - low) * ((_DIGITAL_MAX - _DIGITAL_MIN) / (high - low)) + _DIGITAL_MIN
    return np.clip(np.rint(digital), _DIGITAL_MIN, _DIGITAL_MAX).astype("<i2")
