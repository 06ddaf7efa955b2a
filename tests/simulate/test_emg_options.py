"""Each option of an EMG changes what it says and nothing else; the same seed and options give the same bytes."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate import EMG_OPTIONS, SimulatedEmg, emg
from legtwitch.simulate.emg_confounders import NOISE, PLAN, TRACE

RECIPE = {"recipe": "als_like", "minutes": 4, "rate_hz": 1000, "channels": 2}
LOCAL = ("movement", "cable_tap", "electrode_pops")
"""Options of the trace that touch it only within their rows, and shortly after."""


def made_with(*options: str, seed: int = 11) -> SimulatedEmg:
    return emg(seed, **RECIPE, with_=options)  # type: ignore[arg-type]


def digest(made: SimulatedEmg) -> str:
    parts = hashlib.sha256(repr((made.events, made.truth, made.gaps, made.asked)).encode())
    for name, trace in made.signals.items():
        parts.update(name.encode() + trace.tobytes())
    return parts.hexdigest()


def rows(made: SimulatedEmg) -> Counter[str]:
    return Counter(repr(row) for row in made.truth)


def timing(row: Event) -> tuple[object, ...]:
    return (row.onset_s, row.duration_s, row.event, row.attributes.get("unit_id"))


@pytest.fixture(scope="module")
def plain() -> SimulatedEmg:
    return made_with()


@pytest.fixture(scope="module")
def everything() -> SimulatedEmg:
    return made_with(*(name for name in EMG_OPTIONS if name not in ("saturation", "gaps", "noisy", "quiet")))


def test_the_same_seed_and_options_give_the_same_bytes_in_any_order(everything: SimulatedEmg) -> None:
    assert digest(made_with(*reversed(everything.options))) == digest(everything)


def test_another_seed_gives_another_recording(plain: SimulatedEmg) -> None:
    other = made_with(seed=12)
    assert digest(other) != digest(plain)
    assert not {timing(row) for row in other.truth} & {timing(row) for row in plain.truth}


@pytest.mark.parametrize("name", sorted(PLAN))
def test_a_muscle_option_adds_rows_and_potentials_and_moves_nothing(name: str, plain: SimulatedEmg) -> None:
    alone = made_with(name)
    added = list((rows(alone) - rows(plain)).elements())
    assert rows(plain) <= rows(alone)
    assert added, f"{name} adds nothing here"
    same = np.ones(len(plain.signals["EMG L TA 1"]), dtype=bool)
    for row in alone.truth:
        if repr(row) in added:
            end = row.onset_s + row.duration_s
            same[max(0, round((row.onset_s - 0.05) * 1000)) : round((end + 0.06) * 1000)] = False
    assert same.mean() > 0.3
    changed = False
    for channel, trace in plain.signals.items():
        assert np.array_equal(alone.signals[channel][same], trace[same])
        changed |= not np.array_equal(alone.signals[channel], trace)
    assert changed


@pytest.mark.parametrize("name", sorted({*PLAN, *TRACE} - {"superpositions"}))
def test_an_option_adds_the_same_rows_alone_and_with_all_others(
    name: str, plain: SimulatedEmg, everything: SimulatedEmg
) -> None:
    base = {timing(row) for row in plain.truth}
    added = {timing(row) for row in made_with(name).truth} - base
    assert added <= {timing(row) for row in everything.truth}


@pytest.mark.parametrize("name", sorted(TRACE))
def test_an_option_of_the_trace_leaves_every_discharge_as_it_was(name: str, plain: SimulatedEmg) -> None:
    made = made_with(name)
    assert rows(plain) <= rows(made)
    added = list((rows(made) - rows(plain)).elements())
    assert bool(added) == (name != "respiration")
    for channel, trace in plain.signals.items():
        same = np.ones(len(trace), dtype=bool)
        for row in made.truth:
            if repr(row) in added and row.channel in (None, channel):
                end = row.onset_s + 3 * row.duration_s
                same[max(0, round(row.onset_s * 1000) - 1) : round(end * 1000) + 2] = False
        if name in LOCAL:
            assert np.array_equal(made.signals[channel][same], trace[same])
        assert not np.array_equal(made.signals[channel], trace)


@pytest.mark.parametrize("name", [*sorted(set(NOISE) - {"held_out_noise"}), "quiet", "noisy"])
def test_a_noise_option_changes_the_ratio_to_the_noise_and_no_potential(name: str, plain: SimulatedEmg) -> None:
    made = made_with(name)
    assert [timing(row) for row in made.truth] == [timing(row) for row in plain.truth]
    levels = []
    for one, other in zip(made.truth, plain.truth, strict=True):
        if one.channel == other.channel:
            assert one.attributes["peak_to_peak_uv"] == other.attributes["peak_to_peak_uv"]
            levels.append(one.attributes["noise_uv"] / other.attributes["noise_uv"])
        half = one.attributes["peak_to_peak_uv"] / 2
        assert one.attributes["snr"] == pytest.approx(half / one.attributes["noise_uv"], rel=0.01)
    expected = {
        "quiet": (0.4, 0.6),
        "noisy": (1.9, 4.1),
        "noise_drift": (0.6, 1.6),
        "mains": (1.02, 9),
        "thermal": (1.02, 1.6),
    }
    low, high = expected[name]
    assert low < np.median(levels) < high


@pytest.mark.parametrize(("one", "other"), [("tonic", "voluntary"), ("cross_talk", "fragmentary_myoclonus")])
def test_the_potentials_of_an_option_are_the_same_beside_another(one: str, other: str, plain: SimulatedEmg) -> None:
    for channel, trace in plain.signals.items():
        alone = made_with(one).signals[channel] - trace
        beside = made_with(one, other).signals[channel] - made_with(other).signals[channel]
        assert np.abs(alone).max() > 8
        assert np.abs(alone - beside).max() < 0.01


@pytest.mark.parametrize("recipe", ["als_like", "myokymic", "clonus", "fibrillations", "cramp", "walking"])
def test_the_shortest_recording_holds_every_option(recipe: str) -> None:
    made = emg(1, recipe=recipe, minutes=0.2, with_=EMG_OPTIONS)
    assert made.duration_s == 12
    assert all(0 <= row.onset_s <= row.onset_s + row.duration_s <= 12.0001 for row in made.truth)


def test_superpositions_bring_at_least_5_percent_within_15_ms() -> None:
    for options, least in (((), 0.0), (("superpositions",), 0.05)):
        rows_of = [row for row in made_with(*options).truth if row.event == "fasciculation"]
        times = np.array([row.attributes["peak_s"] for row in rows_of])
        units = [row.attributes["unit_id"] for row in rows_of]
        close = [
            any(abs(times[i] - times[j]) < 0.02 and units[i] != units[j] for j in (i - 1, i + 1) if 0 <= j < len(times))
            for i in range(len(times))
        ]
        assert np.mean(close) >= least
        if not options:
            assert np.mean(close) < 0.1


def test_voluntary_contractions_recruit_the_units_that_fasciculate() -> None:
    from legtwitch.simulate.emg_plan import EmgPlan
    from legtwitch.simulate.emg_recipes import RECIPES, arrays
    from legtwitch.simulate.streams import stream

    plan = EmgPlan(3, 300.0, 1000, arrays(RECIPES["benign_calf"], 1, needle=False))
    RECIPES["benign_calf"].build(plan, stream(3, "recipe benign_calf"))
    PLAN["voluntary"](plan, stream(3, "voluntary"))
    by_effort = [one for one in plan.all_planned() if one.source == "voluntary"]
    assert {unit.id for unit in plan.counted_units} <= {one.unit.id for one in by_effort}
    for one in by_effort:
        steps = np.diff(one.firing.times_s)
        inside = steps[steps < 0.4]
        if len(inside) > 10:
            assert 4.5 < 1 / inside.mean() < 16
            assert inside.std() / inside.mean() < 0.35


def spectrum(trace: np.ndarray, rate_hz: int) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies and the mean power of blocks of 1 s."""
    blocks = trace[: len(trace) // rate_hz * rate_hz].reshape(-1, rate_hz) * np.hanning(rate_hz)
    return np.fft.rfftfreq(rate_hz, 1 / rate_hz), np.mean(np.abs(np.fft.rfft(blocks, axis=1)) ** 2, axis=0)


def test_the_noise_is_pink_below_20_hz_flat_to_500_and_nothing_above() -> None:
    made = emg(1, recipe="silent", minutes=4)
    trace = made.signals["EMG L Gastroc"]
    assert np.sqrt(np.mean(trace**2)) == pytest.approx(4.0, rel=0.02)
    frequency, power = spectrum(trace, 2000)

    def level(low: float, high: float) -> float:
        return float(power[(frequency >= low) & (frequency < high)].mean())

    assert level(100, 200) == pytest.approx(level(300, 450), rel=0.25)
    assert level(4, 6) / level(300, 450) == pytest.approx(1 + 20 / 5, rel=0.25)
    assert level(560, 900) < 1e-3 * level(300, 450)


@pytest.mark.parametrize("rate", [200, 256, 512])
def test_low_rates_are_band_limited(rate: int) -> None:
    made = emg(2, recipe="als_like", minutes=4, rate_hz=rate)
    frequency, power = spectrum(made.signals["EMG L TA"], rate)
    assert power[frequency > 0.48 * rate].mean() < 0.05 * power[(frequency > 20) & (frequency < 0.3 * rate)].mean()
    fine = emg(2, recipe="als_like", minutes=4)
    heights = [
        [
            row.attributes["peak_to_peak_uv"]
            for unit in one.units
            for row in one.truth
            if row.attributes["unit_id"] == unit.id
        ]
        for one in (made, fine)
    ]
    ratios = np.divide(*heights)
    assert np.median(ratios) < 1.001
    if rate == 200:
        assert np.median(ratios) < 0.95


def test_drift_moves_the_level_by_2_2() -> None:
    made = emg(1, recipe="silent", minutes=10, with_=["noise_drift"])
    level = made.noise_uv["EMG L Gastroc"]
    assert np.percentile(level, 99) / np.percentile(level, 1) == pytest.approx(2.2, rel=0.15)
    trace = made.signals["EMG L Gastroc"][: 600 * 2000].reshape(600, 2000)
    assert np.sqrt(np.mean(trace**2, axis=1))[5:595] == pytest.approx(level[5:595], rel=0.35)


def test_mains_has_harmonics_at_50_or_60_hz() -> None:
    found = set()
    for seed in range(6):
        trace = emg(seed, recipe="silent", minutes=1, with_=["mains"]).signals["EMG L Gastroc"]
        frequency, power = spectrum(trace, 2000)
        base = int(frequency[np.argmax(power)])
        found.add(base)
        near = np.median(power[(frequency > 3 * base - 15) & (frequency < 3 * base - 5)])
        assert power[3 * base] > 2 * near
    assert found == {50, 60}


def test_heart_beats_stand_in_all_channels_and_in_a_channel_of_their_own() -> None:
    made = made_with("ecg", "ecg_channel")
    beats = [row for row in made.truth if row.event == "ecg_artifact"]
    per_minute = len(beats) / 4
    assert 45 <= per_minute <= 110
    heart = made.signals["ECG"]
    for row in beats[5:20]:
        centre = round((row.onset_s + row.duration_s / 2) * 1000)
        assert abs(int(np.argmax(np.abs(heart[centre - 60 : centre + 60]))) - 60) <= 15
    only = made_with("ecg_channel")
    assert rows(only) == rows(made_with())
    assert set(only.signals) == {"EMG L TA 1", "EMG L TA 2", "ECG"}


def test_a_coarse_converter_leaves_whole_steps() -> None:
    trace = made_with("quantised").signals["EMG L TA 1"]
    values = np.unique(trace)
    step = np.diff(values).min()
    assert 1 <= step <= 4
    assert np.abs(values / step - np.rint(values / step)).max() < 1e-2


def test_saturation_clips_and_says_where(plain: SimulatedEmg) -> None:
    made = made_with("saturation")
    clipped = [row for row in made.truth if row.attributes.get("saturated")]
    assert clipped
    for row in clipped:
        trace = made.signals[row.channel or ""]
        first = round(row.onset_s * 1000)
        assert np.abs(trace[first]) == pytest.approx(row.attributes["peak_uv"], rel=1e-3)
        assert np.abs(trace).max() <= row.attributes["peak_uv"] + 0.01
        assert np.abs(plain.signals[row.channel or ""][first]) >= row.attributes["peak_uv"] - 0.01


def test_movement_lies_below_10_hz() -> None:
    with_movement, without = made_with("movement"), made_with()
    added = with_movement.signals["EMG L TA 1"] - without.signals["EMG L TA 1"]
    power = np.abs(np.fft.rfft(added)) ** 2
    frequency = np.fft.rfftfreq(len(added), 1 / 1000)
    assert power[frequency > 12].sum() < 0.02 * power.sum()


def test_gaps_cut_the_truth_in_true_time(plain: SimulatedEmg) -> None:
    made = made_with("gaps")
    assert len(made.gaps) == 2
    for start, end in made.gaps:
        assert start == int(start)
        assert not made.signals["EMG L TA 1"][round(start * 1000) : round(end * 1000)].any()
        assert not [row for row in made.truth if start <= row.attributes.get("peak_s", -1) < end]
    kept = {timing(row) for row in made.truth}
    for row in plain.truth:
        peak = row.attributes["peak_s"]
        assert (timing(row) in kept) == (not any(start <= peak < end for start, end in made.gaps))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"with_": ["volontary"]}, "E124"),
        ({"recipe": "begnin_calf"}, "E125"),
        ({"modality": "needle"}, "E125"),
        ({"recipe": "fibrillations", "modality": "surface_emg"}, "E127"),
        ({"minutes": 0}, "E126"),
        ({"minutes": float("nan")}, "E126"),
        ({"rate_hz": 50}, "E126"),
        ({"rate_hz": 2000.5}, "E126"),
        ({"channels": 0}, "E126"),
        ({"channels": 2, "recipe": "fibrillations"}, "E126"),
        ({"minutes": 240, "channels": 64, "rate_hz": 10_000}, "E126"),
    ],
)
def test_what_can_not_be_made_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        emg(1, **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.allowed
    if code in ("E124",):
        assert "voluntary" in caught.value.do


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(UsageError):
        emg(-1)
