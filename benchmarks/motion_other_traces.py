"""A second generator of phones on a leg: formulas of its own, nothing in common with `legtwitch.simulate`.

Movements are built every millisecond as accelerations of the place (m/s2) and turns of the sensor (rad); gravity is
turned with the sensor; the phone then reads the sum at jittered times, with noise, steps, glitches and gaps. Ranges
without a source are choices, made to span what phones and legs do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GRID_HZ = 1000.0
GRAVITY = 9.81
BANDS = {"rest": (4.0, 6.0), "postural": (6.0, 11.5), "orthostatic": (13.2, 17.8)}


@dataclass(frozen=True)
class Truth:
    """A true event. size: peak in m/s2. hz: mean frequency. visible: whether noise leaves it to be seen."""

    name: str
    start: float
    stop: float
    size: float
    hz: float = 0.0
    visible: bool = True


@dataclass
class Leg:
    """A recording being made, of this length in s."""

    seconds: float
    rng: np.random.Generator
    noise: float
    rate_hz: float
    step: float = 0.0
    truth: list[Truth] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    glitches: int = 0
    heart: float = 0.0
    shake: Floats = field(init=False)
    turn: Floats = field(init=False)
    time: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.time = np.arange(round(self.seconds * GRID_HZ)) / GRID_HZ
        self.shake = np.zeros((self.time.size, 3))
        self.turn = np.zeros((self.time.size, 3))

    @property
    def floor(self) -> float:
        """RMS in m/s2 of an axis from noise and steps."""
        return float(np.hypot(self.noise, self.step / np.sqrt(12)))

    def way(self) -> Floats:
        """A direction in space."""
        drawn = self.rng.standard_normal(3)
        return np.asarray(drawn / np.linalg.norm(drawn))

    def slow(self, size: int, tau_s: float) -> Floats:
        """A slow random curve with an SD of 1."""
        knots = self.rng.standard_normal(max(4, round(size / GRID_HZ / tau_s) + 4))
        at = np.linspace(1, knots.size - 2, size)
        return np.asarray(np.interp(at, np.arange(knots.size), np.convolve(knots, (0.25, 0.5, 0.25), "same") / 0.61))

    def part(self, start: float, stop: float) -> slice:
        return slice(round(max(start, 0) * GRID_HZ), round(min(stop, self.seconds) * GRID_HZ))

    def place(self, start: float, size: int) -> slice:
        """Where so many samples go, fewer at the end of the recording."""
        first = round(start * GRID_HZ)
        return slice(first, min(first + size, self.time.size))

    def put(self, start: float, wave: Floats, way: Floats) -> None:
        where = self.place(start, wave.size)
        self.shake[where] += wave[: where.stop - where.start, None] * way


def ends(size: int, rise_s: float) -> Floats:
    """1 with soft ends."""
    near = np.minimum(np.arange(size), np.arange(size)[::-1]) / (rise_s * GRID_HZ)
    return np.asarray(np.sin(np.pi / 2 * np.minimum(1, near)) ** 2)


def ring(hz: float, decay_s: float, rise_s: float = 0.004) -> Floats:
    """A blow that dies away, with a peak of 1."""
    t = np.arange(0, 6 * decay_s, 1 / GRID_HZ)
    wave = np.sin(2 * np.pi * hz * t) * np.exp(-t / decay_s) * (1 - np.exp(-t / rise_s))
    return np.asarray(wave / np.abs(wave).max())


def swing(length_s: float, lift: float) -> tuple[Floats, Floats]:
    """A turn from 0 to `lift` (rad) without jerks at its ends, and its second derivative."""
    x = np.arange(0, 1, 1 / (length_s * GRID_HZ))
    return lift * (10 * x**3 - 15 * x**4 + 6 * x**5), lift * (60 * x - 180 * x**2 + 120 * x**3) / length_s**2


def seen(leg: Leg, size: float, hz_wide: float, factor: float) -> bool:
    """Whether a sine of this peak carries `factor` times the noise power of a band of this width."""
    return size**2 / 2 > factor * leg.floor**2 * hz_wide / (leg.rate_hz / 2)


def tremor(leg: Leg, kind: str, size: float, start: float, stop: float, second: float = 0.2) -> None:
    """A rhythm whose size and frequency wander, with harmonics."""
    rng, where = leg.rng, leg.part(start, stop)
    count = where.stop - where.start
    hz = rng.uniform(*BANDS[kind]) + rng.uniform(0.05, 0.25) * leg.slow(count, 4.0)
    envelope = np.exp(rng.uniform(0.1, 0.35) * leg.slow(count, 2.5)) * ends(count, 0.4)
    phase = 2 * np.pi * np.cumsum(hz) / GRID_HZ
    one, two = leg.way(), 0.3 * leg.way()
    for order, share in ((1, 1.0), (2, rng.uniform(0, second)), (3, rng.uniform(0, second / 2))):
        wave = share * size * envelope * np.sin(order * phase + rng.uniform(0, 6))
        leg.shake[where] += wave[:, None] * one
        leg.shake[where] += np.roll(wave, round(GRID_HZ / hz[0] / 4))[:, None] * two
    told = seen(leg, size, 1.0, 10.0)
    leg.truth.append(Truth("tremor", start, stop, size, float(np.average(hz, weights=envelope**2)), told))


def clonus(leg: Leg, start: float, length: float, size: float) -> None:
    """Beats that slow down and fade: a fast and a slow stroke each."""
    rng, way = leg.rng, leg.way()
    first = rng.uniform(5.0, 7.0)
    last = rng.uniform(max(4.0, first - 1.8), first - 0.4)
    at, beats = start, []
    while at < start + length:
        share = (at - start) / length
        hz = first + (last - first) * share
        x = np.arange(0, 1, hz / GRID_HZ) - 0.5 / 1
        stroke = np.sin(2 * np.pi * x) + 0.45 * np.sin(4 * np.pi * x + 0.7) + 0.2 * np.sin(6 * np.pi * x + 1.1)
        leg.put(at, size * (1 - 0.5 * share) * rng.normal(1, 0.06) * stroke / 1.3, way)
        beats.append(at)
        at += rng.normal(1, 0.02) / hz
    leg.truth.append(Truth("clonus", start, at, size, 1 / float(np.diff([*beats, at]).mean())))


def jerk(leg: Leg, at: float, size: float) -> None:
    """A shock-like jerk of 120 to 300 ms: push, stop, and what rings after."""
    length = leg.rng.uniform(0.12, 0.3)
    x = np.arange(0, 1, 1 / (length * GRID_HZ))
    wave = np.sin(2 * np.pi * x**0.8) * np.exp(-2.0 * x) * np.sqrt(np.sin(np.pi * x))
    leg.put(at, size * wave / np.abs(wave).max(), leg.way())
    leg.truth.append(Truth("myoclonus", at, at + length, size))


def sampled(leg: Leg, wave: Floats) -> float:
    """Root of the energy of a wave in samples of the phone; over the RMS of noise it says what is visible."""
    wide = max(1, round(GRID_HZ / leg.rate_hz / 2))
    smooth = np.convolve(wave, np.ones(wide) / wide)
    return float(np.sqrt((smooth**2).sum() * leg.rate_hz / GRID_HZ))


def twitch(leg: Leg, at: float, size: float) -> None:
    """A short swell under the sensor, 50 to 150 ms: second derivative of a pulse that falls slower than it rises."""
    length = leg.rng.uniform(0.05, 0.15)
    x = np.arange(0, 1, 1 / (length * GRID_HZ))
    wave = np.diff(x**2 * (1 - x) ** 3, 2, prepend=0, append=0) * ends(x.size, length / 8)
    wave *= size / np.abs(wave).max()
    leg.put(at, wave, leg.way())
    visible = sampled(leg, wave) > 8 * leg.floor and size > 3 * leg.heart
    leg.truth.append(Truth("short_potential", at, at + length, size, visible=visible))


def lift(leg: Leg, at: float, length: float, angle: float, name: str = "leg_movement") -> None:
    """Foot or knee bends by `angle` (rad) and falls back: gravity turns with it."""
    rng, axis, way = leg.rng, leg.way(), leg.way()
    up, down = length * rng.uniform(0.2, 0.4), length * rng.uniform(0.25, 0.45)
    turn = np.full(round(length * GRID_HZ), angle)
    push = np.zeros(turn.size)
    for begin, (way_up, force) in ((0, swing(up, angle)), (turn.size - 1, swing(down, angle))):
        if begin == 0:
            turn[: way_up.size], push[: force.size] = way_up, force
        else:
            turn[-way_up.size :], push[-force.size :] = angle - way_up, -force
    where = leg.place(at, turn.size)
    leg.turn[where] += turn[: where.stop - where.start, None] * axis
    arm = rng.uniform(0.05, 0.35)
    leg.put(at, arm * push, way)
    leg.truth.append(Truth(name, at, at + length, float(max(arm * np.abs(push).max(), GRAVITY * abs(angle)))))


def tapping(leg: Leg, start: float, stop: float, hz: float, size: float) -> None:
    """Foot or heel taps: a lift and a blow each time."""
    _repeat(leg, start, stop, hz, size, blow=leg.rng.uniform(0.5, 2.0), spread=leg.rng.uniform(0.02, 0.08), tilt=0.06)


def walking(leg: Leg, start: float, stop: float) -> None:
    """Strides of 0.85 to 1.25 s with a heel strike."""
    hz = 1 / leg.rng.uniform(0.85, 1.25)
    _repeat(leg, start, stop, hz, leg.rng.uniform(2, 5), blow=leg.rng.uniform(1.5, 3.0), spread=0.03, tilt=0.4)


def _repeat(
    leg: Leg, start: float, stop: float, hz: float, size: float, blow: float, spread: float, tilt: float
) -> None:
    rng, way, across, axis = leg.rng, leg.way(), leg.way(), leg.way()
    orders = np.arange(1, 8)
    shares, phases = rng.exponential(1, 7) / orders**1.2, rng.uniform(0, 2 * np.pi, (2, 7))
    strike, at = ring(rng.uniform(14, 35), rng.uniform(0.015, 0.05)), start
    first = rng.uniform(0, 0.4)
    while at < stop:
        length = rng.normal(1, spread) / hz
        x = np.arange(0, 1, 1 / (length * GRID_HZ))
        grow = rng.normal(1, 0.1)
        for direction, own in ((way, phases[0]), (across, phases[1])):
            wave = (shares[:, None] * np.sin(2 * np.pi * orders[:, None] * x + own[:, None])).sum(axis=0)
            leg.put(at, grow * size * wave / shares.sum(), direction)
        leg.put(at + first * length, grow * rng.normal(1, 0.2) * blow * size * strike, way)
        where = leg.place(at, x.size)
        leg.turn[where] += tilt * np.sin(np.pi * x[: where.stop - where.start, None]) ** 2 * axis
        at += length
    leg.truth.append(Truth("leg_movement", start, at, size))


def turning(leg: Leg, at: float) -> None:
    """Turning over: a large turn that stays, with rubbing."""
    length = leg.rng.uniform(1.5, 4.0)
    turn, _ = swing(length, leg.rng.uniform(0.6, 2.4))
    where = leg.place(at, turn.size)
    axis = leg.way()
    leg.turn[where] += turn[: where.stop - where.start, None] * axis
    leg.turn[where.stop :] += turn[-1] * axis
    rub = np.stack([leg.slow(turn.size, 0.06) for _ in range(3)], axis=1) * ends(turn.size, length / 3)[:, None]
    leg.shake[where] += leg.rng.uniform(0.3, 2.0) * rub[: where.stop - where.start]
    leg.truth.append(Truth("leg_movement", at, at + length, 3.0))


def handled(leg: Leg, at: float, length: float) -> None:
    """Picked up and put down: turns, shakes, a blow at the end, another direction of gravity afterwards."""
    turn, _ = swing(length, leg.rng.uniform(0.5, 3.0))
    where, axis = leg.place(at, turn.size), leg.way()
    count = where.stop - where.start
    leg.turn[where] += turn[:count, None] * axis
    leg.turn[where.stop :] += turn[-1] * axis
    for axis_number in range(3):
        leg.shake[where, axis_number] += leg.rng.uniform(0.5, 3) * leg.slow(count, 0.12) * ends(count, 0.4)
    leg.put(at + length - 0.05, leg.rng.uniform(4, 20) * ring(leg.rng.uniform(25, 60), 0.02), leg.way())
    leg.truth.append(Truth("handled", at, at + length + 0.15, 10.0))


def pulse(leg: Leg, size: float) -> None:
    """The heart in the leg or through the bed, at 52 to 95 a minute."""
    rng, way, leg.heart = leg.rng, leg.way(), size
    beat = size * ring(rng.uniform(4, 9), rng.uniform(0.06, 0.15), 0.02)
    at, every = 0.3, 60 / rng.uniform(52, 95)
    while at < leg.seconds - 1:
        leg.put(at, beat * rng.normal(1, 0.1), way)
        at += every * (1 + 0.04 * np.sin(2 * np.pi * at / 4) + rng.normal(0, 0.02))


def vehicle(leg: Leg) -> None:
    """A car, bus or train: broad shaking with soft resonances, bumps, the engine, slow turns."""
    rng = leg.rng
    freq = np.fft.rfftfreq(leg.time.size, 1 / GRID_HZ)
    for axis in range(3):
        shape = sum(1 / (1 + ((freq - rng.uniform(*band)) / rng.uniform(0.6, 2.0)) ** 2) for band in ((1, 2), (8, 14)))
        shape = shape + 0.15 * (freq < 25)
        wave = np.fft.irfft(np.fft.rfft(rng.standard_normal(leg.time.size)) * shape * (freq > 0.3), n=leg.time.size)
        rough = np.exp(0.5 * leg.slow(leg.time.size, 5.0))
        leg.shake[:, axis] += rng.uniform(0.1, 0.6) * rough * wave / wave.std()
    engine = rng.uniform(22, 40) * (1 + 0.1 * leg.slow(leg.time.size, 6.0))
    leg.shake += (rng.uniform(0.05, 0.3) * np.sin(2 * np.pi * np.cumsum(engine) / GRID_HZ))[:, None] * leg.way()
    for at in rng.uniform(1, leg.seconds - 2, 6):
        leg.put(at, rng.uniform(0.5, 3) * ring(rng.uniform(2, 6), 0.25, 0.03), leg.way())


def washer(leg: Leg) -> None:
    """A washing machine: drum at about 0.9 Hz with splashes, then a spin that climbs to 9 to 19 turns a second."""
    rng, way, where = leg.rng, leg.way(), leg.part(leg.seconds / 3, leg.seconds)
    drum = leg.part(0, leg.seconds / 3)
    leg.shake[drum, 0] += 0.1 * np.sin(2 * np.pi * 0.9 * leg.time[drum]) + 0.05 * leg.slow(drum.stop, 0.1)
    count = where.stop - where.start
    hz = rng.uniform(9, 19) * np.minimum(1, 0.1 + np.arange(count) / (0.35 * count))
    hz *= 1 + 0.0005 * leg.slow(count, 3.0)
    wave = 0.3 * (hz / hz[-1]) ** 2 * np.sin(2 * np.pi * np.cumsum(hz) / GRID_HZ)
    leg.shake[where] += wave[:, None] * way


def taps(leg: Leg, at: float) -> None:
    """A finger on the phone or a knock at the table: over in 40 ms."""
    leg.put(
        at, leg.rng.uniform(1, 12) * ring(leg.rng.uniform(40, 120), leg.rng.uniform(0.004, 0.012), 0.002), leg.way()
    )
    leg.truth.append(Truth("tap", at, at + 0.06, 5.0))


def turned(vector: Floats, turns: Floats) -> Floats:
    """Return a vector turned about each rotation vector (Rodrigues' formula)."""
    angle = np.linalg.norm(turns, axis=1, keepdims=True)
    axis = turns / np.maximum(angle, 1e-12)
    along = (axis @ vector)[:, None] * axis
    return np.asarray(along + np.cos(angle) * (vector - along) + np.sin(angle) * np.cross(axis, vector))


def read_out(leg: Leg) -> tuple[Floats, Floats]:
    """Return the clock in s and what the phone reads, in m/s2."""
    rng = leg.rng
    steps = rng.normal(1, rng.uniform(0.005, 0.08), round(leg.seconds * leg.rate_hz * 1.02)) / leg.rate_hz
    clock = np.cumsum(np.maximum(steps, 0.2 / leg.rate_hz))
    clock = clock[clock < leg.seconds - 0.05]
    down = leg.way() * GRAVITY
    wave = leg.shake + turned(down, leg.turn)
    wide = max(1, round(GRID_HZ / leg.rate_hz / 2))
    smooth = np.stack([np.convolve(axis, np.ones(wide) / wide, "same") for axis in wave.T], axis=1)
    smooth[:wide], smooth[-wide:] = wave[:wide], wave[-wide:]
    values = np.stack([np.interp(clock, leg.time, axis) for axis in smooth.T], axis=1)
    values += leg.noise * rng.standard_normal(values.shape)
    if leg.glitches:
        where = rng.integers(50, clock.size - 50, leg.glitches)
        values[where, rng.integers(0, 3, leg.glitches)] = rng.choice((-1.0, 1.0), leg.glitches) * 20 * GRAVITY
    if leg.step:
        values = np.round(values / leg.step) * leg.step
    keep = np.ones(clock.size, dtype=bool)
    for start, stop in leg.gaps:
        keep &= (clock < start) | (clock > stop)
    return clock[keep], values[keep]


def _phyphox(clock: Floats, xyz: Floats) -> list[str]:
    head = ",".join(f'"Acceleration {axis} (m/s^2)"' for axis in "xyz")
    total = np.linalg.norm(xyz, axis=1)
    rows = zip(clock, xyz, total, strict=True)
    return [
        f'"Time (s)",{head},"Absolute acceleration (m/s^2)"',
        *(f"{t:.9E},{v[0]:.9E},{v[1]:.9E},{v[2]:.9E},{a:.9E}" for t, v, a in rows),
    ]


def _toolbox(clock: Floats, xyz: Floats) -> list[str]:
    rows = zip(clock, xyz / 9.80665, strict=True)
    return ["time,gFx,gFy,gFz", *(f"{t:.5f},{v[0]:.6f},{v[1]:.6f},{v[2]:.6f}" for t, v in rows)]


def _logger(clock: Floats, xyz: Floats) -> list[str]:
    rows = zip(clock, xyz, strict=True)
    return [
        "time,seconds_elapsed,z,y,x",
        *(f"{1700000000000000000 + round(t * 1e9)},{t:.7f},{v[2]:.7f},{v[1]:.7f},{v[0]:.7f}" for t, v in rows),
    ]


FORMATS: tuple[Callable[[Floats, Floats], list[str]], ...] = (_phyphox, _toolbox, _logger)


def write(leg: Leg, path: Path, form: int) -> float:
    """Write what the phone read as one of the apps does; return the first time in it, in s."""
    clock, values = read_out(leg)
    path.write_text("\n".join(FORMATS[form % len(FORMATS)](clock, values)) + "\n", encoding="utf-8")
    return float(clock[0])
