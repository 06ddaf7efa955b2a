"""One potential is one event: late phases, overlaps and what effort recruits add none, and a doublet stays two."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray

from legtwitch.events.emg_group import Kept
from legtwitch.events.emg_modality import Modality, groups_of
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_surface import detect_surface
from legtwitch.events.emg_voluntary import recruited
from legtwitch.events.units_explained import explained
from legtwitch.model import Detected
from legtwitch.simulate import SimulatedEmg, emg, emg_recording

Floats = NDArray[np.float64]
RATE = 2000.0
LATE_S = 0.02
NEAR_S = 0.02


def _lobe(seconds: Floats) -> Floats:
    place = seconds / 0.002
    return np.asarray((1 - place**2) * np.exp(-(place**2) / 2))


def _long_potentials(at_s: Floats, weak_s: Floats) -> Kept:
    """Two channels, 16 steps to the noise: a unit of two lobes 20 ms apart at each time, another of one lobe."""
    rng = np.random.default_rng(3)
    time_s = np.arange(int(RATE * (max(at_s[-1], weak_s[-1]) + 1))) / RATE
    early, late, other = (
        sum((_lobe(time_s - one - lag) for one in times.tolist()), np.zeros(time_s.size))
        for times, lag in ((at_s, 0.0), (at_s, LATE_S), (weak_s, 0.0))
    )
    values = np.outer((30.0, 15.0), early) + np.outer((5.0, 12.0), late) + np.outer((12.0, 2.0), other)
    values += rng.standard_normal(values.shape)
    whole = np.rint(16 * values).astype(np.int16)
    return Kept(RATE, whole, np.full(2, 1 / 16, dtype=np.float32), np.ones(2, dtype=np.float32), [(0, 0.0)])


def test_what_a_neighbour_leaves_nothing_of_is_a_part_of_it() -> None:
    at_s = np.arange(1.0, 13.0)
    weak_s = np.array([1.5, 2.5, 3.5, 5.0 - 0.012, 6.0 + 0.012])  # two of them beside a discharge of the large unit
    kept = _long_potentials(at_s, weak_s)
    late_s = np.array([4.0, 8.0]) + LATE_S  # seen as potentials of their own
    place = np.concatenate((at_s, weak_s, late_s)) * RATE
    unit = np.repeat([1, 2, 0], (at_s.size, weak_s.size, late_s.size))
    assert explained(kept, [0, 1], place, unit).tolist() == (unit == 0).tolist()


@pytest.mark.parametrize("lag_s", [0.005, 0.011, 0.018])
def test_the_second_of_a_doublet_is_no_part_of_the_first(lag_s: float) -> None:
    at_s = np.sort(np.append(np.arange(1.0, 13.0), 4.0 + lag_s))
    kept = _long_potentials(at_s, np.array([1.5, 2.5, 3.5]))
    place = np.append(at_s, 4.0 + lag_s + LATE_S) * RATE
    unit = np.append(np.ones(at_s.size, dtype=np.int64), 0)
    assert np.flatnonzero(explained(kept, [0, 1], place, unit)).tolist() == [at_s.size]


def test_what_is_no_discharge_is_not_explained() -> None:
    at_s = np.arange(1.0, 6.0)
    kept = _long_potentials(at_s, np.array([1.5, 2.5, 3.5]))
    place = np.append(at_s, 4.0 + LATE_S) * RATE
    unit = np.append(np.ones(at_s.size, dtype=np.int64), -1)
    assert not explained(kept, [0, 1], place, unit).any()


def test_a_unit_that_fires_only_round_effort_draws_it_out() -> None:
    inside = np.linspace(10.1, 19.9, 8)
    time_s = np.sort(np.concatenate((inside, [9.2, 20.8])))
    unit = np.full(time_s.size, 3)
    assert recruited([(10.0, 20.0)], time_s, unit, 0.5) == [(9.2, 10.0), (20.0, 20.8)]
    assert recruited([], time_s, unit, 0.5) == []


@pytest.mark.parametrize("elsewhere", [5.0, 26.0])
def test_a_unit_that_fires_at_rest_as_well_does_not(elsewhere: float) -> None:
    time_s = np.sort(np.concatenate((np.linspace(10.1, 19.9, 8), [9.2, 20.8, elsewhere])))
    assert recruited([(10.0, 20.0)], time_s, np.full(time_s.size, 3), 0.5) == []


def test_few_discharges_during_effort_tell_nothing() -> None:
    time_s = np.array([9.2, 11.0, 13.0, 15.0, 17.0])
    assert recruited([(10.0, 20.0)], time_s, np.ones(5, dtype=np.int64), 0.5) == []


def _found(made: SimulatedEmg) -> list[Detected]:
    recording, parameters = emg_recording(made), EmgParameters()
    groups, _ = groups_of(recording, Modality("surface_emg", "told", True), None, None, parameters)
    every = detect_surface(recording, groups, parameters=parameters).groups[0].events
    return [one for one in every if one.event == "fasciculation"]


def _false(made: SimulatedEmg, found: list[Detected]) -> int:
    """How many of the events have no true middle within 20 ms of their own, one to one, nearest pairs first."""
    true = np.array([float(one.attributes["peak_s"]) for one in made.truth if one.event == "fasciculation"])
    middle = np.array([one.onset_s + one.duration_s / 2 for one in found])
    apart = np.abs(true[:, None] - middle)
    hit, used = set[int](), set[int]()
    for row, column in np.argwhere(apart < NEAR_S)[np.argsort(apart[apart < NEAR_S])].tolist():
        if row not in hit and column not in used:
            hit.add(row)
            used.add(column)
    return len(found) - len(used)


def test_no_unit_fires_twice_at_one_moment() -> None:
    made = emg(5005, recipe="als_like", channels=4, minutes=3, with_=("ecg",))
    moments: dict[str, list[float]] = defaultdict(list)
    for one in _found(made):
        moments[str(one.measures["unit_id"])].append(one.onset_s + one.duration_s / 2)
    moments.pop("None", None)
    assert min(float(np.diff(sorted(one)).min()) for one in moments.values() if len(one) > 1) > 0.0024


def test_the_late_phases_of_long_potentials_are_not_counted() -> None:
    made = emg(5009, recipe="als_like", channels=4, minutes=3, with_=("ecg",))
    assert _false(made, _found(made)) <= 3


def test_doublets_are_placed_where_they_are() -> None:
    made = emg(5003, recipe="healthy_abductor_hallucis", minutes=3)
    assert _false(made, _found(made)) == 0
