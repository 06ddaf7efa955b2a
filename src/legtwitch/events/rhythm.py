"""Rhythms and bursts in EMG: tremor, clonus, jerks, cramps, and what sleep adds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.errors import RecordingError
from legtwitch.events import motion_codes as codes
from legtwitch.events.rhythm_bursts import cramps_of, jerks_of, trains_of
from legtwitch.events.rhythm_clonus import clonus_of
from legtwitch.events.rhythm_envelope import Burst, bursts_of, envelope_of
from legtwitch.events.rhythm_parameters import EmgRhythmParameters
from legtwitch.events.rhythm_scores import rhythm_scores
from legtwitch.events.rhythm_tremor import TremorFound, tremor_of
from legtwitch.model import Channel, Curve, Detected, KindScore, Problem, Recording, Side

RHYTHM_KINDS = (
    "tremor",
    "clonus",
    "myoclonus",
    "cramp",
    "fragmentary_myoclonus",
    "hypnagogic_foot_tremor",
    "alma",
    "high_frequency_leg_movement",
)
"""The kinds of event that rhythms and bursts of EMG can be; the last four only where the recording has sleep stages."""

_SLEEP_ONLY = RHYTHM_KINDS[4:]
_SAME, _WHOLLY = 0.5, 0.9
_BESIDE_S = 0.5
_FEW_WINDOWS = 4
_EMG = ("leg_left", "leg_right", "leg_both", "leg_unknown", "emg_other")
_SIDES: dict[str, Side] = {"leg_left": "left", "leg_right": "right"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where channels lie: muscle and side as told or as the channel says."""

    muscle: str | None
    side: Side = "n/a"


@dataclass(frozen=True, slots=True)
class RhythmsFound:
    """What was found. scorable_s: of the muscle with most of it."""

    events: tuple[Detected, ...]
    scores: tuple[KindScore, ...]
    problems: tuple[Problem, ...]
    curves: tuple[Curve, ...]
    scorable_s: float
    parameters_hash: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What one segment of a muscle shows by itself; its envelope is not kept, so that many channels cost little."""

    start_s: float
    bursts: list[Burst]
    tremor: TremorFound
    clonus: list[tuple[Detected, tuple[int, ...]]]
    cramps: list[Detected]


@dataclass(slots=True)
class _Muscle:
    """The channels of one muscle, and what is found in them, segment by segment."""

    place: Place
    channels: list[Channel]
    parts: list[_Part] = field(default_factory=list)
    events: list[Detected] = field(default_factory=list)
    usable_s: float = 0.0


def detect_rhythms(
    recording: Recording,
    *,
    kinds: Collection[str] | None = None,
    places: Mapping[str, Place] | None = None,
    channels: Collection[str] | None = None,
    posture: str | None = None,
    needle: bool = False,
    parameters: EmgRhythmParameters | None = None,
) -> RhythmsFound:
    """Return tremor, clonus, jerks and cramps of every muscle of an EMG, and where it has sleep stages what sleep adds.

    Parameters
    ----------
    kinds: names of `RHYTHM_KINDS`; None for all. A burst whose class is open is a `short_potential` of its own kind
    (`myoclonus` asked). places: channel → muscle and side; channels of one muscle and side are searched together, those
    that are not named each by themselves. channels: names to search; None: every EMG channel in a voltage.
    posture: what the limb was doing where it was told. needle: only cramps are looked for, because a needle sees a few
    units of one place, not the rhythm of a muscle.

    Source: PMC6806079 (tremor windows, on the envelope); Mummidisetty 2012 (PMC3249492, one beat a burst); the
    decision table for the rest.

    Raises
    ------
    RecordingError: no channel can be used (E307).

    Example
    -------
    >>> from legtwitch.events.rhythm import detect_rhythms
    >>> detect_rhythms(recording, kinds=["tremor"], posture="standing").events  # doctest: +SKIP
    """
    chosen = parameters or EmgRhythmParameters()
    wanted = tuple(one for one in RHYTHM_KINDS if kinds is None or one in kinds)
    marks = recording.events
    staged = any(one.event.startswith("stage_") for one in marks)
    if needle:
        wanted = tuple(one for one in wanted if one == "cramp")
    if not staged and kinds is None:
        wanted = tuple(one for one in wanted if one not in _SLEEP_ONLY)
    muscles = _muscles(recording, places or {}, channels, chosen)
    if not muscles:
        raise RecordingError(
            codes.NO_EMG_FOR_RHYTHMS,
            "No EMG channel of this recording can be used for rhythms.",
            got=", ".join(f"{one.name} ({one.unit}, {one.rate_hz:g} Hz)" for one in recording.channels) or "no channel",
            allowed=f"a muscle channel in V, mV or uV of at least {chosen.least_hz:g} samples a second",
            do="`legtwitch check` explains the file.",
        )
    for muscle in muscles:
        _prepare(recording, muscle, posture, chosen)
    for muscle in muscles:
        others = [one for one in muscles if one is not muscle]
        for index in range(len(muscle.parts)):
            _search(muscle, others, index, recording, wanted, chosen)
    events = sorted(
        (one for muscle in muscles for one in muscle.events), key=lambda one: (one.onset_s, one.channel or "")
    )
    problems = [problem for muscle in muscles for problem in _problems(muscle, wanted, posture)]
    return RhythmsFound(
        tuple(events),
        tuple(score for muscle in muscles for score in _scores(muscle, wanted, staged)),
        tuple(problems),
        tuple(curve for muscle in muscles for curve in _curves(muscle)),
        max(one.usable_s for one in muscles),
        chosen.hash,
    )


def _muscles(
    recording: Recording,
    places: Mapping[str, Place],
    channels: Collection[str] | None,
    parameters: EmgRhythmParameters,
) -> list[_Muscle]:
    found: dict[object, _Muscle] = {}
    if recording.source is None:
        return []
    for one in recording.channels:
        asked = one.name in channels if channels is not None else one.role in _EMG
        if not asked or one.unit != "uV" or one.rate_hz < parameters.least_hz or not one.samples:
            continue
        place = places.get(one.name, Place(None, _SIDES.get(one.role, "n/a")))
        key = (place.muscle, place.side, one.rate_hz) if place.muscle is not None else one.name
        found.setdefault(key, _Muscle(place, [])).channels.append(one)
    for muscle in found.values():
        every = max(1, -(-len(muscle.channels) // parameters.most_channels))
        muscle.channels = muscle.channels[::every]
    return list(found.values())


def _prepare(recording: Recording, muscle: _Muscle, posture: str | None, parameters: EmgRhythmParameters) -> None:
    if recording.source is None:
        return
    numbers = [recording.channels.index(one) for one in muscle.channels]
    for index, segment in enumerate(recording.segments):
        samples = [recording.source.read(number, index) for number in numbers]
        made = envelope_of(samples, muscle.channels[0].rate_hz, segment.start_s, parameters)
        if made is not None:
            bursts = bursts_of(made, parameters)
            tremor = tremor_of(made, bursts, posture, parameters)
            clonus = clonus_of(made, bursts, recording.events, parameters, muscle.place.muscle)
            muscle.parts.append(_Part(made.start_s, bursts, tremor, clonus, cramps_of(made, parameters)))
            muscle.usable_s += float(made.usable.sum()) / made.rate_hz


def _search(
    muscle: _Muscle,
    others: Sequence[_Muscle],
    index: int,
    recording: Recording,
    wanted: Sequence[str],
    parameters: EmgRhythmParameters,
) -> None:
    """Add what one segment of a muscle shows: runs first, then tremor beside them, then single bursts."""
    part, marks = muscle.parts[index], recording.events
    bursts, start, tremors = part.bursts, part.start_s, part.tremor.events
    cramps = [one for one in part.cramps if _inside(one, tremors) < _SAME]
    clonus = [(one, run) for one, run in part.clonus if _inside(one, tremors) < _WHOLLY or _fills(one, tremors)]
    clonus = [(one, run) for one, run in clonus if _inside(one, cramps) < _SAME]
    lasting = [one for one in tremors if _inside(one, [*(event for event, _ in clonus), *cramps]) < _SAME]
    near = [(one, other) for one in others for other in one.parts if other.start_s == start]
    legs = [other for one, other in near if {one.place.side, muscle.place.side} == {"left", "right"}]
    trains = trains_of(start, bursts, _onsets(legs[0]) if legs else None, marks, parameters)
    taken = frozenset(place for _, run in (*clonus, *trains) for place in run)
    spans = [(one.onset_s - _BESIDE_S, one.onset_s + one.duration_s + _BESIDE_S) for one in (*lasting, *cramps)]
    inside = {
        place for place, one in enumerate(bursts) if any(low <= start + one.onset_s <= high for low, high in spans)
    }
    events = [*lasting, *cramps, *(one for one, _ in clonus), *(one for one, _ in trains)]
    if {"myoclonus", "fragmentary_myoclonus"} & set(wanted):
        beside = [(other.bursts, _elsewhere(one.place, muscle.place)) for one, other in near]
        fragments = "fragmentary_myoclonus" in wanted
        events += jerks_of(start, bursts, taken | inside, beside, marks, fragments, parameters)
    names = {*wanted, "short_potential"}
    muscle.events += [
        replace(one, muscle=muscle.place.muscle, side=muscle.place.side, channel=muscle.channels[0].name)
        for one in events
        if one.event in names
    ]


def _elsewhere(one: Place, other: Place) -> bool:
    """Whether two places surely are different muscles: electrodes whose muscle nobody named may lie on one."""
    named = one.muscle is not None and other.muscle is not None and one.muscle != other.muscle
    return named or {one.side, other.side} == {"left", "right"}


def _onsets(part: _Part) -> NDArray[np.float64]:
    return np.array([one.onset_s for one in part.bursts], dtype=np.float64)


def _inside(event: Detected, others: Sequence[Detected]) -> float:
    """The share of an event that lies in others."""
    stop = event.onset_s + event.duration_s
    common = sum(max(0.0, min(stop, one.onset_s + one.duration_s) - max(event.onset_s, one.onset_s)) for one in others)
    return common / max(event.duration_s, 1e-9)


def _fills(event: Detected, others: Sequence[Detected]) -> bool:
    """Whether those of the others that touch an event are hardly longer than it."""
    touched = [one for one in others if _inside(event, [one]) > 0]
    return all(one.duration_s <= 1.6 * event.duration_s for one in touched)


def _scores(muscle: _Muscle, wanted: Sequence[str], staged: bool) -> list[KindScore]:
    windows = sum(one.tremor.windows for one in muscle.parts)
    positive = sum(one.tremor.positive for one in muscle.parts)
    kinds = wanted if staged else [one for one in wanted if one not in _SLEEP_ONLY]
    names = tuple(one.name for one in muscle.channels)
    return rhythm_scores(
        muscle.events, kinds, muscle.place.muscle, muscle.place.side, names, muscle.usable_s, (windows, positive)
    )


def _problems(muscle: _Muscle, wanted: Sequence[str], posture: str | None) -> list[Problem]:
    name, told = muscle.channels[0].name, []

    def say(code: str, message: str, effect: str) -> None:
        told.append(Problem(code, f"{name}: {message}", effect, name))

    if muscle.usable_s < 60:
        say(
            codes.TOO_SHORT,
            f"only {muscle.usable_s:.0f} s can be scored for rhythms.",
            "That nothing was found does not say that nothing is there.",
        )
    if "tremor" not in wanted:
        return told
    if any(one.event == "tremor" for one in muscle.events) and posture is None:
        say(
            codes.POSTURE_NOT_TOLD,
            "it wasn't told what the limb was doing.",
            "Rest, postural and kinetic tremor can't be told apart.",
        )
    units, moving = (
        sum(one.tremor.single_unit for one in muscle.parts),
        sum(one.tremor.movement for one in muscle.parts),
    )
    if units:
        say(
            codes.SINGLE_UNIT_RHYTHM,
            f"{units} stretches of a regular rhythm are one motor unit with the same waveform again and again.",
            "That is a muscle tightened a little, no tremor.",
        )
    if moving >= _FEW_WINDOWS:
        say(
            codes.VOLUNTARY_RHYTHM,
            "bursts slower than tremor were found; their harmonics are part of them.",
            "They were not taken for tremor.",
        )
    return told


def _curves(muscle: _Muscle) -> list[Curve]:
    """The mean spectrum of the envelope over all windows."""
    seen = [one.tremor for one in muscle.parts if one.tremor.windows]
    if not seen:
        return []
    hz = seen[0].hz
    shown = hz >= 0.5
    mean = np.average([one.power for one in seen], axis=0, weights=[one.windows for one in seen])[shown]
    label = f"{muscle.place.muscle or muscle.channels[0].name}, envelope, power in uV2/Hz"
    x = tuple(round(float(one), 3) for one in hz[shown])
    return [Curve("spectrum", label, muscle.channels[0].name, x, tuple(float(f"{one:.4g}") for one in mean))]
