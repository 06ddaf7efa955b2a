"""One thing seen by two detectors is told once: potentials of a motor unit, and bursts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from legtwitch.events.emg_voluntary import without
from legtwitch.events.rhythm_bursts import is_of_several
from legtwitch.model import Detected, KindScore

_NEAR_S = 0.03
_BESIDE_S = 0.3  # of an effort, so near a rhythm it is that rhythm's first or last beat
_LEAST_S = 0.5
_SHORT = ("myoclonus", "fragmentary_myoclonus", "short_potential")


def without_doubles(own: Sequence[Detected], rhythms: Sequence[Detected]) -> tuple[list[Detected], list[Detected]]:
    """Return the events of the search for potentials and those of the search for rhythms, each thing once.

    A short burst at the time of a counted potential is that potential: its unit and shape are known. A burst that the
    search for rhythms has named is not told a second time as a short potential. A burst of one muscle within its effort
    is part of it.
    """
    potentials = sorted(one.onset_s for one in own if one.reasons[:1] != ("burst",) and one.duration_s < 0.06)
    others = [one for one in rhythms if one.event not in _SHORT or not _is_near(one.onset_s, potentials)]
    effort = [one for one in own if one.event == "voluntary_activity"]
    others = [one for one in others if not _part_of_effort(one, effort)]
    named = sorted((one.onset_s, one.onset_s + one.duration_s) for one in others)
    kept = [one for one in own if one.reasons[:1] != ("burst",) or not _touches(one, named)]
    return kept, others


def _is_near(time: float, times: Sequence[float]) -> bool:
    place = bisect_left(times, time - _NEAR_S)
    return place < len(times) and times[place] <= time + _NEAR_S


def _part_of_effort(burst: Detected, effort: Sequence[Detected]) -> bool:
    """Whether a short burst of one muscle lies in a stretch of effort of that muscle."""
    if burst.event not in _SHORT or is_of_several(burst):
        return False
    return any(
        one.onset_s <= burst.onset_s <= one.onset_s + one.duration_s and _same_muscle(one, burst) for one in effort
    )


def _touches(one: Detected, stretches: Sequence[tuple[float, float]]) -> bool:
    stop = one.onset_s + one.duration_s
    return any(start <= stop and end >= one.onset_s for start, end in stretches)


def without_rhythms(events: Sequence[Detected], rhythms: Sequence[Detected]) -> tuple[Detected, ...]:
    """Return events of one muscle, its effort without the stretches that are a rhythm or a cramp of that muscle.

    What is left of an effort is told where it lasts for half a second or longer.
    """
    found: list[Detected] = []
    for one in events:
        if one.event != "voluntary_activity":
            found.append(one)
            continue
        own = sorted(
            (other.onset_s - _BESIDE_S, other.onset_s + other.duration_s + _BESIDE_S)
            for other in rhythms
            if _same_muscle(one, other)
        )
        left = without([(one.onset_s, one.onset_s + one.duration_s)], own)
        least = min(_LEAST_S, one.duration_s)
        found += [replace(one, onset_s=start, duration_s=stop - start) for start, stop in left if stop - start >= least]
    return tuple(found)


def _same_muscle(one: Detected, other: Detected) -> bool:
    named = one.muscle is not None and one.muscle == other.muscle
    return one.side == other.side and (named or one.channel == other.channel)


def recounted(scores: Sequence[KindScore], events: Sequence[Detected]) -> list[KindScore]:
    """Return scores of short bursts with the counts that are left; other kinds as they are."""
    return [_recounted(one, events) if one.kind in _SHORT else one for one in scores]


def _recounted(score: KindScore, events: Sequence[Detected]) -> KindScore:
    own = [one for one in events if one.event == score.kind and one.channel in score.channels]
    values = dict(score.values)
    if values.get(f"{score.kind}_count") == len(own):
        return score
    values[f"{score.kind}_count"] = len(own)
    if values.get("per_minute") is not None and score.minutes:
        values["per_minute"] = round(len(own) / score.minutes, 3)
    reasons = dict(score.reasons)
    if values.get("myoclonus_burst_duration") is not None:
        lengths = [float(size) for one in own if isinstance(size := one.measures.get("burst_ms"), (int, float))]
        values["myoclonus_burst_duration"] = round(median(lengths), 1) if lengths else None
        if not lengths:
            reasons["myoclonus_burst_duration"] = "Q432"
    return replace(score, values=values, reasons=reasons)
