"""Counts of discharges in needle EMG, and motor unit potentials against the limits that have a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10
from statistics import mean

from legtwitch.events.emg_group import Group
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.needle import NeedleFound, NeedleUnit, detect_needle, needle_parameters
from legtwitch.model import Curve, Detected, KindScore, Problem, Recording
from legtwitch.scoring import fasciculation_codes as codes
from legtwitch.scoring.fasciculation_norms import norm_of
from legtwitch.scoring.poisson import poisson_interval

_TRAINS = (
    "fibrillation",
    "positive_sharp_wave",
    "end_plate_spikes",
    "myokymic_discharge",
    "neuromyotonic_discharge",
    "complex_repetitive_discharge",
    "myotonic_discharge",
)
_MUP_EVENTS = ("motor_unit_discharge", "fasciculation")
_POLYPHASIC = 4


@dataclass(frozen=True, slots=True)
class NeedleScored:
    """Everything of a needle recording."""

    events: tuple[Detected, ...]
    scores: tuple[KindScore, ...]
    problems: tuple[Problem, ...]
    curves: tuple[Curve, ...]
    scorable_s: float
    parameters_hash: str


def detect_needle_recording(
    recording: Recording,
    groups: Sequence[Group],
    parameters: EmgParameters,
    age: float | None,
    progress: Callable[[str], None],
) -> NeedleScored:
    """Return the events, scores, remarks and units' shapes of a needle recording."""
    chosen = needle_parameters(parameters)
    found: list[NeedleFound] = []
    for group in groups:
        first = 1 + sum(len(one.units) for one in found)
        found.append(detect_needle(recording, group, first, chosen, progress))
    scores = [score for one in found for score in _scores(one, chosen, age)]
    return NeedleScored(
        tuple(event for one in found for event in one.events),
        tuple(scores),
        tuple(problem for one in found for problem in one.problems),
        tuple(_curve(one.group.names[0], unit) for one in found for unit in one.units[:24]),
        max((one.scorable_s for one in found), default=0.0),
        chosen.hash,
    )


def _scores(found: NeedleFound, parameters: EmgParameters, age: float | None) -> list[KindScore]:
    scores = [_fasciculations(found, parameters, age)]
    for kind in _TRAINS:
        own = [one for one in found.events if one.event == kind]
        seconds = sum(one.duration_s for one in own)
        values: dict[str, float | int | None] = {"count": len(own), "seconds": round(seconds, 3)}
        reasons: dict[str, str] = {}
        if found.scorable_s < parameters.presence_s and not own:
            values |= dict.fromkeys(values)
            reasons |= dict.fromkeys(values, codes.TOO_SHORT_FOR_PRESENCE)
        norm = norm_of(kind, found.group.muscle, values, age=age, told=found.group.told) if own else ""
        scores.append(_score(found, kind, values, reasons, norm))
    scores.append(_potentials(found, age))
    return scores


def _score(
    found: NeedleFound, kind: str, values: dict[str, float | int | None], reasons: dict[str, str], norm: str
) -> KindScore:
    group, minutes = found.group, round(found.scorable_s / 60, 4)
    return KindScore(kind, group.muscle, group.side, group.names, minutes, values, reasons, norm)


def _fasciculations(found: NeedleFound, parameters: EmgParameters, age: float | None) -> KindScore:
    """Fasciculations seen by the needle: a count, and a rate where there are five minutes of rest."""
    own = [one for one in found.events if one.event == "fasciculation"]
    minutes = found.scorable_s / 60
    values: dict[str, float | int | None] = {"count": len(own)}
    reasons: dict[str, str] = {}
    values["present"] = int(len(own) >= 2)
    if found.scorable_s < parameters.presence_s and len(own) < 2:
        values["present"], reasons["present"] = None, codes.TOO_SHORT_FOR_PRESENCE
    names = ("rate_per_min", "rate_low", "rate_high")
    if found.scorable_s >= parameters.rate_s - 1:
        low, high = poisson_interval(len(own))
        values |= dict(zip(names, (len(own) / minutes, low / minutes, high / minutes), strict=True))
    else:
        values |= dict.fromkeys(names)
        reasons |= dict.fromkeys(names, codes.TOO_SHORT_FOR_RATE)
    values["distinct_units"] = len({one.measures.get("unit_id") for one in own})
    if found.scorable_s < parameters.presence_s and not own:
        values |= dict.fromkeys(("count", "distinct_units"))
        reasons |= dict.fromkeys(("count", "distinct_units"), codes.TOO_SHORT_FOR_PRESENCE)
    phases = [int(count) for one in own if isinstance(count := one.measures.get("phases"), int)]
    if len(phases) >= 5:
        values["polyphasic_share"] = sum(count > _POLYPHASIC for count in phases) / len(phases)
    else:
        values["polyphasic_share"], reasons["polyphasic_share"] = None, codes.TOO_FEW_EVENTS
    norm = "No norm: those of fasciculation counts are for electrodes on the skin."
    return _score(found, "fasciculation", values, reasons, norm)


def _potentials(found: NeedleFound, age: float | None) -> KindScore:
    """Means of the motor unit potentials, by definitions of Stålberg; a size index as Sonoo and Stålberg (grade D)."""
    units = [one for one in found.units if one.event in _MUP_EVENTS and one.measures is not None]
    measured = [one.measures for one in units if one.measures is not None]
    values: dict[str, float | int | None] = {
        "count": sum(1 for one in found.events if one.event == "motor_unit_discharge"),
        "mup_count": len(measured),
    }
    reasons: dict[str, str] = {}
    names = (
        "mup_amplitude_mean_uv",
        "mup_duration_mean_ms",
        "mup_phases_mean",
        "mup_turns_mean",
        "mup_area_mean_uvms",
        "mup_thickness_mean_ms",
        "mup_size_index_mean",
        "mup_polyphasic_share",
    )
    if not measured:
        slow = any(one.measures is None for one in found.units)
        values |= dict.fromkeys(names)
        reasons |= dict.fromkeys(names, codes.NO_SHAPE if slow else codes.TOO_FEW_EVENTS)
    else:
        thickness = [one.area_uvms / one.peak_to_peak_uv for one in measured]
        size = [2 * log10(one.peak_to_peak_uv / 1000) + thin for one, thin in zip(measured, thickness, strict=True)]
        row = (
            mean(one.peak_to_peak_uv for one in measured),
            mean(one.duration_ms for one in measured),
            mean(one.phases for one in measured),
            mean(one.turns for one in measured),
            mean(one.area_uvms for one in measured),
            mean(thickness),
            mean(size),
            mean(one.phases > _POLYPHASIC for one in measured),
        )
        values |= dict(zip(names, row, strict=True))
    norm = norm_of("motor_unit_discharge", found.group.muscle, values, age=age, told=found.group.told)
    return _score(found, "motor_unit_discharge", values, reasons, norm)


def _curve(channel: str, unit: NeedleUnit) -> Curve:
    half, step = len(unit.shape_uv) // 2, 1000 / unit.rate_hz
    x = tuple(round((place - half) * step, 3) for place in range(len(unit.shape_uv)))
    return Curve("unit_shape", f"{unit.name} ({unit.event.replace('_', ' ')})", channel, x, unit.shape_uv)
