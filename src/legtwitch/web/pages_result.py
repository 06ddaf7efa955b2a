"""The result, and the documents of it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from legtwitch import api
from legtwitch.model import Assessment, CauseResult, Influence
from legtwitch.store import Visit
from legtwitch.web.desk import Desk, TheDesk, TheVisit, page
from legtwitch.web.lines import value_in_words

router = APIRouter(include_in_schema=False, prefix="/visit/{visit_id}")
MOST_CAUSES = 5
"""So many causes are shown open; the rest stands behind a click, the full report has all."""
MOST_REASONS = 5
LEAST_LOG_ODDS = 0.2
"""What moves a cause by less than about a fifth is not worth a line."""
_WORRY = "health_worry"
_THROUGH = "through what it says of other causes"


@router.get("/result")
def result(request: Request, desk: TheDesk, visit: TheVisit) -> HTMLResponse:
    """Show what to do and how soon, then everything else."""
    found = desk.engine.assessment(visit)
    fits, lesser = causes_shown(found)
    left = f"/visit/{visit.id}/question" if found.next_question is not None else ""
    return page(
        request,
        "result",
        visit=visit,
        a=found,
        fits=fits,
        lesser=lesser,
        holding=[one for one in found.phenomena if one.result == "holds"],
        open=[one for one in found.urgency.could_not_exclude if one.askable],
        reports=found.recordings,
        care=[one for one in found.care if one.id not in ("reassurance", "safety_net")],
        withheld=[one for one in found.care_withheld if one.id != "reassurance"],
        worried=any(one.id == _WORRY and one.value == "present" for one in found.findings),
        left=left or _more(desk, visit),
        unsafe=found.next_question is not None and found.next_question.mandatory,
    )


def _more(desk: Desk, visit: Visit) -> str:
    unsaid = visit.medications is None or bool(desk.engine.open_home_tests(visit))
    return f"/visit/{visit.id}/more" if unsaid and visit.level != "emergency" else ""


@dataclass(frozen=True, slots=True)
class ShownCause:
    """A cause as the page shows it: what speaks for it and against it, in words without figures."""

    id: str
    name: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


def causes_shown(found: Assessment) -> tuple[list[ShownCause], list[ShownCause]]:
    """Return the causes that something speaks for, at most `MOST_CAUSES`, and the others in play.

    Figures are left to the full report: a number beside the name of an illness is what frightens most.
    """
    playing = [_shown(one, found) for one in found.causes if one.in_play and one.id != "other"]
    fits = [one for one in playing if one.speaks_for][:MOST_CAUSES]
    return fits, [one for one in playing if one not in fits]


def _shown(cause: CauseResult, found: Assessment) -> ShownCause:
    return ShownCause(cause.id, cause.name, _told(cause.for_, found), _told(cause.against, found))


def _told(influences: tuple[Influence, ...], found: Assessment) -> tuple[str, ...]:
    """Return the findings that speak of the cause itself, as the person told them."""
    direct = [one for one in influences if _THROUGH not in one.text and abs(one.log_odds) >= LEAST_LOG_ODDS]
    return tuple(dict.fromkeys(_in_words(one, found) for one in direct[:MOST_REASONS]))


def _in_words(influence: Influence, found: Assessment) -> str:
    label = found.labels.get(influence.finding, influence.finding.replace("_", " "))
    told = [one for one in found.findings if one.id == influence.finding]
    if not told or told[0].value == "present":
        return label
    if told[0].value == "absent":
        return f"not so: {label}"
    return f"{label}: {value_in_words(told[0])}"


@router.get("/report.html")
def report_html(desk: TheDesk, visit: TheVisit) -> Response:
    """Give out the full report as one page that needs nothing else."""
    return _document(desk, visit, "html", "text/html; charset=utf-8")


@router.get("/report.json")
def report_json(desk: TheDesk, visit: TheVisit) -> Response:
    """Give out the assessment for programs."""
    return _document(desk, visit, "json", "application/json")


def _document(desk: Desk, visit: Visit, kind: str, media: str) -> Response:
    text = api.render(desk.engine.assessment(visit), kind)
    name = f"legtwitch-{visit.date.isoformat()}.{kind}"
    return Response(text, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})
