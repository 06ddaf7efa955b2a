"""The one table that every rule set reads: movements of single legs, and why a mark is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from legtwitch.errors import RecordingError
from legtwitch.model import Event, Problem, Side
from legtwitch.scoring import codes
from legtwitch.scoring.night import Night
from legtwitch.scoring.times import bound, to_ms, words

LONG_MS = 60_000
LEGS: dict[Side, tuple[Side, ...]] = {
    "left": ("left",),
    "right": ("right",),
    "both": ("left", "right"),
    "n/a": ("n/a",),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of one leg, in ms. id: `m1`, `m2` … in order of onset."""

    id: str
    leg: Side
    start: int
    end: int
    event: Event


@dataclass(frozen=True, slots=True, eq=False)
class LegMovement:
    """One movement of one leg: one mark, or several less than 0.5 s apart, in ms.

    length_known: False where a mark without duration was kept.
    """

    leg: Side
    start: int
    end: int
    marks: tuple[str, ...]
    length_known: bool

    @property
    def duration(self) -> int:
        """The duration in ms."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Table:
    """All marks, the movements that rules may count, and the reason for each mark that they may not."""

    marks: tuple[Mark, ...]
    movements: tuple[LegMovement, ...]
    dropped: dict[str, str]
    merged: dict[str, str]
    problems: tuple[Problem, ...]


def _place(row: tuple[int, int, Side, str, Event]) -> tuple[int, int, Side, str]:
    return row[:4]


def _marks(events: Iterable[Event]) -> tuple[Mark, ...]:
    rows = []
    for event in events:
        if not (isfinite(event.onset_s) and isfinite(event.duration_s) and event.duration_s >= 0):
            raise RecordingError(
                "E340",
                "A leg movement has no usable time.",
                got=f"onset {event.onset_s} s, duration {event.duration_s} s",
                allowed="a finite onset, and a duration of 0 s or more",
                do="Mend the mark in the event file.",
            )
        start, end = to_ms(event.onset_s), to_ms(event.onset_s + event.duration_s)
        rows += [(start, end, leg, event.channel or "", event) for leg in LEGS[event.side]]
    rows.sort(key=_place)
    if any(_place(one) == _place(other) for one, other in pairwise(rows)):  # the order must not depend on the file's
        rows.sort(key=lambda row: (_place(row), sorted((key, str(value)) for key, value in row[4].attributes.items())))
    return tuple(
        Mark(f"m{number}", leg, start, end, event) for number, (start, end, leg, _, event) in enumerate(rows, 1)
    )


def merge_same_leg(marks: Sequence[Mark], gap_below: int) -> list[list[Mark]]:
    """Return marks grouped into movements of one leg: end to start less than `gap_below` ms apart, in order of start.

    Source: PLMScoRe; the rule for the end of a movement (0.5 s of rest) implies it.
    """
    open_groups: dict[Side, list[Mark]] = {}
    ends: dict[Side, int] = {}
    groups = []
    for mark in marks:
        if mark.leg in open_groups and mark.start - ends[mark.leg] < gap_below:
            open_groups[mark.leg].append(mark)
            ends[mark.leg] = max(ends[mark.leg], mark.end)
        else:
            open_groups[mark.leg] = [mark]
            ends[mark.leg] = mark.end
            groups.append(open_groups[mark.leg])
    return groups


def _why_not(one: LegMovement, night: Night) -> tuple[str, str] | None:
    """Return code and reason why no rule set may count a movement, None where rules decide."""
    if not night.inside(one.start):
        return codes.OUTSIDE_LIGHTS, "starts outside lights off to lights on: not counted"
    stop = night.stops.on(one.start, one.end, one.leg)
    if stop is not None:
        name = "a gap in the recording" if stop.name == "recording_gap" else "an artefact"
        return codes.IN_ARTIFACT, (
            f"touches {name} of its leg ({words(stop.start)} to {words(stop.end)} s): not counted, as the leg can't be "
            "read there"
        )
    return None


_SAID = {
    codes.POINT_MARKS: "have no duration",
    codes.OUTSIDE_RECORDING: "lie outside the recording",
    codes.OUTSIDE_LIGHTS: "start outside lights off to lights on",
    codes.IN_ARTIFACT: "touch an artefact or a gap",
}


def _problems(counts: dict[str, int], movements: Sequence[LegMovement], keep_points: bool) -> tuple[Problem, ...]:
    said = []
    for code, what in _SAID.items():
        if counts.get(code):
            effect = "They are not counted."
            if code == codes.POINT_MARKS and keep_points:
                effect = "They are counted as asked for, though their length is not known."
            said.append(Problem(code, f"{counts[code]} marks of leg movements {what}.", effect))
    legs = {one.leg for one in movements}
    if "n/a" in legs:
        number = sum(one.leg == "n/a" for one in movements)
        both = (
            "they are joined with the marked legs as if of another leg"
            if len(legs) > 1
            else "they are read as of one leg"
        )
        said.append(
            Problem(codes.LEG_UNKNOWN, f"{number} leg movements name no leg.", f"Which leg moved is not known; {both}.")
        )
    long = sum(one.duration > LONG_MS for one in movements)
    if long:
        said.append(
            Problem(
                codes.LONG_MOVEMENTS,
                f"{long} leg movements last more than {LONG_MS // 1000} s.",
                "Tone or artefact may have been marked as movement, which hides the periodic ones inside it.",
            )
        )
    return tuple(said)


def _unstaged(movements: Sequence[LegMovement], night: Night) -> tuple[Problem, ...]:
    """Say how many movements begin where no stage is known, in a night that has stages."""
    unknown = sum(night.stage_at(one.start) == "unknown" for one in movements) if night.staged else 0
    if not unknown:
        return ()
    message = f"{unknown} leg movements begin where no sleep stage is known."
    effect = "They count in no index of sleep or wake. Under AASM they are not scored; under WASM series run over them."
    return (Problem(codes.STAGE_UNKNOWN, message, effect),)


def make_table(events: Sequence[Event], night: Night, *, keep_points: bool, merge_below: int) -> Table:
    """Return the table of movements of single legs; no mark is lost: each is in a movement or has a reason.

    events: leg movements; `both` is one movement on each leg. keep_points: clause `point_marks`.
    merge_below: marks of one leg closer than this (ms, end to start) are one movement.

    Raises
    ------
    RecordingError: a mark without a finite onset or with a negative duration (E340).
    """
    marks = _marks(one for one in events if one.event == "leg_movement")
    dropped: dict[str, str] = {}
    counts: dict[str, int] = {}
    usable = []
    for mark in marks:
        if mark.start < 0 or mark.start > night.end:
            counts[codes.OUTSIDE_RECORDING] = counts.get(codes.OUTSIDE_RECORDING, 0) + 1
            dropped[mark.id] = f"starts at {words(mark.start)} s, outside the recording: not counted"
            continue
        if mark.end == mark.start:
            counts[codes.POINT_MARKS] = counts.get(codes.POINT_MARKS, 0) + 1
            if not keep_points:
                dropped[mark.id] = "marked without a duration, so not shown to last 0.5 s: not counted"
                continue
        usable.append(mark)
    movements: list[LegMovement] = []
    merged: dict[str, str] = {}
    for group in merge_same_leg(usable, merge_below):
        one = LegMovement(
            group[0].leg,
            group[0].start,
            max(mark.end for mark in group),
            tuple(mark.id for mark in group),
            all(mark.end > mark.start for mark in group),
        )
        for mark in group[1:]:
            merged[mark.id] = f"one movement with {group[0].id}: less than {bound(merge_below)} s apart on the same leg"
        why = _why_not(one, night)
        if why is None:
            movements.append(one)
            continue
        counts[why[0]] = counts.get(why[0], 0) + len(group)
        dropped.update(dict.fromkeys(one.marks, why[1]))
    said = (*_problems(counts, movements, keep_points), *_unstaged(movements, night))
    others = sum(one.event != "leg_movement" for one in events)
    if others:
        said += (
            Problem(
                codes.OTHER_EVENTS, f"{others} marks given as movements are no leg movements.", "They are left out."
            ),
        )
    return Table(marks, tuple(movements), dropped, merged, said)
