"""Movements of the night that are classes of their own: trains, short potentials, twitches, movements of the body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.night_classes_body import large_body_movements
from legtwitch.events.night_classes_bursts import Bursts
from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.events.night_classes_stages import Stages
from legtwitch.events.night_classes_trains import Train, joined_trains, trains_in_turn, trains_of_one_leg, without_leaks
from legtwitch.events.parameters import Parameters
from legtwitch.model import Event, FragmentaryMyoclonus, OtherMovements, Side

NAMES = (
    "alma",
    "hypnagogic_foot_tremor",
    "high_frequency_leg_movement",
    "fragmentary_myoclonus",
    "rem_twitch",
    "large_body_movement",
)
_DROWSY = ("W", "N1")


@dataclass(frozen=True, slots=True)
class LegBursts:
    """The bursts of one leg channel."""

    channel: str
    side: Side
    bursts: Bursts


@dataclass(frozen=True, slots=True)
class NightClasses:
    """What was told apart. kept: leg movements that are part of no train. dropped: the others by channel."""

    other: OtherMovements
    kept: tuple[Event, ...]
    dropped: Counter[str]


def night_classes(
    legs: Sequence[LegBursts], movements: Sequence[Event], marks: Sequence[Event], parameters: Parameters
) -> NightClasses:
    """Return the movements that are classes of their own, and the leg movements without those that belong to a train.

    Each event has `stage` (`unknown` without one), and as measured `beats`, `burst_rate_hz`, `burst_ms` (median)
    and `peak_uv` (RMS above rest) of a train, `peak_to_peak_uv` of a potential or twitch.

    Parameters
    ----------
    legs: bursts by channel. movements: leg movements of these channels. marks: events of the recording; its stages tell
    foot tremor from other trains, and twitches of REM sleep from fragmentary myoclonus.

    Source: AASM scoring manual as others quote it (alternating leg muscle activation: at least 4 bursts in turn at 0.5
    to 3 Hz, 100 to 500 ms; hypnagogic foot tremor: at least 4 bursts of 250 to 1000 ms at 0.3 to 4 Hz; excessive
    fragmentary myoclonus: potentials of up to 150 ms, 5 a minute, for 20 minutes of NREM sleep); IRLSSG 2021 (movements
    of large muscle groups).
    Deviations: 1. bursts of one leg less than 0.5 s apart that together last at most 10 s stay one leg movement, as
    ragged periodic movements have such bursts too, unless they are seven or more and very even, and longer trains must
    be even; 2. a movement of both legs of 15 s
    or less can't be told from a leg movement by two leg channels, and stays one; 3. twitches of 0.5 s or longer in REM
    sleep stay leg movements, by the letter of the rules; 4. minutes of myoclonus are counted on each channel apart.
    """
    chosen = parameters.classes
    stages = Stages.of(marks)
    own = {one.channel: _without_other_leg(one, legs, chosen) for one in legs}
    trains, spans = _trains(legs, own, stages, chosen)
    kept, dropped = _outside(movements, spans, chosen)
    short: list[Event] = []
    minutes: dict[str, int] = {}
    for one in legs:
        covered = [(event.onset_s, event.onset_s + event.duration_s) for event in movements]
        covered = [span for span, event in zip(covered, movements, strict=True) if event.channel == one.channel]
        guard = chosen.train_guard_s
        covered += [(start - guard, stop + guard) for start, stop in spans[one.channel]]
        free = own[one.channel].where(~_inside(own[one.channel].centre_s, covered))
        found = _short(free, one, stages, parameters)
        short += found
        minutes[one.channel] = _minutes(found, stages, chosen)
    found = [*trains, *short, *_bodies(legs, kept, stages, chosen)]
    found.sort(key=lambda event: (event.onset_s, event.event, event.channel or ""))
    counts = Counter(event.event for event in found)
    myoclonus = FragmentaryMyoclonus(
        counts["fragmentary_myoclonus"],
        minutes if stages.known else None,
        max(minutes.values(), default=0) >= chosen.excessive_minutes if stages.known else None,
    )
    return NightClasses(OtherMovements(tuple(found), {name: counts[name] for name in NAMES}, myoclonus), kept, dropped)


def _first(legs: Sequence[LegBursts], side: Side) -> LegBursts | None:
    return next((one for one in legs if one.side == side), None)


def _without_other_leg(one: LegBursts, legs: Sequence[LegBursts], chosen: NightClassSettings) -> Bursts:
    """The bursts of a channel without those that a channel of the other leg shows much louder."""
    left = one.bursts
    for other in legs:
        if other.side != one.side:
            left = without_leaks(left, other.bursts, chosen.leak_ratio)
    return left


def _trains(
    legs: Sequence[LegBursts], own: Mapping[str, Bursts], stages: Stages, chosen: NightClassSettings
) -> tuple[list[Event], dict[str, list[tuple[float, float]]]]:
    """Return the trains as events, and by channel the spans (s) that they take."""
    found: list[Event] = []
    spans: dict[str, list[tuple[float, float]]] = {one.channel: [] for one in legs}
    left, right = _first(legs, "left"), _first(legs, "right")
    if left is not None and right is not None:
        in_turn = trains_in_turn(own[left.channel], own[right.channel], chosen)
        for train in joined_trains(in_turn, 1 / chosen.alma_hz[0]):
            found.append(_event(train, "alma", "both", None, stages))
            for one in legs:
                if one.side in ("left", "right"):
                    spans[one.channel].append((train.start_s, train.stop_s))
    for one in legs:
        taken = list(spans[one.channel])
        for train in joined_trains(trains_of_one_leg(own[one.channel], chosen), 1 / chosen.train_hz[0]):
            if any(train.start_s < stop and train.stop_s > start for start, stop in taken):
                continue
            drowsy = stages.at(train.start_s) in _DROWSY and train.burst_s >= chosen.tremor_burst_s
            name = "hypnagogic_foot_tremor" if drowsy else "high_frequency_leg_movement"
            found.append(_event(train, name, one.side, one.channel, stages))
            spans[one.channel].append((train.start_s, train.stop_s))
    return found, spans


def _event(train: Train, name: str, side: Side, channel: str | None, stages: Stages) -> Event:
    measured = {"beats": train.bursts, "burst_rate_hz": round(train.hz, 2), "burst_ms": round(1000 * train.burst_s)}
    attributes = {"stage": stages.at(train.start_s), **measured, "peak_uv": round(train.top_uv, 1)}
    return Event(train.start_s, train.stop_s - train.start_s, name, side, channel, attributes)


def _outside(
    movements: Sequence[Event], spans: Mapping[str, Sequence[tuple[float, float]]], chosen: NightClassSettings
) -> tuple[tuple[Event, ...], Counter[str]]:
    """Return the movements that are part of no train, and how many are, by channel."""
    kept: list[Event] = []
    dropped: Counter[str] = Counter()
    for one in movements:
        end = one.onset_s + one.duration_s
        shared = sum(max(0.0, min(end, b) - max(one.onset_s, a)) for a, b in spans.get(one.channel or "", ()))
        if shared >= chosen.inside_train * one.duration_s:
            dropped[one.channel or ""] += 1
        else:
            kept.append(one)
    return tuple(kept), dropped


def _inside(times: NDArray[np.float64], spans: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """Return for each time whether a span holds it."""
    if not spans or not times.size:
        return np.zeros(times.size, dtype=bool)
    edges = np.array(sorted(spans))
    reach = np.maximum.accumulate(edges[:, 1])
    at = np.searchsorted(edges[:, 0], times, side="right") - 1
    return np.asarray((at >= 0) & (times <= reach[np.clip(at, 0, None)]))


def _short(free: Bursts, leg: LegBursts, stages: Stages, parameters: Parameters) -> list[Event]:
    """Return short potentials outside wake and twitches in REM sleep, of bursts that belong to nothing else."""
    chosen = parameters.classes
    found = []
    columns = (free.start_s, free.stop_s, free.top_uv, free.swing_uv)
    for start, stop, top, swing in zip(*(one.tolist() for one in columns), strict=True):
        length, stage = stop - start, stages.at(start)
        twitch = chosen.twitch_s[0] <= length < chosen.twitch_s[1] and top >= parameters.onset_uv
        potential = chosen.potential_s[0] <= length <= chosen.potential_s[1] and swing >= chosen.potential_uv
        if stage == "R" and twitch:
            name = "rem_twitch"
        elif stage not in ("R", "W") and potential:
            name = "fragmentary_myoclonus"
        else:
            continue
        attributes = {"stage": stage, "peak_uv": round(top, 1), "peak_to_peak_uv": round(swing, 1)}
        found.append(Event(start, length, name, leg.side, leg.channel, attributes))
    return found


def _minutes(found: Sequence[Event], stages: Stages, chosen: NightClassSettings) -> int:
    """Return the minutes, from the start of the recording on, that are NREM sleep and hold enough potentials."""
    potentials = Counter(int(one.onset_s // 60) for one in found if one.event == "fragmentary_myoclonus")
    enough = [minute for minute, count in potentials.items() if count >= chosen.potentials_a_minute]
    return sum(stages.is_nrem(60.0 * minute, 60.0 * minute + 60) for minute in enough)


def _bodies(
    legs: Sequence[LegBursts], movements: Sequence[Event], stages: Stages, chosen: NightClassSettings
) -> list[Event]:
    left, right = _first(legs, "left"), _first(legs, "right")
    if left is None or right is None:
        return []
    of_left = [one for one in movements if one.channel == left.channel]
    of_right = [one for one in movements if one.channel == right.channel]
    return large_body_movements(of_left, of_right, stages, chosen)
