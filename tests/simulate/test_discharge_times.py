"""Point processes keep the rates and intervals that they were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.simulate.discharge_times import regular, renewal, spread_out, sweeping, with_echoes


def stream(seed: int) -> np.random.Generator:
    return np.random.default_rng([7, seed])


@pytest.mark.parametrize("per_minute", [0.1, 1.0, 10.0, 40.0, 100.0])
@pytest.mark.parametrize("log_normal", [False, True])
def test_the_mean_rate_is_what_was_asked(per_minute: float, log_normal: bool) -> None:
    minutes = 60.0
    counts = [
        len(renewal(stream(seed), per_minute, minutes * 60, cov=0.9, log_normal=log_normal)) for seed in range(30)
    ]
    expected = 30 * per_minute * minutes
    assert abs(sum(counts) - expected) < max(4 * np.sqrt(2 * expected), 0.06 * expected)


def test_intervals_are_irregular_as_asked_and_never_closer_than_50_ms() -> None:
    times = renewal(stream(1), 30, 7200, cov=0.8, burst_share=0.0, drift_depth=0.0)
    steps = np.diff(times)
    assert np.std(steps) / np.mean(steps) == pytest.approx(0.8, rel=0.06)
    assert steps.min() >= 0.05


def test_bursts_bring_close_discharges_and_drift_changes_the_rate() -> None:
    plain = renewal(stream(2), 6, 7200, burst_share=0.0, drift_depth=0.0)
    bursts = renewal(stream(2), 6, 7200, burst_share=0.4, drift_depth=0.0)
    assert np.mean(np.diff(bursts) < 0.5) > np.mean(np.diff(plain) < 0.5) + 0.2
    drifting = renewal(stream(3), 60, 7200, cov=0.3, burst_share=0.0, drift_depth=0.6)
    counts, _ = np.histogram(drifting, np.arange(0, 7201, 300))
    assert counts.max() > 1.4 * counts.min()


def test_doublets_and_f_waves_lie_in_their_zones() -> None:
    times = np.arange(1, 4001) * 1.0
    firing = with_echoes(stream(4), times, 0.1, 0.2)
    step = np.diff(firing.times_s, prepend=-1)
    follows = firing.order > 0
    doublets = step[follows & (firing.origin == 1)]
    assert np.all((doublets >= 0.0025 - 1e-9) & (doublets <= 0.020 + 1e-9))
    f_waves = step[follows & (firing.origin == 2)]
    assert np.all((f_waves >= 0.025 - 1e-9) & (f_waves <= 0.045 + 1e-9))
    assert np.median(f_waves) == pytest.approx(0.0335, abs=0.001)
    assert len(f_waves) / 4000 == pytest.approx(0.2, abs=0.02)
    assert np.all(firing.group_size[follows & (firing.origin == 2)] == 2)
    assert set(firing.group_size) == {1, 2, 3}
    assert np.all(firing.scales[follows] < 1)
    assert np.all(firing.scales[~follows] == 1)
    assert np.sum(firing.order == 0) == 4000


def test_a_regular_train_has_its_rate_and_variation() -> None:
    steps = np.diff(regular(stream(5), 0, 400, 8.0, 0.15))
    assert 1 / steps.mean() == pytest.approx(8.0, rel=0.02)
    assert steps.std() / steps.mean() == pytest.approx(0.15, rel=0.1)


def test_a_sweeping_train_runs_through_its_rates() -> None:
    times = sweeping(stream(6), 2.0, 10.0, np.array([100.0, 30.0]), 0.01)
    assert times[0] == pytest.approx(2.0, abs=0.02)
    assert times[-1] < 12.0
    steps = np.diff(times)
    assert 1 / steps[:20].mean() == pytest.approx(98, rel=0.05)
    assert 1 / steps[-20:].mean() == pytest.approx(31, rel=0.06)


def test_stretches_never_overlap_and_those_without_room_are_left_out() -> None:
    lengths = np.array([10.0, 20.0, 5.0, 40.0])
    starts = spread_out(stream(7), 4, 100.0, lengths, 2.0)
    assert np.all(starts[1:] >= starts[:-1] + lengths[:3] + 2.0 - 1e-9)
    assert starts[0] >= 2.0
    assert starts[-1] + lengths[-1] <= 100.0
    assert len(spread_out(stream(7), 4, 50.0, lengths, 2.0)) == 3
    assert len(spread_out(stream(7), 1, 5.0, np.array([10.0]), 2.0)) == 0
