"""What can be looked for in a recording made awake, and why not; and its samples where they have values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from legtwitch.model import Channel, Piece, Recording
from legtwitch.recording import labels
from legtwitch.recording.channels import LEAST_RATE_HZ, LEG_ROLES, Scorable, voltage
from legtwitch.recording.muscles import muscle_of
from legtwitch.recording.roles import words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHAPE_RATE_HZ = 1000.0
"""Below it potentials can be counted, but their shape can't be told: 13 ms are a few samples. Our own limit."""
NEEDLE_RATE_HZ = 4000.0
COARSEST_UV = 10.0
"""Counts of healthy people begin at 50 uV peak to peak; five steps are the least that shows one. Our own limit."""
PRESENCE_S = 60.0
RATE_S = 300.0
SHORT_S = 900.0
NIGHT_S = 7200.0
"""A recording without anything of sleep is no night below the first; below the second if sampled as fast as EMG of a
waking muscle is. Our own limits."""
_OF_A_NIGHT = ("stage_", "arousal", "apnea", "hypopnea", "rera", "lights_", "leg_movement")
RHYTHM_S = 6.0
"""Two windows of 3 s."""
MOTION_RATE_HZ = 50.0
"""The fastest leg tremor is at 18 Hz. Our own limit."""
_SURE = 0.85
"""Shorter abbreviations of muscles are those of other signals, too, in recordings of the night."""
EMG_KINDS = ("fasciculation", "tremor", "clonus", "myoclonus", "cramp")
RHYTHMS = ("tremor", "clonus")
MOTION_KINDS = (*RHYTHMS, "myoclonus")
"""Those of `EMG_KINDS` that a sensor of motion can show, too."""


def emg_channels(recording: Recording) -> tuple[Channel, ...]:
    """Return the channels of limb muscles in which potentials can be looked for, in the order of the file.

    The chin and the muscles of breathing are left out. A channel of unknown unit is kept.
    """
    return tuple(one for one in _muscles(recording) if not why_no_potentials(one))


def _muscles(recording: Recording) -> list[Channel]:
    return [one for one in recording.channels if one.role in LEG_ROLES or _of_limb(one)]


def _of_limb(channel: Channel) -> bool:
    """Whether a channel that is no leg channel of the night is a muscle of a limb by its role or its label."""
    if channel.role == "emg_other":
        return not set(words_of(channel.name)) & labels.NOT_A_LIMB
    return channel.role == "other" and channel.unit == "uV" and muscle_of(channel.name).certainty >= _SURE


def why_no_potentials(channel: Channel) -> str:
    """Return why potentials can't be looked for in a muscle channel, in words with figures; empty when they can."""
    if not channel.rate_hz:
        return f"the file does not say at what rate {channel.name} was sampled"
    if not channel.samples:
        return f"{channel.name} has no samples"
    if channel.unit is None and voltage(channel.file_unit):
        return f"{channel.name} has no scale: its limits in the header are equal or unreadable"
    if channel.rate_hz < LEAST_RATE_HZ:
        return f"{channel.name} was sampled at {channel.rate_hz:.4g} Hz; at least {LEAST_RATE_HZ:g} Hz are needed"
    if channel.resolution_uv is not None and channel.resolution_uv > COARSEST_UV:
        step = f"one step of {channel.name} is {channel.resolution_uv:.3g} uV"
        return f"{step}; at most {COARSEST_UV:g} uV can show a small potential"
    return ""


def motion_channels(recording: Recording) -> tuple[Channel, ...]:
    """Return the channels of acceleration and rotation that have samples."""
    return tuple(one for one in recording.channels if one.role in ("acceleration", "rotation") and one.samples)


def can_detect(recording: Recording) -> dict[str, Scorable]:
    """Return for each kind of event of the waking leg whether it can be looked for in a recording, and why (not).

    A reserve stands in the reason of a kind that can be looked for: counts without shape below 1 kHz, no amplitude
    without a unit, no rate below 5 minutes.
    """
    if not recording.channels:
        none = Scorable(False, "the file holds no signal.")
        return dict.fromkeys(EMG_KINDS, none)
    lasting = sum(segment.duration_s for segment in recording.segments)
    emg, moving = emg_channels(recording), motion_channels(recording)
    if not emg and not (moving and all(one.rate_hz >= MOTION_RATE_HZ for one in moving)):
        return dict.fromkeys(EMG_KINDS, Scorable(False, _why_nothing(recording, moving)))
    found: dict[str, Scorable] = {}
    for kind in EMG_KINDS:
        if not emg and kind not in MOTION_KINDS:
            reason = "the file holds motion only; of it no published detector is known for this kind."
            if kind == "fasciculation":
                reason = f"{reason[:-1]}, and brief movements are counted under a name of their own."
            found[kind] = Scorable(False, reason)
        elif lasting < RHYTHM_S and (kind in RHYTHMS or not emg):
            found[kind] = Scorable(False, f"{lasting:.3g} s of signal are too short; {RHYTHM_S:g} s are needed.")
        else:
            found[kind] = Scorable(True, " ".join(_reserves(kind, emg if emg else moving, lasting, motion=not emg)))
    return found


def seems_awake(recording: Recording) -> bool:
    """Return whether a recording with leg channels looks like EMG of a waking muscle and not like a night.

    It has neither sleep stages, marks of a night nor channels of sleep, and it is short or sampled as fast as EMG.
    """
    if not recording.channels or any(one.event.startswith(_OF_A_NIGHT) for one in recording.events):
        return False
    if any(one.role in ("eeg", "eog", "respiration") for one in recording.channels):
        return False
    lasting = sum(segment.duration_s for segment in recording.segments)
    legs = [one.rate_hz for one in recording.channels if one.role in LEG_ROLES]
    return lasting < SHORT_S or (lasting < NIGHT_S and min(legs, default=0.0) >= SHAPE_RATE_HZ)


def _why_nothing(recording: Recording, moving: Sequence[Channel]) -> str:
    if moving:
        rate = min(one.rate_hz for one in moving)
        return f"motion was sampled at {rate:.4g} Hz; {MOTION_RATE_HZ:g} Hz are needed."
    against = [why_no_potentials(one) for one in _muscles(recording)]
    if not against:
        return "no channel of the file is known as a muscle of a limb, or as motion."
    return "; ".join(against[:4]) + "."


def _reserves(kind: str, channels: Sequence[Channel], lasting: float, *, motion: bool) -> list[str]:
    names = ", ".join(one.name for one in channels[:4]) + (" …" if len(channels) > 4 else "")
    said = [f"{names} can be used."]
    if motion:
        if not any("gravity kept" in one.why for one in channels):
            said.append("Gravity is missing, so the position of the leg is not known.")
        if kind == "myoclonus":
            said.append("Research: no detector of jerks in a sensor of motion has published accuracy.")
        return said
    slow = [one.name for one in channels if one.rate_hz < SHAPE_RATE_HZ]
    if slow and kind in ("fasciculation", "myoclonus"):
        said.append(f"Counts only, no shapes: {', '.join(slow[:4])} below {SHAPE_RATE_HZ:g} Hz.")
    unknown = [one.name for one in channels if one.unit != "uV"]
    if unknown:
        said.append(f"No amplitude in uV and no norm: the unit of {', '.join(unknown[:4])} is not known.")
    needle = [one for one in channels if "needle" in one.why.casefold()]
    if needle and kind == "fasciculation" and any(one.rate_hz < NEEDLE_RATE_HZ for one in needle):
        said.append(f"No measures of motor-unit potentials: a needle below {NEEDLE_RATE_HZ:g} Hz.")
    if kind == "fasciculation" and lasting < RATE_S:
        least = f"and {PRESENCE_S:g} s to say that there are none " if lasting < PRESENCE_S else ""
        said.append(f"A rate needs {RATE_S / 60:g} min of signal {least}and there are {lasting:.4g} s.")
    return said


def finite_pieces(recording: Recording, channel: str, least_s: float = 0.0) -> tuple[Piece, ...]:
    """Return the samples of a channel as pieces in which every sample has a value.

    Files may mark samples as invalid (NaN): a piece ends before them and the next begins behind.

    Parameters
    ----------
    channel: its name. least_s: shorter pieces are left out.

    Raises KeyError for a channel that isn't there.
    """
    import numpy as np

    pieces: list[Piece] = []
    for piece in recording.pieces(channel):
        good = np.isfinite(piece.values)
        for first, last in _runs(good):
            if last - first >= least_s * piece.rate_hz:
                pieces.append(Piece(piece.start_s + first / piece.rate_hz, piece.rate_hz, piece.values[first:last]))
    return tuple(pieces)


def _runs(good: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and last (exclusive) of each run of True."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], good.view(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
