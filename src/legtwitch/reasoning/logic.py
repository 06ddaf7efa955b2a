"""Three-valued evaluation of the condition tree over a set of findings.

Kleene's strong logic: what isn't known stays unknown until the rest of the tree decides without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Protocol

from legtwitch.errors import KnowledgeError
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
from legtwitch.knowledge.labs import comparable_units, convert_lab
from legtwitch.model import Finding, Quantity, Truth
from legtwitch.units import convert

if TYPE_CHECKING:
    from legtwitch.knowledge.schema import Criterion, Lab

# Two amounts in different units count as equal within this share: 100.4 degF is 38 degC whatever the last bit says.
_SAME_AMOUNT = 1e-9
_SECONDS_A_DAY = 86400.0


class Findings(Protocol):
    """What reasoning asks of a set of findings (`legtwitch.findings.FindingSet`)."""

    @property
    def date(self) -> Date | None:
        """The date of the case."""

    def state(self, ref: str, where: Mapping[str, str] | None = None, region: str | None = None) -> Truth:
        """Whether a flag, medicine (or class), exposure or person flag is present."""

    def quantity(self, ref: str) -> Quantity | None:
        """The newest known value."""

    def quantities(self, ref: str) -> tuple[Finding, ...]:
        """All known values, the newest first."""

    def chosen(self, ref: str) -> tuple[str, ...] | None:
        """The options chosen of a choice, None when not known."""

    def since(self, ref: str) -> Date | None:
        """The date from which it holds."""

    def asked(self, ref: str) -> bool:
        """Whether there is an answer, be it `unknown`."""

    def known(self, ref: str) -> bool:
        """Whether there is an answer other than `unknown`."""

    def entries(self, ref: str) -> tuple[Finding, ...]:
        """All entries of an id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a condition comes to.

    because: ids that make it true, or false. missing: ids whose answer could still change it; a false outcome has
    some only where it rests on something not being known.
    """

    truth: Truth
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Facts:
    """A set of findings with what is needed to read it: lab units and the published definitions, each worked out once.

    A condition that reads nothing of what was answered comes to the same in every case, so its outcome is taken from
    `blank`; every other branch of a tree is worked out once.

    Parameters
    ----------
    findings: the findings. criteria: id → definition. labs: id → lab, for its units.
    blank: facts of the same knowledge without any finding; None where each condition is to be worked out here.
    """

    __slots__ = (
        "_answered",
        "_blank",
        "_flags",
        "_open",
        "_outcomes",
        "_reads",
        "_unanswered",
        "_worked_out",
        "criteria",
        "findings",
        "labs",
    )

    def __init__(
        self,
        findings: Findings,
        criteria: Mapping[str, Criterion],
        labs: Mapping[str, Lab],
        blank: Facts | None = None,
    ) -> None:
        self.findings = findings
        self.criteria = criteria
        self.labs = labs
        self._blank = blank
        self._outcomes: dict[str, Outcome] = {}
        self._open: list[str] = []
        # By the id of a condition, which stands in the value so that it lives as long as its id is in use.
        self._worked_out: dict[tuple[int, str | None], tuple[Condition, Outcome]] = {}
        self._reads: dict[int, tuple[Condition, frozenset[str]]] = {}
        self._flags: dict[str, Outcome] = {}
        self._answered: set[str] = set()
        self._unanswered: set[str] = set()

    def outcome(self, condition: Condition, region: str | None) -> Outcome:
        """Return what a branch comes to, worked out once."""
        key = (id(condition), region)
        found = self._worked_out.get(key)
        if found is None:
            if self._blank is not None and self.untouched(self._blank.reads(condition)):
                outcome = self._blank.outcome(condition, region)
            else:
                outcome = _work_out(condition, self, region)
            found = self._worked_out[key] = (condition, outcome)
        return found[1]

    def reads(self, condition: Condition) -> frozenset[str]:
        """Return all ids that a tree reads, those of the definitions in it included."""
        found = self._reads.get(id(condition))
        if found is None:
            found = self._reads[id(condition)] = (condition, self._all_reads(condition))
        return found[1]

    def _all_reads(self, condition: Condition) -> frozenset[str]:
        refs: set[str] = set()
        seen: set[str] = set()
        waiting = [condition]
        while waiting:
            for leaf in leaves(waiting.pop()):
                if not isinstance(leaf, Met):
                    refs.add(leaf.ref)
                elif leaf.criterion not in seen and leaf.criterion in self.criteria:
                    seen.add(leaf.criterion)
                    waiting.append(self.criteria[leaf.criterion].when)
        return frozenset(refs)

    def flag(self, ref: str) -> Outcome:
        """Return whether a flag is present, at whatever place."""
        found = self._flags.get(ref)
        if found is None:
            truth = self.findings.state(ref) if self.answered(ref) else None
            found = self._flags[ref] = _leaf(ref, truth)
        return found

    def answered(self, ref: str) -> bool:
        """Return whether there is an answer, be it `unknown`."""
        if ref in self._answered:
            return True
        if ref in self._unanswered:
            return False
        asked = self.findings.asked(ref)
        (self._answered if asked else self._unanswered).add(ref)
        return asked

    def untouched(self, refs: frozenset[str]) -> bool:
        """Return whether nothing was answered of any of these ids."""
        if refs <= self._unanswered:
            return True
        if not refs.isdisjoint(self._answered):
            return False
        return not any(map(self.answered, refs))

    def criterion(self, name: str) -> Outcome:
        """Return the outcome of a published definition. Raises KnowledgeError when definitions rest on each other."""
        if name in self._outcomes:
            return self._outcomes[name]
        if name in self._open or name not in self.criteria:
            what = "rests on itself" if name in self._open else "is not defined"
            raise KnowledgeError("E911", f"The definition {name} {what}.", got=" → ".join([*self._open, name]))
        self._open.append(name)
        try:
            outcome = evaluate(self.criteria[name].when, self)
        finally:
            self._open.pop()
        self._outcomes[name] = outcome
        return outcome


def evaluate(condition: Condition, facts: Facts, *, region: str | None = None) -> Outcome:
    """Return whether a condition holds, on which findings that rests, and which could still change it.

    Parameters
    ----------
    condition: a tree of `knowledge.condition`. facts: the findings, with lab units and definitions.
    region: body region in which flags are looked up; None is anywhere.
    """
    kind = type(condition)
    if kind is Count or kind is Not or kind is Regions:
        return facts.outcome(condition, region)
    match condition:
        case Has(ref, where):
            return facts.flag(ref) if region is None and not where else _has(condition, facts, region)
        case Met(criterion):
            return facts.criterion(criterion)
        case Compare():
            return _compare(condition, facts)
        case Chosen(ref, any_of):
            chosen = facts.findings.chosen(ref)
            return _leaf(ref, None if chosen is None else any(option in any_of for option in chosen))
        case AgeOf():
            return _age_of(condition, facts.findings)
        case Known(ref):
            known = facts.findings.known(ref)
            return Outcome(Truth.TRUE if known else Truth.FALSE, (ref,), () if known else (ref,))
        case _:
            return facts.outcome(condition, region)


def _has(condition: Has, facts: Facts, region: str | None) -> Outcome:
    ref = condition.ref
    return _leaf(ref, facts.findings.state(ref, condition.where, region) if facts.answered(ref) else None)


def _work_out(condition: Condition, facts: Facts, region: str | None) -> Outcome:
    match condition:
        case Not(child):
            outcome = evaluate(child, facts, region=region)
            return Outcome(_NEGATED[outcome.truth], outcome.because, outcome.missing)
        case Count(minimum, children):
            return _count(minimum, [evaluate(child, facts, region=region) for child in children])
        case Regions(minimum, each):
            return _count(minimum, [evaluate(each, facts, region=one) for one in REGIONS])
        case _:
            return evaluate(condition, facts, region=region)


_NEGATED = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}


def _leaf(ref: str, truth: Truth | bool | None) -> Outcome:
    if truth is None or truth is Truth.UNKNOWN:
        return Outcome(Truth.UNKNOWN, (), (ref,))
    if isinstance(truth, bool):
        truth = Truth.TRUE if truth else Truth.FALSE
    return Outcome(truth, (ref,))


def _count(minimum: int, outcomes: list[Outcome]) -> Outcome:
    true, false, settled_true, settled_false = [], 0, 0, 0
    for one in outcomes:
        if one.truth is Truth.TRUE:
            true.append(one)
            settled_true += not one.missing
        elif one.truth is Truth.FALSE:
            false += 1
            settled_false += not one.missing
    if len(true) >= minimum:
        missing = () if settled_true >= minimum else joined(one.missing for one in outcomes)
        return Outcome(Truth.TRUE, joined(one.because for one in true), missing)
    if len(outcomes) - false < minimum:
        missing = () if len(outcomes) - settled_false < minimum else joined(one.missing for one in outcomes)
        because = joined(one.because for one in outcomes if one.truth is Truth.FALSE)
        return Outcome(Truth.FALSE, because, missing)
    because = joined(one.because for one in true) if true else ()
    return Outcome(Truth.UNKNOWN, because, joined(one.missing for one in outcomes))


def joined(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return all ids of several groups, each once, in order."""
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _compare(condition: Compare, facts: Facts) -> Outcome:
    """Compare the newest values: true where one of them is (two calves, two readings), false where all are not."""
    values = facts.findings.quantities(condition.ref)
    truths = [_compare_one(one, condition, facts.labs) for one in values if one.date == values[0].date]
    if True in truths:
        return _leaf(condition.ref, True)
    return _leaf(condition.ref, None if None in truths or not truths else False)


def _compare_one(finding: Finding, condition: Compare, labs: Mapping[str, Lab]) -> bool | None:
    quantity = finding.value
    if not isinstance(quantity, Quantity):
        return None
    value = _in_unit(quantity, condition.ref, condition.unit, labs)
    if value is None:
        return None
    same_unit = quantity.unit == condition.unit
    bound = finding.attributes.get("comparator", "")
    if not bound:
        return _holds(value, condition.op, condition.limit, same_unit)
    below = condition.op in ("under", "at_most")
    reached = _holds(value, "at_most" if bound == "<" else "at_least", condition.limit, same_unit)
    return (bound == "<") is below if reached else None


def _in_unit(quantity: Quantity, ref: str, unit: str, labs: Mapping[str, Lab]) -> float | None:
    """Return the value in a unit, or None for a lab value that nothing but a further quantity could convert."""
    if ref in labs:
        comparable = unit in comparable_units(labs[ref], quantity.unit)
        return convert_lab(labs[ref], quantity.value, quantity.unit, unit) if comparable else None
    try:
        return convert(quantity.value, quantity.unit, unit)
    except ValueError as error:
        raise KnowledgeError("E912", f"A condition on {ref} has a unit that its values can't have: {error}.") from error


def _holds(value: float, op: str, limit: float, same_unit: bool) -> bool:
    """Compare; bit for bit in the unit of the limit, within a billionth where the unit was converted."""
    equal = value == limit or (not same_unit and abs(value - limit) <= _SAME_AMOUNT * max(abs(value), abs(limit)))
    if equal:
        return op in ("at_least", "at_most")
    return value > limit if op in ("over", "at_least") else value < limit


def _age_of(condition: AgeOf, findings: Findings) -> Outcome:
    if findings.state(condition.ref) is Truth.FALSE:
        return _leaf(condition.ref, False)
    since = findings.since(condition.ref)
    if since is None or findings.date is None or since > findings.date:
        return _leaf(condition.ref, None)
    seconds = (findings.date - since).days * _SECONDS_A_DAY
    return _leaf(
        condition.ref, _holds(convert(seconds, "second", condition.unit), condition.op, condition.limit, False)
    )
