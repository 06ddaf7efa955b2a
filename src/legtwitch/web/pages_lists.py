"""Medicines, contacts and lab values: found by search, confirmed where a name is in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from legtwitch.knowledge import Vocabulary
from legtwitch.knowledge.labs import accepted_units
from legtwitch.knowledge.medicine_names import MedicineName
from legtwitch.knowledge.names import fold, near_names
from legtwitch.store import Visit
from legtwitch.store.content import content
from legtwitch.web.desk import Desk, TheDesk, TheForm, TheVisit, go, page, text_of
from legtwitch.web.lines import country_of, exposure_lines, lab_lines, medicine_lines

router = APIRouter(include_in_schema=False, prefix="/visit/{visit_id}")
MOST_LISTED = 60


def _keep(desk: Desk, visit: Visit, name: str, block: Any) -> dict[str, str]:
    """Keep a block unless the engine would not read it; return what is wrong."""
    case = content(visit, **{name: block})
    wrong = desk.engine.refusals(case)
    before = {one.message for one in desk.engine.refusals(content(visit))}
    new = [one.message for one in wrong if one.message not in before]
    if new:
        return {"": new[0]}
    desk.store.set_block(visit.id, name, block, desk.engine.urgency(case).level)
    return {}


def _after(desk: Desk, visit: Visit, page_name: str) -> RedirectResponse:
    """Go back to a page, or to the emergency card if what was added asks for it."""
    now = desk.store.visit(visit.id)
    urgent = now is not None and now.level == "emergency" and visit.level != "emergency"
    return go(f"/visit/{visit.id}/{'emergency' if urgent else page_name}")


# ---- medicines -------------------------------------------------------------------------------------------------------


def _medicines(request: Request, desk: Desk, visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    context = {"doubt": None, "held": {"name": "", "started": "", "stopped": ""}, "errors": {}} | more
    listed = medicine_lines(visit, desk.engine.knowledge.vocabulary)
    return page(request, "medicines", status, visit=visit, listed=listed, today=Date.today().isoformat(), **context)


@router.get("/medicines")
def medicines(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """Show the medicines, and a field for another."""
    return _medicines(request, desk, visit)


@router.post("/medicines")
def add_medicine(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm) -> Response:
    """Add a medicine; where its name is in doubt, ask what is meant."""
    held = {key: text_of(form, key, 120) for key in ("name", "started", "stopped")}
    written, meant = text_of(form, "written", 120), text_of(form, "meant", 120)
    vocabulary = desk.engine.knowledge.vocabulary
    if written:
        doubt = _doubt(written, vocabulary.read_medicine(written, country_of(visit)), vocabulary)
        offered = {value for value, _ in doubt["choices"]} if doubt else set()
        if doubt and meant != "as_written" and meant not in offered:
            errors = {"meant": "Choose what you mean, or keep the name as you wrote it"}
            return _medicines(request, desk, visit, 422, doubt=doubt, held=held, errors=errors)
        names = [written] if meant in ("as_written", "") else meant.split("+")
        entries: list[dict[str, Any]] = [{"name": name} for name in names]
        if doubt and meant == "as_written":
            entries[0]["as_written"] = True
    else:
        if not held["name"]:
            return _medicines(request, desk, visit, 422, held=held, errors={"name": "Write the name of a medicine"})
        doubt = _doubt(held["name"], vocabulary.read_medicine(held["name"], country_of(visit)), vocabulary)
        if doubt:
            return _medicines(request, desk, visit, doubt=doubt, held=held)
        entries = [{"name": held["name"]}]
    days = {key: held[key] for key in ("started", "stopped") if held[key]}
    block = [*(visit.medications or ()), *({**entry, **days} for entry in entries)]
    wrong = _keep(desk, visit, "medications", block) if len(block) <= MOST_LISTED else {"": "That are too many."}
    if wrong:
        field = "started" if days else "name"
        return _medicines(request, desk, visit, 422, held=held, errors={field: wrong[""]})
    return _after(desk, visit, "medicines")


def _doubt(name: str, read: MedicineName, vocabulary: Vocabulary) -> dict[str, Any] | None:
    """Return what may be meant by a name, None where it is known or nothing is like it."""
    if read.certainty == "near":
        choices = [(one, one) for one in vocabulary.medicine_candidates(name)]
        return {"written": name, "title": f"Did you mean one of these? You wrote “{name}”.", "choices": choices}
    if read.certainty == "by_country":
        choices = []
        for one in read.meanings:
            what = " and ".join(vocabulary.label(id) for id in one.ingredients)
            where = f" (sold so in {', '.join(one.countries)})" if one.countries else " (elsewhere)"
            choices.append(("+".join(one.ingredients), what + where))
        return {"written": name, "title": f"“{name}” is not the same everywhere. What is in yours?", "choices": choices}
    return None


@router.post("/medicines/like")
def medicines_like(desk: TheDesk, visit: TheVisit, form: TheForm) -> JSONResponse:
    """Return names of medicines that begin as the one being written."""
    vocabulary = desk.engine.knowledge.vocabulary
    begun = fold(text_of(form, "name", 60))
    if len(begun) < 3:
        return JSONResponse([])
    names: dict[str, str] = {}
    for one in vocabulary.medications.values():
        for name in (one.label, *one.also, *(brand.name for brand in one.brands)):
            folded = fold(name)
            if folded.startswith(begun):
                names.setdefault(folded, name.replace("_", " "))
    return JSONResponse(sorted(names.values(), key=len)[:6])


@router.post("/medicines/none")
def no_medicines(desk: TheDesk, visit: TheVisit, form: TheForm) -> RedirectResponse:
    """Keep that there are no medicines."""
    if not visit.medications:
        _keep(desk, visit, "medications", [])
    return _after(desk, visit, "exposures")


@router.post("/medicines/remove")
def remove_medicine(desk: TheDesk, visit: TheVisit, form: TheForm) -> RedirectResponse:
    """Take a medicine away; of the last one nothing is said any longer."""
    place = text_of(form, "place", 5)
    left = [one for n, one in enumerate(visit.medications or ()) if str(n) != place]
    _keep(desk, visit, "medications", left or None)
    return _after(desk, visit, "medicines")


# ---- contacts --------------------------------------------------------------------------------------------------------


def _exposures(request: Request, desk: Desk, visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    vocabulary = desk.engine.knowledge.vocabulary
    context = {"words": "", "found": [], "errors": {}} | more
    taken = {one["id"] for one in exposure_lines(visit, vocabulary) or []}
    whole = [(one.id, one.label) for one in vocabulary.exposures.values() if one.id not in taken]
    listed = exposure_lines(visit, vocabulary)
    return page(request, "exposures", status, visit=visit, listed=listed, whole=whole, **context)


@router.get("/exposures")
def exposures(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """Show the contacts, and a search for another."""
    return _exposures(request, desk, visit)


@router.post("/exposures/search")
def search_exposures(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm) -> HTMLResponse:
    """Show the contacts that have a word in their name."""
    words = text_of(form, "words", 60)
    if not words:
        return _exposures(request, desk, visit, 422, errors={"words": "Write a word to look for"})
    found = _exposures_like(words, desk.engine.knowledge.vocabulary)
    if not found:
        wrong = {"words": f"Nothing like “{words}” is known here. Try another word, or look at the whole list"}
        return _exposures(request, desk, visit, 422, words=words, errors=wrong)
    return _exposures(request, desk, visit, words=words, found=found)


def _exposures_like(words: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    wanted = [fold(one) for one in words.split() if fold(one)]
    found = []
    for one in vocabulary.exposures.values():
        names = (one.label, one.id, *one.also)
        folded = " ".join(fold(name) for name in names)
        if wanted and all(word in folded for word in wanted):
            found.append((one.id, one.label))
    if found:
        return found
    tokens = {t: one for one in vocabulary.exposures.values() for t in (*one.label.split(), *one.id.split("_"))}
    near = dict.fromkeys(tokens[name].id for word in words.split() for name in near_names(word, tokens))
    return [(id, vocabulary.label(id)) for id in near]


@router.post("/exposures")
def add_exposures(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm) -> Response:
    """Add what was chosen."""
    known = desk.engine.knowledge.vocabulary.exposures
    chosen = [str(one) for one in form.getlist("id") if str(one) in known]
    if not chosen:
        return _exposures(request, desk, visit, 422, errors={"words": "Choose at least one from the list"})
    _keep(desk, visit, "exposures", list(dict.fromkeys([*(visit.exposures or ()), *chosen])))
    return _after(desk, visit, "exposures")


@router.post("/exposures/none")
def no_exposures(desk: TheDesk, visit: TheVisit, form: TheForm) -> RedirectResponse:
    """Keep that there was no contact."""
    if not visit.exposures:
        _keep(desk, visit, "exposures", [])
    return _after(desk, visit, "labs")


@router.post("/exposures/remove")
def remove_exposure(desk: TheDesk, visit: TheVisit, form: TheForm) -> RedirectResponse:
    """Take a contact away."""
    id = text_of(form, "id", 80)
    left = [one for one in visit.exposures or () if (one.get("id") if isinstance(one, Mapping) else one) != id]
    _keep(desk, visit, "exposures", left or None)
    return _after(desk, visit, "exposures")


# ---- lab values ------------------------------------------------------------------------------------------------------

_FIELDS = ("value", "unit", "low", "high", "date")


def _labs(request: Request, desk: Desk, visit: Visit, lab: str, status: int = 200, **more: Any) -> HTMLResponse:
    known = desk.engine.knowledge
    chosen = None
    if lab:
        if lab not in known.labs:
            raise HTTPException(404, "There is no such test.")
        label = known.vocabulary.label(lab)
        chosen = {"id": lab, "label": label[:1].upper() + label[1:], "units": accepted_units(known.labs[lab])}
    labs = sorted(((id, known.vocabulary.label(id)) for id in known.labs), key=lambda one: one[1].lower())
    context = {"held": dict.fromkeys(_FIELDS, ""), "errors": {}} | more
    listed = lab_lines(visit, known.vocabulary)
    return page(
        request, "labs", status, visit=visit, lab=chosen, labs=labs, listed=listed,
        today=Date.today().isoformat(), **context,
    )  # fmt: skip


@router.get("/labs")
def labs(request: Request, desk: TheDesk, visit: TheVisit, lab: str = "") -> HTMLResponse:
    """Show the lab values, and a form for another."""
    return _labs(request, desk, visit, lab)


@router.post("/labs")
def add_lab(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm) -> Response:
    """Add a lab value as the laboratory printed it."""
    lab = text_of(form, "lab", 80)
    if lab not in desk.engine.knowledge.labs:
        raise HTTPException(404, "There is no such test.")
    held = {key: text_of(form, key, 40) for key in _FIELDS}
    errors = {}
    if not held["value"]:
        errors["value"] = "Write the number of the result"
    if not held["unit"]:
        errors["unit"] = "Choose the unit that is printed"
    if errors:
        return _labs(request, desk, visit, lab, 422, held=held, errors=errors)
    entry: dict[str, Any] = {"value": held["value"], "unit": held["unit"]}
    if held["low"] or held["high"]:
        entry["range"] = [held["low"] or None, held["high"] or None]
    if held["date"]:
        entry["date"] = held["date"]
    block: dict[str, Any] = dict(visit.labs or {})
    before = block.get(lab)
    many = before if isinstance(before, list) else [] if before is None else [before]
    block[lab] = [*many, entry] if many else entry
    wrong = _keep(desk, visit, "labs", block) if len(many) < MOST_LISTED else {"": "That are too many."}
    if wrong:
        return _labs(request, desk, visit, lab, 422, held=held, errors={"value": wrong[""]})
    return _after(desk, visit, "labs")


@router.post("/labs/remove")
def remove_lab(desk: TheDesk, visit: TheVisit, form: TheForm) -> RedirectResponse:
    """Take a lab value away."""
    lab, place = text_of(form, "id", 80), text_of(form, "place", 5)
    block: dict[str, Any] = dict(visit.labs or {})
    many = block.pop(lab, [])
    left = [one for n, one in enumerate(many if isinstance(many, list) else [many]) if str(n) != place]
    if left:
        block[lab] = left if len(left) > 1 else left[0]
    _keep(desk, visit, "labs", block or None)
    return _after(desk, visit, "labs")
