"""How a leg moves under a phone: tilts, oscillations and taps of the muscle, on a fine grid of time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.muap import Floats

GRAVITY = 9.80665
Placement = Literal["shin", "ankle", "thigh"]
ARM_M = {"shin": 0.22, "ankle": 0.38, "thigh": 0.25}
"""Distance (m) of the phone from the joint about which its segment swings [assumed]."""
SHARE = {"shin": 1.0, "ankle": 1.0, "thigh": 0.35}
"""How much of a swing of the lower leg the segment takes part in [assumed]."""
GRID_HZ = 400
HARDEST_MPS2 = 20.0
"""A tilt never pushes the phone harder than this [assumed]."""
PEAK_OF_STEP = 5.7735
"""Highest second derivative of the smooth step from 0 to 1 in unit time."""

_BLOCK = 100_000


@dataclass(slots=True)
class Motion:
    """A leg moving, on a grid of `GRID_HZ`. pitch, roll: rad against the resting posture, shape (n,).

    push: linear acceleration (m/s2) in the axes of the phone besides what the swing gives, shape (3, n): x across, y
    along the limb upwards, z away from it. posture: resting angle (rad) of the limb to the vertical. rows: the truth.
    """

    duration_s: float
    placement: Placement
    posture: float = 0.0
    pitch: Floats = field(default_factory=lambda: np.zeros(0))
    roll: Floats = field(default_factory=lambda: np.zeros(0))
    push: Floats = field(default_factory=lambda: np.zeros((3, 0)))
    rows: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = int(np.ceil(self.duration_s * GRID_HZ)) + GRID_HZ
        self.pitch, self.roll, self.push = np.zeros(number), np.zeros(number), np.zeros((3, number))

    def span(self, start_s: float, end_s: float) -> tuple[slice, Floats]:
        """Return a stretch (s) of the grid and its times."""
        first = max(0, int(np.ceil(start_s * GRID_HZ)))
        last = min(len(self.pitch), int(np.ceil(end_s * GRID_HZ)))
        return slice(first, max(first, last)), np.arange(first, max(first, last)) / GRID_HZ

    @property
    def arm_m(self) -> float:
        """The phone's distance (m) from the joint."""
        return ARM_M[self.placement]

    @property
    def share(self) -> float:
        """How much of a swing reaches the phone's segment."""
        return SHARE[self.placement]

    def row(self, event: str, start_s: float, end_s: float, **columns: object) -> None:
        """Add a row of the truth over a stretch (s)."""
        start, end = max(0.0, start_s), min(self.duration_s, end_s)
        side = "left" if event not in ("artifact", "movement_artifact", "recording_gap") else "n/a"
        self.rows.append(Event(round(start, 4), round(max(end - start, 0.0), 4), event, side, None, columns))  # type: ignore[arg-type]

    def tilt(self, start_s: float, length_s: float, degrees: float, rise_s: float, *, back: bool = True) -> float:
        """Let the limb tilt, rising and falling in `rise_s` (at most half the length); without `back` it stays there.

        Return the degrees of the phone: fewer than asked where that took more than `HARDEST_MPS2`.
        """
        rise_s = min(rise_s, length_s / 2) if back else rise_s
        most = np.degrees(HARDEST_MPS2 * rise_s**2 / (PEAK_OF_STEP * self.arm_m))
        degrees = float(np.clip(degrees, -most, most))
        end = start_s + length_s if back else self.duration_s + 1
        where, at = self.span(start_s, end)
        up = smooth((at - start_s) / rise_s)
        down = smooth((start_s + length_s - at) / rise_s) if back else 1.0
        self.pitch[where] += np.radians(degrees) * self.share * up * down
        return round(abs(degrees) * self.share, 2)

    def swing(self, start_s: float, phase: Floats, size_mps2: Floats, freq_hz: float, harmonics: Floats) -> None:
        """Let the limb swing: `phase` (rad) on the grid from a start on, tangential `size_mps2` at the phone.

        harmonics: height of the acceleration at 2, 3 … times the frequency against the first.
        """
        where, _ = self.span(start_s, start_s + len(phase) / GRID_HZ)
        number = where.stop - where.start
        omega = 2 * np.pi * freq_hz
        size = size_mps2[:number] * self.share / (self.arm_m * omega**2)
        wave = np.sin(phase[:number])
        for order, height in enumerate(harmonics, start=2):
            wave = wave + height / order**2 * np.sin(order * phase[:number] + order)
        self.pitch[where] -= size * wave
        self.roll[where] -= 0.25 * size * np.sin(phase[:number] + 0.7)

    def tap(self, start_s: float, length_s: float, size_mps2: float, direction: Floats) -> None:
        """Let the muscle push the phone once: out, back and a little beyond, without any tilt."""
        where, at = self.span(start_s, start_s + length_s)
        place = (at - start_s) / length_s
        wave = np.sin(2 * np.pi * place**0.7) * np.sin(np.pi * place) * np.exp(-1.5 * place)
        wave = wave - 2 * np.sin(np.pi * place) ** 2 * (wave.mean() if len(wave) else 0.0)
        peak = float(np.abs(wave).max(initial=1e-9))
        self.push[:, where] += direction[:, None] * (size_mps2 / peak) * wave

    def linear(self, where: slice) -> Floats:
        """Return the acceleration without gravity (m/s2) over a stretch of the grid, shape (3, length)."""
        wide = slice(max(where.start - 2, 0), min(where.stop + 2, len(self.pitch)))
        speed, turn = (np.gradient(angle[wide], 1 / GRID_HZ) for angle in (self.pitch, self.roll))
        swing = [np.gradient(turn, 1 / GRID_HZ), speed**2, -np.gradient(speed, 1 / GRID_HZ)]
        inside = slice(where.start - wide.start, where.stop - wide.start)
        return np.asarray(self.push[:, where] + self.arm_m * np.stack(swing)[:, inside])

    def measure(self) -> None:
        """Give every row the highest acceleration without gravity (m/s2) in it, as `peak_mps2`."""
        for number, row in enumerate(self.rows):
            where, _ = self.span(row.onset_s, row.onset_s + row.duration_s)
            size = np.sqrt((self.linear(where) ** 2).sum(axis=0))
            peak = round(float(size.max(initial=0.0)), 3)
            self.rows[number] = replace(row, attributes={**row.attributes, "peak_mps2": peak})

    def sensed(self, times_s: Floats, mount: Floats) -> tuple[Floats, Floats]:
        """Return what a phone mounted so (rotation matrix) senses at some times: m/s2 and rad/s, shape (n, 3) each."""
        acceleration, rotation = np.empty((len(times_s), 3)), np.empty((len(times_s), 3))
        for first in range(0, len(times_s), _BLOCK):
            part = slice(first, min(first + _BLOCK, len(times_s)))
            start = max(0, int(times_s[part].min() * GRID_HZ) - 2)
            where = slice(start, min(len(self.pitch), int(times_s[part].max() * GRID_HZ) + 4))
            pitch, roll = self.posture + self.pitch[where], self.roll[where]
            up = np.stack([np.sin(roll), np.cos(pitch) * np.cos(roll), np.sin(pitch) * np.cos(roll)])
            turns = np.stack([np.gradient(pitch, 1 / GRID_HZ), 0 * pitch, np.gradient(roll, 1 / GRID_HZ)])
            grid = np.arange(where.start, where.stop) / GRID_HZ
            for result, rows in ((acceleration, GRAVITY * up + self.linear(where)), (rotation, turns)):
                for axis, row in enumerate(mount @ rows):
                    result[part, axis] = np.interp(times_s[part], grid, row)
        return acceleration, rotation


def smooth(place: Floats) -> Floats:
    """Return 0 below 0, 1 above 1, and a smooth step (zero speed and acceleration at both ends) between."""
    x = np.clip(place, 0.0, 1.0)
    return np.asarray(x**3 * (10 - 15 * x + 6 * x**2))


def tilted_mount(rng: np.random.Generator) -> Floats:
    """Return the rotation matrix of a phone strapped on not quite straight: up to 12 degrees about each axis."""
    angles = np.radians(rng.uniform(-12, 12, 3))
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        turn = np.eye(3)
        turn[one, one] = turn[other, other] = np.cos(angle)
        turn[one, other], turn[other, one] = -np.sin(angle), np.sin(angle)
        matrix = turn @ matrix
    return np.asarray(matrix)
