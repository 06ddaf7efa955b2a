"""Sensors of motion made ready: unit, glitches, gravity and angle, putting on and taking off, rest and movement."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events import motion_codes as codes
from legtwitch.events.motion_parameters import GRAVITY_MPS2, MotionParameters
from legtwitch.model import Channel, Problem, Recording, Side
from legtwitch.recording.motion import gravity_in, still_length
from legtwitch.signal import runs
from legtwitch.signal.glitches import bridged, moving_mean, widened, wild_samples

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_AXIS = re.compile(r"(?:(?<![a-z])|(?<=acc)|(?<=gyr)|(?<=gyro)|(?<=a)|(?<=g))[xyz](?![a-z])", re.IGNORECASE)
_PAUSE_BLOCKS = 3
_PER_RADIAN = 180 / np.pi


@dataclass(frozen=True, slots=True)
class Sensor:
    """Channels that are the axes of one sensor. kind: `acceleration` or `rotation`."""

    kind: str
    name: str
    channels: tuple[Channel, ...]
    side: Side

    @property
    def rate_hz(self) -> float:
        """Samples a second."""
        return self.channels[0].rate_hz


@dataclass(frozen=True, slots=True)
class Stretch3D:
    """One segment of a sensor, ready to be searched.

    values: (axes, n) in m/s2 with gravity where the sensor gives it, or deg/s; wild samples are bridged.
    gravity: (axes, n), slow part; None where the sensor gives none. usable: (n,), False in placement movement and on
    bridged samples. moving: (n,), the limb moves or turns.
    """

    start_s: float
    rate_hz: float
    values: Floats
    gravity: Floats | None
    usable: Flags
    moving: Flags

    @property
    def dynamic(self) -> Floats:
        """Values without their slow part, (axes, n)."""
        return self.values - (self.gravity if self.gravity is not None else 0.0)

    def tilt_deg(self, first: int, last: int) -> float | None:
        """Return the largest angle by which gravity turns within values[first:last]; None without gravity."""
        if self.gravity is None or last - first < 2:
            return None
        part = self.gravity[:, first:last]
        part = part / np.maximum(np.linalg.norm(part, axis=0), 1e-9)
        return float(np.degrees(np.arccos(np.clip(part.T @ part[:, 0], -1, 1))).max())


def sensors_of(recording: Recording, side: Side) -> tuple[Sensor, ...]:
    """Return the sensors of motion of a recording: axes with the same name but for x, y and z belong together."""
    groups: dict[tuple[str, str, float], list[Channel]] = {}
    for one in recording.channels:
        if one.role in ("acceleration", "rotation"):
            name = " ".join(_AXIS.sub(" ", one.name).replace("_", " ").split())
            groups.setdefault((one.role, name, one.rate_hz), []).append(one)
    found: list[Sensor] = []
    for (role, name, _), members in groups.items():
        label = name or ("accelerometer" if role == "acceleration" else "gyroscope")
        lower = label.lower()
        told: Side = "left" if "left" in lower else "right" if "right" in lower else side
        found.extend(
            Sensor(role, label, tuple(members[first : first + 3]), told) for first in range(0, len(members), 3)
        )
    return tuple(found)


def made_ready(
    recording: Recording, sensor: Sensor, parameters: MotionParameters
) -> tuple[tuple[Stretch3D, ...], list[Problem]]:
    """Return the segments of a sensor ready to be searched, and what has to be said; none where its unit is unknown."""
    problems: list[Problem] = []
    pieces = [recording.pieces(one.name) for one in sensor.channels]
    raw = [np.stack([axis.values for axis in axes]) for axes in zip(*pieces, strict=True)]
    factor, gravity = _unit(sensor, raw, parameters, problems)
    if factor is None:
        return (), problems
    ready = []
    for values, segment in zip(raw, recording.segments, strict=True):
        if values.shape[1] < max(4, round(parameters.block_s * sensor.rate_hz)):
            continue
        ready.append(_segment(values * factor, segment.start_s, sensor, gravity, parameters, problems))
    return tuple(ready), problems


def _unit(
    sensor: Sensor, raw: list[NDArray[np.float32]], parameters: MotionParameters, problems: list[Problem]
) -> tuple[float | None, bool]:
    """The factor to m/s2 or deg/s, None where it can't be told; and whether gravity is in the values."""
    unit = (sensor.channels[0].unit or "").lower().replace("²", "2").replace("^", "")
    if sensor.kind == "rotation":
        return (_PER_RADIAN if unit.startswith("rad") else 1.0), False
    size = np.concatenate([np.linalg.norm(one[:, :: max(1, one.shape[1] // 20_000)], axis=0) for one in raw])
    level = float(np.nanmedian(size)) if size.size else 0.0
    level = next((one for one in map(_still, raw) if one is not None), level)
    told = {"m/s2": 1.0, "m/s/s": 1.0, "mps2": 1.0, "g": GRAVITY_MPS2, "mg": GRAVITY_MPS2 / 1000}.get(unit)
    full = len(sensor.channels) == 3
    for factor in (1.0, GRAVITY_MPS2, GRAVITY_MPS2 / 1000):
        if abs(level * factor / GRAVITY_MPS2 - 1) <= parameters.gravity_tolerance and told in (None, factor):
            if told is None:
                word = {1.0: "m/s2", GRAVITY_MPS2: "g"}.get(factor, "mg")
                message = f"{sensor.name}: the unit is {word}, told by gravity ({level:.3g})."
                problems.append(Problem(codes.UNIT_BY_GRAVITY, message, channel=sensor.channels[0].name))
            return factor, True
    if told is not None:
        if full:
            message = f"{sensor.name}: its values hold no gravity (they lie round {level:.3g} {unit})."
            effect = "Angles aren't known, so that slow movements can be missed."
            problems.append(Problem(codes.WITHOUT_GRAVITY, message, effect, sensor.channels[0].name))
        return told, not full
    message = f"{sensor.name}: the unit can't be told, the values lie round {level:.3g}, neither 9.8 nor 1."
    problems.append(Problem(codes.UNIT_NOT_TOLD, message, "The sensor was not used.", sensor.channels[0].name))
    return None, False


def _still(values: NDArray[np.float32]) -> float | None:
    """The length of the vector where a sensor is still, None where it never is or has not three axes."""
    length = still_length(np.linalg.norm(values, axis=0)) if len(values) == 3 else None
    return length if length is not None and gravity_in(length) is not None else None


def _segment(
    values: Floats,
    start_s: float,
    sensor: Sensor,
    has_gravity: bool,
    parameters: MotionParameters,
    problems: list[Problem],
) -> Stretch3D:
    rate, name = sensor.rate_hz, sensor.channels[0].name
    missing = np.asarray(~np.isfinite(values).all(axis=0))
    if missing.any():
        message = f"{sensor.name}: {int(missing.sum())} samples are no numbers."
        problems.append(Problem(codes.NOT_NUMBERS, message, "They were bridged.", name, repaired=True))
    values = bridged(np.where(missing, 0.0, values), missing)
    wild = np.zeros(values.shape[1], dtype=bool)
    if sensor.kind == "acceleration":
        wild = wild_samples(values, rate, parameters.glitch, parameters.glitch_ratio, parameters.glitch_highest)
        if wild.any():
            groups = runs(widened(wild, 2))
            highest = float(np.abs(values[:, wild]).max()) / GRAVITY_MPS2
            message = f"{sensor.name}: {len(groups)} glitches of up to {highest:.0f} g were left out."
            at = [start_s + float(place) / rate for place in (groups[0, 0], groups[-1, 1])]
            problems.append(
                Problem(codes.GLITCHES, message, "They count as no movement.", name, at[0], at[1], repaired=True)
            )
    out = widened(wild, max(2, round(parameters.glitch_guard_s * rate)))
    values = bridged(values, out)
    slow = _slow(values, rate, parameters) if has_gravity else None
    dynamic = values - (slow if slow is not None else 0.0)
    usable = ~(out | missing)
    first, last = _placement(dynamic, slow, rate, parameters)
    for low, high, words in ((0, first, "start"), (last, values.shape[1], "end")):
        if high > low:
            usable[low:high] = False
            seconds = (high - low) / rate
            message = f"{sensor.name}: movement in the {seconds:.1f} s at the {words}, as of putting on or taking off."
            problems.append(
                Problem(codes.PLACEMENT, message, "It was left out.", name, start_s + low / rate, start_s + high / rate)
            )
    return Stretch3D(start_s, rate, values, slow, usable, _moving(values, slow, rate, sensor.kind, parameters))


def _slow(values: Floats, rate: float, parameters: MotionParameters) -> Floats:
    size = round(parameters.gravity_s * rate)
    return moving_mean(moving_mean(values, size), size)


def _placement(dynamic: Floats, slow: Floats | None, rate: float, parameters: MotionParameters) -> tuple[int, int]:
    """The first and last sample between putting on and taking off; without gravity nothing is cut."""
    samples = dynamic.shape[1]
    if slow is None:
        return 0, samples
    size = round(parameters.block_s * rate)
    blocks = samples // size
    reach = min(round(parameters.placement_s / parameters.block_s), int(parameters.placement_share * blocks))
    if reach < 2:
        return 0, samples
    power = (dynamic[:, : blocks * size] ** 2).sum(axis=0).reshape(blocks, size).mean(axis=1)
    angle = slow[:, : blocks * size].reshape(len(slow), blocks, size).mean(axis=2)
    angle /= np.maximum(np.linalg.norm(angle, axis=0), 1e-9)
    start = _cut(np.sqrt(power), angle, reach, parameters)
    stop = _cut(np.sqrt(power[::-1]), angle[:, ::-1], reach, parameters)
    return start * size, samples if stop == 0 else (blocks - stop) * size


def _cut(level: Floats, angle: Floats, reach: int, parameters: MotionParameters) -> int:
    """How many blocks at the beginning are movement of placing: lively, turned, and calm follows."""
    after = slice(reach, min(2 * reach + 1, level.size))
    calm = float(np.median(level[after]))
    rest = np.median(angle[:, after], axis=1)
    rest /= max(float(np.linalg.norm(rest)), 1e-9)
    turned = np.degrees(np.arccos(np.clip(rest @ angle[:, :reach], -1, 1)))
    lively = level[:reach] >= max(parameters.placement_ratio * calm, parameters.moving_mps2 / 3)
    if not lively[: min(4, reach)].any():
        return 0
    at = np.flatnonzero(lively)
    parted = np.flatnonzero(np.diff(at) > _PAUSE_BLOCKS)
    end = int(at[parted[0]] if parted.size else at[-1]) + 1
    fits = turned[:end].max() >= parameters.placement_deg
    fits = fits and float(np.median(level[:end])) >= parameters.placement_ratio * calm
    return min(end + 1, reach) if fits else 0


def _moving(values: Floats, slow: Floats | None, rate: float, kind: str, parameters: MotionParameters) -> Flags:
    """Where the limb moves as a whole: below the band of tremor, or turning against gravity."""
    fast = moving_mean(values, max(1, round(rate / (2 * parameters.rhythm.lowest_hz))))
    slower = slow if slow is not None else _slow(values, rate, parameters)
    power = moving_mean(((fast - slower) ** 2).sum(axis=0), round(rate))
    limit = parameters.moving_dps if kind == "rotation" else parameters.moving_mps2
    moving = power >= limit**2
    if slow is not None:
        reach = round(rate)
        unit = slow / np.maximum(np.linalg.norm(slow, axis=0), 1e-9)
        if unit.shape[1] > 2 * reach:
            cosine = (unit[:, 2 * reach :] * unit[:, : -2 * reach]).sum(axis=0)
            turned = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
            moving[reach:-reach] |= turned >= parameters.moving_deg
    return np.asarray(moving)
