"""Single movements in a sensor of motion and what they are: leg movement, clonus, jerk, brief movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.decision import Decision, Features, decide
from legtwitch.events.motion_clonus import run_of
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_runs import Activity, activities, beats_in, turned_by
from legtwitch.events.motion_signal import Sensor, Stretch3D
from legtwitch.events.motion_stages import asleep_at
from legtwitch.events.motion_tremor import Rhythms
from legtwitch.model import Detected, Event
from legtwitch.signal.glitches import moving_mean
from legtwitch.signal.spectrum import Spectra, highest_peak, window_spectra

Flags = NDArray[np.bool_]

_SINGLE = ("fasciculation", "myoclonus", "movement_artifact", "voluntary_activity")
_AT_NIGHT = (*_SINGLE, "fragmentary_myoclonus")
_LONG = ("leg_movement", "voluntary_activity", "movement_artifact")
_RHYTHMS = ("tremor", "movement_artifact")
_COVERED = 0.3
_SAME_PACE = 0.1
_PACE_WANDERS = 0.2  # choice: of a second or two within a long rhythm
_OUTLASTS_S = 2.0  # choice
_KNOCK_MS = 80.0
_UNCLEAR = 0.5  # choice


@dataclass(frozen=True, slots=True)
class Movements:
    """Single movements of one segment, and how many clear knocks at the sensor were left out."""

    events: tuple[Detected, ...]
    knocks: int


def classed_movements(
    stretch: Stretch3D,
    sensor: Sensor,
    rhythms: Rhythms,
    marks: Sequence[Event],
    posture: str | None,
    parameters: MotionParameters,
) -> Movements:
    """Return the single movements of one segment, without those that are part of a rhythm found before.

    While there is tremor only what turns the limb is a movement of its own.
    """
    found = []
    both = activities(stretch, sensor.kind == "rotation", parameters, rhythms.shaken)
    every = [one for one in both if not one.knock]
    for number, activity in enumerate(every):
        asleep = asleep_at(stretch.start_s + activity.start / stretch.rate_hz, marks)
        clonus = _clonus(stretch, sensor, activity, asleep, parameters)
        if clonus is not None and not _of_tremor(clonus, rhythms):
            found.append(clonus)
            continue
        if rhythms.covered[activity.start : activity.stop].mean() > _COVERED:
            continue
        before = activity.start - every[number - 1].stop if number else stretch.rate_hz
        after = every[number + 1].start - activity.stop if number + 1 < len(every) else stretch.rate_hz
        alone = min(before, after) >= stretch.rate_hz / 4
        found.append(_single(stretch, sensor, activity, rhythms, alone, asleep, posture, parameters))
    found += _in_tremor(stretch, sensor, rhythms, found, marks, posture, parameters)
    knocks = [one for one in both if one.knock and one.ratio >= parameters.clear_knock]
    return Movements(tuple(found), sum(not rhythms.covered[one.start : one.stop].any() for one in knocks))


def _of_tremor(run: Detected, rhythms: Rhythms) -> bool:
    """Whether a run of beats is part of a rhythm that goes on clearly before or after it, of the same pace; or half the
    pace of a tremor or tone, of which few samples a second show every other beat.
    """
    middle, own = run.onset_s + run.duration_s / 2, run.measures.get("freq_hz")
    for one in rhythms.events:
        hz = one.measures.get("freq_hz")
        if not own or not hz:
            continue
        paces = (1, 2) if one.event in _RHYTHMS else (1,)
        reach = min(run.duration_s, _OUTLASTS_S)
        inside = one.onset_s <= run.onset_s and middle + run.duration_s / 2 <= one.onset_s + one.duration_s
        off = min(abs(float(hz) / float(own) / times - 1) for times in paces)
        if off > (_PACE_WANDERS if inside else _SAME_PACE):
            continue
        around = one.onset_s - reach <= middle <= one.onset_s + one.duration_s + reach
        if around and one.duration_s > run.duration_s + reach:
            return True
    return False


def _in_tremor(
    stretch: Stretch3D,
    sensor: Sensor,
    rhythms: Rhythms,
    known: Sequence[Detected],
    marks: Sequence[Event],
    posture: str | None,
    parameters: MotionParameters,
) -> list[Detected]:
    """Movements of the limb while it trembles: as long as a leg movement and with a turn against gravity."""
    still, where = without_tremor(stretch, rhythms)
    if not where.any():
        return []
    rate = stretch.rate_hz
    taken = np.zeros(where.size, dtype=np.bool_)
    for one in known:
        first = round((one.onset_s - stretch.start_s) * rate)
        taken[max(0, first) : first + round(one.duration_s * rate)] = True
    found = []
    for activity in activities(still, sensor.kind == "rotation", parameters, rhythms.shaken):
        own = slice(activity.start, activity.stop)
        long = parameters.movement_s[0] <= (activity.stop - activity.start) / rate <= parameters.movement_s[1]
        turns = (turned_by(still, activity) or 0.0) >= parameters.turned_in_tremor_deg
        if long and turns and where[own].mean() > _COVERED and not taken[own].any():
            asleep = asleep_at(stretch.start_s + activity.start / rate, marks)
            found.append(_single(still, sensor, activity, rhythms, False, asleep, posture, parameters))
    return found


def without_tremor(stretch: Stretch3D, rhythms: Rhythms) -> tuple[Stretch3D, Flags]:
    """Return a segment with its tremors and tones smoothed away over their own period, and where they were, (n,)."""
    where = np.zeros(stretch.usable.size, dtype=np.bool_)
    values = stretch.values
    for one in rhythms.events:
        hz = one.measures.get("freq_hz")
        if one.event not in _RHYTHMS or not hz:
            continue
        size = round(stretch.rate_hz / float(hz))
        first = round((one.onset_s - stretch.start_s) * stretch.rate_hz)
        last = first + round(one.duration_s * stretch.rate_hz)
        low, high = max(0, first - 2 * size), min(where.size, last + 2 * size)
        if values is stretch.values:
            values = values.copy()
        values[:, low:high] = moving_mean(moving_mean(stretch.values[:, low:high], size), size)
        where[low:high] = True
    return replace(stretch, values=values), where


def _clonus(
    stretch: Stretch3D, sensor: Sensor, activity: Activity, asleep: bool | None, parameters: MotionParameters
) -> Detected | None:
    """A run of beats as clonus, or as the ringing it may be; None where there is none, or it is likelier tremor."""
    beats = beats_in(stretch, activity, parameters)
    run = None if beats is None else run_of(stretch, activity, beats, asleep, parameters)
    if beats is None or run is None:
        return None
    measures: dict[str, float | int | str | bool | None] = {
        "freq_hz": round(beats.frequency_hz, 2),
        "beats": int(beats.at.size),
        "rate_cov": round(beats.rate_cov, 3),
        "decrement": round(beats.decrement, 2),
        "tilt_deg": None if run.turned_deg is None else round(run.turned_deg, 1),
    }
    return _detected(stretch, sensor, activity, run.start_s, run.seconds, run.decision, measures, run.decision.reasons)


def _single(
    stretch: Stretch3D,
    sensor: Sensor,
    activity: Activity,
    rhythms: Rhythms,
    alone: bool,
    asleep: bool | None,
    posture: str | None,
    parameters: MotionParameters,
) -> Detected:
    rate = stretch.rate_hz
    seconds = (activity.stop - activity.start) / rate
    tilt = turned_by(stretch, activity)
    limb, least = parameters.limb_mps2, parameters.onset_least_mps2
    if sensor.kind == "rotation":
        limb, least = parameters.limb_dps, parameters.onset_least_dps
    if tilt is None and seconds >= parameters.movement_s[0]:
        limb = least  # without gravity nothing is known of its turning
    low, high = parameters.movement_s
    slow = activity.hz < parameters.jerk_hz and seconds >= parameters.nearly * low
    turned = activity.highest >= limb
    if seconds >= low or slow:  # what is brief takes the turn of its neighbours for its own
        turned |= tilt is not None and tilt >= parameters.turned_deg
    features = Features(motion_ms=1000 * seconds, isolated=alone, asleep=asleep, turned=turned)
    rocks = activity.highest >= parameters.rocks_of_limb * limb or (tilt or 0.0) >= parameters.rocks_deg
    of_limb = turned if seconds <= high else rocks
    if seconds > parameters.faint_s and not of_limb:
        others = {"voluntary_activity" if seconds > high else "leg_movement": 0.3, "fasciculation": 0.05}
        decision = Decision("movement_artifact", 0.6, others, ("too long for a twitch, faint, and nothing turns",))
    elif seconds <= high and not turned:
        others = {"fasciculation": 0.4, "movement_artifact": 0.25, "leg_movement": 0.15}
        decision = Decision("short_potential", 0.5, others, ("faint, and the limb keeps its place",))
        if 1000 * seconds <= _KNOCK_MS:
            others = {"movement_artifact": 0.4, "fasciculation": 0.4}
            decision = Decision("short_potential", 0.5, others, ("too short to tell a twitch from a knock",))
    elif seconds < low and not slow:
        decision = decide(features, among=_AT_NIGHT if asleep else _SINGLE, least=0.45, motion=True)
        if decision.event not in ("myoclonus", "fragmentary_myoclonus", "short_potential"):
            told = {decision.event: decision.confidence, **decision.alternatives}
            decision = Decision("short_potential", round(1 - decision.confidence, 3), told, decision.reasons)
    elif seconds <= high:
        decision = decide(features, among=_LONG, motion=True)
        told = {decision.event: decision.confidence, **decision.alternatives}
        chance = told.pop("leg_movement", 0.3)
        why = "0.5 to 10 s of movement" if seconds >= low else "nearly 0.5 s, and too slow for a jerk"
        decision = Decision("leg_movement", chance, told, (why,))
    else:
        others = {"leg_movement": 0.1, "movement_artifact": 0.1}
        decision = Decision("voluntary_activity", 0.7, others, ("movement that lasts longer than 10 s",))
    doubt = _not_of_limb(activity, rhythms, seconds, tilt, turned, parameters)
    if doubt is not None and decision.event != "movement_artifact":
        decision = _unclear(decision, doubt)
    measures: dict[str, float | int | str | bool | None] = {
        "freq_hz": _main_frequency(stretch, activity) if seconds > high else None,
        "tilt_deg": None if tilt is None else round(tilt, 1),
        "posture": posture,
    }
    return _detected(stretch, sensor, activity, activity.start / rate, seconds, decision, measures, decision.reasons)


def _not_of_limb(
    activity: Activity, rhythms: Rhythms, seconds: float, tilt: float | None, turned: bool, parameters: MotionParameters
) -> str | None:
    """Why a movement may be one of what carries or touches the limb, not of it; None where nothing says so."""
    if activity.may_be_knock:
        return "over within two samples: a knock looks the same at so few a second"
    if seconds >= parameters.movement_s[0] and (tilt or 0.0) >= parameters.shaken_turn_deg:
        return None
    if activity.rumbles and activity.ratio < parameters.shock:
        return "a bump of what shakes the sensor all the time looks the same"
    machine = max((one.amplitude for one in rhythms.tones if one.sure), default=0.0)
    if not turned and activity.highest <= parameters.tone_alike * machine:
        return "no larger than the shaking of a machine that runs in this recording"
    return None


def _unclear(decision: Decision, why: str) -> Decision:
    """What may be an artefact as well, with what it would have been as alternatives."""
    told = decision.alternatives
    if decision.event != "short_potential":
        told = {decision.event: decision.confidence, **told}
    left = {name: chance for name, chance in told.items() if name != "movement_artifact"}
    share = (1 - _UNCLEAR) / max(sum(left.values()), 1.0)
    others = {name: round(share * chance, 3) for name, chance in left.items() if share * chance >= 0.02}
    return Decision("movement_artifact", _UNCLEAR, others, (*decision.reasons, why))


def _main_frequency(stretch: Stretch3D, activity: Activity) -> float | None:
    """The frequency (Hz) at which a long movement has most of its power; below 2 Hz turning gravity is mixed in."""
    part = stretch.values[:, activity.start : activity.stop]
    spectra = window_spectra(part, stretch.rate_hz, 8.0, 2.0, 20.0)
    if not len(spectra.power):
        return None
    power = Spectra(spectra.start_s[:1], spectra.hz, spectra.power.mean(axis=0)[None], spectra.window_s)
    peak = float(highest_peak(power, 1.9, 20.0)[0])
    return round(peak, 2) if np.isfinite(peak) else None


def _detected(
    stretch: Stretch3D,
    sensor: Sensor,
    activity: Activity,
    start_s: float,
    seconds: float,
    decision: Decision,
    measures: dict[str, float | int | str | bool | None],
    reasons: tuple[str, ...],
) -> Detected:
    peak = float(np.abs(stretch.dynamic[:, activity.start : activity.stop]).max())
    name = "peak_mps2" if sensor.kind == "acceleration" else "peak_dps"
    return Detected(
        stretch.start_s + start_s,
        seconds,
        decision.event,
        confidence=decision.confidence,
        alternatives=decision.alternatives,
        measures={**measures, name: round(peak, 3)},
        reasons=reasons,
    )
