"""Recipes of a muscle at rest: fasciculations of several kinds, silence, bursts of hyperexcitable axons."""

from __future__ import annotations

import numpy as np

from legtwitch.simulate.discharge_times import renewal, spread_out, sweeping, with_echoes
from legtwitch.simulate.emg_plan import EmgPlan, draw_units
from legtwitch.simulate.motor_units import (
    HEALTHY,
    NEEDLE_HEALTHY,
    NEEDLE_REINNERVATED,
    REINNERVATED,
    Array,
    MotorUnit,
    UnitKind,
)
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import log_uniform


def fasciculate(
    plan: EmgPlan,
    rng: np.random.Generator,
    source: str,
    unit: MotorUnit,
    per_minute: float,
    *,
    cov: float,
    doublets: float = 0.04,
    f_waves: float = 0.05,
    log_normal: bool = False,
    burst_share: float = 0.1,
) -> None:
    """Let a unit fasciculate at a mean rate; doublets and F waves come on top of it."""
    times = renewal(
        rng, per_minute, plan.duration_s, cov=cov, log_normal=log_normal, burst_share=burst_share, drift_depth=0.3
    )
    plan.fires(source, unit, with_echoes(rng, times, doublets, f_waves), counted=True)
    plan.asked[unit.id] = per_minute
    plan.counted_units.append(unit)


def _kinds(array: Array) -> tuple[UnitKind, UnitKind]:
    return (NEEDLE_HEALTHY, NEEDLE_REINNERVATED) if array.needle else (HEALTHY, REINNERVATED)


def benign_calf(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Two or three units of the calf, simple and stable, 2 to 12 a minute each, some in bursts (section 4.3)."""
    for array in plan.arrays:
        units = draw_units(plan, rng, array, _kinds(array)[0], int(rng.integers(2, 4)), deep=(0.1, 0.75))
        for unit in units:
            fasciculate(plan, rng, "benign_calf", unit, log_uniform(rng, 2, 12), cov=0.9, burst_share=0.15)


def als_like(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Eight to eleven large units, many-phased, their shape unsteady by 10 to 30 %, each mostly isolated.

    Together 30 to 70 a minute (median 40.5 in AVID's recordings); a fifth of the intervals is log-normal [choice].
    """
    for array in plan.arrays:
        number = int(rng.integers(8, 12))
        units = draw_units(plan, rng, array, _kinds(array)[1], number)
        shares = rng.dirichlet(np.full(number, 2.0))
        total = float(rng.uniform(30, 70))
        for unit, share in zip(units, shares, strict=True):
            rate = max(0.5, total * float(share))
            fasciculate(
                plan, rng, "als_like", unit, rate, cov=1.0, log_normal=bool(rng.random() < 0.2), burst_share=0.05
            )


def healthy_abductor_hallucis(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Two or three units of the foot, one of 40 to 70 a minute, together 60 to 100: normal there (van der Heijden)."""
    for array in plan.arrays:
        units = draw_units(plan, rng, array, _kinds(array)[0], int(rng.integers(2, 4)), deep=(0.0, 0.5))
        for index, unit in enumerate(units):
            rate = float(rng.uniform(40, 70)) if index == 0 else float(rng.uniform(8, 15))
            fasciculate(plan, rng, "healthy_abductor_hallucis", unit, rate, cov=0.75, burst_share=0.05)


def silent(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Nothing fires."""


def neuromyotonic(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Three units in bursts of 0.2 to 2 s at 30 to 300 Hz that slow down and shrink, and in short multiplets.

    Source: 30 to 300 Hz within the burst, Maddison 2006; longer intervals along each burst, Muscle Nerve 2008 37:269;
    the rest assumed.
    """
    for array in plan.arrays:
        for unit in draw_units(plan, rng, array, _kinds(array)[0], 3, deep=(0.0, 0.6)):
            number = max(2, int(rng.poisson(5 * plan.duration_s / 60)))
            lengths = np.exp(rng.uniform(np.log(0.08), np.log(2.0), number))
            starts = spread_out(rng, number, plan.duration_s, lengths, 0.4)
            for start, length in zip(starts, lengths[: len(starts)], strict=True):
                first = log_uniform(rng, 60, 300)
                rates = np.array([first, max(30.0, first * float(rng.uniform(0.4, 0.8)))])
                times = sweeping(rng, float(start), float(length), rates, 0.03)
                fall = round(float(rng.uniform(0.05, 0.5)), 3)
                scales = 1 - fall * np.linspace(0, 1, len(times))
                _train(
                    plan,
                    array,
                    "neuromyotonic_discharge",
                    unit,
                    times,
                    scales,
                    decrement=fall,
                )


def myokymic(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Two units in groups of 3 to 8 discharges at 20 to 70 Hz, groups 2 to 5 a second, in stretches of 5 to 30 s.

    Source: groups 2 to 10 a second, MedLink; within the group grade D. Period of the groups CoV below 0.3.
    """
    for array in plan.arrays:
        for unit in draw_units(plan, rng, array, _kinds(array)[0], 2, deep=(0.0, 0.6)):
            number = max(1, round(plan.duration_s / 60))
            lengths = np.minimum(rng.uniform(5, 30, number), plan.duration_s / 3)
            starts = spread_out(rng, number, plan.duration_s, lengths, 3.0)
            for start, length in zip(starts, lengths[: len(starts)], strict=True):
                period, spikes, inside = 1 / rng.uniform(2, 5), int(rng.integers(3, 9)), float(rng.uniform(40, 70))
                spikes = min(spikes, max(2, int(0.6 * period * inside)))
                at = float(start)
                while at < start + length:
                    times = at + np.cumsum(np.maximum(1 + 0.08 * rng.standard_normal(spikes), 0.5)) / inside
                    rate = round(1 / period, 3)
                    _train(plan, array, "myokymic_discharge", unit, times, np.ones(spikes), burst_rate_hz=rate)
                    at += period * max(0.5, 1 + 0.15 * float(rng.standard_normal()))


def _train(
    plan: EmgPlan,
    array: Array,
    event: str,
    unit: MotorUnit,
    times: Floats,
    scales: Floats,
    **attributes: object,
) -> None:
    """Let a unit fire one train, with one row for it."""
    kept = times < plan.duration_s - 0.06
    times, scales = times[kept], scales[kept]
    if len(times) < 2:
        return
    plan.drive(event, unit, times, scales)
    rate = round(float(1 / np.median(np.diff(times))), 2)
    start, end = times[0] + unit.onset_s, times[-1] + unit.onset_s + unit.duration_s
    plan.row(event, start, end, array, unit_id=unit.id, beats=len(times), intraburst_hz=rate, **attributes)


def held_out_calf(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Calf units from settings of their own, on which nothing is tuned: log-normal, clustered, deep, half unsteady."""
    for array in plan.arrays:
        number = int(rng.integers(4, 8))
        odd = UnitKind((120, 600), 6.5, (2.0, 5.0), (2, 6), (0.0005, 0.006), (0.02, 0.22), 0.00015)
        kind = _kinds(array)[1] if array.needle else odd
        for unit in draw_units(plan, rng, array, kind, number, deep=(0.05, 0.95)):
            rate = log_uniform(rng, 0.5, 25)
            fasciculate(
                plan, rng, "held_out_calf", unit, rate, cov=1.4, doublets=0.1, f_waves=0.02, log_normal=True,
                burst_share=0.3,
            )  # fmt: skip
