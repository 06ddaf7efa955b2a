"""How strong a signal is near a frequency at every moment, by two short kernels a quarter of a wave apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.filters import filter_zero_phase
from legtwitch.signal.glitches import moving_mean

Floats = NDArray[np.float64]

_ORDERS = (2, 3)
_WIDTHS = 5.5  # standard deviations on both sides: a jerk 1,000 times above rest leaves no echo of the ends
_SURROUNDINGS_S = 2.0
_SLOW_S = 0.15
_CALM_SHARE = 0.7  # choice: of the surroundings, the rest may be movement
NOISE_MEDIAN = {1: 1.177, 2: 1.832, 3: 2.313}
"""Median amplitude of white noise of standard deviation 1 by the number of axes: chi with two degrees of freedom each.

Source: the chi distribution, square roots of 1.386, 3.357 and 5.348.
"""


def ripple_kernels(rate_hz: float, hz: float) -> tuple[Floats, Floats]:
    """Return the second and the third derivative of a Gaussian that answer most to hz, both (n,) with n odd.

    Both have a sum of squares of 1, so that white noise keeps its standard deviation, and let neither a constant nor a
    slope through: gravity and a limb that turns slowly leave nothing. About one and a half waves long.

    Source: derivative-of-Gaussian wavelets, whose spectrum of order m peaks at sqrt(m) / (2 pi sigma).
    """
    half = max(2, round(_WIDTHS * np.sqrt(_ORDERS[1]) / (2 * np.pi * hz) * rate_hz))
    steps = np.arange(-half, half + 1)
    made = []
    for order in _ORDERS:
        at = steps * (2 * np.pi * hz) / (np.sqrt(order) * rate_hz)
        bell = np.exp(-at * at / 2)
        wave = (at * at - 1) * bell if order == 2 else (at**3 - 3 * at) * bell
        for power in (0, 1):  # what cutting and sampling left of the first two moments
            shape = bell * at**power
            wave = wave - shape * float(wave @ steps**power) / float(shape @ steps**power)
        made.append(np.asarray(wave / np.sqrt(wave @ wave), dtype=np.float64))
    return made[0], made[1]


def ripples(values: NDArray[Any], kernels: tuple[Floats, Floats]) -> NDArray[np.float32]:
    """Return values (axes, n) by both kernels of a pair, (2, axes, n), in the unit of values times standard deviations.

    White noise keeps its standard deviation.
    """
    return np.stack([np.stack([filter_zero_phase(axis, kernel) for axis in values]) for kernel in kernels])


def amplitude(waves: NDArray[np.float32]) -> Floats:
    """Return the amplitude of ripples (2, axes, n), all axes together, (n,).

    No turning of the sensor and no phase changes it: white noise of standard deviation s on every axis gives
    s * NOISE_MEDIAN[axes] in the median.
    """
    total = np.zeros(waves.shape[2])
    for one in waves.reshape(-1, waves.shape[2]):
        total += one.astype(np.float64) ** 2
    return np.sqrt(total)


def evened(waves: NDArray[np.float32], rest: NDArray[np.bool_], least: float) -> NDArray[np.float32]:
    """Return ripples (2, axes, n) turned and scaled so that those at rest have standard deviation 1 in any direction.

    rest: which samples are rest, (n,). least: a standard deviation that every direction has at least.
    A shaking along one direction then hides nothing of another.
    """
    calm = waves[:, :, rest].astype(np.float64)
    calm = calm.reshape(2, len(waves[0]), -1).transpose(1, 0, 2).reshape(len(waves[0]), -1)
    spread = calm @ calm.T / max(calm.shape[1], 1) if calm.shape[1] else np.zeros((len(calm), len(calm)))
    size, ways = np.linalg.eigh(spread + least**2 * np.eye(len(calm)))
    turn = (ways / np.sqrt(size)) @ ways.T
    return np.stack([turn.astype(np.float32) @ one for one in waves])


def ripple_reach(kernels: tuple[Floats, Floats], share: float) -> int:
    """Return how many samples from an impulse its amplitude comes down to a share (0 to 1) of its highest."""
    answer = np.sqrt(kernels[0] ** 2 + kernels[1] ** 2)
    above = np.flatnonzero(answer >= share * answer.max())
    return int(above[-1] - above[0]) // 2


def energy_duration(values: NDArray[Any], rate_hz: float, start: int, stop: int, around: int, least: float) -> float:
    """Return for how long (s) the energy of values (axes, n) from start to stop lasts, wherever its peaks lie.

    A box of length T gives T, a bell of standard deviation s 3.5 s, an impulse one sample. around: samples to both
    sides that belong to it; two seconds beyond them tell what noise is, which is made even in all directions. least: a
    standard deviation that every direction has at least. What is slower than 0.15 s is taken out first.

    Source: inverse participation ratio, the square of the sum of energies over the sum of their squares.
    """
    reach = round(_SURROUNDINGS_S * rate_hz)
    first, last = max(0, start - around - reach), min(values.shape[1], stop + around + reach)
    fast = values[:, first:last] - moving_mean(values[:, first:last], max(3, round(_SLOW_S * rate_hz)))
    own = slice(max(0, start - around - first), stop + around - first)
    outside = np.ones(fast.shape[1], dtype=np.bool_)
    outside[own] = False
    energy = (fast**2).sum(axis=0)
    outside &= energy <= np.quantile(energy[outside], _CALM_SHARE) if outside.any() else False
    spread = fast[:, outside] @ fast[:, outside].T / max(int(outside.sum()), 1)
    part = np.linalg.solve(np.linalg.cholesky(spread + least**2 * np.eye(len(fast))), fast[:, own])
    energy = (part**2).sum(axis=0)
    left = np.maximum(energy - 2 * np.median(energy), 0.0)
    return float(left.sum() ** 2 / max(float((left**2).sum()), 1e-30)) / rate_hz
