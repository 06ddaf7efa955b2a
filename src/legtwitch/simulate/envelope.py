"""Noise-free envelopes of muscle bursts: how far the RMS stands above rest, in steps of one millisecond.

The EMG of a leg is `carrier * (rest + excess)`: a Gaussian carrier of unit RMS times the sum of the resting RMS and of
the excesses of all bursts. So "8 uV above rest" is a statement about the excess alone, known exactly and free of noise.
(Independent sources of current would add in quadrature; adding their RMS is our choice, for the sake of that.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Side

Leg = Literal["left", "right"]
LEGS: tuple[Leg, Leg] = ("left", "right")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Burst:
    """One activation of one leg.

    side: `n/a` where two legs share a channel. start_ms: time of the first value. excess_uv: RMS above rest, (n,),
    one value a ms, linear in between, zero before and after. kind: `plm`, `isolated`, `respiratory`, `wake` …
    """

    side: Side
    start_ms: int
    excess_uv: Floats
    kind: str

    @property
    def end_ms(self) -> int:
        """Time of the last value in ms."""
        return self.start_ms + len(self.excess_uv) - 1


def trapezoid(amplitude_uv: float, duration_ms: int, *, rise_ms: int = 50, fall_ms: int = 100) -> tuple[Floats, int]:
    """Return an envelope with straight flanks, exact from 8 uV on the way up to 2 uV on the way down.

    Returns the excess (uV, one value a ms) and the time in ms from its first value to the 8 uV crossing. Both crossings
    fall on whole milliseconds when the amplitude divides 8 * rise_ms and 2 * fall_ms.
    """
    up, down = rise_ms * 8 / amplitude_uv, fall_ms * (1 - 2 / amplitude_uv)
    top = round(duration_ms + up - rise_ms - down)
    knots = np.cumsum([0, rise_ms, max(top, 0), fall_ms])
    return np.interp(np.arange(knots[-1] + 1), knots, [0, amplitude_uv, amplitude_uv, 0]), round(up)


def smooth(rng: np.random.Generator, amplitude_uv: float, duration_s: float) -> Floats:
    """Return a plain burst: rise 50 to 250 ms, fall 100 to 500 ms, a top that wanders between 0.6 and 1 [choice].

    amplitude_uv: highest excess. duration_s: from first to last value. Returns the excess (uV), one value a ms.
    """
    length = max(round(duration_s * 1000), 60)
    knots = np.linspace(0, length, max(2, round(duration_s / 0.4) + 1))
    top = np.interp(np.arange(length + 1), knots, rng.uniform(0.6, 1.0, len(knots)))
    rise, fall = rng.uniform(50, 250), rng.uniform(100, 500)
    shape = top * _flanks(length, min(rise, length / 2), min(fall, length / 2))
    return np.asarray(shape * (amplitude_uv / shape.max()))


def ragged(rng: np.random.Generator, amplitude_uv: float, duration_s: float) -> Floats:
    """Return a burst as real legs make them: several bursts with silences, a tonic tail, clonic beats, or two lumps.

    Section 4 of the specification: 1 to 5 Hz with silences under 0.5 s, tonic tail, clonic; shares of the forms and
    relative heights are [choice]. No silence at 2 uV above rest lasts 0.45 s, so one burst stays one movement.
    """
    form = rng.choice(["bursts", "tail", "clonic", "lumps"], p=[0.5, 0.2, 0.15, 0.15])
    if form == "tail":
        shape = _tail(rng, duration_s)
    elif form == "clonic":
        shape = _pieces(rng, duration_s, on_ms=(60, 110), off_ms=(40, 90))
    elif form == "lumps":
        shape = _pieces(rng, duration_s, on_ms=(400 * duration_s, 600 * duration_s), off_ms=(200, 380))
    else:
        shape = _pieces(rng, duration_s, on_ms=(150, 600), off_ms=(60, 380))
    return np.asarray(shape * (amplitude_uv / shape.max()))


def _flanks(length: int, rise: float, fall: float) -> Floats:
    """Return a window of ones with cosine flanks (lengths in ms)."""
    at = np.arange(length + 1)
    up = np.clip(at / rise, 0, 1)
    down = np.clip((length - at) / fall, 0, 1)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * up)) * (0.5 - 0.5 * np.cos(np.pi * down)))


def _pieces(
    rng: np.random.Generator, duration_s: float, on_ms: tuple[float, float], off_ms: tuple[float, float]
) -> Floats:
    """Return pieces of different heights (0.45 to 1, flanks 20 ms) with silences between them, until the time is up."""
    times, heights = [0.0], [0.0]
    while times[-1] < duration_s * 1000:
        height = rng.uniform(0.45, 1.0)
        if len(times) > 1:
            times.append(times[-1] + rng.uniform(*off_ms))
            heights.append(0.0)
        left_ms = duration_s * 1000 - times[-1]
        top = max(min(float(rng.uniform(*on_ms)), left_ms) - 40, 20.0)
        times += [times[-1] + 20, times[-1] + 20 + top, times[-1] + 40 + top]
        heights += [height, height, 0.0]
    return np.interp(np.arange(int(np.ceil(times[-1])) + 1), times, heights)


def _tail(rng: np.random.Generator, duration_s: float) -> Floats:
    """Return a strong start of 0.3 to 0.8 s and a weaker tail (0.3 to 0.5 of it) that fades at the end."""
    length = max(duration_s * 1000, 900.0)
    knots = np.cumsum([0, rng.uniform(30, 120), rng.uniform(300, 800), 80])
    low = rng.uniform(0.3, 0.5)
    times = [*knots, max(length, knots[-1] + 100) - 60, max(length, knots[-1] + 100)]
    return np.interp(np.arange(int(times[-1]) + 1), times, [0, 1, 1, low, 0.8 * low, 0])


def train(
    rng: np.random.Generator,
    amplitude_uv: float,
    *,
    beats: int,
    rate_hz: float,
    beat_ms: float,
    every: int = 1,
    first: int = 0,
) -> Floats:
    """Return a train of beats (raised cosine, 10 % jitter in time) at a rate; with `every=2` only each second beat.

    amplitude_uv: height of a beat, each between 0.7 and 1 of it. Returns the excess (uV), one value a ms.
    """
    values = np.zeros(round(1000 * (beats + 1) / rate_hz) + round(beat_ms) + 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(round(beat_ms) + 1) / round(beat_ms))
    for beat in range(first, beats, every):
        at = round(1000 / rate_hz * (beat + 0.5 + 0.1 * rng.uniform(-1, 1)))
        part = values[at : at + len(window)]
        np.maximum(part, amplitude_uv * rng.uniform(0.7, 1.0) * window, out=part)
    return values


def excess_at(bursts: list[Burst] | tuple[Burst, ...], times_s: Floats) -> Floats:
    """Return the noise-free RMS above rest (uV) of one leg's bursts at rising times (s, shape (n,))."""
    total = np.zeros(len(times_s))
    for burst in bursts:
        first, last = np.searchsorted(times_s, [burst.start_ms / 1000, burst.end_ms / 1000])
        at = times_s[first:last] * 1000 - burst.start_ms
        total[first:last] += np.interp(at, np.arange(len(burst.excess_uv)), burst.excess_uv)
    return total
