"""Write signals and marks as EDF+C, 16 bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from legtwitch.errors import RecordingError
from legtwitch.model import Event, Side
from legtwitch.recording import codes
from legtwitch.recording.channels import factor_to_uv, voltage
from legtwitch.recording.events import in_order
from legtwitch.recording.files import written
from legtwitch.recording.header import HIDDEN_DATE
from legtwitch.recording.marks import meaning

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITAL_MIN, _DIGITAL_MAX = -32768, 32767
_BLOCK_RECORDS = 256
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
) -> None:
    """Write signals and events as an EDF+C file; our reader gives the events back.

    Parameters
    ----------
    path: written under another name in the same folder and then renamed; an older file of the name is replaced.
    signals: at least one, all of one duration, which is a whole number of data records.
    start: local time without a zone, to the microsecond; None writes the anonymous date of EDF+.
    events: stages and events in the spellings of EDF+, others under their vocabulary names; a `label` that means the
        same is written in its place. Other attributes and the channel are not written.
    record_duration_s: length of a data record.

    Raises
    ------
    RecordingError: the signals do not fit the format (lengths, rates, values that are no numbers, names), or a date.
    FileError: the file can't be written.
    """
    if not signals or not 0 < record_duration_s <= 1000:
        raise _refused(
            "There must be at least one signal, and a data record of up to 1000 s.", f"{len(signals)} signals"
        )
    if start is not None and not 1985 <= start.year <= 2084:
        raise _refused("An EDF file can't hold this start date.", start.isoformat(), "1985 to 2084")
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
    offset = Fraction(start.microsecond if start else 0, 1_000_000)
    annotations = _annotations(events, records, Fraction(duration), offset)
    header = _header(scaled, start, records, duration, len(annotations[0]))
    with written(Path(path)) as file:
        file.write(header)
        _write_records(file, scaled, annotations)


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


def _annotations(events: Sequence[Event], records: int, duration: Fraction, offset: Fraction) -> list[bytes]:
    """Return the bytes of the annotation signal of each record, all of one even length."""
    lists = [_tal(event, offset) for event in in_order(events)]
    clocks = [f"+{_seconds(offset + number * duration)}\x14\x14\0".encode() for number in range(records)]
    room = -(-sum(map(len, lists)) // records) + max(map(len, lists), default=0)
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
    label = " ".join(str(event.attributes.get("label", "")).split())
    if event.event == "user_mark":
        return label or "user_mark"
    if label and meaning(label, event.duration_s) == (event.event, event.side):
        return label
    side: Side = event.side
    return _SPELLINGS.get(event.event, event.event) + ("" if side == "n/a" else f" - {side}")


def _header(
    scaled: Sequence[_Scaled], start: datetime | None, records: int, duration: Decimal, annotation_bytes: int
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
        ("EDF+C", 44),
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
