"""Every rule of the real knowledge: a case built from its condition fires it, and nothing lowers what it raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date as Date
from datetime import timedelta
from itertools import combinations, islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legtwitch.findings import FindingSet
from legtwitch.knowledge import Knowledge, load
from legtwitch.knowledge.condition import (
    REGIONS,
    AgeOf,
    Chosen,
    Compare,
    Condition,
    Count,
    Has,
    Known,
    Met,
    Not,
    Regions,
    leaves,
)
from legtwitch.model import Finding, Quantity, Truth, Urgency
from legtwitch.reasoning import urgency
from legtwitch.reasoning.criteria import facts_of
from legtwitch.reasoning.logic import evaluate
from legtwitch.reasoning.rules import OPEN_LEVELS, RANK
from legtwitch.units import convert

TODAY = Date(2026, 11, 22)
Answers = tuple[Finding, ...]
_MOST = 400
_ANY = "any value will do"


def solutions(condition: Condition, known: Knowledge, holds: Callable[[Answers], bool]) -> Iterator[Answers]:
    """Yield sets of answers under which `holds` is so, from the candidates that the tree itself names."""
    for answers in islice(_solve(condition, True, known, None), _MOST):
        if holds(answers):
            yield answers


def _solve(node: Condition, wanted: bool, known: Knowledge, region: str | None) -> Iterator[Answers]:
    match node:
        case Has(ref, where):
            yield (_flag(ref, dict(where), wanted, region),)
        case Compare(ref, op, limit, unit):
            yield (Finding(ref, Quantity(_beyond(op if wanted else _OPPOSITE[op], limit), unit)),)
        case AgeOf(ref, op, limit, unit):
            days = _beyond(op if wanted else _OPPOSITE[op], convert(limit, unit, "day"))
            yield (Finding(ref, "present", since=TODAY - timedelta(days=round(days))),)
        case Chosen(ref, any_of):
            definition = known.vocabulary.definition(ref)
            options = any_of if wanted else [one for one in definition.options if one not in any_of]  # type: ignore[union-attr]
            yield from ((Finding(ref, (one,)),) for one in options)
        case Known(ref):
            if wanted:
                yield (_some_value(ref, known),)
            else:
                yield ()
        case Met(criterion):
            yield from _solve(known.criteria()[criterion][1].when, wanted, known, region)
        case Not(child):
            yield from _solve(child, not wanted, known, region)
        case Count(minimum, children):
            yield from _several([(one, region) for one in children], minimum, wanted, known)
        case Regions(minimum, each):
            yield from _several([(each, one) for one in REGIONS], minimum, wanted, known)


def _several(
    children: list[tuple[Condition, str | None]], minimum: int, wanted: bool, known: Knowledge
) -> Iterator[Answers]:
    size = minimum if wanted else len(children) - minimum + 1
    for chosen in combinations(children, size):
        parts = [list(islice(_solve(one, wanted, known, region), 6)) for one, region in chosen]
        for row in product(*parts):
            told = [one for part in row for one in part]
            sure = {one.id for one in told if one.note != _ANY}
            yield tuple(one for one in told if one.note != _ANY or one.id not in sure)


_OPPOSITE = {"over": "at_most", "at_most": "over", "under": "at_least", "at_least": "under"}


def _beyond(op: str, limit: float) -> float:
    return {"over": limit + 1, "at_least": limit, "under": limit * 0.9, "at_most": limit}[op]


def _flag(ref: str, where: dict[str, str], wanted: bool, region: str | None) -> Finding:
    by = where.pop("by", "person")
    if region is not None:
        where["region"] = region
    return Finding(ref, "present" if wanted else "absent", by=by, attributes=where)  # type: ignore[arg-type]


def _some_value(ref: str, known: Knowledge) -> Finding:
    definition = known.vocabulary.definition(ref)
    assert definition is not None
    if definition.kind == "flag":
        return Finding(ref, "absent", note=_ANY)
    value = Quantity(1.0, definition.unit or "score") if definition.kind == "quantity" else definition.options[:1]
    return Finding(ref, value, note=_ANY)


# ---- the tests -------------------------------------------------------------------------------------------------------

KNOWN = load()
SCREEN_RULE = "R30"
LEVELS = [(rule.id, level.level) for rule in KNOWN.safety.rules for level in rule.levels if rule.id != SCREEN_RULE]


def judged(answers: Answers) -> Urgency:
    return urgency(FindingSet(answers, KNOWN, date=TODAY), KNOWN)


def condition_of(id: str, level: str) -> Condition:
    rule = next(rule for rule in KNOWN.safety.rules if rule.id == id)
    found: Condition = next(one.when for one in rule.levels if one.level == level)
    return found


@pytest.mark.parametrize(("id", "level"), LEVELS)
def test_answers_made_from_a_rule_fire_it(id: str, level: str) -> None:
    condition = condition_of(id, level)

    def fires(answers: Answers) -> bool:
        facts = facts_of(FindingSet(answers, KNOWN, date=TODAY), KNOWN)
        return evaluate(condition, facts).truth is Truth.TRUE

    answers = next(solutions(condition, KNOWN, fires), None)
    assert answers is not None, "no answers were found under which the rule holds"
    found = judged(answers)
    fired = {one.id: one for one in found.rules}
    assert id in fired
    assert RANK[fired[id].level] <= RANK[level]  # type: ignore[index]
    assert RANK[found.level] <= RANK[level]  # type: ignore[index]
    assert set(fired[id].because) <= {one.id for one in answers}
    assert fired[id].sources or fired[id].grade == "D"


def test_an_empty_case_fires_no_rule_and_leaves_every_urgent_one_open() -> None:
    found = judged(())
    assert found.level == "routine"
    assert found.rules == ()
    urgent = {id for id, level in LEVELS if level in OPEN_LEVELS}
    assert urgent <= {one.id for one in found.could_not_exclude}
    assert all(one.missing for one in found.could_not_exclude)


def flags_read() -> list[str]:
    """Return the flags that a rule reads outside of any `not`: its red flags."""

    def red(node: Condition) -> Iterator[str]:
        if isinstance(node, Not):
            return
        if isinstance(node, Met):
            yield from red(KNOWN.criteria()[node.criterion][1].when)
        elif isinstance(node, Count):
            for child in node.children:
                yield from red(child)
        elif isinstance(node, Regions):
            yield from red(node.each)
        elif isinstance(node, Has):
            yield node.ref

    return sorted({ref for rule in KNOWN.safety.rules for level in rule.levels for ref in red(level.when)})


FLAGS = flags_read() or ["felt_weakness"]
STATES = st.sampled_from(["present", "absent", "unknown", "not asked"])
QUANTITIES = st.fixed_dictionaries(
    {}, optional={"age": st.integers(0, 99).map(float), "weeks_pregnant": st.integers(1, 42).map(float)}
)
CASES = st.tuples(st.dictionaries(st.sampled_from(FLAGS), STATES, max_size=14), QUANTITIES, st.sampled_from(["GB", ""]))


def answers_of(case: tuple[dict[str, str], dict[str, float], str]) -> list[Finding]:
    flags, quantities, _ = case
    units = {"age": "year", "weeks_pregnant": "week"}
    told = [Finding(id, value) for id, value in flags.items() if value != "not asked"]  # type: ignore[arg-type]
    return told + [Finding(id, Quantity(value, units[id])) for id, value in quantities.items()]


@settings(max_examples=60, deadline=None)
@given(case=CASES, flag=st.sampled_from(FLAGS))
def test_a_further_red_flag_never_lowers_the_level(
    case: tuple[dict[str, str], dict[str, float], str], flag: str
) -> None:
    before = judged(tuple(answers_of(case)))
    raised = (case[0] | {flag: "present"}, *case[1:])
    after = judged(tuple(answers_of(raised)))  # type: ignore[arg-type]
    assert RANK[after.level] <= RANK[before.level]


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(case=CASES, flag=st.sampled_from(FLAGS))
def test_a_further_red_flag_never_lowers_the_level_in_thousands_of_cases(
    case: tuple[dict[str, str], dict[str, float], str], flag: str
) -> None:
    before = judged(tuple(answers_of(case)))
    raised = (case[0] | {flag: "present"}, *case[1:])
    after = judged(tuple(answers_of(raised)))  # type: ignore[arg-type]
    assert RANK[after.level] <= RANK[before.level]


def test_no_red_flag_alone_lowers_a_healthy_screen() -> None:
    screen = [id for one in KNOWN.vocabulary.screen.values() for id in one.sets]
    healthy = [Finding(id, "absent") for id in screen]
    healthy += [Finding("age", Quantity(34.0, "year")), Finding("sex", ("male",))]
    reached = RANK[judged(tuple(healthy)).level]
    for flag in FLAGS:
        told = [one for one in healthy if one.id != flag] + [Finding(flag, "present")]
        assert RANK[judged(tuple(told)).level] <= reached, flag


@settings(max_examples=40, deadline=None)
@given(case=CASES, order=st.randoms(use_true_random=False))
def test_unknown_equals_not_asked_and_the_order_does_not_matter(
    case: tuple[dict[str, str], dict[str, float], str], order: object
) -> None:
    told = answers_of(case)
    found = judged(tuple(told))
    shuffled = list(told)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judged(tuple(shuffled)).level == found.level
    known = [one for one in told if one.value != "unknown"]
    assert judged(tuple(known)).level == found.level


def test_every_criterion_and_rule_reads_ids_of_the_vocabulary() -> None:
    for rule in KNOWN.safety.rules:
        for level in rule.levels:
            for leaf in leaves(level.when):
                if not isinstance(leaf, Met):
                    assert KNOWN.vocabulary.definition(leaf.ref) is not None, (rule.id, leaf.ref)
