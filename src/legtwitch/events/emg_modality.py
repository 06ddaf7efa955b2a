"""What kind of recording this is, on what that rests, and which channels belong to one muscle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from legtwitch.errors import RecordingError, UsageError
from legtwitch.events import emg_codes as codes
from legtwitch.events.emg_group import Group
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.model import Channel, Problem, Recording, Side
from legtwitch.recording import emg_channels, motion_channels, muscle_of_channel

MODALITIES = ("surface_emg", "needle_emg", "accelerometer", "polysomnography")
_SLEEP_ROLES = ("eeg", "eog", "respiration")
_SIDES: dict[str, Side] = {"leg_left": "left", "leg_right": "right", "leg_both": "both"}
_SURE = 0.8
_NEEDLE_HZ = 4000.0
_NEEDLE_WORDS = ("needle", "concentric", "intramuscular", "monopolar")


@dataclass(frozen=True, slots=True)
class Modality:
    """The kind of recording (an id of the vocabulary), on what that rests, and whether the user told it."""

    name: str
    why: str
    told: bool


def modality_of(recording: Recording, told: str | None) -> Modality:
    """Return the kind of recording: as told, else by channels, labels, rates and units.

    Raises
    ------
    UsageError: a kind that is not known (E312), or one that the channels can't be (E313).
    RecordingError: the file has neither a muscle channel nor a sensor of motion (E310).
    """
    muscles, motion = emg_channels(recording), motion_channels(recording)
    if told is not None and told not in MODALITIES:
        raise UsageError(
            codes.UNKNOWN_MODALITY,
            f"Recordings of the kind {told} are not searched.",
            got=told,
            allowed=list(MODALITIES),
            do="Choose one, or leave it out.",
        )
    if not recording.channels or not (_candidates(recording) or motion):
        raise RecordingError(
            codes.NO_MUSCLE_CHANNEL,
            f"{recording.file} has no muscle channel and no sensor of motion that can be searched.",
            got=_some(f"{one.name} ({one.unit or one.file_unit or 'no unit'})" for one in recording.channels)
            or "no signal",
            allowed="an EMG channel in V, mV or uV of at least 100 Hz, or an accelerometer",
            do="`legtwitch check` explains the file; --unit states a unit that the file lacks.",
        )
    if told is not None:
        fits = bool(motion) if told == "accelerometer" else bool(_candidates(recording))
        if not fits:
            raise UsageError(
                codes.NOT_THIS_MODALITY,
                f"No channel of {recording.file} fits the kind {told}.",
                got=_some(f"{one.name} ({one.unit or one.file_unit or 'no unit'})" for one in recording.channels),
                do="Leave --modality out, or state another.",
            )
        return Modality(told, "as stated", True)
    return _guessed(recording, muscles or _candidates(recording), bool(motion))


def _guessed(recording: Recording, muscles: Sequence[Channel], motion: bool) -> Modality:
    roles = {one.role for one in recording.channels}
    if motion and not emg_channels(recording):
        return Modality("accelerometer", "it has channels of acceleration or rotation and no muscle channel", False)
    words = " ".join(f"{one.name} {one.why}" for one in muscles).casefold()
    needle = next((word for word in _NEEDLE_WORDS if word in words), None)
    if needle:
        return Modality("needle_emg", f"the file speaks of “{needle}”", False)
    rate = max(one.rate_hz for one in muscles)
    staged = any(one.event.startswith("stage_") for one in recording.events)
    if staged or len(roles & set(_SLEEP_ROLES)) >= 1:
        what = (
            "sleep stages"
            if staged
            else "channels of a sleep recording (" + ", ".join(sorted(roles & set(_SLEEP_ROLES))) + ")"
        )
        return Modality("polysomnography", f"it has {what}", False)
    if rate >= 10_000 or (rate >= _NEEDLE_HZ and len(muscles) == 1 and muscles[0].file_unit.strip().casefold() == "mv"):
        return Modality("needle_emg", f"one muscle channel at {rate:g} Hz, as needle EMG has", False)
    return Modality(
        "surface_emg",
        f"muscle channels at {rate:g} Hz, no channels of sleep, and nothing that speaks of a needle",
        False,
    )


def _candidates(recording: Recording) -> tuple[Channel, ...]:
    """Muscle channels; where none is named as one, every channel in a voltage that is nothing else by name."""
    named = emg_channels(recording)
    if named:
        return named
    return tuple(
        one
        for one in recording.channels
        if one.role == "other" and one.unit == "uV" and one.samples and one.rate_hz >= 500
    )


class _Key(NamedTuple):
    """What channels of one group have in common."""

    muscle: str | None
    side: Side
    rate_hz: float
    volts: bool
    name: str


def groups_of(
    recording: Recording, modality: Modality, muscle: str | None, side: Side | None, parameters: EmgParameters
) -> tuple[list[Group], list[Problem]]:
    """Return the channels that are searched, by muscle, side and rate, and what is to be said of others.

    muscle, side: as the user told; they hold for every channel whose label does not surely name another muscle.
    """
    problems: list[Problem] = []
    found: dict[_Key, list[str]] = {}
    told_of: dict[_Key, bool] = {}
    sleep = modality.name == "polysomnography"
    for one in _candidates(recording):
        if sleep and not one.role.startswith("leg"):
            continue
        if one.rate_hz < parameters.least_hz:
            message = f"{one.name}: {one.rate_hz:g} Hz is too slow to be searched."
            problems.append(Problem(codes.TOO_SLOW, message, "It was left out.", one.name))
            continue
        if one.unit != "uV":
            message = f"{one.name}: its unit ({one.file_unit or 'none'}) is no voltage."
            effect = (
                "Potentials are found by their ratio to the noise alone; no amplitude is given. State it by --unit."
            )
            problems.append(Problem(codes.NO_VOLTAGE, message, effect, one.name))
        own, own_side, told = _place(one, muscle, side)
        key = _Key(own, own_side, one.rate_hz, one.unit == "uV", one.name if sleep and own is None else "")
        found.setdefault(key, []).append(one.name)
        told_of[key] = told
    groups = [Group(key.muscle, key.side, tuple(names), told_of[key], key.volts) for key, names in found.items()]
    if not groups:
        raise RecordingError(
            codes.NO_MUSCLE_CHANNEL,
            f"No muscle channel of {recording.file} can be searched.",
            got=_some(f"{one.name} ({one.rate_hz:g} Hz)" for one in recording.channels),
            allowed=f"at least {parameters.least_hz:g} Hz",
        )
    return groups, problems


def _place(channel: Channel, muscle: str | None, side: Side | None) -> tuple[str | None, Side, bool]:
    """Muscle, side, and whether the muscle was told by the user."""
    labelled = muscle_of_channel(channel)
    by_label = labelled.muscle if labelled.certainty >= _SURE else None
    own_side: Side = labelled.side if labelled.side != "n/a" else _SIDES.get(channel.role, "n/a")
    if muscle is not None:
        by_label = None if by_label is not None and _within(by_label, muscle) else by_label
        if by_label is None:
            return muscle, side or own_side, True
    return by_label, own_side if muscle is not None or side is None else side, False


def _within(one: str, other: str) -> bool:
    """Whether two names may mean the same muscle: the calf's parts, the thigh's."""
    return one == other or one.startswith(other) or other.startswith(one)


def _some(texts: Iterable[str], most: int = 6) -> str:
    """The first few, and how many more there are."""
    every = list(texts)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")
