"""Runs of regular beats in a sensor of motion: clonus, the ringing of something pushed, or what can't be told."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from legtwitch.events.decision import Decision, Features, decide
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_ringing import Ringing, ringing
from legtwitch.events.motion_runs import Activity, Beats, held_over
from legtwitch.events.motion_signal import Stretch3D

_AMONG = ("clonus", "tremor", "voluntary_activity", "high_frequency_leg_movement")
_RUN_BEATS = 5
_SAID = 0.02
_FALLS = 0.2  # choice
_TAIL_CYCLES = 1.5  # choice
_SHORT_TREMOR = 0.35  # choice
_OWN_TURN = 0.12  # choice
_TWITCHES = 0.6  # choice: of the doubt in few beats; two twitches one after the other make three


@dataclass(frozen=True, slots=True)
class Run:
    """A run of beats and what it is. start_s: from the start of the segment. turned_deg: just before its first beat."""

    start_s: float
    seconds: float
    decision: Decision
    turned_deg: float | None


def run_of(
    stretch: Stretch3D, activity: Activity, beats: Beats, asleep: bool | None, parameters: MotionParameters
) -> Run | None:
    """Return what a run of beats within a movement is; None where it is likelier something else than clonus or ringing.

    Tremor and movements at will are found by other searches. A run that follows a turn of the limb, as a stretch of the
    calf makes one, need not fill the movement: the limb is held meanwhile and let go.
    """
    rate = stretch.rate_hz
    turned = turned_before(stretch, activity, beats, parameters)
    stretched = (turned or 0.0) >= parameters.held_deg and beats.rate_cov <= parameters.stretched_cov
    if not _regular(beats, activity, rate, stretched, parameters):
        return None
    length = float(beats.at[-1] - beats.at[0]) / rate + 1 / beats.frequency_hz
    held = (held_over(stretch, activity, int(beats.at[0]), int(beats.at[-1]), parameters) or 0.0) >= parameters.held_deg
    open_ = held and not beats.fades and beats.decrement >= parameters.decrement_open
    features = Features(
        rate_hz=beats.frequency_hz,
        rate_cov=max(beats.rate_cov, 0.02),
        train_s=length,
        decrement=max(beats.decrement, 0.01),
        fades=None if open_ else beats.fades,
        slows=beats.slows,
        stretched=True if held else None,
        lasting_rhythm=length >= parameters.rhythm.window_s,
        asleep=asleep,
    )
    if stretched:  # clonus goes on while the stretch does; a tremor at rest stops on moving, and is late to come back
        lasting = min(length, parameters.sustained_s)
        features = replace(
            features, stretched=True, train_s=lasting, decrement=None, fades=beats.fades or None, lasting_rhythm=None
        )
    decision = decide(features, among=_AMONG, motion=True)
    if decision.event == "tremor" and length < parameters.rhythm.shortest_s:  # none so short is called one
        others = {**decision.alternatives, "tremor": _SHORT_TREMOR}
        clonus = 1 - sum(chance for name, chance in others.items() if name != "clonus")
        others.pop("clonus", None)
        decision = Decision("clonus", clonus, others, ())
    if decision.event != "clonus":
        return None
    words = [f"{beats.at.size} regular beats at {beats.frequency_hz:.1f} Hz", _course(beats)]
    if stretched:
        words.append(f"just before the limb turned by {turned:.0f} degrees, by a stretch or by itself")
    swing = _swing(stretch, beats, activity.noise)
    decision = _weighed(decision, beats.at.size, stretched, swing, tuple(words), parameters)
    half = 0.5 / beats.frequency_hz
    start = float(max(beats.at[0] / rate - half, activity.start / rate - half))
    return Run(start, length, decision, turned)


def turned_before(stretch: Stretch3D, activity: Activity, beats: Beats, parameters: MotionParameters) -> float | None:
    """Return by how many degrees the limb turned between rest and its first beat, and kept while it beat.

    None without gravity, or where the movement begins with the first beat.
    """
    if stretch.gravity is None:
        return None
    rate, cycle = stretch.rate_hz, stretch.rate_hz / beats.frequency_hz
    first, size = round(beats.at[0] - cycle / 2), round(parameters.stretch_s * rate)
    early = activity.start - round(parameters.still_s * rate / 4)
    if not size <= first - activity.start <= parameters.stretch_most_s * rate or early < size:
        return None
    whole = round(max(1, round((beats.at[-1] - beats.at[0]) / cycle)) * cycle)
    last = min(stretch.values.shape[1], int(beats.at[0]) + whole)
    calm = stretch.values[:, max(0, early - round(parameters.still_s * rate)) : early].mean(axis=1)
    before = stretch.values[:, first - size // 2 : first].mean(axis=1)
    meanwhile = stretch.values[:, int(beats.at[0]) : last].mean(axis=1)
    angles = []
    for other in (before, meanwhile):
        product = float(np.linalg.norm(calm) * np.linalg.norm(other))
        angles.append(math.degrees(math.acos(min(1.0, max(-1.0, float(calm @ other) / max(product, 1e-9))))))
    return min(angles)


def _regular(beats: Beats, activity: Activity, rate: float, stretched: bool, parameters: MotionParameters) -> bool:
    """Whether regular beats fill a movement, and are not just its beginning and end."""
    length = (beats.at[-1] - beats.at[0]) / rate
    if length > parameters.clonus_s:
        return False
    if (beats.fades or stretched) and beats.at.size >= _RUN_BEATS:
        return True  # whatever moved before and after it
    if beats.fades and stretched and beats.at.size > parameters.clonus_beats:
        return True
    fills = length / max((activity.stop - activity.start) / rate, 1e-9)
    shrinks = beats.decrement >= parameters.decrement_least
    many = beats.at.size >= 2 * parameters.clonus_beats
    return (shrinks and fills >= (0.25 if many else 0.35)) or (fills >= 0.5 and many)


def _course(beats: Beats) -> str:
    """How the beats of a run change, in words."""
    if beats.fades:
        return f"they die away evenly, by {100 * beats.decrement:.0f} %"
    if beats.decrement >= _FALLS:
        return f"they fall by {100 * beats.decrement:.0f} %"
    return "their size stays about the same"


def _swing(stretch: Stretch3D, beats: Beats, noise: float) -> Ringing | None:
    """How one damped swing explains the beats from the largest on."""
    cycle = stretch.rate_hz / beats.frequency_hz
    first = max(0, round(beats.at[int(np.argmax(beats.size))] - 0.25 * cycle))
    last = round(beats.at[-1] + 0.6 * cycle)
    part = stretch.values[:, first : last + round(_TAIL_CYCLES * cycle)]
    return ringing(part, stretch.rate_hz, beats.frequency_hz, last - first, noise)


def _weighed(
    decision: Decision,
    count: int,
    stretched: bool,
    swing: Ringing | None,
    words: tuple[str, ...],
    parameters: MotionParameters,
) -> Decision:
    """What the table says, with what it knows nothing of: few beats prove little, and one push may ring the same way.

    The more beats and the clearer the stretch, the surer; a limb or a strap that swings freely is a kinematic twin of
    clonus, which no sensor of motion can tell from it for sure.
    """
    more = parameters.clonus_per_beat * (count - parameters.clonus_beats)
    logit = min(more, parameters.clonus_most) + (parameters.clonus_stretch if stretched else 0.0)
    sure = 1 / (1 + math.exp(-logit))
    rings = 0.0
    if swing is not None and swing.cycles <= parameters.ring_cycles:
        softly = (parameters.ring_fit - swing.fit) / parameters.ring_soft
        rings = (parameters.ring_stretched if stretched else parameters.ring_share) / (1 + math.exp(min(softly, 50)))
        rings *= 0.5 if swing.goes_on is None else min(max(swing.goes_on / parameters.ring_goes_on, 0.0), 1.0) ** 2
    clonus = decision.confidence * sure * (1 - rings)
    told = {name: chance * sure * (1 - rings) for name, chance in decision.alternatives.items()}
    doubt = (1 - sure) * (1 - rings)
    told["movement_artifact"] = rings + (1 - _TWITCHES) * doubt
    told["myoclonus"] = told.get("myoclonus", 0.0) + _TWITCHES * doubt
    if stretched:  # the limb may have turned by itself
        told["leg_movement"], clonus = _OWN_TURN * clonus, (1 - _OWN_TURN) * clonus
    told["clonus"] = clonus
    best = "movement_artifact" if told["movement_artifact"] > clonus else "clonus"
    if rings > _SAID and swing is not None:
        words += (f"one swing that dies away by itself explains {100 * swing.fit:.0f} % of it: a push rings so, too",)
    if not stretched:
        words += ("no stretch before it was seen",)
    others = {name: round(chance, 3) for name, chance in told.items() if name != best and chance >= _SAID}
    ordered = dict(sorted(others.items(), key=lambda item: -item[1]))
    return Decision(best, round(told[best], 3), ordered, words)
