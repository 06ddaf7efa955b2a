"""The report of a recording made awake: everything that was found, in pictures and in words, and no more than that."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import legtwitch as lt
from legtwitch.model import Channel, Curve, Detected, Detection, KindScore, Problem
from legtwitch.report.detection_charts import MOST_LANES, pictures


def event(onset: float, unit: str | None, kind: str = "fasciculation", channel: str = "<Calf>") -> Detected:
    return Detected(onset, 0.012, kind, "left", "gastrocnemius", channel, 0.9, {}, {"unit_id": unit})


CALF = Detection(
    "calf & foot.csv",
    None,
    120.0,
    "surface_emg",
    "as stated",
    (Channel("<Calf>", "emg_other", 0.9, "its label", "uV", "uV", 2000.0, 0.1, 240_000),),
    ("fasciculation", "tremor"),
    (*(event(float(second), "u1") for second in range(10)), event(20.5, "u2"), event(31.0, None)),
    (
        KindScore("fasciculation", "gastrocnemius", "left", ("<Calf>",), 2.0, {"count": 12, "rate_per_min": None},
                  {"rate_per_min": "Q431"}, "Calf rates separate hardly."),
        KindScore("tremor", "gastrocnemius", "left", ("<Calf>",), 2.0, {"tremor_count": 0}),
    ),
    (Problem("Q357", "Taken as surface EMG."),),
    "sha256:" + "0" * 64,
    (
        Curve("unit_shape", "u1", "<Calf>", (0.0, 5.0, 10.0), (0.0, 50.0, -30.0)),
        Curve("rate", "gastrocnemius", None, (0.5, 1.5), (8.0, 4.0)),
        Curve("spectrum", "gastrocnemius", None, (1.0, 2.0, 3.0), (0.1, 0.5, 0.2)),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return lt.render(CALF, "html")


def test_the_page_is_self_contained_and_escapes_names(page: str) -> None:
    assert "<Calf>" not in page
    assert "&lt;Calf&gt;" in page
    assert "calf &amp; foot.csv" in page
    assert not re.search(r"(src|href)=.http", page)
    assert "<script" not in page


def test_every_picture_has_its_text_twin(page: str) -> None:
    titles = [one.title for one in pictures(CALF, str)]
    assert titles == ["When it happened", "Shapes of the motor units", "Rate over time: gastrocnemius",
                      "Spectrum: gastrocnemius"]  # fmt: skip
    assert page.count("<svg") == page.count("The same as a table") == 4
    raster = pictures(CALF, str)[0]
    assert raster.rows[0] == ("<Calf>: unit u1", "10", "0.0 and 9.0 s")
    assert "12 events in 120 s, in 3 rows" in raster.twin
    spectrum = pictures(CALF, str)[3]
    assert spectrum.twin.startswith("Highest at 2 Hz")


def test_what_could_not_be_computed_and_what_was_not_seen_are_said(page: str) -> None:
    assert "not computed" in page
    assert "Q431" in page
    assert "Looked for and not seen (which excludes nothing): stretch of tremor" in page
    assert "Calf rates separate hardly." in page


def test_a_recording_without_events_has_no_empty_picture() -> None:
    silent = replace(CALF, events=(), curves=(), scores=())
    assert pictures(silent, str) == []
    assert "Nothing of what was looked for could be counted." in lt.render(silent, "html")


def test_rows_beyond_those_drawn_stand_in_the_table() -> None:
    many = replace(CALF, events=tuple(event(1.0, f"u{number:03}") for number in range(MOST_LANES + 5)))
    raster = pictures(many, str)[0]
    assert raster.svg.count('class="periodic"') == MOST_LANES
    assert len(raster.rows) == MOST_LANES + 5
    assert "The 5 rows with the fewest events are in the table alone." in raster.twin


def test_a_case_with_recordings_made_awake_reports_them(tmp_path: Path) -> None:
    lt.simulate_emg(5, minutes=2, path=tmp_path / "calf.edf")
    (tmp_path / "case.yaml").write_text(
        "date: 2026-11-26\nperson: {age: 30}\nfindings: {fasciculation_felt: present}\n"
        "recordings: [{file: calf.edf, modality: surface_emg, muscle: gastrocnemius, side: left}, {file: no.csv}]\n"
    )
    result = lt.assess(tmp_path / "case.yaml")
    found, missing = result.recordings
    assert found.detection is not None
    assert found.could_not_score is None
    assert missing.detection is None
    assert missing.could_not_score
    measured = [one for one in result.findings if one.by == "recording"]
    assert measured
    assert all("calf.edf" in one.origin for one in measured)
    assert "When it happened" in lt.render(result, "html")
    document = json.loads(lt.render(result, "json"))
    assert len(document["recordings"][0]["detection"]["events"]) == len(found.detection.events)
