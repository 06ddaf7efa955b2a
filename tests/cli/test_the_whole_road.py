"""The main jobs as a user runs them: real files and case files in, scores and reports out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import legtwitch as lt
from legtwitch.simulate import as_recording

NIGHT = "noxturnal_events/noxturnal_events_example_unicode_2.csv"
NOX = "psg_nox/nox_a1_subject1.edf"

RLS = """\
date: 2026-11-22
person: {age: 47, sex: female, pregnant: absent, country: GB}
findings:
  urge_to_move_legs: present
  urge_worse_at_rest: present
  urge_relieved_by_movement: present
  urge_worse_in_evening: present
"""

REASSURING = re.compile(
    r"usually benign|nothing to worry|no need to worry|harmless|don't worry|do not worry|reassur|all clear",
    re.I,
)


@pytest.fixture
def night(shared: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "night.csv"
    shutil.copy(shared / NIGHT, copy)
    copy.chmod(0o644)
    return copy


def case_with_night(night: Path, extra: str = "") -> Path:
    case = night.parent / "case.yaml"
    case.write_text(RLS + extra + f"recordings:\n  - {{file: {night.name}}}\n", encoding="utf-8")
    return case


def test_a_noxturnal_export_gives_the_vendors_one_series_under_both_rule_sets(run: Callable, shared: Path) -> None:
    ran = run("score", shared / NIGHT, "--json")
    assert ran.code == 0
    assert len(ran.json["movements"]) == 29
    aasm, wasm = ran.json["rules"]["aasm-v3"], ran.json["rules"]["wasm-2016"]
    assert (aasm["series_count"], aasm["plms_count"]) == (1, 4)
    series = [one for one in ran.json["movements"] if one["rules"]["aasm-v3"]["plm"]]
    onsets = [one["onset"] for one in series]
    assert [round(b - a) for a, b in pairwise(onsets)] == [89, 15, 18]
    assert ran.json["hours"]["sleep"] == pytest.approx(5.66, abs=0.01)
    assert round(aasm["plms_index"], 1) == round(wasm["plms_index"], 1) == 0.7


@pytest.mark.parametrize("name", ["noxturnal_events_example_unicode.csv", "noxturnal_events_example_unicode_3.csv"])
def test_a_night_without_leg_movements_invents_none(run: Callable, shared: Path, name: str) -> None:
    ran = run("score", shared / "noxturnal_events" / name, "--json")
    assert ran.code == 0
    assert ran.json["movements"] == []
    for rule in ran.json["rules"].values():
        assert rule["leg_movement_count"] == rule["plms_count"] == rule["series_count"] == 0


def test_a_coarse_recording_is_explained_refused_and_still_assessed(
    run: Callable, shared: Path, tmp_path: Path
) -> None:
    checked = run("check", shared / NOX, "--json")
    assert checked.code == 0
    roles = {one["role"]: one["name"] for one in checked.json["channels"] if one["role"].startswith("leg")}
    assert set(roles) == {"leg_left", "leg_right"}
    assert not any("imp" in name.lower() for name in roles.values())
    for verdict in checked.json["can_score"].values():
        assert verdict["ok"] is False
        assert "31.3" in verdict["reason"]

    refused = run("score", shared / NOX, "--json")
    assert refused.code == 2
    assert "31.3" in refused.json["error"]["message"]

    shutil.copy(shared / NOX, tmp_path / "nox.edf")
    (tmp_path / "case.yaml").write_text(RLS + "recordings: [{file: nox.edf}]\n", encoding="utf-8")
    assessed = run("assess", tmp_path / "case.yaml", "-o", tmp_path / "report.html", "--json")
    assert assessed.code == 0
    assert "31.3" in assessed.json["recordings"][0]["could_not_score"]
    assert "31.3" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_restless_legs_history_with_few_movements(run: Callable, night: Path) -> None:
    result = run("assess", case_with_night(night), "--json").json
    criteria = {one["id"]: one for one in result["criteria"]}
    rls = criteria["irlssg_2014"]
    assert rls["result"] == "undetermined"
    assert "urge_explained_by_mimic" in rls["missing"]
    assert criteria["icsd3tr_plmd"]["result"] == "not_met"
    said = " ".join(one["text"] for one in result["statements"])
    assert re.search(r"neither .* nor", said), said
    assert [one["value"]["value"] for one in result["findings"] if one["id"] == "plms_index"] == [
        pytest.approx(0.7, abs=0.05)
    ]


def test_the_same_history_with_the_mimics_excluded_meets_the_criteria(run: Callable, night: Path) -> None:
    result = run(
        "assess", case_with_night(night, "  urge_explained_by_mimic: {value: absent, by: clinician}\n"), "--json"
    ).json
    results = {one["id"]: one["result"] for one in result["criteria"]}
    assert results["irlssg_2014"] == "met"
    assert results["icsd3tr_plmd"] == "not_met"
    plmd = next(one for one in result["criteria"] if one["id"] == "icsd3tr_plmd")
    failed = [item["label"] for item in plmd["items"] if item["result"] == "not_met"]
    assert len(failed) >= 2, "the index, and restless legs taking precedence"


def test_a_failed_heel_walk_raises_urgency_and_leaves_no_reassuring_sentence(run: Callable, night: Path) -> None:
    report = night.parent / "report.html"
    ran = run("assess", case_with_night(night, "  heel_walk_failed: present\n"), "-o", report, "--json")
    assert ran.json["urgency"]["level"] in ("two_weeks", "same_day", "emergency")
    assert ran.json["urgency"]["reassurance"] is False
    text = re.sub(r"<[^>]+>", " ", report.read_text(encoding="utf-8"))
    found = REASSURING.findall(text)
    assert not found, found


def test_assess_writes_the_same_content_as_html_json_and_text(run: Callable, night: Path) -> None:
    folder = night.parent
    outputs = [folder / f"r.{kind}" for kind in ("html", "json", "txt")]
    args = [word for path in outputs for word in ("-o", path)]
    ran = run("assess", case_with_night(night), *args)
    assert ran.code == 0
    for path in outputs:
        assert "0.7" in path.read_text(encoding="utf-8")


def test_an_output_may_not_overwrite_an_input(run: Callable, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"findings": {}}', encoding="utf-8")
    ran = run("assess", case, "-o", case)
    assert ran.code == 2
    assert case.read_text(encoding="utf-8") == '{"findings": {}}'


def test_a_demo_night_is_simulated_scored_and_written(run: Callable, tmp_path: Path) -> None:
    edf, table = tmp_path / "night.edf", tmp_path / "moves.tsv"
    made = run(
        "simulate", "night", edf, "--seed", 3, "--hours", 1, "--with", "ragged_bursts,ecg", "--with", "tone_rise"
    )
    assert made.code == 0, made.err
    ran = run("score", edf, "--json", "-o", table)
    assert ran.json["rules"]["wasm-2016"]["plms_count"] > 0
    assert all(one["rules"]["aasm-v3"]["reasons"] for one in ran.json["movements"])
    again = run("score", table, "--json")
    assert len(again.json["movements"]) == len(ran.json["movements"])


def test_a_night_in_memory_scores_like_its_file(tmp_path: Path) -> None:
    night = lt.simulate_night(3, hours=0.5, path=tmp_path / "night.edf")
    in_memory, in_file = lt.score(as_recording(night)), lt.score(tmp_path / "night.edf")
    assert len(in_file.movements) > 30
    assert abs(len(in_memory.movements) - len(in_file.movements)) <= 1
