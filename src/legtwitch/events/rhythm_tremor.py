"""Stretches of tremor in the envelope of EMG, told from one motor unit and from movement at will."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_runs import fall
from legtwitch.events.motion_tremor import band_words, stability_of, tremor_confidence
from legtwitch.events.rhythm_envelope import Burst, Envelope
from legtwitch.events.rhythm_parameters import EmgRhythmParameters
from legtwitch.events.rhythm_windows import (
    RhythmWindows,
    Stretch,
    kept_windows,
    rhythm_windows,
    stretches,
    tremor_windows,
    width_of,
)
from legtwitch.model import Detected

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TremorFound:
    """What one segment shows of tremor.

    windows, positive: how many there are, and how many hold a tremor. hz, power: the mean spectrum of all, (m,).
    events: in time of the recording. single_unit: how many stretches were one motor unit. movement: how many windows
    a slower movement.
    """

    windows: int
    positive: int
    hz: Floats
    power: Floats
    events: tuple[Detected, ...]
    single_unit: int
    movement: int


def tremor_of(
    envelope: Envelope, bursts: list[Burst], posture: str | None, parameters: EmgRhythmParameters
) -> TremorFound:
    """Return the stretches of tremor of one muscle over one segment."""
    settings = parameters.rhythm
    course, rate = envelope.fast[None], envelope.fast_hz
    windows = rhythm_windows(course, rate, settings)
    mean, rest, usable = (
        window_means(one, envelope.rate_hz, windows.start_s, settings.window_s)
        for one in (envelope.level, envelope.floor, envelope.usable.astype(np.float64))
    )
    awake = (mean >= parameters.least_over_rest * rest) & (usable >= 0.95)
    chosen = tremor_windows(windows, parameters.least_depth * mean, settings) & awake
    events, units = [], 0
    found = stretches(course, rate, windows, chosen, settings)
    chosen = kept_windows(chosen, found)
    for one in found:
        inside = [burst for burst in bursts if one.start_s <= burst.onset_s < one.stop_s]
        inside = [burst for burst in inside if burst.length_s < 1 / one.frequency_hz]
        seen = len(inside) >= 0.5 * (one.stop_s - one.start_s) * one.frequency_hz
        width = float(np.median([burst.length_s for burst in inside])) * 1000 if seen else None
        narrow = width is not None and width < parameters.tremor_burst_ms
        pairs = [burst.alike for burst in inside if burst.alike is not None]
        grouped = bool(pairs) and float(np.median(pairs)) >= parameters.train_pairs
        if (narrow and _one_unit(envelope, one, parameters)) or (grouped and len(pairs) >= len(inside) // 2):
            units += 1
            chosen[list(one.windows)] = False
            continue
        events.append(_event(envelope, course, rate, windows, one, width, posture, parameters))
    moving = int((np.isfinite(windows.movement_hz) & awake & ~chosen).sum())
    spectra = windows.spectra
    mean_power = spectra.power.mean(axis=0) if chosen.size else np.empty(0)
    return TremorFound(int(chosen.size), int(chosen.sum()), spectra.hz, mean_power, tuple(events), units, moving)


def window_means(values: Floats, rate_hz: float, starts_s: Floats, window_s: float) -> Floats:
    """Return the mean of values (n,) in each window, (k,); infinite only where the window itself holds infinity."""
    endless = np.isinf(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(endless, 0.0, values))))
    beyond = np.concatenate(([0], np.cumsum(endless)))
    first = np.round(starts_s * rate_hz).astype(np.int64)
    last = np.minimum(first + round(window_s * rate_hz), values.size)
    means = (total[last] - total[first]) / np.maximum(last - first, 1)
    return np.where(beyond[last] > beyond[first], np.inf, means)


def _one_unit(envelope: Envelope, found: Stretch, parameters: EmgRhythmParameters) -> bool:
    """Whether the potentials of a regular rhythm all have one waveform, as those of one motor unit have."""
    rate = envelope.raw_hz
    first, last = round(found.start_s * rate), min(round(found.stop_s * rate), envelope.values.size)
    period = round(rate / found.frequency_hz)
    half = round(0.012 * rate)
    part = envelope.values[first:last].astype(np.float64)
    tops: list[int] = []
    for start in range(0, part.size - period, period):
        top = start + int(np.abs(part[start : start + period]).argmax())
        if half <= top < part.size - half and (not tops or top - tops[-1] > period // 2):
            tops.append(top)
    if len(tops) < 6 or half < 4:
        return False
    shapes = np.stack([part[top - half : top + half + 1] * np.sign(part[top]) for top in tops])
    shapes /= np.maximum(np.linalg.norm(shapes, axis=1, keepdims=True), 1e-9)
    template = np.median(shapes, axis=0)
    template /= max(float(np.linalg.norm(template)), 1e-9)
    return bool(np.median(shapes @ template) >= parameters.unit_likeness)


def _event(
    envelope: Envelope,
    course: Floats,
    rate: float,
    windows: RhythmWindows,
    found: Stretch,
    burst_ms: float | None,
    posture: str | None,
    parameters: EmgRhythmParameters,
) -> Detected:
    first, last = round(found.start_s * rate), round(found.stop_s * rate)
    part, chosen, seconds = course[:, first:last], list(found.windows), found.stop_s - found.start_s
    share = float(windows.share[chosen].mean())
    chance = tremor_confidence(share, seconds, 0.5 if found.frequency_hz < 4 else 0.0)
    size = max(1, round(rate / found.frequency_hz))
    cycles = part[0, : part.shape[1] // size * size].reshape(-1, size).max(axis=1)
    decrement, _ = fall(cycles)
    width, stability = width_of(windows, chosen), stability_of(part, rate, found.frequency_hz, parameters.rhythm)
    others = {"voluntary_activity": round(0.5 * (1 - chance), 3), "clonus": round(0.2 * (1 - chance), 3)}
    return Detected(
        envelope.start_s + found.start_s,
        seconds,
        "tremor",
        confidence=round(chance, 3),
        alternatives={name: value for name, value in others.items() if value >= 0.02},
        measures={
            "freq_hz": round(found.frequency_hz, 2),
            "half_width_hz": None if width is None else round(width, 2),
            "peak_power_ratio": round(share, 3),
            "stability_index_hz": None if stability is None else round(stability, 3),
            "burst_ms": None if burst_ms is None else round(burst_ms, 1),
            "rms_uv": round(float(np.sqrt((part**2).mean())), 2),
            "decrement": round(decrement, 2),
            "posture": posture,
        },
        reasons=(
            f"{100 * share:.0f} % of the power of 3 to 20 Hz of the envelope lies near {found.frequency_hz:.1f} Hz",
            band_words(found.frequency_hz, posture),
        ),
    )
