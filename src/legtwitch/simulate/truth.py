"""The truth: the leg movement rule read off the noise-free envelope.

Shares no code with the detectors and the rule sets, which it is there to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from legtwitch.model import Event, Side
from legtwitch.simulate.envelope import LEGS, Burst, Floats, Leg, excess_at

ONSET_UV = 8.0
OFFSET_UV = 2.0
QUIET_MS = 500
SHORTEST_MS = 500
NANOSECOND_MS = 1e-6


def leg_movements(side: Side, bursts: Iterable[Burst], rest_uv: Callable[[Floats], Floats]) -> list[Event]:
    """Return the leg movements of one channel, to the microsecond.

    Onset: the excess rises to 8 uV. Offset: the start of the first 0.5 s in which it does not exceed 2 uV. Shorter than
    0.5 s is no leg movement; there is no longest. Attributes: `kind` (of the burst with the largest area), `peak_uv`
    (highest excess), `rest_uv` (resting RMS at the onset).

    Parameters
    ----------
    bursts: of that channel. rest_uv: resting RMS (uV) at times (s).
    """
    found = []
    for group in _clusters(sorted(bursts, key=lambda burst: burst.start_ms)):
        start = group[0].start_ms
        excess = np.zeros(max(burst.end_ms for burst in group) - start + 3)
        for burst in group:
            at = burst.start_ms - start + 1
            excess[at : at + len(burst.excess_uv)] += burst.excess_uv
        for onset, offset in _runs(excess):
            if offset - onset < SHORTEST_MS - NANOSECOND_MS:
                continue
            part = excess[int(onset) : int(np.ceil(offset)) + 1]
            onset_s = round((start - 1 + onset) / 1000, 6)
            attributes = {
                "kind": _kind(group, start - 1 + onset, start - 1 + offset),
                "peak_uv": round(float(part.max()), 3),
                "rest_uv": round(float(rest_uv(np.array([onset_s]))[0]), 3),
            }
            found.append(Event(onset_s, round((offset - onset) / 1000, 6), "leg_movement", side, attributes=attributes))
    return found


def on_one_channel(bursts: Iterable[Burst], rest_uv: dict[Leg, Callable[[Floats], Floats]]) -> list[Burst]:
    """Return the bursts of both legs as a channel shows them that carries the sum of both.

    Independent noises add in quadrature, so the excess is hypot(left, right) - hypot(rest left, rest right), where left
    and right are rest plus excess (uV) of the legs.
    """
    merged = []
    for group in _clusters(sorted(bursts, key=lambda burst: burst.start_ms)):
        start, end = group[0].start_ms - 1, max(burst.end_ms for burst in group) + 1
        times = np.arange(start, end + 1) / 1000
        rest = {leg: rest_uv[leg](times) for leg in LEGS}
        active = {leg: rest[leg] + excess_at([burst for burst in group if burst.side == leg], times) for leg in LEGS}
        excess = np.hypot(active["left"], active["right"]) - np.hypot(rest["left"], rest["right"])
        merged.append(Burst("n/a", start, excess, _kind(group, start, end)))
    return merged


def _clusters(bursts: list[Burst]) -> list[list[Burst]]:
    """Group bursts that are less than 0.5 s apart; between groups the leg is at rest long enough to end a movement."""
    groups: list[list[Burst]] = []
    end = -QUIET_MS * 2
    for burst in bursts:
        if burst.start_ms - end >= QUIET_MS:
            groups.append([])
        groups[-1].append(burst)
        end = max(end, burst.end_ms)
    return groups


def _runs(excess: Floats) -> list[tuple[float, float]]:
    """Return onset and offset of each run in ms from the first value; the excess begins and ends with zero."""
    above = excess > OFFSET_UV
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    runs: list[tuple[float, float]] = []
    for before_rise, last in edges.reshape(-1, 2):
        rise, fall = _crossing(excess, before_rise, OFFSET_UV), _crossing(excess, last, OFFSET_UV)
        if runs and rise - runs[-1][1] < QUIET_MS - NANOSECOND_MS:
            runs[-1] = (runs[-1][0], fall)
        else:
            runs.append((rise, fall))
    found = []
    for rise, fall in runs:
        high = np.flatnonzero(excess[int(rise) : int(np.ceil(fall)) + 1] >= ONSET_UV)
        if len(high):
            found.append((_crossing(excess, int(rise) + int(high[0]) - 1, ONSET_UV), fall))
    return found


def _crossing(excess: Floats, index: int, level: float) -> float:
    """Return where the straight line from value `index` to the next one meets a level."""
    low, high = float(excess[index]), float(excess[index + 1])
    return float(index) + (level - low) / (high - low)


def _kind(group: list[Burst], onset_ms: float, offset_ms: float) -> str:
    inside = [burst for burst in group if burst.start_ms < offset_ms and burst.end_ms > onset_ms]
    return max(inside, key=lambda burst: float(burst.excess_uv.sum())).kind
