"""The true time of samples with a clock: rates, jitter, missing rows, coarse and faulty clocks."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.recording.uniform import GAP_STEPS, lay_out, resampled, step_of


def wave(times, hz=3.0):
    return np.sin(2 * np.pi * hz * times)


def laid_values(laid, values, number=0):
    one = laid.stretches[number]
    times = laid.times_s[one.first : one.last]
    count = int((times[-1] - one.start_s) * laid.rate_hz + 0.5) + 1
    return one.start_s + np.arange(count) / laid.rate_hz, resampled(
        times, values[laid.kept][one.first : one.last], one.start_s, laid.rate_hz, count
    )


@pytest.mark.parametrize("rate", [25.0, 100.0, 102.6, 1000.0, 2048.0, 4000.0])
@pytest.mark.parametrize("resolution", [1e-9, 1e-3])
def test_even_clocks_keep_their_samples(rate, resolution):
    times = np.round(np.arange(5000) / rate / resolution) * resolution
    laid = lay_out(times, resolution)
    assert laid.even
    assert laid.rate_hz == pytest.approx(rate, rel=1e-6 + resolution)
    assert (laid.repeats, laid.backwards, laid.lone, len(laid.kept)) == (0, 0, 0, 5000)
    assert laid.coarse == (resolution * rate > 1.001)
    assert len(laid.stretches) == 1


def test_a_rate_is_whole_only_where_the_clock_can_not_tell_it_from_one():
    assert lay_out(np.round(np.arange(9999) / 1000, 3), 1e-3).rate_hz == 1000.0
    assert lay_out(np.arange(9999) / 99.73, 1e-9).rate_hz == pytest.approx(99.73, abs=1e-6)
    assert lay_out(np.arange(9999) / 100.0003, 1e-9).rate_hz == pytest.approx(100.0003, abs=1e-6)


def test_a_jittered_clock_is_believed_and_the_samples_are_moved_to_an_even_grid():
    rng = np.random.default_rng(7)
    times = np.sort(np.arange(6000) / 100 + rng.uniform(-0.003, 0.003, 6000))
    laid = lay_out(times - times[0], 1e-9)
    assert not laid.even
    assert laid.rate_hz == pytest.approx(100, rel=2e-4)
    assert 0.0012 < laid.jitter_s < 0.0025
    for hz, most in ((5.0, 0.01), (12.5, 0.06), (25.0, 0.30)):
        grid, found = laid_values(laid, wave(times, hz))
        origin = times[0] + laid.lead_s
        error = found - wave(grid + origin, hz)
        unmoved = wave(times[: len(grid)], hz) - wave(grid[: len(times)] + origin, hz)
        assert np.sqrt(np.mean(error[5:-5] ** 2)) < most
        assert np.sqrt(np.mean(error[5:-5] ** 2)) < 0.7 * np.sqrt(np.mean(unmoved[5:-5] ** 2))


@pytest.mark.parametrize(("share", "lost"), [(0.05, 0.005), (0.1, 0.01), (0.2, 0.06)])
def test_amplitudes_up_to_the_stated_band(share, lost):
    rng = np.random.default_rng(11)
    times = np.sort(np.arange(20_000) / 100 + rng.uniform(-0.003, 0.003, 20_000))
    times -= times[0]
    laid = lay_out(times, 1e-9)
    grid, found = laid_values(laid, wave(times, share * 100))
    grid = grid + laid.lead_s
    parts = [found @ turn(2 * np.pi * share * 100 * grid) * 2 / len(grid) for turn in (np.sin, np.cos)]
    assert 1 - lost < np.hypot(*parts) < 1.005


def test_missing_rows_do_not_change_the_rate_and_are_bridged():
    rng = np.random.default_rng(3)
    gone = rng.choice(np.arange(10, 4990), 120, replace=False)
    times = np.delete(np.arange(5000) / 200, gone)
    laid = lay_out(times, 1e-6)
    assert laid.rate_hz == pytest.approx(200, rel=1e-6)
    assert not laid.even
    grid, found = laid_values(laid, wave(times))
    assert len(grid) == 5000
    assert np.abs(found - wave(grid)).max() < 0.01


def test_a_slow_drift_of_the_clock_is_followed():
    index = np.arange(60_000)
    times = index / 100 * (1 + 2e-4 * index / 60_000)
    laid = lay_out(times, 1e-9)
    assert not laid.even
    grid, found = laid_values(laid, wave(times))
    assert np.abs(found - wave(grid)).max() < 0.01
    assert abs(grid[-1] - times[-1]) < 0.02


def test_pauses_longer_than_a_few_steps_are_gaps_and_lone_samples_are_left_out():
    times = np.concatenate([np.arange(100) / 100, [1.5], 2 + np.arange(100) / 100])
    laid = lay_out(times, 1e-6)
    assert [(one.first, one.last, round(one.start_s, 6)) for one in laid.stretches] == [(0, 100, 0.0), (101, 201, 2.0)]
    assert (laid.lone, laid.rate_hz) == (1, 100.0)
    for steps, gaps in ((5, 0), (GAP_STEPS - 0.1, 0), (GAP_STEPS + 0.1, 1), (6, 1)):
        parts = np.concatenate([np.arange(50) / 100, 0.49 + steps / 100 + np.arange(50) / 100])
        assert len(lay_out(parts, 1e-6).stretches) == 1 + gaps


def test_repeats_backward_steps_and_wild_times_are_counted():
    times = np.arange(500) / 100
    times[100] = times[99]
    times[200] = times[150]
    times[300] = 1e6
    laid = lay_out(times, 1e-6)
    assert (laid.repeats, laid.backwards) == (1, 2)
    assert set(range(500)) - set(laid.kept.tolist()) == {100, 200, 300}
    assert laid.rate_hz == 100.0


def test_a_clock_in_whole_seconds_is_coarse_and_gives_the_mean_rate():
    laid = lay_out(np.floor(np.arange(6000) / 100), 1.0)
    assert laid.coarse
    assert laid.rate_hz == pytest.approx(100, rel=0.02)
    assert laid.repeats == 0


def test_a_clock_that_ticks_slower_than_it_is_written_is_coarse():
    laid = lay_out(np.repeat(np.arange(1000) / 250, 4), 1e-6)
    assert laid.coarse
    assert laid.rate_hz == pytest.approx(1000, rel=0.005)


@pytest.mark.parametrize("times", [[0.0, 0.0, 0.0], [3.0, 2.0, 1.0], [1.0], [0.0, 1e-320, 2e-320], [1e300, 1.0, 5.0]])
def test_no_clock_at_all(times):
    laid = lay_out(np.array(times), 0.0)
    assert laid is None or laid.rate_hz > 0


def test_the_usual_step_is_robust():
    assert step_of(np.r_[np.arange(30) / 1000, 5 + np.arange(30) / 1000], 1e-3) == pytest.approx(1e-3)
    assert step_of(np.floor(np.arange(4000) / 2) / 1000, 1e-3) == pytest.approx(5e-4, rel=0.05)
