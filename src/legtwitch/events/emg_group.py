"""Channels of one muscle (or of unknown muscles of one side) as one thing: cleaned signals and merged potentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.emg_trace import EmgTrace, Stretch
from legtwitch.events.emg_voluntary import without
from legtwitch.model import Side

_TOGETHER_S = 0.008
_LATE_S = 0.016
_STEP_S = 0.007
_PAD_S = 0.1
_STEPS = 16.0


@dataclass(frozen=True, slots=True)
class Group:
    """The channels that are judged together.

    muscle: vocabulary id or None. side. names: channels. told: the muscle was stated by the user. volts: the unit is a
    voltage; without one there are no amplitudes.
    """

    muscle: str | None
    side: Side
    names: tuple[str, ...]
    told: bool = False
    volts: bool = True


@dataclass(slots=True)
class Kept:
    """The cleaned signal of a group, small: whole numbers, all segments in a row with a little nothing between.

    values: (channels, n). step_uv: (channels,), one step in uV. noise_uv: (channels,). starts: for each segment its
    first sample here, and its start in s of true time.
    """

    rate_hz: float
    values: NDArray[np.int16]
    step_uv: NDArray[np.float32]
    noise_uv: NDArray[np.float32]
    starts: list[tuple[int, float]]

    def sample_of(self, at: NDArray[np.int64], segment: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where samples of segments lie here."""
        begin = np.asarray([one for one, _ in self.starts], dtype=np.int64)
        return np.asarray(begin[segment] + at, dtype=np.int64)

    def time_of(self, sample: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the true time in s of fractional samples."""
        begin = np.asarray([one for one, _ in self.starts], dtype=np.float64)
        start = np.asarray([one for _, one in self.starts], dtype=np.float64)
        place = np.clip(np.searchsorted(begin, sample, side="right") - 1, 0, begin.size - 1)
        return np.asarray(start[place] + (sample - begin[place]) / self.rate_hz, dtype=np.float64)


def room_for(lengths: Sequence[tuple[int, float]], channels: int, rate_hz: float) -> Kept:
    """Return empty room. lengths: samples and start in s of each segment."""
    pad = round(_PAD_S * rate_hz)
    starts, place = [], pad
    for samples, start_s in lengths:
        starts.append((place, start_s))
        place += samples + pad
    return Kept(
        rate_hz,
        np.zeros((channels, place), dtype=np.int16),
        np.ones(channels, dtype=np.float32),
        np.ones(channels, dtype=np.float32),
        starts,
    )


def keep(kept: Kept, channel: int, traces: Sequence[EmgTrace | None]) -> None:
    """Put the cleaned segments of a channel into its room, sixteen steps to the noise."""
    known = [float(np.median(one.noise_uv)) for one in traces if one is not None]
    noise = max(float(np.median(known)) if known else 1.0, 1e-3)
    step = noise / _STEPS
    kept.step_uv[channel], kept.noise_uv[channel] = step, noise
    for number, trace in enumerate(traces):
        if trace is not None:
            begin = kept.starts[number][0]
            whole = np.clip(np.rint(trace.values / np.float32(step)), -32767, 32767)
            kept.values[channel, begin : begin + trace.values.size] = whole


@dataclass(slots=True)
class ChannelFound:
    """What one channel shows: its potentials, voluntary stretches, and time that can't be judged, in true time."""

    potentials: Potentials | None = None
    loud: list[Stretch] = field(default_factory=list)
    faint: list[Stretch] = field(default_factory=list)
    noisy: list[Stretch] = field(default_factory=list)


@dataclass(slots=True)
class Merged:
    """Potentials of a group, one row where several channels show one.

    rows: the potential of the channel that shows it best. channel: its number. also: bits of other channels, as lists.
    """

    rows: Potentials
    channel: NDArray[np.int64]
    also: list[tuple[int, ...]]


def merge(found: Sequence[ChannelFound]) -> Merged | None:
    """Return the potentials of all channels; None where there are none.

    Those within 8 ms of a larger one of another channel (within 16 ms where it is twice as large) are one with it.
    """
    from legtwitch.events.emg_potentials import joined

    parts = [(number, one.potentials) for number, one in enumerate(found) if one.potentials is not None]
    parts = [(number, one) for number, one in parts if len(one)]
    if not parts:
        return None
    every = joined([one for _, one in parts])
    channel = np.concatenate([np.full(len(one), number, dtype=np.int64) for number, one in parts])
    order = np.argsort(every.time_s, kind="stable")
    every, channel = every.take(order), channel[order]
    time = every.time_s
    lead = np.full(time.size, -1, dtype=np.int64)
    for number in np.argsort(-every.energy, kind="stable").tolist():
        if lead[number] < 0:
            lead[number] = number
            lead[_with(number, every, channel, lead)] = number
    leads = np.flatnonzero(lead == np.arange(time.size))
    followers: dict[int, list[int]] = {}
    for number in np.flatnonzero(lead != np.arange(time.size)).tolist():
        followers.setdefault(int(lead[number]), []).append(int(channel[number]))
    also = [tuple(sorted(set(followers.get(number, ())))) for number in leads.tolist()]
    return Merged(every.take(leads), channel[leads], also)


def _with(number: int, every: Potentials, channel: NDArray[np.int64], lead: NDArray[np.int64]) -> list[int]:
    """The potentials of other channels that belong to a leading one, at most one of each channel.

    Near it in time, or near one that belongs to it (it runs along an array), or mostly within its extent, or much
    smaller and a little later.
    """
    time = every.time_s
    low, high = np.searchsorted(time, (time[number] - _LATE_S, time[number] + _LATE_S))
    near = [one for one in range(int(low), int(high)) if lead[one] < 0 and channel[one] != channel[number]]
    near.sort(key=lambda one: abs(float(time[one] - time[number])))
    taken, seen, reached = [], {int(channel[number])}, [float(time[number])]
    for one in near:
        moment = float(time[one])
        steps = min(abs(moment - other) for other in reached)
        weak = every.peak_to_peak_uv[one] < 0.5 * every.peak_to_peak_uv[number]
        common = min(every.last_s[one], every.last_s[number]) - max(every.first_s[one], every.first_s[number])
        shorter = min(every.last_s[k] - every.first_s[k] for k in (one, number))
        close = abs(moment - time[number]) <= _TOGETHER_S or steps <= _STEP_S or common > 0.6 * max(shorter, 0.004)
        if int(channel[one]) not in seen and (close or weak):
            taken.append(one)
            seen.add(int(channel[one]))
            reached.append(moment)
        elif weak:
            taken.append(one)
    return taken


def shared(stretches: Sequence[list[Stretch]], least: float) -> list[Stretch]:
    """Return when at least a share of `least` of the channels lie inside their stretches (each list in order)."""
    if len(stretches) == 1:
        return stretches[0]
    edges = [(start, 1) for one in stretches for start, _ in one] + [(stop, -1) for one in stretches for _, stop in one]
    needed = max(1, int(np.ceil(least * len(stretches))))
    result: list[Stretch] = []
    depth, begin = 0, None
    for place, change in sorted(edges, key=lambda edge: (edge[0], -edge[1])):
        depth += change
        if depth >= needed and begin is None:
            begin = place
        elif depth < needed and begin is not None:
            if place > begin:
                result.append((begin, place))
            begin = None
    return result


def scorable(whole: list[Stretch], taken: list[Stretch], parameters: EmgParameters) -> list[Stretch]:
    """Return what is left of the recorded time, without pieces shorter than a quarter second."""
    return [(start, stop) for start, stop in without(whole, taken) if stop - start >= parameters.quarter_s]
