"""From marks in a file's own words to events of the vocabulary; what is not known is kept, counted and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

from legtwitch.model import Event, Problem, Side
from legtwitch.recording import codes
from legtwitch.recording.marks import EVENTS, meaning

_SHOWN = 8
_OWN = re.compile(r"(\w+)(?: - (left|right|both))? ::(?: (.*))?")
"""Our own wording of an annotation where no other is read back the same: `user_mark - left :: LeftLegPhasic`."""
_SERIES = re.compile("plm|periodi", re.IGNORECASE)
_SCORED = ("leg_movement", "arousal", "apnea", "hypopnea", "rera")
LONGEST_MOVEMENT_S = 15.0
"""A mark `PLM` longer than the longest candidate movement of both legs is a series of a maker's program."""


def events_of(marks: Iterable[tuple[float, float, str]]) -> tuple[list[Event], list[Problem]]:
    """Return the events of annotations (onset in s, duration in s, text) and what there is to say of them.

    The label stays as attribute `label` where the event's name does not carry it in full.
    """
    events: list[Event] = []
    unknown: Counter[str] = Counter()
    series = 0
    for onset, duration, text in marks:
        own = _OWN.fullmatch(text)
        if own is not None and own[1] in EVENTS:
            side: Side = next((one for one in get_args(Side) if one == own[2]), "n/a")
            events.append(Event(onset, duration, own[1], side, None, {"label": own[3]} if own[3] else {}))
            continue
        found = meaning(text, duration)
        movement = found is not None and found[0] == "leg_movement"
        if movement and duration > LONGEST_MOVEMENT_S and _SERIES.search(text):
            series += 1
            events.append(user_mark(onset, duration, text))
        elif found is None:
            unknown[text] += 1
            events.append(user_mark(onset, duration, text))
        else:
            name, meant = found
            kept = {} if name.startswith(("stage_", "lights_")) else {"label": text}
            events.append(Event(onset, duration, name, meant, None, kept))
    problems = [unknown_labels(unknown)] if unknown else []
    if series:
        problems.append(vendor_series(series))
    return events, problems


def user_mark(onset_s: float, duration_s: float, label: str) -> Event:
    """Return a mark that keeps its own words."""
    return Event(onset_s, duration_s, "user_mark", attributes={"label": label})


def unknown_labels(labels: Counter[str]) -> Problem:
    """Return the one problem that lists all labels that aren't known."""
    shown = ", ".join(f"“{label[:40]}” ({number})" for label, number in labels.most_common(_SHOWN))
    more = f" and {len(labels) - _SHOWN} further labels" if len(labels) > _SHOWN else ""
    return Problem(
        codes.UNKNOWN_LABELS,
        f"{labels.total()} mark(s) have labels that are not known: {shown}{more}.",
        "They are kept as marks of the user and not used for scoring.",
    )


def vendor_series(number: int) -> Problem:
    """Return the problem that tells of series that another program found."""
    return Problem(
        codes.VENDOR_SERIES,
        f"{number} series of periodic leg movements of the maker's program stand(s) in the file.",
        "They are shown beside ours and not used for scoring.",
    )


def about_marks(events: Sequence[Event]) -> list[Problem]:
    """Return what there is to say of the marks of one file as a whole: stages, and whether movements were marked."""
    problems: list[Problem] = []
    stages = sorted((e for e in events if e.event.startswith("stage_")), key=lambda e: e.onset_s)
    overlaps = overlapping(stages)
    if overlaps:
        problems.append(
            Problem(
                codes.STAGES_OVERLAP, f"{overlaps} sleep stage mark(s) overlap another.", "The stage is unclear there."
            )
        )
    bare = sum(1 for e in stages if e.duration_s == 0)
    if bare:
        problems.append(
            Problem(
                codes.STAGES_WITHOUT_DURATION,
                f"{bare} sleep stage mark(s) have no duration.",
                "They cover no time; hours of sleep may be too short.",
            )
        )
    return [*problems, *_about_movements(events, stages)]


def _about_movements(events: Sequence[Event], stages: Sequence[Event]) -> list[Problem]:
    """Return the problems of movements without a duration, and of marks that come before the first sleep stage."""
    problems: list[Problem] = []
    points = sum(event.event == "leg_movement" and not event.duration_s for event in events)
    if points:
        message = f"{points} leg movement(s) are marked as points, without a duration."
        effect = "They are shorter than any leg movement, unless the reading says otherwise."
        problems.append(Problem(codes.MARKS_WITHOUT_DURATION, message, effect))
    early = sum(event.event in _SCORED and event.onset_s < stages[0].onset_s - 0.001 for event in events if stages)
    if early:
        message = f"{early} mark(s) of movements, arousals or breathing begin before the first sleep stage."
        effect = "There the stage is not known: such a movement is neither one of sleep nor one of wake."
        problems.append(Problem(codes.MARKS_BEFORE_STAGES, message, effect))
    return problems


def beyond(events: Sequence[Event], duration_s: float, file: str) -> list[Problem]:
    """Return the problem of marks that lie wholly outside 0 … duration_s of a file of marks."""
    number = outside(events, duration_s)
    if not number:
        return []
    message = f"{number} mark(s) of {file} lie before its start or after {duration_s:g} s, its end."
    return [Problem(codes.MARKS_OUTSIDE, message, "They are kept; what lies outside is not scored.")]


def no_movements(events: Sequence[Event]) -> list[Problem]:
    """Return the problem of a file of marks without any leg movement, where it has marks at all."""
    if not events or any(e.event == "leg_movement" for e in events):
        return []
    return [
        Problem(
            codes.NO_MOVEMENT_MARKS,
            "No leg movement is marked in the file: either there was none, or none was scored.",
            "A count of 0 says no more than that.",
        )
    ]


def overlapping(stages: Sequence[Event]) -> int:
    """Return how many stages, in order of onset, begin before an earlier one ends (1 ms is rounding)."""
    count, end = 0, float("-inf")
    for stage in stages:
        count += stage.onset_s < end - 0.001
        end = max(end, stage.onset_s + stage.duration_s)
    return count


def outside(events: Sequence[Event], duration_s: float) -> int:
    """Return how many events lie wholly outside 0 … duration_s."""
    return sum(1 for e in events if e.onset_s > duration_s or e.onset_s + e.duration_s < 0)


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events in order of onset; those of one onset keep their order."""
    return tuple(sorted(events, key=lambda event: event.onset_s))
