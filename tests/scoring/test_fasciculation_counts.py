"""Counts of fasciculations: exact intervals, what is missing where, isolation, and norms only where they hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import legtwitch as lt
from legtwitch.events.emg_group import Group
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.fasciculation import GroupFound
from legtwitch.events.unit_firing import echoes, firing, isolation, regular_runs, steady_trains
from legtwitch.knowledge import load
from legtwitch.knowledge.emg_norms import emg_norms
from legtwitch.model import Detected, KindScore
from legtwitch.scoring.fasciculation import score_group
from legtwitch.scoring.fasciculation_norms import norm_of
from legtwitch.scoring.poisson import gamma_quantile, gamma_share, poisson_interval
from legtwitch.scoring.same_time import with_same_time

PARAMETERS = EmgParameters()


def event(at: float, size: float = 100.0, unit: str | None = "u1", isolated: str | None = "isolated") -> Detected:
    measures: dict[str, float | int | str | bool | None] = {
        "peak_to_peak_uv": size,
        "unit_id": unit,
        "isolation": isolated,
        "interval_after_ms": None,
    }
    return Detected(at, 0.01, "fasciculation", "left", None, "EMG 1", 0.9, {}, measures, ("its shape comes back",))


def group(
    events: list[Detected],
    seconds: float = 600.0,
    muscle: str | None = None,
    rest: tuple[tuple[float, float], ...] = (),
) -> GroupFound:
    spans = rest or ((0.0, seconds),)
    own = Group(muscle, "left", ("EMG 1",), told=muscle is not None)
    return GroupFound(own, 2000.0, True, tuple(events), spans, seconds, (), 2000.0, 4.0, ())


def scored(found: GroupFound, **told: float) -> KindScore:
    return score_group(found, [], PARAMETERS, age=told.get("age"))


# ---- the exact interval ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.688879),
        (1, 0.025318, 5.571643),
        (2, 0.242209, 7.224688),
        (5, 1.623486, 11.668332),
        (10, 4.795389, 18.390356),
        (20, 12.216520, 30.888377),
        (100, 81.363992, 121.626794),
    ],
)
def test_the_poisson_interval_has_the_published_values(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == pytest.approx((low, high), abs=2e-6)


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0, 40.0, 2500.0])
@pytest.mark.parametrize("share", [0.001, 0.025, 0.5, 0.975])
def test_the_gamma_quantile_undoes_the_share(shape: float, share: float) -> None:
    assert gamma_share(shape, gamma_quantile(shape, share)) == pytest.approx(share, rel=1e-8)


def test_the_share_is_a_chi_square_table() -> None:
    assert gamma_share(1 / 2, 3.841459 / 2) == pytest.approx(0.95, abs=1e-7)
    assert gamma_share(5, 18.307038 / 2) == pytest.approx(0.95, abs=1e-7)


@pytest.mark.parametrize(("shape", "value"), [(0.0, 1.0), (-1.0, 1.0), (1.0, -0.1), (1.0, float("nan"))])
def test_impossible_values_are_refused(shape: float, value: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        gamma_share(shape, value)


# ---- what time is needed ---------------------------------------------------------------------------------------------


def test_a_rate_needs_five_minutes_and_has_its_interval() -> None:
    times = [float(one) for one in np.arange(5, 595, 10)]
    result = scored(group([event(one) for one in times]))
    assert result.values["rate_per_min"] == pytest.approx(5.9)
    low, high = poisson_interval(59)
    assert result.values["rate_low"] == pytest.approx(low / 10)
    assert result.values["rate_high"] == pytest.approx(high / 10)
    short = scored(group([event(one) for one in times if one < 280], 280))
    assert short.values["rate_per_min"] is None
    assert short.reasons["rate_per_min"] == "Q431"
    assert short.values["count"] == 28


@pytest.mark.parametrize(("seconds", "said"), [(61.0, 0), (59.0, None)])
def test_absence_needs_a_minute(seconds: float, said: int | None) -> None:
    result = scored(group([], seconds))
    assert result.values["present"] == said
    assert ("present" in result.reasons) == (said is None)


def test_two_in_a_minute_are_presence_and_one_is_not() -> None:
    assert scored(group([event(5), event(20)], 40)).values["present"] == 1
    assert scored(group([event(5)], 300)).values["present"] == 0
    assert scored(group([event(5), event(70)], 300)).values["present"] == 0


# ---- what is counted -------------------------------------------------------------------------------------------------


def test_the_count_of_the_norm_takes_50_uv_in_the_first_two_minutes_of_rest() -> None:
    rest = ((0.0, 60.0), (100.0, 160.0), (200.0, 400.0))
    events = [event(10, 80), event(20, 49.9), event(120, 50.0), event(210, 300), event(220, 300)]
    assert scored(group(events, rest=rest)).values["rate_50uv_2min"] == pytest.approx(1.0)
    result = scored(group(events, rest=((0.0, 100.0),)))
    assert result.values["rate_50uv_2min"] is None
    assert result.reasons["rate_50uv_2min"] == "Q434"


def test_intervals_do_not_reach_across_what_was_taken_out() -> None:
    rest = ((0.0, 50.0), (100.0, 300.0))
    events = [event(one) for one in (10.0, 20.0, 40.0, 110.0, 115.0)]
    values = scored(group(events, rest=rest)).values
    assert values["interval_longest_s"] == pytest.approx(20.0)
    assert values["interval_mean_s"] == pytest.approx((10 + 20 + 5) / 3)


def test_windows_with_two_isolated_units() -> None:
    events = [event(1, unit="u1"), event(4, unit="u2"), event(12, unit="u1"), event(15, unit="u1")]
    events += [event(22, unit="u1"), event(25, unit="u2", isolated="other")]
    values = scored(group(events, 100)).values
    assert values["two_isolated_units_share"] == pytest.approx(0.1)
    counts = np.array([2, 2, 2, 0, 0, 0, 0, 0, 0, 0])
    assert values["fano_10s"] == pytest.approx(counts.var() / counts.mean())


def test_amplitudes_are_median_and_quartiles() -> None:
    values = scored(group([event(one, 10.0 * one) for one in range(1, 6)], 300)).values
    assert values["amplitude_median_uv"] == 30
    assert values["amplitude_iqr_uv"] == pytest.approx(20)


def test_events_of_two_muscles_within_5_ms_are_told() -> None:
    one = group([event(10.0), event(20.0), event(30.0)])
    other = replace(one, events=tuple(replace(event(at), channel="EMG 2") for at in (10.004, 20.02)))
    first, _ = with_same_time([one, other], PARAMETERS)
    assert [each.measures["time_locked_to"] for each in first.events] == ["EMG 2", None, None]
    assert score_group(first, [other], PARAMETERS).values["time_locked_share"] == pytest.approx(1 / 3)


# ---- how units fire --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(0.251, 0.3, "isolated"), (0.25, 0.25, "continual"), (0.25, 0.251, "other"), (float("nan"), 0.3, "isolated")],
)
def test_the_rule_of_250_ms(before: float, after: float, said: str) -> None:
    assert isolation(before, after, 0.25) == said


def test_multiplets_are_counted_within_a_unit() -> None:
    times = np.array([1.0, 1.03, 1.06, 1.5, 2.0, 2.02])
    unit = np.array([1, 1, 1, 1, 1, 2])
    assert firing(times, unit).multiplicity.tolist() == [3, 3, 3, 1, 1, 1]


@pytest.mark.parametrize(("cov", "regular"), [(0.1, True), (0.2, True), (0.7, False)])
def test_regular_firing_is_told_by_its_variation(cov: float, regular: bool) -> None:
    rng = np.random.default_rng(3)
    steps = np.maximum(0.02, 0.11 * (1 + cov * rng.standard_normal(60)))
    found = regular_runs(np.cumsum(steps), np.ones(60, dtype=np.int64), (4, 16), 0.3, 6)
    assert (sum(one.discharges for one in found) > 40) == regular


def test_slow_regular_firing_is_no_effort() -> None:
    times = np.arange(0, 60, 0.5)
    assert not regular_runs(times, np.ones(times.size, dtype=np.int64), (4, 16), 0.3, 6)
    assert not steady_trains(times)


def test_random_potentials_are_no_steady_train() -> None:
    rng = np.random.default_rng(8)
    times = np.cumsum(rng.exponential(0.6, 500))
    assert sum(stop - start for start, stop in steady_trains(times)) < 0.02 * times[-1]


def test_a_late_part_at_a_constant_lag_is_an_echo_and_a_pair_now_and_then_is_not() -> None:
    rng = np.random.default_rng(5)
    lead = np.cumsum(rng.uniform(0.5, 2, 40))
    late = lead + 0.011
    chance = lead[:8] + rng.uniform(0.003, 0.024, 8)
    times = np.concatenate([lead, late, chance, lead[20:] + 0.3])
    unit = np.repeat([1, 2, 3, 3], [40, 40, 8, 20])
    order = np.argsort(times)
    size = np.where(unit == 2, 40.0, 100.0).astype(np.float32)
    found = echoes(times[order], unit[order], size[order])
    assert set(unit[order][found].tolist()) == {2}


# ---- norms -----------------------------------------------------------------------------------------------------------


def test_every_norm_has_a_source_that_exists() -> None:
    assert {source for norm in emg_norms() for source in norm.sources} <= set(load().sources)
    assert {muscle for norm in emg_norms() for muscle in norm.muscles} <= set(
        load().vocabulary.attributes["muscle"].options
    )


def test_without_a_muscle_nothing_is_interpreted() -> None:
    assert "muscle is not known" in norm_of("fasciculation", None, {"rate_50uv_2min": 50}, age=20, told=False)


@pytest.mark.parametrize(
    ("rate", "age", "word"),
    [
        (3.0, 20, "lies within"),
        (3.5, 20, "lies above"),
        (3.5, None, "age is not known"),
        (3.5, 26, "18 to 25 years only"),
        (3.5, 18, "lies above"),
        (3.5, 25, "lies above"),
        (None, 20, "could not be made"),
    ],
)
def test_the_norm_of_tibialis_anterior_holds_only_as_it_was_made(
    rate: float | None, age: float | None, word: str
) -> None:
    said = norm_of("fasciculation", "tibialis_anterior", {"rate_50uv_2min": rate}, age=age, told=True)
    assert word in said
    assert said.startswith("No norm") == (word not in ("lies within", "lies above"))


def test_the_calf_says_that_rates_hardly_separate() -> None:
    for muscle in ("gastrocnemius", "gastrocnemius_medial", "soleus"):
        assert "hardly separates" in norm_of("fasciculation", muscle, {}, age=None, told=True)


def test_the_rule_of_two_units_is_for_the_thumb_alone() -> None:
    values = {"two_isolated_units_share": 0.24}
    assert "healthy people" in norm_of("fasciculation", "abductor_pollicis_brevis", values, age=None, told=True)
    assert norm_of("fasciculation", "biceps_brachii", values, age=None, told=True).startswith("No norm")


def test_limits_of_unit_potentials_need_twenty() -> None:
    values: dict[str, float | int | None] = {
        "mup_count": 19,
        "mup_amplitude_mean_uv": 900.0,
        "mup_duration_mean_ms": 10.0,
        "mup_polyphasic_share": 0.1,
    }
    assert "at least 20" in norm_of("motor_unit_discharge", "tibialis_anterior", values, age=None, told=True)
    values["mup_count"] = 20
    said = norm_of("motor_unit_discharge", "tibialis_anterior", values, age=None, told=True)
    assert "above the upper limit of 845.5 uV" in said
    assert "not above the upper limit of 11.2 ms" in said
    assert norm_of("motor_unit_discharge", "soleus", values, age=None, told=True).startswith("No norm")


def test_counts_without_shape_have_no_norm() -> None:
    assert norm_of("short_potential", "tibialis_anterior", {"rate_50uv_2min": 1}, age=20, told=True).startswith(
        "No norm"
    )


def test_without_a_minute_of_rest_nothing_is_counted_as_none() -> None:
    none = scored(group([], 30.0, muscle="soleus"))
    assert {none.values["count"], none.values["distinct_units"]} == {None}
    assert none.reasons["count"] == none.reasons["distinct_units"] == "Q430"
    seen = scored(group([event(1.0), event(2.0), event(3.0)], 30.0, muscle="soleus"))
    assert (seen.values["count"], seen.values["distinct_units"]) == (3, 1)
    assert scored(group([], 60.0, muscle="soleus")).values["count"] == 0


def test_a_needle_without_rest_has_no_count_of_0(shared: Path) -> None:
    file = shared / "emg_needle_tibialis" / "emg_neuropathy.hea"
    scores = {one.kind: one for one in lt.detect(file, modality="needle_emg", muscle="tibialis_anterior").scores}
    assert scores["fasciculation"].minutes == 0
    for kind in ("fasciculation", "fibrillation"):
        values = scores[kind].values
        assert [values[name] for name in ("count", "distinct_units", "seconds") if name in values] == [None, None]


def test_a_label_that_says_another_muscle_or_side_than_the_person_is_told(tmp_path: Path) -> None:
    lt.simulate_emg(1, minutes=1, path=tmp_path / "calf.csv")  # its channel: EMG L Gastroc
    told = {"muscle": "tibialis_anterior", "side": "right"}
    codes = [one.message for one in lt.detect(tmp_path / "calf.csv", **told).quality if one.code == "Q437"]
    assert len(codes) == 1
    assert all(word in codes[0] for word in ("EMG L Gastroc", "gastrocnemius", "left", "tibialis anterior", "right"))
    codes = [one.code for one in lt.detect(tmp_path / "calf.csv", muscle="gastrocnemius", side="right").quality]
    assert "Q437" in codes
    codes = [one.code for one in lt.detect(tmp_path / "calf.csv", muscle="gastrocnemius", side="left").quality]
    assert "Q437" not in codes
    assert "Q437" not in [one.code for one in lt.detect(tmp_path / "calf.csv").quality]
