"""Array functions behind rhythms: peaks, widths, the stability index against an analytic chirp, wild samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from legtwitch.signal.glitches import bridged, moving_mean, wild_samples
from legtwitch.signal.ripples import NOISE_MEDIAN, amplitude, evened, ripple_kernels, ripple_reach, ripples
from legtwitch.signal.spectrum import (
    band_power,
    cycle_frequencies,
    demodulated,
    half_width,
    highest_peak,
    main_direction,
    stability_index,
    window_spectra,
)

RATE = 100.0
TIME = np.arange(3000) / RATE


@pytest.mark.parametrize("hz", [3.51, 4.0, 7.77, 13.2, 17.9])
def test_a_sine_is_found_at_its_frequency_with_its_power(hz: float) -> None:
    values = np.stack([0.6 * np.sin(2 * np.pi * hz * TIME), 0.8 * np.sin(2 * np.pi * hz * TIME)]) + 9.8
    spectra = window_spectra(values, RATE, 3.0, 0.5, 22.0)
    assert highest_peak(spectra, 3.0, 20.0) == pytest.approx(hz, abs=0.03)
    assert band_power(spectra, hz - 1, hz + 1) == pytest.approx(0.5, rel=0.03)  # half the squared amplitude of 1


def test_windows_end_with_the_signal_and_none_is_made_of_too_little() -> None:
    assert window_spectra(np.zeros((3, 299)), RATE, 3.0, 0.5, 20.0).start_s.size == 0
    assert window_spectra(np.ones((3, 333)), RATE, 3.0, 0.5, 20.0).start_s.tolist() == [0.0, 0.33]


def test_an_edge_is_no_peak() -> None:
    slow = np.cumsum(np.random.default_rng(1).standard_normal((1, 3000)), axis=1)
    smooth = moving_mean(slow, 100)
    spectra = window_spectra(smooth, RATE, 3.0, 0.5, 20.0)
    fine = highest_peak(spectra, 3.0, 3.2)
    assert np.isnan(fine).mean() > 0.5


def test_half_width_is_zero_for_a_line_and_the_width_for_a_band() -> None:
    hz = np.linspace(0, 20, 2001)
    own = 1.44 / 3.0
    line = np.exp(-4 * np.log(2) * ((hz - 6) / own) ** 2)
    assert half_width(hz, line, 6.0, 3.0) == pytest.approx(0.0, abs=0.05)
    both = np.exp(-4 * np.log(2) * ((hz - 6) / np.hypot(own, 2.0)) ** 2)
    assert half_width(hz, both, 6.0, 3.0) == pytest.approx(2.0, abs=0.03)
    assert half_width(hz, np.ones_like(hz), 6.0, 3.0) is None


def test_the_stability_index_of_a_chirp_is_its_change_from_cycle_to_cycle() -> None:
    """A frequency that rises by 0.2 Hz a second changes by 0.2 / f from cycle to cycle: the spread of that is known."""
    rate, start, slope = 1000.0, 4.0, 0.2
    time = np.arange(20_000) / rate
    cycles = cycle_frequencies(np.sin(2 * np.pi * (start * time + slope * time**2 / 2)), rate)
    changes = slope / cycles  # over one cycle of length 1 / f
    low, high = np.percentile(changes, (25, 75))
    assert np.diff(cycles) == pytest.approx(changes[:-1], abs=0.004)
    assert stability_index(cycles) == pytest.approx(high - low, abs=0.002)


def test_a_steady_sine_has_the_index_0_and_alternating_cycles_their_difference() -> None:
    assert stability_index(np.full(20, 5.0)) == 0.0
    assert stability_index(np.array([5.0, 6.0] * 10)) == pytest.approx(2.0)
    assert stability_index(np.full(10, 5.0)) is None


def test_demodulation_gives_the_amplitude_wherever_the_sensor_points() -> None:
    way = np.array([0.48, 0.6, 0.64])
    values = way[:, None] * 1.7 * np.sin(2 * np.pi * 6 * TIME)
    assert demodulated(values, RATE, 6.0, 0.5)[200:-200] == pytest.approx(1.7, abs=0.05)
    course = main_direction(values + 9.8)
    assert np.abs(course).max() == pytest.approx(1.7 * np.linalg.norm(way), rel=0.01)


def glitched(size: float, samples: int) -> Any:
    values = np.random.default_rng(3).normal(0, 0.05, (3, 1000))
    values[2] += 9.8
    values[0, 500 : 500 + samples] += size
    return values


def test_a_single_wild_sample_is_found_and_bridged() -> None:
    values = glitched(196.0, 1)
    wild = wild_samples(values, RATE, 60.0, 5.0, 157.0)
    assert np.flatnonzero(wild).tolist() == [500]
    assert np.abs(bridged(values, wild)[0]).max() < 1.0


def test_a_blow_among_others_is_no_glitch() -> None:
    values = glitched(0.0, 1)
    values[0, 400:600] += 80 * np.sin(2 * np.pi * 10 * TIME[:200])
    assert not wild_samples(values, RATE, 60.0, 5.0, 157.0).any()


def test_ripples_see_neither_a_constant_nor_a_slope_and_keep_the_noise() -> None:
    steps = np.arange(4000)
    kernels = ripple_kernels(RATE, 4.0)
    still = np.stack([9.8 + 0.001 * steps, -3 + 0 * steps, 0.002 * steps])
    assert amplitude(ripples(still, kernels))[500:-500].max() < 1e-3
    noise = np.random.default_rng(1).normal(0, 0.5, (3, 4000))
    assert np.median(amplitude(ripples(noise, kernels))) == pytest.approx(0.5 * NOISE_MEDIAN[3], rel=0.05)
    one = np.zeros((1, 4000))
    one[0, 2000] = 1.0
    answer = amplitude(ripples(one, kernels))
    reach = ripple_reach(kernels, 0.1)
    high = np.flatnonzero(answer >= 0.1 * answer.max())
    assert high[-1] - 2000 == pytest.approx(reach, abs=1)
    tone = np.sin(2 * np.pi * 4.0 * steps / RATE)[None]
    other = np.sin(2 * np.pi * 16.0 * steps / RATE)[None]
    assert amplitude(ripples(tone, kernels))[2000] > 20 * amplitude(ripples(other, kernels))[2000]


def test_evened_ripples_have_no_direction() -> None:
    way = np.array([0.6, 0.8, 0.0])
    rng = np.random.default_rng(2)
    noise = np.outer(way, rng.normal(0, 3, 4000)) + rng.normal(0, 0.1, (3, 4000))
    waves = ripples(noise, ripple_kernels(RATE, 6.0))
    even = evened(waves, np.ones(4000, dtype=bool), 1e-3)[0]
    assert np.cov(even) == pytest.approx(np.eye(3), abs=0.15)


def test_a_long_recording_is_searched_in_pieces_with_the_same_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    from legtwitch.events import rhythm_windows as module
    from legtwitch.events.rhythm_parameters import RhythmParameters

    values = np.random.default_rng(9).normal(0, 1, (3, 4777)) + np.sin(2 * np.pi * 6 * np.arange(4777) / RATE)
    whole = module.rhythm_windows(values, RATE, RhythmParameters())
    monkeypatch.setattr(module, "_AT_ONCE", 13)
    pieces = module.rhythm_windows(values, RATE, RhythmParameters())
    assert pieces.start_s == pytest.approx(whole.start_s)
    assert pieces.share == pytest.approx(whole.share)
    assert pieces.peak_hz == pytest.approx(whole.peak_hz)
    assert pieces.spectra.power == pytest.approx(whole.spectra.power)
