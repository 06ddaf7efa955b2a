"""The start page, the list of cases, one case, and what is done with a whole case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from legtwitch.errors import InputError
from legtwitch.model import Assessment, Finding
from legtwitch.report import words
from legtwitch.store import Case, Visit, export_case, import_case
from legtwitch.web.countries import countries
from legtwitch.web.desk import Desk, TheDesk, TheForm, day_in_words, go, page, text_of
from legtwitch.web.lines import value_in_words
from legtwitch.web.upload import take

router = APIRouter(include_in_schema=False)
NOT_ASKED = "not asked"
KEPT_OVER = ("age", "sex", "country", "setting", "ancestry", "height")
"""What of a person is taken over to another day of answers."""


@router.get("/")
def start(request: Request, desk: TheDesk) -> HTMLResponse:
    """Say what this is, and begin."""
    going = [_line(desk, case) for case in desk.store.cases()[:3]]
    known = desk.engine.knowledge
    return page(
        request,
        "start",
        countries=countries(known),
        notice=known.safety.not_a_device,
        going=[one for one in going if one is not None],
    )


def _line(desk: Desk, case: Case) -> dict[str, Any] | None:
    visit = desk.store.visit(case.visits[-1]) if case.visits else None
    return None if visit is None else {"id": visit.id, "title": case.title, "date": visit.date}


@router.post("/cases")
def begin(desk: TheDesk, form: TheForm) -> RedirectResponse:
    """Make a case and ask the first question."""
    country = text_of(form, "country", 2)
    known = {code for code, _ in countries(desk.engine.knowledge)}
    base = {"person": {"country": country}} if country in known else {}
    visit = desk.store.add_case(f"Begun on {day_in_words(Date.today())}", base)
    return go(f"/visit/{visit}/question")


@router.get("/cases")
def cases(request: Request, desk: TheDesk) -> HTMLResponse:
    """List everything that is kept."""
    return page(request, "cases", cases=desk.store.cases())


@router.post("/cases/upload")
async def take_in(request: Request, desk: TheDesk) -> Response:
    """Take in a case that was saved as one file."""
    try:
        taken = await take(request, desk.store, desk.settings)
        ids = await run_in_threadpool(_import, desk, taken.sha256)
    except InputError as error:
        errors = {"file": f"{error.message} {error.do}".strip()}
        return page(request, "cases", 422, cases=desk.store.cases(), errors=errors)
    visit = desk.store.visit(ids[-1])
    return go(f"/case/{visit.case}" if visit else "/cases")


def _import(desk: Desk, sha256: str) -> tuple[str, ...]:
    path = desk.store.files.path(sha256)
    try:
        with path.open("rb") as file:
            ids = import_case(desk.store, file)
    finally:
        path.unlink(missing_ok=True)
    for id in ids:
        kept = desk.store.recordings(id)
        laid = {one for each in kept for one in each.options.get("events", ())}
        for one in kept:
            if one.id not in laid:
                desk.jobs.add(one.id)
    return ids


# ---- one case --------------------------------------------------------------------------------------------------------


def _case(desk: Desk, case_id: str) -> Case:
    case = desk.store.case(case_id)
    if case is None:
        raise HTTPException(404, "This case is not here. It may have been deleted.")
    return case


def _visits(desk: Desk, case: Case) -> list[Visit]:
    return [visit for id in case.visits if (visit := desk.store.visit(id)) is not None]


@router.get("/case/{case_id}")
def one_case(request: Request, desk: TheDesk, case_id: str) -> HTMLResponse:
    """Show the days of answers of a case, and what can be done with it."""
    case = _case(desk, case_id)
    levels: dict[str, str] = {one.id: one.headline for one in desk.engine.knowledge.safety.levels}
    visits = [
        {
            "id": one.id,
            "number": one.number,
            "date": one.date,
            "words": f"{len(one.steps)} {'answer' if len(one.steps) == 1 else 'answers'}. "
            + ("" if "{" in levels.get(one.level, "{") else levels[one.level]),
        }
        for one in _visits(desk, case)
    ]
    return page(request, "case", case=case, visits=visits)


@router.post("/case/{case_id}/again")
def again(desk: TheDesk, form: TheForm, case_id: str) -> RedirectResponse:
    """Begin the answers of a new day; what rarely changes is taken over."""
    case = _case(desk, case_id)
    last = _visits(desk, case)[-1]
    person = dict(last.base.get("person") or {})
    for step in last.steps:
        person |= step.sets
    base: dict[str, Any] = {"person": {key: value for key, value in person.items() if key in KEPT_OVER}}
    for name in ("medications", "exposures", "labs"):
        block = getattr(last, name)
        if block is not None:
            base[name] = dict(block) if name == "labs" else list(block)
    return go(f"/visit/{desk.store.add_visit(case.id, base)}/question")


@router.post("/case/{case_id}/name")
def rename(desk: TheDesk, form: TheForm, case_id: str) -> RedirectResponse:
    """Give a case another name."""
    case = _case(desk, case_id)
    title = text_of(form, "title", 80)
    if title:
        desk.store.rename(case.id, title)
    return go(f"/case/{case.id}")


@router.get("/case/{case_id}/save")
def save(desk: TheDesk, case_id: str) -> FileResponse:
    """Give out a case as one file."""
    case = _case(desk, case_id)
    path = desk.store.files.half / secrets.token_hex(16)
    export_case(desk.store, case.id, path)
    name = f"legtwitch-{Date.today().isoformat()}.zip"
    return FileResponse(path, media_type="application/zip", filename=name, background=BackgroundTask(path.unlink))


@router.get("/case/{case_id}/delete")
def ask_delete(request: Request, desk: TheDesk, case_id: str) -> HTMLResponse:
    """Ask whether to delete a case."""
    return page(request, "delete", case=_case(desk, case_id))


@router.post("/case/{case_id}/delete")
def delete(desk: TheDesk, form: TheForm, case_id: str) -> RedirectResponse:
    """Delete a case for good."""
    case = _case(desk, case_id)
    for visit in case.visits:
        for kept in desk.store.recordings(visit):
            desk.jobs.cancel(kept.id)
    desk.store.remove_case(case.id)
    desk.engine.forget()
    return go("/cases")


# ---- two days --------------------------------------------------------------------------------------------------------


@router.get("/case/{case_id}/compare")
def compare(request: Request, desk: TheDesk, case_id: str, one: str = "", two: str = "") -> HTMLResponse:
    """Show what is different between two days."""
    case = _case(desk, case_id)
    by_id = {visit.id: visit for visit in _visits(desk, case)}
    if one not in by_id or two not in by_id:
        raise HTTPException(404, "One of these days is not here.")
    first, second = desk.engine.assessment(by_id[one]), desk.engine.assessment(by_id[two])
    rows = differences(first, second)
    return page(
        request,
        "compare",
        case=case,
        one=by_id[one],
        two=by_id[two],
        first=first,
        second=second,
        changed=[row for row in rows if NOT_ASKED not in (row.before, row.after)],
        once=[row for row in rows if NOT_ASKED in (row.before, row.after)],
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding that is not the same on two days."""

    label: str
    before: str
    after: str


def differences(first: Assessment, second: Assessment) -> list[Difference]:
    """Return every finding that differs; values of recordings and labs first."""
    before, after = _by_id(first), _by_id(second)
    labels = {**first.labels, **second.labels}
    order = {"recording": 0, "lab": 1}
    rows = []
    for id in dict.fromkeys([*before, *after]):
        row = Difference(labels.get(id, id.replace("_", " ")), _value(before.get(id)), _value(after.get(id)))
        if row.before != row.after:
            rows.append((order.get((after.get(id) or before[id])[0].by, 2), row))
    return [row for _, row in sorted(rows, key=lambda one: one[0])]


def _by_id(assessment: Assessment) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in assessment.findings:
        found.setdefault(one.id, []).append(one)
    return found


def _value(found: list[Finding] | None) -> str:
    told = [f"{value_in_words(one)} ({where})" if (where := words.place(one)) else value_in_words(one)
            for one in found or []]  # fmt: skip
    return "; ".join(dict.fromkeys(told)) or NOT_ASKED
