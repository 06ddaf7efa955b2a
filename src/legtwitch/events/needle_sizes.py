"""Fibres of one shape told apart: each fires regularly and has a size of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.needle_units import pattern_of

_LEAST = 8  # choice: discharges of a part, for fewer tell no rhythm
_IRREGULAR = 0.3  # as of a unit whose firing is called regular
_CALMER = 0.6  # choice: the parts vary so much less than the whole
_PLACES = np.linspace(0.1, 0.9, 33)  # choice: shares of the discharges at which a cut is tried
_DEEPEST = 3  # choice: up to eight parts


def parts_by_size(
    time_s: NDArray[np.float64], peak_to_peak_uv: NDArray[np.floating], own: NDArray[np.int64], depth: int = 0
) -> list[NDArray[np.int64]]:
    """Return the potentials of a unit (numbers, ascending) in parts that are fibres of their own; as a rule one part.

    Fibrillation potentials of several fibres look alike but for their size, and together they seem irregular. A cut by
    size is made where both parts then fire far more regularly than the whole; end-plate spikes, which are irregular by
    nature, do not become regular by any cut.
    Source: this program's own, from the regular firing of denervated fibres.
    """
    whole = pattern_of(time_s[own]).variation if own.size >= 2 * _LEAST else 0.0
    if depth >= _DEEPEST or whole <= _IRREGULAR:
        return [own]
    size = peak_to_peak_uv[own]
    best: tuple[float, NDArray[np.bool_]] | None = None
    for level in np.unique(np.quantile(size, _PLACES)):
        small = size < level
        if min(small.sum(), (~small).sum()) < _LEAST:
            continue
        mean = sum(part.mean() * pattern_of(time_s[own[part]]).variation for part in (small, ~small))
        if best is None or mean < best[0]:
            best = (float(mean), small)
    if best is None or best[0] > _CALMER * whole:
        return [own]
    halves = (own[best[1]], own[~best[1]])
    return [part for half in halves for part in parts_by_size(time_s, peak_to_peak_uv, half, depth + 1)]
