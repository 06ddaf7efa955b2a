"""Results as EDF+ annotations, BIDS events, our table and JSON: read back the same, and scored again the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch import api
from legtwitch.errors import FileError
from legtwitch.model import Event, Recording, Score
from legtwitch.recording import read, sidecar, write_bids_events, write_events
from legtwitch.recording.write_bids import Words
from legtwitch.scoring import score_leg_movements

START = datetime(2026, 11, 1, 22, 30, 0, 250000)
NAMES = ("stage_W", "stage_N2", "arousal", "apnea", "rera", "artifact", "recording_gap", "leg_movement", "lights_off")
MICROSECOND = 1e-6
moments = st.integers(-(10**9), 10**11).map(lambda n: n / 1_000_003)
marks = st.builds(
    Event,
    moments,
    st.integers(0, 10**9).map(lambda n: n / 1_000_003),
    st.sampled_from(NAMES),
    st.sampled_from(("left", "right", "both", "n/a")),
).map(lambda one: one if one.event in ("leg_movement", "artifact") else Event(one.onset_s, one.duration_s, one.event))
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def same(found: tuple[Event, ...], made: list[Event], tolerance: float = 0.0) -> None:
    """The same events, each once, its times within a tolerance (s)."""
    left = list(found)
    for one in made:
        match = next(
            other
            for other in left
            if (other.event, other.side) == (one.event, one.side)
            and abs(other.onset_s - one.onset_s) <= tolerance
            and abs(other.duration_s - one.duration_s) <= tolerance
        )
        left.remove(match)
    assert left == []


@quick
@given(st.lists(marks, max_size=12))
def test_bids_events_are_read_back_exactly(tmp_path: Path, made: list[Event]) -> None:
    path = tmp_path / "night_events.tsv"
    write_bids_events(path, made, Words({}))
    both = [Event(e.onset_s, e.duration_s, e.event, "both") if e.event == "artifact" else e for e in made]
    expected = [one if one.side != "n/a" else other for one, other in zip(made, both, strict=True)]
    again = read(path)
    assert again.format == "BIDS"
    same(again.events, expected)
    described = json.loads(sidecar(path).read_text())
    assert set(described["trial_type"]["Levels"]) == {one.event for one in made}


@pytest.fixture
def scored() -> Score:
    """A night with every kind of mark that scoring uses, at times of many decimals."""
    left = [Event(700.1234567 + 23.7654321 * n, 1.0000005, "leg_movement", "left", "LAT") for n in range(30)]
    right = [Event(2900.7 + 31.1 / 3 * n, 2 / 3, "leg_movement", "right", "RAT") for n in range(12)]
    more = [Event(60, 0, "leg_movement", "left"), Event(4000.1, 12.5, "leg_movement", "both")]
    epochs = [Event(30.0 * n, 30, f"stage_{'W' if n < 20 else ('N2', 'N2', 'N3', 'R')[n % 4]}") for n in range(160)]
    context = [
        Event(30, 0, "lights_off"),
        Event(4700, 0, "lights_on"),
        Event(900.4, 17, "apnea", attributes={"label": "A. Centrale"}),
        Event(1000, 12, "hypopnea"),
        Event(770.9, 3.3, "arousal"),
        Event(1100, 60, "artifact", "left"),
        Event(3000, 5, "artifact"),
        Event(1500, 30.5, "recording_gap"),
        Event(4100, 0, "sit_on"),
        Event(4600, 0, "sit_off"),
    ]
    recording = Recording("made", "TSV", START, 4800.0, (), (), (*epochs, *context), ())
    return score_leg_movements(recording, [*left, *right, *more], rules=("aasm-v3", "wasm-2016", "wasm-2006"))


def again(path: Path) -> Score:
    return api.score(path, rules=("aasm-v3", "wasm-2016", "wasm-2006"))


@pytest.mark.parametrize("name", ["out.edf", "out_events.tsv"])
def test_what_is_written_gives_the_same_score_again(tmp_path: Path, scored: Score, name: str) -> None:
    assert scored.rules["wasm-2016"].values["plms_count"]
    path = tmp_path / name
    api.write_movements(path, scored)
    second = again(path)
    assert second.hours.sleep == pytest.approx(scored.hours.sleep)
    for rule, one in scored.rules.items():
        assert second.rules[rule].values == pytest.approx(one.values), rule
    assert second.immobilisation == scored.immobilisation
    assert [(one.id, one.side, one.stage) for one in second.movements] == [
        (one.id, one.side, one.stage) for one in scored.movements
    ]
    for one, other in zip(scored.movements, second.movements, strict=True):
        assert other.onset_s == pytest.approx(one.onset_s, abs=MICROSECOND, rel=0)
        assert other.duration_s == pytest.approx(one.duration_s, abs=MICROSECOND, rel=0)
        assert {rule: verdict.series for rule, verdict in other.verdicts.items()} == {
            rule: verdict.series for rule, verdict in one.verdicts.items()
        }


def test_edf_holds_start_and_duration_and_an_independent_reader_agrees(tmp_path: Path, scored: Score) -> None:
    import edfio

    path = tmp_path / "out.edf"
    api.write_movements(path, scored)
    ours = read(path)
    assert (ours.format, ours.start, ours.duration_s, ours.channels) == ("EDF+C", START, 4800.0, ())
    other = edfio.read_edf(path)
    assert (other.startdate, other.starttime) == (START.date(), START.time())
    assert sorted(round(one.onset, 6) for one in other.annotations) == sorted(
        round(one.onset_s, 6) for one in ours.events
    )
    texts = {one.text for one in other.annotations}
    assert {"Sleep stage N2", "Lights off", "A. Centrale"} <= texts
    assert any(text.startswith("leg_movement - left :: aasm-v3 series 1") for text in texts)


def test_our_table_holds_the_movements_alone(tmp_path: Path, scored: Score) -> None:
    path = tmp_path / "out.tsv"
    api.write_movements(path, scored)
    events = read(path).events
    same(events, [Event(m.onset_s, m.duration_s, "leg_movement", m.side) for m in scored.movements])
    assert events[5].attributes["aasm-v3:plm"] == str(scored.movements[5].verdicts["aasm-v3"].plm).lower()


def test_the_description_of_bids_columns(tmp_path: Path, scored: Score) -> None:
    path = tmp_path / "sub-01_task-sleep_events.tsv"
    api.write_movements(path, scored)
    described = json.loads(sidecar(path).read_text())
    columns = path.read_text().splitlines()[0].split("\t")
    assert set(columns) <= set(described)
    assert columns[:3] == ["onset", "duration", "trial_type"]
    assert all(column.replace("_", "").isalnum() for column in columns)
    assert described["onset"]["Units"] == "s"
    assert "periodic" in described["wasm_2016_plm"]["Description"]
    assert described["legtwitch"]["recording"] == {"file": "made", "start": "2026-11-01T22:30:00", "duration_s": 4800.0}


def test_nothing_half_written_stays(tmp_path: Path, scored: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    for name in ("out.edf", "out_events.tsv", "out.tsv"):
        with pytest.raises(FileError) as refused:
            api.write_movements(tmp_path / name, scored)
        assert refused.value.code == "E227"
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_writes_all_forms(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "marks.tsv"
    events = [Event(30.0 * n, 30, "stage_N2") for n in range(20)]
    events += [Event(100 + 20.5 * n, 1.25, "leg_movement", "left") for n in range(5)]
    write_events(path, events)
    names = ["a.edf", "b_events.tsv", "c.tsv", "d.json", "e.html"]
    ran = run("score", path, *(word for name in names for word in ("-o", tmp_path / name)))
    assert (ran.code, ran.out.split()) == (0, [str(tmp_path / name) for name in names])
    for name in names[:3]:
        found = [one for one in read(tmp_path / name).events if one.event == "leg_movement"]
        same(tuple(found), events[20:], MICROSECOND)
    first, second = run("score", path, "--json").json, run("score", tmp_path / "a.edf", "--json").json
    assert second["rules"] == first["rules"]
    assert json.loads((tmp_path / "d.json").read_text())["movements"] == first["movements"]


@pytest.mark.parametrize("taken", ["marks_events.json", "b_events.json"])
def test_a_description_never_takes_the_name_of_another_file(run: Callable, tmp_path: Path, taken: str) -> None:
    path = tmp_path / "marks_events.json"
    write_events(path, [Event(100, 1, "leg_movement", "left")])
    before = path.read_bytes()
    outputs = ["marks_events.tsv"] if taken == path.name else ["b_events.tsv", "b_events.json"]
    ran = run("score", path, *(word for name in outputs for word in ("-o", tmp_path / name)))
    assert (ran.code, path.read_bytes()) == (2, before)
    assert "E107" in ran.err
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
