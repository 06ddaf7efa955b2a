"""Without the key, under a foreign name, from a foreign page or without the secret word nobody gets anything."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from legtwitch.web import Settings

PORT = 8765
HOME = f"http://127.0.0.1:{PORT}"
SECRETS = ("legtwitch.name", "Safety question", "csrf", "<form", "stylesheet")
PATHS = ["/", "/cases", "/static/app.css", "/static/app.js", "/api/v1/openapi.json", "/visit/x/result", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cookie", ["", "0" * 64, "key"])
def test_a_second_browser_gets_nothing(app: TestClient, path: str, cookie: str) -> None:
    app.cookies.clear()
    answer = app.get(path, headers={"cookie": f"legtwitch_{PORT}={cookie}"} if cookie else {})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/plain")
    assert not any(one in answer.text for one in SECRETS)


@pytest.mark.parametrize("token", ["", "Key", "key ", "keykey", "ke", "kéy"])
def test_a_wrong_key_lets_nobody_in(app: TestClient, token: str) -> None:
    app.cookies.clear()
    answer = app.get("/", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_key_goes_into_a_cookie_and_out_of_the_address(app: TestClient) -> None:
    app.cookies.clear()
    answer = app.get("/cases?token=key&x=1", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/cases?x=1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "=key" not in cookie


def test_the_key_leads_nowhere_else(app: TestClient) -> None:
    app.cookies.clear()
    answer = app.get(f"{HOME}//evil.example/?token=key", follow_redirects=False)
    assert answer.headers["location"] == "/evil.example/"


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "192.168.0.7:8765", "", "[", "127.0.0.1:x"],
)
def test_a_foreign_host_gets_nothing(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 403
    assert not any(one in answer.text for one in SECRETS)


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_the_names_of_this_computer_are_known(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", f"https://127.0.0.1:{PORT}"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_gets_nothing(client: TestClient, person: Any, origin: str, method: str) -> None:
    secret = person.secret
    path = "/cases" if method == "POST" else "/"
    answer = client.request(
        method, path, headers={"origin": origin}, data={"csrf": secret} if method == "POST" else None
    )
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert not any(one in answer.text for one in SECRETS)


def test_the_own_origin_is_answered(client: TestClient, person: Any) -> None:
    secret = person.secret
    assert client.post("/cases", headers={"origin": HOME}, data={"csrf": secret}).status_code == 200


@pytest.mark.parametrize("secret", [None, "", "0" * 64])
def test_a_form_without_its_secret_word_changes_nothing(client: TestClient, secret: str | None) -> None:
    before = client.get("/cases").text.count("/case/")
    answer = client.post("/cases", data={} if secret is None else {"csrf": secret})
    assert answer.status_code == 403
    assert client.get("/cases").text.count("/case/") == before


def test_every_form_that_changes_something_carries_the_secret_word(person: Any) -> None:
    person.start()
    visit = person.visit
    for path in ("", "/more", "/medicines", "/exposures", "/labs?lab=ferritin", "/recordings", "/check", "/result"):
        html = person.open(f"/visit/{visit}{path}" if path else "/").page.text
        for form in re.findall(r"<form method=\"post\".*?</form>", html, re.DOTALL):
            assert 'name="csrf"' in form


def test_an_upload_without_the_secret_word_writes_nothing(client: TestClient, person: Any) -> None:
    visit = person.start().visit
    answer = client.post(f"/visit/{visit}/recordings/upload", files={"file": ("a.edf", b"x" * 100_000)})
    assert answer.status_code == 403
    store = client.app.state.desk.store  # type: ignore[attr-defined]
    assert store.recordings(visit) == ()
    assert list(store.files.half.iterdir()) == []


@pytest.mark.parametrize("path", ["/", "/static/app.css", "/nowhere", "/api/v1/openapi.json"])
def test_pages_run_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "http" not in policy


def test_no_page_holds_a_script_or_a_style_of_its_own(person: Any) -> None:
    visit = person.start().answer_all().visit
    for path in ("/", "/cases", f"/visit/{visit}/check", f"/visit/{visit}/result", f"/visit/{visit}/medicines"):
        html = person.open(path).page.text
        assert re.findall(r"<script(?! src=\"/static/)", html) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", html) == []
        assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//", html) == []


def test_no_page_holds_a_path_of_the_disk(client: TestClient, person: Any, night: bytes) -> None:
    folder = str(client.app.state.desk.store.folder)  # type: ignore[attr-defined]
    visit = person.start().visit
    person.upload("night.edf", night)
    person.send(person.path)
    person.wait()
    person.upload("broken.edf", b"0       " + b"\xff" * 2000)
    pages = [person.page.text]
    for path in ("recordings", "check", "result", "report.html", "report.json"):
        pages.append(client.get(f"/visit/{visit}/{path}").text)
    pages.append(client.post("/api/v1/score?name=x.edf", content=b"junk", headers={"authorization": "Bearer key"}).text)
    assert [one for one in pages if folder in one or "/tmp/" in one or str(Path.home()) + "/" in one] == []


def test_the_log_holds_no_answers(
    client: TestClient, person: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("SECRETANSWER")

    caplog.set_level(logging.DEBUG)
    visit = person.start().visit
    engine = client.app.state.desk.engine  # type: ignore[attr-defined]
    monkeypatch.setattr(type(engine), "assessment", fail)
    answer = client.get(f"/visit/{visit}/result")
    assert answer.status_code == 500
    assert "SECRETANSWER" not in answer.text
    told = " ".join(one.getMessage() for one in caplog.records if one.name.startswith("legtwitch"))
    assert "RuntimeError" in told
    assert "SECRETANSWER" not in told


def test_a_large_form_is_refused(client: TestClient, person: Any) -> None:
    secret = person.secret
    assert client.post("/cases", data={"csrf": secret, "country": "x" * 2_000_000}).status_code == 413
    chunks = (b"x" * 100_000 for _ in range(30))
    headers = {"authorization": "Bearer key", "content-type": "application/json"}
    assert client.post("/api/v1/assess", content=chunks, headers=headers).status_code == 413


def test_the_key_is_new_for_every_run_and_long(tmp_path: Path) -> None:
    one, other = Settings(tmp_path), Settings(tmp_path)
    assert one.token != other.token
    assert len(one.token) >= 40
    assert one.address == f"http://127.0.0.1:8765/?token={one.token}"
    assert one.is_local


@pytest.mark.parametrize(
    ("host", "called", "status"),
    [
        ("0.0.0.0", "192.168.0.7:8765", 200),
        ("0.0.0.0", "evil.example:8765", 403),
        ("0.0.0.0", "desk.home:8765", 200),
        ("127.0.0.1", "192.168.0.7:8765", 403),
    ],
)
def test_beyond_this_computer_only_plain_addresses_and_given_names(
    tmp_path: Path, run_app: Callable[..., TestClient], host: str, called: str, status: int
) -> None:
    with run_app(tmp_path, host=host, names=("desk.home",)) as client:
        answer = client.get("/", headers={"host": called, "authorization": "Bearer key"})
        assert answer.status_code == status
