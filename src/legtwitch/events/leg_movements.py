"""Leg movements of every leg channel of a recording, each leg by itself, never across a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.errors import RecordingError
from legtwitch.events import codes
from legtwitch.events.cross_talk import Excerpt, without_cross_talk
from legtwitch.events.intervals import Signal, find_intervals
from legtwitch.events.leg_events import Rejected, make_events
from legtwitch.events.night_classes import LegBursts, night_classes
from legtwitch.events.night_classes_bursts import Bursts, find_bursts, joined
from legtwitch.events.parameters import Parameters
from legtwitch.events.quality import Tally, channel_problems
from legtwitch.events.raw import RawScan
from legtwitch.events.trace import EnvelopeTrace, TracePiece
from legtwitch.model import Channel, Event, OtherMovements, PieceSource, Problem, Recording, SampleSource, Segment, Side
from legtwitch.recording import why_not
from legtwitch.signal import (
    ZeroPhaseFilter,
    bandpass_kernel,
    filter_zero_phase,
    median,
    remove_mains,
    resting_baseline,
    rms_envelope,
    runs,
    smear_of,
    subtract_spikes,
    subtract_tones,
)

_SIDES: dict[str, Side] = {"leg_left": "left", "leg_right": "right", "leg_both": "n/a", "leg_unknown": "n/a"}

_THREADS = 2
_PIECE = 1 << 16
_KEPT_BYTES = 8 << 20  # glibc heeds blocks of less than 32 MiB


@dataclass(frozen=True, slots=True)
class LegMovements:
    """What was found: movements of single legs in order of onset, problems, a trace by channel name.

    other: what else moves, in classes of their own. rejected: what was seen and not taken for a movement.
    """

    events: tuple[Event, ...]
    problems: tuple[Problem, ...]
    traces: Mapping[str, EnvelopeTrace]
    parameters_hash: str
    other: OtherMovements
    rejected: tuple[Rejected, ...] = ()


@dataclass(slots=True)
class _Found:
    excerpts: list[Excerpt] = field(default_factory=list)
    traces: list[TracePiece] = field(default_factory=list)
    bursts: list[Bursts] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def detect_leg_movements(recording: Recording, parameters: Parameters | None = None) -> LegMovements:
    """Return the leg movements of every usable leg channel (roles `leg_*`), whatever their duration beyond 0.5 s.

    Each event has the side of its channel (`n/a` where it isn't known or both legs share the channel) and as attributes
    (uV where the name says so) `peak_uv` highest RMS above rest, `rms_uv` RMS over the event, `median_uv` median of
    the RMS above rest in the best stretch of 0.5 s, `rest_uv` resting RMS, `noise_uv` fluctuation of the RMS at rest,
    `snr` = (rms_uv - rest_uv) / noise_uv, `confidence` 0 to 1 that it is a movement, `saturated`.

    Source: AASM scoring manual v2.6/v3 and WASM 2016; every number is in `Parameters`.
    Deviations: see `find_intervals`; 4. single spikes of an electrode, potentials of 0.16 s or shorter strung together,
    the heart, pure tones, and what one leg picks up of the other are left out;
    5. movements that are part of a train of bursts (`night_classes`) are left out and stand in `other`.

    Raises
    ------
    RecordingError: no leg channel can be used (E302); why each can't be is in the message.
    """
    chosen = parameters or Parameters()
    legs = [(number, one) for number, one in enumerate(recording.channels) if one.role in _SIDES]
    refused = {one.name: why_not(one) for _, one in legs}
    if recording.source is None or all(refused.values()):
        raise RecordingError(
            codes.NO_USABLE_CHANNEL,
            "No leg channel of this recording can be used for leg movements.",
            got="; ".join(f"{name}: {reason}" for name, reason in refused.items()) or "no leg channel",
            allowed="a leg EMG channel in V, mV or uV of at least 100 samples a second",
            do="`legtwitch check` explains the file.",
        )
    problems = [
        Problem(codes.CHANNEL_NOT_USED, f"{name} was not used: {reason}.", "No movements of it are known.", name)
        for name, reason in refused.items()
        if reason
    ]
    used = [(number, one) for number, one in legs if not refused[one.name]]
    # Never touched, so free of cost; once it is freed, glibc keeps smaller blocks instead of giving each back.
    np.empty(_KEPT_BYTES, dtype=np.uint8)
    beats = _beats(recording, chosen)
    with ThreadPoolExecutor(
        max_workers=_THREADS
    ) as pool:  # numpy lets go of the interpreter: two legs take little more
        tasks = [pool.submit(_detect_channel, recording, number, one, beats, chosen) for number, one in used]
        legs_found = {one.name: task.result() for (_, one), task in zip(used, tasks, strict=True)}
    traces = {name: EnvelopeTrace(name, tuple(found.traces)) for name, found in legs_found.items()}
    events, leaks = without_cross_talk({name: one.excerpts for name, one in legs_found.items()}, chosen)
    events.sort(key=lambda one: (one.onset_s, one.channel or ""))
    bursts = [LegBursts(one.name, _SIDES[one.role], joined(legs_found[one.name].bursts)) for _, one in used]
    classes = night_classes(bursts, events, recording.events, chosen)
    for _, channel in used:
        tally = legs_found[channel.name].tally
        tally.dropped[codes.CROSS_TALK] = leaks[channel.name]
        tally.dropped[codes.PART_OF_TRAIN] = classes.dropped[channel.name]
        problems += channel_problems(channel, tally, chosen)
    found = [one for leg in legs_found.values() for one in leg.excerpts]
    rejected = [one for leg in legs_found.values() for one in leg.rejected]
    rejected += _not_kept([one.event for one in found], events, codes.CROSS_TALK)
    rejected += _not_kept(events, classes.kept, codes.PART_OF_TRAIN)
    rejected.sort(key=lambda one: (one.onset_s, one.channel))
    return LegMovements(classes.kept, tuple(problems), traces, chosen.hash, classes.other, tuple(rejected))


def _not_kept(before: Sequence[Event], after: Sequence[Event], code: str) -> list[Rejected]:
    """Return the events that are gone; one whose beginning was cut off still has its end."""
    ends = {(one.channel, round(one.onset_s + one.duration_s, 6)) for one in after}
    gone = (one for one in before if (one.channel, round(one.onset_s + one.duration_s, 6)) not in ends)
    return [Rejected(one.onset_s, one.duration_s, one.side, one.channel or "", code) for one in gone]


def _beats(recording: Recording, parameters: Parameters) -> list[NDArray[np.float64]]:
    """The heart beats of each segment (s from its start) as the first usable ECG channel shows them; empty if none."""
    source = recording.source
    ecg = next(((number, one) for number, one in enumerate(recording.channels) if _shows_beats(one, parameters)), None)
    if source is None or ecg is None:
        return [np.empty(0) for _ in recording.segments]
    number, channel = ecg
    rate = channel.rate_hz
    kernel = bandpass_kernel(rate, parameters.low_hz, min(parameters.beat_high_hz, 0.45 * rate), parameters.kernel_s)
    found = []
    for index in range(len(recording.segments)):
        values = filter_zero_phase(np.nan_to_num(source.read(number, index)), kernel)
        spikes = subtract_spikes(values, rate, parameters.spikes)
        found.append(np.empty(0) if spikes is None else spikes.samples / rate)
    return found


def _shows_beats(channel: Channel, parameters: Parameters) -> bool:
    usable = channel.unit == "uV" and channel.samples > 0 and channel.rate_hz >= parameters.beat_rate_hz
    return channel.role == "ecg" and usable


def _detect_channel(
    recording: Recording, number: int, channel: Channel, beats: list[NDArray[np.float64]], parameters: Parameters
) -> _Found:
    """What is found in a channel over all segments."""
    found = _Found()
    if recording.source is not None:
        for index, (segment, known) in enumerate(zip(recording.segments, beats, strict=True)):
            _detect_segment(recording.source, number, channel, segment, index, known, parameters, found)
    return found


def _detect_segment(
    source: SampleSource,
    number: int,
    channel: Channel,
    segment: Segment,
    index: int,
    beats: NDArray[np.float64],
    parameters: Parameters,
    found: _Found,
) -> None:
    """Find the movements of one channel (its number) over one segment (its index) and add what was found."""
    rate, tally = channel.rate_hz, found.tally
    size, pieces = _pieces(source, number, index)
    if size < parameters.least_piece_s * rate:
        tally.too_short_pieces.append((segment.start_s, size / rate))
        return
    high = min(parameters.high_hz, parameters.high_of_rate * rate)
    kernel = bandpass_kernel(rate, parameters.low_hz, high, parameters.kernel_s)
    raw, filtered = RawScan(rate, parameters), ZeroPhaseFilter(kernel, size)
    for piece in pieces:
        filtered.push(raw.push(piece))
    values, dead, clipped = filtered.result(), raw.dead(), raw.clipped()
    tally.not_numbers += raw.not_numbers
    tally.mains.update(remove_mains(values, rate, high))
    tones = subtract_tones(values, rate, _loud(values, rate, parameters), parameters.tone_share)
    tally.tones += [(segment.start_s + start / rate, segment.start_s + stop / rate) for start, stop in tones]
    heart = subtract_spikes(values, rate, parameters.spikes, np.round(beats * rate).astype(np.int64))
    signal = _prepare(values, rate, dead, smear_of(kernel, parameters.fit_bin(rate)), parameters)
    tally.add_segment(segment, signal, dead, clipped, heart, parameters)
    found.traces.append(_trace(signal, segment.start_s, parameters))
    found.bursts.append(find_bursts(signal, segment.start_s, parameters))
    intervals = find_intervals(signal, parameters)
    longest = round(parameters.leak_longest_s * rate)
    stops = [min(one.stop, one.start + longest) for one in intervals]
    # One array for all excerpts: thousands of small ones would keep the freed night from going back to the system.
    kept = np.empty(sum(stop - one.start for one, stop in zip(intervals, stops, strict=True)), dtype=np.float16)
    place = 0
    made = make_events(signal, intervals, channel.name, _SIDES[channel.role], segment.start_s, clipped, parameters)
    for interval, stop, event in zip(intervals, stops, made, strict=True):
        if isinstance(event, Rejected):
            tally.dropped[event.code] += 1
            found.rejected.append(event)
        else:
            excerpt = kept[place : place + stop - interval.start]
            excerpt[:] = np.clip(values[interval.start : stop], -6e4, 6e4)
            place += excerpt.size
            found.excerpts.append(Excerpt(event, rate, index, interval.start, excerpt))
            tally.add_event(event, interval, parameters)


def _loud(values: NDArray[np.float32], rate: float, parameters: Parameters) -> NDArray[np.int64]:
    """Stretches (start, stop) in samples that may be loud enough for a movement, and louder than most of the night."""
    size = max(1, round(parameters.loud_s * rate))
    rows = values[: values.size // size * size].reshape(-1, size)
    level = np.sqrt(np.einsum("ij,ij->i", rows, rows) / size)
    least = (
        max(parameters.loud_share * parameters.onset_uv, parameters.loud_over * median(level)) if level.size else 0.0
    )
    return runs(level >= least) * size


def _pieces(source: SampleSource, number: int, index: int) -> tuple[int, Iterable[NDArray[np.float32]]]:
    """The samples of a channel over a segment as they come, and how many they are."""
    if isinstance(source, PieceSource):
        return source.size(number, index), source.pieces(number, index)
    whole = source.read(number, index)
    return whole.size, (whole[first : first + _PIECE] for first in range(0, whole.size, _PIECE))


def _prepare(
    values: NDArray[np.float32],
    rate: float,
    dead: NDArray[np.int64],
    smear: tuple[float, ...],
    parameters: Parameters,
) -> Signal:
    """The envelope of filtered samples with its resting level and margins."""
    step = max(1, int(rate // parameters.grid_hz))
    window = 2 * round(parameters.window_s * rate / 2) + 1
    envelope = rms_envelope(values, window, step)
    excluded = np.zeros(envelope.size, dtype=bool)
    for start, stop in dead:
        excluded[max(0, (start - window) // step) : (stop + window) // step + 1] = True
    baseline = resting_baseline(envelope, rate / step, parameters.baseline, excluded)
    tops = np.maximum.reduceat(envelope, np.arange(0, envelope.size, baseline.block))
    return Signal(values, rate, step, window, envelope, tops, baseline, smear)


def _trace(signal: Signal, start_s: float, parameters: Parameters) -> TracePiece:
    every = max(1, int(signal.rate_hz / signal.step // parameters.trace_hz))
    return TracePiece(
        start_s,
        signal.rate_hz / (signal.step * every),
        signal.envelope[::every].copy(),
        signal.baseline.rest,
        every,
    )
