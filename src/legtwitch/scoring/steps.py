"""Plain steps that several rule sets share: joined movements, arousals, breathing events, verdicts, indices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from legtwitch.model import Detail, Side, Verdict
from legtwitch.scoring import codes
from legtwitch.scoring.night import Night
from legtwitch.scoring.table import LegMovement, Table
from legtwitch.scoring.times import Stretch, words

NAMES = {"apnea": "an apnoea", "hypopnea": "a hypopnoea", "rera": "a RERA"}


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What counts once: a movement of one leg, or movements of both legs joined, in ms.

    start: the onset of the first part. end: of the part that ends last.
    """

    parts: tuple[LegMovement, ...]
    start: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        alone = self.parts[0] if len(self.parts) == 1 else None
        object.__setattr__(self, "start", alone.start if alone else min(one.start for one in self.parts))
        object.__setattr__(self, "end", alone.end if alone else max(one.end for one in self.parts))

    @property
    def marks(self) -> tuple[str, ...]:
        """The ids of all its marks."""
        return tuple(mark for one in self.parts for mark in one.marks)

    @property
    def side(self) -> Side:
        """The leg, or `both`; `n/a` where no part names a leg."""
        legs = {one.leg for one in self.parts} - {"n/a"}
        return "n/a" if not legs else "both" if len(legs) > 1 else legs.pop()


def in_order(joined: Iterable[Joined]) -> list[Joined]:
    """Return joined movements in order of onset."""
    return sorted(joined, key=lambda one: (one.start, one.end, one.parts[0].marks))


@dataclass(frozen=True, slots=True)
class Built:
    """What a series builder found. intervals: onset to onset in ms, from the movement before under the rule set.

    since: how each movement follows the one before, in words. numbers: the series, from 1, of each of their movements.
    """

    series: tuple[tuple[Joined, ...], ...]
    intervals: Mapping[Joined, int]
    since: Mapping[Joined, str]
    numbers: Mapping[Joined, int] = field(init=False)

    def __post_init__(self) -> None:
        numbers = {one: number for number, each in enumerate(self.series, 1) for one in each}
        object.__setattr__(self, "numbers", numbers)

    @property
    def members(self) -> list[Joined]:
        """The movements of all series in order."""
        return list(self.numbers)


def join_touching(legs: Sequence[LegMovement], gap_below: int) -> list[Joined]:
    """Join movements of different legs that overlap or whose end to start is less than `gap_below` ms.

    Each movement that is joined extends the window for the next. legs: in order of onset, marks of one leg merged.
    """
    groups: list[list[LegMovement]] = []
    end = 0
    for one in legs:
        if groups and one.start - end < gap_below:
            groups[-1].append(one)
            end = max(end, one.end)
        else:
            groups.append([one])
            end = one.end
    return [Joined(tuple(group)) for group in groups]


def with_arousal(one: Joined, night: Night, gap_below: int) -> bool | None:
    """Tell whether a movement goes with an arousal: overlap, or less than `gap_below` ms between end and start.

    None where no arousal is marked in the whole recording.
    """
    if not night.arousals:
        return None
    near = night.arousals.meeting(one.start - gap_below, one.end + gap_below)
    return any(max(each.start - one.end, one.start - each.end) < gap_below for each in near)


def event_nearby(
    start: int, end: int, night: Night, window: tuple[int, int], *, around_end: bool, kinds: Sequence[str]
) -> Stretch | None:
    """Return the first breathing event whose window holds any part of start..end (ms), ends included.

    window: ms before and after the end of the event (around_end), or before its start and after its end.
    """
    before, after = window
    for event in night.breathing.meeting(start - after, end + before):
        opens = (event.end if around_end else event.start) - before
        if event.name in kinds and start <= event.end + after and end >= opens:
            return event
    return None


def place(start: int, end: int, event: Stretch) -> str:
    """Say where start..end (ms) lies relative to a breathing event."""
    name = NAMES[event.name]
    if start > event.end:
        return f"starts {words(start - event.end)} s after the end of {name}"
    if end < event.start:
        return f"ends {words(event.start - end)} s before the start of {name}"
    if start <= event.end <= end:
        return f"lies over the end of {name}"
    return f"ends {words(event.end - end)} s before the end of {name}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule set made of a joined movement; becomes one `Verdict` for each of its marks."""

    joined: Joined
    leg_movement: bool
    reasons: tuple[str, ...]
    candidate: bool | None = None
    plm: bool = False
    series: int | None = None
    respiratory: bool | None = None
    arousal: bool | None = None
    interval: int | None = None


def verdicts(table: Table, judged: Iterable[Judged], *, candidates: bool) -> dict[str, Verdict]:
    """Return a verdict for every mark of the table. candidates: the rule set knows candidates."""
    leg_of = {mark.id: mark.leg for mark in table.marks}
    no = False if candidates else None
    found = {
        mark: Verdict(False, no, False, None, (), None, None, None, (reason,)) for mark, reason in table.dropped.items()
    }
    for one in judged:
        for mark in one.joined.marks:
            reasons = one.reasons if mark not in table.merged else (table.merged[mark], *one.reasons)
            found[mark] = Verdict(
                one.leg_movement,
                one.candidate,
                one.plm,
                one.series,
                tuple(other for other in one.joined.marks if leg_of[other] != leg_of[mark]),
                one.respiratory,
                one.arousal,
                None if one.interval is None else one.interval / 1000,
                reasons,
            )
    return found


@dataclass(slots=True)
class Sheet:
    """Indices as they are filled in: a value, or None with a reason that starts with a code."""

    values: dict[str, float | int | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float | int) -> None:
        """Enter a value."""
        self.values[name] = value

    def withhold(self, name: str, code: str, why: str) -> None:
        """Enter that a value can't be given, and why."""
        self.values[name] = None
        self.reasons[name] = f"{code}: {why}"

    def needs_stages(self, name: str, value: int, staged: bool) -> None:
        """Enter a count by state, withheld without stages."""
        if staged:
            self.put(name, value)
        else:
            self.withhold(name, codes.NO_STAGES, "the recording has no sleep stages")

    def per_hour(self, name: str, count: int, hours: float | None, of_what: str) -> None:
        """Enter a count per hour; withheld without stages or without an hour. of_what: `sleep`, `REM sleep` …"""
        if hours is None:
            self.withhold(name, codes.NO_STAGES, "the recording has no sleep stages")
        elif hours <= 0:
            self.withhold(name, codes.NO_HOURS, f"no {of_what} was recorded")
        else:
            self.put(name, count / hours)

    def movements_per_recorded_hour(self, count: int, hours: float, name: str = "lm_per_recorded_hour") -> None:
        """Enter leg movements per recorded hour, which needs no stages."""
        if hours > 0:
            self.put(name, count / hours)
        else:
            self.withhold(name, codes.NO_HOURS, "no time counts")

    def respiratory(self, count: int, night: Night) -> None:
        """Enter how many movements are tied to breathing events; withheld where no such event is marked."""
        if night.breathing:
            self.put("respiratory_count", count)
        else:
            self.withhold("respiratory_count", codes.NO_BREATHING_EVENTS, "no breathing event is marked")

    def plms_with_arousal(self, count: int, hours: float | None, night: Night) -> None:
        """Enter periodic movements with arousal, and per hour of sleep; withheld where no arousal is marked."""
        if night.arousals:
            self.needs_stages("plms_arousal_count", count, night.staged)
            self.per_hour("plms_arousal_index", count, hours, "sleep")
            return
        for name in ("plms_arousal_count", "plms_arousal_index"):
            self.withhold(name, codes.NO_AROUSALS, "no arousal is marked in the recording")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule set gives: indices, and their reasons where withheld.

    plms: onsets (ms) of the periodic movements in sleep. judge: makes a verdict for every mark, by id; most of the work
    of scoring lies in its words, which who only asks for indices does without. detail: makes the night in detail.
    """

    values: Mapping[str, float | int | None]
    reasons: Mapping[str, str]
    plms: tuple[int, ...]
    judge: Callable[[], Mapping[str, Verdict]]
    detail: Callable[[], Detail]
