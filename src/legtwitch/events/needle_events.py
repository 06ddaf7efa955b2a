"""What a needle shows, as events: single potentials, the runs of a unit, repetitive discharges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Group
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.needle_trains import Train, train_of
from legtwitch.events.needle_units import Waveform, pattern_of
from legtwitch.model import Detected

_RUN_GAP_S = 2.5
_LEAST_TRAIN = 5
_OF_FIBRES = ("fibrillation", "end_plate_spikes", "positive_sharp_wave")
_INJURY_S, _INJURY = 0.5, "over so soon that it may be the needle's own movement"  # choice; normal: below 0.3 s
_FAST_PAUSE_S = 0.25
_BRIEF_S = 2.2  # neuromyotonic bursts last up to 2 s (Bednarik and Kadanka 2001); the ends are uncertain
_WAXES = 1.25  # choice: the highest against the beginning, of a discharge that waxes
_FASTEST_FIBRE_HZ = 170.0  # choice: 20 to 150 Hz for myotonic discharges [grade D], and the error of a short window


def train_event(group: Group, train: Train, unit: str | None = None) -> Detected:
    """Return a repetitive discharge (of a unit, where it is known): neuromyotonic, myotonic or complex.

    Neuromyotonic begins at its highest and dies away; myotonic waxes first; complex keeps its pace and its size.
    Deviations: 1. neuromyotonic from 130 a second, and above 40 where it lasts no longer than about 2 s and does not
    wax. Published: 30 to 300 a second within a burst (Maddison, Clin Neurophysiol 2006;117:2118, abstract), or more
    than 150 for 0.5 to 2 s (Bednarik and Kadanka, J Neurol Neurosurg Psychiatry 2001;70:406). 40 and 130 are our
    choice [grade D].
    """
    name, others, why = _train_class(train)
    trust = float(np.clip(0.5 + 0.5 * train.alike, 0.5, 0.97)) - sum(others.values()) / 2
    return Detected(
        train.start_s,
        train.stop_s - train.start_s,
        name,
        group.side,
        group.muscle,
        group.names[0],
        round(max(trust, 0.3), 3),
        others,
        {
            "intraburst_hz": round(train.rate_hz, 1),
            "freq_hz": round(train.rate_hz, 1),
            "decrement": round(1 - train.amplitude, 3),
            "rate_cov": round(train.rate_change, 3),
            "unit_id": unit,
        },
        (why,),
    )


def _train_class(train: Train) -> tuple[str, dict[str, float], str]:
    falls = train.amplitude < 0.75
    length = train.stop_s - train.start_s
    waxes = train.waxes >= _WAXES
    sways = train.rate_change > 0.22 or train.swing > 0.6
    others: dict[str, float]
    if train.rate_hz >= 130 and not (waxes and sways and train.rate_hz < _FASTEST_FIBRE_HZ):
        why = "one unit at a very high rate that begins at once and dies away"
        return "neuromyotonic_discharge", {"myotonic_discharge": 0.1}, why
    if length < _BRIEF_S and not waxes and train.rate_hz > 40 and (falls or sways):
        others = {"myotonic_discharge": 0.2}
        return "neuromyotonic_discharge", others, "one unit fires fast for a short while, at once at its highest"
    if sways:
        fast = falls and train.rate_hz > 60
        others = {"neuromyotonic_discharge": 0.15} if fast else {"complex_repetitive_discharge": 0.1}
        return "myotonic_discharge", others, "rate and size wax and wane"
    if length < 0.5 and train.rate_hz > 40:
        others = {"complex_repetitive_discharge": 0.35}
        return "neuromyotonic_discharge", others, "one unit fires fast for less than half a second"
    return "complex_repetitive_discharge", {"myotonic_discharge": 0.1}, "one complex again and again at a steady rate"


def fast_trains(time_s: NDArray[np.float64], size_uv: NDArray[np.floating]) -> list[Train]:
    """Return the trains of a unit without a pause of 0.25 s."""
    cuts = np.flatnonzero(np.diff(time_s) > _FAST_PAUSE_S) + 1
    pieces = zip(np.split(time_s, cuts), np.split(size_uv, cuts), strict=True)
    return [train_of(own, size) for own, size in pieces if own.size >= _LEAST_TRAIN]


def single(
    group: Group, rows: Potentials, number: int, unit: str | None, name: str, others: dict[str, float], why: str
) -> Detected:
    """Return one potential (by its number) as an event of a unit, or of none."""
    start, stop = float(rows.first_s[number]), float(rows.last_s[number])
    size, noise = float(rows.peak_to_peak_uv[number]), float(rows.noise_uv[number])
    return Detected(
        start,
        stop - start,
        name,
        group.side,
        group.muscle,
        group.names[0],
        round(1 - min(0.6, sum(others.values())), 3),
        others,
        {
            "peak_to_peak_uv": round(size, 1),
            "noise_uv": round(noise, 2),
            "snr": round(size / 2 / noise, 2) if noise else None,
            "duration_ms": round(1000 * (stop - start), 2),
            "phases": int(rows.phases[number]),
            "turns": int(rows.turns[number]),
            "unit_id": unit,
            "saturated": bool(rows.saturated[number]),
        },
        (why,),
    )


def unit_runs(
    group: Group,
    time_s: NDArray[np.float64],
    unit: str,
    name: str,
    others: dict[str, float],
    why: str,
    shape: Waveform,
) -> list[Detected]:
    """One event for each run of a unit without a pause of 2.5 s; of few discharges it has less confidence."""
    events = []
    for own in np.split(time_s, np.flatnonzero(np.diff(time_s) > _RUN_GAP_S) + 1):
        steps = np.diff(own)
        trust = (1 - min(0.6, sum(others.values()))) * (1.0 if own.size >= _LEAST_TRAIN else 0.6)
        fired = pattern_of(own) if own.size > 2 else None
        burst = fired is not None and fired.bursts > 0
        measures: dict[str, float | int | str | bool | None] = {
            "unit_id": unit,
            "beats": int(own.size),
            "freq_hz": round(float(1 / np.median(steps)), 2) if steps.size else None,
            "rate_cov": round(float(steps.std() / steps.mean()), 3) if steps.size > 1 else None,
            "peak_to_peak_uv": round(shape.peak_to_peak_uv, 1),
            "duration_ms": round(shape.duration_ms, 2),
            "phases": shape.phases,
            "intraburst_hz": round(fired.intraburst_hz, 1) if fired is not None and burst else None,
            "burst_rate_hz": round(fired.burst_rate_hz, 2) if fired is not None and burst else None,
        }
        start, stop = float(own[0]) - 0.002, float(own[-1]) + 0.004
        told, but, because = (name, others, why)
        if name in _OF_FIBRES and own[-1] - own[0] < _INJURY_S:
            told, but, because = "short_potential", {name: 0.4}, _INJURY
            trust = 0.5
        events.append(
            Detected(
                start,
                stop - start,
                told,
                group.side,
                group.muscle,
                group.names[0],
                round(trust, 3),
                but,
                measures,
                (because,),
            )
        )
    return events
