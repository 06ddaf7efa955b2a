"""Potentials of motor units in closed form: a moving current source on each fibre, a line source in a conductor.

Positions are in mm: x across the fibres, y below the skin, z along the fibres. Voltages in uV, times in s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA_FIBRE = 1.01
"""Conductivity (S/m) inside a fibre. Grade D: believed in the field, no source seen."""
SIGMA_ACROSS = 0.063
"""Conductivity (S/m) of muscle across the fibres. Grade D."""
ANISOTROPY = 5.0
"""Conductivity along the fibres over that across. Grade D."""
TAIL_MM = 16.0
"""Behind the front of the action potential, beyond this length, nothing changes any more (under 0.1 %)."""
CLOSEST_MM = 0.08
"""No electrode comes nearer to a fibre's axis than its radius and a film of fluid."""
VELOCITY_STEP = 0.05
"""Fibre velocities (m/s) lie on a grid, so that fibres of one velocity are summed before time is laid over them."""


@dataclass(frozen=True, slots=True)
class Fibres:
    """The fibres of a unit, all arrays of shape (fibres,).

    x, y, end_plate: mm. ahead, behind: mm from the end plate to the tendon in the direction of z and against it.
    velocity: m/s. diameter: mm. group: index of the cluster of fibres that shares a branch of the axon.
    """

    x: Floats
    y: Floats
    end_plate: Floats
    ahead: Floats
    behind: Floats
    velocity: Floats
    diameter: Floats
    group: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Electrode:
    """One channel: the weighted sum of the potentials at points. points: shape (n, 3) in mm; weights: shape (n,)."""

    points: Floats
    weights: Floats


def bipolar(x: float, z: float, distance: float, depth: float = 0.0) -> Electrode:
    """Return two points on the skin in line with the fibres, `distance` (mm) apart, their middle at x and z (mm)."""
    points = np.array([[x, depth, z - distance / 2], [x, depth, z + distance / 2]])
    return Electrode(points, np.array([1.0, -1.0]))


def concentric_needle(x: float, y: float, z: float) -> Electrode:
    """Return a core at a point (mm) against the mean over a cannula of 15 mm above it [choice: six points]."""
    above = np.array([0.3, 1.0, 2.5, 5.0, 9.0, 15.0])
    points = np.array([[x, y, z], *([x, y - up, z] for up in above)])
    return Electrode(points, np.array([1.0, *(-1 / len(above) for _ in above)]))


def voltage_slope(behind_mm: Floats) -> Floats:
    """Return the slope (mV/mm) of the action potential at a distance behind its front; 0 ahead of it.

    Source: the form of Rosenfalck, Vm(z) = 96 z^3 e^-z - 90 mV with z in mm.
    """
    z = np.maximum(behind_mm, 0.0)
    return np.asarray(96 * (3 - z) * z**2 * np.exp(-z))


def potentials(
    fibres: Fibres,
    electrodes: tuple[Electrode, ...],
    rate_hz: float,
    length_s: float,
    *,
    step_mm: float = 0.25,
    half_space: bool = True,
) -> Floats:
    """Return the potential of each group of fibres at each channel, shape (groups, channels, samples), in uV.

    The transmembrane current of a fibre is the second derivative of its action potential, cut off at end plate and
    tendons; integrated by parts, the cuts are the end terms. Sample i lies at i / rate_hz after the end plates fire.

    Parameters
    ----------
    step_mm: grid along the fibre; 0.25 on the skin, 0.1 for a needle. half_space: the skin insulates, which doubles.

    Source: the line-source model of section 4.2 of the project's notes (Rosenfalck; Dimitrov and Farina for the ends).
    Deviations: one layer without fat or bone; electrodes are points; velocities on a grid of 0.05 m/s.
    """
    longest = float(max(fibres.ahead.max(), fibres.behind.max()))
    along = np.arange(0.0, longest + step_mm, step_mm)
    front = np.arange(0.0, longest + TAIL_MM, step_mm)
    wave = voltage_slope(front[:, None] - along[None, :])
    speeds = np.round(fibres.velocity / VELOCITY_STEP).astype(int)
    kinds, kind = np.unique(np.stack([fibres.group, speeds]), axis=1, return_inverse=True)
    strength = _strength(fibres.diameter) * (2.0 if half_space else 1.0) * step_mm
    members = np.zeros((len(strength), kinds.shape[1]))
    members[np.arange(len(strength)), kind.ravel()] = strength
    times = np.arange(round(length_s * rate_hz)) / rate_hz
    result = np.zeros((int(fibres.group.max()) + 1, len(electrodes), len(times)))
    for channel, electrode in enumerate(electrodes):
        waves = wave @ (_weights(fibres, electrode, along) @ members)
        for number, (group, speed) in enumerate(kinds.T):
            at = times * speed * VELOCITY_STEP * 1000
            result[group, channel] += np.interp(at, front, waves[:, number], left=0.0, right=0.0)
    return result


def _strength(diameter_mm: Floats) -> Floats:
    """Return what turns mV/mm times 1/mm2 times mm into uV: the fibre's cross-section over the conductor."""
    return np.asarray(1000 * SIGMA_FIBRE * (diameter_mm / 2) ** 2 / (4 * SIGMA_ACROSS))


def _weights(fibres: Fibres, electrode: Electrode, along: Floats) -> Floats:
    """Return how a slope of the action potential at a place of a fibre reaches a channel, shape (places, fibres)."""
    total = np.zeros((len(along), len(fibres.x)))
    for direction, reach in ((1.0, fibres.ahead), (-1.0, fibres.behind)):
        inside = along[:, None] <= reach[None, :]
        for (x, y, z), weight in zip(electrode.points, electrode.weights, strict=True):
            across = np.maximum((fibres.x - x) ** 2 + (fibres.y - y) ** 2, CLOSEST_MM**2)
            away = fibres.end_plate[None, :] + direction * along[:, None] - z
            slope = -away / (ANISOTROPY * across[None, :] + away**2) ** 1.5
            total += weight * direction * slope * inside
    return total
