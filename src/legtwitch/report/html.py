"""The HTML report: one self-contained page, no network, printable, legible without colour."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from legtwitch.report import charts, charts_hours, charts_traces, detection_charts, night_words, words
from legtwitch.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2 import Environment

    from legtwitch.model import Assessment, CriterionResult, Detection, Score


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("legtwitch.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = words.number
    environment.filters["value"] = words.finding_value
    environment.filters["place"] = words.place
    environment.globals.update(
        RESULT=words.RESULT,
        MARK=words.LEVEL_MARK,
        GROUP=words.GROUP,
        INDEX=words.INDEX,
        IMMOBILISATION=words.IMMOBILISATION,
        GRADE=words.GRADE,
        OPEN_RULES=words.OPEN_RULES,
        MEASURE=words.MEASURE,
        counted=words.counted,
        other_rows=night_words.other_rows,
        myoclonus_words=night_words.myoclonus_words,
    )
    return environment


def _pictures(score: Score) -> list[charts.Chart]:
    drawn = [charts.night(score), charts_hours.hours(score), *(charts.intervals(score, rule) for rule in score.rules)]
    return [chart for chart in drawn if chart is not None]


def _not_known(assessment: Assessment, definitions: Sequence[CriterionResult]) -> list[str]:
    """Return the ids that a rule or a definition still waits for, each once, the urgent ones first."""
    waiting = [one for rule in assessment.urgency.could_not_exclude for one in rule.missing]
    waiting += [one for criterion in definitions for one in criterion.missing]
    return list(dict.fromkeys(waiting))


def render(assessment: Assessment) -> str:
    """Return the report of an assessment as one HTML document."""
    template = _environment().get_template("assessment.html.j2")
    label = _label_of(assessment.labels)
    spoken, unlikely, untouched = words.speaking(assessment.criteria, assessment.causes)
    playing, less_likely, resting = words.leading(assessment.causes)
    facts, meaning = words.meanings(assessment)
    return template.render(
        a=assessment,
        named=lambda ids, most=1000: words.named(tuple(ids), assessment.labels, most),
        pictures=_pictures,
        detection_pictures=lambda one: detection_charts.pictures(one, label),
        label=label,
        playing=playing,
        less_likely=less_likely,
        resting=resting,
        facts=facts,
        meaning=meaning,
        spoken=spoken,
        unlikely=unlikely,
        untouched=untouched,
        not_known=_not_known(assessment, spoken),
        source_numbers={source.id: number for number, source in enumerate(assessment.sources, 1)},
    )


def render_score(score: Score) -> str:
    """Return the report of one scored recording as one HTML document."""
    movements = {movement.id: movement for movement in (*score.movements, *score.left_out)}
    shown = [(one, movements[one.movement]) for one in score.traces]
    traces = [(charts_traces.trace(one, movement, score), movement) for one, movement in shown]
    template = _environment().get_template("score.html.j2")
    return template.render(score=score, pictures=_pictures, traces=traces, version=__version__)


def render_detection(detection: Detection, labels: Mapping[str, str]) -> str:
    """Return the report of one recording made awake as one HTML document. labels: vocabulary id → words."""
    label = _label_of(labels)
    return (
        _environment()
        .get_template("detection.html.j2")
        .render(
            detection=detection,
            detection_pictures=lambda one: detection_charts.pictures(one, label),
            label=label,
            version=__version__,
        )
    )


def _label_of(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda id: labels.get(id, id.replace("_", " "))
