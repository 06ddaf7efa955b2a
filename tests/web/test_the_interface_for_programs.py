"""The interface for programs: what it answers, and that nothing sent to it breaks it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import legtwitch as lt
from legtwitch.web import Settings, create_app

KEY = {"authorization": "Bearer key"}
EXAMPLES = 40


@pytest.fixture(scope="module")
def api(app: TestClient) -> TestClient:
    return app


def test_a_case_is_assessed_as_by_the_library(api: TestClient) -> None:
    case = {"person": {"age": 40, "country": "GB"}, "findings": {"fasciculation_felt": "present"}, "labs": {}}
    answer = api.post("/api/v1/assess", json=case, headers=KEY)
    assert answer.status_code == 200
    told = answer.json()
    assert told["urgency"]["level"] == lt.assess(case).urgency.level
    assert told["provenance"]["knowledge"] == lt.load_knowledge().hash


def test_the_next_question_of_an_empty_case_is_the_first(api: TestClient) -> None:
    answer = api.post("/api/v1/next-question", json={}, headers=KEY)
    assert answer.json()["question"]["id"] == "screen_sudden"
    emergency = api.post("/api/v1/next-question", json={"findings": {"face_droop": "present"}}, headers=KEY)
    assert emergency.json() == {"question": None}


def test_a_recording_is_scored_as_by_the_library(api: TestClient, night: bytes, tmp_path: Path) -> None:
    answer = api.post("/api/v1/score?name=n.edf&rules=wasm-2016", content=night, headers=KEY)
    assert answer.status_code == 200
    (tmp_path / "n.edf").write_bytes(night)
    mine = lt.score(tmp_path / "n.edf", rules=["wasm-2016"])
    assert list(answer.json()["rules"]) == ["wasm-2016"]
    assert answer.json()["rules"]["wasm-2016"]["plms_count"] == mine.rules["wasm-2016"].values["plms_count"]
    assert answer.json()["recording"]["file"] == "n.edf"


def test_nothing_of_it_is_kept(api: TestClient, night: bytes) -> None:
    desk = api.app.state.desk  # type: ignore[attr-defined]
    before = len(desk.store.cases())
    api.post("/api/v1/assess", json={"findings": {"felt_weakness": "present"}}, headers=KEY)
    api.post("/api/v1/score", content=night, headers=KEY)
    assert len(desk.store.cases()) == before
    assert list(desk.store.files.half.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("assess", {"findings": {"felt_weaknes": "present"}}, "E403"),
        ("assess", {"medications": ["ibuprofn"]}, "E417"),
        ("assess", {"recording": []}, "E402"),
        ("next-question", {"labs": {"ferritin": {"value": 3}}}, "E407"),
        ("assess", {"findings": []}, "E163"),
        ("assess", [], "E163"),
    ],
)
def test_what_is_not_understood_is_told_with_its_code(api: TestClient, path: str, body: Any, code: str) -> None:
    answer = api.post(f"/api/v1/{path}", json=body, headers=KEY)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == code


def test_what_is_urgent_is_said_first_even_if_something_is_not_understood(api: TestClient) -> None:
    case = {"findings": {"face_droop": "present", "nonsense": "present"}, "person": {"country": "GB"}}
    told = api.post("/api/v1/assess", json=case, headers=KEY).json()["error"]["message"]
    assert told.startswith("Get help now: call 999")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"findings": NaN}', b"nul"])
def test_what_is_no_json_is_told(api: TestClient, body: bytes) -> None:
    headers = {**KEY, "content-type": "application/json"}
    answer = api.post("/api/v1/assess", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"].startswith("E")


@pytest.mark.parametrize("path", ["assess", "next-question", "score"])
def test_without_the_key_there_is_no_answer(api: TestClient, path: str) -> None:
    api.cookies.clear()
    for headers in ({}, {"authorization": "Bearer no"}, {"authorization": "Basic key"}, {"authorization": "key"}):
        assert api.post(f"/api/v1/{path}", json={}, headers=headers).status_code == 403


def ids() -> list[str]:
    vocabulary = lt.load_knowledge().vocabulary
    return [*vocabulary.findings, *vocabulary.person, "nonsense", ""]


VALUES = st.one_of(
    st.sampled_from(["present", "absent", "unknown", "yes", "no", True, None, 3, -1, [], {}, "weeks"]),
    st.fixed_dictionaries(
        {"value": st.one_of(st.floats(), st.text(max_size=5))}, optional={"unit": st.text(max_size=5)}
    ),
)


@given(
    findings=st.dictionaries(st.sampled_from(ids()), VALUES, max_size=8),
    medications=st.lists(st.one_of(st.text(max_size=20), VALUES), max_size=4),
    labs=st.dictionaries(st.sampled_from([*lt.load_knowledge().labs, "x"]), VALUES, max_size=3),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_case_breaks_it(api: TestClient, findings: Any, medications: Any, labs: Any) -> None:
    case = {"findings": findings, "medications": medications, "labs": labs}
    import json

    content = json.dumps(case).encode()
    headers = {**KEY, "content-type": "application/json"}
    for path in ("assess", "next-question"):
        answer = api.post(f"/api/v1/{path}", content=content, headers=headers)
        assert answer.status_code in (200, 400, 422), answer.text[:300]


# ---- schemathesis ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app on a real socket."""
    import socket

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = create_app(Settings(tmp_path_factory.mktemp("fuzz"), port=port, token="key", most_bytes=1_000_000))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("path", ["assess", "next-question", "score"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_schemathesis_finds_no_fault(served: str, path: str, mode: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        negative_data_rejection,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    if path != "score":
        checks.append(negative_data_rejection)
    schema = schemathesis.openapi.from_url(f"{served}/api/v1/openapi.json", headers=KEY)
    operation = schema[f"/api/v1/{path}"]["POST"]

    @given(operation.as_strategy(generation_mode=GenerationMode[mode]))
    @settings(max_examples=8 if path == "score" else EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def run(case: Any) -> None:
        case.call_and_validate(headers=KEY, checks=checks)

    run()
