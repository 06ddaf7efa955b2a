"""The interview: one question a page, the emergency card, what else is known, and the answers to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from legtwitch.knowledge.vocabulary import Definition
from legtwitch.model import Question
from legtwitch.store import Step, Visit
from legtwitch.store.content import content
from legtwitch.web import forms
from legtwitch.web.desk import Desk, TheDesk, TheForm, TheVisit, go, page, text_of
from legtwitch.web.lines import exposure_lines, lab_lines, medicine_lines, recording_words

router = APIRouter(include_in_schema=False, prefix="/visit/{visit_id}")
STAGES = {
    "kind": "What happens",
    "detail": "More about it",
    "home_test": "Something to try at home",
    "background": "About you",
}
THEN = ("check", "tests")
"""Where an answer may lead besides the next question."""


@router.get("/question")
def next_question(request: Request, desk: TheDesk, visit: TheVisit) -> Response:
    """Ask the next question, or go where the interview ends."""
    if visit.level == "emergency":
        return go(f"/visit/{visit.id}/emergency")
    question = desk.engine.next_question(visit)
    if question is None:
        return go(f"/visit/{visit.id}/more")
    return _show(request, desk, visit, question)


@router.get("/question/{question_id}")
def earlier_question(request: Request, desk: TheDesk, visit: TheVisit, question_id: str, then: str = "") -> Response:
    """Ask one question, with what was answered before."""
    step = _step(visit, question_id)
    question = desk.engine.question(question_id, step.asks if step else None)
    if question is None:
        raise HTTPException(404, "There is no such question.")
    held = forms.filled(question, step.sets, step.said) if step else {}
    return _show(request, desk, visit, question, held=held, then=then)


@router.post("/question/{question_id}")
def answer(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm, question_id: str) -> Response:
    """Keep an answer and go on; an emergency stops at once."""
    asks = tuple(text_of(form, "asks", 4000).split(","))
    question = desk.engine.question(question_id, asks)
    if question is None:
        raise HTTPException(404, "There is no such question.")
    then = text_of(form, "then", 10)
    given = forms.read(question, form)
    errors = dict(given.errors)
    if not errors:
        step = _joined(_step(visit, question_id), question, given)
        case = content(visit, steps=[*(one for one in visit.steps if one.question != question_id), step])
        errors = {f"n-{one.place.partition('.')[2]}": one.message for one in desk.engine.refusals(case)}
        errors = {key: text for key, text in errors.items() if key[2:] in question.asks}
    if errors:
        sent = {f"pick-{one}": "1" for one in form.getlist("pick")}
        sent |= {key: value for key, value in form.items() if isinstance(value, str)}
        return _show(request, desk, visit, question, held=sent, then=then, errors=errors)
    level = desk.engine.urgency(case).level
    desk.store.answer(visit.id, step, level)
    return go(_after(desk, visit, level, then))


def _after(desk: Desk, visit: Visit, level: str, then: str) -> str:
    if level == "emergency":
        return f"/visit/{visit.id}/emergency"
    if then == "check":
        return f"/visit/{visit.id}/check"
    if then == "tests":
        return f"/visit/{visit.id}/tests"
    return f"/visit/{visit.id}/question"


def _step(visit: Visit, question: str) -> Step | None:
    return next((one for one in visit.steps if one.question == question), None)


def _joined(before: Step | None, question: Question, given: forms.Answer) -> Step:
    """Return an answer with what an earlier one to another part of the same question said."""
    if before is None or set(before.asks) <= set(question.asks):
        return Step(question.id, question.asks, given.said, given.sets)
    kept = {ref: value for ref, value in before.sets.items() if ref not in question.asks}
    asks = tuple(dict.fromkeys((*before.asks, *question.asks)))
    return Step(question.id, asks, tuple(dict.fromkeys((*before.said, *given.said))), kept | dict(given.sets))


def _show(
    request: Request,
    desk: Desk,
    visit: Visit,
    question: Question,
    *,
    held: Mapping[str, str] | None = None,
    then: str = "",
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    place = desk.engine.screen_place(question.id)
    caption = f"Safety question {place[0]} of {place[1]}" if place else STAGES.get(_stage(desk, question.id), "")
    banner = desk.engine.urgency(content(visit)) if visit.level == "same_day" else None
    return page(
        request,
        "question",
        422 if errors else 200,
        visit=visit,
        question=question,
        layout=forms.layout(question),
        held=held or {},
        then=then if then in THEN else "",
        errors=errors or {},
        caption=caption,
        banner=banner,
        back=_back(visit, question.id, then),
        unit_words=forms.UNIT_WORDS,
    )


def _stage(desk: Desk, id: str) -> str:
    return next((one.stage for one in desk.engine.knowledge.questions if one.id == id), "")


def _back(visit: Visit, question: str, then: str) -> str:
    """Return where one came from: the question before this one."""
    if then == "check":
        return f"/visit/{visit.id}/check"
    if then == "tests":
        return f"/visit/{visit.id}/more"
    asked = [step.question for step in visit.steps]
    before = asked[: asked.index(question)] if question in asked else asked
    return f"/visit/{visit.id}/question/{before[-1]}" if before else "/"


# ---- emergency -------------------------------------------------------------------------------------------------------


@router.get("/emergency")
def emergency(request: Request, desk: TheDesk, visit: TheVisit) -> Response:
    """Say what to do at once."""
    urgency = desk.engine.urgency(content(visit))
    if urgency.level != "emergency":
        return go(f"/visit/{visit.id}/question")
    ids = list(dict.fromkeys(id for rule in urgency.rules if rule.level == urgency.level for id in rule.because))
    vocabulary = desk.engine.knowledge.vocabulary
    present = [vocabulary.definition(id) for id in ids]
    said = [_as_sentence(one) for one in present if one is not None]
    return page(request, "emergency", visit=visit, urgency=urgency, said=said or ["I need help"])


def _as_sentence(one: Definition) -> str:
    return one.label[:1].upper() + one.label[1:]


# ---- what else is known ----------------------------------------------------------------------------------------------


@router.get("/tests")
def tests(desk: TheDesk, visit: TheVisit) -> RedirectResponse:
    """Go to the next home test that was not done."""
    left = desk.engine.open_home_tests(visit)
    return go(f"/visit/{visit.id}/question/{left[0]}?then=tests" if left else f"/visit/{visit.id}/more")


@router.get("/more")
def more(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """List what else would help: home tests, medicines, contacts, blood tests, recordings."""
    tests_left = desk.engine.open_home_tests(visit)
    recordings = desk.store.recordings(visit.id)
    here = f"/visit/{visit.id}"
    rows: list[tuple[str, str, str, bool, str]] = [
        (
            "tests" if tests_left else "check",
            "Home tests",
            "Six short tests of strength. Without them nobody can say that it looks harmless.",
            not tests_left,
            f"{len(tests_left)} left" if tests_left else "Done",
        ),
        ("medicines", "Medicines", "Many can make muscles twitch.", *_said(visit.medications)),
        ("exposures", "Poisons and other contacts", "Metals, sprays, creams, remedies.", *_said(visit.exposures)),
        ("labs", "Results of blood tests", "Such as ferritin, calcium, thyroid.", *_said(visit.labs)),
        ("recordings", "Recordings", "A sleep study, or another recording of the leg.", *_said(recordings or None)),
    ]
    tasks = [
        {"to": f"{here}/{to}", "label": label, "hint": hint, "done": done, "state": state}
        for to, label, hint, done, state in rows
    ]
    back = f"{here}/question/{visit.steps[-1].question}" if visit.steps else "/"
    return page(request, "tasks", visit=visit, tasks=tasks, back=back)


def _said(block: Any) -> tuple[bool, str]:
    if block is None:
        return False, "Not told yet"
    return True, f"{len(block)} added" if block else "None"


# ---- check -----------------------------------------------------------------------------------------------------------


@router.get("/check")
def check(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """Show all answers, each with a way to change it."""
    texts = {one.id: one.text for one in desk.engine.knowledge.questions}
    here = f"/visit/{visit.id}"
    recordings = desk.store.recordings(visit.id)
    vocabulary = desk.engine.knowledge.vocabulary
    medicines = [f"{one['name']}: {one['words']}" for one in medicine_lines(visit, vocabulary) or []]
    added = [
        ("Medicines", medicines or [_nothing(visit.medications)], f"{here}/medicines"),
        (
            "Poisons and other contacts",
            [one["words"] for one in exposure_lines(visit, vocabulary) or []] or [_nothing(visit.exposures)],
            f"{here}/exposures",
        ),
        (
            "Results of blood tests",
            [f"{one['name']}: {one['words']}" for one in lab_lines(visit, vocabulary)] or ["Not told"],
            f"{here}/labs",
        ),
        (
            "Recordings",
            [f"{one.name}: {recording_words(one)}" for one in recordings] or ["None added"],
            f"{here}/recordings",
        ),
    ]
    steps = [
        {"id": one.question, "text": texts.get(one.question, one.question), "said": one.said} for one in visit.steps
    ]
    left = visit.level != "emergency" and desk.engine.next_question(visit) is not None
    waiting = any(one.state in ("waiting", "working") for one in recordings)
    laid = {id for one in recordings for id in one.options.get("events", ())}
    unread = [one for one in recordings if one.state == "added" and one.id not in laid]
    return page(
        request,
        "check",
        visit=visit,
        steps=steps,
        added=added,
        left=left,
        finished=not left,
        waiting=waiting,
        unread=unread,
    )


def _nothing(block: Any) -> str:
    return "Not told" if block is None else "None"
