"""Several cases, several days of one, taken away and brought back as one file, deleted for good."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

NONE = "None of these"


def store(client: TestClient) -> Any:
    return client.app.state.desk.store  # type: ignore[attr-defined]


def case_id(person: Any) -> str:
    return str(store(person.client).visit(person.visit).case)


def test_a_case_has_a_name_and_days(client: TestClient, person: Any) -> None:
    person.start().answer(NONE)
    case = case_id(person)
    person.open(f"/case/{case}")
    assert "1 answer." in person.text
    person.send(f"/case/{case}/name", title="Left <calf>")
    assert "Left &lt;calf&gt;" in person.page.text
    assert "Left <calf>" in person.open("/cases").text.replace("&lt;", "<").replace("&gt;", ">")


def test_another_day_takes_over_what_rarely_changes(client: TestClient, person: Any) -> None:
    person.start("DE").answer("It started suddenly")
    first = person.visit
    person.open(f"/visit/{first}/question/screen_cancer_pregnancy_age").answer(NONE, n_of_age="50")
    person.open(f"/visit/{first}/medicines").send(f"/visit/{first}/medicines", name="lithium")
    case = case_id(person)
    person.open(f"/case/{case}").send(f"/case/{case}/again")
    second = store(client).visit(person.visit)
    assert second.number == 2
    assert second.base["person"] == {"country": "DE", "age": {"value": 50.0, "unit": "year"}}
    assert second.medications == ({"name": "lithium"},)
    assert second.steps == ()
    assert person.question == "screen_sudden"


def test_two_days_are_compared(client: TestClient, person: Any) -> None:
    person.start().answer("It started suddenly")
    first = person.visit
    case = case_id(person)
    person.open(f"/case/{case}").send(f"/case/{case}/again")
    second = person.visit
    person.answer(NONE)
    person.open(f"/visit/{second}/labs?lab=ferritin").send(
        f"/visit/{second}/labs", lab="ferritin", value="18", unit="ng/mL"
    )
    person.open(f"/case/{case}/compare?one={first}&two={second}")
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", person.page.text)
    assert ("ferritin", "not asked", "18 ng/mL") in rows
    changed, once = person.page.text.split("Known on one of the two days alone")
    assert "<td>yes</td><td>no</td>" in changed
    assert "not asked" not in changed
    assert "18 ng/mL" in once
    person.open(f"/case/{case}/compare?one={first}&two=none")
    assert person.page.status_code == 404


def test_a_case_goes_out_and_comes_back(client: TestClient, person: Any, night: bytes) -> None:
    person.start().answer(NONE)
    visit = person.visit
    person.upload("night.edf", night)
    case = case_id(person)
    saved = client.get(f"/case/{case}/save")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert list(store(client).files.half.iterdir()) == []
    person.open(f"/case/{case}/delete").send(f"/case/{case}/delete")
    assert store(client).visit(visit) is None
    person.open("/cases")
    files = {"file": ("case.zip", saved.content, "application/zip")}
    person.page = client.post("/cases/upload", data={"csrf": person.secret}, files=files)
    assert person.page.status_code == 200
    assert person.path.startswith("/case/")
    again = store(client).visit(person.visit)
    assert [one.question for one in again.steps] == ["screen_sudden"]
    (kept,) = store(client).recordings(again.id)
    person.open(f"/visit/{again.id}/recordings/{kept.id}")
    assert person.wait() == "done"


def test_a_file_that_is_no_case_is_told(client: TestClient, person: Any) -> None:
    person.open("/cases")
    before = len(store(client).cases())
    for content in (b"junk", b"PK\x05\x06" + b"\0" * 18):
        person.page = client.post("/cases/upload", data={"csrf": person.secret}, files={"file": ("case.zip", content)})
        assert person.page.status_code == 422
        assert "no exported case" in person.errors[0]
    assert len(store(client).cases()) == before


def test_deleting_asks_first_and_then_leaves_nothing(client: TestClient, person: Any, night: bytes) -> None:
    person.start().answer("It started suddenly")
    visit = person.visit
    person.open(f"/visit/{visit}/medicines").send(f"/visit/{visit}/medicines", name="Marksopril")
    person.open(f"/visit/{visit}/result")
    case = case_id(person)
    assert "can't be undone" in person.open(f"/case/{case}/delete").text.replace("&#39;", "'")
    folder = store(client).folder
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert any(b"Marksopril" in path.read_bytes() for path in written)
    person.send(f"/case/{case}/delete")
    assert person.path == "/cases"
    left = [path for path in folder.rglob("*") if path.is_file() and b"Marksopril" in path.read_bytes()]
    assert left == []
    assert person.open(f"/visit/{visit}/result").page.status_code == 404


def test_deleting_while_a_recording_is_being_read(client: TestClient, person: Any, night: bytes) -> None:
    person.start()
    person.upload("night.edf", night)
    person.send(person.path)
    case = case_id(person)
    person.open(f"/case/{case}/delete").send(f"/case/{case}/delete")
    assert person.path == "/cases"
    assert store(client).case(case) is None
    assert client.get("/").status_code == 200
