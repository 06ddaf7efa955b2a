"""EDF, EDF+, BDF and BDF+ files as recordings: header, records, clock, marks and channels put together and checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from legtwitch.errors import UsageError
from legtwitch.model import Channel, Event, Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.channels import LEG_ROLES, about_legs, factor_to_uv, voltage
from legtwitch.recording.events import about_marks, beyond, events_of, in_order, no_movements, outside
from legtwitch.recording.header import SECOND, Header, SignalHeader, read_header
from legtwitch.recording.roles import role_of
from legtwitch.recording.samples import EdfSamples, Layout, SignalPlace, blocks
from legtwitch.recording.tals import Annotations, read_tals
from legtwitch.recording.timeline import Timeline, build_timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_RECORDS = 5_000_000
"""Data records read of one file: a day in steps of 20 ms."""
_ANNOTATION_BYTES = 1 << 21
"""Of one annotation signal looked through at once."""
_SAMPLE_LIMITS = {2: (-(1 << 15), (1 << 15) - 1), 3: (-(1 << 23), (1 << 23) - 1)}


@dataclass(frozen=True, slots=True)
class _Place:
    """A signal with its place in a data record, in bytes."""

    header: SignalHeader
    at: int
    size: int


def read_edf(path: Path, *, unit: str | None = None, rate_hz: float | None = None) -> Recording:
    """Open an EDF or BDF file of any kind; no sample is read.

    Parameters
    ----------
    path: the file. unit: the unit of leg channels whose header field is empty (`uV`, `mV`, `V`).
    rate_hz: sampling rate of the leg channels, used only where the header gives no duration of a data record.

    Raises
    ------
    FileError: the header is cut off or does not say how many signals there are.
    UsageError: unit or rate_hz is none that can be used.
    """
    stated_unit = None if unit is None else voltage(unit)
    if (unit is not None and stated_unit is None) or (rate_hz is not None and not 0 < rate_hz < 1e6):
        raise UsageError(
            codes.STATED_NOTHING,
            "The unit or the rate that was stated can't be used.",
            got=str(unit if unit is not None and stated_unit is None else rate_hz),
            allowed="uV, mV or V; a rate above 0 Hz",
        )
    file_size = path.stat().st_size
    with path.open("rb") as file:
        header = read_header(file, file_size)
        problems = list(header.problems)
        places, record_bytes = _places(header, problems)
        layout = Layout(path, header.size, record_bytes, header.width)
        records = _count_records(header, record_bytes, file_size, problems)
        found = read_tals(_annotation_bytes(file, layout, places, records))
    header = _with_rate(header, places, rate_hz, problems)
    signals = [place for place in places if not place.header.is_annotations]
    timeline = _timeline(header, found, records, signals, problems)
    marks, mark_problems = events_of(
        ((onset - timeline.offset_ns) / SECOND, (duration or 0) / SECOND, text) for onset, duration, text in found.marks
    )
    events = in_order([*marks, *timeline.gaps])
    duration_s = timeline.duration_ns / SECOND
    if not signals:
        stated_s = (header.record_ns or 0) * records / SECOND
        duration_s = max((event.onset_s + event.duration_s for event in events), default=0.0)
        duration_s = max(duration_s, stated_s)
    problems += [*timeline.problems, *_about_annotations(found), *mark_problems, *about_marks(events)]
    inside = bool(signals) and bool(timeline.segments)
    problems += _outside(marks, duration_s) if inside else beyond(marks, duration_s, path.name)
    channels, scaled = _channels(header, signals, records, stated_unit, problems)
    problems += (
        about_legs(channels, [_largest(place, channel) for place, channel in zip(signals, channels, strict=True)])
        if signals
        else no_movements(events)
    )
    start = header.start
    return Recording(
        path.name,
        header.format,
        None if start is None else start + timedelta(microseconds=timeline.offset_ns // 1000),
        duration_s,
        tuple(channels),
        timeline.segments,
        events,
        tuple(problems),
        EdfSamples(layout, tuple(scaled), timeline.runs) if signals else None,
    )


def _places(header: Header, problems: list[Problem]) -> tuple[list[_Place], int]:
    """Return where each signal lies in a record, and the record's bytes: 0 where that can't be known."""
    places: list[_Place] = []
    at = 0
    for signal in header.signals:
        if signal.samples is None or signal.samples < 0:
            problems.append(
                Problem(
                    codes.LAYOUT_UNKNOWN,
                    f"The number of samples of {signal.label} can't be read, so no sample of the file can be found.",
                    "Nothing can be scored.",
                    signal.label,
                )
            )
            return [_Place(one, 0, 0) for one in header.signals], 0
        size = signal.samples * header.width
        if not size:
            problems.append(Problem(codes.NO_SAMPLES, f"{signal.label} has no samples.", "", signal.label))
        places.append(_Place(signal, at, size))
        at += size
    return places, at


def _count_records(header: Header, record_bytes: int, file_size: int, problems: list[Problem]) -> int:
    """Return the number of whole data records in the file, whatever the header says of it."""
    if not record_bytes:
        return 0
    there, rest = divmod(file_size - header.size, record_bytes)
    if there > _MAX_RECORDS:
        message = f"The file would hold {there} data records of {record_bytes} bytes; {_MAX_RECORDS} were read."
        problems.append(Problem(codes.RECORD_COUNT, message, "What comes after them is missing."))
        return _MAX_RECORDS
    stated = header.record_count
    if stated is None or stated < 0:
        said = "is not stated (the recording was not closed)" if stated == -1 else "can't be read"
        message = f"The number of data records {said}; the file holds {there}."
        problems.append(Problem(codes.RECORD_COUNT, message, repaired=True))
    elif there > stated:
        message = f"The header says that there are {stated} data records; the file holds {there} and all were read."
        problems.append(Problem(codes.RECORD_COUNT, message, repaired=True))
    elif there < stated:
        lost = ""
        if header.record_ns:
            lost = f"; {(stated - there) * header.record_ns / SECOND:g} s are missing at the end"
        message = f"The file ends early: {there} of {stated} data records are whole{lost}."
        problems.append(Problem(codes.TRUNCATED, message, "What is there is read; times are right."))
    if rest and (stated is None or there >= stated):
        message = f"{rest} bytes after the last whole data record were not read."
        problems.append(Problem(codes.EXTRA_BYTES, message))
    if not there:
        problems.append(Problem(codes.NO_RECORDS, "The file holds no whole data record.", "Nothing can be scored."))
    return there


def _annotation_bytes(
    file: BinaryIO, layout: Layout, places: Sequence[_Place], records: int
) -> Iterator[list[NDArray[Any]]]:
    """Yield the bytes of all annotation signals by blocks of records, (records, size); nothing where there is none."""
    wanted = [place for place in places if place.header.is_annotations and place.size]
    if not wanted:
        return
    step = max(1, _ANNOTATION_BYTES // max(place.size for place in wanted))
    for first in range(0, records, step):
        count = min(step, records - first)
        yield [_joined(blocks(file, layout, one.at, one.size, first, count), count, one.size) for one in wanted]


def _joined(parts: Iterator[NDArray[Any]], records: int, size: int) -> NDArray[Any]:
    import numpy as np

    whole, done = np.empty((records, size), np.uint8), 0
    for part in parts:
        whole[done : done + len(part)] = part
        done += len(part)
    return whole


def _with_rate(header: Header, places: Sequence[_Place], rate_hz: float | None, problems: list[Problem]) -> Header:
    """Return the header with a duration of a record: the file's own, or by the rate that the user stated."""
    signals = [place.header for place in places if not place.header.is_annotations]
    if header.record_ns or not signals:
        return header
    legs = {one.samples for one in signals if role_of(one.label, one.dimension).role in LEG_ROLES and one.samples}
    if rate_hz is not None and len(legs) == 1:
        message = f"The header gives no duration of a data record; it follows from the stated rate of {rate_hz:g} Hz."
        problems.append(Problem(codes.RATE_STATED, message))
        return replace(header, record_ns=round(Fraction(legs.pop() or 0) / Fraction(rate_hz) * SECOND))
    problems.append(
        Problem(
            codes.RECORD_DURATION,
            "The header gives no usable duration of a data record, so no rate and no time is known.",
            "Nothing can be scored unless the rate is stated.",
        )
    )
    return header


def _timeline(
    header: Header, found: Annotations, records: int, signals: Sequence[_Place], problems: list[Problem]
) -> Timeline:
    offset = next((time for time in found.clock[:1] if time is not None), 0)
    if not header.record_ns or not signals:
        return Timeline((), (), offset, 0, (), ())
    if not header.plus and found.clock:
        message = "The file has an annotation signal, but its header does not say that it is EDF+ or BDF+."
        problems.append(Problem(codes.FORMAT_MISMATCH, message, "The annotations were read.", repaired=True))
    fastest = max((place.header.samples or 0 for place in signals), default=0)
    return build_timeline(found.clock, records, header.record_ns, plus=header.plus, fastest_samples=fastest)


def _about_annotations(found: Annotations) -> list[Problem]:
    problems: list[Problem] = []
    if found.empty:
        problems.append(Problem(codes.EMPTY_MARKS, f"{found.empty} annotation(s) have no text.", "They mean nothing."))
    if found.unreadable:
        message = f"{found.unreadable} annotation(s) can't be read."
        problems.append(Problem(codes.UNREADABLE_MARKS, message, "What they marked is missing."))
    if found.too_many:
        message = f"{found.too_many} annotation(s) beyond the first {len(found.marks)} were not read."
        problems.append(Problem(codes.UNREADABLE_MARKS, message, "What they marked is missing."))
    return problems


def _outside(events: Sequence[Event], duration_s: float) -> list[Problem]:
    number = outside(events, duration_s)
    if not number:
        return []
    message = f"{number} mark(s) lie outside the recording, which lasts {duration_s:g} s."
    return [Problem(codes.MARKS_OUTSIDE, message, "They are kept; what lies outside is not scored.")]


def _channels(
    header: Header, signals: Sequence[_Place], records: int, stated_unit: str | None, problems: list[Problem]
) -> tuple[list[Channel], list[SignalPlace]]:
    channels: list[Channel] = []
    scaled: list[SignalPlace] = []
    for place in signals:
        signal = place.header
        gain = _gain(signal, header.width, problems)
        role = role_of(signal.label, signal.dimension)
        volts = voltage(signal.dimension)
        if volts is None and not signal.dimension and stated_unit and role.role in LEG_ROLES:
            volts = stated_unit
            message = f"The unit of {signal.label} is missing in the header; {stated_unit} was stated."
            problems.append(Problem(codes.UNIT_STATED, message, "", signal.label))
        factor = 1.0 if volts is None else factor_to_uv(volts)
        samples = signal.samples or 0
        rate = float(Fraction(samples * SECOND, header.record_ns)) if header.record_ns else 0.0
        channels.append(
            Channel(
                signal.label,
                *role,
                unit=None if gain is None else "uV" if volts else signal.dimension or None,
                file_unit=signal.dimension,
                rate_hz=rate,
                resolution_uv=abs(gain) * factor if gain is not None and volts else None,
                samples=samples * records if place.size else 0,
            )
        )
        scaled.append(
            SignalPlace(
                signal.label, place.at, place.size, signal.digital_min or 0, signal.physical_min or 0.0, gain, factor
            )
        )
    return channels, scaled


def _gain(signal: SignalHeader, width: int, problems: list[Problem]) -> float | None:
    """Return the size of one digital step in the file's unit, None (and say so) where the limits give none."""
    low, high = signal.digital_min, signal.digital_max
    least, most = _SAMPLE_LIMITS[width]
    if low is None or high is None or signal.physical_min is None or signal.physical_max is None:
        why = "can't be read"
    elif low == high or signal.physical_min == signal.physical_max:
        why = "are equal"
    elif not (least <= low <= most and least <= high <= most):
        why = f"({low} and {high}) do not fit samples of {width} bytes"
    else:
        if low > high:
            message = f"The digital limits of {signal.label} are the wrong way round; the scale was read as written."
            problems.append(Problem(codes.LIMITS_INVERTED, message, "The signal may be upside down.", signal.label))
        return (signal.physical_max - signal.physical_min) / (high - low)
    message = f"The limits of {signal.label} {why}, so its samples have no size."
    problems.append(Problem(codes.NO_SCALE, message, "The channel can't be used.", signal.label))
    return None


def _largest(place: _Place, channel: Channel) -> float | None:
    """Return the amplitude at which a channel clips, in uV; None where its unit is no voltage or it has no scale."""
    signal = place.header
    if channel.resolution_uv is None or signal.physical_min is None or signal.physical_max is None:
        return None
    factor = channel.resolution_uv / abs(
        (signal.physical_max - signal.physical_min) / ((signal.digital_max or 0) - (signal.digital_min or 0))
    )
    return min(abs(signal.physical_min), abs(signal.physical_max)) * factor
