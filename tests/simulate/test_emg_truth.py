"""What the truth of an EMG says is what its traces hold."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from legtwitch.model import Event
from legtwitch.recording.marks import EVENTS
from legtwitch.simulate import EMG_RECIPES, HELD_OUT, SimulatedEmg, emg

DURATION_OF_BURSTS_MS = {
    "rest_tremor": (30, 130),
    "fragmentary_myoclonus": (70, 155),
    "myoclonus": (18, 205),
}


def fasciculations(made: SimulatedEmg) -> list[Event]:
    return [row for row in made.truth if row.event == "fasciculation"]


@pytest.fixture(scope="module")
def als() -> SimulatedEmg:
    return emg(5, recipe="als_like", minutes=8, channels=2)


@pytest.fixture(scope="module")
def benign() -> SimulatedEmg:
    return emg(5, recipe="benign_calf", minutes=8)


def around(made: SimulatedEmg, row: Event, before_s: float = 0.03, after_s: float = 0.05) -> np.ndarray:
    centre = round(row.attributes["peak_s"] * made.rate_hz)
    trace = made.signals[row.channel or ""]
    return trace[centre - round(before_s * made.rate_hz) : centre + round(after_s * made.rate_hz)]


def alone(made: SimulatedEmg, least_s: float = 0.12) -> list[Event]:
    """Discharges far from all others."""
    rows = fasciculations(made)
    times = np.array([row.attributes["peak_s"] for row in rows])
    gaps = np.diff(times, prepend=-1, append=made.duration_s + 1)
    return [row for row, before, after in zip(rows, gaps[:-1], gaps[1:], strict=True) if min(before, after) > least_s]


@pytest.mark.parametrize("name", ["als", "benign"])
def test_snr_and_height_in_the_truth_are_what_is_measured(name: str, request: pytest.FixtureRequest) -> None:
    made: SimulatedEmg = request.getfixturevalue(name)
    strong = [row for row in alone(made) if row.attributes["snr"] > 8]
    assert len(strong) > 15
    for row in strong:
        trace = made.signals[row.channel or ""]
        second = int(row.onset_s) * made.rate_hz
        near = trace[max(0, second - made.rate_hz) : second + 2 * made.rate_hz]
        noise = np.median(np.abs(near - np.median(near))) / 0.6745
        height = float(np.ptp(around(made, row)))
        assert height == pytest.approx(row.attributes["peak_to_peak_uv"], rel=0.2)
        assert row.attributes["noise_uv"] == pytest.approx(float(noise), rel=0.2)
        assert row.attributes["snr"] == pytest.approx(height / 2 / float(noise), rel=0.3)
    ratios = [float(np.ptp(around(made, row))) / row.attributes["peak_to_peak_uv"] for row in strong]
    assert np.median(ratios) == pytest.approx(1.0, abs=0.1)


def test_the_mean_shape_of_a_unit_lies_where_onset_peak_and_end_say(als: SimulatedEmg) -> None:
    rows = [row for row in alone(als) if row.attributes["order"] == 0]
    unit, _ = Counter(row.attributes["unit_id"] for row in rows if row.attributes["snr"] > 20).most_common(1)[0]
    own = [row for row in rows if row.attributes["unit_id"] == unit]
    best = Counter(row.channel for row in own).most_common(1)[0][0]
    own = [row for row in own if row.channel == best]
    mean = np.mean([around(als, row) for row in own], axis=0)
    peak = int(np.argmax(np.abs(mean)))
    first = own[0]
    assert abs(peak - round(0.03 * als.rate_hz)) <= 3
    start = round((0.03 - (first.attributes["peak_s"] - first.onset_s)) * als.rate_hz)
    end = start + round(first.duration_s * als.rate_hz)
    energy = mean**2
    assert energy[start - 4 : end + 4].sum() > 0.97 * energy.sum()


def test_durations_are_those_of_fasciculation_potentials(als: SimulatedEmg, benign: SimulatedEmg) -> None:
    assert all(0.008 <= row.duration_s <= 0.020 for row in fasciculations(benign))
    assert all(0.008 <= row.duration_s <= 0.040 for row in fasciculations(als))


def test_als_has_more_units_unsteady_and_many_phased_benign_few_and_steady() -> None:
    spread: dict[str, list[float]] = {"als_like": [], "benign_calf": []}
    units: dict[str, list[int]] = {"als_like": [], "benign_calf": []}
    for recipe, own in spread.items():
        for seed in range(6):
            made = emg(seed, recipe=recipe, minutes=8)
            units[recipe].append(len(made.units))
            for unit in made.units:
                heights = [
                    row.attributes["peak_to_peak_uv"]
                    for row in fasciculations(made)
                    if row.attributes["unit_id"] == unit.id and row.attributes["order"] == 0
                ]
                if len(heights) > 15:
                    own.append(float(np.std(heights) / np.mean(heights)))
    assert min(units["als_like"]) >= 8
    assert max(units["benign_calf"]) <= 3
    assert 0.08 < min(spread["als_like"]) < max(spread["als_like"]) < 0.36
    assert max(spread["benign_calf"]) < 0.06
    needle = [
        unit for seed in range(6) for unit in emg(seed, recipe="als_like", modality="needle_emg", minutes=0.5).units
    ]
    assert np.mean([unit.phases > 4 for unit in needle]) > 0.1


def test_units_reach_from_below_the_noise_to_many_times_it() -> None:
    ratios = [
        row.attributes["snr"] for seed in range(5) for row in fasciculations(emg(seed, recipe="als_like", minutes=4))
    ]
    assert min(ratios) < 4
    assert max(ratios) > 30
    noisy = fasciculations(emg(1, recipe="als_like", minutes=4, with_=["noisy"]))
    assert min(row.attributes["snr"] for row in noisy) < 1.5


@pytest.mark.parametrize("recipe", ["benign_calf", "als_like", "healthy_abductor_hallucis", "held_out_calf"])
def test_rates_in_the_truth_are_those_asked(recipe: str) -> None:
    asked = found = 0.0
    for seed in range(8):
        made = emg(seed, recipe=recipe, minutes=15, rate_hz=200)
        rows = [row for row in fasciculations(made) if row.attributes["order"] == 0]
        count = Counter(row.attributes["unit_id"] for row in rows)
        for unit, rate in made.asked.items():
            expected = rate * made.duration_s / 60
            assert abs(count[unit] - expected) < 6 * np.sqrt(3 * expected + 3)
            asked, found = asked + expected, found + count[unit]
    assert found == pytest.approx(asked, rel=0.08)


def test_healthy_abductor_hallucis_reaches_the_published_rate() -> None:
    rates = [
        sum(emg(seed, recipe="healthy_abductor_hallucis", minutes=1, rate_hz=500).asked.values()) for seed in range(8)
    ]
    assert all(45 < rate <= 110 for rate in rates)


def test_multiplicity_tells_doublets_with_their_intervals() -> None:
    rows = fasciculations(emg(2, recipe="healthy_abductor_hallucis", minutes=30, rate_hz=500))
    kinds = Counter(row.attributes["multiplicity"] for row in rows)
    assert kinds["single"] > kinds["doublet"] > kinds["triplet"] > 0
    for unit in {row.attributes["unit_id"] for row in rows}:
        own = [row for row in rows if row.attributes["unit_id"] == unit]
        for one, other in pairwise(own):
            step = other.onset_s - one.onset_s
            if other.attributes["origin"] == "f_wave":
                assert 0.0248 <= step <= 0.0452
            elif other.attributes["origin"] == "re_excitation":
                assert 0.0023 <= step <= 0.0202
            else:
                assert step > 0.02


def test_units_differ_in_the_pattern_over_a_grid() -> None:
    made = emg(4, recipe="als_like", minutes=1, channels=9, rate_hz=1000)
    patterns = [np.ptp(unit.fine.sum(axis=0), axis=1) for unit in made.units]
    normed = [pattern / np.linalg.norm(pattern) for pattern in patterns]
    alike = [one @ other for index, one in enumerate(normed) for other in normed[index + 1 :]]
    assert min(alike) < 0.9
    assert {row.channel for row in fasciculations(made)} > {made.truth[0].channel}


@pytest.mark.parametrize("recipe", sorted(EMG_RECIPES))
def test_every_recipe_is_made_with_rows_of_the_vocabulary_inside_the_recording(recipe: str) -> None:
    made = emg(3, recipe=recipe, minutes=2)
    assert bool(made.truth) == (recipe != "silent")
    for row in made.truth:
        assert row.event in EVENTS
        assert row.onset_s >= 0
        assert row.onset_s + row.duration_s <= made.duration_s
        assert row.channel is None or row.channel in made.signals
    for trace in made.signals.values():
        assert trace.dtype == np.float32
        assert np.isfinite(trace).all()
        assert len(trace) == made.duration_s * made.rate_hz


@pytest.mark.parametrize("recipe", ["voluntary_only", "silent", "rest_tremor", "fibrillations"])
def test_recipes_without_fasciculation_have_none(recipe: str) -> None:
    assert not fasciculations(emg(3, recipe=recipe, minutes=2))


@pytest.mark.parametrize(
    ("recipe", "low", "high"),
    [("rest_tremor", 4, 6), ("postural_tremor", 8, 12), ("orthostatic_tremor", 13, 18), ("clonus", 4, 8)],
)
def test_rhythms_have_their_frequency_in_the_envelope(recipe: str, low: float, high: float) -> None:
    made = emg(6, recipe=recipe, minutes=3)
    for row in [row for row in made.truth if row.event in ("tremor", "clonus")]:
        assert low <= row.attributes["freq_hz"] <= high
        name = row.channel or ""
        first, last = round(row.onset_s * made.rate_hz), round((row.onset_s + row.duration_s) * made.rate_hz)
        size = np.abs(made.signals[name][first:last])
        power = np.abs(np.fft.rfft(size - size.mean())) ** 2
        frequency = np.fft.rfftfreq(len(size), 1 / made.rate_hz)
        band = (frequency > 2.5) & (frequency < 25)
        found = frequency[band][np.argmax(power[band])]
        assert found == pytest.approx(row.attributes["freq_hz"], rel=0.12)
        assert row.attributes["beats"] == pytest.approx(row.attributes["freq_hz"] * row.duration_s, abs=2)


def test_rest_tremor_alternates_and_orthostatic_tremor_does_not() -> None:
    for recipe, sign in (("rest_tremor", -1), ("orthostatic_tremor", 1)):
        made = emg(7, recipe=recipe, minutes=2)
        row = next(row for row in made.truth if row.event == "tremor")
        first, last = round((row.onset_s + 1) * made.rate_hz), round((row.onset_s + row.duration_s - 1) * made.rate_hz)
        size = round(0.015 * made.rate_hz)
        smooth = [
            np.convolve(np.abs(trace[first:last]), np.ones(size) / size, "same") for trace in made.signals.values()
        ]
        assert np.sign(np.corrcoef(smooth)[0, 1]) == sign


@pytest.mark.parametrize("recipe", sorted(DURATION_OF_BURSTS_MS))
def test_bursts_last_as_long_as_their_class(recipe: str) -> None:
    low, high = DURATION_OF_BURSTS_MS[recipe]
    rows = [row for seed in range(4) for row in emg(seed, recipe=recipe, minutes=4).truth]
    assert all(low <= row.attributes["burst_ms"] <= high for row in rows)


def test_fragmentary_myoclonus_exceeds_50_uv() -> None:
    made = emg(2, recipe="fragmentary_myoclonus", minutes=10)
    heights = []
    for row in made.truth:
        first = round(row.onset_s * made.rate_hz)
        heights.append(np.ptp(made.signals[row.channel or ""][first : first + round(row.duration_s * made.rate_hz)]))
    assert len(heights) > 3
    assert min(heights) > 50


def test_cortical_myoclonus_is_short_and_all_muscles_jerk_together() -> None:
    kinds = {}
    for seed in range(10):
        rows = emg(seed, recipe="myoclonus", minutes=1).truth
        kinds[rows[0].attributes["kind"]] = [row.attributes["burst_ms"] for row in rows]
        starts = {name: [row.onset_s for row in rows if row.channel == name] for name in {row.channel for row in rows}}
        one, other = starts.values()
        assert np.abs(np.subtract(one, other)).max() < 0.012
    assert max(kinds["cortical"]) <= 50 < max(kinds["other"])


def test_clonus_shrinks_and_follows_a_marked_stretch() -> None:
    made = emg(3, recipe="clonus", minutes=4)
    rows = [row for row in made.truth if row.event == "clonus"]
    assert len(made.events) == len(rows)
    for row, mark in zip(rows, made.events, strict=True):
        assert 0 <= row.onset_s - mark.onset_s < 0.1
        assert row.attributes["beats"] >= 5


NEEDLE = {
    "fibrillations": ("fibrillation", 0.5, 15),
    "positive_sharp_waves": ("positive_sharp_wave", 0.5, 15),
    "complex_repetitive": ("complex_repetitive_discharge", 5, 100),
    "myotonic": ("myotonic_discharge", 20, 150),
    "end_plate_spikes": ("end_plate_spikes", 5, 50),
}
MOST_VARIATION = {"myotonic": 0.8, "complex_repetitive": 0.02}


@pytest.mark.parametrize("recipe", sorted(NEEDLE))
def test_needle_trains_have_rate_regularity_and_shape_of_their_class(recipe: str) -> None:
    event, low, high = NEEDLE[recipe]
    for seed in range(5):
        made = emg(seed, recipe=recipe, minutes=1)
        assert made.rate_hz == 20_000
        for row in made.truth:
            assert row.event == event
            assert low <= row.attributes["freq_hz"] <= high
            variation = row.attributes["rate_cov"]
            assert variation > 0.4 if recipe == "end_plate_spikes" else variation < MOST_VARIATION.get(recipe, 0.25)
            if recipe in ("fibrillations", "end_plate_spikes"):
                assert 0.8 <= row.attributes["duration_ms"] <= 6.5
            if recipe == "positive_sharp_waves":
                assert 8 <= row.attributes["duration_ms"] <= 30


def test_neuromyotonic_bursts_fire_at_30_to_300_hz_and_slow_down() -> None:
    rows = emg(3, recipe="neuromyotonic", minutes=4).truth
    assert all(30 <= row.attributes["intraburst_hz"] <= 330 for row in rows)
    assert all(row.attributes["decrement"] > 0 for row in rows)


def test_a_test_set_is_held_out() -> None:
    from legtwitch.simulate import EMG_OPTIONS, MOTION_OPTIONS

    assert set(HELD_OUT) <= {*EMG_RECIPES, *EMG_OPTIONS, *MOTION_OPTIONS}
    assert len(HELD_OUT) >= 3
