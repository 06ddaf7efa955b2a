"""Which movements of a night a report shows as traces: first of a series, left out by the rules, borderline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from legtwitch.model import Movement, Trace

if TYPE_CHECKING:
    from legtwitch.events import EnvelopeTrace, Rejected

Shown = TypeVar("Shown")
MOST = 40
_MOST_REJECTED = 8
_GROUPS = ("first", "left_out", "borderline")
# How near to a bound of the rules counts as borderline: choices, for showing alone.
_NEAR_PEAK_UV = 10.0
_NEAR_S = ((0.5, 0.1), (10.0, 0.5))
_NEAR_INTERVAL_S = ((5.0, 0.2), (10.0, 0.3), (90.0, 1.0))
_UNSURE = 0.6


def shown_traces(
    movements: Sequence[Movement], left_out: Sequence[Movement], traces: Mapping[str, EnvelopeTrace]
) -> tuple[Trace, ...]:
    """Return snippets of at most 40 movements in order of onset, each with why; of each kind over the night.

    left_out: from `shown_rejected`. traces: channel → envelope and resting level of the detector. None where a channel
    has no trace.
    """
    from legtwitch.events import snippets

    chosen = shown_movements(movements, MOST - len(left_out))
    chosen += [(one, f"left out by the detector: {one.measures['why']}") for one in left_out]
    chosen.sort(key=lambda row: (row[0].onset_s, row[0].id))
    found = snippets([one for one, _ in chosen], traces)
    why = {one.id: words for one, words in chosen}
    return tuple(replace(one, why=why[one.movement]) for one in found if one.times_s)


def shown_movements(movements: Sequence[Movement], most: int = MOST) -> list[tuple[Movement, str]]:
    """Return at most so many movements with why each is shown, in order of onset."""
    first = _firsts(movements)
    groups: dict[str, list[tuple[Movement, str]]] = {name: [] for name in _GROUPS}
    for one in movements:
        if one.id in first:
            groups["first"].append((one, f"first of {first[one.id]}"))
        elif refused := ", ".join(_refused(one)):
            groups["left_out"].append((one, refused))
        elif reasons := "; ".join(_borders(one)):
            groups["borderline"].append((one, f"borderline: {reasons}"))
    taken: list[tuple[Movement, str]] = []
    left = most
    waiting = sorted(groups.values(), key=len)
    for number, group in enumerate(waiting):
        share = left // (len(waiting) - number)
        taken += _spread(group, share)
        left = most - len(taken)
    return sorted(taken, key=lambda row: (row[0].onset_s, row[0].id))


def shown_rejected(rejected: Sequence[Rejected]) -> tuple[Movement, ...]:
    """Return at most 8 of what the detector took for no movement, of each reason some, spread over the night."""
    by_code: dict[str, list[Rejected]] = {}
    for one in rejected:
        by_code.setdefault(one.code, []).append(one)
    chosen: list[Rejected] = []
    for number, group in enumerate(sorted(by_code.values(), key=len)):
        chosen += _spread(group, (_MOST_REJECTED - len(chosen)) // (len(by_code) - number))
    chosen.sort(key=lambda one: (one.onset_s, one.channel))
    return tuple(
        Movement(
            f"x{number}", one.onset_s, one.duration_s, one.side, "unknown", one.channel, {"why": _words(one.code)}, {}
        )
        for number, one in enumerate(chosen, 1)
    )


def _words(code: str) -> str:
    """Return the reason of a code of the detector within a sentence."""
    from legtwitch.events.codes import CODES

    text = CODES[code].rstrip(".")
    return f"{text[0].lower()}{text[1:]} ({code})"


def _spread(group: list[Shown], most: int) -> list[Shown]:
    """Return at most so many of a group, evenly over the night."""
    if len(group) <= most:
        return group
    return [group[place * len(group) // most] for place in range(most)]


def _firsts(movements: Sequence[Movement]) -> dict[str, str]:
    """Return the id of the first movement of each series with the series in words."""
    found: dict[str, list[str]] = {}
    seen = set[tuple[str, int]]()
    for one in sorted(movements, key=lambda movement: movement.onset_s):
        for rule, verdict in one.verdicts.items():
            if verdict.plm and verdict.series is not None and (rule, verdict.series) not in seen:
                seen.add((rule, verdict.series))
                found.setdefault(one.id, []).append(f"series {verdict.series} ({rule})")
    return {id: " and ".join(words) for id, words in found.items()}


def _refused(movement: Movement) -> Iterator[str]:
    """Yield in words which rule sets do not count a movement."""
    for rule, verdict in movement.verdicts.items():
        if not verdict.leg_movement:
            yield f"left out by {rule}"
        elif verdict.candidate is False:
            yield f"no candidate under {rule}"


def _borders(movement: Movement) -> Iterator[str]:
    """Yield in words what of a movement is near a bound of the rules, or unsure."""
    peak, confidence = movement.measures.get("peak_uv"), movement.measures.get("confidence")
    if isinstance(peak, (int, float)) and peak < _NEAR_PEAK_UV:
        yield f"only {peak:.1f} µV above rest"
    elif isinstance(confidence, (int, float)) and confidence < _UNSURE:
        yield f"confidence {confidence:.2f}"
    for bound, near in _NEAR_S:
        if abs(movement.duration_s - bound) <= near:
            yield f"{movement.duration_s:.2f} s long, near the bound of {bound:g} s"
    intervals = {verdict.interval_s for verdict in movement.verdicts.values() if verdict.interval_s is not None}
    for bound, near in _NEAR_INTERVAL_S:
        close = sorted(one for one in intervals if abs(one - bound) <= near)
        if close:
            yield f"{close[0]:.2f} s after the one before, near the bound of {bound:g} s"
