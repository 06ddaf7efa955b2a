"""Traces of an EMG while they are being made: what muscles give, what is noise, and the noise itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.artefacts import beat_waves, heart_beats
from legtwitch.simulate.motor_units import Samples
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import log_uniform, stream

NOISE_UV = {False: 4.0, True: 6.0}
"""RMS (uV) of the coloured noise on the skin and at a needle [choice; section 4.4 names 2 to 16 on the skin]."""
LEVEL_BLOCK_S = 1.0


@dataclass(slots=True)
class EmgCanvas:
    """Traces being made, uV, shape (channels, n).

    traces: everything but noise. noise: what stands under every potential without pause; its RMS is the noise of an
    SNR. rows: truth of what the trace options add. beats: times (s) of the heart once somebody asked for them.
    """

    seed: int
    rate_hz: int
    duration_s: float
    needle: bool
    names: tuple[str, ...]
    traces: Samples
    noise: Samples
    rows: list[Event] = field(default_factory=list)
    beats: tuple[Floats, Samples] | None = None

    def span(self, start_s: float, end_s: float) -> tuple[slice, Floats]:
        """Return the samples from a time to another (s) and their times."""
        first = max(0, int(np.ceil(start_s * self.rate_hz - 1e-9)))
        last = min(self.traces.shape[1], int(np.ceil(end_s * self.rate_hz - 1e-9)))
        return slice(first, max(first, last)), np.arange(first, max(first, last)) / self.rate_hz

    def row(self, event: str, start_s: float, length_s: float, channel: int | None = None, **columns: object) -> None:
        """Add a row of the truth: of one channel, or of all where `channel` is None."""
        name = None if channel is None else self.names[channel]
        self.rows.append(Event(round(float(start_s), 4), round(float(length_s), 4), event, "n/a", name, columns))

    def heart(self) -> tuple[Floats, Samples]:
        """Return the times (s) of heart beats and their trace, QRS of height 1."""
        if self.beats is None:
            times, wide = heart_beats(stream(self.seed, "emg heart"), self.duration_s)
            times, wide = times[times > 0.1], wide[times > 0.1]
            self.beats = times, beat_waves(self.rate_hz, self.traces.shape[1], times, wide)
        return self.beats


def coloured(rng: np.random.Generator, rate_hz: int, length: int, *, corner_hz: float, top_hz: float) -> Samples:
    """Return Gaussian noise of unit RMS, falling as 1/f up to a corner and flat from there to a top, shape (length,).

    Nothing below 1 Hz or above 0.45 of the rate. Made by overlap-save with a filter of 1 s.
    """
    half = rate_hz // 2
    frequencies = np.fft.rfftfreq(2 * half, 1 / rate_hz)
    power = 1 + corner_hz / np.maximum(frequencies, 1.0)
    power *= (frequencies >= 1.0) * (frequencies <= min(top_hz, 0.45 * rate_hz))
    taps = np.roll(np.fft.irfft(np.sqrt(power)), half) * np.hanning(2 * half + 1)[:-1]
    taps = (taps / np.sqrt(np.sum(taps**2))).astype(np.float32)
    size = 1 << int(len(taps) * 8 - 1).bit_length()
    step = size - len(taps) + 1
    spectrum = np.fft.rfft(taps, size)
    result = np.empty(length, dtype=np.float32)
    tail = rng.standard_normal(len(taps) - 1, dtype=np.float32)
    for first in range(0, length, step):
        block = np.concatenate([tail, rng.standard_normal(step, dtype=np.float32)])
        made = np.fft.irfft(np.fft.rfft(block) * spectrum, size)[len(taps) - 1 :]
        result[first : first + step] = made[: length - first]
        tail = block[step:]
    return result


def local_rms(noise: Samples, rate_hz: int) -> Samples:
    """Return the RMS (uV) of each channel over 3 s about each second, shape (channels, seconds)."""
    size = round(LEVEL_BLOCK_S * rate_hz)
    blocks = noise.shape[1] // size
    power = np.mean(noise[:, : blocks * size].reshape(len(noise), blocks, size).astype(np.float64) ** 2, axis=2)
    padded = np.pad(power, [(0, 0), (1, 1)], mode="edge")
    mean = (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3
    return np.asarray(np.sqrt(mean), dtype=np.float32)


# ---- noise options: (rng, canvas), in this order ---------------------------------------------------------------------


def background(canvas: EmgCanvas, options: frozenset[str]) -> None:
    """Lay coloured noise under every channel: 4 uV RMS (needle 6); `quiet` halves it, `noisy` takes 2 to 4 times."""
    factor = 1.0
    if "quiet" in options:
        factor = 0.5
    if "noisy" in options:
        factor = log_uniform(stream(canvas.seed, "noisy"), 2, 4)
    level = NOISE_UV[canvas.needle] * factor
    top = 8000.0 if canvas.needle else 500.0
    for channel in range(len(canvas.noise)):
        own = stream(canvas.seed, f"noise {channel}")
        made = coloured(own, canvas.rate_hz, canvas.noise.shape[1], corner_hz=20.0, top_hz=top)
        canvas.noise[channel] = np.float32(level) * made


def noise_drift(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Let the level of the noise wander by a factor of 2.2 within the recording (section 4.3)."""
    at = np.arange(canvas.noise.shape[1], dtype=np.float32) / np.float32(canvas.rate_hz * canvas.duration_s)
    cycles, phase = rng.uniform(0.8, 2.5), rng.uniform(0, 2 * np.pi)
    canvas.noise *= np.exp(np.log(2.2) / 2 * np.sin(2 * np.pi * cycles * at + phase))


def thermal(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Add white noise of 1 to 4 uV RMS, up to half the rate [levels assumed]."""
    for channel in range(len(canvas.noise)):
        level = np.float32(log_uniform(rng, 1, 4))
        canvas.noise[channel] += level * rng.standard_normal(canvas.noise.shape[1], dtype=np.float32)


def mains(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Add hum of 50 or 60 Hz, 3 to 15 uV high, drifting by 0.05 Hz, with harmonics up to the seventh [assumed]."""
    base = float(rng.choice([50.0, 60.0]))
    phase0, period = rng.uniform(0, 2 * np.pi), rng.uniform(200, 900)
    shares = {2: 0.15, 3: 0.4, 5: 0.25, 7: 0.12}
    heights = [log_uniform(rng, 3, 15) for _ in canvas.names]
    at = np.arange(canvas.noise.shape[1]) / canvas.rate_hz
    wander = 0.05 * period * np.sin(2 * np.pi * at / period + phase0)
    phase = 2 * np.pi * base * at + wander
    phases = rng.uniform(0, 2 * np.pi, (len(heights), 8))
    for channel, (height, own) in enumerate(zip(heights, phases, strict=True)):
        for order, share in ((1, 1.0), *shares.items()):
            if order * base < 0.45 * canvas.rate_hz:
                canvas.noise[channel] += (height * share * np.sin(order * phase + own[order])).astype(np.float32)


def held_out_noise(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Add noise that nothing is tuned on: pink up to 120 Hz, swelling every few seconds, with heavy-tailed clicks.

    A click lasts 3 to 9 ms; those higher than five times the noise stand in the truth as `artifact`.
    """
    level = float(np.sqrt(np.mean(canvas.noise[0, : 10 * canvas.rate_hz] ** 2)))
    length = canvas.noise.shape[1]
    swell = np.abs(coloured(rng, 16, int(canvas.duration_s * 16) + 2, corner_hz=4.0, top_hz=2.0))
    size = np.interp(np.arange(length) / canvas.rate_hz, np.arange(len(swell)) / 16, swell).astype(np.float32)
    for channel in range(len(canvas.noise)):
        pink = coloured(rng, canvas.rate_hz, length, corner_hz=120.0, top_hz=200.0)
        canvas.noise[channel] += np.float32(level) * size * pink
    for time in np.sort(rng.uniform(0.5, canvas.duration_s - 0.5, int(rng.poisson(0.15 * canvas.duration_s)))):
        channel = int(rng.integers(len(canvas.names)))
        height, width = level * float(min(abs(rng.standard_t(2)) * 2, 40)), float(rng.uniform(0.003, 0.009))
        where, at = canvas.span(time, time + width)
        canvas.traces[channel, where] += (height * np.sin(2 * np.pi * (at - time) / width)).astype(np.float32)
        if height > 5 * level:
            canvas.row("artifact", time, width, channel, label="click")
