"""What one leg's electrodes pick up of the other leg: the same waveform, only smaller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.parameters import Parameters
from legtwitch.model import Event


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A movement with its filtered samples (uV, float16 to save memory), from sample `first` of its segment on."""

    event: Event
    rate_hz: float
    segment: int
    first: int
    values: NDArray[np.float16]


def _is_leak(one: Excerpt, other: Excerpt, parameters: Parameters) -> bool:
    """Whether what `one` shows is explained by a fraction of `other`."""
    start = max(one.first, other.first)
    stop = min(one.first + one.values.size, other.first + other.values.size)
    if one.segment != other.segment or stop - start < parameters.leak_overlap * one.values.size:
        return False
    own = one.values[start - one.first : stop - one.first].astype(np.float64)
    loud = other.values[start - other.first : stop - other.first].astype(np.float64)
    if np.sqrt(own @ own) * parameters.leak_ratio > np.sqrt(loud @ loud):
        return False
    share = (own @ loud) / (loud @ loud)
    left = own - share * loud
    alike = abs(float(own @ loud)) / (float(np.linalg.norm(own) * np.linalg.norm(loud)) + 1e-12)
    rest = float(one.event.attributes["rest_uv"])
    return bool(alike >= parameters.leak_likeness and np.sqrt(np.mean(left * left)) < rest + parameters.onset_uv)


def without_cross_talk(
    legs: Mapping[str, Sequence[Excerpt]], parameters: Parameters
) -> tuple[list[Event], Counter[str]]:
    """Return the movements that aren't another leg's seen from afar, and how many were left out, by channel.

    legs: excerpts by channel, each in order of onset. A movement is left out where a louder simultaneous one of another
    channel has the same waveform and, once its share is subtracted, less than 8 uV above rest remains.
    """
    kept: list[Event] = []
    dropped: Counter[str] = Counter()
    for channel, excerpts in legs.items():
        others = [one for name, many in legs.items() if name != channel for one in many]
        others.sort(key=lambda one: one.event.onset_s)
        onsets = np.array([one.event.onset_s for one in others])
        longest = max((one.event.duration_s for one in others), default=0.0)
        for one in excerpts:
            first = int(np.searchsorted(onsets, one.event.onset_s - longest))
            last = int(np.searchsorted(onsets, one.event.onset_s + one.event.duration_s))
            near = [other for other in others[first:last] if other.rate_hz == one.rate_hz]
            if any(_is_leak(one, other, parameters) for other in near):
                dropped[channel] += 1
            else:
                kept.append(one.event)
    return kept, dropped
