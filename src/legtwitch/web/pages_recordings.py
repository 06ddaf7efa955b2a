"""Recordings: added, understood, corrected, looked through in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from legtwitch.errors import InputError
from legtwitch.model import RecordingReport
from legtwitch.store import Kept, Visit
from legtwitch.web.desk import Desk, TheDesk, TheForm, TheVisit, go, page, text_of
from legtwitch.web.engine import read_result
from legtwitch.web.lines import recording_words
from legtwitch.web.upload import take

router = APIRouter(include_in_schema=False, prefix="/visit/{visit_id}")
ROLES = {
    "leg_left": "left leg",
    "leg_right": "right leg",
    "leg_both": "both legs in one channel",
    "leg_unknown": "a leg, not known which",
    "emg_other": "another muscle",
    "ecg": "heart",
    "eeg": "brain waves",
    "eog": "eyes",
    "respiration": "breathing",
    "acceleration": "acceleration",
    "rotation": "rotation",
    "other": "something else",
}
UNITS = ("V", "mV", "uV", "g", "mg", "m/s2")
MOST_RECORDINGS = 50
MOST_CHANNELS = 200
"""So many are shown to be corrected."""
BUSY = ("waiting", "working")


def _kept(desk: Desk, visit: Visit, recording_id: str) -> Kept:
    kept = desk.store.recording(recording_id)
    if kept is None or kept.visit != visit.id:
        raise HTTPException(404, "This recording is not here. It may have been deleted.")
    return kept


def _list(request: Request, desk: Desk, visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    listed = desk.store.recordings(visit.id)
    most = f"{desk.settings.most_bytes / 1e6:,.0f} MB"
    return page(request, "recordings", status, visit=visit, listed=listed, words=recording_words, most=most, **more)


@router.get("/recordings")
def recordings(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """Show the recordings, and a field to add one."""
    return _list(request, desk, visit)


@router.post("/recordings/upload")
async def upload(request: Request, desk: TheDesk, visit: TheVisit) -> Response:
    """Take a file in, and say what was understood of it."""
    try:
        if len(desk.store.recordings(visit.id)) >= MOST_RECORDINGS:
            return _list(request, desk, visit, 422, errors={"file": "There are too many recordings here"})
        taken = await take(request, desk.store, desk.settings)
        id = desk.store.add_recording(visit.id, taken.name, taken.sha256, taken.size)
    except InputError as error:
        empty = error.code == "E272"
        told = "Choose a file first; an empty file can't be used" if empty else f"{error.message} {error.do}".strip()
        return _list(request, desk, visit, 422, errors={"file": told})
    await run_in_threadpool(_understand, desk, id)
    return go(f"/visit/{visit.id}/recordings/{id}")


def _understand(desk: Desk, id: str) -> None:
    """Look into a new file and keep what was understood, or why it can't be read."""
    kept = desk.store.recording(id)
    if kept is None:
        return
    try:
        desk.jobs.understand(kept)
    except InputError as error:
        said = " ".join(f"{error.message} {error.do}".split())
        desk.store.set_recording(id, state="failed", said=said[:2000])


@router.get("/recordings/{recording_id}")
def recording(request: Request, desk: TheDesk, visit: TheVisit, recording_id: str) -> HTMLResponse:
    """Show what was understood of a file, what is wrong with it and what was found."""
    kept = _kept(desk, visit, recording_id)
    if kept.check is None and kept.state == "added":  # it came with a saved case
        _understand(desk, kept.id)
    return _one(request, desk, visit, _kept(desk, visit, recording_id))


def _one(request: Request, desk: Desk, visit: Visit, kept: Kept, status: int = 200, **more: Any) -> HTMLResponse:
    vocabulary = desk.engine.knowledge.vocabulary
    packed = desk.store.result(kept.id) if kept.has_result else None
    report: RecordingReport | None = read_result(kept, packed)[0] if packed else None
    others = [one for one in desk.store.recordings(visit.id) if one.id != kept.id and _is_marks(one)]
    return page(
        request,
        "recording",
        status,
        visit=visit,
        kept=kept,
        check=kept.check,
        busy=kept.state in BUSY,
        progress=desk.jobs.progress(kept.id),
        report=report,
        others=others,
        roles=ROLES,
        units=UNITS,
        modalities=[(one.id, one.label) for one in vocabulary.modalities.values()],
        muscles=vocabulary.attributes["muscle"].options,
        **more,
    )


def _is_marks(kept: Kept) -> bool:
    return kept.check is not None and not kept.check["channels"]


@router.post("/recordings/{recording_id}")
def look_through(request: Request, desk: TheDesk, visit: TheVisit, form: TheForm, recording_id: str) -> Response:
    """Keep what was corrected and look through the recording."""
    kept = _kept(desk, visit, recording_id)
    if kept.check is None or kept.state in BUSY:
        return go(f"/visit/{visit.id}/recordings/{kept.id}")
    vocabulary = desk.engine.knowledge.vocabulary
    allowed: Mapping[str, tuple[str, ...]] = {
        "modality": tuple(vocabulary.modalities),
        "muscle": vocabulary.attributes["muscle"].options,
        "side": vocabulary.attributes["side"].options,
        "unit": UNITS,
    }
    options: dict[str, Any] = {key: text for key, may in allowed.items() if (text := text_of(form, key, 80)) in may}
    rate = text_of(form, "rate", 20).replace(",", ".")
    if rate:
        if not rate.replace(".", "", 1).isdigit() or not 0 < float(rate) <= 100_000:
            return _one(request, desk, visit, kept, 422, errors={"rate": "Write a number of samples, such as 256"})
        options["rate"] = float(rate)
    roles = {}
    for place, channel in enumerate(kept.check["channels"][:MOST_CHANNELS]):
        said = text_of(form, f"role-{place}", 40)
        if said in ROLES and said != channel["role"]:
            roles[channel["name"]] = said
    marks = {one.id for one in desk.store.recordings(visit.id) if one.id != kept.id and _is_marks(one)}
    events = [str(one) for one in form.getlist("events") if str(one) in marks]
    options |= ({"roles": roles} if roles else {}) | ({"events": events} if events else {})
    desk.store.set_recording(kept.id, options=options)
    desk.jobs.add(kept.id)
    return go(f"/visit/{visit.id}/recordings/{kept.id}")


@router.get("/recordings/{recording_id}/state")
def state(desk: TheDesk, visit: TheVisit, recording_id: str) -> JSONResponse:
    """Say how far the work on a recording is."""
    kept = _kept(desk, visit, recording_id)
    return JSONResponse({"busy": kept.state in BUSY, "state": kept.state, "progress": desk.jobs.progress(kept.id)})


@router.post("/recordings/{recording_id}/cancel")
def cancel(desk: TheDesk, visit: TheVisit, form: TheForm, recording_id: str) -> RedirectResponse:
    """Stop the work on a recording."""
    kept = _kept(desk, visit, recording_id)
    if kept.state in BUSY:
        desk.jobs.cancel(kept.id)
    return go(f"/visit/{visit.id}/recordings/{kept.id}")


@router.post("/recordings/{recording_id}/remove")
def remove(desk: TheDesk, visit: TheVisit, form: TheForm, recording_id: str) -> RedirectResponse:
    """Delete a recording for good."""
    kept = _kept(desk, visit, recording_id)
    if kept.state in BUSY:
        desk.jobs.cancel(kept.id)
    desk.store.remove_recording(kept.id)
    desk.engine.forget()
    return go(f"/visit/{visit.id}/recordings")
