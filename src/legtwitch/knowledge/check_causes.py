"""Whether causes, constructs and leaks agree with the vocabulary and count nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.schema import Cause, Chance, Evidence, Leak, Prior, Risk

ADULT_AGES = range(18, 101)
_AGE = re.compile(r"(\d*)-(\d*)")


def problems(knowledge: Knowledge) -> Iterator[str]:
    """Yield a line for each problem, beginning with the name of the cause's file."""
    for cause in knowledge.causes.values():
        for one in (*_agrees(cause, knowledge), *_evidence(cause, knowledge), *_priors(cause)):
            yield f"causes/{cause.id}.yaml: {one}"
    yield from _observations(knowledge)


def ages(written: str | None) -> range | None:
    """Return the years that `20-79`, `65-` or `-15` stand for (None: all of 0 to 150), or None if unreadable."""
    if written is None:
        return range(151)
    match = _AGE.fullmatch(written)
    if match is None or written == "-":
        return None
    return range(int(match[1] or 0), int(match[2] or 150) + 1)


def _agrees(cause: Cause, knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary
    word = words.causes.get(cause.id)
    if word is None:
        yield "isn't in the vocabulary"
        return
    if word.group != cause.group:
        yield f"group {cause.group}, but {word.group} in the vocabulary"
    if word.label.casefold() != cause.name.casefold():
        yield f"name {cause.name}, but {word.label} in the vocabulary"
    for system, code in word.codes.items():
        if cause.codes.get(system, code) != code:
            yield f"code {system} {cause.codes[system]}, but {code} in the vocabulary"
    for id in cause.criteria:
        if id not in words.criteria or words.criteria[id].cause != cause.id:
            yield f"criterion {id} isn't one of this cause in the vocabulary"
    yield from (f"explains {id}, which is no phenomenon" for id in cause.explains if id not in words.phenomena)
    yield from (f"test {id} doesn't exist" for id in cause.tests if id not in knowledge.tests)
    yield from (f"care {id} doesn't exist" for id in cause.care if id not in knowledge.care)


def _evidence(cause: Cause, knowledge: Knowledge) -> Iterator[str]:
    inside = {shown.finding: one.id for one in knowledge.constructs.values() for shown in one.shown_by}
    for one in cause.evidence:
        target = one.finding or one.construct_id
        if one.finding in inside:
            yield f"evidence {target}: it tells of {inside[one.finding]}, which the cause must speak to instead"
        elif one.finding is not None and one.finding not in knowledge.leaks:
            yield f"evidence {target}: leaks.yaml doesn't have it"
        elif one.construct_id is not None and one.construct_id not in knowledge.constructs:
            yield f"evidence {target}: there is no such construct"
        yield from _order(f"evidence {target}", one)
    targets = Counter(one.finding or one.construct_id for one in cause.evidence)
    yield from (f"evidence {target} stands twice" for target, number in targets.items() if number > 1)
    for risk in cause.risk:
        if risk.when is None and not _is_flag(risk.finding, knowledge):
            yield f"risk {risk.finding}: is no flag, medicine or exposure, and `when` doesn't tell when it holds"
        yield from _order(f"risk {risk.finding}", risk)


def _priors(cause: Cause) -> Iterator[str]:
    for prior in cause.prior:
        if ages(prior.applies.age) is None:
            yield f"prior: the age {prior.applies.age} isn't written as 20-79, 65- or -15"
        yield from _order("prior", prior)
    general = [one for one in cause.prior if one.applies.setting in (None, "community")]
    for sex in ("female", "male"):
        missing = [age for age in ADULT_AGES if not any(_is_for(one, sex, age) for one in general)]
        if missing:
            yield f"prior: none for a {sex} adult of {missing[0]} years in the community"


def _is_for(prior: Prior, sex: str, age: int) -> bool:
    return prior.applies.sex in (None, sex) and age in (ages(prior.applies.age) or ())


def _observations(knowledge: Knowledge) -> Iterator[str]:
    """Constructs and leaks, each finding in one place only."""
    shown = Counter(one.finding for construct in knowledge.constructs.values() for one in construct.shown_by)
    yield from (f"constructs.yaml: {id} is shown twice" for id, number in shown.items() if number > 1)
    for construct in knowledge.constructs.values():
        yield from (f"constructs.yaml: {one}" for one in _order(construct.id, construct.leak))
        for one in construct.shown_by:
            if one.when is None and not _is_flag(one.finding, knowledge):
                yield f"constructs.yaml: {construct.id}: {one.finding} is no flag and `when` doesn't tell when it holds"
    for leak in knowledge.leaks.values():
        yield from (f"leaks.yaml: {one}" for one in _order(leak.finding, leak))
        if leak.when is None and not _is_flag(leak.finding, knowledge):
            yield f"leaks.yaml: {leak.finding}: is no flag and `when` doesn't tell when it holds"


def _is_flag(id: str, knowledge: Knowledge) -> bool:
    definition = knowledge.vocabulary.definition(id)
    return definition is not None and definition.kind == "flag"


def _order(what: str, one: Chance | Leak | Evidence | Risk) -> Iterator[str]:
    value = one.given if isinstance(one, Evidence) else one.odds_ratio if isinstance(one, Risk) else one.value
    low = value if one.low is None else one.low
    high = value if one.high is None else one.high
    if not low <= value <= high:
        yield f"{what}: {low} <= {value} <= {high} isn't so"
