"""Trains of bursts: of one leg, or of both legs in turn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.night_classes_bursts import Bursts, Floats
from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.signal import median


@dataclass(frozen=True, slots=True)
class Train:
    """A train from its first to its last burst in s. hz: bursts a second in the mean. burst_s: median length of one."""

    start_s: float
    stop_s: float
    bursts: int
    hz: float
    burst_s: float
    top_uv: float


def without_leaks(own: Bursts, other: Bursts, ratio: float) -> Bursts:
    """Return the bursts under which the other leg has none so many times louder whose time holds their centre."""
    if not own.size or not other.size:
        return own
    at = np.clip(np.searchsorted(other.start_s, own.centre_s, side="right") - 1, 0, None)
    under = (other.start_s[at] <= own.centre_s) & (own.centre_s <= other.stop_s[at])
    return own.where(~(under & (other.top_uv[at] >= ratio * own.top_uv)))


def spread(values: Floats) -> float:
    """Return the standard deviation over the mean."""
    return float(values.std() / values.mean())


def _runs_of(fits: NDArray[np.bool_], links: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Return runs (first, stop) of at least so many bursts that fit and whose neighbours are linked."""
    joined = links & fits[:-1] & fits[1:]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], joined, [False])).astype(np.int8)))
    return [(int(a), int(b) + 1) for a, b in edges.reshape(-1, 2) if b - a + 1 >= least]


def _even_parts(steps: Floats, factor: float) -> list[tuple[int, int]]:
    """Part intervals where one is so many times longer than the one before or after it; rows (first, stop)."""
    ratio = np.maximum(steps[1:] / steps[:-1], steps[:-1] / steps[1:])
    cuts = [0, *(np.flatnonzero(ratio > factor) + 1).tolist(), steps.size]
    return [(low, high) for low, high in pairwise(cuts) if high > low]


def _made(bursts: Bursts, first: int, stop: int) -> Train:
    start, end = float(bursts.start_s[first]), float(bursts.stop_s[first:stop].max())
    steps = np.diff(bursts.centre_s[first:stop])
    return Train(
        start,
        end,
        stop - first,
        float(1 / steps.mean()),
        median(bursts.length_s[first:stop]),
        float(bursts.top_uv[first:stop].max()),
    )


def trains_of_one_leg(bursts: Bursts, chosen: NightClassSettings) -> list[Train]:
    """Return the trains of one leg: at least 4 bursts, 0.3 to 4 a second.

    Pieces of a ragged movement have such rates too. So bursts less than 0.5 s apart that together last no longer than a
    movement may are one movement, as the rules have it, unless they last long and are many, and as even as
    no pieces are.
    """
    if bursts.size < chosen.bursts_least:
        return []
    steps, length, top = np.diff(bursts.centre_s), bursts.length_s, bursts.top_uv
    fits = (length >= chosen.train_burst_s[0]) & (length <= chosen.train_burst_s[1])
    level = np.maximum(top[1:] / top[:-1], top[:-1] / top[1:])
    links = (steps >= 1 / chosen.train_hz[1]) & (steps <= 1 / chosen.train_hz[0]) & (level <= chosen.train_level)
    found = []
    for first, stop in _runs_of(fits, links, chosen.bursts_least):
        for low, high in _even_parts(steps[first : stop - 1], chosen.train_step):
            a, b = first + low, first + high + 1
            if b - a >= chosen.bursts_least and _is_train(bursts, a, b, chosen):
                found.append(_made(bursts, a, b))
    return found


def _is_train(bursts: Bursts, first: int, stop: int, chosen: NightClassSettings) -> bool:
    """Tell a train from pieces of one movement and from short potentials that happen to follow each other."""
    long_s = bursts.stop_s[stop - 1] - bursts.start_s[first]
    brief = long_s <= chosen.long_train_s
    near = brief and (bursts.start_s[first + 1 : stop] - bursts.stop_s[first : stop - 1]).min() < chosen.apart_s
    if near and (long_s < chosen.near_train_s or stop - first < chosen.near_bursts):
        return False
    length = bursts.length_s[first:stop]
    uneven, unequal = spread(np.diff(bursts.centre_s[first:stop])), spread(length)
    if median(length) < chosen.tremor_burst_s and (
        stop - first < chosen.tiny_bursts or uneven > chosen.tiny_spread or unequal > chosen.tiny_length_spread
    ):
        return False
    if near:
        return uneven <= chosen.near_spread and unequal <= chosen.near_length_spread
    if brief:
        return uneven <= chosen.apart_spread
    return uneven <= chosen.long_spread and unequal <= chosen.long_length_spread


def joined_trains(trains: list[Train], within_s: float) -> list[Train]:
    """Return trains of the same legs with those joined that go on after at most so long."""
    found: list[Train] = []
    for one in trains:
        if found and one.start_s - found[-1].stop_s <= within_s:
            last = found[-1]
            bursts = last.bursts + one.bursts
            steps = (last.bursts - 1) / last.hz + (one.bursts - 1) / one.hz
            longer = max(last, one, key=lambda train: train.bursts)
            stop, top = max(last.stop_s, one.stop_s), max(last.top_uv, one.top_uv)
            found[-1] = Train(last.start_s, stop, bursts, (bursts - 2) / steps, longer.burst_s, top)
        else:
            found.append(one)
    return found


def trains_in_turn(left: Bursts, right: Bursts, chosen: NightClassSettings) -> list[Train]:
    """Return the trains of both legs in turn.

    At least 4 bursts of 100 to 500 ms, one leg after the other at 0.5 to 3 a second, hardly ever both at once.
    """
    leg = np.concatenate((np.zeros(left.size, dtype=int), np.ones(right.size, dtype=int)))
    values = [np.concatenate(pair) for pair in zip(_columns(left), _columns(right), strict=True)]
    order = np.argsort(values[2], kind="stable")
    both, leg = Bursts(*(one[order] for one in values)), leg[order]
    if both.size < chosen.bursts_least:
        return []
    steps, length = np.diff(both.centre_s), both.length_s
    fits = (length >= chosen.alma_burst_s[0]) & (length <= chosen.alma_burst_s[1])
    shared = both.stop_s[:-1] - both.start_s[1:]
    apart = shared <= chosen.alma_overlap * np.minimum(length[:-1], length[1:])
    in_turn = (leg[1:] != leg[:-1]) & apart
    links = in_turn & (steps >= 1 / chosen.alma_hz[1]) & (steps <= 1 / chosen.alma_hz[0])
    found = []
    for first, stop in _runs_of(fits, links, chosen.bursts_least):
        for low, high in _even_parts(steps[first : stop - 1], chosen.train_step):
            a, b = first + low, first + high + 1
            if b - a >= chosen.bursts_least and _is_in_turn(both, a, b, chosen):
                found.append(_made(both, a, b))
    return found


def _is_in_turn(both: Bursts, first: int, stop: int, chosen: NightClassSettings) -> bool:
    """Tell a train from pieces of two ragged movements at once: it is even, and a short one is so in all respects."""
    uneven = spread(np.diff(both.centre_s[first:stop]))
    apart = bool((both.start_s[first + 1 : stop] > both.stop_s[first : stop - 1]).all())
    if both.stop_s[stop - 1] - both.start_s[first] > chosen.long_train_s:
        return uneven <= chosen.alma_spread
    if stop - first >= chosen.alma_many:
        return apart and uneven <= chosen.alma_spread
    return (
        apart
        and uneven <= chosen.alma_few_spread
        and spread(both.length_s[first:stop]) <= chosen.alma_few_length_spread
    )


def _columns(bursts: Bursts) -> tuple[Floats, ...]:
    return bursts.start_s, bursts.stop_s, bursts.centre_s, bursts.top_uv, bursts.swing_uv
