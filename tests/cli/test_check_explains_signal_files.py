"""`legtwitch check` explains WFDB records, tables of EMG and files of phones, and refuses archives plainly."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

KINDS = {"fasciculation", "tremor", "clonus", "myoclonus", "cramp"}


def test_a_record_of_a_needle(run: Callable, tmp_path: Path) -> None:
    (tmp_path / "n.dat").write_bytes(bytes(4000 * 2 * 70))
    (tmp_path / "n.hea").write_text(
        "n 1 4000 280000\nn.dat 16 10000/mv 16 0 0 0 0 EMG\n# needle in tibialis anterior\n"
    )
    ran = run("check", tmp_path / "n.hea", "--json")
    assert ran.code == 0
    assert ran.json["format"] == "WFDB"
    assert set(ran.json["can_score"]) == KINDS | {"aasm-v3", "wasm-2016"}
    assert not ran.json["can_score"]["aasm-v3"]["ok"]
    assert "5 min" in ran.json["can_score"]["fasciculation"]["reason"]
    assert ran.json["channels"][0]["unit"] == "uV"


def test_a_table_needs_its_rate_and_may_be_told_its_unit(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("TA,SOL\n" + "".join(f"{k % 7 / 1000},{k % 5 / 1000}\n" for k in range(4000)))
    refused = run("check", path, "--json")
    assert refused.code == 2
    assert refused.json["error"]["code"] == "E236"
    assert "--rate" in refused.json["error"]["do"]
    told = run("check", path, "--rate", "500", "--unit", "mV", "--json")
    assert told.code == 0
    assert {(c["unit"], c["rate_hz"]) for c in told.json["channels"]} == {("uV", 500.0)}
    assert "Counts only" in told.json["can_score"]["fasciculation"]["reason"]
    assert run("check", path, "--rate", "0").code == 2
    assert run("check", path, "--rate", "500", "--unit", "parsec").code == 2


def test_people_read_each_reason_once(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "marks.tsv"
    path.write_text("onset\tduration\tevent\tside\n1\t2\tleg_movement\tleft\n")
    ran = run("check", path)
    assert ran.code == 0
    assert ran.out.count("the file holds no signal") == 1
    assert "fasciculation, tremor, clonus, myoclonus, cramp: cannot be looked for" in ran.out


def test_archives_say_what_to_do(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "night.edf.gz"
    path.write_bytes(gzip.compress(b"0       "))
    ran = run("check", path)
    assert ran.code == 2
    assert "Unpack" in ran.err


REAL = (
    "emg_needle_tibialis/emg_healthy.dat",
    "emg_surface_gait/raw_emg_13_leg_muscles.csv",
    "phone_leg/mpower_tremor.json",
)


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_explained(run: Callable, shared: Path, name: str) -> None:
    ran = run("check", shared / name)
    assert ran.code == 0
    assert "can be looked for" in ran.out
