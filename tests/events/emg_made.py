"""Small EMG recordings of known content for the tests of this folder; shares nothing with the simulator or detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Channel, Recording, Role, Segment

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kept:
    """Samples in memory: channel → segment → values."""

    values: list[list[Floats]]

    def read(self, channel: int, segment: int) -> NDArray[np.float32]:
        return self.values[channel][segment].astype(np.float32)


def biphasic(time: Floats, length_s: float = 0.01) -> Floats:
    """One swing up and one down, smooth at both ends; peak to peak about 2."""
    place = np.clip(time / length_s, -0.5, 0.5)
    return np.sin(2 * np.pi * place) * np.cos(np.pi * place) * 1.3


def triphasic(time: Floats, length_s: float = 0.012) -> Floats:
    """A large swing between two small ones; peak to peak about 2."""
    place = time / length_s
    wave = np.cos(2 * np.pi * 1.4 * place) * np.exp(-((3.2 * place) ** 2))
    return 1.35 * wave


def narrow(time: Floats) -> Floats:
    """A short biphasic potential of the other sign."""
    return -biphasic(time, 0.006)


def decay(time: Floats, tau_s: float) -> Floats:
    """A jump to 1 at time 0 that dies away: an electrode pop."""
    return np.where(time >= 0, np.exp(-np.maximum(time, 0) / tau_s), 0.0)


SHAPES = (biphasic, triphasic, narrow)


@dataclass
class Made:
    """A recording being made. size: channels, samples."""

    rate: float = 2000.0
    seconds: float = 120.0
    channels: int = 1
    noise: float = 4.0
    seed: int = 1
    values: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.values = self.noise * self.rng.standard_normal((self.channels, round(self.rate * self.seconds)))

    @property
    def time(self) -> Floats:
        return np.arange(self.values.shape[1]) / self.rate

    def add(
        self, shape: object, at: Sequence[float] | Floats, size_uv: float, gain: Sequence[float] = (1.0,)
    ) -> Floats:
        """Add a waveform (peak to peak about size_uv) at times in s; gain: for each channel."""
        assert callable(shape)
        for moment in at:
            first = max(0, int((moment - 0.03) * self.rate))
            index = np.arange(first, min(first + int(0.06 * self.rate), self.values.shape[1]))
            wave = shape(index / self.rate - moment) * size_uv / 2
            for channel in range(self.channels):
                self.values[channel, index] += gain[channel % len(gain)] * wave
        return np.asarray(at, dtype=float)

    def poisson(self, per_minute: float, least_s: float = 0.05, margin_s: float = 0.5) -> Floats:
        """Times at a mean rate, at least least_s apart."""
        steps = self.rng.exponential(60 / per_minute, size=round(self.seconds * per_minute / 30) + 30) + least_s
        times = np.cumsum(steps)
        return times[(times > margin_s) & (times < self.seconds - margin_s)]

    def add_heart(self, size_uv: float) -> Floats:
        """QRS complexes of a heart at about 70 a minute with a little variation."""
        steps = 0.86 * (1 + 0.03 * self.rng.standard_normal(round(self.seconds / 0.7)))
        beats = 0.4 + np.cumsum(steps)
        beats = beats[beats < self.seconds - 0.4]
        for beat in beats:
            place = self.time - beat
            near = np.abs(place) < 0.1
            at = place[near]
            wave = np.exp(-((at / 0.012) ** 2)) - 0.4 * np.exp(-(((at - 0.03) / 0.014) ** 2))
            self.values[:, near] += size_uv * wave
        return beats

    def add_contraction(self, start: float, stop: float, units: int = 8, size_uv: float = 150.0) -> None:
        """Many units that fire regularly."""
        for number in range(units):
            interval = 1 / self.rng.uniform(8, 14)
            times = start + self.rng.uniform(0, 0.3) + np.arange(0, stop - start - 0.3, interval)
            times = times + 0.12 * interval * self.rng.standard_normal(times.size)
            self.add(SHAPES[number % 3], times, size_uv * self.rng.uniform(0.3, 1.2))

    def recording(
        self,
        names: Sequence[str] | None = None,
        role: Role = "emg_other",
        unit: str | None = "uV",
        ecg: Floats | None = None,
    ) -> Recording:
        """The recording, one segment; `ecg`: a further channel of its own."""
        rows = list(self.values) + ([ecg] if ecg is not None else [])
        labels = list(names or [f"EMG {number + 1}" for number in range(self.channels)])
        roles: list[Role] = [role] * self.channels
        if ecg is not None:
            labels.append("ECG")
            roles.append("ecg")
        samples = self.values.shape[1]
        channels = tuple(
            Channel(name, one, 0.9, "", unit, unit or "", self.rate, 0.1, samples)
            for name, one in zip(labels, roles, strict=True)
        )
        source = Kept([[row] for row in rows])
        span = (Segment(0.0, self.seconds),)
        return Recording("made", "simulated", None, self.seconds, channels, span, (), (), source)


def matched(true: Floats, found: Sequence[float], within_s: float = 0.02) -> tuple[int, int]:
    """How many true times were found, and how many found ones are no true one; one to one."""
    left = sorted(found)
    hits = 0
    for moment in np.sort(true):
        near = [one for one in left if abs(one - moment) <= within_s]
        if near:
            left.remove(min(near, key=lambda one: abs(one - moment)))
            hits += 1
    return hits, len(left)
