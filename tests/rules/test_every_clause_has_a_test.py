"""Every number and every reading of the rule sets of leg movements has a numbered test; none is left out in silence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from legtwitch.knowledge import rule_set
from legtwitch.scoring import RULES

ROOT = Path(__file__).parents[1]
AASM, WASM, OLD = (f"rules/test_{name}_leg_movements.py" for name in ("aasm", "wasm_2016", "wasm_2006"))
LEG, SIT = "rules/test_artefacts_of_one_leg.py", "scoring/test_the_suggested_immobilisation_test.py"
SIGNAL = "events/test_leg_movement_rules.py"

# clause → (file, start of the test's name)
CLAUSES: dict[str, dict[str, tuple[str, str]]] = {
    "aasm-v3": {
        "onset_above_rest": (SIGNAL, "test_eight_microvolts_above_rest"),
        "offset_above_rest": (SIGNAL, "test_a_tail_below_eight_but_above_two"),
        "offset_hold": (SIGNAL, "test_half_a_second_of_silence_ends_a_movement"),
        "duration_min": (AASM, "test_01"),
        "duration_max": (AASM, "test_01"),
        "same_leg_gap": (AASM, "test_02"),
        "combine_below": (AASM, "test_09"),
        "interval_min": (AASM, "test_04"),
        "interval_max": (AASM, "test_04"),
        "series_min": (AASM, "test_05"),
        "respiratory_before": (AASM, "test_16"),
        "respiratory_after": (AASM, "test_16"),
        "arousal_gap": (AASM, "test_27"),
        "same_leg_merge": (AASM, "test_03"),
        "point_marks": (AASM, "test_33"),
        "lights": (AASM, "test_30"),
        "artifact_lm": (AASM, "test_25"),
        "artifact_hours": (AASM, "test_26"),
        "artifact_series": (AASM, "test_24"),
        "artifact_leg": (LEG, "test_01"),
        "arousal_count": (AASM, "test_28"),
        "aasm_resp": (AASM, "test_17"),
        "aasm_combine": (AASM, "test_13"),
        "aasm_sleep": (AASM, "test_19"),
        "aasm_wake_lm": (AASM, "test_21"),
        "aasm_wake_epoch": (AASM, "test_22"),
        "aasm_short": (AASM, "test_07"),
        "aasm_long": (AASM, "test_23"),
        "aasm_gap": (AASM, "test_24"),
    },
    "wasm-2016": {
        "onset_above_rest": (SIGNAL, "test_eight_microvolts_above_rest"),
        "offset_above_rest": (SIGNAL, "test_a_tail_below_eight_but_above_two"),
        "offset_hold": (SIGNAL, "test_half_a_second_of_silence_ends_a_movement"),
        "morphology_above_rest": (SIGNAL, "test_short_potentials_close_together"),
        "duration_min": (WASM, "test_01"),
        "duration_max_one_leg": (WASM, "test_01"),
        "duration_max_both_legs": (WASM, "test_03"),
        "components_max": (WASM, "test_04"),
        "same_leg_gap": (WASM, "test_35"),
        "combine_gap": (WASM, "test_02"),
        "interval_min": (WASM, "test_07"),
        "interval_max": (WASM, "test_07"),
        "series_min": (WASM, "test_08"),
        "window_before_end": (WASM, "test_18"),
        "window_after_end": (WASM, "test_18"),
        "half_window": (WASM, "test_20"),
        "arousal_gap": (WASM, "test_26"),
        "intervals_run_min": (WASM, "test_27"),
        "same_leg_merge": (WASM, "test_35"),
        "point_marks": (WASM, "test_36"),
        "lights": (WASM, "test_37"),
        "artifact_lm": (LEG, "test_07"),
        "artifact_hours": (WASM, "test_37"),
        "artifact_series": (WASM, "test_14"),
        "artifact_leg": (LEG, "test_01"),
        "arousal_count": (WASM, "test_39"),
        "wasm_short_start": (WASM, "test_11"),
        "wasm_window": (WASM, "test_20"),
        "wasm_rera": (WASM, "test_21"),
        "wasm_resp_long": (WASM, "test_24"),
        "wasm_sleep": (WASM, "test_17"),
        "wasm_series_count": (WASM, "test_16"),
    },
    "wasm-2006": {
        "duration_min": (OLD, "test_01"),
        "duration_max": (OLD, "test_01"),
        "same_leg_gap": (OLD, "test_12"),
        "combine_gap": (OLD, "test_02"),
        "interval_min": (OLD, "test_03"),
        "interval_max": (OLD, "test_03"),
        "series_min": (OLD, "test_04"),
        "half_window": (OLD, "test_07"),
        "arousal_gap": (OLD, "test_11"),
        "same_leg_merge": (OLD, "test_12"),
        "point_marks": (OLD, "test_20"),
        "lights": (OLD, "test_19"),
        "artifact_lm": (OLD, "test_18"),
        "artifact_hours": (OLD, "test_18"),
        "artifact_series": (OLD, "test_18"),
        "artifact_leg": (LEG, "test_01"),
        "arousal_count": (OLD, "test_21"),
        "wasm2006_short": (OLD, "test_05"),
        "wasm2006_long": (OLD, "test_06"),
        "wasm2006_sleep": (OLD, "test_08"),
        "wasm2006_wake": (OLD, "test_17"),
        "wasm2006_resp": (OLD, "test_14"),
    },
    "sit-2001": {
        "interval_min": (SIT, "test_01"),
        "interval_max": (SIT, "test_01"),
        "series_min": (SIT, "test_02"),
        "duration_min": (SIT, "test_03"),
        "duration_max": (SIT, "test_03"),
    },
}


@pytest.mark.parametrize("name", [*RULES, "sit-2001"])
def test_every_clause_of_the_data_is_in_the_list_and_no_other(name: str) -> None:
    one = rule_set(name)
    assert {*(each.id for each in one.parameters), *(each.id for each in one.readings)} == set(CLAUSES[name])


@pytest.mark.parametrize(
    ("rule", "clause", "file", "begin"),
    [(rule, clause, *place) for rule, clauses in CLAUSES.items() for clause, place in clauses.items()],
)
def test_the_test_of_a_clause_is_there(rule: str, clause: str, file: str, begin: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert any(name.startswith(begin) for name in names), f"{rule}: {clause}"


def test_numbered_tests_are_numbered_once_in_each_file() -> None:
    for file in (AASM, WASM, OLD, LEG, SIT):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        numbers = [
            node.name.split("_")[1] for node in tree.body if isinstance(node, ast.FunctionDef) and "test_" in node.name
        ]
        assert len(numbers) == len(set(numbers)), file
