"""The periodic movements that a file itself marks, beside ours, and where the difference comes from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from legtwitch.model import Event, Movement, Recording, Side, VendorIndex
from legtwitch.scoring.night import SLEEP, Night
from legtwitch.scoring.times import to_ms
from legtwitch.scoring.vendor import AROUND_S, is_series

_PERIODIC = re.compile(r"\bp-?lms?\b|period|\bmjp\b", re.IGNORECASE)
_ISOLATED = re.compile(r"\bisolated\b|\bnon?[- ]?period", re.IGNORECASE)


def _inside(mark: Event, series: Sequence[tuple[float, float]]) -> bool:
    return any(start <= mark.onset_s <= end for start, end in series)


def periodic_marks(marks: Iterable[Event], series: Sequence[Event]) -> list[Event]:
    """Return the marks of leg movements that a file calls periodic, by their label or by a series marked around them.

    series: marks of series; half a second around is left for rounded times.
    """
    spans = [(one.onset_s - AROUND_S, one.onset_s + one.duration_s + AROUND_S) for one in series]
    found = []
    for mark in marks:
        label = str(mark.attributes.get("label", "")).replace("_", " ")
        if (_PERIODIC.search(label) and not _ISOLATED.search(label)) or _inside(mark, spans):
            found.append(mark)
    return found


class _Ours:
    """Our movements in order of onset, searched by time."""

    def __init__(self, movements: Sequence[Movement]) -> None:
        self._movements = sorted(movements, key=lambda one: one.onset_s)
        self._onsets = [one.onset_s for one in self._movements]
        self._longest = max((one.duration_s for one in movements), default=0.0)

    def meeting(self, mark: Event) -> list[Movement]:
        """Return the movements that share time with a mark, on a leg that may be its."""
        start, end = mark.onset_s, mark.onset_s + mark.duration_s
        first, last = bisect_left(self._onsets, start - self._longest), bisect_left(self._onsets, end + 1e-9)
        return [
            one
            for one in self._movements[first : max(last, first)]
            if one.onset_s + one.duration_s >= start and _same_leg(one.side, mark.side)
        ]


def _same_leg(one: Side, other: Side) -> bool:
    return one == other or "n/a" in (one, other) or "both" in (one, other)


def _why_not(one: Movement, rule: str) -> str:
    """Return in a few words why a rule set does not count a movement as periodic."""
    verdict = one.verdicts[rule]
    if not verdict.leg_movement:
        return verdict.reasons[-1].split(":")[-1].strip() if ":" in verdict.reasons[-1] else verdict.reasons[-1]
    if verdict.candidate is False:
        return "no candidate: it is too long, or joined of too many parts"
    return "in no series by the intervals of this rule set"


def _differences(
    marked: Sequence[Event], matched: Mapping[int, list[Movement]], movements: Sequence[Movement], rule: str
) -> tuple[str, ...]:
    said = []
    missing = sum(not matched[number] for number in range(len(marked)))
    if missing:
        said.append(f"{missing} of its marks meet no movement of ours.")
    reasons: Counter[str] = Counter()
    used: set[str] = set()
    joined: set[str] = set()
    doubled = outside = 0
    for number in range(len(marked)):
        ours = matched[number]
        periodic = [one for one in ours if one.verdicts[rule].plm]
        used.update(one.id for one in ours)
        if ours and not periodic:
            reasons[_why_not(ours[0], rule)] += 1
        for one in periodic[:1]:
            doubled += one.id in joined
            joined.update((one.id, *one.verdicts[rule].combined_with))
            outside += one.stage not in SLEEP
    said += [f"{count} of its marks are not periodic here: {why}." for why, count in reasons.most_common()]
    if doubled:
        said.append(f"{doubled} of its marks belong to a movement that counts once here, with the other leg or mark.")
    if outside:
        said.append(f"{outside} of its marks are periodic here but do not begin in sleep.")
    more = {one.id for one in movements if one.verdicts[rule].plm} - used - joined
    if more:
        said.append(f"{len(more)} movements are periodic here that it does not mark as periodic.")
    return tuple(said)


def vendor_index(
    recording: Recording, marks: Sequence[Event], movements: Sequence[Movement], night: Night, sleep_h: float | None
) -> VendorIndex | None:
    """Return the periodic movements that a file itself marks, and how they differ from ours; None where it marks none.

    Parameters
    ----------
    marks: leg movements as given to `score_leg_movements`; where the recording has signals its own marks are taken.
    movements: judged by rule sets. sleep_h: hours of sleep that count, the denominator of both indices.
    """
    if recording.channels:
        marks = [one for one in recording.events if one.event == "leg_movement"]
    marked = periodic_marks(marks, [one for one in recording.events if is_series(one)])
    if not marked:
        return None
    ours = _Ours(movements)
    matched = {number: ours.meeting(mark) for number, mark in enumerate(marked)}
    in_sleep = None
    if night.staged:
        in_sleep = sum(night.stage_at(to_ms(one.onset_s)) in SLEEP for one in marked)
    index = in_sleep / sleep_h if in_sleep is not None and sleep_h else None
    rules = movements[0].verdicts if movements else ()
    why = {rule: _differences(marked, matched, movements, rule) for rule in rules}
    return VendorIndex(len(marked), in_sleep, index, why)
