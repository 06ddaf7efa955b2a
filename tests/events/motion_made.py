"""Recordings of a phone whose motion is given sample by sample, for these tests alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from legtwitch.model import Channel, Recording, Segment

UP = np.array([0.0, 0.6, 0.8])
WAY = np.array([1.0, 1.0, -1.0]) / np.sqrt(3)


@dataclass(frozen=True)
class Held:
    """A source that holds its samples by channel."""

    values: Any

    def read(self, channel: int, segment: int) -> Any:
        return self.values[channel]


def phone(course: Any, rate_hz: float = 100.0, noise: float = 0.01, seed: int = 12) -> Recording:
    """A recording of courses along one direction (n,) or three (3, n), in m/s2, with gravity and noise."""
    moved = np.outer(WAY, course) if np.ndim(course) == 1 else course
    values = moved + 9.81 * UP[:, None] + np.random.default_rng(seed).normal(0, noise, moved.shape)
    count = moved.shape[1]
    channels = tuple(Channel(one, "acceleration", 1.0, "made", "m/s2", "m/s2", rate_hz, None, count) for one in "xyz")
    held = Held(np.asarray(values, dtype=np.float32))
    segments = (Segment(0.0, count / rate_hz),)
    return Recording("x.csv", "CSV", None, count / rate_hz, channels, segments, (), (), held)
