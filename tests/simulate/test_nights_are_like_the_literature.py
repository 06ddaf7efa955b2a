"""The numbers of the docstrings, measured on many plans without traces."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from legtwitch.simulate.options import MUSCLE
from legtwitch.simulate.plan import Plan, plan_base
from legtwitch.simulate.sleep import make_sleep
from legtwitch.simulate.streams import stream

EPOCHS = 960
SEEDS = range(20)


def plan(seed: int, *names: str) -> Plan:
    made = plan_base(seed, make_sleep(stream(seed, "sleep"), EPOCHS), EPOCHS * 30.0, shape_ragged=False)
    for name in names:
        MUSCLE[name](stream(seed, name), made)
    return made


def movements(made: Plan, kind: str = "plm") -> list[float]:
    """Onsets (s) with the two legs of a bilateral movement taken as one."""
    onsets = sorted(burst.start_ms / 1000 for burst in made.bursts if burst.kind == kind)
    return [onset for index, onset in enumerate(onsets) if index == 0 or onset - onsets[index - 1] > 0.61]


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return [plan(seed) for seed in SEEDS]


def test_intervals_are_log_normal_with_mode_24_s_between_10_and_90_s(plans: list[Plan]) -> None:
    intervals = np.concatenate([np.diff(movements(made)) for made in plans])
    assert intervals.min() >= 9.99
    logs = np.log(intervals[intervals <= 90])
    assert logs.mean() == pytest.approx(np.log(24) + 0.09, abs=0.02)
    assert logs.std() == pytest.approx(0.3, abs=0.03)
    edges = np.arange(10, 60, 2.0)
    counts, _ = np.histogram(intervals, edges)
    assert 20 <= edges[int(np.argmax(counts))] <= 28
    skew = np.mean(((logs - logs.mean()) / logs.std()) ** 3)
    assert abs(skew) < 0.25, "symmetric in the logarithm"


def test_movements_get_fewer_through_the_night(plans: list[Plan]) -> None:
    times = np.concatenate([movements(made) for made in plans])
    assert (times < 4 * 3600).sum() > 1.25 * (times >= 4 * 3600).sum()


def test_durations_amplitudes_and_two_legged_share(plans: list[Plan]) -> None:
    bursts = [burst for made in plans for burst in made.bursts]
    lengths = np.array([(burst.end_ms - burst.start_ms) / 1000 for burst in bursts])
    assert lengths.mean() == pytest.approx(3.2, abs=0.15)
    peaks = np.array([burst.excess_uv.max() for burst in bursts])
    assert peaks.min() >= 8 - 1e-9
    assert peaks.max() <= 200 + 1e-9
    assert 0.2 < np.mean(peaks < 14) < 0.4
    joined = len(bursts) / sum(len(movements(made)) for made in plans) - 1
    assert 0.3 < joined < 0.6


def test_periodic_movements_lie_in_sleep_and_few_in_rem(plans: list[Plan]) -> None:
    stages = [made.sleep.stage_at(time) for made in plans for time in movements(made)]
    assert "W" not in stages
    assert 0 < stages.count("R") < 0.1 * len(stages)


def test_every_night_of_eight_hours_has_room_for_the_boundary_events(plans: list[Plan]) -> None:
    for made in plans:
        assert made.reserved
        for start, end in made.reserved:
            assert start % 30 == 0
            assert all(burst.end_ms / 1000 < start - 1 or burst.start_ms / 1000 > end + 1 for burst in made.bursts)


def test_sleep_is_an_ordinary_night(plans: list[Plan]) -> None:
    shares = {
        stage: np.mean([made.sleep.stages.count(stage) / EPOCHS for made in plans]) for stage in ("W", "N2", "N3", "R")
    }
    assert 0.05 < shares["W"] < 0.2
    assert 0.4 < shares["N2"] < 0.6
    assert 0.1 < shares["N3"] < 0.25
    assert 0.15 < shares["R"] < 0.28
    for made in plans:
        assert made.sleep.stages[0] == made.sleep.stages[-1] == "W"
        assert 0 < made.sleep.lights_off_s < made.sleep.lights_on_s < EPOCHS * 30


def test_respiratory_movements_begin_around_the_end_of_breathing_events() -> None:
    near = total = 0
    for seed in SEEDS:
        made = plan(seed, "respiratory")
        ends = np.array([m.onset_s + m.duration_s for m in made.marks if m.event in ("apnea", "hypopnea", "rera")])
        assert all(15 <= m.duration_s <= 30 for m in made.marks if m.event == "apnea")
        for onset in movements(made, "respiratory"):
            after = onset - ends
            near += bool(((after >= -2) & (after <= 10.7)).any())
            total += 1
    assert total > 200
    assert 0.85 < near / total <= 1


def test_myoclonus_is_short_frequent_and_too_sparse_to_make_a_movement() -> None:
    made = plan(4, "fragmentary_myoclonus")
    for leg in ("left", "right"):
        bursts = sorted(
            (b.start_ms, b.end_ms) for b in made.bursts if b.side == leg and b.kind == "fragmentary_myoclonus"
        )
        gaps = [(b[0] - a[1]) / 1000 for a, b in pairwise(bursts)]
        assert min(gaps) > 0.5
        minutes = (bursts[-1][1] - bursts[0][0]) / 60_000
        assert minutes > 15
        assert 4 < len(bursts) / minutes < 14


def test_alternating_activation_alternates() -> None:
    made = plan(4, "alma")
    left, right = (
        next(b for b in made.bursts if b.kind == "alma" and b.side == leg).excess_uv for leg in ("left", "right")
    )
    assert left.max() > 10
    assert right.max() > 10
    assert np.minimum(left, right).max() < 0.5 * min(left.max(), right.max())
