"""What the store keeps, gives out again, forgets, and carries from one place to another."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import inspect, text

import legtwitch as lt
from legtwitch.errors import FileError
from legtwitch.model import Finding, Quantity, RecordingReport
from legtwitch.store import Step, Store, data_folder, export_case, import_case
from legtwitch.store.content import content, recordings_block
from legtwitch.store.database import NAME, open_database
from legtwitch.store.files import safe_name
from legtwitch.store.packed import pack, unpack
from legtwitch.store.tables import metadata

WEAK = Step("screen_weak", ("felt_weakness",), ("None of these",), {"felt_weakness": "absent"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(tmp_path / "data")
    yield kept
    kept.close()


def add_file(store: Store, visit: str, content: bytes, name: str = "night.edf") -> str:
    with store.files.upload() as upload:
        upload.write(content)
        sha256 = upload.finish()
    return store.add_recording(visit, name, sha256, len(content))


def test_an_answer_is_there_after_opening_again(store: Store) -> None:
    visit = store.add_case("leg", {"person": {"country": "GB"}})
    store.answer(visit, WEAK, "routine", today=date(2026, 11, 2))
    again = Store(store.folder).visit(visit)
    assert again is not None
    assert again.steps == (WEAK,)
    assert again.level == "routine"
    assert content(again) == {
        "date": "2026-11-02",
        "person": {"country": "GB"},
        "findings": {"felt_weakness": "absent"},
    }


def test_a_changed_answer_keeps_its_place(store: Store) -> None:
    visit = store.add_case("leg", {})
    store.answer(visit, WEAK, "")
    store.answer(visit, Step("kind_duration", ("symptom_duration",), ("unsure",), {"symptom_duration": "unknown"}), "")
    changed = Step("screen_weak", ("felt_weakness",), ("weak",), {"felt_weakness": "present"})
    store.answer(visit, changed, "")
    kept = store.visit(visit)
    assert kept is not None
    assert [one.question for one in kept.steps] == ["screen_weak", "kind_duration"]
    assert kept.steps[0] == changed
    assert kept.version == 3


def test_nothing_said_and_none_are_not_the_same(store: Store) -> None:
    visit = store.add_case("leg", {})
    store.set_block(visit, "medications", [], "")
    kept = store.visit(visit)
    assert kept is not None
    assert kept.medications == ()
    assert kept.exposures is None
    assert "exposures" not in content(kept)
    store.set_block(visit, "medications", None, "")
    again = store.visit(visit)
    assert again is not None
    assert again.medications is None


def test_the_migrations_make_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    found = inspect(engine)
    for table in metadata.sorted_tables:
        assert {one["name"] for one in found.get_columns(table.name)} == {one.name for one in table.columns}
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    with engine.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(FileError) as refused:
        open_database(tmp_path)
    assert refused.value.code == "E276"


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_only_the_owner_may_read_what_is_kept(store: Store) -> None:
    assert stat.S_IMODE((store.folder / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_the_data_folder_is_where_the_user_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEGTWITCH_DATA", str(tmp_path / "mine"))
    assert data_folder() == (tmp_path / "mine").resolve()
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("LEGTWITCH_DATA", str(tmp_path / "file"))
    with pytest.raises(FileError) as refused:
        data_folder()
    assert refused.value.code == "E270"


# ---- deleting --------------------------------------------------------------------------------------------------------


def bytes_kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_deleting_a_case_leaves_no_trace_of_it(store: Store) -> None:
    visit = store.add_case("TITLEMARK", {"person": {"ancestry": "BASEMARK"}})
    store.answer(visit, Step("q", ("a",), ("SAIDMARK",), {"felt_weakness": "absent"}), "")
    store.set_block(visit, "medications", [{"name": "DRUGMARK"}], "")
    recording = add_file(store, visit, b"FILEMARK" * 9000)
    store.set_recording(recording, result=b"RESULTMARK" * 500, said="NOTEMARK")
    marks = (b"TITLEMARK", b"BASEMARK", b"SAIDMARK", b"DRUGMARK", b"FILEMARK", b"RESULTMARK", b"NOTEMARK")
    before = bytes_kept(store.folder)
    assert all(mark in before for mark in marks)
    kept = store.visit(visit)
    assert kept is not None
    store.remove_case(kept.case)
    after = bytes_kept(store.folder)
    assert [mark for mark in marks if mark in after] == []


def test_a_file_stays_while_another_case_has_it(store: Store) -> None:
    first, second = store.add_case("one", {}), store.add_case("two", {})
    one, two = add_file(store, first, b"same"), add_file(store, second, b"same")
    kept = store.recording(two)
    assert kept is not None
    store.remove_recording(one)
    assert store.files.path(kept.sha256).read_bytes() == b"same"
    store.remove_recording(two)
    assert not store.files.path(kept.sha256).exists()


def test_no_recording_stands_without_its_file(store: Store) -> None:
    visit = store.add_case("leg", {})
    with pytest.raises(FileError) as refused:
        store.add_recording(visit, "night.edf", "0" * 64, 5)
    assert refused.value.code == "E277"
    assert store.recordings(visit) == ()


def test_tidying_takes_away_what_a_crash_left(store: Store) -> None:
    visit = store.add_case("leg", {})
    kept = store.recording(add_file(store, visit, b"kept"))
    assert kept is not None
    with store.files.upload() as upload:
        upload.write(b"never named")
        orphan = store.files.path(upload.finish())
    half = store.files.half / "left"
    half.write_bytes(b"half an upload")
    store.set_recording(kept.id, state="working")
    store.tidy()
    assert not orphan.exists()
    assert not half.exists()
    assert store.files.path(kept.sha256).exists()
    assert [one.id for one in store.in_state("waiting")] == [kept.id]


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("night.edf", "night.edf"),
        ("C:\\study\\night 1.edf", "night 1.edf"),
        ("../../etc/passwd", "passwd"),
        ("..", "recording"),
        ("", "recording"),
        ("<script>alert(1)</script>.edf", "script_.edf"),
        ("a\r\nSet-Cookie: x.edf", "a__Set-Cookie_ x.edf"),
        ("Messung 3 übrig.edf", "Messung 3 übrig.edf"),
    ],
)
def test_names_of_files_are_made_safe(written: str, kept: str) -> None:
    assert safe_name(written) == kept


def test_a_very_long_name_keeps_its_suffix() -> None:
    assert safe_name("x" * 900 + ".edf").endswith("x.edf")
    assert len(safe_name("x" * 900 + ".edf")) <= 120


def test_two_files_of_one_name_are_told_apart(store: Store) -> None:
    visit = store.add_case("leg", {})
    add_file(store, visit, b"1")
    add_file(store, visit, b"2")
    assert [one.name for one in store.recordings(visit)] == ["night.edf", "night (2).edf"]


def test_too_much_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    store = Store(tmp_path, most_bytes=10)
    with pytest.raises(FileError) as announced:
        store.files.upload(11)
    with pytest.raises(FileError) as written, store.files.upload() as upload:
        upload.write(b"x" * 11)
    with pytest.raises(FileError) as empty, store.files.upload() as upload:
        upload.finish()
    assert (announced.value.code, written.value.code, empty.value.code) == ("E271", "E271", "E272")
    assert list(store.files.half.iterdir()) == []
    store.close()


# ---- results ---------------------------------------------------------------------------------------------------------


def test_a_packed_score_comes_back_the_same(tmp_path: Path) -> None:
    lt.simulate_night(4, hours=0.5, path=tmp_path / "n.edf")
    score = lt.score(tmp_path / "n.edf")
    assert score.movements
    report = RecordingReport("n.edf", score, (), None)
    findings = (Finding("plms_index", Quantity(3.5, "per_hour"), "recording", date=date(2026, 1, 2)),)
    assert unpack(pack((report, findings))) == (report, findings)


@pytest.mark.parametrize("content", [b"", b"junk", pack(()) + b"x", pack((1,))[:-4]])
def test_other_bytes_are_no_result(content: bytes) -> None:
    if content == pack(()) + b"x":
        assert unpack(content[:-1]) == ()
        return
    with pytest.raises(ValueError):
        unpack(content)


def test_only_the_model_can_be_packed() -> None:
    with pytest.raises(TypeError):
        pack(object())


# ---- one file --------------------------------------------------------------------------------------------------------


ENTRY = {"file": "night.edf", "events": ["marks.tsv"], "side": "left", "channels": {"C1": "leg_left"}}


def filled(store: Store) -> str:
    visit = store.add_case("leg", {"person": {"country": "GB"}}, today=date(2026, 11, 1))
    store.answer(visit, WEAK, "", today=date(2026, 11, 1))
    store.set_block(visit, "medications", ["citalopram"], "", today=date(2026, 11, 1))
    night, marks = add_file(store, visit, b"signal"), add_file(store, visit, b"marks", "marks.tsv")
    store.set_recording(night, options={"side": "left", "events": [marks], "roles": {"C1": "leg_left"}})
    kept = store.visit(visit)
    assert kept is not None
    store.add_visit(kept.case, {"exposures": []}, today=date(2026, 11, 20))
    return kept.case


def test_a_case_comes_back_from_its_file(store: Store, tmp_path: Path) -> None:
    case = filled(store)
    export_case(store, case, tmp_path / "case.zip")
    other = Store(tmp_path / "other")
    with (tmp_path / "case.zip").open("rb") as file:
        ids = import_case(other, file)
    assert len(ids) == 2
    found = [other.visit(one) for one in ids]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].steps == (WEAK,)
    assert found[0].medications == ("citalopram",)
    assert (found[0].date, found[1].date) == (date(2026, 11, 1), date(2026, 11, 20))
    assert found[1].exposures == ()
    night, marks = other.recordings(ids[0])
    assert night.options == {"side": "left", "events": [marks.id], "roles": {"C1": "leg_left"}}
    assert other.files.path(night.sha256).read_bytes() == b"signal"
    other.close()


def test_every_folder_of_the_file_is_a_case_of_its_own(store: Store, tmp_path: Path) -> None:
    export_case(store, filled(store), tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "visit-1-2026-11-01"
    case = yaml.safe_load((folder / "case.yaml").read_text())
    assert case["recordings"] == [ENTRY]
    result = lt.assess(folder / "case.yaml")
    assert [one.written for one in result.medicines] == ["citalopram"]


def bundle(**members: bytes) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, own in members.items():
            archive.writestr(name.replace("__", "."), own)
    return content


VISIT = {"date": "2026-11-01", "base": {}, "steps": []}
LIST = {"format": 1, "legtwitch": "0", "title": "x", "visits": [VISIT]}
STEP = {"question": "q", "asks": [], "said": [], "sets": {"no_such_id": "present"}}
ODD = {"member": "a", "name": "a", "sha256": "0" * 64, "options": {"roles": [1]}}
RECORDING = {"member": "../../evil", "name": "../../evil", "sha256": "0" * 64}


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b"junk"),
        io.BytesIO(b""),
        bundle(a=b"x"),
        bundle(legtwitch__json=b"{"),
        bundle(legtwitch__json=json.dumps({**LIST, "format": 2}).encode()),
        bundle(legtwitch__json=json.dumps({**LIST, "more": 2}).encode()),
        bundle(legtwitch__json=json.dumps({**LIST, "visits": [{**VISIT, "steps": [STEP]}]}).encode()),
        bundle(legtwitch__json=json.dumps({**LIST, "visits": [{**VISIT, "recordings": [RECORDING]}]}).encode()),
        bundle(legtwitch__json=json.dumps({**LIST, "visits": [{**VISIT, "base": {"findings": {"a": 1}}}]}).encode()),
        bundle(legtwitch__json=json.dumps({**LIST, "visits": [{**VISIT, "recordings": [ODD]}]}).encode()),
    ],
)
def test_a_file_that_is_no_case_is_refused_and_nothing_is_kept(store: Store, file: io.BytesIO) -> None:
    with pytest.raises(FileError) as refused:
        import_case(store, file)
    assert refused.value.code == "E274"
    assert store.cases() == ()


def test_a_changed_recording_in_the_file_is_refused(store: Store, tmp_path: Path) -> None:
    export_case(store, filled(store), tmp_path / "case.zip")
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, own in members.items():
            archive.writestr(name, b"another" if name.endswith("night.edf") else own)
    with pytest.raises(FileError, match="was changed"):
        import_case(Store(tmp_path / "other"), content)


def test_a_zip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    listed = {**VISIT, "recordings": [{**RECORDING, "member": "big"}]}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("legtwitch.json", json.dumps({**LIST, "visits": [listed]}))
        archive.writestr("big", b"\0" * 5_000_000)
    small = Store(tmp_path, most_bytes=1_000_000)
    with pytest.raises(FileError) as refused:
        import_case(small, content)
    assert refused.value.code == "E271"
    assert list(small.files.half.iterdir()) == []
    small.close()


def test_marks_stand_under_the_recording_they_are_laid_over(store: Store) -> None:
    case = store.case(filled(store))
    assert case is not None
    block = recordings_block(store.recordings(case.visits[0]))
    assert block == [ENTRY]
    assert datetime.now() > case.made
