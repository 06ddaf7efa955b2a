"""Single wild samples of a sensor, found and bridged; moving means that hold no ringing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_REACH = 3  # samples to both sides of the median that a sample is compared with
_STILL = 8  # samples round a wild one that are not part of its surroundings


def wild_samples(values: NDArray[Any], rate_hz: float, least: float, ratio: float, highest: float) -> NDArray[np.bool_]:
    """Return which samples of values (axes, n) are wild, (n,): a few at once that leave the course of all others.

    Wild: further than `least` from the median of its neighbours and `ratio` times further than nine in ten of the
    samples within half a second are; or further from 0 than `highest`. All three in the unit of values.
    """
    wild = (np.abs(values) > highest).any(axis=0)
    half = max(_STILL + 2, round(rate_hz / 2))
    for axis in values:
        jump = np.abs(np.diff(axis, prepend=axis[:1]))
        near = np.flatnonzero(jump > least / 3)
        candidates = np.unique(np.concatenate([near + by for by in (-1, 0)])) if near.size else near
        for at in candidates[(candidates >= 0) & (candidates < axis.size)].tolist():
            away = abs(axis[at] - np.median(axis[max(0, at - _REACH) : at + _REACH + 1]))
            if away <= least:
                continue
            around = np.concatenate((axis[max(0, at - half) : max(0, at - _STILL)], axis[at + _STILL : at + half]))
            usual = np.percentile(np.abs(around - np.median(around)), 90) if around.size else 0.0
            wild[at] |= bool(away > ratio * usual)
    return np.asarray(wild, dtype=np.bool_)


def bridged(values: NDArray[Any], out: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return values (axes, n) with straight lines over the samples that are out, (n,); all out: zeros."""
    result = np.array(values, dtype=np.float64)
    if not out.any():
        return result
    if out.all():
        return np.zeros_like(result)
    at, kept = np.flatnonzero(out), np.flatnonzero(~out)
    for axis in result:
        axis[at] = np.interp(at, kept, axis[kept])
    return result


def widened(flags: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Return flags (n,) with `reach` more true values on both sides of every true one."""
    if not flags.any() or reach < 1:
        return flags.copy()
    return np.asarray(np.convolve(flags, np.ones(2 * reach + 1), mode="same") > 0.5)


def moving_mean(values: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Return the centred mean over `size` (made odd) samples of values (…, n), mirrored at both ends, same shape."""
    half = min(size // 2, values.shape[-1] - 1)
    if half < 1:
        return np.array(values, dtype=np.float64)
    pad = [(0, 0)] * (values.ndim - 1) + [(half + 1, half)]
    padded = np.pad(values.astype(np.float64), pad, mode="reflect" if half + 1 < values.shape[-1] else "edge")
    total = np.cumsum(padded, axis=-1)
    return np.asarray((total[..., 2 * half + 1 :] - total[..., : -(2 * half + 1)]) / (2 * half + 1))
