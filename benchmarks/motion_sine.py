"""A second generator of phones on a leg: sines that wander, noise, gravity, harmonics; no code in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Channel, Event, Recording, Segment

RATE_HZ = 100.0
SECONDS = 60
HARD = (
    "4-6 Hz", "8-12 Hz", "13-18 Hz", "6-9 Hz with harmonic", "faint", "drifting clock",
    "on slow movement", "pedal 2 Hz", "walk 0.9 Hz", "noise", "brown noise", "knocks", "clonus",
)  # fmt: skip
_NOISE = 0.05


@dataclass(frozen=True)
class Held:
    """Samples in memory."""

    values: NDArray[Any]

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        return self.values[channel]


def wander(rng: np.random.Generator, samples: int, size: float, seconds: float) -> NDArray[np.float64]:
    """Return a slow random course of a standard deviation."""
    steps = int(samples / RATE_HZ / seconds) + 3
    course = np.interp(np.arange(samples) / RATE_HZ, np.arange(steps) * seconds, rng.standard_normal(steps))
    return size * course / 0.8


def sine_recording(kind: str, seed: int) -> tuple[Recording, list[Event]]:
    """Return one recording of a kind and its truth."""
    rng = np.random.default_rng([seed, HARD.index(kind)])
    samples = int(SECONDS * RATE_HZ)
    time = np.arange(samples) / RATE_HZ
    course, truth = np.zeros(samples), []
    bands = {"4-6 Hz": (4, 6), "8-12 Hz": (8, 12), "13-18 Hz": (13, 17.8), "6-9 Hz with harmonic": (6, 9)}
    noise = _NOISE
    if kind in bands or kind in ("faint", "drifting clock", "on slow movement"):
        hz = float(rng.uniform(*bands.get(kind, (4, 12))))
        first, last = float(rng.uniform(5, 15)), float(rng.uniform(35, 55))
        size = 0.1 if kind == "faint" else float(np.exp(rng.uniform(np.log(0.2), np.log(4))))
        phase = 2 * np.pi * np.cumsum(hz + wander(rng, samples, 0.03 * hz, 2.0)) / RATE_HZ
        up = np.exp(wander(rng, samples, 0.3, 3.0)) * ((time >= first) & (time < last))
        course += size * up * np.sin(phase)
        if kind == "6-9 Hz with harmonic":
            course += size * float(rng.uniform(0.3, 0.9)) * up * np.sin(2 * phase + float(rng.uniform(0, 6)))
        if kind == "on slow movement":
            course += 2.0 * np.sin(2 * np.pi * np.cumsum(0.5 + wander(rng, samples, 0.1, 3.0)) / RATE_HZ)
        turns = np.interp((first, last), time, phase) / (2 * np.pi)
        truth.append(
            Event(first, last - first, "tremor", attributes={"freq_hz": (turns[1] - turns[0]) / (last - first)})
        )
    elif kind in ("pedal 2 Hz", "walk 0.9 Hz"):
        hz = float(rng.uniform(1.6, 2.8) if kind == "pedal 2 Hz" else rng.uniform(0.8, 1.1))
        phase = 2 * np.pi * np.cumsum(hz + wander(rng, samples, 0.02 * hz, 3.0)) / RATE_HZ
        for order in range(1, 8):
            course += 3 * float(rng.uniform(0.3, 1)) / order * np.sin(order * phase + float(rng.uniform(0, 6)))
    elif kind == "noise":
        noise = 0.3
    elif kind == "brown noise":
        course = np.cumsum(rng.normal(0, 0.05, samples))
    elif kind == "knocks":
        for at in rng.uniform(1, SECONDS - 1, 40):
            since = time - at
            ring = np.exp(-np.maximum(since, 0) / 0.04) * np.sin(2 * np.pi * 12 * since)
            course += float(rng.uniform(0.5, 5)) * np.where(since > 0, ring, 0)
    elif kind == "clonus":
        for start in (8.0, 22.0, 36.0, 50.0):
            hz, beats = float(rng.uniform(4.3, 7.7)), int(rng.integers(4, 15))
            since = time - start
            inside = (since >= 0) & (since < beats / hz)
            fall = np.exp(-np.maximum(since, 0) * float(rng.uniform(1.0, 2.0)) * hz / beats)
            course += 3 * np.where(inside, fall * np.sin(2 * np.pi * hz * since), 0)
            truth.append(Event(start, beats / hz, "clonus", attributes={"freq_hz": hz, "beats": beats}))
    way = rng.standard_normal(3)
    up_way = rng.standard_normal(3)
    clock = 1.01 if kind == "drifting clock" else 1.0
    values = np.outer(way / np.linalg.norm(way), course) + 9.81 * (up_way / np.linalg.norm(up_way))[:, None]
    values += noise * rng.standard_normal(values.shape)
    channels = tuple(
        Channel(name, "acceleration", 1.0, "made", "m/s2", "m/s2", RATE_HZ / clock, None, samples) for name in "xyz"
    )
    length = samples / RATE_HZ * clock
    truth = [
        Event(
            one.onset_s * clock,
            one.duration_s * clock,
            one.event,
            attributes=one.attributes | {"freq_hz": float(one.attributes["freq_hz"]) / clock},
        )
        for one in truth
    ]
    held = Held(values.astype(np.float32))
    return Recording(kind, "made", None, length, channels, (Segment(0.0, length),), (), (), held), truth
