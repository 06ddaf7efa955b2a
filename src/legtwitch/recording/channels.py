"""Channels of a signal file: units, roles, and whether a leg channel can be scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from legtwitch.model import Channel, Problem, Recording
from legtwitch.recording import codes
from legtwitch.units import UNITS, normal_spelling

LEG_ROLES = ("leg_left", "leg_right", "leg_both", "leg_unknown")
NEEDED_STEP_UV = 2.0
"""The end of a leg movement is 2 uV above rest (AASM, WASM 2016): a coarser step can't show it."""
_COARSE_UV = NEEDED_STEP_UV * 1.001  # limits in a header are texts of 8 characters, so a step is not exact
LEAST_RATE_HZ = 100.0
"""Below it the band up to 100 Hz is mostly lost; Luna flags it, too. 200 Hz is the AASM minimum."""
GOOD_RATE_HZ = 200.0
SMALL_RANGE_UV = 50.0
LEAST_DURATION_S = 60.0
"""A resting level needs a minute of signal; our own limit."""

_VOLTS = {
    **{name.casefold(): name for name in ("uV", "mV", "V")},
    "microvolt": "uV",
    "microvolts": "uV",
    "millivolt": "mV",
    "millivolts": "mV",
    "volt": "V",
    "volts": "V",
}


def voltage(dimension: str) -> str | None:
    """Return `uV`, `mV` or `V` for a physical dimension that is one of them in any usual spelling, else None.

    `MV` is None: it could be megavolts or a slip of the hand.
    """
    spelling = normal_spelling(dimension)
    return None if spelling == "MV" else _VOLTS.get(spelling.casefold())


def factor_to_uv(unit: str) -> float:
    """Return the factor from `uV`, `mV` or `V` to microvolts."""
    return UNITS[unit].factor


@dataclass(frozen=True, slots=True)
class Scorable:
    """Whether leg movements can be scored by a rule set, and why not (or with what reserve)."""

    ok: bool
    reason: str


def leg_channels(recording: Recording) -> tuple[Channel, ...]:
    """Return the leg channels that can be scored, in the order of the file."""
    return tuple(c for c in recording.channels if c.role in LEG_ROLES and not why_not(c))


def why_not(channel: Channel) -> str:
    """Return why a leg channel can't be scored, in words with figures; empty when it can."""
    if not channel.rate_hz:
        return f"the file does not say at what rate {channel.name} was sampled"
    if not channel.samples:
        return f"{channel.name} has no samples"
    if channel.unit is None and voltage(channel.file_unit):
        return f"{channel.name} has no scale: its limits in the header are equal or unreadable"
    if channel.unit == "uV" and channel.resolution_uv is None:
        return f"no two values of {channel.name} differ, so nothing can be seen in it"
    if channel.unit != "uV" or channel.resolution_uv is None:
        unit = f"“{channel.file_unit}”" if channel.file_unit else "missing"
        return f"the unit of {channel.name} is {unit}; the rule needs V, mV or uV"
    if channel.resolution_uv > _COARSE_UV:
        return (
            f"one step of {channel.name} is {channel.resolution_uv:.3g} uV; "
            f"the rule needs to see {NEEDED_STEP_UV:g} uV above rest"
        )
    if channel.rate_hz < LEAST_RATE_HZ:
        return f"{channel.name} was sampled at {channel.rate_hz:g} Hz; at least {LEAST_RATE_HZ:g} Hz is needed"
    return ""


def can_score(recording: Recording) -> dict[str, Scorable]:
    """Return for the rule sets `aasm-v3` and `wasm-2016` whether leg movements of the recording can be scored.

    Both need the same of a recording. A signal needs one leg channel in a voltage with steps of at most 2 uV, sampled
    at 100 Hz or more, and a minute of signal.
    A file of marks needs leg movements, or stages (then no movement is marked).
    """
    verdict = _signal(recording) if recording.channels else _marks(recording)
    return {"aasm-v3": verdict, "wasm-2016": verdict}


def _marks(recording: Recording) -> Scorable:
    names = {event.event for event in recording.events}
    if "leg_movement" in names:
        return Scorable(True, "The file holds marks of leg movements.")
    if any(name.startswith("stage_") for name in names):
        return Scorable(
            True, "The file holds sleep stages, but no leg movement is marked: none was there or none was scored."
        )
    return Scorable(False, "the file holds no signal, no leg movements and no sleep stages.")


def _signal(recording: Recording) -> Scorable:
    legs = [channel for channel in recording.channels if channel.role in LEG_ROLES]
    if not legs:
        return Scorable(False, "no channel of the file is known as a leg channel.")
    against = [reason for channel in legs if (reason := why_not(channel))]
    if len(against) == len(legs):
        return Scorable(False, "; ".join(against) + ".")
    recorded = sum(segment.duration_s for segment in recording.segments)
    if recorded < LEAST_DURATION_S:
        return Scorable(False, f"the recording holds {recorded:g} s of signal; {LEAST_DURATION_S:g} s are needed.")
    used = ", ".join(channel.name for channel in leg_channels(recording))
    return Scorable(True, " ".join([f"{used} can be scored.", *(f"Not used: {reason}." for reason in against)]))


def about_legs(channels: Sequence[Channel], ranges_uv: Sequence[float | None]) -> list[Problem]:
    """Return what there is to say of the leg channels; ranges_uv: where each channel clips, None if unknown."""
    legs = [channel for channel in channels if channel.role in LEG_ROLES]
    if not legs:
        return [Problem(codes.NO_LEG, "No leg channel was found.", "Leg movements can't be scored from the signal.")]
    problems = _which_legs(legs)
    for channel, largest in zip(channels, ranges_uv, strict=True):
        if channel.role in LEG_ROLES:
            problems += _about_leg(channel, largest)
    return problems


def _which_legs(legs: Sequence[Channel]) -> list[Problem]:
    problems: list[Problem] = []
    roles = [channel.role for channel in legs]
    for role, side in (("leg_left", "left"), ("leg_right", "right")):
        names = [channel.name for channel in legs if channel.role == role]
        if len(names) > 1:
            problems.append(
                Problem(
                    codes.LEG_TWICE,
                    f"The {side} leg has {len(names)} channels: {', '.join(names)}.",
                    "If they are single electrodes, their difference is the signal the rule is made for.",
                )
            )
    if len(set(roles)) == 1 and roles[0] in ("leg_left", "leg_right"):
        missing = "right" if roles[0] == "leg_left" else "left"
        problems.append(
            Problem(
                codes.ONE_LEG, f"No channel of the {missing} leg was found.", "Movements of that leg are not counted."
            )
        )
    for channel in legs:
        if channel.role == "leg_both":
            problems.append(
                Problem(
                    codes.LEGS_TOGETHER,
                    f"{channel.name} holds both legs.",
                    "Movements of the two legs can't be told apart; the standards advise against it.",
                    channel.name,
                )
            )
        if channel.role == "leg_unknown":
            problems.append(
                Problem(
                    codes.SIDE_UNKNOWN,
                    f"{channel.name} is a leg channel; which leg, its label does not say.",
                    "It may hold one leg or both; movements have no side.",
                    channel.name,
                )
            )
    return problems


def _about_leg(channel: Channel, largest_uv: float | None) -> list[Problem]:
    name = channel.name
    problems: list[Problem] = []
    if channel.unit != "uV" and not voltage(channel.file_unit):
        problems.append(
            Problem(
                codes.UNIT_UNKNOWN, f"The unit of {name} is {channel.file_unit or 'missing'}.", why_not(channel), name
            )
        )
    if channel.resolution_uv is not None and channel.resolution_uv > _COARSE_UV:
        message = f"One step of {name} is {channel.resolution_uv:.3g} uV."
        problems.append(Problem(codes.RESOLUTION_COARSE, message, f"It can't be scored: {why_not(channel)}.", name))
    if 0 < channel.rate_hz < LEAST_RATE_HZ:
        message = f"{name} was sampled at {channel.rate_hz:g} Hz."
        problems.append(Problem(codes.RATE_LOW, message, "It can't be scored.", name))
    elif LEAST_RATE_HZ <= channel.rate_hz < GOOD_RATE_HZ:
        problems.append(
            Problem(
                codes.RATE_MODEST,
                f"{name} was sampled at {channel.rate_hz:g} Hz; 200 Hz is the least that is advised.",
                "Part of the muscle signal is missing, so small movements may be.",
                name,
            )
        )
    if largest_uv is not None and largest_uv < SMALL_RANGE_UV:
        problems.append(
            Problem(
                codes.RANGE_SMALL,
                f"{name} can't show more than {largest_uv:g} uV.",
                "Stronger movements are clipped; their size is too low.",
                name,
            )
        )
    return problems
