"""WFDB records (PhysioNet): a header (`.hea`) and its signal files, as a recording."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError
from legtwitch.model import Channel, Problem, Recording, Segment
from legtwitch.recording import codes
from legtwitch.recording.channels import LEG_ROLES, about_legs, factor_to_uv, voltage
from legtwitch.recording.muscles import muscle_in
from legtwitch.recording.roles import RoleFound, role_of
from legtwitch.recording.stated import stated_rate, stated_unit
from legtwitch.recording.wfdb_header import WfdbHeader, WfdbSignal, broken, parse_header
from legtwitch.recording.wfdb_samples import STORAGE, Storage, WfdbFile, WfdbPlace, WfdbSamples, frames_in, frames_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VERIFIED_SAMPLES = 60_000_000
"""Samples whose checksum is verified at opening; more would make opening slow."""
_NEAR_LIMIT = 0.999
"""Amplifiers clip a little inside the range of the converter."""
_MAX_HEADER_BYTES = 1 << 20
_NOTE_WORDS = ("electrode", "needle", "surface", "muscle")


def header_beside(path: Path) -> Path | None:
    """Return the header of a record when `path` is one of its signal files, or its name without a suffix."""
    header = path.with_name(path.name + ".hea") if not path.exists() else path.with_suffix(".hea")
    if header == path or not header.is_file() or header.stat().st_size > _MAX_HEADER_BYTES:
        return None
    if not path.exists():
        return header
    lines = header.read_text("utf-8", "replace").splitlines()
    return header if any(line.split()[:1] == [path.name] for line in lines) else None


def read_wfdb(
    path: Path, text: str, problems: list[Problem], *, unit: str | None = None, rate_hz: float | None = None
) -> Recording:
    """Open a WFDB record of one segment in storage format 8, 16, 24, 32, 61, 80, 160 or 212.

    Voltages become uV; other units stay. Invalid samples are NaN. Checksum and first sample are compared with the
    header's where the record has at most 60 million samples.

    Parameters
    ----------
    path: the header. text: what it holds. problems: what there is to say already.
    unit: `uV`, `mV` or `V`, for calibrated signals whose unit in the header is no known voltage.
    rate_hz: frames a second, used only where the header states none (then it would be 250 by definition).

    Raises
    ------
    FileError: the header can't be understood, names another folder, or a signal file is missing or of another format.
    UsageError: the unit is none that can be used.
    """
    stated = stated_unit(unit)
    header = parse_header(text)
    said = list(problems)
    if not header.rate_stated:
        rate = stated_rate(rate_hz) or header.rate_hz
        header = replace(header, rate_hz=rate)
        word = "which is the default of the format" if rate_hz is None else "as was stated"
        message = f"The header states no sampling rate; {rate:g} Hz were taken, {word}."
        said.append(Problem(codes.RATE_DEFAULT, message, "With another rate all times are wrong."))
    places, frames = _places(path, header, said)
    if header.start_text and header.start is None:
        message = f"The start of the record is stated as {header.start_text}, without a full date and time."
        said.append(Problem(codes.START_UNKNOWN, message, "Times count from the start of the record."))
    channels, factors = _channels(header, frames, stated, said)
    places = [replace(place, factor=factor) for place, factor in zip(places, factors, strict=True)]
    source = WfdbSamples(tuple(places), frames)
    if frames:
        said += _verified(header, source, channels)
    else:
        said.append(Problem(codes.NO_RECORDS, "The signal file holds no whole frame.", "Nothing can be scored."))
    said += about_legs(channels, [None] * len(channels))
    duration = frames / header.rate_hz
    segments = (Segment(0.0, duration),) if frames else ()
    return Recording(path.name, "WFDB", header.start, duration, tuple(channels), segments, (), tuple(said), source)


def _places(path: Path, header: WfdbHeader, problems: list[Problem]) -> tuple[list[WfdbPlace], int]:
    """Return where each signal lies, and the number of frames that all signals have."""
    groups: dict[str, list[WfdbSignal]] = {}
    for signal in header.signals:
        groups.setdefault(signal.file, []).append(signal)
    files: dict[str, WfdbFile] = {}
    there: list[int] = []
    for name, group in groups.items():
        file, size = _file(path, name, group)
        files[name] = file
        frames = frames_in(max(size - file.offset, 0), file.format, file.frame_samples)
        there.append(max(frames - max(one.skew for one in group), 0))
        if header.frames is not None and frames > header.frames:
            message = f"{name} holds {frames} frames; the header states {header.frames} and no more were read."
            problems.append(Problem(codes.EXTRA_BYTES, message))
    most = min(there)
    expected = None if header.frames is None else header.frames - max(one.skew for one in header.signals)
    frames = most if expected is None else min(most, max(expected, 0))
    if expected is not None and most < expected:
        lost = (expected - most) / header.rate_hz
        message = f"The signal file ends early: {most} of {expected} frames are there; {lost:g} s are missing."
        problems.append(Problem(codes.TRUNCATED, message, "What is there is read; times are right."))
    if header.frames is None and len(set(there)) > 1:
        message = "The signal files of the record have different lengths; it was read to the end of the shortest."
        problems.append(Problem(codes.TRUNCATED, message, "What is there is read; times are right."))
    at = dict.fromkeys(groups, 0)
    places = []
    for one in header.signals:
        place = WfdbPlace(
            files[one.file], at[one.file], one.per_frame, one.skew, one.baseline, one.gain or 1.0, 1.0, one.first or 0
        )
        places.append(place)
        at[one.file] += one.per_frame
    return places, frames


def _file(path: Path, name: str, group: list[WfdbSignal]) -> tuple[WfdbFile, int]:
    kinds = {signal.format for signal in group}
    if len(kinds) > 1 or not kinds <= set(STORAGE):
        raise FileError(
            codes.WFDB_FORMAT,
            f"{name} is stored in a format that is not read.",
            got=", ".join(map(str, sorted(kinds))),
            allowed=[str(kind) for kind in STORAGE],
        )
    beside = path.with_name(name)
    if not beside.is_file():
        raise FileError(
            codes.WFDB_MISSING,
            f"The signal file {name}, which the header names, is missing.",
            got=name,
            allowed="a file in the folder of the header",
            do="Copy it beside the header.",
        )
    if len({signal.offset for signal in group if signal.offset}) > 1:
        raise broken(f"the signals of {name} state different offsets", name)
    offset = max(signal.offset for signal in group)
    return WfdbFile(beside, kinds.pop(), offset, sum(signal.per_frame for signal in group)), beside.stat().st_size


def _channels(
    header: WfdbHeader, frames: int, stated: str | None, problems: list[Problem]
) -> tuple[list[Channel], list[float]]:
    """Return the channels, and for each the factor from the header's unit to the channel's."""
    channels: list[Channel] = []
    factors: list[float] = []
    notes = "; ".join(note for note in header.notes if any(word in note.casefold() for word in _NOTE_WORDS))[:300]
    seen: set[str] = set()
    for signal in header.signals:
        name = unused_name(signal.label, seen, problems)
        role = _role(signal.label, signal.units, notes)
        volts = voltage(signal.units)
        if signal.gain is None:
            message = f"{name} was not calibrated: the header gives no gain, so its values are counts of the converter."
            problems.append(Problem(codes.UNCALIBRATED, message, "It has no amplitude in uV.", name))
        elif volts is None and stated and role.role in (*LEG_ROLES, "emg_other", "other"):
            volts = stated
            message = f"The unit of {name} is {signal.units} in the header; {stated} was stated."
            problems.append(Problem(codes.UNIT_STATED, message, "", name))
        factors.append(factor_to_uv(volts) if volts else 1.0)
        channels.append(
            Channel(
                name,
                *role,
                unit="uV" if volts else signal.units or None,
                file_unit=signal.units,
                rate_hz=header.rate_hz * signal.per_frame,
                resolution_uv=abs(factors[-1] / signal.gain) if volts and signal.gain else None,
                samples=frames * signal.per_frame,
            )
        )
    return channels, factors


def _role(label: str, units: str, notes: str) -> RoleFound:
    """Return the role by the label; the notes of the header, where they name a muscle, stand in its reason."""
    found = role_of(label, units)
    if not notes or found.role not in (*LEG_ROLES, "emg_other", "other"):
        return found
    muscle = muscle_in(notes).muscle
    if found.role == "other" and muscle:
        found = RoleFound("emg_other", 0.7, "the notes of the file name a muscle")
    return RoleFound(found.role, found.certainty, f"{found.why}; notes of the file: “{notes}”")


def unused_name(label: str, seen: set[str], problems: list[Problem]) -> str:
    """Return the label, with a number added (and said) where an earlier channel has it."""
    name, number = label, 1
    while name in seen:
        number += 1
        name = f"{label} ({number})"
    seen.add(name)
    if number == 2:
        problems.append(Problem(codes.LABEL_TWICE, f"Several channels are called {label}; a number was added."))
    return name


def _verified(header: WfdbHeader, source: WfdbSamples, channels: list[Channel]) -> list[Problem]:
    """Read all samples once, in blocks, and return what differs from the header, is invalid or clipped."""
    total = sum(channel.samples for channel in channels)
    if total > _VERIFIED_SAMPLES:
        message = f"The record holds {total} samples; checksums and invalid samples were not looked for at opening."
        return [Problem(codes.NOT_VERIFIED, message, "Invalid samples have no value (NaN) when they are read.")]
    whole = header.frames is not None and source.frames == header.frames
    seen: dict[int, _Seen] = {}
    for file in dict.fromkeys(place.file for place in source.signals):
        seen |= _looked_at(source, [n for n, place in enumerate(source.signals) if place.file == file])
    problems: list[Problem] = []
    for number, (signal, channel) in enumerate(zip(header.signals, channels, strict=True)):
        problems += _about_samples(signal, channel.name, seen[number], whole and not signal.skew)
    return problems


@dataclass(slots=True)
class _Seen:
    """What reading all samples of a signal showed: their sum, the first, and how many are invalid or at a limit."""

    total: int = 0
    first: int = 0
    invalid: int = 0
    at_limit: int = 0
    count: int = 0

    def add(self, block: NDArray[Any], storage: Storage) -> None:
        """Take the next samples of the signal."""
        if not self.count and block.size:
            self.first = int(block.flat[0])
        self.total += int(block.sum(dtype="int64"))
        self.count += block.size
        if storage.invalid is not None:
            near = _NEAR_LIMIT * storage.most
            self.invalid += int((block == storage.invalid).sum())
            self.at_limit += int(((block >= near) | ((block <= -near) & (block != storage.invalid))).sum())


def _looked_at(source: WfdbSamples, numbers: list[int]) -> dict[int, _Seen]:
    """Return what the signals of one file show; the file is read once where all of them begin with it."""
    places = [source.signals[number] for number in numbers]
    file = places[0].file
    seen = {number: _Seen() for number in numbers}
    if file.format == 8 or any(place.skew for place in places):
        for number in numbers:
            for block in source.digital(number):
                seen[number].add(block, STORAGE[file.format])
        return seen
    for block in frames_of(file, 0, source.frames):
        for number, place in zip(numbers, places, strict=True):
            seen[number].add(block[:, place.at : place.at + place.per_frame], STORAGE[file.format])
    return seen


def _about_samples(signal: WfdbSignal, name: str, seen: _Seen, whole: bool) -> list[Problem]:
    problems: list[Problem] = []
    if whole and signal.checksum is not None and (seen.total - signal.checksum) % 65536:
        got = (seen.total + 32768) % 65536 - 32768
        message = f"The checksum of {name} is {got}; the header states {signal.checksum}."
        effect = "Samples were changed or damaged since the record was written, or the header is of another file."
        problems.append(Problem(codes.CHECKSUM, message, effect, name))
    if signal.first is not None and not signal.skew and signal.format != 8 and seen.first != signal.first:
        message = f"The first sample of {name} is {seen.first}; the header states {signal.first}."
        problems.append(Problem(codes.FIRST_SAMPLE, message, "The file may have been cut or shifted.", name))
    if seen.invalid:
        message = f"{seen.invalid} of {seen.count} samples of {name} are marked as invalid; they have no value (NaN)."
        problems.append(Problem(codes.SAMPLES_INVALID, message, "Nothing can be found there.", name))
    if seen.at_limit:
        message = f"{seen.at_limit} of {seen.count} samples of {name} lie at the limit of the converter."
        problems.append(Problem(codes.CLIPPED, message, "Stronger signals are clipped; their size is too low.", name))
    return problems
