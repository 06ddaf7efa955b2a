"""What no single entry of the knowledge files can see: whether they agree with the vocabulary and with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from legtwitch.knowledge import check_causes, check_conditions, check_medicines, check_vocabulary
from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.labs import accepted_units, plausible
from legtwitch.knowledge.schema import AskedOption, Lab, LabUnits, RuleSet, Sourced
from legtwitch.model import LEVELS
from legtwitch.units import UNITS

_CONDITIONS = {"when", "requires", "relevant"}
_MUST_HAVE_CONDITION = ("PhenomenonRule", "Criterion", "RuleLevel", "Gate", "Block")
_FLAG_WORDS = ("present", "absent", "unknown")


def problems(knowledge: Knowledge) -> list[str]:
    """Return a line, with file and entry, for everything in which the knowledge contradicts itself."""
    found = [f"vocabulary.yaml: {one}" for one in check_vocabulary.problems(knowledge.vocabulary)]
    found += _everywhere(knowledge)
    found += check_causes.problems(knowledge)
    found += [f"urgency.yaml: {one}" for one in _safety(knowledge)]
    found += [f"questions.yaml: {one}" for one in _questions(knowledge)]
    found += [f"labs.yaml: {one}" for one in _labs(knowledge)]
    found += check_medicines.problems(knowledge)
    found += [f"rule_sets.yaml: {one}" for one in _rule_sets(knowledge)]
    found += _lists(knowledge)
    return found


def _entries(knowledge: Knowledge) -> Iterator[tuple[str, BaseModel]]:
    """Every entry of every file with `file: id`."""
    yield from ((f"causes/{id}.yaml", one) for id, one in knowledge.causes.items())
    yield "urgency.yaml", knowledge.safety
    files: dict[str, Iterable[BaseModel]] = {
        "phenomena": knowledge.phenomena,
        "constructs": knowledge.constructs.values(),
        "leaks": knowledge.leaks.values(),
        "questions": knowledge.questions,
        "tests": knowledge.tests.values(),
        "care": knowledge.care.values(),
        "statements": knowledge.statements,
        "labs": knowledge.labs.values(),
        "medicines": knowledge.medicines.values(),
        "exposures": knowledge.exposures.values(),
        "claims": knowledge.claims,
        "rule_sets": knowledge.rule_sets.values(),
    }
    for file, entries in files.items():
        for one in entries:
            yield f"{file}.yaml: {_name(one)}", one


def _name(entry: BaseModel) -> str:
    own = vars(entry)
    return str(own.get("id") or own.get("finding") or "")


def _inside(value: Any, place: str) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield place, value
        for name, one in vars(value).items():
            if one and isinstance(one, (BaseModel, tuple, dict)):
                yield from _inside(one, f"{place}: {name}")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _inside(one, f"{place} {key}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value, 1):
            if isinstance(one, BaseModel):
                yield from _inside(one, f"{place} {_name(one) or number}")


def _everywhere(knowledge: Knowledge) -> Iterator[str]:
    """Sources and conditions, wherever they stand."""
    defined = {id: one.when for id, (_, one) in knowledge.criteria().items()}
    used: set[str] = set()
    for start, entry in _entries(knowledge):
        for place, one in _inside(entry, start):
            cited = one.sources if isinstance(one, Sourced) else one.cite if isinstance(one, RuleSet) else ()
            used.update(cited)
            yield from (f"{place}: source {id} doesn't exist" for id in cited if id not in knowledge.sources)
            if isinstance(one, Sourced) and one.grade != "D" and _none_was_read(cited, knowledge):
                yield f"{place}: grade {one.grade} rests on what was not read ({', '.join(cited)})"
            for name in _CONDITIONS & type(one).model_fields.keys():
                condition = getattr(one, name)
                if condition is not None:
                    found = check_conditions.problems(condition, knowledge, defined)
                    yield from (f"{place}: {name}: {problem}" for problem in found)
                elif name == "when" and type(one).__name__ in _MUST_HAVE_CONDITION:
                    yield f"{place}: when: there must be a condition"
    yield from (f"criterion {id} rests on itself" for id in check_conditions.circles(defined))
    for number in ("doi", "pmid"):
        same = Counter(getattr(source, number) for source in knowledge.sources.values())
        yield from (f"sources: {number} {one} has several ids" for one, times in same.items() if one and times > 1)
    idle = [id for id, source in knowledge.sources.items() if id not in used and not source.listed]
    yield from (f"sources: {id}: nothing cites it and it isn't marked `listed`" for id in idle)


def _none_was_read(cited: Iterable[str], knowledge: Knowledge) -> bool:
    known = [knowledge.sources[id] for id in cited if id in knowledge.sources]
    return bool(known) and all(source.read == "not_read" for source in known)


def _safety(knowledge: Knowledge) -> Iterator[str]:
    safety = knowledge.safety
    yield from _twice("rule", (one.id for one in safety.rules))
    yield from _twice("gate", (one.id for one in safety.gate))
    yield from _twice("number of", (one.country for one in safety.numbers))
    for rule in safety.rules:
        levels = [LEVELS.index(one.level) for one in rule.levels]
        if not levels or levels != sorted(set(levels)):
            yield f"{rule.id}: levels must stand once each, the highest first"
        if not rule.near_miss.strip():
            yield f"{rule.id}: a near miss is missing"
    if safety.rules and {one.id for one in safety.levels} != set(LEVELS):
        yield f"levels: each of {', '.join(LEVELS)} must have its words"
    for one in safety.numbers:
        if len(one.country) != 2 or not one.country.isupper():
            yield f"numbers: {one.country} is no country code"


def _questions(knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary
    yield from _twice("question", (one.id for one in knowledge.questions))
    screen = [one for one in knowledge.questions if one.stage == "screen"]
    if knowledge.questions and [one.id for one in screen] != list(words.screen):
        yield "screen: must be the questions of the vocabulary's screen, in order"
    for question in screen:
        if question.id in words.screen:
            wanted = words.screen[question.id]
            asked = {id for option in question.options for id in (*option.sets, *option.enter)}
            for id in sorted(asked ^ {*wanted.sets, *wanted.person}):
                yield f"{question.id}: {id} is {'not ' if id in asked else ''}asked for by the vocabulary's screen"
    for question in knowledge.questions:
        yield from _twice(f"{question.id}: option", (one.label for one in question.options))
        if not question.options:
            yield f"{question.id}: no options"
        for option in question.options:
            yield from (f"{question.id}: {option.label}: {one}" for one in _option(option, knowledge))


def _option(option: AskedOption, knowledge: Knowledge) -> Iterator[str]:
    for id, value in option.sets.items():
        definition = knowledge.vocabulary.definition(id)
        if definition is None:
            yield f"{id} doesn't exist"
        elif definition.kind == "flag" and not (value in _FLAG_WORDS or isinstance(value, dict)):
            yield f"{id} can't be {value}"
        elif definition.kind == "choice":
            chosen = value if isinstance(value, list) else [value]
            allowed = (*definition.options, "absent", "unknown")
            yield from (f"{id} has no option {one}" for one in chosen if one not in allowed)
    for id, unit in option.enter.items():
        definition = knowledge.vocabulary.definition(id)
        if definition is None or definition.kind != "quantity":
            yield f"{id} is no quantity"
        elif not check_conditions.unit_fits(definition, unit, knowledge):
            yield f"{id} can't be given in {unit}"


def _labs(knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary.labs
    if knowledge.labs:
        yield from (f"{id}: is missing" for id in words if id not in knowledge.labs)
    for id, lab in knowledge.labs.items():
        if id not in words:
            yield f"{id}: isn't in the vocabulary"
            continue
        accepted = accepted_units(lab)
        yield from _twice(f"{id}: unit", accepted)
        yield from (f"{id}: the unit {unit} is missing" for unit in words[id].units if unit not in accepted)
        yield from (f"{id}: {one}" for group in (lab, *lab.separate) for one in _units(group))
        yield from (f"{id}: {one}" for one in _limits(lab, knowledge))
        yield from (f"{id}: reference: {one}" for one in _references(lab))


def _units(group: LabUnits) -> Iterator[str]:
    if group.factors.get(group.unit) != 1 or group.offsets.get(group.unit, 0) != 0:
        yield f"the base unit {group.unit} must have the factor 1"
    yield from (f"the factor of {unit} must be above 0" for unit, factor in group.factors.items() if not factor > 0)
    yield from (f"an offset for {unit}, which is no unit of it" for unit in group.offsets if unit not in group.factors)
    if not group.plausible[0] < group.plausible[1]:
        yield "the plausible span is empty"


def _references(lab: Lab) -> Iterator[str]:
    for one in lab.reference:
        ends = [end for end in (one.low, one.high) if end is not None]
        if one.unit not in accepted_units(lab):
            yield f"the unit {one.unit} isn't accepted"
        elif not ends or ends != sorted(set(ends)) or not all(plausible(lab, end, one.unit) for end in ends):
            yield f"{one.low} to {one.high} {one.unit} is no span that people have"


def _limits(lab: Lab, knowledge: Knowledge) -> Iterator[str]:
    for limit in lab.limits:
        finding = knowledge.vocabulary.findings.get(limit.finding)
        if finding is None or finding.kind != "flag" or "lab" not in finding.by:
            yield f"{limit.finding} is no flag that a lab can state"
        if limit.unit not in accepted_units(lab):
            yield f"{limit.finding}: the unit {limit.unit} isn't accepted"
            continue
        for edge in (limit.below, limit.above):
            if edge is not None and not plausible(lab, edge, limit.unit):
                yield f"{limit.finding}: the limit {edge} {limit.unit} isn't plausible"
        wrong_low = limit.below is not None and limit.clear is not None and limit.clear < limit.below
        wrong_high = limit.above is not None and limit.clear is not None and limit.clear > limit.above
        if wrong_low or wrong_high or (limit.printed and limit.clear is not None):
            yield f"{limit.finding}: `clear` lies on the wrong side of the limit"


def _rule_sets(knowledge: Knowledge) -> Iterator[str]:
    for id, one in knowledge.rule_sets.items():
        yield from _twice(f"{id}: parameter", (parameter.id for parameter in one.parameters))
        yield from _twice(f"{id}: reading", (reading.id for reading in one.readings))
        yield from (f"{id}: {p.id}: the unit {p.unit} isn't known" for p in one.parameters if p.unit not in UNITS)
        yield from (f"{id}: {r.id}: no values" for r in one.readings if not r.values)


def _lists(knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary
    yield from (f"phenomena.yaml: {one}" for one in _twice("phenomenon", (p.id for p in knowledge.phenomena)))
    for phenomenon in knowledge.phenomena:
        if phenomenon.id not in words.phenomena:
            yield f"phenomena.yaml: {phenomenon.id}: isn't in the vocabulary"
    yield from (f"care.yaml: {id}: isn't in the vocabulary" for id in knowledge.care if id not in words.care)
    places = {*words.attributes["site"].options, *words.attributes["muscle"].options}
    places.update(words.findings["twitch_body_site"].options)
    yield from (f"regions.yaml: {id}: is no site and no muscle" for id in knowledge.places if id not in places)
    yield from (f"statements.yaml: {one}" for one in _twice("statement", (s.id for s in knowledge.statements)))
    about = {*words.causes, *words.care, *words.phenomena, *words.criteria, *words.labs, *words.findings}
    about |= {*words.medications, *words.exposures, *knowledge.tests, *(one.id for one in knowledge.claims)}
    for statement in knowledge.statements:
        if statement.about and statement.about not in about:
            yield f"statements.yaml: {statement.id}: about {statement.about}, which doesn't exist"
    yield from (f"claims.yaml: {one}" for one in _twice("claim", (one.id for one in knowledge.claims)))
    for claim in knowledge.claims:
        yield from (f"claims.yaml: {claim.id}: there is no cause {id}" for id in claim.causes if id not in words.causes)


def _twice(what: str, ids: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {id} stands twice" for id, number in Counter(ids).items() if number > 1)
