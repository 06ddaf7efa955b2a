"""Tremor, clonus, movements and brief jerks in an accelerometer or a gyroscope on a leg."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from legtwitch.errors import RecordingError
from legtwitch.events import motion_codes as codes
from legtwitch.events.motion_classes import classed_movements
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_scores import SensorTally, kind_scores, tremor_problems
from legtwitch.events.motion_signal import Sensor, Stretch3D, made_ready, sensors_of
from legtwitch.events.motion_stages import asleep_at
from legtwitch.events.motion_tremor import Rhythms, rhythms_of
from legtwitch.model import Curve, Detected, KindScore, Problem, Recording, Side

MOTION_KINDS = (
    "tremor",
    "clonus",
    "leg_movement",
    "myoclonus",
    "short_potential",
    "voluntary_activity",
    "high_frequency_leg_movement",
    "movement_artifact",
)
"""The kinds of event that a sensor of motion can show; brief movements are `short_potential`, never `fasciculation`.

`movement_artifact`: the sensor moved, and a machine or a vehicle did it, or may have done so as well as the limb.
"""

_SAME = 0.5
_GOES_ON_S = 2.0
_TRAIN_BEATS = 4
_EDGE_S = 0.1  # choice: so near a run, what is no longer is its end


@dataclass(frozen=True, slots=True)
class MotionFound:
    """What was found in the sensors of a recording. scorable_s: of the sensor with most of it."""

    events: tuple[Detected, ...]
    scores: tuple[KindScore, ...]
    problems: tuple[Problem, ...]
    curves: tuple[Curve, ...]
    scorable_s: float
    parameters_hash: str


@dataclass(slots=True)
class _Found:
    events: list[Detected] = field(default_factory=list)
    scores: list[KindScore] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    scorable_s: float = 0.0


def detect_motion(
    recording: Recording,
    *,
    kinds: Collection[str] | None = None,
    side: Side = "n/a",
    muscle: str | None = None,
    posture: str | None = None,
    parameters: MotionParameters | None = None,
) -> MotionFound:
    """Return tremor, clonus, movements and brief jerks of every sensor of motion (roles `acceleration`, `rotation`).

    Parameters
    ----------
    kinds: names of `MOTION_KINDS`; `fasciculation` is understood as brief movements; None for all.
    side, muscle: where the sensor was worn; only for what is said of the events, never for finding them.
    posture: what the limb was doing (`at_rest`, `holding`, `moving`, `standing`, …) where it was told.

    Events have as measures, where they can be measured, `freq_hz`, `half_width_hz`, `peak_power_ratio`,
    `stability_index_hz`, `beats`, `decrement`, `rate_cov`, `peak_mps2` or `peak_dps`, `tilt_deg`, `posture`.
    A gyroscope is searched only where no accelerometer is there.

    Source: PMC6806079 (tremor windows); BMC Neurol 2021 486 (13 to 18 Hz on standing); the rest is this program's own.

    Raises
    ------
    RecordingError: no sensor can be used (E306).

    Example
    -------
    >>> from legtwitch.events.motion import detect_motion
    >>> detect_motion(recording, side="left", posture="at_rest").scores  # doctest: +SKIP
    """
    chosen = parameters or MotionParameters()
    wanted = wanted_kinds(kinds)
    found = _Found()
    sensors = sensors_of(recording, side)
    for kind in ("acceleration", "rotation"):
        for sensor in (one for one in sensors if one.kind == kind):
            ready, problems = made_ready(recording, sensor, chosen)
            found.problems += problems
            if ready:
                _search(sensor, ready, recording, wanted, muscle, posture, chosen, found)
        if found.scores:
            break
    if not found.scores:
        raise RecordingError(
            codes.NO_MOTION_SENSOR,
            "No accelerometer or gyroscope of this recording can be used.",
            got="; ".join(one.message for one in found.problems) or "no channel of such a sensor",
            allowed="acceleration in m/s2 or g with gravity in it, or angular speed in deg/s or rad/s",
            do="`legtwitch check` explains the file.",
        )
    events = sorted(found.events, key=lambda one: (one.onset_s, one.channel or ""))
    return MotionFound(
        tuple(events),
        tuple(found.scores),
        tuple(found.problems),
        tuple(found.curves),
        found.scorable_s,
        chosen.hash,
    )


def wanted_kinds(kinds: Collection[str] | None) -> tuple[str, ...]:
    """Return the kinds to look for; a twitch in a sensor of motion is a `short_potential`."""
    if kinds is None:
        return MOTION_KINDS
    asked = {"short_potential" if one == "fasciculation" else one for one in kinds}
    return tuple(one for one in MOTION_KINDS if one in asked)


def _search(
    sensor: Sensor,
    ready: tuple[Stretch3D, ...],
    recording: Recording,
    wanted: tuple[str, ...],
    muscle: str | None,
    posture: str | None,
    parameters: MotionParameters,
    found: _Found,
) -> None:
    """Add what one sensor shows."""
    tally = SensorTally(sensor, muscle, posture)
    sensor_events: list[Detected] = []
    rhythms: list[Rhythms] = []
    for stretch in ready:
        rhythm = rhythms_of(stretch, sensor, posture, parameters)
        movements = classed_movements(stretch, sensor, rhythm, recording.events, posture, parameters)
        rhythms.append(rhythm)
        tally.add(stretch, rhythm, movements.knocks)
        sensor_events += [_asleep(one, recording) for one in with_one_name([*rhythm.events, *movements.events])]
    kept = [_placed(one, sensor, muscle) for one in sensor_events if one.event in wanted]
    found.events += kept
    found.scores += kind_scores(tally, kept, wanted, parameters)
    found.problems += tremor_problems(tally, kept, wanted, parameters)
    found.scorable_s = max(found.scorable_s, tally.usable_s)
    found.curves += _spectrum(sensor, rhythms)


def with_one_name(events: list[Detected]) -> list[Detected]:
    """Return events without a tremor that is a run of clonus, without a twitch that is the end of a run, and with
    movement at will as one where it goes on.
    """
    clonus = [one for one in events if one.event == "clonus"]
    kept = [one for one in events if one.event != "tremor" or _inside(one, clonus) < _SAME]
    rhythms = [one for one in kept if one.event in ("clonus", "tremor")]
    kept = [one for one in kept if one.event != "short_potential" or not _is_end_of(one, rhythms)]
    at_will = sorted((one for one in kept if one.event == "voluntary_activity"), key=lambda one: one.onset_s)
    joined: list[Detected] = []
    for one in at_will:
        last = joined[-1] if joined else None
        if last is None or one.onset_s > last.onset_s + last.duration_s + _GOES_ON_S:
            joined.append(one)
            continue
        longer = max(last, one, key=lambda event: (len(event.measures), event.duration_s))
        stop = max(last.onset_s + last.duration_s, one.onset_s + one.duration_s)
        joined[-1] = replace(longer, onset_s=last.onset_s, duration_s=stop - last.onset_s)
    rest = [one for one in kept if one.event != "voluntary_activity"]
    return [*(one for one in rest if one.event != "leg_movement" or _inside(one, joined) < _SAME), *joined]


def _asleep(event: Detected, recording: Recording) -> Detected:
    """A rhythmic movement in sleep is a train of leg movements, not one at will."""
    rhythmic = event.event == "voluntary_activity" and int(event.measures.get("beats") or 0) >= _TRAIN_BEATS
    if not rhythmic or not asleep_at(event.onset_s, recording.events):
        return event
    others = {"voluntary_activity": 0.15, "leg_movement": 0.1}
    reasons = (*event.reasons, "in sleep")
    return replace(event, event="high_frequency_leg_movement", confidence=0.7, alternatives=others, reasons=reasons)


def _is_end_of(event: Detected, runs: list[Detected]) -> bool:
    """Whether an event is as brief as the ends of a run are uncertain, and lies there."""
    stop = event.onset_s + event.duration_s
    near = (one for one in runs if event.onset_s < one.onset_s + one.duration_s + _EDGE_S)
    return event.duration_s <= _EDGE_S and any(stop > one.onset_s - _EDGE_S for one in near)


def _inside(event: Detected, others: list[Detected]) -> float:
    """The share of an event that lies in others."""
    stop = event.onset_s + event.duration_s
    common = sum(max(0.0, min(stop, one.onset_s + one.duration_s) - max(event.onset_s, one.onset_s)) for one in others)
    return common / max(event.duration_s, 1e-9)


def _placed(event: Detected, sensor: Sensor, muscle: str | None) -> Detected:
    return Detected(
        event.onset_s,
        event.duration_s,
        event.event,
        sensor.side,
        muscle,
        sensor.channels[0].name,
        event.confidence,
        event.alternatives,
        event.measures,
        event.reasons,
    )


def _spectrum(sensor: Sensor, rhythms: list[Rhythms]) -> list[Curve]:
    """The mean spectrum of the usable windows, for the report."""
    parts = [one.windows.spectra.power[one.usable] for one in rhythms if one.usable.any()]
    if not parts:
        return []
    power = np.concatenate(parts).mean(axis=0)
    hz = rhythms[0].windows.spectra.hz
    shown = hz >= 0.5
    unit = "(m/s2)2/Hz" if sensor.kind == "acceleration" else "(deg/s)2/Hz"
    x = tuple(round(float(one), 3) for one in hz[shown])
    y = tuple(float(f"{one:.4g}") for one in power[shown])
    return [Curve("spectrum", f"{sensor.name}, power in {unit}", sensor.channels[0].name, x, y)]
