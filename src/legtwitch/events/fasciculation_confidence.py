"""How sure a counted potential is one, and a fasciculation: two probabilities, and what else it may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.decision import Features, decide

_AMONG = ("fasciculation", "ecg_artifact", "electrode_pop", "motor_unit_discharge", "fragmentary_myoclonus")
_KNOWN = (1.6, 5.0, 4.2)  # logit at an energy, its slope over the logarithm of the energy, that energy
_ALONE = (1.0, 1.7, 5.0)
_BELOW = 6.0  # slope, of one that nothing repeats, below the threshold over the noise beside it: there noise abounds
_OVERLAPPED = 1.5  # off the logit
_MOST = 0.995
_LEAST_DISCHARGES = 6
_LONGEST_MS = 30.0
_CLIPPED = 0.9


@dataclass(frozen=True, slots=True)
class Habit:
    """How a unit fires at rest. rate_hz: discharges a second of rest; rate_cov: of its intervals, None for too few."""

    rate_hz: float
    rate_cov: float | None


def habits(time_s: NDArray[np.float64], unit: NDArray[np.int64], rest_s: float) -> dict[int, Habit]:
    """Return for each unit how it fires. time_s: (n,), ascending, at rest; unit: (n,), 0 for none. rest_s: of rest."""
    found = {}
    for one in np.unique(unit[unit > 0]).tolist():
        steps = np.diff(time_s[unit == one])
        cov = float(steps.std() / steps.mean()) if steps.size + 1 >= _LEAST_DISCHARGES and steps.mean() > 0 else None
        found[one] = Habit((steps.size + 1) / max(rest_s, 1.0), cov)
    return found


def real(energy: float, threshold: float, alike: bool, overlapped: bool, saturated: bool) -> float:
    """Return the probability that a potential above the threshold is one, and seen at its place.

    energy: over its median in the noise beside it. threshold: which that noise hardly ever reaches. alike: its shape
    comes back. overlapped: by another. saturated: clipped.
    Fitted by eye to shares of true events of `benchmarks/emg.py`, seeds 5001 to 5004: simulated recordings, not people.
    """
    base, slope, at = _KNOWN if alike else _ALONE
    logit = base + slope * math.log(max(energy, 1.0) / at) - (_OVERLAPPED if overlapped else 0.0)
    if not alike and energy < threshold:
        logit -= _BELOW * math.log(threshold / max(energy, 1.0))
    return min(_MOST, 1 / (1 + math.exp(-logit))) * (_CLIPPED if saturated else 1.0)


def judged(
    chance_real: float, habit: Habit | None, duration_ms: float | None, isolated: bool
) -> tuple[float, dict[str, float]]:
    """Return the probability of a fasciculation, and the alternatives with theirs.

    habit: of its unit, None for none. duration_ms: None where it could not be measured. isolated: its unit is silent
    for 250 ms before and after. Source: the table of decisions; what is no potential at all is a `short_potential`.
    """
    features = Features(
        duration_ms=duration_ms if habit is not None or duration_ms is None else min(duration_ms, _LONGEST_MS),
        rate_hz=None if habit is None else habit.rate_hz,
        rate_cov=None if habit is None else habit.rate_cov,
        same_shape=None if habit is None else True,
        isolated=isolated,
        spike=False,
        asleep=False,
    )
    found = decide(features, among=_AMONG, least=0.0)
    classes = {found.event: found.confidence, **found.alternatives}
    sure = classes.pop("fasciculation", 0.0) * chance_real
    others = {name: round(chance * chance_real, 3) for name, chance in classes.items()}
    rest = round(1 - sure - sum(others.values()), 3)
    return round(sure, 3), {name: chance for name, chance in {**others, "short_potential": rest}.items() if chance > 0}
