"""The harness for public nights, on made folders laid out as the real ones unpack."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from legtwitch.model import Event
from legtwitch.recording import EdfSignal, write_annotations, write_edf
from legtwitch.simulate import SimulatedNight, night

_PATH = Path(__file__).parents[2] / "benchmarks" / "public_nights.py"
_spec = importlib.util.spec_from_file_location("benchmark_public_nights", _PATH)
assert _spec is not None
assert _spec.loader is not None
public: Any = importlib.util.module_from_spec(_spec)
sys.modules["benchmark_public_nights"] = public
_spec.loader.exec_module(public)


@pytest.fixture(scope="module")
def made() -> SimulatedNight:
    return night(81, hours=1.0, rate_hz=256)


def signal_file(path: Path, made: SimulatedNight, names: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    signals = [EdfSignal(names[name], trace, float(made.rate_hz)) for name, trace in made.signals.items()]
    write_edf(path, signals, start=made.start)


def scored(made: SimulatedNight, seed: int, missed: float) -> list[Event]:
    """What a person marks: a share missed, the others with hands that are not quite still."""
    rng = np.random.default_rng(seed)
    kept = [one for one in made.truth if rng.random() >= missed]
    return [Event(one.onset_s + rng.uniform(-0.1, 0.1), one.duration_s, "leg_movement", one.side) for one in kept]


def psg_ipa(folder: Path, made: SimulatedNight) -> None:
    """Three scorers: two as tables, one as EDF+ alone."""
    base = folder / "psg-ipa" / "psg-ipa-1.0.0" / "Limb_movements"
    signal_file(base / "PSG" / "SN1_LimbMovements.edf", made, {"LAT": "EMG LAT", "RAT": "EMG RAT"})
    marks = base / "Annotations" / "manual"
    marks.mkdir(parents=True)
    channel = {"left": "EMG LAT", "right": "EMG RAT"}
    for number, missed in ((1, 0.0), (2, 0.3), (3, 0.0)):
        events = scored(made, number, missed)
        name = marks / f"SN1_LimbMovements_manual_scorer{number}"
        if number < 3:
            lines = ["Epoch, Time, Onset, Duration, Annotation, Linked channel"]
            lines += [
                f"1, 22:30:00, {one.onset_s:.3f}, {one.duration_s:.3f}, Limb movement, {channel[one.side]}"
                for one in events
            ]
            name.with_suffix(".txt").write_text("\n".join([*lines, "1, 22:30:00, 0, 30, Sleep stage N2,"]))
        else:
            labelled = [
                Event(
                    one.onset_s,
                    one.duration_s,
                    "user_mark",
                    attributes={"label": f"Limb movement@@{channel[one.side]}"},
                )
                for one in events
            ]
            stages = [one for one in made.events if one.event.startswith("stage_")]
            write_annotations(
                name.with_suffix(".edf"), [*stages, *labelled], start=made.start, duration_s=made.duration_s
            )


def test_each_scorer_is_compared_leg_by_leg_and_people_with_each_other(tmp_path: Path, made: SimulatedNight) -> None:
    psg_ipa(tmp_path, made)
    out = tmp_path / "out.json"
    assert public.main([str(tmp_path), "--json", str(out)]) == 0
    document = json.loads(out.read_text())
    assert [row["leg"] for row in document["rows"]] == ["left", "right"]
    for row in document["rows"]:
        assert set(row["ours"]) == {"scorer1", "scorer2", "scorer3"}
        assert row["ours"]["scorer1"] > 0.95
        assert row["ours"]["scorer3"] > 0.95
        assert 0.6 < row["ours"]["scorer2"] < 0.93
        assert row["people"]["scorer1 scorer3"] > 0.95
        assert row["people"]["scorer1 scorer2"] < 0.93
        assert row["plms_index"]["aasm-v3"] > 5
        assert row["number"]["scorer2"] < row["number"]["scorer1"]


def test_what_is_printed_names_the_published_figures_and_what_is_missing(
    tmp_path: Path, made: SimulatedNight, capsys: pytest.CaptureFixture[str]
) -> None:
    psg_ipa(tmp_path, made)
    public.main([str(tmp_path)])
    said = capsys.readouterr().out
    assert "0.75 to 0.91" in said
    assert "psgscoring" in said
    left, right = (line for line in said.splitlines() if line.startswith("PSG-IPA SN1"))
    assert "0.745" in left
    assert "0.745" not in right
    assert "not downloaded: cap" in said
    assert "not downloaded: dreams-plm" in said


def test_a_scorer_whose_sides_are_swapped_is_seen(tmp_path: Path, made: SimulatedNight) -> None:
    psg_ipa(tmp_path, made)
    table = next(tmp_path.rglob("*scorer1.txt"))
    text = table.read_text().replace("EMG LAT", "EMG X").replace("EMG RAT", "EMG LAT").replace("EMG X", "EMG RAT")
    table.write_text(text)
    (one,) = public.psg_ipa(tmp_path / "psg-ipa")
    for row in public.rows_of(one):
        assert row.ours["scorer1"] < 0.8


def test_dreams_nights_are_compared_without_a_side(tmp_path: Path, made: SimulatedNight) -> None:
    folder = tmp_path / "dreams-plm" / "DatabasePLMs"
    signal_file(folder / "excerpt1.edf", made, {"LAT": "EMG LAT", "RAT": "EMG RAT"})
    lines = ["[vis_PLM/onset duration]"]
    lines += [f"{start:.2f} {end - start:.2f}" for start, end in public._merged(scored(made, 4, 0.0))]
    (folder / "Visual_scoring1_excerpt1.txt").write_text("\n".join(lines))
    (one,) = public.dreams(tmp_path / "dreams-plm")
    (row,) = public.rows_of(one)
    assert row.leg == "either"
    assert row.ours["scoring1"] > 0.95
    assert row.people == {}


def test_cap_nights_without_marked_movements_give_an_index_and_no_comparison(
    tmp_path: Path, made: SimulatedNight
) -> None:
    signal_file(tmp_path / "cap" / "plm1.edf", made, {"LAT": "EMG LAT", "RAT": "EMG RAT"})
    lines = ["Sleep Stage\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation"]
    lines += [f"S2\t22:{30 + minute // 2:02d}:{30 * (minute % 2):02d}\tSLEEP-S2\t30\tROC-LOC" for minute in range(50)]
    (tmp_path / "cap" / "plm1.txt").write_text("\n".join(lines))
    (one,) = public.cap(tmp_path / "cap")
    (row,) = public.rows_of(one)
    assert row.ours == {}
    assert "nothing to compare with" in row.note
    assert row.plms_index["aasm-v3"] is not None


def test_nothing_downloaded_is_said_and_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert public.main([str(tmp_path)]) == 2
    assert "Nothing was downloaded" in capsys.readouterr().out


def test_a_night_that_cannot_be_read_has_a_note(tmp_path: Path) -> None:
    folder = tmp_path / "cap"
    folder.mkdir()
    (folder / "plm1.edf").write_bytes(b"no signal")
    (one,) = public.cap(folder)
    (row,) = public.rows_of(one)
    assert row.note
    assert row.ours == {}
