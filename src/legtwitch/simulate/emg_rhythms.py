"""Recipes of bursts of whole muscles: effort, walking, tremor, clonus, myoclonus, cramp.

Every burst is made of the discharges of recruited units, so that none of it is shaped noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.discharge_times import spread_out
from legtwitch.simulate.emg_plan import EmgPlan, burst, contraction
from legtwitch.simulate.motor_units import Array, MotorUnit
from legtwitch.simulate.streams import log_uniform


def efforts(plan: EmgPlan, rng: np.random.Generator, source: str, number: int, units: Sequence[MotorUnit] = ()) -> None:
    """Let the first muscle contract a number of times, 2 to 15 s, weakly to strongly."""
    array = plan.arrays[0]
    own = [unit for unit in units if unit.array is array]
    lengths = np.minimum(np.exp(rng.uniform(np.log(2), np.log(15), number)), plan.duration_s / 6)
    starts = spread_out(rng, number, plan.duration_s, lengths, 2.0)
    for start, length in zip(starts, lengths[: len(starts)], strict=True):
        effort = float(rng.uniform(0.1, 0.7))
        span = contraction(plan, rng, source, array, float(start), float(length), effort, units=own)
        plan.row("voluntary_activity", *span, array, effort=round(effort, 3))


def voluntary_only(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Contractions of 2 to 15 s, one every 30 s, and nothing at rest: there is no fasciculation to find."""
    efforts(plan, rng, "voluntary_only", max(1, round(plan.duration_s / 30)))


def stepping(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Steps on the spot: bursts of 0.2 to 0.4 s, 1 to 1.6 a second, in bouts of 10 to 30 s [rates assumed]."""
    _bouts(plan, rng, "stepping", (1.0, 1.6), (0.2, 0.4))


def walking(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Walking: bursts of 0.25 to 0.5 s at 0.8 to 1.1 strides a second, muscles in turn [rates assumed]."""
    _bouts(plan, rng, "walking", (0.8, 1.1), (0.25, 0.5))


def _bouts(
    plan: EmgPlan,
    rng: np.random.Generator,
    source: str,
    rates_hz: tuple[float, float],
    burst_s: tuple[float, float],
) -> None:
    number = max(1, round(plan.duration_s / 40))
    lengths = np.minimum(rng.uniform(10, 30, number), plan.duration_s / 3)
    for begins, length in zip(spread_out(rng, number, plan.duration_s, lengths, 3.0), lengths, strict=False):
        rate, size, long = rng.uniform(*rates_hz), float(rng.uniform(0.2, 0.6)), rng.uniform(*burst_s)
        spans: dict[int, list[tuple[float, float]]] = {}
        at, beats = float(begins), 0
        while at < begins + length:
            for turn, array in enumerate(plan.arrays):
                begin = at + turn / rate / max(2, len(plan.arrays))
                span = burst(plan, rng, source, array, begin, float(long), size * float(rng.uniform(0.8, 1.2)))
                spans.setdefault(turn, []).append(span)
            at += float(max(0.6, 1 + 0.04 * rng.standard_normal()) / rate)
            beats += 1
        for turn, parts in spans.items():
            start, end = parts[0][0], parts[-1][1]
            often = round(float(rate), 3)
            plan.row("voluntary_activity", start, end, plan.arrays[turn], beats=beats, burst_rate_hz=often)


def _tremor(
    plan: EmgPlan,
    rng: np.random.Generator,
    source: str,
    *,
    rates_hz: tuple[float, float],
    lengths_s: tuple[float, float],
    burst_share: tuple[float, float],
    alternating: bool,
    strength: tuple[float, float],
    wander: float,
    tone: float,
    pause_s: float,
) -> None:
    """Add stretches of tremor: bursts of a share of each cycle, in all muscles, alternating or together."""
    number = max(1, round(plan.duration_s / (np.mean(lengths_s) + pause_s)))
    lengths = np.minimum(rng.uniform(*lengths_s, number), plan.duration_s / 2)
    rate = float(rng.uniform(*rates_hz))
    for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 3.0), lengths, strict=False):
        size, share = float(rng.uniform(*strength)), float(rng.uniform(*burst_share))
        cycles = max(3, int(length * rate))
        periods = np.maximum(1 + wander * rng.standard_normal(cycles), 0.6)
        periods *= 1 / rate / periods.mean()
        beats = start + np.concatenate([[0.0], np.cumsum(periods)[:-1]])
        swell = 0.75 + 0.25 * np.sin(2 * np.pi * beats / rng.uniform(4, 9) + rng.uniform(0, 6))
        for turn, array in enumerate(plan.arrays):
            shift = 0.5 / rate if alternating and turn % 2 else 0.0
            spans = [
                burst(plan, rng, source, array, float(at) + shift, share / rate, size * float(big))
                for at, big in zip(beats, swell, strict=True)
            ]
            if tone:
                contraction(plan, rng, source, array, float(start), float(length), tone)
            width = float(np.median([end - begin for begin, end in spans]))
            plan.row(
                "tremor", spans[0][0], spans[-1][1], array, freq_hz=round(1 / float(np.mean(periods)), 3),
                beats=cycles, burst_ms=round(1000 * width, 1), phase_deg=180 if alternating and turn % 2 else 0,
            )  # fmt: skip


def rest_tremor(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Bursts at 4 to 6 Hz that alternate between antagonists, in stretches of 10 to 40 s at rest (row 6)."""
    _tremor(plan, rng, "rest_tremor", rates_hz=(4, 6), lengths_s=(10, 40), burst_share=(0.3, 0.5), alternating=True,
            strength=(0.2, 0.7), wander=0.04, tone=0.0, pause_s=20)  # fmt: skip


def postural_tremor(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Bursts at 8 to 12 Hz, antagonists together, on a held contraction, in stretches of 10 to 40 s."""
    _tremor(plan, rng, "postural_tremor", rates_hz=(8, 12), lengths_s=(10, 40), burst_share=(0.4, 0.6),
            alternating=False, strength=(0.2, 0.6), wander=0.08, tone=0.15, pause_s=15)  # fmt: skip


def orthostatic_tremor(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Bursts at 13 to 18 Hz in both legs at once while standing, 30 to 90 s, one steady rate."""
    _tremor(plan, rng, "orthostatic_tremor", rates_hz=(13, 18), lengths_s=(30, 90), burst_share=(0.45, 0.6),
            alternating=False, strength=(0.4, 0.8), wander=0.01, tone=0.1, pause_s=30)  # fmt: skip


def clonus(plan: EmgPlan, rng: np.random.Generator) -> None:
    """After a stretch of the calf 5 to 25 beats at 4 to 8 Hz that shrink; the stretch is marked in the recording."""
    array, number = plan.arrays[0], max(1, round(plan.duration_s / 25))
    lengths = np.minimum(rng.uniform(1.0, 4.5, number), plan.duration_s / 4)
    rate = float(rng.uniform(4.5, 7.5))
    for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 4.0), lengths, strict=False):
        own = float(np.clip(rate + rng.normal(0, 0.2), 4, 8))
        beats = max(5, int(length * own))
        periods = (1 + 0.03 * rng.standard_normal(beats)) / own * np.linspace(0.97, 1.04, beats)
        times = float(start) + np.concatenate([[0.0], np.cumsum(periods)[:-1]])
        fall, size, long = float(rng.uniform(0.3, 0.8)), float(rng.uniform(0.4, 0.9)), float(rng.uniform(0.04, 0.09))
        spans = [
            burst(plan, rng, "clonus", array, float(at), long, size * (1 - fall * index / (beats - 1)))
            for index, at in enumerate(times)
        ]
        width = float(np.median([end - begin for begin, end in spans]))
        plan.row("clonus", spans[0][0], spans[-1][1], array, freq_hz=round(1 / float(np.mean(periods)), 3),
                 beats=beats, burst_ms=round(1000 * width, 1), decrement=round(fall, 3))  # fmt: skip
        plan.marks.append(Event(round(float(start) - 0.04, 3), 0.0, "user_mark", attributes={"label": "stretch"}))


def myoclonus(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Jerks of all muscles together, 8 a minute: in one recording all cortical (20 to 50 ms) or all longer (50 to 200).

    Source: cortical 31 +- 7 ms, others 57 +- 12 ms (section 2.6); the rate is assumed.
    """
    cortical = bool(rng.random() < 0.5)
    number = max(2, round(8 * plan.duration_s / 60))
    for at in spread_out(rng, number, plan.duration_s, np.full(number, 0.3), 0.5):
        long = float(rng.uniform(0.020, 0.045) if cortical else log_uniform(rng, 0.055, 0.19))
        size = float(rng.uniform(0.3, 0.9))
        for array in plan.arrays:
            late = float(rng.uniform(0, 0.004))
            begin, end = burst(plan, rng, "myoclonus", array, float(at) + late, long, size)
            plan.row("myoclonus", begin, end, array, burst_ms=round(1000 * (end - begin), 1),
                     kind="cortical" if cortical else "other")  # fmt: skip


def cramp(plan: EmgPlan, rng: np.random.Generator) -> None:
    """One cramp a 5 min: builds up in 2 to 6 s, lasts 15 to 90 s at 15 to 35 Hz a unit, declines slowly, alone.

    Source: section 2.1 for rates above voluntary ones and more variable; the course is assumed.
    """
    array, number = plan.arrays[0], max(1, round(plan.duration_s / 300))
    lengths = np.minimum(rng.uniform(15, 90, number), plan.duration_s / 2.5)
    for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 5.0), lengths, strict=False):
        spans = []
        rise = float(rng.uniform(2, 6))
        for unit in plan.pool(array):
            begin = float(start) + rise * float(rng.random())
            end = float(start + length * rng.uniform(0.55, 1.0))
            rate = float(rng.uniform(15, 35))
            steps = np.maximum(1 + 0.35 * rng.standard_normal(int((end - begin) * rate)), 0.3) / rate
            times = begin + np.cumsum(steps * np.linspace(0.9, 1.4, len(steps)))
            times = times[times < min(end, plan.duration_s - 0.06)]
            plan.drive("cramp", unit, times)
            spans += [(times[0] + unit.onset_s, times[-1] + unit.onset_s + unit.duration_s)] if len(times) else []
        plan.row("cramp", min(a for a, _ in spans), max(b for _, b in spans), array)


def fragmentary_myoclonus(plan: EmgPlan, rng: np.random.Generator, per_hour: float | None = None) -> None:
    """Bursts of 75 to 150 ms above 50 uV in one muscle at a time, irregular, at 60 to 600 an hour.

    Source: section 2.6: 3 to 1102 an hour in healthy sleepers, median 25; the lower half is left out as too rare.
    """
    rate = log_uniform(rng, 60, 600) if per_hour is None else per_hour
    number = max(2, int(rng.poisson(rate * plan.duration_s / 3600)))
    for at in np.sort(rng.uniform(1, plan.duration_s - 1, number)):
        array: Array = plan.arrays[int(rng.integers(len(plan.arrays)))]
        size = float(rng.uniform(0.5, 0.9))
        begin, end = burst(plan, rng, "fragmentary_myoclonus", array, float(at), float(rng.uniform(0.078, 0.148)), size)
        plan.row("fragmentary_myoclonus", begin, end, array, burst_ms=round(1000 * (end - begin), 1))
