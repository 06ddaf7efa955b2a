"""Norms stand beside the indices, each with source and grade, and never where there is no index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from legtwitch import api
from legtwitch.knowledge import norms
from legtwitch.knowledge.schema import NormEntry
from legtwitch.model import Event, Recording, Score
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
ASLEEP = Event(0, HOUR, "stage_N2")
SERIES = [Event(100 + 20 * n, 1, "leg_movement", "left") for n in range(6)]


def score(*events: Event) -> Score:
    recording = Recording("made", "TSV", None, HOUR, (), (), events, ())
    return score_leg_movements(recording, SERIES, rules=("aasm-v3", "wasm-2016", "wasm-2006"))


@pytest.mark.parametrize("norm", norms(), ids=lambda one: one.id)
def test_every_norm_has_a_source_a_grade_and_an_index_that_is_computed(norm: NormEntry) -> None:
    known = api.load_knowledge().sources
    assert norm.sources
    assert all(source in known for source in norm.sources)
    result = score(ASLEEP)
    assert result.immobilisation is not None
    indices = {name for rule in result.rules.values() for name in rule.values} | set(result.immobilisation.values)
    assert norm.index in indices
    if norm.kind in ("line", "cut_off"):
        assert norm.limit is not None
    else:
        assert norm.value is not None


def test_healthy_sleepers_stand_beside_the_index_of_every_rule_set() -> None:
    found = {one.id: one for one in score(ASLEEP).norms}
    assert dict(found["healthy_over_15"].ours) == {"aasm-v3": 6, "wasm-2016": 6, "wasm-2006": 6}
    assert (found["healthy_over_15"].value, found["healthy_over_15"].limit) == (18, 15)
    assert (found["healthy_over_5"].value, found["healthy_percentile"].value) == (36, 24.8)
    assert found["healthy_over_15"].sources == ("frauscher_2014",)
    assert dict(found["restless_legs_periodicity"].ours) == {"wasm-2016": 1.0}
    assert "immobilisation" not in found


def test_without_an_index_there_is_no_norm() -> None:
    assert {one.index for one in score().norms} == {"periodicity_index_intervals"}


def test_the_suggested_immobilisation_test_has_its_own() -> None:
    found = {
        one.id: one for one in score(Event(0, HOUR, "stage_W"), Event(0, 0, "sit_on"), Event(HOUR, 0, "sit_off")).norms
    }
    assert dict(found["immobilisation"].ours) == {"sit-2001": 6}
    assert found["immobilisation"].limit == 40


def test_json_and_command_line_show_them(run: Callable, tmp_path: Path) -> None:
    told = as_json.score(score(ASLEEP))["norms"]
    row = next(one for one in told if one["id"] == "healthy_percentile")
    assert (row["value"], row["unit"], row["grade"], row["sources"]) == (24.8, "per_hour", "B", ["frauscher_2014"])
    assert row["ours"]["aasm-v3"] == 6
    path = tmp_path / "marks.tsv"
    rows = "".join(f"{one.onset_s:g}\t1\tleg_movement\tleft\n" for one in SERIES)
    path.write_text(f"onset\tduration\tevent\tside\n0\t3600\tstage_N2\tn/a\n{rows}")
    out = run("score", path).out
    assert "Of 100 healthy sleepers 18 had more than 15" in out
    assert "no number makes or excludes a disease" in out
