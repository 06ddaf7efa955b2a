"""Recordings are added, understood, corrected and looked through; a bad one is told plainly and harms nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import legtwitch as lt
from legtwitch import api
from legtwitch.store.packed import unpack

HEADER = 256


def desk(person: Any) -> Any:
    return person.client.app.state.desk


@pytest.fixture
def here(person: Any) -> Any:
    return person.start()


def test_a_night_from_upload_to_result(here: Any, night: bytes, tmp_path: Path) -> None:
    visit = here.visit
    here.upload("my night.edf", night)
    assert here.page.status_code == 200
    assert "EDF+C" in here.text
    assert "left leg" in here.text
    here.send(here.path)
    assert here.wait() == "done"
    assert "leg movements" in here.text
    (tmp_path / "my night.edf").write_bytes(night)
    alone = lt.score(tmp_path / "my night.edf")
    report, findings = unpack(desk(here).store.result(here.path.split("/")[-1]))
    assert report.score == alone
    assert {one.by for one in findings} == {"recording"}
    here.open(f"/visit/{visit}/result")
    assert "The night." in here.text
    assert "<svg" in here.page.text
    index = alone.rules["aasm-v3"].values["plms_index"]
    assert index is not None
    json = here.client.get(f"/visit/{visit}/report.json").json()
    told = next(one for one in json["findings"] if one["id"] == "plms_index")
    assert told["value"]["value"] == index


def test_a_recording_made_awake_goes_the_same_way(here: Any, tmp_path: Path) -> None:
    visit = here.visit
    path = tmp_path / "shin.csv"
    api.simulate_accelerometer(3, recipe="rest", minutes=1.0, path=path)
    here.upload("shin.csv", path.read_bytes())
    here.send(here.path, modality="accelerometer", side="left")
    assert here.wait() == "done", here.text
    report, _ = unpack(desk(here).store.result(here.path.split("/")[-1]))
    assert report.detection is not None
    assert report.detection.modality == "accelerometer"
    assert "shin.csv" in here.open(f"/visit/{visit}/result").text


def test_a_channel_that_was_misread_is_corrected(here: Any, night: bytes) -> None:
    renamed = bytearray(night)
    for old in (b"LAT", b"RAT"):
        at = renamed.index(old, HEADER)
        renamed[at : at + 3] = b"Xy" + old[:1]
    here.upload("night.edf", bytes(renamed))
    assert "No leg channel was found" in here.text
    here.send(here.path, **{"role-0": "leg_left", "role-1": "leg_right"})
    assert here.wait() == "done"
    report, _ = unpack(desk(here).store.result(here.path.split("/")[-1]))
    assert [one.role for one in report.score.channels] == ["leg_left", "leg_right"]
    assert {one.side for one in report.score.movements} == {"left", "right"}


def test_marks_are_laid_over_a_night(here: Any, night: bytes) -> None:
    marks = b"onset\tduration\tevent\tside\n30.0\t60.0\tapnea\tn/a\n"
    here.upload("marks.tsv", marks)
    marks_id = here.path.split("/")[-1]
    here.upload("night.edf", night)
    assert "marks.tsv" in here.text
    here.send(here.path, events=[marks_id])
    assert here.wait() == "done"
    report, _ = unpack(desk(here).store.result(here.path.split("/")[-1]))
    assert "apnea" in {one.event for one in report.score.context}


def test_a_recording_that_cant_be_scored_stops_nothing(here: Any) -> None:
    visit = here.visit
    here.upload("stages.tsv", b"onset\tduration\tevent\tside\n0\t30\tarousal\tn/a\n")
    here.send(here.path)
    assert here.wait() == "failed"
    assert "could not be scored" in here.text
    assert here.open(f"/visit/{visit}/result").page.status_code == 200


def test_work_can_be_stopped(here: Any, tmp_path: Path) -> None:
    lt.simulate_night(5, hours=3.0, path=tmp_path / "long.edf")
    desk(here)
    here.upload("long.edf", (tmp_path / "long.edf").read_bytes()[:19_000_000])
    here.send(here.path)
    assert "Stop this" in here.text
    here.send(f"{here.path}/cancel")
    assert here.wait() == "cancelled"
    assert "You stopped this" in here.text
    here.send(here.path)
    assert here.wait() in ("done", "failed")


def damaged(night: bytes) -> dict[str, tuple[str, bytes]]:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("night.edf", b"\0" * 9_000_000)
    records = bytearray(night)
    records[236:244] = b"99999999"
    signals = bytearray(night)
    signals[252:256] = b"9999"
    header = bytearray(night)
    header[184:192] = b"-1      "
    return {
        "cut in the header": ("a.edf", night[:300]),
        "cut in the data": ("a.edf", night[: len(night) // 2 + 13]),
        "more records than there are": ("a.edf", bytes(records)),
        "more signals than there are": ("a.edf", bytes(signals)),
        "a header of less than nothing": ("a.edf", bytes(header)),
        "one byte": ("a.edf", b"0"),
        "zeros": ("a.edf", b"\0" * 100_000),
        "noise": ("a.bdf", bytes(range(256)) * 4000),
        "a zip that swells": ("a.zip", bomb.getvalue()),
        "a page": ("a.html", b"<script>alert(1)</script>" * 100),
        "deep JSON": ("a.json", b"[" * 200_000),
        "entities that swell": (
            "a.xml",
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
            + b"]><CMPStudyConfig>&j;</CMPStudyConfig>",
        ),
        "a name that leads out": ("../../../etc/cron.d/x.edf", night[:300]),
        "a name of markup": ('"><img src=x onerror=alert(1)>.edf', night[:300]),
        "a very long line": ("a.tsv", b"onset\tduration\tevent\n" + b"1" * 3_000_000),
    }


KINDS = sorted(damaged(b"0" * 1000))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_and_hostile_files_are_told_and_the_server_lives_on(here: Any, night: bytes, kind: str) -> None:
    name, content = damaged(night)[kind]
    visit = here.visit
    here.upload(name, content)
    assert here.page.status_code in (200, 422), here.text[:300]
    assert "<img src" not in here.page.text
    if here.page.status_code == 200:
        kept = desk(here).store.recordings(visit)[0]
        assert "/" not in kept.name
        if kept.state == "failed":
            assert kept.said
            assert "Traceback" not in here.text
        else:
            here.send(here.path)
            assert here.wait() in ("done", "failed")
    assert "What your answers mean" in here.open(f"/visit/{visit}/result").text
    work = desk(here).store.folder / "work"
    assert list(work.iterdir()) == []


def test_an_empty_form_and_an_empty_file_are_told(here: Any) -> None:
    here.upload("empty.edf", b"")
    assert here.page.status_code == 422
    assert "Choose a file first" in here.errors[0]


def test_too_large_a_file_is_told_before_and_while_it_comes(here: Any) -> None:
    here.upload("big.edf", b"x" * 20_500_000)
    assert here.page.status_code == 422
    assert "larger than is taken" in here.errors[0]
    assert list(desk(here).store.files.half.iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nSECRET\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nSECRET\r\n--b\r\nContent-Disp' + b"o" * 5000,
        b"--b\r\n" + b"A: " + b"x" * 50_000 + b"\r\n\r\n",
        b"\xff" * 5000,
    ],
)
def test_broken_uploads_are_told(here: Any, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}
    visit = here.visit
    sent = body.replace(b"SECRET", here.secret.encode())
    answer = here.client.post(f"/visit/{visit}/recordings/upload", content=sent, headers=headers)
    assert answer.status_code in (403, 422)
    assert desk(here).store.recordings(visit) == ()
    assert list(desk(here).store.files.half.iterdir()) == []


def test_a_recording_that_takes_too_long_is_stopped(
    tmp_path: Path, night: bytes, run_app: Callable[..., TestClient], person_at: Callable[[TestClient], Any]
) -> None:
    with run_app(tmp_path, most_seconds=0.05) as client:
        client.get("/?token=key")
        person = person_at(client).start()
        person.upload("night.edf", night)
        assert "longer than is allowed" in person.text


@pytest.mark.skipif("sys.platform != 'linux'", reason="memory is limited on Linux alone")
def test_a_recording_that_needs_too_much_memory_breaks_its_own_process_alone(
    tmp_path: Path, night: bytes, run_app: Callable[..., TestClient], person_at: Callable[[TestClient], Any]
) -> None:
    with run_app(tmp_path, most_memory=60_000_000) as client:
        client.get("/?token=key")
        person = person_at(client).start()
        person.upload("night.edf", night)
        assert "broke off the program that reads it" in person.text
        assert client.get("/").status_code == 200


def test_a_recording_is_deleted_with_its_file(here: Any, night: bytes) -> None:
    here.upload("night.edf", night + b"of its own")
    kept = desk(here).store.recording(here.path.split("/")[-1])
    path = desk(here).store.files.path(kept.sha256)
    assert path.exists()
    here.send(f"{here.path}/remove")
    assert not path.exists()
    assert "night.edf" not in here.text


def test_what_waited_goes_on_after_a_restart(
    tmp_path: Path, night: bytes, run_app: Callable[..., TestClient], person_at: Callable[[TestClient], Any]
) -> None:
    with run_app(tmp_path) as client:
        client.get("/?token=key")
        person = person_at(client).start()
        person.upload("night.edf", night)
        path = person.path
        client.app.state.desk.store.set_recording(path.split("/")[-1], state="working")  # type: ignore[attr-defined]
    with run_app(tmp_path) as client:
        client.get("/?token=key")
        again = person_at(client).open(path)
        assert again.wait() == "done"


def test_a_result_of_another_version_is_told_and_stops_nothing(here: Any, night: bytes) -> None:
    visit = here.visit
    here.upload("night.edf", night)
    path = here.path
    desk(here).store.set_recording(path.split("/")[-1], state="done", result=b"of another version")
    assert "look through it again" in here.open(path).text
    assert "look through it again" in here.open(f"/visit/{visit}/result").text


def test_a_recording_that_was_not_looked_through_is_named_before_the_result(here: Any, night: bytes) -> None:
    visit = here.visit
    here.upload("night.edf", night)
    assert "was added, but not looked through yet" in here.open(f"/visit/{visit}/check").text
