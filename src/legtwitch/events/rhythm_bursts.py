"""Runs of bursts and single bursts of EMG: jerks, fragmentary myoclonus, trains in sleep, cramps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.decision import Decision, Features, decide
from legtwitch.events.motion_stages import asleep_at
from legtwitch.events.rhythm_envelope import Burst, Envelope
from legtwitch.events.rhythm_parameters import EmgRhythmParameters
from legtwitch.model import Detected, Event
from legtwitch.signal import runs

Floats = NDArray[np.float64]
Measures = dict[str, float | int | str | bool | None]

_SEVERAL = "in several muscles within 50 ms"
_KNOWN_PACE = 4
_SHORT = ("fasciculation", "myoclonus", "electrode_pop", "ecg_artifact", "movement_artifact", "voluntary_activity")


def stretched_before(time_s: float, marks: Sequence[Event], within_s: float) -> bool | None:
    """Return whether a mark of a stretch of the muscle lies shortly before a time; None where none is marked at all."""
    stretches = [
        one.onset_s
        for one in marks
        if one.event == "user_mark" and "stretch" in str(one.attributes.get("label", "")).lower()
    ]
    return any(-0.1 <= time_s - one <= within_s for one in stretches) if stretches else None


def even_runs(
    bursts: Sequence[Burst], hz: tuple[float, float], length_ms: tuple[float, float], cov: float, fewest: int
) -> list[list[int]]:
    """Return runs (indices of bursts) whose onsets follow each other at an even pace within a band of frequencies."""
    fits = [length_ms[0] <= 1000 * one.length_s <= length_ms[1] for one in bursts]
    found: list[list[int]] = []
    current: list[int] = []
    for index, one in enumerate(bursts):
        if not fits[index]:
            found.append(current)
            current = []
            continue
        interval = one.onset_s - bursts[current[-1]].onset_s if current else 0.0
        if len(current) >= _KNOWN_PACE and abs(interval / pace_of(bursts, current) - 2) <= 0.3:
            interval /= 2  # a beat too faint to be seen
        steady = len(current) < 2 or abs(np.log(interval / pace_of(bursts, current))) <= 0.35
        if current and 0.85 / hz[1] <= interval <= 1.15 / hz[0] and steady:
            current.append(index)
        else:
            found.append(current)
            current = [index]
    found.append(current)
    return [one for one in found if len(one) >= fewest and _regular(bursts, one, hz, cov)]


def pace_of(bursts: Sequence[Burst], run: Sequence[int]) -> float:
    """Return the median interval (s) between the onsets of a run."""
    return float(np.median(np.diff([bursts[one].onset_s for one in run])))


def intervals_of(bursts: Sequence[Burst], run: Sequence[int]) -> Floats:
    """Return the intervals (s) of a run, those over a beat too faint to be seen as two halves."""
    plain = np.diff([bursts[one].onset_s for one in run])
    double = plain > 1.6 * np.median(plain)
    return np.asarray(np.repeat(np.where(double, plain / 2, plain), np.where(double, 2, 1)), dtype=np.float64)


def _regular(bursts: Sequence[Burst], run: Sequence[int], hz: tuple[float, float], cov: float) -> bool:
    intervals = intervals_of(bursts, run)
    return bool(intervals.std() <= cov * intervals.mean() and hz[0] <= 1 / intervals.mean() <= hz[1])


def jerks_of(
    start_s: float,
    bursts: Sequence[Burst],
    taken: frozenset[int],
    others: Sequence[tuple[Sequence[Burst], bool]],
    marks: Sequence[Event],
    fragments: bool,
    parameters: EmgRhythmParameters,
) -> list[Detected]:
    """Return single bursts: jerks, fragmentary myoclonus, or short potentials where the class is open.

    start_s: of the segment. taken: bursts that are part of a run. others: the bursts of each other channel or muscle,
    in order, and whether it surely is another muscle. fragments: fragmentary myoclonus was asked for; else it is called
    so in sleep only.
    """
    found = []
    low, high = parameters.jerk_ms
    own = whole_bursts([one for place, one in enumerate(bursts) if place not in taken], parameters.jerk_pause_s)
    every = whole_bursts(bursts, parameters.jerk_pause_s)
    beside = [(whole_bursts(muscle, parameters.jerk_pause_s), elsewhere) for muscle, elsewhere in others]
    muscles = [muscle for muscle, elsewhere in beside if elsewhere]
    for one in own:
        length = 1000 * one.length_s
        if not low <= length <= high or not _alone(every, one, parameters):
            continue
        if one.peak_uv < parameters.jerk_ratio * one.rest_uv:
            continue
        if any(_effort(muscle, one, parameters) for muscle, _ in beside):
            continue
        together = [_near(muscle, one.onset_s, parameters.together_s) for muscle in muscles]
        partners = [1000 * other.length_s for other in together if other is not None]
        seen_beside = any(_near(muscle, one.onset_s, parameters.together_s) is not None for muscle, _ in beside)
        several = True if partners else None if seen_beside or not beside else False
        one_unit = one.alike is not None and one.alike >= parameters.unit_pairs
        if not several and (length < parameters.single_unit_ms or one_unit):
            continue  # that of one motor unit, for the detector of fasciculations
        if len(partners) == 1 and min(length, *partners) < parameters.one_potential_ms:
            continue  # two potentials at one time, or one that is seen in the muscle beside it
        asleep = asleep_at(start_s + one.onset_s, marks)
        features = Features(
            duration_ms=length,
            low_share=max(one.low_share, 1e-3),
            same_shape=False,
            several_muscles=several,
            isolated=True,
            asleep=asleep,
            spike=False,
        )
        allowed = {"myoclonus", "short_potential"} | ({"fragmentary_myoclonus"} if fragments or asleep else set())
        names = (*_SHORT, "fragmentary_myoclonus") if asleep is not False else _SHORT
        decision = decide(features, among=names)
        if decision.event not in allowed:
            told = {decision.event: decision.confidence, **decision.alternatives}
            decision = Decision("short_potential", round(1 - decision.confidence, 3), told, decision.reasons)
        measures: Measures = {
            "burst_ms": round(length, 1),
            "peak_uv": round(one.peak_uv, 2),
            "rest_uv": round(one.rest_uv, 2),
            "snr": round(one.peak_uv / one.rest_uv, 2),
        }
        told_by = f"a burst of {length:.0f} ms" + (f" {_SEVERAL}" if several else "")
        found.append(event_of_bursts(start_s, one.onset_s, one.length_s, decision, measures, told_by))
    return found


def is_of_several(one: Detected) -> bool:
    """Return whether an event is a burst that several muscles show at once."""
    return any(reason.endswith(_SEVERAL) for reason in one.reasons)


def whole_bursts(bursts: Sequence[Burst], pause_s: float) -> list[Burst]:
    """Return bursts in order, those no more than pause_s apart as one: few units leave gaps in a burst."""
    result: list[Burst] = []
    for one in bursts:
        last = result[-1] if result else None
        if last is not None and one.onset_s - last.offset_s <= pause_s:
            peak, rest = max(last.peak_uv, one.peak_uv), max(last.rest_uv, one.rest_uv)
            alike = [pair for pair in (last.alike, one.alike) if pair is not None]
            low = max(last.low_share, one.low_share)
            result[-1] = Burst(last.onset_s, one.offset_s, peak, rest, min(alike) if alike else None, low)
        else:
            result.append(one)
    return result


def _near(muscle: Sequence[Burst], time_s: float, within_s: float) -> Burst | None:
    """The longest burst of a muscle that begins so near a time."""
    place = bisect_left(muscle, time_s - within_s, key=_onset)
    found: Burst | None = None
    while place < len(muscle) and muscle[place].onset_s <= time_s + within_s:
        found = muscle[place] if found is None or muscle[place].length_s > found.length_s else found
        place += 1
    return found


def _effort(muscle: Sequence[Burst], jerk: Burst, parameters: EmgRhythmParameters) -> bool:
    """Whether another muscle works longer than a jerk around that time."""
    place = bisect_left(muscle, jerk.onset_s, key=_onset)
    for other in muscle[max(0, place - 3) : place + 3]:
        gap = max(jerk.onset_s - other.offset_s, other.onset_s - jerk.offset_s)
        if gap < parameters.effort_s and 1000 * other.length_s > 1.25 * parameters.jerk_ms[1]:
            return True
    return False


def _onset(burst: Burst) -> float:
    return burst.onset_s


def _alone(bursts: Sequence[Burst], one: Burst, parameters: EmgRhythmParameters) -> bool:
    """Whether a burst has no other right beside it, and no effort near it."""
    place = bisect_left(bursts, one.onset_s, key=_onset)
    for other in bursts[max(0, place - 5) : place + 6]:
        gap = max(one.onset_s - other.offset_s, other.onset_s - one.offset_s)
        effort = 1000 * other.length_s > parameters.jerk_ms[1]
        if gap > 0 and gap < (parameters.effort_s if effort else parameters.alone_s):
            return False
    return True


def trains_of(
    start_s: float,
    bursts: Sequence[Burst],
    other_leg: Floats | None,
    marks: Sequence[Event],
    parameters: EmgRhythmParameters,
) -> list[tuple[Detected, tuple[int, ...]]]:
    """Return trains of movements at 0.3 to 4 Hz in sleep or on falling asleep, four or more bursts.

    start_s: of the segment. other_leg: onsets in the other leg, None where it wasn't recorded. Awake, or without
    stages, none is given.
    """
    found = []
    for run in even_runs(
        bursts, parameters.train_hz, parameters.train_burst_ms, parameters.train_cov, parameters.train_bursts
    ):
        own = [bursts[one] for one in run]
        asleep = asleep_at(start_s + own[0].onset_s, marks)
        ends = asleep_at(start_s + own[-1].offset_s + 60, marks)
        if not (asleep or ends):
            continue
        onsets = np.array([one.onset_s for one in own])
        pace = float(np.median(np.diff(onsets)))
        width = 1000 * float(np.median([one.length_s for one in own]))
        between = None
        if other_leg is not None and other_leg.size:
            phase = [(one - onsets[0]) / pace % 1 for one in other_leg if onsets[0] <= one <= onsets[-1]]
            between = len(phase) >= len(own) // 2 and float(np.mean([0.25 <= one <= 0.75 for one in phase])) > 0.7
        if between and width <= 500 and 0.5 <= 1 / pace <= 3:
            name, other = "alma", "high_frequency_leg_movement"
        elif width >= 250 and not between:
            name, other = "hypnagogic_foot_tremor", "high_frequency_leg_movement"
        else:
            name, other = "high_frequency_leg_movement", "alma" if other_leg is None else "hypnagogic_foot_tremor"
        decision = Decision(name, 0.6, {other: 0.3, "voluntary_activity": 0.1}, ("in sleep or on falling asleep",))
        measures: Measures = {"freq_hz": round(1 / pace, 2), "beats": len(own), "burst_ms": round(width, 1)}
        length = own[-1].offset_s - own[0].onset_s
        told = f"{len(own)} bursts of {width:.0f} ms at {1 / pace:.1f} Hz"
        found.append((event_of_bursts(start_s, own[0].onset_s, length, decision, measures, told), tuple(run)))
    return found


def cramps_of(envelope: Envelope, parameters: EmgRhythmParameters) -> list[Detected]:
    """Return long stretches far above rest that fade slowly; those that end at once are efforts and are not given."""
    rate = envelope.rate_hz
    size = max(1, round(rate / 2))
    count = envelope.level.size // size
    if count < 4:
        return []
    level = np.sqrt((envelope.level[: count * size] ** 2).reshape(count, size).mean(axis=1))
    known = envelope.floor[np.isfinite(envelope.floor)]
    floor = float(np.quantile(known, parameters.rest_quantile)) if known.size else float("inf")
    half_s = size / rate
    found = []
    closed = level > 2 * floor
    for start, stop in runs(~closed).tolist():
        if start > 0 and stop < count and (stop - start) * half_s <= 1.0:
            closed[start:stop] = True
    for start, stop in runs(closed).tolist():
        length = (stop - start) * half_s
        top = float(np.quantile(level[start:stop], 0.9))
        if length < parameters.cramp_s or top < parameters.cramp_ratio * floor:
            continue
        inside = envelope.level[start * size : stop * size]
        if float(np.quantile(inside, 0.2)) < parameters.cramp_low * floor:
            continue  # bursts with rest between them, no interference of many units
        part = level[start:stop]
        tail = max(2, round(0.15 * part.size))
        late = float(np.median(part[-tail:])) / top
        slow = float((part >= 0.8 * top).mean()) < 0.8
        fades = late <= parameters.cramp_fall and slow
        rise = float(np.argmax(part >= 0.8 * top)) * half_s
        features = Features(
            duration_ms=1000 * length, level_ratio=top / floor, fades=fades, isolated=True, train_s=length
        )
        decision = decide(features, among=("cramp", "voluntary_activity"))
        if decision.event != "cramp":
            continue
        measures: Measures = {
            "rms_uv": round(float(np.sqrt((part**2).mean())), 2),
            "rest_uv": round(floor, 2),
            "decrement": round(1 - late, 2),
            "rise_ms": round(1000 * rise),
        }
        told = f"{length:.0f} s at up to {top / floor:.0f} times the level of rest"
        found.append(event_of_bursts(envelope.start_s, start * half_s, length, decision, measures, told))
    return found


def event_of_bursts(
    start_s: float, onset_s: float, length_s: float, decision: Decision, measures: Measures, told: str
) -> Detected:
    """Return an event that begins onset_s after start_s, as decided; told: what was seen, in words."""
    return Detected(
        start_s + onset_s,
        length_s,
        decision.event,
        confidence=decision.confidence,
        alternatives=decision.alternatives,
        measures=measures,
        reasons=(told, *decision.reasons),
    )
