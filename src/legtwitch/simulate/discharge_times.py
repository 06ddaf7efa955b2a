"""When motor units fire: point processes at rest, by effort, and in trains. All times in s, sorted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legtwitch.simulate.muap import Floats

DOUBLET_S = (0.0025, 0.020)
F_WAVE_S = (0.025, 0.045)


@dataclass(frozen=True, slots=True)
class Firing:
    """Times of one unit and what each discharge is.

    times_s, scales (amplitude against the unit's own), order (0 first of a group, 1 second, …), group_size and
    origin (0 by itself, 1 re-excitation within 20 ms, 2 as an F wave): shape (n,).
    """

    times_s: Floats
    scales: Floats
    order: Floats
    group_size: Floats
    origin: Floats


def drift(rng: np.random.Generator, depth: float, duration_s: float) -> tuple[Floats, Floats]:
    """Return times and a slow factor with mean 1 there: two sines of 4 to 30 min and a slope [choice]."""
    times = np.linspace(0.0, duration_s, 400)
    periods, phases = np.exp(rng.uniform(np.log(240), np.log(1800), 2)), rng.uniform(0, 2 * np.pi, 2)
    wave = sum(np.sin(2 * np.pi * times / period + phase) for period, phase in zip(periods, phases, strict=True))
    factor = np.exp(depth * (wave / 2 + rng.uniform(-0.5, 0.5) * (times / duration_s - 0.5)))
    return times, np.asarray(factor / factor.mean())


def renewal(
    rng: np.random.Generator,
    per_minute: float,
    duration_s: float,
    *,
    cov: float = 1.0,
    log_normal: bool = False,
    burst_share: float = 0.1,
    drift_depth: float = 0.3,
) -> Floats:
    """Return discharges of a unit at rest: gamma or log-normal intervals under a drifting rate, some in bursts.

    Parameters
    ----------
    per_minute: mean rate, 0.1 to 100 in the recipes. cov: of the intervals before drift and bursts.
    burst_share: of the discharges that bring 1 to 3 more within 0.15 to 1.5 s; the mean rate stays what was asked.
    drift_depth: of the rate, as an exponent (0.3: about 0.75 to 1.35 of the mean).
    """
    leaders = per_minute / 60 / (1 + 2 * burst_share)
    number = int(leaders * duration_s + 8 * np.sqrt(leaders * duration_s + 1) + 20)
    if log_normal:
        sigma = np.sqrt(np.log1p(cov**2))
        steps = np.exp(sigma * rng.standard_normal(number) - sigma**2 / 2)
    else:
        steps = rng.gamma(1 / cov**2, cov**2, number)
    steps[0] *= rng.random()
    at, factor = drift(rng, drift_depth, duration_s)
    clock = np.concatenate([[0.0], np.cumsum((factor[1:] + factor[:-1]) / 2 * np.diff(at))]) * leaders
    ticks = np.cumsum(steps)
    times = np.interp(ticks[ticks < clock[-1]], clock, at)
    more = []
    for time in times[rng.random(len(times)) < burst_share]:
        more.append(time + np.cumsum(rng.uniform(0.15, 0.5, int(rng.integers(1, 4)))))
    return _apart(np.sort(np.concatenate([times, *more])), 0.05, duration_s)


def _apart(times_s: Floats, least_s: float, duration_s: float) -> Floats:
    """Return times at least so far from the one kept before, and away from both ends of the recording."""
    kept: list[float] = []
    for time in times_s:
        if 0.1 < time < duration_s - 0.2 and (not kept or time - kept[-1] >= least_s):
            kept.append(float(time))
    return np.array(kept)


def with_echoes(rng: np.random.Generator, times_s: Floats, doublets: float, f_waves: float) -> Firing:
    """Return discharges of which a share re-excites the axon (2.5 to 20 ms) or comes back as an F wave (25 to 45 ms).

    A third of the re-excitations brings a third discharge. The second potential has 0.75 to 0.95 of the amplitude after
    a re-excitation [assumed] and 0.9 to 1 after an F wave [assumed].
    Source: F-wave peak at 32 to 35 ms in the calf, Kleine 2012; the short zone is grade D.
    """
    kind = rng.choice(3, len(times_s), p=[1 - doublets - f_waves, doublets, f_waves])
    found: list[tuple[float, float, int, int, int]] = []
    for time, origin in zip(times_s, kind, strict=True):
        group = [(float(time), 1.0, 0)]
        if origin == 1:
            for _ in range(1 + int(rng.random() < 1 / 3)):
                group.append((group[-1][0] + rng.uniform(*DOUBLET_S), group[-1][1] * rng.uniform(0.75, 0.95), 1))
        elif origin == 2:
            step = float(np.clip(rng.normal(0.0335, 0.004), *F_WAVE_S))
            group.append((group[0][0] + step, rng.uniform(0.9, 1.0), 2))
        found += [(when, size, order, len(group), came) for order, (when, size, came) in enumerate(group)]
    table = np.array(sorted(found)).reshape(-1, 5)
    return Firing(*table.T.copy())


def alone(times_s: Floats, scales: Floats | float = 1.0) -> Firing:
    """Return discharges that each stand alone, with one amplitude or one each."""
    one = np.ones(len(times_s))
    return Firing(times_s, one * scales, 0 * one, one, 0 * one)


def regular(rng: np.random.Generator, start_s: float, end_s: float, rate_hz: float, cov: float) -> Floats:
    """Return a regular train from a start to an end (s): Gaussian intervals with this CoV, floored at a third."""
    number = int((end_s - start_s) * rate_hz * 1.3) + 8
    steps = np.maximum(1 + cov * rng.standard_normal(number), 1 / 3) / rate_hz
    times = start_s + rng.random() / rate_hz + np.cumsum(steps) - steps[0]
    return np.asarray(times[times < end_s])


def sweeping(rng: np.random.Generator, start_s: float, length_s: float, rates_hz: Floats, cov: float = 0.03) -> Floats:
    """Return a train whose rate runs through the given values (Hz, evenly spread over its length)."""
    at = np.linspace(0, length_s, max(200, len(rates_hz)))
    rate = np.interp(at, np.linspace(0, length_s, len(rates_hz)), rates_hz)
    clock = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(at))])
    ticks = np.cumsum(np.maximum(1 + cov * rng.standard_normal(int(clock[-1]) + 2), 0.3)) - 1
    return np.asarray(start_s + np.interp(ticks[ticks <= clock[-1]], clock, at))


def spread_out(rng: np.random.Generator, number: int, duration_s: float, lengths_s: Floats, room_s: float) -> Floats:
    """Return starts of stretches of these lengths (s) in random places that leave `room_s` between them.

    Stretches that do not fit are left out from the end.
    """
    free = duration_s - 2 * room_s
    while number and float(np.sum(lengths_s[:number] + room_s)) > free:
        number -= 1
    slack = free - float(np.sum(lengths_s[:number] + room_s)) if number else 0.0
    cuts = np.sort(rng.uniform(0, max(slack, 0.0), number))
    before = np.concatenate([[0.0], np.cumsum(lengths_s[: max(number - 1, 0)] + room_s)])[:number]
    return np.asarray(room_s + cuts + before)
