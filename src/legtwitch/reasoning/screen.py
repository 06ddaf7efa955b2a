"""The mandatory screen: which of its answers are needed from this person, and which are still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legtwitch.model import Truth
from legtwitch.reasoning.logic import Findings
from legtwitch.units import convert

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

PREGNANCY_AGE = (10.0, 60.0)
"""Years of age, ends included, outside which pregnancy isn't asked about."""


def needed(findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids of all screen answers that this person has to give, in the order of the screen.

    The age always; pregnancy unless the sex is male or the age lies outside `PREGNANCY_AGE`; weeks only in pregnancy.
    """
    ids = [one for question in knowledge.vocabulary.screen.values() for one in question.sets]
    return (*ids, "age", *(("pregnant",) if _may_be_pregnant(findings) else ()), *_weeks(findings))


def unanswered(findings: Findings, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the needed ids that have no answer, or the answer `unknown`."""
    return tuple(one for one in needed(findings, knowledge) if not findings.known(one))


def irrelevant(findings: Findings) -> frozenset[str]:
    """Return person keys that don't apply to this person: never asked."""
    if _may_be_pregnant(findings):
        state = findings.state("pregnant")
        dropped = {Truth.TRUE: {"postpartum_weeks"}, Truth.FALSE: {"weeks_pregnant"}, Truth.UNKNOWN: set[str]()}
        return frozenset(dropped[state])
    return frozenset({"pregnant", "weeks_pregnant", "postpartum_weeks", "breastfeeding"})


def _weeks(findings: Findings) -> tuple[str, ...]:
    return ("weeks_pregnant",) if findings.state("pregnant") is Truth.TRUE else ()


def _may_be_pregnant(findings: Findings) -> bool:
    """Return False only where sex or age speaks against it; what the person said of a pregnancy itself goes first."""
    if findings.state("pregnant") is Truth.TRUE:
        return True
    if findings.chosen("sex") == ("male",):
        return False
    age = findings.quantity("age")
    if age is None:
        return True
    low, high = PREGNANCY_AGE
    return low <= convert(age.value, age.unit, "year") <= high
