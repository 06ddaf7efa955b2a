"""Potentials of a group as events: fasciculations with their measures, runs of effort, bursts and pops."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Group
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.emg_trace import Stretch
from legtwitch.events.emg_voluntary import inside_any
from legtwitch.events.fasciculation_confidence import Habit, judged, real
from legtwitch.events.unit_firing import Firing, Run, isolation
from legtwitch.events.units import Unit
from legtwitch.model import Detected

_SURE_PULSE = 0.95
_LIKELY, _LIKELY_BEHIND, _TAIL_S = 0.41, 0.62, 0.025
"""Surer ones are counted: below, and behind a larger one, most were not real in `benchmarks/emg.py`, 9301 to 9303."""


@dataclass(slots=True)
class Discharges:
    """Potentials of a group in order of time, arrays of one length (n,).

    channel: which shows it best. also: the others that show it. place: sample of the group's kept signal at which its
    unit's waveform lies. unit: 0 for none. scale: size beside the unit's shape.
    taken_out: found under another potential, its measures are its unit's. weak: found by its unit's waveform alone, its
    begin and end are its unit's. overlapped: by another; its begin and end are those of its unit.
    """

    rows: Potentials
    channel: NDArray[np.int64]
    also: list[tuple[int, ...]]
    place: NDArray[np.float64]
    unit: NDArray[np.int64]
    scale: NDArray[np.float64]
    time_s: NDArray[np.float64]
    units: tuple[Unit, ...]
    taken_out: NDArray[np.bool_]
    weak: NDArray[np.bool_]
    overlapped: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.bool_]) -> Discharges:
        """Return some of them."""
        also = [one for one, keep in zip(self.also, chosen.tolist(), strict=True) if keep]
        return Discharges(
            self.rows.take(chosen),
            self.channel[chosen],
            also,
            self.place[chosen],
            self.unit[chosen],
            self.scale[chosen],
            self.time_s[chosen],
            self.units,
            self.taken_out[chosen],
            self.weak[chosen],
            self.overlapped[chosen],
        )


def _follows(found: Discharges, number: int) -> bool:
    """Whether a larger potential lies just before this one."""
    first = int(np.searchsorted(found.time_s, found.time_s[number] - _TAIL_S))
    sizes = found.rows.peak_to_peak_uv
    return bool((sizes[first:number] > sizes[number]).any())


def _ms(seconds: float) -> float | None:
    return None if math.isnan(seconds) else round(1000 * seconds, 1)


def event_of(
    group: Group,
    found: Discharges,
    number: int,
    fired: Firing,
    place: int,
    unit_habits: Mapping[int, Habit],
    shape: bool,
    parameters: EmgParameters,
) -> Detected:
    """Return one counted potential as an event. place: its number among those that are counted (in `fired`)."""
    rows = found.rows
    size, noise = float(rows.peak_to_peak_uv[number]), float(rows.noise_uv[number])
    start, stop = float(rows.first_s[number]), float(rows.last_s[number])
    measures: dict[str, float | int | str | bool | None] = {"snr": round(size / 2 / noise, 2) if noise else None}
    volts = group.volts
    base = {"noise_uv": round(noise, 2) if volts else None, "saturated": bool(rows.saturated[number])}
    channel = group.names[int(found.channel[number])]
    energy = float(rows.clear[number])
    if not shape:
        trust = round(0.4 + 0.5 / (1 + math.exp(-(energy - 4.0))), 3)
        unknown = ("peak_to_peak_uv", "duration_ms", "phases", "turns", "unit_id")
        return Detected(
            start,
            stop - start,
            "short_potential",
            group.side,
            group.muscle,
            channel,
            trust,
            {"fasciculation": round(trust / 2, 3), "fragmentary_myoclonus": round(trust / 4, 3)},
            {**measures, **base, **dict.fromkeys(unknown)},
            ("the rate is too low for its shape",),
        )
    unit = int(found.unit[number])
    before, after = float(fired.before_s[place]), float(fired.after_s[place])
    apart = isolation(before, after, parameters.isolated_ms / 1000) if unit else None
    hidden, over = bool(found.taken_out[number]), bool(found.overlapped[number])
    faint = bool(found.weak[number])
    alone = hidden or over or faint or int(rows.phases[number]) == 0
    trust, others = judged(
        real(energy, parameters.threshold, unit > 0, over or hidden, bool(rows.saturated[number])),
        unit_habits.get(unit),
        None if alone else 1000 * (stop - start),
        apart in (None, "isolated"),
    )
    also = [group.names[one] for one in found.also[number]]
    measures |= {
        "peak_to_peak_uv": round(size, 1) if volts else None,
        **base,
        "duration_ms": None if alone else round(1000 * (stop - start), 1),
        "phases": None if alone else int(rows.phases[number]),
        "turns": None if alone else int(rows.turns[number]),
        "unit_id": f"u{unit}" if unit else None,
        "multiplicity": int(fired.multiplicity[place]) if unit else None,
        "isolation": apart,
        "interval_before_ms": _ms(before),
        "interval_after_ms": _ms(after),
    }
    reasons = [f"its shape comes back (unit u{unit})" if unit else "a shape seen only once or twice"]
    if hidden:
        reasons.append("taken out of another potential that it overlaps")
    elif faint:
        reasons.append("its unit's waveform, too small for the threshold: its length and phases are not measured")
    elif over:
        reasons.append("another potential overlaps it: its length and phases are not measured")
    if also:
        reasons.append(f"also seen in {', '.join(also[:6])}")
    event = "fasciculation"
    least = _LIKELY_BEHIND if unit == 0 and _follows(found, number) else _LIKELY
    if trust < least and others.get("short_potential", 0.0) > trust:
        event, trust, others = "short_potential", others["short_potential"], {**others, "fasciculation": trust}
        del others["short_potential"]
        reasons.append("more likely noise, or the end of the larger potential before it: not counted")
    return Detected(
        start,
        stop - start,
        event,
        group.side,
        group.muscle,
        channel,
        trust,
        others,
        measures,
        tuple(reasons),
    )


def stimuli_of(group: Group, found: Discharges, rate_hz: NDArray[np.float64]) -> list[Detected]:
    """Return the pulses of an electrical device as events. rate_hz: of the train of each discharge (n,), 0 for none."""
    rows, events = found.rows, []
    for number in np.flatnonzero(rate_hz > 0).tolist():
        start, stop = float(rows.first_s[number]), float(rows.last_s[number])
        events.append(
            Detected(
                start,
                stop - start,
                "nerve_stimulus",
                group.side,
                group.muscle,
                group.names[int(found.channel[number])],
                _SURE_PULSE,
                {"artifact": 0.04},
                {
                    "peak_to_peak_uv": round(float(rows.peak_to_peak_uv[number]), 1) if group.volts else None,
                    "freq_hz": round(float(rate_hz[number]), 3),
                    "unit_id": None,
                },
                ("at intervals constant to a millisecond, as an electrical device gives them and no motor unit",),
            )
        )
    return events


def other_events(
    group: Group,
    found: Discharges | None,
    runs: list[Run],
    effort: list[Stretch],
    rest: list[Stretch],
    shape: bool,
) -> list[Detected]:
    """Return voluntary stretches, regular runs of one unit, and at rest bursts and pops."""
    name = group.names[0]
    events = [
        Detected(start, stop - start, "voluntary_activity", group.side, group.muscle, name, 0.9)
        for start, stop in effort
    ]
    channel_of = {} if found is None else {one.number: group.names[one.channel] for one in found.units}
    events += [
        Detected(
            run.start_s,
            run.stop_s - run.start_s,
            "motor_unit_discharge",
            group.side,
            group.muscle,
            channel_of.get(run.unit, name),
            round(float(np.clip(1 - run.cov, 0.6, 0.97)), 3),
            {"fasciculation": 0.03},
            {
                "unit_id": f"u{run.unit}",
                "freq_hz": round(run.rate_hz, 2),
                "rate_cov": round(run.cov, 3),
                "beats": run.discharges,
            },
            ("one unit fires regularly, as by effort",),
        )
        for run in runs
    ]
    if found is None:
        return events
    rows = found.rows
    at_rest = inside_any(found.time_s, rest)
    for number in np.flatnonzero(at_rest & (rows.pop | rows.burst)).tolist():
        start, stop = float(rows.first_s[number]), float(rows.last_s[number])
        pop, size = bool(rows.pop[number]), float(rows.peak_to_peak_uv[number])
        if not pop and events and events[-1].reasons[:1] == ("burst",) and start < events[-1].onset_s + 0.1:
            continue  # another peak of the same burst
        events.append(
            Detected(
                start,
                stop - start,
                ("movement_artifact" if rows.moved[number] else "electrode_pop") if pop else "short_potential",
                group.side,
                group.muscle,
                group.names[int(found.channel[number])],
                0.8 if pop else 0.5,
                {"artifact": 0.15} if pop else {"myoclonus": 0.25, "voluntary_activity": 0.25},
                {
                    "peak_to_peak_uv": round(size, 1) if group.volts and shape else None,
                    "duration_ms": round(1000 * (stop - start), 1) if shape else None,
                    "unit_id": None,
                },
                ("slower than a motor unit" if rows.moved[number] else "the raw signal jumps",)
                if pop
                else ("burst", "longer than one potential"),
            )
        )
    return events
