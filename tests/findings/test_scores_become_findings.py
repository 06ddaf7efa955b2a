"""A scored night as findings, each with its rule set; nothing for what could not be computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from legtwitch.findings import findings_from_score
from legtwitch.model import Channel, Hours, Quantity, RuleScore, Score

AASM = {"plms_index": 15.0, "plms_index_without_respiratory": 15.0, "plms_arousal_index": 3.1, "plmw_index": None}
WASM = {"plms_index": 17.4, "plms_index_without_respiratory": 14.1, "plms_arousal_index": 4.0, "plmw_index": 12.0}
WASM = WASM | {"periodicity_index": 0.61, "candidate_count": 190, "respiratory_count": 20}


def score(aasm: dict[str, Any], wasm: dict[str, Any], sleep: float | None = 6.3) -> Score:
    rules = {"aasm-v3": RuleScore(aasm, {}), "wasm-2016": RuleScore(wasm, {})}
    hours = Hours(8.0, sleep, 0.8, 5.1, 1.2)
    start = datetime(2026, 11, 1, 22, 30)
    return Score("x.edf", start, 28800.0, (), hours, rules, (), (), (), {}, {}, "")


def test_each_index_comes_from_the_rule_set_that_defines_it(knowledge: Any) -> None:
    found = {one.id: one for one in findings_from_score(score(AASM, WASM), "night.edf", knowledge)}
    values = {id: one.value.value for id, one in found.items() if isinstance(one.value, Quantity)}
    assert values == {
        "plms_index": 15.0,
        "plms_arousal_index": 3.1,
        "plms_index_without_respiratory": 14.1,
        "plmw_index": 12.0,
        "periodicity_index": 0.61,
        "hours_of_sleep": 6.3,
    }
    assert found["plms_index"].origin == "night.edf, rule set aasm-v3"
    assert found["plmw_index"].origin == "night.edf, rule set wasm-2016"
    assert found["sleep_study_done"].value == "present"
    assert {(one.by, one.date) for one in found.values()} == {("recording", date(2026, 11, 1))}
    for id, one in found.items():
        if isinstance(one.value, Quantity):
            assert one.value.unit == knowledge.vocabulary.findings[id].unit


def test_nothing_is_found_for_what_could_not_be_computed(knowledge: Any) -> None:
    nothing = score(dict.fromkeys(AASM), dict.fromkeys(WASM), sleep=None)
    assert [one.id for one in findings_from_score(nothing, "night.edf", knowledge)] == ["sleep_study_done"]


@pytest.mark.parametrize(
    ("tied", "candidates", "value"),
    [(96, 190, "present"), (95, 190, "absent"), (0, 190, "absent"), (None, 190, None), (0, 0, None)],
)
def test_movements_that_mostly_follow_breathing_events(knowledge: Any, tied: Any, candidates: int, value: Any) -> None:
    wasm = WASM | {"respiratory_count": tied, "candidate_count": candidates}
    found = {one.id: one.value for one in findings_from_score(score(AASM, wasm), "night.edf", knowledge)}
    assert found.get("leg_movements_respiratory") == value


def test_one_rule_set_alone_gives_its_own_indices_only(knowledge: Any) -> None:
    both = score(AASM, WASM)
    one = Score("x", None, 1.0, (), both.hours, {"wasm-2016": both.rules["wasm-2016"]}, (), (), (), {}, {}, "")
    assert "plms_index" not in {found.id for found in findings_from_score(one, "x", knowledge)}


def test_marks_without_a_leg_movement_give_no_index_of_0(knowledge: Any) -> None:
    none = {"plms_index": 0.0, "plms_index_without_respiratory": 0.0, "plms_arousal_index": 0.0, "plmw_index": 0.0}
    found = {one.id for one in findings_from_score(score(none, none), "stages.csv", knowledge)}
    assert found == {"sleep_study_done", "hours_of_sleep"}
    leg = Channel("LAT", "leg_left", 0.9, "", "uV", "uV", 256.0, 0.1, 256 * 3600)
    found = {one.id for one in findings_from_score(replace(score(none, none), channels=(leg,)), "n.edf", knowledge)}
    assert {"plms_index", "plmw_index"} <= found


def test_a_short_recording_without_stages_is_no_sleep_study(knowledge: Any) -> None:
    short = replace(score(AASM, WASM, sleep=None), hours=Hours(0.1, None, None, None, None))
    assert "sleep_study_done" not in {one.id for one in findings_from_score(short, "x.edf", knowledge)}
