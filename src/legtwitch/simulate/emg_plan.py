"""What happens in a simulated EMG before anything is drawn: units, their discharges, and rows of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.discharge_times import Firing, alone
from legtwitch.simulate.motor_units import HEALTHY, NEEDLE_HEALTHY, Array, MotorUnit, UnitKind, draw_unit
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import stream

POOL = 30
"""Units of a muscle that effort or a burst recruits [choice: enough for an interference pattern]."""
SURFACE_DEPTH_MM = (6.5, 22.0)
NEEDLE_REACH_MM = 6.5
NEEDLE_DEPTH_MM = 15.0
NEEDLE, EDF_LABEL = " needle", 16
FIRST_HZ, GAIN_HZ, FASTEST_HZ = 6.0, 14.0, 15.0


@dataclass(frozen=True, slots=True)
class Planned:
    """Discharges of a unit. source: the recipe or option that brings them. counted: each is a fasciculation."""

    source: str
    unit: MotorUnit
    firing: Firing
    counted: bool


@dataclass(slots=True)
class EmgPlan:
    """A recording being planned.

    rows: truth besides the single discharges. asked: rate of groups of discharges a minute by unit.
    counted_units: the units that fasciculate. marks: what the recording itself is marked with.
    """

    seed: int
    duration_s: float
    rate_hz: int
    arrays: tuple[Array, ...]
    planned: list[Planned] = field(default_factory=list)
    rows: list[Event] = field(default_factory=list)
    marks: list[Event] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    counted_units: list[MotorUnit] = field(default_factory=list)
    pools: dict[int, tuple[MotorUnit, ...]] = field(default_factory=dict)
    loose: dict[tuple[str, str], tuple[MotorUnit, list[Floats], list[Floats]]] = field(default_factory=dict)

    def fires(self, source: str, unit: MotorUnit, firing: Firing, *, counted: bool) -> None:
        """Let a unit fire."""
        self.planned.append(Planned(source, unit, firing, counted))

    def drive(self, source: str, unit: MotorUnit, times_s: Floats, scales: Floats | float = 1.0) -> None:
        """Let a unit fire without a row for each discharge; may be called many times."""
        _, times, sizes = self.loose.setdefault((source, unit.id), (unit, [], []))
        times.append(times_s)
        sizes.append(np.ones(len(times_s)) * scales)

    def all_planned(self) -> list[Planned]:
        """Return everything that fires, driven units too."""
        more = []
        for (source, _), (unit, times, sizes) in self.loose.items():
            joined, order = np.concatenate(times), np.argsort(np.concatenate(times), kind="stable")
            more.append(Planned(source, unit, alone(joined[order], np.concatenate(sizes)[order]), False))
        return self.planned + more

    def row(self, event: str, start_s: float, end_s: float, array: Array | None, **attributes: object) -> None:
        """Add a row of the truth over a stretch (s); of one muscle, or of all where `array` is None."""
        columns = {} if array is None else {"muscle": array.muscle.name}
        channel = channel_name(array, 0) if array is not None and len(array.channels) == 1 else None
        start, end = max(0.0, start_s), min(self.duration_s, end_s)
        side = "n/a" if array is None else array.muscle.side
        self.rows.append(
            Event(round(start, 4), round(max(end - start, 0.0), 4), event, side, channel, {**columns, **attributes})  # type: ignore[arg-type]
        )

    def pool(self, array: Array) -> tuple[MotorUnit, ...]:
        """Return the units of a muscle that effort recruits, in that order: small and deep ones first."""
        number = self.arrays.index(array)
        if number not in self.pools:
            rng = stream(self.seed, f"pool {number}")
            kind = NEEDLE_HEALTHY if array.needle else HEALTHY
            made = []
            for index, deep in enumerate(np.sort(rng.random(POOL))[::-1]):
                size = 0.6 + 1.6 * index / POOL
                grown = replace(kind, fibres=(round(size * kind.fibres[0]), round(size * kind.fibres[1])))
                place = _at(rng, array, float(deep))
                made.append(draw_unit(rng, f"{number}.{index}", array, grown, self.rate_hz, **place))
            self.pools[number] = tuple(made)
        return self.pools[number]


def channel_name(array: Array, index: int) -> str:
    """Return the name of a channel of an array; numbered where there are several, at most 16 characters."""
    if array.needle and len(array.muscle.label) + len(NEEDLE) <= EDF_LABEL:  # else the transducer alone tells it
        return array.muscle.label + NEEDLE
    return f"{array.muscle.label} {index + 1}" if len(array.channels) > 1 else array.muscle.label


def _at(rng: np.random.Generator, array: Array, deep: float) -> dict[str, float]:
    """Return where a unit lies: `deep` 0 is nearest to the electrodes, 1 farthest."""
    if array.needle:
        away, angle = 0.3 + NEEDLE_REACH_MM * deep, rng.uniform(0, 2 * np.pi)
        return {
            "x_mm": float(away * np.cos(angle)),
            "depth_mm": float(NEEDLE_DEPTH_MM + away * np.sin(angle)),
        }
    middles = np.array([one.points[:, 0].mean() for one in array.electrodes])
    low, high = SURFACE_DEPTH_MM
    return {
        "x_mm": float(rng.uniform(middles.min() - 4, middles.max() + 4)),
        "depth_mm": low + (high - low) * float(deep),
    }


def draw_units(
    plan: EmgPlan,
    rng: np.random.Generator,
    array: Array,
    kind: UnitKind,
    number: int,
    *,
    deep: tuple[float, float] = (0.0, 1.0),
    prefix: str = "u",
) -> list[MotorUnit]:
    """Return units spread evenly over a range of depth (0 near the electrodes, 1 far), nearest first."""
    places = deep[0] + (deep[1] - deep[0]) * (np.arange(number) + rng.random(number)) / number
    taken = len(plan.counted_units)
    return [
        draw_unit(rng, f"{prefix}{taken + index + 1}", array, kind, plan.rate_hz, **_at(rng, array, float(place)))
        for index, place in enumerate(places)
    ]


def span_of(units_and_times: Sequence[tuple[MotorUnit, Floats]]) -> tuple[float, float] | None:
    """Return the first onset and the last end (s) of potentials, or None where nothing fires."""
    starts = [times.min() + unit.onset_s for unit, times in units_and_times if len(times)]
    ends = [times.max() + unit.onset_s + unit.duration_s for unit, times in units_and_times if len(times)]
    return (float(min(starts)), float(max(ends))) if starts else None


def burst(
    plan: EmgPlan,
    rng: np.random.Generator,
    source: str,
    array: Array,
    start_s: float,
    length_s: float,
    strength: float,
    *,
    floor_s: float = 0.013,
) -> tuple[float, float]:
    """Let a muscle give one burst and return its onset and end (s) as its potentials make it.

    Parameters
    ----------
    length_s: of the burst, the last potential included. strength: share of the pool that takes part, 0 to 1.
    floor_s: how long one potential lasts.
    """
    room = max(length_s - floor_s, 0.002)
    units = plan.pool(array)[: max(2, round(strength * POOL))]
    drawn = [np.sort(rng.beta(1.5, 1.5, 1 + int(rng.poisson(10 * room)))) for _ in units]
    first, last = min(one[0] for one in drawn), max(one[-1] for one in drawn)
    fired = []
    for unit, places in zip(units, drawn, strict=True):
        times = start_s - unit.onset_s + room * (places - first) / max(last - first, 1e-9)
        times = times[(times > 0.02) & (times < plan.duration_s - 0.06)]
        kept = times[np.concatenate([[True], np.diff(times) > 0.006])] if len(times) else times
        plan.drive(source, unit, kept)
        fired.append((unit, kept))
    return span_of(fired) or (start_s, start_s + length_s)


def contraction(
    plan: EmgPlan,
    rng: np.random.Generator,
    source: str,
    array: Array,
    start_s: float,
    length_s: float,
    effort: float,
    *,
    units: Sequence[MotorUnit] = (),
    fastest_hz: float = FASTEST_HZ,
    cov: tuple[float, float] = (0.10, 0.25),
) -> tuple[float, float]:
    """Let a muscle contract and return the span (s) of its potentials: units are recruited in order and fire regularly.

    Rates run from 5 to 15 Hz with effort, intervals with a CoV of 0.1 to 0.25 (row 5 of section 2.7: below 0.3).
    units: recruited before the pool. effort: 0 to 1, rising and falling over a fifth of the length.
    """
    chain = [*units, *plan.pool(array)]
    fired = []
    for index, unit in enumerate(chain):
        threshold = index / len(chain)
        if threshold >= effort:
            break
        late = 0.2 * length_s * threshold / effort
        rate = float(np.clip(FIRST_HZ + GAIN_HZ * (effort - threshold) + rng.normal(0, 0.7), 5.0, fastest_hz))
        number = int((length_s - 2 * late) * rate * 1.4) + 3
        steps = np.maximum(1 + rng.uniform(*cov) * rng.standard_normal(number), 0.35) / rate
        times = start_s + late + rng.random() / rate + np.cumsum(steps)
        end = min(start_s + length_s - late, plan.duration_s - 0.06)
        times = times[(times > 0.02) & (times < end)]
        plan.drive(source, unit, times)
        fired.append((unit, times))
    return span_of(fired) or (start_s, start_s + length_s)
