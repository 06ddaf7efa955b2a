"""The interface for programs: stateless, described by OpenAPI at `/api/v1/openapi.json`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from legtwitch import api
from legtwitch.errors import InputError, LegtwitchError, UsageError
from legtwitch.report import as_json
from legtwitch.store.files import safe_name
from legtwitch.web import codes
from legtwitch.web.desk import Desk, TheDesk
from legtwitch.web.upload import take_raw


class Told(BaseModel):
    """What went wrong, in one plain sentence with its code."""

    code: str
    message: str
    got: str
    allowed: str | list[str]
    do: str


class Refused(BaseModel):
    """The answer to a request that can't be used."""

    error: Told


class NextQuestion(BaseModel):
    """The question to ask next; null when the interview is over."""

    question: dict[str, Any] | None


class CaseBody(BaseModel):
    """A case, as a case file holds it. Recordings are files, so they can't be in it here."""

    model_config = ConfigDict(extra="allow")

    date: str | None = None
    person: dict[str, Any] | None = Field(None, examples=[{"age": 34, "country": "GB"}])
    findings: dict[str, Any] | None = Field(None, examples=[{"fasciculation_felt": "present"}])
    medications: list[Any] | None = None
    exposures: list[Any] | None = None
    labs: dict[str, Any] | None = None


WRONG: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused, "description": "The request can't be read."},
    403: {"description": "No key, or a request from elsewhere.", "content": {"text/plain": {}}},
    413: {"description": "Larger than is taken.", "content": {"text/plain": {}}},
    422: {"model": Refused, "description": "What was sent is not understood."},
}
router = APIRouter(prefix="/api/v1", tags=["legtwitch"])


def refused(error: LegtwitchError, status: int = 422) -> JSONResponse:
    """Return an error as the interface tells it."""
    return JSONResponse({"error": error.as_dict()}, status)


def _plain(body: CaseBody) -> dict[str, Any]:
    return {key: value for key, value in body.model_dump().items() if value is not None}


@router.post("/assess", responses=WRONG)
def assess(desk: TheDesk, case: Annotated[CaseBody, Body()]) -> dict[str, Any]:
    """Assess a case: how soon to be seen, kind of movement, causes, tests and care."""
    return desk.engine.stateless(lambda: as_json.assessment(api.assess(_plain(case))))


@router.post("/next-question", responses=WRONG)
def next_question(desk: TheDesk, case: Annotated[CaseBody, Body()]) -> NextQuestion:
    """Return the question to ask next; the case is the state."""
    return NextQuestion(question=desk.engine.stateless(lambda: as_json.question(api.next_question(_plain(case)))))


_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/score", responses=WRONG, openapi_extra=_BODY)
async def score(
    request: Request,
    desk: TheDesk,
    name: Annotated[str, Query(max_length=200, description="Name of the file.")] = "recording.edf",
    rules: Annotated[str, Query(max_length=200, description="Rule sets, with commas.")] = ",".join(api.RULES),
) -> dict[str, Any]:
    """Score leg movements of the recording that is the body of the request."""
    wanted = [one.strip() for one in rules.split(",") if one.strip()]
    with desk.store.files.upload(_announced(request)) as upload:
        await take_raw(request, upload)
        return await run_in_threadpool(_score, desk, safe_name(name), upload.path, wanted)


def _announced(request: Request) -> int | None:
    told = request.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else None


def _score(desk: Desk, name: str, path: Any, rules: list[str]) -> dict[str, Any]:
    return dict(desk.jobs.score_file(name, path, rules))


def unreadable(detail: str) -> InputError:
    """Return the error for a body that is not what the description says."""
    return UsageError(codes.FORM_BROKEN, "The request is not as its description says.", got=detail[:200])
