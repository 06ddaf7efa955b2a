"""`legtwitch detect`: its contract, plain refusals, and what it says of real recordings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import legtwitch as lt
from legtwitch.model import Detected, Detection
from legtwitch.recording import EdfSignal, write_edf

Run = Callable[..., Any]
RATE = 2000.0


def _potentials(seed: int, seconds: float, times: np.ndarray, size_uv: float = 200.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = 3.0 * rng.standard_normal(round(seconds * RATE))
    for moment in times:
        index = np.arange(round((moment - 0.008) * RATE), round((moment + 0.008) * RATE))
        place = (index / RATE - moment) / 0.01
        values[index] += size_uv / 2 * np.sin(2 * np.pi * place) * np.exp(-((2 * place) ** 2)) * 1.8
    return values


@pytest.fixture(scope="module")
def calf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six minutes with sixty potentials."""
    path = tmp_path_factory.mktemp("detect") / "calf.edf"
    times = np.arange(3, 360, 6.0) + np.random.default_rng(4).uniform(0, 2.0, 60)
    write_edf(path, [EdfSignal("EMG", _potentials(1, 362, times), RATE, limit_uv=2000.0)], start=None)
    return path


def test_the_json_document_has_the_contracts_keys(run: Run, calf: Path) -> None:
    done = run("detect", calf, "--json", "--muscle", "gastrocnemius", "--side", "left")
    assert done.code == 0
    document = done.json
    assert {"recording", "modality", "modality_why", "events", "scores", "quality", "provenance"} <= set(document)
    event = next(one for one in document["events"] if one["event"] == "fasciculation")
    assert {"onset", "duration", "event", "side", "muscle", "channel", "confidence", "alternatives"} <= set(event)
    assert (event["side"], event["muscle"]) == ("left", "gastrocnemius")
    assert 0 < event["confidence"] <= 1
    score = next(one for one in document["scores"] if one["kind"] == "fasciculation")
    assert score["count"] == pytest.approx(60, abs=1)
    assert score["rate_low"] < score["rate_per_min"] < score["rate_high"]
    assert score["scorable_minutes"] == pytest.approx(6.03, abs=0.05)
    assert "hardly separates" in score["norm"]
    missing = [name for name, value in score.items() if value is None and name != "muscle"]
    assert set(missing) <= set(score["not_computed"])


def test_without_a_muscle_the_same_events_are_given_and_nothing_is_interpreted(run: Run, calf: Path) -> None:
    bare = run("detect", calf, "--json").json
    told = run("detect", calf, "--json", "--muscle", "tibialis_anterior", "--age", "20").json
    onsets = [[one["onset"] for one in document["events"]] for document in (bare, told)]
    assert onsets[0] == onsets[1]
    norms = [next(one for one in each["scores"] if one["kind"] == "fasciculation")["norm"] for each in (bare, told)]
    assert "muscle is not known" in norms[0]
    assert "lies above" in norms[1]
    assert "Q355" in {one["code"] for one in bare["quality"]}


def test_outputs_are_read_back(run: Run, calf: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"found{suffix}" for suffix in (".json", ".tsv", ".edf")]
    done = run("detect", calf, *(part for path in paths for part in ("-o", path)))
    assert done.code == 0
    count = sum(1 for one in json.loads(paths[0].read_text())["events"] if one["event"] == "fasciculation")
    for path in paths[1:]:
        events = [one for one in lt.read(path).events if one.event == "fasciculation"]
        assert len(events) == count > 50


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--kind", "twitching"], "E311"),
        (["--kind", "fasciculation,nonsense"], "E311"),
        (["--kind", "fibrillation", "--modality", "surface_emg"], "E311"),
        (["--modality", "ultrasonic"], "E312"),
        (["--modality", "accelerometer"], "E313"),
        (["--muscle", "gastrocnemus"], "E314"),
        (["--side", "up"], "E314"),
        (["--mode", "lax"], "E315"),
    ],
)
def test_what_is_not_known_is_refused_in_one_sentence(run: Run, calf: Path, options: list[str], code: str) -> None:
    done = run("detect", calf, "--json", *options)
    assert done.code == 2
    error = done.json["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["allowed"] or code == "E313"


def test_a_misspelt_muscle_is_offered_the_right_one(run: Run, calf: Path) -> None:
    done = run("detect", calf, "--muscle", "gastrocnemus")
    assert "gastrocnemius" in done.err


def test_only_the_kinds_asked_for_are_given(run: Run, calf: Path) -> None:
    document = run("detect", calf, "--json", "--kind", "fasciculation").json
    assert {one["event"] for one in document["events"]} == {"fasciculation"}
    assert {one["kind"] for one in document["scores"]} <= {"fasciculation", "short_potential"}


def test_the_table_says_what_was_found(run: Run, calf: Path) -> None:
    done = run("detect", calf)
    assert done.code == 0
    assert "fasciculation" in done.out
    assert "95 % interval" in done.out


def test_a_file_without_muscle_or_motion_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "eeg.edf"
    values = np.random.default_rng(1).standard_normal(2560)
    write_edf(path, [EdfSignal("EEG C3", values, 256.0, limit_uv=100.0)], start=None)
    done = run("detect", path, "--json")
    assert done.code == 2
    assert done.json["error"]["code"] == "E310"


def test_a_night_is_told_as_such_and_counts_only(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "night.edf"
    rng = np.random.default_rng(2)
    signals = [EdfSignal(name, 3 * rng.standard_normal(256 * 120), 256.0, limit_uv=500.0) for name in ("EEG C3", "LAT")]
    write_edf(path, signals, start=None)
    document = run("detect", path, "--json").json
    assert document["modality"] == "polysomnography"
    assert "eeg" in document["modality_why"]
    assert not [one for one in document["events"] if one["event"] == "fasciculation"]
    assert "Q338" in {one["code"] for one in document["quality"]}


# ---- real recordings -------------------------------------------------------------------------------------------------


def _of(found: Detection, event: str) -> list[Detected]:
    return [one for one in found.events if one.event == event]


def test_walking_gives_bursts_and_no_fasciculation(shared: Path) -> None:
    found = lt.detect(shared / "emg_surface_gait" / "raw_emg_13_leg_muscles.csv", unit="uV")
    assert found.modality == "surface_emg"
    assert len(_of(found, "voluntary_activity")) >= 5
    assert not _of(found, "fasciculation")
    scores = [one for one in found.scores if one.kind == "fasciculation"]
    assert all(one.values["rate_per_min"] is None for one in scores)


def test_the_regular_unit_of_a_neuropathy_is_effort_and_its_clipping_is_flagged(shared: Path) -> None:
    found = lt.detect(shared / "emg_needle_tibialis" / "emg_neuropathy.hea")
    assert found.modality == "needle_emg"
    assert "needle" in found.modality_why
    assert not _of(found, "fasciculation")
    assert _of(found, "voluntary_activity")
    assert any(8 <= float(one.measures["freq_hz"] or 0) <= 13 for one in _of(found, "motor_unit_discharge"))
    assert {"Q226", "Q330"} & {one.code for one in found.quality}  # samples at the limit of the converter


@pytest.mark.parametrize("name", ["emg_healthy", "emg_myopathy"])
def test_effort_of_a_healthy_and_a_myopathic_muscle_is_effort(shared: Path, name: str) -> None:
    found = lt.detect(shared / "emg_needle_tibialis" / f"{name}.hea")
    assert found.modality == "needle_emg"
    assert _of(found, "voluntary_activity")
    for kind in ("fasciculation", "fibrillation", "positive_sharp_wave", "complex_repetitive_discharge"):
        assert not _of(found, kind), kind
    assert "Q360" in {one.code for one in found.quality}
