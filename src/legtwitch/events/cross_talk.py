"""What one leg's electrodes pick up of the other leg: the same waveform, only smaller; a whole event or its start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.parameters import Parameters
from legtwitch.model import Event

_HEAD_BINS = 2


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


def _own_start(one: Excerpt, other: Excerpt, parameters: Parameters) -> int:
    """Samples at the beginning of `one` that are explained by a fraction of `other`, which began before it.

    The share is that of the beginning; from bin to bin it is looked at whether what remains is below the onset rule.
    """
    start, stop = max(one.first, other.first), min(one.first + one.values.size, other.first + other.values.size)
    size = max(4, round(parameters.leak_bin_s * one.rate_hz))
    count = (stop - start) // size
    if one.segment != other.segment or start > one.first or count < _HEAD_BINS:
        return 0
    own = one.values[: count * size].astype(np.float64).reshape(count, size)
    first = one.first - other.first
    loud = other.values[first : first + count * size].astype(np.float64).reshape(count, size)
    head, above = own[:_HEAD_BINS].ravel(), loud[:_HEAD_BINS].ravel()
    power = float(above @ above)
    alike = abs(float(head @ above)) / (float(np.sqrt((head @ head) * power)) + 1e-12)
    if alike < parameters.leak_head_likeness or float(head @ head) * parameters.leak_ratio**2 > power:
        return 0
    left = own - (float(head @ above) / power) * loud
    limit = float(one.event.attributes["rest_uv"]) + parameters.onset_uv
    own_bins = np.sqrt(np.mean(left * left, axis=1)) >= limit
    both = own_bins[:-1] & own_bins[1:]
    return size * (int(np.argmax(both)) if both.any() else count)


def _from_its_own_start(one: Excerpt, others: Sequence[Excerpt], parameters: Parameters) -> Event | None:
    """Return the event without the beginning that is another leg's; None where less than a movement remains."""
    late = max((_own_start(one, other, parameters) for other in others), default=0)
    if not late:
        return one.event
    left_s = one.event.duration_s - late / one.rate_hz
    if left_s < parameters.shortest_s:
        return None
    return replace(one.event, onset_s=one.event.onset_s + late / one.rate_hz, duration_s=left_s)


def without_cross_talk(
    legs: Mapping[str, Sequence[Excerpt]], parameters: Parameters
) -> tuple[list[Event], Counter[str]]:
    """Return the movements that aren't another leg's seen from afar, and how many were left out, by channel.

    legs: excerpts by channel, each in order of onset. A movement is left out where a louder simultaneous one of another
    channel has the same waveform and, once its share is subtracted, less than 8 uV above rest remains. Where that is so
    only of its beginning (both legs move, one a moment later), it begins where its own signal does.
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
            leak = any(_is_leak(one, other, parameters) for other in near)
            event = None if leak else _from_its_own_start(one, near, parameters)
            if event is None:
                dropped[channel] += 1
            else:
                kept.append(event)
    return kept, dropped
