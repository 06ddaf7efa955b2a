"""Array functions against closed forms and plain slow versions of themselves."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.signal import (
    BaselineSettings,
    SpikeSettings,
    bandpass_kernel,
    constant_runs,
    crossing_bins,
    filter_zero_phase,
    remove_mains,
    resting_baseline,
    rms_envelope,
    runs,
    smear_of,
    subtract_spikes,
)

RATES = (128, 200, 256, 500, 512)


@pytest.mark.parametrize("rate", RATES)
def test_kernel_passes_the_band_and_nothing_else(rate: int) -> None:
    high = min(100, 0.45 * rate)
    kernel = bandpass_kernel(rate, 10, high, 0.4)
    gain = np.abs(np.fft.rfft(kernel, 1 << 14))
    hz = np.fft.rfftfreq(1 << 14, 1 / rate)
    assert gain[0] < 1e-9
    assert gain[hz <= 2].max() < 0.005
    passed = gain[(hz >= 16) & (hz <= high - 6)]
    assert passed.min() > 0.98
    assert passed.max() < 1.02
    assert np.interp(10, hz, gain) == pytest.approx(0.5, abs=0.03)
    assert np.array_equal(kernel, kernel[::-1])


def test_band_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        bandpass_kernel(128, 10, 100, 0.4)


@pytest.mark.parametrize("samples", [1, 7, 300, 5000, 400_000])
def test_filter_equals_plain_convolution_of_the_mirrored_signal(samples: int) -> None:
    kernel = bandpass_kernel(200, 10, 90, 0.4)
    values = np.random.default_rng(1).standard_normal(samples).astype(np.float32) * 50 + 30_000
    half = kernel.size // 2
    centred = values.astype(np.float64) - 30_000
    mirrored = np.pad(centred, half, mode="reflect") if samples > 1 else np.repeat(centred, 2 * half + 1)
    assert np.allclose(filter_zero_phase(values, kernel), np.convolve(mirrored, kernel, "valid"), atol=0.02)


def test_filter_has_no_delay() -> None:
    kernel = bandpass_kernel(256, 10, 100, 0.4)
    time = np.arange(256 * 20) / 256
    wave = np.sin(2 * np.pi * 30 * time)
    middle = slice(1000, -1000)
    assert np.allclose(filter_zero_phase(wave.astype(np.float32), kernel)[middle], wave[middle], atol=0.01)


@pytest.mark.parametrize(("window", "step"), [(1, 1), (25, 1), (31, 2), (61, 4)])
def test_envelope_equals_the_slow_one(window: int, step: int) -> None:
    values = np.random.default_rng(2).standard_normal(1000).astype(np.float32)
    half = window // 2
    slow = [np.sqrt(np.mean(values[max(0, at - half) : at + half + 1] ** 2)) for at in range(0, 1000, step)]
    assert np.allclose(rms_envelope(values, window, step), slow, atol=1e-5)


def test_envelope_of_blocks_joins_without_a_seam() -> None:
    values = np.full(300_001, 3, dtype=np.float32)
    assert np.allclose(rms_envelope(values, 31, 2), 3)


def test_runs() -> None:
    flags = np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)
    assert runs(flags).tolist() == [[0, 2], [3, 4], [6, 7]]
    assert runs(~flags).tolist() == [[2, 3], [4, 6]]
    assert runs(np.zeros(0, dtype=bool)).shape == (0, 2)
    assert constant_runs(np.array([1, 2, 2, 2, 3, 3, 1]), 3).tolist() == [[1, 4]]


@pytest.mark.parametrize("shortest", [2, 3, 6, 17, 100])
def test_constant_runs_of_any_length_are_those_a_slow_search_finds(shortest: int) -> None:
    rng = np.random.default_rng(shortest)
    values = np.repeat(rng.integers(0, 3, 400), rng.integers(1, 2 * shortest, 400))
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = zip([0, *edges.tolist()], [*edges.tolist(), values.size], strict=True)
    assert constant_runs(values, shortest).tolist() == [list(one) for one in bounds if one[1] - one[0] >= shortest]


def _noise(rms: np.ndarray, rate: int, seed: int) -> np.ndarray:
    kernel = bandpass_kernel(rate, 10, min(100, 0.45 * rate), 0.4)
    noise = filter_zero_phase(np.random.default_rng(seed).standard_normal(rms.size).astype(np.float32), kernel)
    return (noise / np.sqrt(np.mean(noise**2)) * rms).astype(np.float32)


def _rest_of(rms: np.ndarray, rate: int, seed: int = 3):  # type: ignore[no-untyped-def]
    return resting_baseline(rms_envelope(_noise(rms, rate, seed), 31, 2), rate / 2, BaselineSettings())


@pytest.mark.parametrize("share", [0.0, 0.15, 0.4])
def test_resting_level_does_not_depend_on_how_much_moves(share: float) -> None:
    rate = 256
    rms = np.full(900 * rate, 2.0)
    for start in range(10, 890, 10):
        rms[start * rate : round((start + 10 * share) * rate)] = 50
    found = _rest_of(rms, rate)
    assert np.median(found.rest[:]) == pytest.approx(2.0, rel=0.05)
    assert np.quantile(found.rest[:], [0.02, 0.98]) == pytest.approx([2, 2], rel=0.15)
    assert not found.steps


def test_step_of_tone_is_placed_within_a_quarter_second() -> None:
    rate = 256
    time = np.arange(900 * rate) / rate
    found = _rest_of(np.where((time > 300.4) & (time < 600.7), 9.0, 1.0), rate)
    assert np.array(found.steps) / (rate / 2) == pytest.approx([300.4, 600.7], abs=0.25)
    seconds = np.arange(len(found.rest)) / (rate / 2)
    assert np.allclose(found.rest[:][(seconds > 301) & (seconds < 600)], 9, rtol=0.15)
    assert np.allclose(found.rest[:][(seconds < 300) | (seconds > 601)], 1, rtol=0.15)


def test_rest_that_was_never_seen_is_carried_over_and_said() -> None:
    envelope = np.full(100 * 300, 1.0, dtype=np.float32)
    excluded = np.zeros(envelope.size, dtype=bool)
    envelope[100 * 100 : 100 * 220] = 0
    excluded[100 * 100 : 100 * 220] = True
    found = resting_baseline(envelope, 100, BaselineSettings(), excluded)
    assert np.allclose(found.rest[:], 1)
    assert not found.measured(100 * 160)
    assert found.measured(100 * 50)


@pytest.mark.parametrize("level", [12.0, 40.0, 200.0])
def test_crossing_of_a_jump_of_noise(level: float) -> None:
    rate, size = 256, 1
    kernel = bandpass_kernel(rate, 10, 100, 0.4)
    power = []
    for seed in range(40):
        white = np.random.default_rng(seed).standard_normal(rate * 4).astype(np.float32)
        white /= np.sqrt((kernel**2).sum())
        white[2 * rate :] *= level
        power.append(filter_zero_phase(white, kernel)[2 * rate - 80 : 2 * rate + 100] ** 2)

    def fitted(rows: list[np.ndarray]) -> np.ndarray:
        every = [np.full(len(rows), value, dtype=np.float32) for value in (1, level, 9)]
        return crossing_bins(np.array(rows), size, rate, *every, size * 180 / rate, smear_of(kernel, size))

    found = fitted(power)
    errors = (found - 80) / rate
    assert abs(np.mean(errors)) < 0.015
    assert np.median(np.abs(errors)) < 0.02
    assert [fitted([one])[0] for one in power[:3]] == pytest.approx(found[:3], abs=0.01)


def test_mains_is_removed_where_proven_and_nothing_is_touched_elsewhere() -> None:
    rate = 256
    time = np.arange(300 * rate) / rate
    clean = _noise(np.full(time.size, 1.0), rate, 1)
    untouched = clean.copy()
    assert remove_mains(untouched, rate, 100) == ()
    assert np.array_equal(untouched, clean)
    hum = (clean + 5 * np.sin(2 * np.pi * 49.97 * time)).astype(np.float32)
    assert remove_mains(hum, rate, 100) == (50.0,)
    assert np.sqrt(np.mean((hum - clean) ** 2)) < 0.35


def test_mains_off_its_frequency_is_removed_up_to_both_ends() -> None:
    rate = 200
    time = np.arange(600 * rate + 77) / rate
    clean = _noise(np.full(time.size, 1.0), rate, 1)
    hum = (clean + 5 * np.sin(2 * np.pi * 49.9 * time + 0.7)).astype(np.float32)
    remove_mains(hum, rate, 90)
    for part in (slice(0, rate), slice(-rate, None), slice(None)):
        assert np.sqrt(np.mean((hum - clean)[part] ** 2)) < 0.35


def test_removing_mains_leaves_nothing_behind_a_burst() -> None:
    rate = 256
    time = np.arange(300 * rate) / rate
    rms = np.where((time > 100) & (time < 103), 200.0, 0.5)
    clean = _noise(rms, rate, 1)
    hum = (clean + 5 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)
    remove_mains(hum, rate, 100)
    after = (time > 103.3) & (time < 105)
    assert np.sqrt(np.mean((hum[after] - clean[after]) ** 2)) < 0.6


def _beats(rate: int, seconds: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    at = np.cumsum(rng.normal(0.9, 0.04, int(seconds / 0.9) - 2))
    time = np.arange(seconds * rate) / rate
    wave = np.zeros(time.size)
    for beat in at:
        wave += np.exp(-0.5 * ((time - beat) / 0.012) ** 2) - 0.4 * np.exp(-0.5 * ((time - beat - 0.035) / 0.015) ** 2)
    return wave, at


@pytest.mark.parametrize("rate", [128, 256])
def test_repeated_spikes_are_subtracted(rate: int) -> None:
    wave, at = _beats(rate, 120)
    kernel = bandpass_kernel(rate, 10, min(100, 0.45 * rate), 0.4)
    heart = filter_zero_phase((30 * wave).astype(np.float32), kernel)
    clean = _noise(np.full(wave.size, 1.0), rate, 1)
    values = clean + heart
    found = subtract_spikes(values, rate, SpikeSettings())
    assert found is not None
    assert len(found.samples) == pytest.approx(len(at), abs=3)
    assert np.sqrt(np.mean((values - clean) ** 2)) < 0.2 * np.sqrt(np.mean(heart**2))


def test_spikes_whose_times_are_known_are_subtracted_even_inside_a_burst() -> None:
    rate = 256
    wave, at = _beats(rate, 240)
    kernel = bandpass_kernel(rate, 10, 100, 0.4)
    heart = filter_zero_phase((30 * wave).astype(np.float32), kernel)
    time = np.arange(wave.size) / rate
    burst = (time % 20 > 14) & (time % 20 < 18)
    clean = _noise(np.where(burst, 40.0, 1.0), rate, 1)
    left = {}
    for name, known in (("seen", None), ("known", np.round(at * rate).astype(np.int64))):
        values = clean + heart
        found = subtract_spikes(values, rate, SpikeSettings(), known)
        assert found is not None
        left[name] = np.sqrt(np.mean((values - clean)[burst] ** 2))
    assert left["known"] < 0.4 * np.sqrt(np.mean(heart[burst] ** 2))
    assert left["known"] < 0.5 * left["seen"]


def test_known_times_at_which_nothing_is_seen_change_nothing() -> None:
    clean = _noise(np.full(240 * 256, 1.0), 256, 1)
    values = clean.copy()
    assert subtract_spikes(values, 256, SpikeSettings(), np.arange(300, 60_000, 220)) is None
    assert np.array_equal(values, clean)


@pytest.mark.parametrize("seed", range(3))
def test_noise_and_irregular_spikes_are_no_train(seed: int) -> None:
    rate = 256
    rng = np.random.default_rng(seed)
    values = _noise(np.full(240 * rate, 1.0), rate, seed)
    assert subtract_spikes(values.copy(), rate, SpikeSettings()) is None
    for start in rng.uniform(1, 238, 150):
        first = int(start * rate)
        values[first : first + 10] += np.float32(20)
    assert subtract_spikes(values, rate, SpikeSettings()) is None


@pytest.mark.parametrize("before_s", [0.12, 0.18, 0.25])
def test_a_beat_just_before_a_burst_is_subtracted_too(before_s: float) -> None:
    """A burst is louder than the beat, so that the beat is not the highest thing near it."""
    rate = 256.0
    rng = np.random.default_rng(7)
    values = rng.standard_normal(round(300 * rate)).astype(np.float32)
    wave = (40 * np.exp(-0.5 * (np.arange(-12, 13) / 4.0) ** 2) * np.cos(np.arange(-12, 13) / 3.0)).astype(np.float32)
    beats = np.round(np.arange(1.0, 298.0, 0.85) * rate).astype(int)
    for beat in beats:
        values[beat - 12 : beat + 13] += wave
    chosen = beats[40:300:10]
    for beat in chosen:
        start = beat + round(before_s * rate)
        values[start : start + 256] += 120 * rng.standard_normal(256).astype(np.float32)
    found = subtract_spikes(values, rate, SpikeSettings())
    assert found is not None
    near = [float(np.sqrt(np.mean(values[beat - 12 : beat + 13] ** 2))) for beat in chosen]
    assert sum(one < 4.0 for one in near) >= 0.9 * len(near)
