"""Marks of one file laid over a recording of another, by their clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from legtwitch.errors import RecordingError
from legtwitch.model import Event, Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.events import in_order, outside, overlapping
from legtwitch.recording.header import HIDDEN_DATE

_DAY_S = 86_400.0
_OF_SIGNALS = "Q2"


def add_marks(recording: Recording, marks: Recording) -> Recording:
    """Return the recording with the events of `marks` laid over it.

    Where both say when they began, the marks are moved by the difference, and it is said; else both are taken to begin
    together. Marks outside the recording are kept, counted and said; a mark that stands in both counts once.
    The problems of the file of marks are taken along.

    Raises RecordingError where the marks lie wholly outside the recording (another night, a wrong date).
    """
    shift, problems = _shift(recording, marks)
    moved = [replace(event, onset_s=event.onset_s + shift) for event in marks.events]
    end = recording.duration_s
    beyond = outside(moved, end)
    if moved and beyond == len(moved) and recording.segments:
        raise _elsewhere(recording, marks, shift)
    if beyond and recording.segments:
        problems.append(
            Problem(
                codes.MARKS_OUTSIDE,
                f"{beyond} of {len(moved)} marks of {marks.file} lie outside the recording, which lasts {end:g} s.",
                "They are kept; what lies outside is not scored.",
            )
        )
    own = {_key(event) for event in recording.events}
    new = [event for event in moved if _key(event) not in own]
    if len(new) < len(moved):
        message = f"{len(moved) - len(new)} mark(s) of {marks.file} stand in {recording.file}, too, and count once."
        problems.append(Problem(codes.SAME_MARKS, message))
    events = in_order([*recording.events, *new])
    problems += _stages(recording, new, events, marks.file)
    if not recording.channels:
        end = max([end, *(event.onset_s + event.duration_s for event in new)])
    known = [one for one in marks.problems if not (one.code == codes.MARKS_OUTSIDE and recording.segments)]
    known = [one for one in known if not one.code.startswith(_OF_SIGNALS)]  # its signals are not looked at
    signals = bool(recording.channels)
    said = (*recording.problems, *(one for one in known if one not in recording.problems), *problems)
    return replace(
        recording,
        duration_s=end,
        events=events,
        problems=tuple(one for one in said if not _answered(one, events, signals=signals)),
    )


def _key(event: Event) -> tuple[int, int, str, str, object]:
    """Return what makes two marks the same: time to the millisecond, name, side and label."""
    label = event.attributes.get("label") if event.event == "user_mark" else None
    return round(event.onset_s * 1000), round(event.duration_s * 1000), event.event, event.side, label


def _answered(problem: Problem, events: tuple[Event, ...], *, signals: bool) -> bool:
    """Whether a file without leg movements no longer matters because another brought some, or signals to search."""
    if problem.code != codes.NO_MOVEMENT_MARKS:
        return False
    return signals or any(event.event == "leg_movement" for event in events)


def _shift(recording: Recording, marks: Recording) -> tuple[float, list[Problem]]:
    """Return the seconds by which marks move, and what there is to say of it."""
    if recording.start is None or marks.start is None:
        which = recording.file if recording.start is None else marks.file
        message = f"{which} does not say when it began; {marks.file} and {recording.file} were taken to begin together."
        return 0.0, [Problem(codes.CLOCKS_UNKNOWN, message, "If that is wrong, all its marks are.")]
    shift = (marks.start - recording.start).total_seconds()
    hidden = HIDDEN_DATE in (_date(recording.start), _date(marks.start))
    by_time_of_day = ""
    if hidden and abs(shift) >= _DAY_S / 2:
        shift = (shift + _DAY_S / 2) % _DAY_S - _DAY_S / 2
        by_time_of_day = " (by the time of day, for the date of one was made anonymous)"
    if not shift and not by_time_of_day:
        return 0.0, []
    when = "later" if shift >= 0 else "earlier"
    message = (
        f"{marks.file} begins {abs(shift):g} s {when} than {recording.file}{by_time_of_day}; its marks were moved."
    )
    return shift, [Problem(codes.CLOCKS_ALIGNED, message)]


def _date(moment: datetime) -> object:
    return moment.date()


def _elsewhere(recording: Recording, marks: Recording, shift: float) -> RecordingError:
    days = round(shift / _DAY_S)
    do = "Give the marks of this recording."
    if days and abs(shift - days * _DAY_S) < _DAY_S / 2:
        do = f"Their starts lie about {abs(days)} day(s) apart: check the dates of both files."
    began = recording.start.isoformat() if recording.start else "an unknown time"
    return RecordingError(
        codes.MARKS_ELSEWHERE,
        f"The marks of {marks.file} lie wholly outside {recording.file}.",
        got=f"marks that begin {marks.start.isoformat() if marks.start else 'at an unknown time'}",
        allowed=f"marks within {recording.duration_s:g} s from {began}",
        do=do,
    )


def _stages(recording: Recording, new: list[Event], events: tuple[Event, ...], file: str) -> list[Problem]:
    """Return the problem of stages in both files that overlap each other."""
    if not any(event.event.startswith("stage_") for event in recording.events):
        return []
    if not any(event.event.startswith("stage_") for event in new):
        return []
    number = overlapping([event for event in events if event.event.startswith("stage_")])
    if not number:
        return []
    message = f"Both {recording.file} and {file} hold sleep stages; {number} overlap another."
    return [Problem(codes.STAGES_OVERLAP, message, "The stage is unclear where they differ.")]
