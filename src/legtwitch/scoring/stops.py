"""Artefacts and gaps: which of them stop one leg, and which stop both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legtwitch.model import Event, Problem, Recording, Side
from legtwitch.recording import leg_channels
from legtwitch.scoring import codes
from legtwitch.scoring.times import Stretch, Stretches, cover, subtract, to_ms

STOPS = ("artifact", "recording_gap")
LEGS: tuple[Side, ...] = ("left", "right")
_ROLES: dict[str, Side] = {"leg_left": "left", "leg_right": "right", "leg_both": "both", "leg_unknown": "both"}


@dataclass(frozen=True, slots=True)
class Stops:
    """Artefacts and gaps in ms.

    whole: stretches in which no leg that was recorded can be read: they leave the hours and end series.
    by_leg: all stretches in which that leg can't be read, those of `whole` included; under `n/a`, for movements whose
        leg is not known, every artefact and gap.
    """

    whole: Stretches
    by_leg: Mapping[Side, Stretches]

    def on(self, start: int, end: int, leg: Side) -> Stretch | None:
        """Return an artefact or gap of a leg that overlaps start..end (ms)."""
        met = self.by_leg[leg].meeting(start, end)
        return next((one for one in met if one.start < end and one.end > start), None)

    def between(self, before: int, onset: int) -> Stretch | None:
        """Return an artefact or gap of all legs between two onsets (ms)."""
        return next((one for one in self.whole.meeting(before, onset) if one.end > before), None)

    def one_leg(self, leg: Side, windows: Sequence[tuple[int, int]]) -> int:
        """Return the time (ms) inside windows (ms) in which this leg alone can't be read."""
        readable, both = (
            sum(end - start for start, end in subtract(windows, cover(stops)))
            for stops in (self.by_leg[leg], self.whole)
        )
        return both - readable


def _stretch(event: Event) -> Stretch:
    return Stretch(to_ms(event.onset_s), to_ms(event.onset_s + event.duration_s), event.event)


def _side(event: Event, roles: Mapping[str, str]) -> Side | None:
    """Return the leg of an artefact or gap, `both` where it names none, None where it lies on another signal."""
    if event.side in LEGS:
        return event.side
    role = roles.get(event.channel or "")
    return "both" if role is None or event.side == "both" else _ROLES.get(role)


def legs_recorded(recording: Recording, movements: Sequence[Event]) -> tuple[Side, ...]:
    """Return the legs that can be told apart: of the leg channels that can be scored, else of the marks that name one.

    Empty where a leg channel holds both legs or an unknown one: then an artefact of one leg may lie on any.
    """
    roles = {one.role for one in leg_channels(recording)}
    if roles:
        return () if roles & {"leg_both", "leg_unknown"} else tuple(leg for leg in LEGS if f"leg_{leg}" in roles)
    marks = (*(one for one in recording.events if one.event in (*STOPS, "leg_movement")), *movements)
    named = {leg for one in marks for leg in (LEGS if one.side == "both" else (one.side,)) if leg in LEGS}
    return tuple(leg for leg in LEGS if leg in named)


def _together(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches in which both legs are stopped."""
    covered = Stretches(Stretch(start, end, "artifact") for start, end in cover(right))
    both = (
        (max(start, one.start), min(end, one.end)) for start, end in cover(left) for one in covered.meeting(start, end)
    )
    return [Stretch(start, end, "artifact") for start, end in both if start < end]


def read_stops(
    recording: Recording, movements: Sequence[Event], windows: Sequence[tuple[int, int]], *, own_leg: bool
) -> tuple[Stops, list[Problem]]:
    """Return the artefacts and gaps of a recording by the leg they stop, and what there is to say of them.

    An artefact or gap that names a leg, by its side or its channel, stops that leg alone; where both legs are stopped
    at once, or only one leg was recorded, or legs can't be told apart, it stops all. One that names no leg stops all.
    One on a channel that is no leg stops nothing.

    movements: as `score_leg_movements` takes them. windows: where movements count (ms).
    own_leg: clause `artifact_leg`; False: every artefact and gap stops all legs.
    """
    roles = {one.name: one.role for one in recording.channels}
    sided = [(_side(one, roles), _stretch(one)) for one in recording.events if one.event in STOPS]
    elsewhere = sum(side is None for side, _ in sided)
    legs = legs_recorded(recording, movements)
    parted = own_leg and bool(legs)
    whole = [one for side, one in sided if side == "both" or (side is not None and not parted)]
    alone = {leg: [one for side, one in sided if side == leg] if parted else [] for leg in LEGS}
    if len(legs) == 1:
        whole += alone[legs[0]]
    else:
        whole += _together(alone["left"], alone["right"])
    by_leg: dict[Side, Stretches] = {leg: Stretches([*whole, *alone[leg]]) for leg in LEGS}
    by_leg["n/a"] = Stretches([*whole, *alone["left"], *alone["right"]])
    stops = Stops(Stretches(whole), by_leg)
    return stops, _said(stops, legs, windows, elsewhere)


def _said(stops: Stops, legs: Sequence[Side], windows: Sequence[tuple[int, int]], elsewhere: int) -> list[Problem]:
    said = []
    for leg in legs if len(legs) > 1 else ():
        time = stops.one_leg(leg, windows)
        if time:
            said.append(
                Problem(
                    codes.ONE_LEG_STOPPED,
                    f"Artefacts or gaps lie on the {leg} leg alone for {time / 60_000:.1f} min of the counted time.",
                    f"No movement of the {leg} leg counts there; the other leg does, the time stays in the hours and "
                    f"series run on. What the {leg} leg did there is missing, so indices may be too low.",
                )
            )
    if elsewhere:
        said.append(
            Problem(
                codes.STOPS_ELSEWHERE,
                f"{elsewhere} artefacts or gaps are marked on channels that are no leg.",
                "They neither drop movements nor take time away.",
            )
        )
    return said
