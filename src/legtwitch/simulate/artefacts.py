"""Confounders that are no muscle of the leg: added to finished traces, never part of the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Event
from legtwitch.simulate.envelope import LEGS, Leg
from legtwitch.simulate.streams import log_uniform, stream

Samples = NDArray[np.float32]


@dataclass(slots=True)
class Canvas:
    """Traces while they are being made. traces: uV by leg. lost: spans (s) in which a leg's trace shows no muscle."""

    rate_hz: int
    duration_s: float
    traces: dict[Leg, Samples]
    seed: int
    others: list[Event] = field(default_factory=list)
    lost: dict[Leg, list[tuple[float, float]]] = field(default_factory=lambda: {leg: [] for leg in LEGS})
    beats: Samples | None = None

    def span(self, start_s: float, end_s: float) -> tuple[int, NDArray[np.float64]]:
        """Return the first sample at or after a time, and the times of the samples up to an end (s)."""
        first = max(0, int(np.ceil(start_s * self.rate_hz - 1e-9)))
        last = min(int(self.duration_s * self.rate_hz), int(np.ceil(end_s * self.rate_hz - 1e-9)))
        return first, np.arange(first, max(first, last)) / self.rate_hz

    def heart(self) -> Samples:
        """Return the heart's trace, QRS of height 1; the same for the leg traces and for a channel of its own."""
        if self.beats is None:
            times, wide = heart_beats(stream(self.seed, "heart"), self.duration_s)
            self.beats = beat_waves(self.rate_hz, round(self.duration_s * self.rate_hz), times, wide)
        return self.beats

    def add(self, leg: Leg, first: int, values_uv: NDArray[np.float64]) -> None:
        """Add values (uV) to a leg's trace from a sample on."""
        self.traces[leg][first : first + len(values_uv)] += values_uv.astype(np.float32)


def heart_beats(rng: np.random.Generator, duration_s: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return times (s) of heart beats and which of them are wide.

    45 to 110 beats a minute through the night with slow drift and 3 % variability; one in fifty wide [share: choice].
    """
    number = int(duration_s * 120 / 60) + 10
    base = 60 / float(rng.uniform(50, 95))
    drift = 1 + 0.15 * np.sin(2 * np.pi * np.arange(number) / number * 4 + rng.uniform(0, 6))
    spacing = np.clip(base * drift * (1 + 0.03 * rng.standard_normal(number)), 60 / 110, 60 / 45)
    times = np.cumsum(spacing)
    wide = rng.random(number) < 0.02
    return times[times < duration_s - 1], wide[times < duration_s - 1]


def beat_waves(rate_hz: int, length: int, beats_s: NDArray[np.float64], wide: NDArray[np.bool_]) -> Samples:
    """Return a trace of heart beats, QRS of height 1: 90 ms wide, the wide ones 160 ms and half as high again.

    A small T wave follows. Shape (length,), without unit.
    """
    trace = np.zeros(length, dtype=np.float32)
    near = np.arange(-round(0.15 * rate_hz), round(0.45 * rate_hz))
    for time, is_wide in zip(beats_s, wide, strict=True):
        centre = round(float(time) * rate_hz)
        first, last = max(0, centre + int(near[0])), min(length, centre + int(near[-1]) + 1)
        at = np.arange(first, last) / rate_hz - time
        width = 1.8 if is_wide else 1.0
        qrs = sum(
            height * np.exp(-0.5 * ((at / width - shift) / sigma) ** 2)
            for height, shift, sigma in ((-0.15, -0.025, 0.008), (1.0, 0.0, 0.010), (-0.3, 0.025, 0.009))
        )
        wave = qrs * (1.5 if is_wide else 1.0) + 0.15 * np.exp(-0.5 * ((at - 0.28) / 0.04) ** 2)
        trace[first:last] += wave.astype(np.float32)
    return trace


def ecg(rng: np.random.Generator, canvas: Canvas) -> None:
    """Heart beats in both leg traces: 15 to 50 uV on one leg, 5 to 20 uV on the other (section 4: 5 to 50 uV)."""
    strong = LEGS[int(rng.integers(2))]
    for leg in LEGS:
        height = log_uniform(rng, 15, 50) if leg == strong else log_uniform(rng, 5, 20)
        canvas.traces[leg] += np.float32(height) * canvas.heart()


def mains(rng: np.random.Generator, canvas: Canvas) -> None:
    """Mains hum of 50 or 60 Hz, 1 to 10 uV a leg, 30 % third and 10 % fifth harmonic where the rate allows."""
    mains_hz = float(rng.choice([50.0, 60.0])) + float(rng.uniform(-0.02, 0.02))
    settings = {leg: (log_uniform(rng, 1, 10), rng.uniform(0, 2 * np.pi, 3)) for leg in LEGS}
    for leg, (height, phases) in settings.items():
        for start in range(0, int(canvas.duration_s), 600):
            first, times = canvas.span(start, start + 600)
            for order, share, phase in zip((1, 3, 5), (1.0, 0.3, 0.1), phases, strict=True):
                if order * mains_hz < 0.45 * canvas.rate_hz or order == 1:
                    canvas.add(leg, first, height * share * np.sin(2 * np.pi * order * mains_hz * times + phase))


def hum_bursts(rng: np.random.Generator, canvas: Canvas) -> None:
    """Mains that comes and goes with an electrode's contact: 0.6 to 8 s, 15 to 150 uV, 12 an hour [choice]."""
    mains_hz = float(rng.choice([50.0, 60.0])) + float(rng.uniform(-0.02, 0.02))
    for leg, time, at, first in _bouts(rng, canvas, (0.6, 8.0), 12):
        length, phase = at[-1] - time, rng.uniform(0, 2 * np.pi)
        rise = np.clip(np.minimum(at - time, time + length - at) / rng.uniform(0.02, 0.2), 0, 1)
        third = 0.3 * np.sin(6 * np.pi * mains_hz * at + 3 * phase) if 3 * mains_hz < 0.45 * canvas.rate_hz else 0.0
        hum = np.sin(2 * np.pi * mains_hz * at + phase) + third
        canvas.add(leg, first, log_uniform(rng, 15, 150) * rise * hum)


def vibration(rng: np.random.Generator, canvas: Canvas) -> None:
    """A motor on the bed or a buzzing telephone: a tone of 15 to 60 Hz that swells and fades, 1 to 6 s, 4 an hour."""
    for leg, time, at, first in _bouts(rng, canvas, (1.0, 6.0), 4):
        swell = np.sin(np.pi * (at - time) / max(at[-1] - time, 1e-9))
        canvas.add(leg, first, log_uniform(rng, 15, 100) * swell * np.sin(2 * np.pi * rng.uniform(15, 60) * at))


def _bouts(
    rng: np.random.Generator, canvas: Canvas, length_s: tuple[float, float], per_hour: float
) -> Iterator[tuple[Leg, float, NDArray[np.float64], int]]:
    """Yield leg, start (s), times of the samples and first sample of artefacts, each one of the truth's."""
    for time in np.sort(rng.uniform(1, canvas.duration_s - 12, round(per_hour * canvas.duration_s / 3600))).tolist():
        leg, length = LEGS[int(rng.integers(2))], float(rng.uniform(*length_s))
        first, at = canvas.span(time, time + length)
        canvas.others.append(Event(round(time, 3), round(length, 3), "movement_artifact", leg))
        yield leg, time, at, first


def electrode_pops(rng: np.random.Generator, canvas: Canvas) -> None:
    """Pops of 200 to 1000 uV that decay in 50 to 300 ms, 5 an hour over both legs [rate: choice of the hard night].

    One in three begins a train of 3 to 10 within 5 s [choice].
    """
    for time in np.sort(rng.uniform(1, canvas.duration_s - 9, round(5 * canvas.duration_s / 3600))).tolist():
        leg, height = LEGS[int(rng.integers(2))], float(rng.choice([-1, 1])) * log_uniform(rng, 200, 1000)
        decay = float(rng.uniform(0.05, 0.3)) / 3
        more = int(rng.integers(2, 10)) if rng.random() < 1 / 3 else 0
        for later in (0.0, *rng.uniform(0, 5, more).tolist()):
            first, at = canvas.span(time + later, time + later + 10 * decay)
            canvas.add(leg, first, height * np.exp(-(at - time - later) / decay))
            canvas.others.append(Event(round(time + later, 3), round(3 * decay, 3), "electrode_pop", leg))


def cable_tugs(rng: np.random.Generator, canvas: Canvas) -> None:
    """Swings of a pulled cable: 1 to 5 s, 60 to 500 uV RMS, 3 an hour, with up to three clicks of a contact [choice].

    Noise of 0.5 to 5 Hz whose spectrum falls off with the square of the frequency, so that some of it lies in the band
    of muscle.
    """
    for time in np.sort(rng.uniform(1, canvas.duration_s - 8, round(3 * canvas.duration_s / 3600))).tolist():
        leg, length, height = LEGS[int(rng.integers(2))], float(rng.uniform(1, 5)), log_uniform(rng, 60, 500)
        first, at = canvas.span(time, time + length)
        spectrum = np.fft.rfft(rng.standard_normal(at.size))
        hz = np.fft.rfftfreq(at.size, 1 / canvas.rate_hz)
        swing = np.fft.irfft(spectrum * (hz >= 0.5) / np.sqrt(1 + (hz / 5) ** 4), at.size)
        swing *= height / max(float(swing.std()), 1e-9) * np.sin(np.pi * (at - time) / length)
        for _ in range(int(rng.integers(0, 4))):
            click, decay = float(rng.uniform(0, length)), float(rng.uniform(0.01, 0.05))
            sign, since = float(rng.choice([-1, 1])), np.maximum(at - time - click, 0)
            swing += np.where(at - time >= click, sign * log_uniform(rng, 80, 400) * np.exp(-since / decay), 0)
        canvas.add(leg, first, swing)
        canvas.others.append(Event(round(time, 3), round(length, 3), "movement_artifact", leg))


def cross_talk(rng: np.random.Generator, canvas: Canvas) -> None:
    """Each leg's trace also holds 5 to 15 % of the other's."""
    shares = {leg: np.float32(rng.uniform(0.05, 0.15)) for leg in LEGS}
    left, right = canvas.traces["left"], canvas.traces["right"]
    canvas.traces["left"], canvas.traces["right"] = left + shares["left"] * right, right + shares["right"] * left


def loose_lead(rng: np.random.Generator, canvas: Canvas) -> None:
    """One lead off twice, 2 to 8 min each (shorter in short nights): once flat, once at the rail of 3000 uV [choice].

    Movements that touch the stretch leave the truth of that leg: nothing of them can be seen.
    """
    leg = LEGS[int(rng.integers(2))]
    for half, level in enumerate((0.0, 3000.0)):
        length = min(60 * float(rng.uniform(2, 8)), canvas.duration_s / 20)
        start = canvas.duration_s * (half + float(rng.uniform(0.2, 0.8))) / 2
        first, at = canvas.span(start, start + length)
        canvas.traces[leg][first : first + len(at)] = level
        canvas.lost[leg].append((start, start + length))
        canvas.others.append(Event(round(start, 3), round(length, 3), "artifact", leg))
