"""Confounders of a phone on a leg, by name: what the person does besides, what the sensor and its clock do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.accelerometer_motion import GRAVITY, GRID_HZ, Motion, smooth
from legtwitch.simulate.artefacts import heart_beats
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import log_uniform


def placing(motion: Motion, rng: np.random.Generator) -> None:
    """The phone is strapped on in the first 3 to 6 s: turns of up to 60 degrees and jolts; `movement_artifact`."""
    end = float(rng.uniform(3, 6))
    where, at = motion.span(0.0, end)
    fade = np.clip((end - at) / 0.8, 0, 1) ** 2
    for trace, degrees in ((motion.pitch, 40.0), (motion.roll, 20.0)):
        rates, phases = rng.uniform(0.2, 1.8, 4), rng.uniform(0, 2 * np.pi, 4)
        sway = np.sin(2 * np.pi * rates[:, None] * at + phases[:, None]).mean(axis=0)
        trace[where] += np.radians(degrees) * sway * fade
    for jolt in rng.uniform(0.2, end - 0.3, 5):
        motion.tap(float(jolt), float(rng.uniform(0.05, 0.2)), log_uniform(rng, 1, 12), rng.standard_normal(3))
    motion.row("movement_artifact", 0.0, end, label="placing")


def posture_change(motion: Motion, rng: np.random.Generator) -> None:
    """The leg is moved to another posture every 40 s: 10 to 50 degrees within 0.8 to 2.5 s, for good."""
    number = max(1, round(motion.duration_s / 40))
    total = 0.0
    for at in np.sort(rng.uniform(8, motion.duration_s - 6, number)):
        rise = float(rng.uniform(0.8, 2.5))
        degrees = float(rng.uniform(10, 50)) * (-1 if total > 0 else 1)
        total += degrees
        done = motion.tilt(float(at), 0.0, degrees, rise, back=False)
        motion.row("voluntary_activity", float(at), float(at) + rise, tilt_deg=done)


def voluntary(motion: Motion, rng: np.random.Generator) -> None:
    """Single movements of 0.5 to 4 s and 5 to 40 degrees, 3 a minute, in no rhythm."""
    number = max(1, round(3 * motion.duration_s / 60))
    for at in np.sort(rng.uniform(7, motion.duration_s - 6, number)):
        length, degrees = float(rng.uniform(0.5, 4)), float(rng.choice([-1, 1])) * log_uniform(rng, 5, 40)
        done = motion.tilt(float(at), length, degrees, float(rng.uniform(0.2, 0.8)))
        columns = {"tilt_deg": done}
        motion.row("voluntary_activity", float(at), float(at) + length, **columns)


def pulse(motion: Motion, rng: np.random.Generator) -> None:
    """The pulse shakes the phone by 0.01 to 0.05 m/s2 at every beat of the heart [assumed]; no row."""
    beats, _ = heart_beats(rng, motion.duration_s)
    size = log_uniform(rng, 0.01, 0.05)
    for at in beats:
        motion.tap(float(at) + 0.2, 0.25, size, np.array([0.2, 0.3, 0.93]))


def vehicle(motion: Motion, rng: np.random.Generator) -> None:
    """A vehicle or machine shakes everything at 8 to 25 Hz, broad and unsteady, 0.05 to 0.4 m/s2 [assumed]; no row."""
    number = len(motion.pitch)
    noise = rng.standard_normal(number)
    spectrum = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(number, 1 / GRID_HZ)
    middle, width = float(rng.uniform(8, 25)), float(rng.uniform(3, 6))
    wave = np.fft.irfft(spectrum * np.exp(-0.5 * ((frequency - middle) / width) ** 2), number)
    wave *= log_uniform(rng, 0.05, 0.4) / float(np.sqrt(np.mean(wave**2)))
    motion.push += np.array([0.5, 0.7, 0.5])[:, None] * wave


def held_out_fidget(motion: Motion, rng: np.random.Generator) -> None:
    """A bouncing heel on which nothing is tuned: 3.2 to 6.5 Hz by will, the rate sliding, half seconds of pause.

    Its rows are `voluntary_activity` with `freq_hz`.
    """
    at = float(rng.uniform(6, 12))
    while at < motion.duration_s - 12:
        length, low = float(rng.uniform(3, 10)), float(rng.uniform(3.2, 6.5))
        time = np.arange(int(length * GRID_HZ)) / GRID_HZ
        rate = low * (1 + 0.2 * np.sin(2 * np.pi * time / length + rng.uniform(0, 6)))
        edge = smooth(np.minimum(time, length - time) / 0.25)
        size = log_uniform(rng, 0.8, 5) * edge
        motion.swing(at, 2 * np.pi * np.cumsum(rate) / GRID_HZ, size, low, np.array([0.7, 0.4, 0.2]))
        motion.row("voluntary_activity", at, at + length, freq_hz=round(float(rate.mean()), 3))
        at += length + float(rng.choice([0.5, 12.0]))


MOTION: dict[str, Callable[[Motion, np.random.Generator], None]] = {
    "placing": placing,
    "posture_change": posture_change,
    "voluntary": voluntary,
    "pulse": pulse,
    "vehicle": vehicle,
    "held_out_fidget": held_out_fidget,
}


# ---- the phone -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Phone:
    """What a phone has written. times_s: its clock, shape (n,). acceleration: m/s2, rotation: rad/s, shape (n, 3)."""

    rate_hz: float
    times_s: Floats
    acceleration: Floats
    rotation: Floats
    rows: list[Event] = field(default_factory=list)


def clock(rng: np.random.Generator, duration_s: float, rate_hz: float, *, jitter: float) -> Floats:
    """Return the times (s) at which a phone samples: a rate that is off by up to 1 % and jitter of its period.

    jitter: SD of the times against the period; the times stay in order.
    """
    period = 1 / rate_hz * (1 + float(rng.uniform(-0.01, 0.01)))
    times = np.arange(int(duration_s / period)) * period
    late = np.clip(jitter * rng.standard_normal(len(times)), -0.45, 0.45) * period
    return np.asarray(np.maximum(times + late, 0.0))


def noisy(rng: np.random.Generator, phone: Phone) -> None:
    """Sensor noise of 0.05 to 0.15 m/s2 RMS, as of an old phone [assumed]."""
    phone.acceleration += log_uniform(rng, 0.05, 0.15) * rng.standard_normal(phone.acceleration.shape)


def glitches(rng: np.random.Generator, phone: Phone) -> None:
    """One or two samples at 10 to 20 g on one axis, 2 a minute; rows `artifact`."""
    number = max(2, int(rng.poisson(2 * phone.times_s[-1] / 60)))
    for index in np.sort(rng.choice(np.arange(10, len(phone.times_s) - 10), number, replace=False)):
        size = float(rng.choice([-1, 1])) * float(rng.uniform(10, 20)) * GRAVITY
        length = int(rng.integers(1, 3))
        phone.acceleration[index : index + length, int(rng.integers(3))] = size
        start, end = phone.times_s[index], phone.times_s[index + length - 1]
        columns = {"label": "glitch", "peak_mps2": round(abs(size), 2)}
        phone.rows.append(Event(round(float(start), 4), round(float(end - start), 4), "artifact", "n/a", None, columns))


def coarse(rng: np.random.Generator, phone: Phone) -> None:
    """Steps of 0.08 to 0.16 m/s2, as of an 8-bit sensor [assumed]."""
    step = float(rng.uniform(0.08, 0.16))
    phone.acceleration[:] = np.rint(phone.acceleration / step) * step


def clock_gaps(rng: np.random.Generator, phone: Phone) -> None:
    """The phone pauses for 0.3 to 4 s, once every 40 s; rows `recording_gap`."""
    end = float(phone.times_s[-1])
    kept = np.ones(len(phone.times_s), dtype=bool)
    for start in np.sort(rng.uniform(2, end - 5, max(1, round(end / 40)))):
        length = float(rng.uniform(0.3, 4))
        inside = np.flatnonzero((phone.times_s > start) & (phone.times_s < start + length) & kept)
        if len(inside):
            kept[inside] = False
            first, last = phone.times_s[inside[0]], phone.times_s[inside[-1]]
            row = Event(round(float(first), 4), round(float(last - first), 4), "recording_gap")
            phone.rows.append(row)
    phone.times_s, phone.acceleration = phone.times_s[kept], phone.acceleration[kept]
    phone.rotation = phone.rotation[kept]


PHONE: dict[str, Callable[[np.random.Generator, Phone], None]] = {
    "noisy": noisy,
    "glitches": glitches,
    "coarse": coarse,
    "clock_gaps": clock_gaps,
}
CLOCK = ("clock_jitter",)
OPTIONS: tuple[str, ...] = (*MOTION, *PHONE, *CLOCK)
