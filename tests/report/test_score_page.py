"""What the page, the JSON and the table of a scored night show beside the indices."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import legtwitch as lt
from legtwitch.api import write_movements
from legtwitch.events import Rejected
from legtwitch.findings import findings_from_score
from legtwitch.model import (
    Event,
    FragmentaryMyoclonus,
    Movement,
    NightHour,
    Norm,
    OtherMovements,
    Score,
    Trace,
    Verdict,
)
from legtwitch.report import as_json, charts, charts_hours, charts_traces, html, night_words
from legtwitch.report.shown import MOST, shown_movements, shown_rejected

_PATH = Path(__file__).with_name("sample_assessment.py")
_spec = importlib.util.spec_from_file_location("sample_score", _PATH)
assert _spec is not None
assert _spec.loader is not None
SAMPLE: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(SAMPLE)

COUNTS = dict.fromkeys(night_words.CLASSES, 0)


def other(*events: Event, minutes: dict[str, int] | None = None, excessive: bool | None = None) -> OtherMovements:
    counts = COUNTS | {name: sum(one.event == name for one in events) for name in COUNTS}
    potentials = counts["fragmentary_myoclonus"]
    return OtherMovements(events, counts, FragmentaryMyoclonus(potentials, minutes, excessive))


ALMA = Event(1000.0, 8.0, "alma", "both", None, {"stage": "N2", "beats": 12})
TREMOR = Event(3700.0, 12.0, "hypnagogic_foot_tremor", "left", "LAT", {"stage": "W", "beats": 20})
POTENTIAL = Event(2000.0, 0.1, "fragmentary_myoclonus", "left", "LAT", {"stage": "N2"})


def score(**changes: Any) -> Score:
    return replace(SAMPLE.score(), **changes)


# ---- classes of their own --------------------------------------------------------------------------------------------


def test_the_picture_of_the_night_has_a_lane_for_each_class_seen() -> None:
    chart = charts.night(score(other=other(ALMA, TREMOR)))
    assert chart.svg.count('class="own"') == 2
    assert "In turn" in chart.svg
    assert "Foot tremor" in chart.svg
    assert "Quick trains" not in chart.svg
    assert "2 movements of classes of their own" in chart.twin
    assert [row[-1] for row in chart.rows] == ["1", "1"]


def test_the_page_counts_the_classes_an_hour_of_sleep_and_says_that_none_excludes_nothing() -> None:
    page = html.render_score(score(other=other(ALMA, TREMOR)))
    assert "which excludes nothing" in page
    rows = {row[0]: row[1:] for row in night_words.other_rows(score(other=other(ALMA, TREMOR)))}
    assert rows[night_words.CLASSES["alma"]] == (1, pytest.approx(1 / 1.9), "both")
    assert rows[night_words.CLASSES["hypnagogic_foot_tremor"]] == (1, 0.0, "left")
    assert "Movements of other classes" not in html.render_score(score())


@pytest.mark.parametrize(
    ("minutes", "excessive", "words"),
    [
        ({"LAT": 25}, True, "enough for excessive"),
        ({"LAT": 3}, False, "fewer than"),
        (None, None, "can't be told without sleep stages"),
    ],
)
def test_what_is_said_of_myoclonus(minutes: Any, excessive: bool | None, words: str) -> None:
    (said,) = night_words.myoclonus_words(score(other=other(POTENTIAL, minutes=minutes, excessive=excessive)))
    assert words in said


def test_json_lists_them_apart_from_leg_movements() -> None:
    document = json.loads(
        json.dumps(as_json.score(score(other=other(ALMA, POTENTIAL, minutes={"LAT": 1}, excessive=False))))
    )
    found = document["other_movements"]
    assert found["counts"]["alma"] == 1
    assert [one["event"] for one in found["events"]] == ["alma", "fragmentary_myoclonus"]
    assert found["events"][0]["beats"] == 12
    assert found["excessive_fragmentary_myoclonus"] == {"potentials": 1, "minutes": {"LAT": 1}, "excessive": False}
    assert as_json.score(score())["other_movements"] is None


@pytest.mark.parametrize("name", ["out.tsv", "out_events.tsv"])
def test_tables_hold_them_under_their_own_names(tmp_path: Path, name: str) -> None:
    write_movements(tmp_path / name, score(other=other(ALMA)))
    lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    place = head.index("event" if "event" in head else "trial_type")
    rows = [line.split("\t") for line in lines[1:]]
    assert [row[0] for row in rows if row[place] == "alma"] == ["1000.0"]
    assert sum(row[place] == "leg_movement" for row in rows) == 8


@pytest.mark.parametrize(
    ("found", "ids"),
    [
        (other(ALMA, TREMOR), {"foot_tremor_or_alma_recorded"}),
        (other(ALMA), set()),
        (other(POTENTIAL, minutes={"LAT": 30}, excessive=True), {"excessive_fragmentary_myoclonus_recorded"}),
        (other(POTENTIAL, minutes={"LAT": 3}, excessive=False), set()),
        (other(POTENTIAL), set()),
        (None, set()),
    ],
)
def test_findings_say_what_is_present_and_never_what_is_absent(found: Any, ids: set[str]) -> None:
    knowledge = lt.load_knowledge()
    of = {one.id: one for one in findings_from_score(score(other=found), "night.edf", knowledge)}
    named = {"foot_tremor_or_alma_recorded", "excessive_fragmentary_myoclonus_recorded"}
    assert named & set(of) == ids
    assert all((of[id].value, of[id].by, of[id].date) == ("present", "recording", date(2026, 11, 1)) for id in ids)


# ---- which movements are shown ---------------------------------------------------------------------------------------


def verdict(**changes: Any) -> Verdict:
    plain = Verdict(True, True, False, None, (), False, False, None, ("because",))
    return replace(plain, **changes)


def movement(number: int, verdict: Verdict, peak: float = 50.0, duration: float = 2.0) -> Movement:
    measures: dict[str, float | str | None] = {"peak_uv": peak, "confidence": 0.9, "noise_uv": 0.1}
    return Movement(f"m{number}", 100.0 * number, duration, "left", "N2", "LAT", measures, {"aasm-v3": verdict})


def test_the_first_of_a_series_what_is_left_out_and_what_is_near_a_bound_are_shown_with_the_reason() -> None:
    movements = [
        movement(1, verdict(plm=True, series=1)),
        movement(2, verdict(plm=True, series=1)),
        movement(3, verdict(leg_movement=False)),
        movement(4, verdict(candidate=False)),
        movement(5, verdict(), peak=8.4),
        movement(6, verdict(), duration=0.52),
        movement(7, verdict(interval_s=89.5)),
        movement(8, verdict()),
    ]
    assert {one.id: why for one, why in shown_movements(movements)} == {
        "m1": "first of series 1 (aasm-v3)",
        "m3": "left out by aasm-v3",
        "m4": "no candidate under aasm-v3",
        "m5": "borderline: only 8.4 µV above rest",
        "m6": "borderline: 0.52 s long, near the bound of 0.5 s",
        "m7": "borderline: 89.50 s after the one before, near the bound of 90 s",
    }


def test_never_more_than_forty_are_shown_of_each_kind_over_the_whole_night() -> None:
    left_out = [movement(number, verdict(leg_movement=False)) for number in range(500)]
    firsts = [movement(500 + number, verdict(plm=True, series=number + 1)) for number in range(100)]
    faint = [movement(600 + number, verdict(), peak=9) for number in range(3)]
    shown = shown_movements([*left_out, *firsts, *faint])
    assert len(shown) == MOST
    assert sum(why.startswith("borderline") for _, why in shown) == 3
    assert sum(why.startswith("first") for _, why in shown) in (18, 19)
    refused = [one.onset_s for one, why in shown if why.startswith("left out")]
    assert refused[0] < 5000
    assert refused[-1] > 40_000
    assert [one.onset_s for one, _ in shown] == sorted(one.onset_s for one, _ in shown)


def test_a_trace_shows_the_thresholds_that_were_used_and_why_it_is_there() -> None:
    snippet = Trace("m1", "LAT", (99.0, 100.0, 101.0), (1.0, 30.0, 1.0), (1.0,) * 3, "left out by aasm-v3")
    still, unsteady = movement(1, verdict()), movement(1, verdict())
    unsteady = replace(unsteady, measures={**unsteady.measures, "noise_uv": 2.0})
    assert charts_traces.thresholds(still) == (8.0, 2.0)
    assert charts_traces.thresholds(unsteady) == (10.0, 6.4)
    chart = charts_traces.trace(snippet, unsteady, score())
    assert chart.title == "Movement m1, left out by aasm-v3"
    assert "+10.0 µV: start" in chart.svg
    assert "It begins 10.0 µV and ends 6.4 µV above rest." in chart.twin


# ---- by hour, and norms ----------------------------------------------------------------------------------------------


def _with_hours(*hours: NightHour) -> Score:
    plain = SAMPLE.score()
    return score(rules={"aasm-v3": replace(plain.rules["aasm-v3"], plms_by_hour=hours)})


def test_each_hour_has_its_index_and_one_without_sleep_has_none() -> None:
    hours = (NightHour(0.0, 3600.0, 6, 0.5), NightHour(3600.0, 7200.0, 0, 0.02))
    chart = charts_hours.hours(_with_hours(*hours))
    assert chart is not None
    assert chart.rows == (("22:30", "6", "12.0", "30"), ("23:30", "0", "too little sleep", "1"))
    assert chart.svg.count('class="bar"') == 2  # one hour and the legend
    assert charts_hours.hours(score()) is None


def test_norms_stand_beside_the_index_and_in_the_picture() -> None:
    text = "90 of 100 healthy sleepers had at most about 24.8 an hour."
    norm = Norm(
        "healthy_percentile",
        "plms_index",
        {"aasm-v3": 3.2},
        "percentile_90",
        None,
        24.8,
        "per_hour",
        "100",
        text,
        "B",
        (),
    )
    plain = replace(_with_hours(NightHour(0.0, 3600.0, 6, 0.5)), norms=(norm,))
    chart = charts_hours.hours(plain)
    assert chart is not None
    assert f"Dashed at 24.8: {text}" in chart.twin
    assert 'class="dashed"' in chart.svg
    page = html.render_score(plain)
    assert "None of these lines makes or excludes a disease." in page
    assert "3.2 (aasm-v3)" in page


def test_intervals_are_shaded_by_the_bounds_of_the_rule_set() -> None:
    chart = charts.intervals(score(), "aasm-v3")
    assert chart is not None
    assert 'class="inside"' in chart.svg
    assert "7 of them last 5 to 90 seconds (shaded)" in chart.twin


# ---- the whole road --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Score:
    path = tmp_path_factory.mktemp("night") / "night.edf"
    lt.simulate_night(601, hours=1.5, with_=("alma", "foot_tremor", "fragmentary_myoclonus"), path=path)
    return lt.score(path)


def test_a_simulated_night_shows_its_classes_and_at_most_forty_traces(scored: Score) -> None:
    assert scored.other is not None
    assert scored.other.counts["alma"] >= 2
    assert 0 < len(scored.traces) <= MOST
    assert all(one.why for one in scored.traces)
    shown = {one.movement for one in scored.traces}
    assert shown <= {one.id for one in (*scored.movements, *scored.left_out)}
    page = html.render_score(scored)
    assert page.count("<figure>") == len(scored.traces) + 4


def test_no_leg_movement_lies_within_a_train(scored: Score) -> None:
    assert scored.other is not None
    trains = [one for one in scored.other.events if one.event in ("alma", "hypnagogic_foot_tremor")]
    for one in scored.movements:
        inside = [
            min(one.onset_s + one.duration_s, train.onset_s + train.duration_s) - max(one.onset_s, train.onset_s)
            for train in trains
            if train.side in ("both", one.side)
        ]
        assert max(inside, default=0.0) < 0.6 * one.duration_s


def test_what_the_detector_left_out_is_shown_with_its_reason_and_no_verdict(scored: Score) -> None:
    assert 0 < len(scored.left_out) <= 8
    shown = {one.movement: one.why for one in scored.traces}
    assert {one.id for one in scored.left_out} <= set(shown)
    assert all(one.verdicts == {} for one in scored.left_out)
    assert any("train of bursts" in shown[one.id] for one in scored.left_out)
    page = html.render_score(scored)
    assert page.count("<strong>No movement, left out by the detector:") == len(scored.left_out)
    assert not {one.id for one in scored.left_out} & {row["id"] for row in as_json.score(scored)["movements"]}


def test_few_of_each_reason_are_shown_over_the_whole_night() -> None:
    many = [Rejected(10.0 * number, 0.2, "left", "LAT", "Q313") for number in range(1000)]
    few = [Rejected(5000.0 + number, 1.0, "left", "LAT", "Q321") for number in range(2)]
    shown = shown_rejected([*many, *few])
    assert len(shown) == 8
    assert sum("(Q321)" in str(one.measures["why"]) for one in shown) == 2
    assert shown[0].onset_s < 2000
    assert shown[-1].onset_s > 8000
    assert shown_rejected([]) == ()
