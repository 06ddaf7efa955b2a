"""What a leg does under a phone, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from legtwitch.simulate.accelerometer_motion import GRID_HZ, Motion, smooth
from legtwitch.simulate.discharge_times import renewal, spread_out
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import log_uniform

Build = Callable[[Motion, np.random.Generator], None]


@dataclass(frozen=True, slots=True)
class MotionRecipe:
    """A recipe. posture_deg: resting angle of the lower leg to the vertical, a range. minutes: usual length."""

    build: Build
    posture_deg: tuple[float, float]
    minutes: float = 2.0


def rest(motion: Motion, rng: np.random.Generator) -> None:
    """The leg lies still."""


def _stretches(motion: Motion, rng: np.random.Generator, mean_s: float, pause_s: float) -> list[tuple[float, float]]:
    number = max(1, round(motion.duration_s / (mean_s + pause_s)))
    lengths = np.minimum(rng.uniform(0.5 * mean_s, 1.5 * mean_s, number), motion.duration_s / 2)
    starts = spread_out(rng, number, motion.duration_s, lengths, 4.0)
    return [(float(start), float(length)) for start, length in zip(starts, lengths, strict=False)]


def _oscillate(
    motion: Motion, rng: np.random.Generator, start_s: float, length_s: float, freq_hz: float, size_mps2: float,
    *, wander: float, swell: float, harmonics: Floats,
) -> None:  # fmt: skip
    """Let the leg swing for a stretch: the rate wanders by a CoV, the size swells by a share."""
    number = int(length_s * GRID_HZ)
    knots = np.arange(0, length_s + 1, 0.25)
    steps = np.interp(np.arange(number) / GRID_HZ, knots, rng.standard_normal(len(knots)))
    rate = freq_hz * (1 + wander * (steps - steps.mean()))
    phase = 2 * np.pi * np.cumsum(rate) / GRID_HZ
    at = np.arange(number) / GRID_HZ
    size = 1 + swell * np.sin(2 * np.pi * at / rng.uniform(5, 11) + rng.uniform(0, 6))
    edge = smooth(np.minimum(at, length_s - at) / 0.4)
    motion.swing(start_s, phase, size_mps2 * size * edge, freq_hz, harmonics)


def _tremor(
    motion: Motion, rng: np.random.Generator, low_hz: float, high_hz: float, sizes: tuple[float, float], mean_s: float,
    *, wander: float, second: tuple[float, float],
) -> None:  # fmt: skip
    freq = float(rng.uniform(low_hz, high_hz))
    for start, length in _stretches(motion, rng, mean_s, 15.0):
        size = log_uniform(rng, *sizes)
        overtones = np.array([rng.uniform(*second), 0.05])
        _oscillate(motion, rng, start, length, freq, size, wander=wander, swell=0.35, harmonics=overtones)
        columns = {"freq_hz": round(freq, 3), "beats": int(length * freq)}
        motion.row("tremor", start, start + length, **columns)


def rest_tremor(motion: Motion, rng: np.random.Generator) -> None:
    """A tremor of 4 to 6 Hz, 0.3 to 3 m/s2, in stretches of 15 to 45 s, with a second harmonic [sizes assumed]."""
    _tremor(motion, rng, 4, 6, (0.3, 3.0), 30, wander=0.03, second=(0.1, 0.4))


def postural_tremor(motion: Motion, rng: np.random.Generator) -> None:
    """A tremor of 8 to 12 Hz, 0.15 to 1.5 m/s2, while the leg is held [sizes assumed]."""
    _tremor(motion, rng, 8, 12, (0.15, 1.5), 25, wander=0.06, second=(0.05, 0.2))


def orthostatic_tremor(motion: Motion, rng: np.random.Generator) -> None:
    """A tremor of 13 to 18 Hz, 0.1 to 0.8 m/s2, on standing, one steady rate [sizes assumed]."""
    _tremor(motion, rng, 13, 18, (0.1, 0.8), 45, wander=0.008, second=(0.02, 0.1))


def clonus(motion: Motion, rng: np.random.Generator) -> None:
    """After a stretch 5 to 25 beats at 4.5 to 7.5 Hz, 1 to 8 m/s2, that shrink [sizes assumed]."""
    freq = float(rng.uniform(4.5, 7.5))
    for start, _ in _stretches(motion, rng, 3.0, 17.0):
        beats = int(rng.integers(6, 26))
        length, size, fall = beats / freq, log_uniform(rng, 1, 8), float(rng.uniform(0.3, 0.8))
        motion.tilt(start - 0.25, length + 1.2, float(rng.uniform(4, 12)), 0.22)
        at = np.arange(int(length * GRID_HZ)) / GRID_HZ
        sizes = size * (1 - fall * at / length) * smooth(np.minimum(at, length - at) / 0.1)
        motion.swing(start, 2 * np.pi * freq * at, sizes, freq, np.array([0.35, 0.15]))
        columns = {"freq_hz": round(freq, 3), "beats": beats, "decrement": round(fall, 3)}
        motion.row("clonus", start, start + length, **columns)


def leg_movements(motion: Motion, rng: np.random.Generator) -> None:
    """Periodic movements as tilts of 0.5 to 10 s, 2 to 35 degrees, in series 12 to 45 s apart, and some alone."""
    at = float(rng.uniform(8, 20))
    while at < motion.duration_s - 15:
        period = float(rng.uniform(15, 38))
        for _ in range(int(rng.integers(4, 30))):
            length = float(np.clip(rng.lognormal(np.log(2.0), 0.6), 0.5, 10))
            degrees = float(rng.choice([-1, 1], p=[0.2, 0.8])) * log_uniform(rng, 2, 35)
            if at + length > motion.duration_s - 3:
                break
            done = motion.tilt(at, length, degrees, float(rng.uniform(0.15, 0.6)))
            motion.row("leg_movement", at, at + length, tilt_deg=done)
            at += max(length + 3, period * float(np.exp(0.2 * rng.standard_normal())))
        at += float(rng.uniform(60, 400))


def leg_agility(motion: Motion, rng: np.random.Generator) -> None:
    """A repeated voluntary lift of the leg at 1.8 to 2.6 Hz with strong harmonics near 4 to 5 Hz: no tremor."""
    for start, length in _stretches(motion, rng, 20.0, 12.0):
        freq = float(rng.uniform(1.8, 2.6))
        tones = np.array([rng.uniform(0.5, 1.1), rng.uniform(0.2, 0.5), rng.uniform(0.1, 0.25)])
        size = log_uniform(rng, 1.5, 7)
        _oscillate(motion, rng, start, length, freq, size, wander=0.08, swell=0.3, harmonics=tones)
        motion.row("voluntary_activity", start, start + length, freq_hz=round(freq, 3), beats=int(length * freq))


def walking(motion: Motion, rng: np.random.Generator) -> None:
    """Walking: 0.8 to 1.1 strides a second, swings of 20 to 35 degrees, a heel strike with every stride."""
    for start, length in _stretches(motion, rng, 25.0, 12.0):
        freq, degrees = float(rng.uniform(0.8, 1.1)), float(rng.uniform(20, 35))
        size = np.radians(degrees) * motion.arm_m * (2 * np.pi * freq) ** 2
        _oscillate(motion, rng, start, length, freq, float(size), wander=0.03, swell=0.08,
                   harmonics=np.array([1.2, 0.9, 0.5]))  # fmt: skip
        strikes = np.arange(start + 0.5, start + length - 0.5, 1 / freq)
        for strike in strikes + rng.normal(0, 0.015, len(strikes)):
            ring = np.array([0.3, 1.0, 0.5]) * float(rng.uniform(8, 25))
            motion.tap(float(strike), float(rng.uniform(0.06, 0.12)), 1.0, ring)
        motion.row("voluntary_activity", start, start + length, freq_hz=round(freq, 3), beats=int(length * freq))


def twitches(motion: Motion, rng: np.random.Generator) -> None:
    """Single twitches of a motor unit under the phone: 100 to 300 ms, 0.05 to 0.6 m/s2, no tilt, 4 to 20 a minute.

    Source: times of section 1.5 (grade D); sizes assumed. A row is a `fasciculation`.
    """
    away = np.array([0.25, 0.15, 1.0]) + 0.2 * rng.standard_normal(3)
    away /= np.linalg.norm(away)
    for unit in range(1, int(rng.integers(2, 4)) + 1):
        size, length = log_uniform(rng, 0.06, 0.6), float(rng.uniform(0.10, 0.28))
        for at in renewal(rng, float(rng.uniform(2, 8)), motion.duration_s, cov=0.9):
            own = size * float(np.clip(1 + 0.1 * rng.standard_normal(), 0.5, 1.5))
            motion.tap(float(at), length, own, away)
            motion.row("fasciculation", float(at), float(at) + length, unit_id=f"u{unit}")


def myoclonus(motion: Motion, rng: np.random.Generator) -> None:
    """Jerks that move the joint: 1 to 8 degrees within 60 to 150 ms and back more slowly, 6 a minute [assumed]."""
    number = max(2, round(6 * motion.duration_s / 60))
    for at in spread_out(rng, number, motion.duration_s, np.full(number, 0.8), 1.0):
        degrees, rise = log_uniform(rng, 1, 8), float(rng.uniform(0.06, 0.15))
        length = float(rng.uniform(2.5, 4)) * rise
        done = motion.tilt(float(at), length, degrees, rise)
        motion.row("myoclonus", float(at), float(at) + length, tilt_deg=done)


SITTING, LYING, STANDING = (-4.0, 8.0), (80.0, 95.0), (-4.0, 4.0)
MOTION_RECIPES: dict[str, MotionRecipe] = {
    "rest": MotionRecipe(rest, LYING),
    "rest_tremor": MotionRecipe(rest_tremor, SITTING),
    "postural_tremor": MotionRecipe(postural_tremor, (60.0, 85.0)),
    "orthostatic_tremor": MotionRecipe(orthostatic_tremor, STANDING),
    "clonus": MotionRecipe(clonus, SITTING),
    "leg_movements": MotionRecipe(leg_movements, LYING, 60.0),
    "leg_agility": MotionRecipe(leg_agility, SITTING),
    "walking": MotionRecipe(walking, STANDING),
    "twitches": MotionRecipe(twitches, LYING, 5.0),
    "myoclonus": MotionRecipe(myoclonus, SITTING),
}
