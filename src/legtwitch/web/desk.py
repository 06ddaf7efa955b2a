"""What all pages share: the store, the engine, the work on recordings, and how a page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from legtwitch import api
from legtwitch.model import Score
from legtwitch.report import charts, detection_charts
from legtwitch.report.html import _environment as report_environment
from legtwitch.store import Store, Visit
from legtwitch.web import codes
from legtwitch.web.engine import Engine
from legtwitch.web.guard import csrf_holds
from legtwitch.web.jobs import Jobs
from legtwitch.web.settings import Settings

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # the system's language is not the page's


MARKS = {
    "emergency": "Now",
    "same_day": "Today",
    "two_weeks": "Within two weeks",
    "routine": "Ordinary appointment",
    "self_care": "At home for now",
}
"""The report's own marks shout with three exclamation marks; a page that one person reads need not."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of a running app."""

    settings: Settings
    store: Store
    engine: Engine
    jobs: Jobs


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _visit(request: Request, visit_id: str) -> Visit:
    visit = _desk(request).store.visit(visit_id)
    if visit is None:
        raise HTTPException(404, "These answers are not here. They may have been deleted.")
    return visit


async def _sent(request: Request) -> FormData:
    """Return the form that was sent, if it carries the secret word."""
    form = await request.form(max_files=0, max_fields=400)
    if not csrf_holds(_desk(request).settings, form.get("csrf")):
        raise HTTPException(403, old_form())
    return form


def old_form() -> str:
    """Return what is said of a form without its secret word."""
    return f"{codes.FORM_OLD}: This page is older than this run of legtwitch. Open it again and send it once more."


TheDesk = Annotated[Desk, Depends(_desk)]
TheVisit = Annotated[Visit, Depends(_visit)]
TheForm = Annotated[FormData, Depends(_sent)]


def text_of(form: FormData, name: str, most: int = 200) -> str:
    """Return a field of a form as text, blanks around it taken away; empty where it is missing."""
    value = form.get(name)
    return value.strip()[:most] if isinstance(value, str) else ""


def length_in_words(seconds: float) -> str:
    """Return a length of time for people."""
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def day_in_words(day: Date) -> str:
    """Return a day for people, such as 26 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def focusable(html: str) -> Markup:
    """Return parts of a report in which what may have to be scrolled can be reached by keyboard."""
    table = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
    return Markup(str(html).replace('<div class="scroll">', table).replace("<figure>", '<figure tabindex="0">'))


def pictures(score: Score) -> list[charts.Chart]:
    """Return the pictures of a scored night, the night itself first."""
    drawn = [charts.night(score), *(charts.intervals(score, rule) for rule in score.rules)]
    return [chart for chart in drawn if chart is not None]


def label(id: str) -> str:
    """Return the words for an id of the vocabulary."""
    known = api.load_knowledge().vocabulary.label(id)
    return known if known != id else id.replace("_", " ")


@cache
def charts_style() -> str:
    """Return the part of the report's own style that its pictures need."""
    text = files("legtwitch.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if line.startswith("svg ")) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("legtwitch.web"), PrefixLoader({"report": PackageLoader("legtwitch.report")})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What a scored recording shows is drawn by the report's own parts, with the report's own words.
    environment.filters.update(report_environment().filters)
    environment.globals.update(report_environment().globals)
    environment.filters["length_in_words"] = length_in_words
    environment.filters["day"] = day_in_words
    environment.filters["focusable"] = focusable
    environment.globals["pictures"] = pictures
    environment.globals["detection_pictures"] = lambda one: detection_charts.pictures(one, label)
    environment.globals["label"] = label
    environment.globals["MARK"] = MARKS
    return environment


def page(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page drawn from a template."""
    context.setdefault("errors", {})
    template = _environment().get_template(f"{name}.html.j2")
    return HTMLResponse(template.render(csrf=request.state.csrf, **context), status)


def go(to: str) -> RedirectResponse:
    """Return a redirect after a form, so that going back sends nothing twice."""
    return RedirectResponse(to, 303)
