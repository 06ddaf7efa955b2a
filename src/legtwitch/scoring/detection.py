"""A recording made awake from its signals to events, scores and curves: detectors chosen by the kind of recording."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from legtwitch.errors import RecordingError, UsageError
from legtwitch.events import emg_codes
from legtwitch.events.emg_group import Group
from legtwitch.events.emg_modality import Modality, groups_of, modality_of
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_surface import detect_surface
from legtwitch.events.fasciculation import GroupFound
from legtwitch.events.motion import MOTION_KINDS, detect_motion
from legtwitch.events.rhythm import RHYTHM_KINDS, Place, detect_rhythms
from legtwitch.events.rhythm_bursts import is_of_several
from legtwitch.model import Curve, Detected, Detection, KindScore, Problem, Recording
from legtwitch.recording import emg_channels, muscle_of_channel
from legtwitch.recording.usable import RHYTHM_S
from legtwitch.scoring import fasciculation_codes as codes
from legtwitch.scoring.asked import Asked
from legtwitch.scoring.doubles import recounted, without_doubles, without_rhythms
from legtwitch.scoring.fasciculation import score_group
from legtwitch.scoring.fasciculation_curves import curves_of
from legtwitch.scoring.same_time import with_same_time

SURFACE_KINDS = (
    "fasciculation",
    "short_potential",
    "motor_unit_discharge",
    "voluntary_activity",
    "nerve_stimulus",
    "electrode_pop",
    "movement_artifact",
)
NEEDLE_KINDS = (
    "fasciculation",
    "fibrillation",
    "positive_sharp_wave",
    "end_plate_spikes",
    "myokymic_discharge",
    "neuromyotonic_discharge",
    "complex_repetitive_discharge",
    "myotonic_discharge",
    "motor_unit_discharge",
    "voluntary_activity",
    "electrode_pop",
    "movement_artifact",
    "short_potential",
)
_SLEEP_KINDS = ("short_potential", "voluntary_activity", "electrode_pop", "movement_artifact")
_SURE_LABEL = 0.8
_BUSY = ("tremor", "clonus", "cramp")


def kinds_of(modality: str) -> tuple[str, ...]:
    """Return the kinds of event that can be looked for in a kind of recording."""
    if modality == "accelerometer":
        return MOTION_KINDS
    if modality == "needle_emg":
        return NEEDLE_KINDS
    own = _SLEEP_KINDS if modality == "polysomnography" else SURFACE_KINDS
    return tuple(dict.fromkeys((*own, *RHYTHM_KINDS)))


@dataclass(frozen=True, slots=True)
class _Parts:
    events: tuple[Detected, ...]
    scores: tuple[KindScore, ...]
    problems: tuple[Problem, ...]
    curves: tuple[Curve, ...]
    scorable_s: float
    hash: str


def detect_recording(recording: Recording, asked: Asked, progress: Callable[[str], None]) -> Detection:
    """Return everything found in a recording made awake.

    Raises
    ------
    UsageError: an unknown kind (E311), modality (E312, E313) or mode (E315). RecordingError: nothing can be searched.
    """
    modality = modality_of(recording, asked.modality)
    kinds = _kinds(asked.kinds, modality.name)
    if modality.name == "accelerometer":
        parts = _motion(recording, asked, kinds)
    elif modality.name == "needle_emg":
        parts = _needle(recording, modality, asked, progress)
    else:
        parts = _surface(recording, modality, asked, kinds, progress)
    events = sorted(
        (one for one in parts.events if one.event in kinds), key=lambda one: (one.onset_s, one.channel or "")
    )
    quality = [*recording.problems, *parts.problems, *_against_labels(recording, asked, parts.scores)]
    if not modality.told:
        quality.append(
            Problem(
                emg_codes.MODALITY_GUESSED,
                f"Taken as {modality.name.replace('_', ' ')}: {modality.why}.",
                "If that is wrong, state it with --modality.",
            )
        )
    return Detection(
        recording.file,
        recording.start,
        recording.duration_s,
        modality.name,
        modality.why,
        recording.channels,
        kinds,
        tuple(events),
        tuple(one for one in parts.scores if one.kind in kinds),
        tuple(quality),
        parts.hash,
        parts.curves,
    )


def _against_labels(recording: Recording, asked: Asked, scores: Sequence[KindScore]) -> list[Problem]:
    """Say where a label names another muscle or side than the person told, and which of the two was taken."""
    taken = {name: one for one in scores for name in one.channels}
    found = []
    for channel in emg_channels(recording):
        label, score = muscle_of_channel(channel), taken.get(channel.name)
        muscle = label.muscle if label.certainty >= _SURE_LABEL else None
        told = asked.muscle
        other = told is not None and muscle is not None and not (muscle.startswith(told) or told.startswith(muscle))
        turned = asked.side in ("left", "right") and label.side in ("left", "right") and label.side != asked.side
        if score is None or not (other or turned):
            continue
        said = " ".join(one for one in (label.side if turned else "", muscle if other else "") if one)
        person = " ".join(one for one in (asked.side if turned else "", told if other else "") if one)
        used = " ".join(one for one in ("" if score.side == "n/a" else score.side, score.muscle) if one)
        found.append(
            Problem(
                codes.LABEL_DIFFERS,
                f"{channel.name} is {said}, by its label, and {person} as was told.".replace("_", " "),
                f"It was taken as {used}; correct the one that is wrong.".replace("_", " "),
                channel.name,
            )
        )
    return found


def _kinds(asked: Collection[str] | None, modality: str) -> tuple[str, ...]:
    possible = kinds_of(modality)
    if asked is None:
        return possible
    unknown = [one for one in asked if one not in possible and not _known_elsewhere(one)]
    if unknown or not asked:
        raise UsageError(
            emg_codes.UNKNOWN_KIND,
            f"There is no kind of event {', '.join(unknown) or '(none given)'} to look for.",
            got=", ".join(unknown),
            allowed=list(possible),
            do="Choose some of them, or leave --kind out.",
        )
    chosen = list(asked)
    if "fasciculation" in chosen and modality in ("polysomnography", "surface_emg", "accelerometer"):
        chosen.append("short_potential")  # where shapes can't be seen they are counted under this name
    found = tuple(one for one in possible if one in chosen)
    if not found:
        raise UsageError(
            emg_codes.UNKNOWN_KIND,
            f"{', '.join(asked)} can't be looked for in a recording of the kind {modality.replace('_', ' ')}.",
            got=", ".join(asked),
            allowed=list(possible),
            do="Choose some of them, or state another --modality.",
        )
    return found


def _known_elsewhere(kind: str) -> bool:
    return kind in {*MOTION_KINDS, *RHYTHM_KINDS, *SURFACE_KINDS, *NEEDLE_KINDS}


def _motion(recording: Recording, asked: Asked, kinds: Sequence[str]) -> _Parts:
    lasting = sum(segment.duration_s for segment in recording.segments)
    if lasting < RHYTHM_S:
        raise RecordingError(
            emg_codes.NO_MUSCLE_CHANNEL,
            f"{recording.file} is too short to be searched.",
            got=f"{lasting:.3g} s of motion",
            allowed=f"at least {RHYTHM_S:g} s",
            do="Record for longer.",
        )
    found = detect_motion(recording, kinds=kinds, side=asked.side or "n/a", muscle=asked.muscle, posture=asked.posture)
    return _Parts(found.events, found.scores, found.problems, found.curves, found.scorable_s, found.parameters_hash)


def _surface(
    recording: Recording, modality: Modality, asked: Asked, kinds: Sequence[str], progress: Callable[[str], None]
) -> _Parts:
    parameters = EmgParameters(mode=asked.mode)
    groups, problems = groups_of(recording, modality, asked.muscle, asked.side, parameters)
    rhythms = [one for one in kinds if one in RHYTHM_KINDS]
    extra = _rhythms(recording, groups, rhythms, asked, progress) if rhythms else None
    busy = [
        (one.onset_s, one.onset_s + one.duration_s)
        for one in (extra.events if extra else ())
        if one.event in _BUSY and one.confidence >= 0.5
    ]
    jerks = sorted(
        (one.onset_s, one.onset_s + one.duration_s)
        for one in (extra.events if extra else ())
        if one.event == "myoclonus" and is_of_several(one)
    )
    found = detect_surface(recording, groups, parameters=parameters, busy=sorted(busy), jerks=jerks, progress=progress)
    rhythmic = [one for one in (extra.events if extra else ()) if one.event in _BUSY and one.confidence >= 0.5]
    groups_found = [replace(one, events=without_rhythms(one.events, rhythmic)) for one in found.groups]
    counted = with_same_time(groups_found, parameters)
    scores = [
        score_group(
            one,
            [other for other in counted if other is not one],
            parameters,
            age=asked.age,
            volts=one.group.volts,
        )
        for one in counted
    ]
    scores += [_effort(one) for one in counted]
    scorable = max((one.scorable_s for one in counted), default=0.0)
    unknown = [*problems, *found.problems, *_of_muscles(counted)]
    hashes = found.parameters_hash if extra is None else f"{found.parameters_hash} {extra.hash}"
    events = [event for one in counted for event in one.events]
    curves = [curve for one in counted for curve in curves_of(one)]
    if extra is not None:
        own, others = without_doubles(events, extra.events)
        events = [*own, *others]
        unknown += extra.problems
        scores += recounted(extra.scores, others)
        curves += extra.curves
    return _Parts(tuple(events), tuple(scores), tuple(unknown), tuple(curves), scorable, hashes)


def _rhythms(
    recording: Recording,
    groups: Sequence[Group],
    kinds: Sequence[str],
    asked: Asked,
    progress: Callable[[str], None],
) -> _Parts | None:
    """Rhythms and bursts of the same channels; None where no channel can be used for them."""
    progress("looking for rhythms")
    places = {name: Place(one.muscle, one.side) for one in groups for name in one.names if one.muscle is not None}
    try:
        found = detect_rhythms(
            recording,
            kinds=kinds,
            places=places,
            channels=[name for one in groups for name in one.names],
            posture=asked.posture,
        )
    except RecordingError:
        return None  # channels without a voltage: potentials are still found, and that is said of the channel
    return _Parts(found.events, found.scores, found.problems, found.curves, found.scorable_s, found.parameters_hash)


def _effort(found: GroupFound) -> KindScore:
    """How much of the time was effort."""
    own = [one for one in found.events if one.event == "voluntary_activity"]
    seconds = sum(one.duration_s for one in own)
    values = {"count": len(own), "seconds": round(seconds, 3)}
    return KindScore(
        "voluntary_activity",
        found.group.muscle,
        found.group.side,
        found.group.names,
        round(found.recorded_s / 60, 4),
        values,
    )


def _of_muscles(found: Sequence[GroupFound]) -> list[Problem]:
    told = []
    unknown = [name for one in found if one.group.muscle is None for name in one.group.names]
    if unknown:
        names = ", ".join(unknown[:6]) + (" …" if len(unknown) > 6 else "")
        told.append(
            Problem(
                emg_codes.MUSCLE_UNKNOWN,
                f"The muscle of {names} is not known.",
                "Events are given; what they mean is not said. State it with --muscle.",
            )
        )
    return told


def _needle(recording: Recording, modality: Modality, asked: Asked, progress: Callable[[str], None]) -> _Parts:
    from legtwitch.scoring.needle import detect_needle_recording

    parameters = EmgParameters(mode=asked.mode)
    fast = replace(parameters, least_hz=parameters.shape_hz)  # a needle shows shapes or nothing
    groups, problems = groups_of(recording, modality, asked.muscle, asked.side, fast)
    found = detect_needle_recording(recording, groups, parameters, asked.age, progress)
    return _Parts(
        found.events,
        found.scores,
        (*problems, *found.problems),
        found.curves,
        found.scorable_s,
        found.parameters_hash,
    )
