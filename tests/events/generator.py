"""Nights of one or two legs with known truth, made for these tests alone: noise of known RMS along an envelope."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Channel, Event, Recording, Segment

Floats = NDArray[np.float64]


class Arrays:
    """A sample source that holds its samples: arrays[channel][segment]."""

    def __init__(self, arrays: list[list[NDArray[np.float32]]]) -> None:
        self.arrays = arrays

    def read(self, channel: int, segment: int) -> NDArray[np.float32]:
        return self.arrays[channel][segment]


def recording_of(
    signals: dict[str, list[Floats]],
    rate_hz: float,
    *,
    roles: dict[str, str] | None = None,
    starts: tuple[float, ...] = (0.0,),
    unit: str = "uV",
    resolution_uv: float = 0.1,
) -> Recording:
    """A recording of these channels, one array a segment; samples are rounded to steps as a file holds them."""
    usual = {"left": "leg_left", "right": "leg_right"}
    channels = tuple(
        Channel(
            name=name,
            role=(roles or usual)[name],  # type: ignore[arg-type]
            certainty=1.0,
            why="test",
            unit=unit,
            file_unit=unit,
            rate_hz=rate_hz,
            resolution_uv=resolution_uv,
            samples=sum(len(piece) for piece in pieces),
        )
        for name, pieces in signals.items()
    )
    first = next(iter(signals.values()))
    segments = tuple(Segment(start, len(piece) / rate_hz) for start, piece in zip(starts, first, strict=True))
    arrays = [
        [(np.round(piece / resolution_uv) * resolution_uv).astype(np.float32) for piece in pieces]
        for pieces in signals.values()
    ]
    end = max(one.start_s + one.duration_s for one in segments)
    return Recording("test", "EDF+D", None, end, channels, segments, (), (), Arrays(arrays))


def carrier(rng: np.random.Generator, samples: int, rate_hz: float) -> Floats:
    """Gaussian noise with unit RMS between 10 Hz and the upper edge of the detector's band, and more outside of it."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / rate_hz)
    band = (hz >= 10) & (hz <= min(100, 0.45 * rate_hz))
    spectrum *= np.sqrt(1 / (1 + (hz / 120) ** 2))  # muscle falls off slowly
    total = np.sum(np.abs(spectrum[band]) ** 2)
    return np.asarray(np.fft.irfft(spectrum, samples) * samples / np.sqrt(2 * total))


@dataclass
class Leg:
    """One leg: RMS along time (uV above rest, quadrature with rest), rest, and what else lies over it."""

    rate_hz: float
    seconds: float
    rest_uv: float | Floats
    seed: int
    excess: Floats = field(init=False)
    extra: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.samples = round(self.seconds * self.rate_hz)
        self.excess = np.zeros(self.samples)
        self.extra = np.zeros(self.samples)

    def burst(self, start_s: float, shape: Floats) -> None:
        """Add a burst whose RMS above rest is given at every sample."""
        first = round(start_s * self.rate_hz)
        stop = min(self.samples, first + len(shape))
        self.excess[first:stop] = np.maximum(self.excess[first:stop], shape[: stop - first])

    def signal(self) -> Floats:
        noise = carrier(np.random.default_rng(self.seed), self.samples, self.rate_hz)
        return np.asarray(noise * (self.rest_uv + self.excess) + self.extra)

    def truth(self) -> list[tuple[float, float]]:
        """(onset, offset) by the rules on the noise-free RMS: 8 uV up, then 0.5 s not above 2 uV; 0.5 s or longer."""
        hold = round(0.5 * self.rate_hz)
        over = np.concatenate(([0], np.flatnonzero(self.excess > 2), [self.samples + 2 * hold]))
        events = []
        gaps = np.flatnonzero(np.diff(over) > hold)
        for first, last in zip(gaps[:-1] + 1, gaps[1:], strict=True):
            start, stop = over[first], over[last] + 1
            rises = np.flatnonzero(self.excess[start:stop] >= 8)
            if rises.size and stop - start - rises[0] >= 0.5 * self.rate_hz:
                events.append(((start + rises[0]) / self.rate_hz, stop / self.rate_hz))
        return events


def flat_top(rate_hz: float, amplitude: float, duration_s: float, rise_s: float = 0.05, fall_s: float = 0.1) -> Floats:
    """Straight flanks, a level top."""
    time = np.arange(round(duration_s * rate_hz)) / rate_hz
    return np.asarray(amplitude * np.clip(np.minimum(time / rise_s, (duration_s - time) / fall_s), 0, 1))


def ragged(rng: np.random.Generator, rate_hz: float, amplitude: float, duration_s: float) -> Floats:
    """Bursts at 1 to 5 Hz with silences shorter than 0.45 s."""
    beat = rng.uniform(1, 5)
    on = max(0.4, 1 - 0.4 * beat) if beat < 1.5 else rng.uniform(0.45, 0.75)
    on = max(on, 1 - 0.42 * beat)
    time = np.arange(round(duration_s * rate_hz)) / rate_hz
    phase = (time * beat) % 1
    heights = rng.uniform(0.6, 1, int(duration_s * beat) + 2)[(time * beat).astype(int)]
    shape = np.where(phase < on, np.abs(np.sin(np.pi * phase / on)) ** 0.5 * heights, 0)
    return np.asarray(amplitude * shape / shape.max())


def amplitudes(rng: np.random.Generator, count: int) -> Floats:
    """Log-uniform 10 to 200 uV above rest, every fifth at 8.5 to 14."""
    high = np.exp(rng.uniform(np.log(10), np.log(200), count))
    return np.where(rng.random(count) < 0.2, rng.uniform(8.5, 14, count), high)


def night(
    rate_hz: float,
    seed: int,
    *,
    minutes: float = 30,
    rest_uv: float = 1.0,
    kind: str = "smooth",
    period_s: float = 22.0,
) -> Leg:
    """A leg with a movement every `period_s` on average."""
    rng = np.random.default_rng(seed)
    leg = Leg(rate_hz, minutes * 60, rest_uv, seed + 1000)
    starts = 8 + np.cumsum(np.maximum(9.0, rng.normal(period_s, 4, int(minutes * 60 / period_s))))
    starts = starts[starts < leg.seconds - 12]
    for start, amplitude in zip(starts, amplitudes(rng, starts.size), strict=True):
        length = float(np.clip(rng.normal(3.0, 1.0), 0.9, 7.0))
        if kind == "smooth":
            shape = flat_top(rate_hz, amplitude, length, rng.uniform(0.02, 0.25), rng.uniform(0.05, 0.4))
        else:
            shape = ragged(rng, rate_hz, amplitude, length)
        leg.burst(float(start), shape)
    return leg


def add_heart(leg: Leg, peak_uv: float, bpm: float, seed: int) -> None:
    """Add QRS complexes of about 90 ms with the variability of a living heart."""
    rng = np.random.default_rng(seed)
    beats = int(leg.seconds * bpm / 60) + 5
    sway = 1 + 0.05 * np.sin(np.arange(beats) * 2 * np.pi / 5)
    times = np.cumsum(60 / bpm * sway * rng.normal(1, 0.03, beats))
    at = np.arange(leg.samples) / leg.rate_hz
    for time, scale in zip(times[times < leg.seconds - 1], rng.normal(1, 0.07, beats), strict=False):
        first, last = np.searchsorted(at, [time - 0.2, time + 0.2])
        x = at[first:last] - time
        qrs = np.exp(-0.5 * (x / 0.011) ** 2) - 0.25 * np.exp(-0.5 * ((x + 0.028) / 0.01) ** 2)
        qrs -= 0.35 * np.exp(-0.5 * ((x - 0.03) / 0.012) ** 2)
        leg.extra[first:last] += peak_uv * scale * qrs


def score(found: list[Event], truth: list[tuple[float, float]]) -> tuple[float, Floats, list[tuple[float, float]]]:
    """F1 one to one at IoU 0.2, onset errors (s) of the pairs, and what was missed."""
    pairs = []
    for number, event in enumerate(found):
        for other, (start, stop) in enumerate(truth):
            end = event.onset_s + event.duration_s
            both = min(end, stop) - max(event.onset_s, start)
            if both > 0:
                pairs.append((both / (max(end, stop) - min(event.onset_s, start)), number, other))
    used: set[int] = set()
    hit: dict[int, int] = {}
    for iou, number, other in sorted(pairs, reverse=True):
        if iou >= 0.2 and number not in used and other not in hit:
            used.add(number)
            hit[other] = number
    errors = np.array([found[number].onset_s - truth[other][0] for other, number in hit.items()])
    missed = [one for other, one in enumerate(truth) if other not in hit]
    return 2 * len(hit) / max(1, len(found) + len(truth)), errors, missed
