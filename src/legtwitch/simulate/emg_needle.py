"""Recipes of a needle in a resting muscle: single fibres, groups of fibres, end plates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from legtwitch.simulate.discharge_times import regular, spread_out, sweeping
from legtwitch.simulate.emg_plan import NEEDLE_DEPTH_MM, EmgPlan
from legtwitch.simulate.motor_units import Array, MotorUnit, make_unit
from legtwitch.simulate.muap import Fibres, Floats


def _fibres_near(
    rng: np.random.Generator, away_mm: Floats, end_plate_mm: Floats, *, ahead_mm: float = 45.0, thin: float = 1.0
) -> Fibres:
    """Return fibres at these distances (mm) from the core, all in random directions."""
    number = len(away_mm)
    angle = rng.uniform(0, 2 * np.pi, number)
    return Fibres(
        x=away_mm * np.cos(angle),
        y=NEEDLE_DEPTH_MM + away_mm * np.abs(np.sin(angle)),
        end_plate=end_plate_mm,
        ahead=np.full(number, ahead_mm),
        behind=np.full(number, 45.0),
        velocity=np.clip(rng.normal(3.4, 0.25, number), 2.8, 4.2),
        diameter=thin * np.clip(rng.normal(0.034, 0.005, number), 0.022, 0.050),
        group=np.zeros(number, dtype=np.int64),
    )


def _single(rng: np.random.Generator, plan: EmgPlan, id: str, array: Array, **place: float) -> MotorUnit:
    """Return one fibre as a unit; `end` (mm from the core) is where its end plate lies, `away` its distance."""
    z = float(array.electrodes[0].points[0, 2])
    fibres = _fibres_near(
        rng, np.array([place["away"]]), np.array([z - place["end"]]), ahead_mm=place.get("ahead", 45.0)
    )
    return make_unit(id, array, fibres, np.zeros(1), plan.rate_hz, jitter=0.01)


def fibrillations(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Single fibres, first positive, two or three phases, 1 to 5 ms, regular at 0.5 to 15 Hz, slowing at the end."""
    for array in plan.arrays:
        for number in range(1, int(rng.integers(3, 6))):
            unit = _single(rng, plan, f"f{number}", array, away=rng.uniform(0.12, 0.5), end=rng.uniform(14, 30))
            _slowing(plan, rng, "fibrillations", "fibrillation", array, unit)


def positive_sharp_waves(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Fibres whose impulse stops at the needle: sharp positive, then long and negative; 0.5 to 15 Hz.

    Deviations: the long negative part is a slow return of 8 to 20 ms put behind the stopped impulse [assumed].
    """
    for array in plan.arrays:
        for number in range(1, int(rng.integers(2, 5))):
            end = float(rng.uniform(12, 25))
            unit = _single(rng, plan, f"p{number}", array, away=rng.uniform(0.1, 0.35), end=end, ahead=end)
            _slowing(plan, rng, "positive_sharp_waves", "positive_sharp_wave", array, _with_return(rng, unit))


def _with_return(rng: np.random.Generator, unit: MotorUnit) -> MotorUnit:
    """Return a unit with the part after its positive peak replaced by a slow negative return of equal area."""
    wave = unit.fine[0, 0].astype(np.float64)
    peak = int(np.argmax(wave))
    length_s = float(rng.uniform(0.010, 0.022))
    longer = np.concatenate([wave[: peak + 1], np.zeros(round(1.6 * length_s * unit.fine_hz))])
    fall = np.arange(len(longer) - peak - 1) / unit.fine_hz
    drop, tail = 0.0006, length_s / 4
    down = wave[peak] * np.exp(-((fall / drop) ** 2))
    slow = fall / tail * np.exp(1 - fall / tail)
    area = max(float(np.sum(np.maximum(wave[: peak + 1], 0)) + down.sum()), 1e-9)
    window = np.minimum(1.0, (fall[-1] - fall) / (0.2 * length_s))
    longer[peak + 1 :] = (down - slow * area / float(slow.sum())) * window
    high = np.flatnonzero(np.abs(longer) > 0.05 * np.abs(longer).max())
    before = unit.before / unit.fine_hz
    onset, end = high[0] / unit.fine_hz - before, high[-1] / unit.fine_hz - before
    return replace(
        unit,
        fine=longer[None, None, :].astype(np.float32),
        onset_s=onset,
        duration_s=end - onset,
        peak_s=peak / unit.fine_hz - before,
        phases=2,
    )


def _slowing(plan: EmgPlan, rng: np.random.Generator, source: str, event: str, array: Array, unit: MotorUnit) -> None:
    """Let a fibre fire regular trains of 4 to 30 s that slow down by up to a third."""
    number = max(1, round(plan.duration_s / 40))
    lengths = np.minimum(rng.uniform(4, 30, number), plan.duration_s / 2)
    rate = float(np.exp(rng.uniform(np.log(0.8), np.log(13))))
    for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 1.0), lengths, strict=False):
        rates = np.array([rate, rate * float(rng.uniform(0.67, 1.0))])
        times = sweeping(rng, float(start), float(length), rates, float(rng.uniform(0.01, 0.06)))
        _row(plan, source, event, array, unit, times, np.ones(len(times)))


def complex_repetitive(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Groups of 3 to 8 fibres that fire one after the other, the same each time, 5 to 100 Hz, abrupt start and stop."""
    for array in plan.arrays:
        for number in range(1, 3):
            size = int(rng.integers(3, 9))
            z = float(array.electrodes[0].points[0, 2])
            fibres = _fibres_near(rng, rng.uniform(0.3, 1.5, size), z - rng.uniform(8, 25, size))
            fibres.group[:] = np.arange(size)
            rate = float(np.exp(rng.uniform(np.log(5), np.log(60))))
            delays = np.sort(rng.uniform(0, min(0.5 / rate, 0.025), size))
            unit = make_unit(f"c{number}", array, fibres, delays - delays[0], plan.rate_hz, jitter=0.01, wobble_s=2e-6)
            trains = max(1, round(plan.duration_s / 40))
            lengths = np.minimum(rng.uniform(3, 20, trains), plan.duration_s / 2)
            for start, length in zip(spread_out(rng, trains, plan.duration_s, lengths, 1.0), lengths, strict=False):
                times = regular(rng, float(start), float(start + length), rate, 0.005)
                _row(
                    plan, "complex_repetitive", "complex_repetitive_discharge", array, unit, times, np.ones(len(times))
                )


def myotonic(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Single fibres whose rate (20 to 150 Hz) and amplitude wax and wane over 1.5 to 12 s."""
    for array in plan.arrays:
        for number in range(1, 4):
            unit = _single(rng, plan, f"m{number}", array, away=rng.uniform(0.12, 0.5), end=rng.uniform(14, 30))
            trains = max(1, round(plan.duration_s / 30))
            lengths = np.minimum(np.exp(rng.uniform(np.log(1.5), np.log(12), trains)), plan.duration_s / 2)
            for start, length in zip(spread_out(rng, trains, plan.duration_s, lengths, 1.0), lengths, strict=False):
                low, high = float(rng.uniform(20, 35)), float(rng.uniform(70, 150))
                times = sweeping(
                    rng, float(start), float(length), np.array([low, high, high * 0.9, low * 1.3, low]), 0.02
                )
                place = (times - start) / length
                scales = (0.35 + 0.65 * np.sin(np.pi * np.clip(place, 0, 1)) ** 2) * (1 - 0.2 * place)
                _row(plan, "myotonic", "myotonic_discharge", array, unit, times, scales)


def end_plate_spikes(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Fibres whose end plate lies at the needle: first negative, 1 to 5 ms, 5 to 50 Hz, very irregular."""
    for array in plan.arrays:
        for number in range(1, int(rng.integers(2, 4))):
            unit = _single(rng, plan, f"e{number}", array, away=rng.uniform(0.2, 0.6), end=rng.uniform(-0.2, 0.2))
            trains = max(1, round(plan.duration_s / 30))
            lengths = np.minimum(rng.uniform(5, 25, trains), plan.duration_s / 2)
            for start, length in zip(spread_out(rng, trains, plan.duration_s, lengths, 1.0), lengths, strict=False):
                rate = float(rng.uniform(8, 40))
                steps = 0.004 + rng.exponential(max(1 / rate - 0.004, 0.004), int(length * rate * 2) + 10)
                times = float(start) + np.cumsum(steps)
                times = times[times < start + length]
                _row(plan, "end_plate_spikes", "end_plate_spikes", array, unit, times, np.ones(len(times)))


def _row(plan: EmgPlan, source: str, event: str, array: Array, unit: MotorUnit, times: Floats, scales: Floats) -> None:
    """Let a fibre fire a train, with one row for it."""
    kept = times < plan.duration_s - 0.06
    times, scales = times[kept], scales[kept]
    if len(times) < 2:
        return
    plan.drive(source, unit, times, scales)
    steps = np.diff(times)
    plan.row(
        event, times[0] + unit.onset_s, times[-1] + unit.onset_s + unit.duration_s, array, unit_id=unit.id,
        beats=len(times), freq_hz=round(1 / float(np.mean(steps)), 3),
        rate_cov=round(float(np.std(steps) / np.mean(steps)), 4), duration_ms=round(1000 * unit.duration_s, 2),
    )  # fmt: skip
