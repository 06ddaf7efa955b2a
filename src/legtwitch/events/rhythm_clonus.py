"""Clonus in EMG: runs of even beats after a stretch, that begin at once and die away or end soon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from legtwitch.events.decision import Features, decide
from legtwitch.events.motion_runs import fall
from legtwitch.events.rhythm_bursts import (
    Measures,
    even_runs,
    event_of_bursts,
    intervals_of,
    pace_of,
    stretched_before,
    whole_bursts,
)
from legtwitch.events.rhythm_envelope import Burst, Envelope
from legtwitch.events.rhythm_parameters import EmgRhythmParameters
from legtwitch.model import Detected, Event

_SAME_PACE = 0.15  # of the logarithm
_STRETCHED = ("soleus", "gastrocnemius", "calf", "triceps_surae", "quadriceps", "rectus_femoris", "vastus")


def clonus_of(
    envelope: Envelope,
    bursts: Sequence[Burst],
    marks: Sequence[Event],
    parameters: EmgRhythmParameters,
    muscle: str | None = None,
) -> list[tuple[Detected, tuple[int, ...]]]:
    """Return runs of clonus and the bursts of each: three or more beats at 4 to 8 Hz that shrink, or follow a stretch,
    or begin at once, stay even and end before a tremor would be one; in a muscle that gives clonus also a little later.

    muscle: id where it is known.

    Source: the decision table; one beat for each burst as in Mummidisetty 2012 (PMC3249492).
    Deviations: 1. the envelope is an RMS of 20 to 450 Hz instead of a wavelet of 75 to 194 Hz.
    """
    found = []
    beats_of = even_runs(
        bursts, parameters.clonus_hz, parameters.clonus_burst_ms, parameters.clonus_cov, parameters.clonus_beats
    )
    for run in joined_runs(bursts, beats_of):
        own = [bursts[one] for one in run]
        intervals = intervals_of(bursts, run)
        pace, evenness = float(np.median(intervals)), float(intervals.std() / intervals.mean())
        early = _further_beats(envelope, own[0].onset_s, -pace, own[0].peak_uv, parameters)
        late = _further_beats(envelope, own[-1].onset_s, pace, own[-1].peak_uv, parameters)
        beats = intervals.size + 1 + len(early) + len(late)
        start = min([own[0].onset_s, *early])
        decrement, fades = fall(np.array([one.peak_uv for one in own]))
        stretched = stretched_before(envelope.start_s + own[0].onset_s, marks, parameters.stretch_s)
        length = max([own[-1].offset_s, *(one + own[-1].length_s for one in late)]) - start
        dies = fades or (decrement >= parameters.clonus_decrement and length < parameters.rhythm.window_s)
        before = bursts[run[0] - 1].offset_s if run[0] else -1.0
        free = own[0].onset_s - before >= parameters.clonus_free_s
        few = beats <= parameters.few_beats
        even = not few or (evenness <= parameters.few_beats_cov and decrement >= parameters.few_beats_decrement)
        if length > parameters.rhythm.lasting_s:
            continue
        longest = parameters.clonus_run_s[1] if _gives_clonus(muscle) else parameters.clonus_run_s[0]
        freed = free or _after_stretch(bursts, run[0], parameters)
        alone = run[-1] + 1 == len(bursts) or bursts[run[-1] + 1].onset_s - own[-1].offset_s >= parameters.clonus_free_s
        abrupt = (
            freed
            and alone
            and beats >= parameters.abrupt_beats
            and evenness <= parameters.abrupt_cov
            and length < longest
        )
        if not ((dies and free and even) or stretched or (abrupt and _of_many(envelope, own, parameters))):
            continue
        frequency = 1 / float(intervals.mean())
        taken = tuple(n for n, one in enumerate(bursts) if start - 0.05 <= one.onset_s <= start + length)
        features = Features(
            duration_ms=1000 * float(np.median([one.length_s for one in own])),
            rate_hz=frequency,
            rate_cov=max(evenness, 0.02),
            train_s=length,
            decrement=max(decrement, 0.01) if dies or not abrupt else None,  # so few beats vary more than they fall
            stretched=stretched,
            fades=fades if dies or not abrupt else None,
            lasting_rhythm=length >= parameters.rhythm.window_s,
            same_shape=False,
        )
        decision = decide(features, among=("clonus", "tremor", "voluntary_activity", "myoclonus"))
        if decision.event != "clonus":
            continue
        measures: Measures = {
            "freq_hz": round(frequency, 2),
            "beats": beats,
            "burst_ms": round(features.duration_ms or 0.0, 1),
            "rate_cov": round(evenness, 3),
            "decrement": round(decrement, 2),
            "peak_uv": round(max(one.peak_uv for one in own), 2),
        }
        told = f"{beats} beats at {frequency:.1f} Hz"
        event = event_of_bursts(envelope.start_s, start, length, decision, measures, told)
        found.append((event, taken))
    return found


def joined_runs(bursts: Sequence[Burst], beats: Sequence[list[int]]) -> list[list[int]]:
    """Return runs in order, those that go on at the same pace after one beat that did not fit as one."""
    found: list[list[int]] = []
    for run in beats:
        if found:
            last = found[-1]
            pace, own = pace_of(bursts, last), pace_of(bursts, run)
            steps = (bursts[run[0]].onset_s - bursts[last[-1]].onset_s) / pace
            if abs(np.log(own / pace)) <= _SAME_PACE and 0.7 <= steps <= 2.3:
                found[-1] = [*last, *run]
                continue
        found.append(run)
    return found


def _gives_clonus(muscle: str | None) -> bool:
    """Whether a muscle is one that a quick stretch brings into clonus: those of the calf, and the quadriceps."""
    return muscle is not None and muscle.startswith(_STRETCHED)


def _after_stretch(bursts: Sequence[Burst], first: int, parameters: EmgRhythmParameters) -> bool:
    """Whether one longer burst lies before a beat: the muscle's answer to the stretch that brings on clonus."""
    before = whole_bursts(bursts[max(0, first - 12) : first], parameters.jerk_pause_s)
    return bool(before) and parameters.jerk_ms[1] < 1000 * before[-1].length_s < 1000 * parameters.effort_s


def _of_many(envelope: Envelope, run: Sequence[Burst], parameters: EmgRhythmParameters) -> bool:
    """Whether the beats of a run are bursts of many units: activity goes on beside the largest potential of each."""
    if 1000 * float(np.median([one.length_s for one in run])) < parameters.one_potential_ms:
        return False
    rate, beside = envelope.raw_hz, []
    half = round(parameters.one_potential_ms / 2000 * rate)
    for one in run:
        first, last = max(0, round((one.onset_s - 0.01) * rate)), round((one.offset_s + 0.01) * rate) + 1
        part = envelope.values[first:last].astype(np.float64)
        top = int(np.abs(part).argmax())
        rest = np.concatenate((part[: max(0, top - half)], part[top + half :]))
        beside.append(float(np.sqrt((rest**2).mean())) / one.rest_uv if rest.size else 0.0)
    return bool(np.median(beside) >= parameters.beside_ratio)


def _further_beats(
    envelope: Envelope, onset_s: float, pace_s: float, peak_uv: float, parameters: EmgRhythmParameters
) -> list[float]:
    """Onsets (s) of beats too faint for a burst that go on at a pace before (negative) or after an onset."""
    found: list[float] = []
    at, rate, reach = onset_s, envelope.rate_hz, 0.3 * abs(pace_s)
    while True:
        first, last = round((at + pace_s - reach) * rate), round((at + pace_s + reach) * rate)
        if first < 0 or last >= envelope.level.size:
            return found
        part = envelope.level[first:last]
        low, high = sorted((round(at * rate), first + int(part.argmax())))
        top = float(part.max())
        valley = float(envelope.level[low : high + 1].min())
        faint = parameters.faint_ratio * float(envelope.floor[first])
        if top < max(faint, parameters.faint_share * peak_uv, 2 * valley):
            return found
        at = first / rate + float(part.argmax()) / rate - 0.02
        found.append(at)
