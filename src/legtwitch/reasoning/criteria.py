"""Published definitions, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from legtwitch.knowledge.condition import Condition, Count
from legtwitch.knowledge.condition_words import in_words
from legtwitch.model import CriterionItem, CriterionResult, Result, Truth
from legtwitch.reasoning.logic import Facts, Findings, Outcome, evaluate
from legtwitch.reasoning.prepared import prepare

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

RESULTS: Mapping[Truth, Result] = {Truth.TRUE: "met", Truth.FALSE: "not_met", Truth.UNKNOWN: "undetermined"}


def facts_of(findings: Findings, knowledge: Knowledge) -> Facts:
    """Return the findings ready to be read by conditions."""
    prepared = prepare(knowledge)
    return Facts(findings, prepared.definitions, knowledge.labs, prepared.blank)


def criteria(facts: Facts, knowledge: Knowledge) -> tuple[CriterionResult, ...]:
    """Return every definition of every cause with its lines, those met first, then by id."""
    found = []
    for name, (cause, criterion) in prepare(knowledge).criteria.items():
        outcome = facts.criterion(name)
        items = tuple(_item(line, facts, knowledge) for line in _lines(criterion.when))
        label = knowledge.vocabulary.label(name)
        result = RESULTS[outcome.truth]
        missing = outcome.missing if outcome.truth is Truth.UNKNOWN else ()
        found.append(CriterionResult(name, cause.id, label, result, missing, items, criterion.sources))
    order = ("met", "undetermined", "not_met")
    return tuple(sorted(found, key=lambda one: (order.index(one.result), one.id)))


def _lines(condition: Condition) -> tuple[Condition, ...]:
    """Return the children of a top-level `all`, else the one node."""
    if isinstance(condition, Count) and condition.minimum == len(condition.children):
        return condition.children
    return (condition,)


def _item(line: Condition, facts: Facts, knowledge: Knowledge) -> CriterionItem:
    outcome: Outcome = evaluate(line, facts)
    missing = outcome.missing if outcome.truth is Truth.UNKNOWN else ()
    return CriterionItem(
        line.label or in_words(line, knowledge.vocabulary), RESULTS[outcome.truth], outcome.because, missing
    )
