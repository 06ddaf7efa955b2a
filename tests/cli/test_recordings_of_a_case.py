"""Which recordings of a case are nights and which were made awake, and what their age and marks mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import legtwitch as lt
from legtwitch.api import cases
from legtwitch.findings import parse_case


def assessed(folder: Path, recordings: str, person: str = "{}") -> Any:
    path = folder / "case.yaml"
    path.write_text(f"person: {person}\nrecordings: {recordings}\n", encoding="utf-8")
    return lt.assess(path)


def test_a_short_emg_of_the_shin_is_no_night(tmp_path: Path) -> None:
    lt.simulate_emg(2, recipe="als_like", minutes=6, path=tmp_path / "shin.edf")  # its channel: EMG L TA
    found = assessed(tmp_path, "[{file: shin.edf}]")
    assert found.recordings[0].score is None
    assert found.recordings[0].detection.modality == "surface_emg"
    assert "sleep_study_done" not in {one.id for one in found.findings}
    stated = assessed(tmp_path, "[{file: shin.edf, modality: polysomnography}]")
    assert stated.recordings[0].score is not None


def test_a_night_without_a_stated_kind_is_scored(tmp_path: Path) -> None:
    lt.simulate_night(1, hours=0.25, path=tmp_path / "night.edf")
    assert assessed(tmp_path, "[{file: night.edf}]").recordings[0].score is not None


def test_a_signal_laid_over_as_marks_says_nothing_of_its_channels(tmp_path: Path) -> None:
    lt.simulate_night(1, hours=0.25, path=tmp_path / "night.edf")
    lt.simulate_emg(1, minutes=1, path=tmp_path / "calf.edf")  # it has no leg channel of its own
    recording = lt.read(tmp_path / "night.edf", events=[tmp_path / "calf.edf"])
    assert not [one for one in recording.problems if one.code == "Q207"]


@pytest.mark.parametrize(
    ("age", "years"), [("40", 40), ("{value: 480, unit: month}", 40), ("{value: 0, unit: day}", 0)]
)
def test_the_age_for_norms_is_in_years(age: str, years: float) -> None:
    import yaml

    parsed = parse_case({"person": {"age": yaml.safe_load(age)}}, lt.load_knowledge())
    assert cases._age(parsed.case) == pytest.approx(years, rel=0.01)


def test_a_fault_of_ours_in_a_recording_never_stops_the_urgency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Any
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("made to fail")

    lt.simulate_emg(1, minutes=1, path=tmp_path / "calf.csv")
    case = tmp_path / "case.yaml"
    case.write_text("findings: {face_droop: present}\nrecordings: [{file: calf.csv, modality: surface_emg}]\n")
    monkeypatch.setattr(cases, "detect", fails)
    ran = run("assess", case, "--json")
    assert ran.code == 0
    assert ran.json["urgency"]["level"] == "emergency"
    assert ran.json["recordings"][0]["could_not_score"].startswith("E900")


def test_motion_of_a_second_and_a_slow_needle_are_refused_plainly(tmp_path: Path, run: Any) -> None:
    rows = "\n".join(f"{i / 100:.2f},{i % 7 / 10},0.2,9.81" for i in range(150))
    (tmp_path / "phone.csv").write_text(f"t,x,y,z\n{rows}\n")
    ran = run("detect", tmp_path / "phone.csv", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "E310")
    lt.simulate_night(1, hours=0.25, path=tmp_path / "night.edf")
    ran = run("detect", tmp_path / "night.edf", "--modality", "needle_emg", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "E310")
    assert "1000 Hz" in ran.json["error"]["allowed"]


def test_what_reading_the_files_showed_stands_in_the_quality_of_a_score(tmp_path: Path, run: Any) -> None:
    lt.simulate_night(1, hours=0.25, path=tmp_path / "night.edf")
    whole = (tmp_path / "night.edf").read_bytes()
    (tmp_path / "night.edf").write_bytes(whole + b"junk")
    stages = "".join(f"{30 * n}\t30\tstage_N2\tn/a\n" for n in range(30))
    (tmp_path / "lab.tsv").write_text(f"onset\tduration\tevent\tside\n{stages}")
    ran = run("score", tmp_path / "night.edf", "--events", tmp_path / "lab.tsv", "--json")
    codes = [one["code"] for one in ran.json["quality"]]
    assert {"Q105", "Q142"} <= set(codes)  # bytes that were not read; marks taken to begin with the signal
    assert "Q136" not in codes  # the signal was searched: a count of 0 would be one
    assert len(ran.json["quality"]) == len({str(one) for one in ran.json["quality"]})
    ran = run("score", tmp_path / "lab.tsv", "--json")
    assert "Q136" in [one["code"] for one in ran.json["quality"]]
