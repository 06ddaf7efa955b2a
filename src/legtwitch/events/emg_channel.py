"""One channel of a recording searched from start to end, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.events import emg_codes as codes
from legtwitch.events.emg_edges import edges
from legtwitch.events.emg_group import ChannelFound
from legtwitch.events.emg_heart import take_heart_out
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_potentials import Potentials, find_potentials, joined
from legtwitch.events.emg_trace import EmgTrace, Stretch, prepare, stretches_of
from legtwitch.events.emg_voluntary import faint, loud, merged, total
from legtwitch.model import Channel, Problem, Recording


@dataclass(slots=True)
class EmgTally:
    """What was seen of one channel over all its segments; stretches in true time."""

    seconds: float = 0.0
    clipped: list[Stretch] = field(default_factory=list)
    flat: list[Stretch] = field(default_factory=list)
    noisy: list[Stretch] = field(default_factory=list)
    not_numbers: int = 0
    too_short_s: float = 0.0
    mains: set[float] = field(default_factory=set)
    beats: int = 0
    beat_uv: float = 0.0
    noise_uv: list[float] = field(default_factory=list)
    threshold: float = 0.0


def search_channel(
    recording: Recording,
    number: int,
    beats: Sequence[NDArray[np.float64]],
    parameters: EmgParameters,
) -> tuple[ChannelFound, EmgTally, list[EmgTrace | None]]:
    """Return what a channel (by its number) shows, what is to be said of it, and its cleaned segments.

    beats: for each segment the heart's beats in s from its start.
    """
    found, tally = ChannelFound(), EmgTally()
    traces: list[EmgTrace | None] = []
    parts: list[Potentials] = []
    channel = recording.channels[number]
    for index, segment in enumerate(recording.segments):
        assert recording.source is not None
        samples = recording.source.read(number, index)
        trace = prepare(samples, channel.rate_hz, segment.start_s, parameters)
        traces.append(trace)
        if trace is None:
            tally.too_short_s += segment.duration_s
            found.noisy.append((segment.start_s, segment.start_s + segment.duration_s))
            continue
        parts.append(_search_segment(trace, samples, channel.rate_hz, beats[index], index, parameters, found, tally))
        trace.energy = np.empty(0, dtype=np.float32)
    if parts:
        found.potentials = joined(parts)
    return found, tally, traces


def _search_segment(
    trace: EmgTrace,
    samples: NDArray[np.float32],
    rate_hz: float,
    beats_s: NDArray[np.float64],
    index: int,
    parameters: EmgParameters,
    found: ChannelFound,
    tally: EmgTally,
) -> Potentials:
    locked = take_heart_out(trace, beats_s, parameters) if beats_s.size else None
    if locked is not None:
        tally.beats += beats_s.size
        tally.beat_uv = max(tally.beat_uv, float(np.abs(locked.shape).max()))
    potentials = find_potentials(trace, beats_s, locked, index, parameters)
    potentials = _with_jumps(potentials, samples, rate_hz, trace, parameters)
    begin, block_s = trace.start_s, trace.block / trace.rate_hz
    found.loud += loud(trace, parameters)
    found.faint += faint(trace, potentials.time_s[~potentials.pop], parameters)
    unusable = trace.bad | (trace.noise_uv > parameters.ceiling_uv)
    noisy = [(begin + start, begin + stop) for start, stop in stretches_of(unusable, block_s)]
    found.noisy += noisy
    tally.seconds += trace.duration_s
    tally.noisy += [(begin + a, begin + b) for a, b in stretches_of(unusable & ~trace.bad, block_s)]
    tally.clipped += [(begin + start, begin + stop) for start, stop in trace.clipped]
    tally.flat += [(begin + start, begin + stop) for start, stop in trace.flat]
    tally.not_numbers += trace.not_numbers
    tally.mains.update(trace.mains)
    tally.threshold = max(tally.threshold, trace.threshold)
    tally.noise_uv.append(float(np.median(trace.noise_uv)))
    return potentials


def _with_jumps(
    found: Potentials, samples: NDArray[np.float32], rate_hz: float, trace: EmgTrace, parameters: EmgParameters
) -> Potentials:
    """Mark the jumps of an electrode as the raw signal shows them, and leave out what filters make of them."""
    jumps, maybe = edges(samples, rate_hz, found.at / trace.rate_hz, parameters)
    found.pop |= jumps
    found.moved &= ~jumps
    found.sharp |= maybe
    at, size = found.time_s[jumps], found.peak_to_peak_uv[jumps]
    if not at.size:
        return found
    place = np.searchsorted(at, found.time_s)
    tail = np.zeros(len(found), dtype=bool)
    for near in (np.clip(place - 1, 0, at.size - 1), np.clip(place, 0, at.size - 1)):
        tail |= (np.abs(found.time_s - at[near]) < parameters.pop_tail_s) & (
            found.peak_to_peak_uv < parameters.pop_tail_share * size[near]
        )
    return found.take(~tail | jumps)


def emg_problems(channel: Channel, tally: EmgTally, parameters: EmgParameters) -> list[Problem]:
    """Return what has to be said about a channel."""
    told: list[Problem] = []
    name = channel.name

    def say(code: str, message: str, effect: str = "", at: Sequence[Stretch] = (), repaired: bool = False) -> None:
        start, stop = (at[0][0], at[-1][1]) if at else (None, None)
        told.append(Problem(code, f"{name}: {message}", effect, name, start, stop, repaired))

    if tally.clipped:
        say(
            codes.CLIPPED,
            f"the signal is clipped {len(tally.clipped)} times, {total(tally.clipped):.2f} s together.",
            "Amplitudes there are too low; potentials that it touches are marked `saturated`.",
            tally.clipped,
        )
    if tally.flat:
        say(
            codes.NO_SIGNAL,
            f"no signal in {len(tally.flat)} stretches, {total(tally.flat):.0f} s together (a loose lead?).",
            "That time is not scorable.",
            tally.flat,
        )
    if tally.noisy:
        say(
            codes.TOO_NOISY,
            f"noise above {parameters.ceiling_uv:g} uV for {total(merged(tally.noisy)):.0f} s.",
            "Potentials of 100 uV would be missed there; that time is not scorable.",
            tally.noisy,
        )
    noise = float(np.median(tally.noise_uv)) if tally.noise_uv else 0.0
    if parameters.high_noise_uv < noise <= parameters.ceiling_uv:
        say(
            codes.NOISE_HIGH,
            f"the noise at rest is {noise:.0f} uV.",
            "Small potentials are missed: every count is a lower bound.",
        )
    if tally.threshold > 1.15 * parameters.threshold:
        say(
            codes.NOISE_HIGH,
            "the noise swells from moment to moment; the threshold was raised "
            f"{tally.threshold / parameters.threshold:.1f} times.",
            "Small potentials are missed: every count is a lower bound.",
        )
    if tally.mains:
        lines = ", ".join(f"{line:g}" for line in sorted(tally.mains))
        say(codes.MAINS_REMOVED, f"a mains line at {lines} Hz was found and subtracted.", repaired=True)
    if tally.beats:
        say(
            codes.HEART_REMOVED,
            f"the heart is seen in this channel ({tally.beats} beats, {tally.beat_uv:.0f} uV); it was subtracted.",
            "On a beat only potentials that stand out of what the heart leaves are counted.",
            repaired=True,
        )
    if tally.not_numbers:
        say(codes.NO_NUMBERS, f"{tally.not_numbers} samples are no numbers.", "They were taken as 0.")
    if tally.too_short_s:
        say(
            codes.STRETCH_SHORT,
            f"stretches shorter than {parameters.least_piece_s:g} s ({tally.too_short_s:.0f} s together) left out.",
        )
    return told
