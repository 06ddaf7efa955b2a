"""What follows: phenomena, tests, care and what holds it back, statements, and the causes not to be missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from legtwitch.model import (
    Advice,
    CauseResult,
    CriterionResult,
    MustNotMiss,
    PhenomenonResult,
    Truth,
    Urgency,
    Withheld,
)
from legtwitch.reasoning.chances import FLOOR
from legtwitch.reasoning.logic import Facts, evaluate

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Block, Care, Cause, Statement

IN_PLAY = 0.01
"""A cause's tests, care and facts are told from this probability on, if it explains a phenomenon that holds."""
REASSURANCE, SAFETY_NET = "reassurance", "safety_net"
_NAMED = 6
_RESULTS: Mapping[Truth, Literal["holds", "does_not_hold", "cannot_tell"]] = {
    Truth.TRUE: "holds",
    Truth.FALSE: "does_not_hold",
    Truth.UNKNOWN: "cannot_tell",
}


def phenomena(facts: Facts, knowledge: Knowledge) -> tuple[PhenomenonResult, ...]:
    """Return for every kind of movement whether it holds."""
    found = []
    for rule in knowledge.phenomena:
        outcome = evaluate(rule.when, facts)
        missing = outcome.missing if outcome.truth is Truth.UNKNOWN else ()
        because = () if outcome.truth is Truth.UNKNOWN else outcome.because
        label = knowledge.vocabulary.phenomena[rule.id].label
        found.append(PhenomenonResult(rule.id, label, _RESULTS[outcome.truth], because, missing))
    return tuple(found)


def in_play(rows: Sequence[CauseResult], seen: Sequence[PhenomenonResult], knowledge: Knowledge) -> tuple[Cause, ...]:
    """Return the causes whose tests, care and facts are told, the likeliest first."""
    holds = {one.id for one in seen if one.result == "holds"}
    return tuple(
        knowledge.causes[row.id]
        for row in rows
        if row.id in knowledge.causes
        and row.probability is not None
        and row.probability.value >= IN_PLAY
        and holds.intersection(knowledge.causes[row.id].explains)
    )


def tests(playing: Sequence[Cause], facts: Facts, knowledge: Knowledge) -> tuple[Advice, ...]:
    """Return the tests that follow: those whose condition is true, and those without one that a cause in play names."""
    named = {test for cause in playing for test in cause.tests}
    found = []
    for one in knowledge.tests.values():
        because = _because(one.when, one.id in named, facts)
        if because is not None:
            found.append(Advice(one.id, one.label, one.text, one.sources, one.grade, because))
    return tuple(found)


def statements(playing: Sequence[Cause], urgency: Urgency, facts: Facts, knowledge: Knowledge) -> tuple[Advice, ...]:
    """Return the sentences that hold here; one about reassurance only while the gate is open."""
    ids = {cause.id for cause in playing}
    facts_told = [one for cause in playing for one in cause.facts]
    found = []
    for one in (*knowledge.statements, *facts_told):
        named = one.about not in knowledge.causes or one.about in ids or one in facts_told
        because = _because(one.when, named, facts)
        if because is not None and (not one.comforts or urgency.reassurance):
            found.append(_said(one, one.id, knowledge.vocabulary.label(one.about), because))
    return tuple(found)


def _said(one: Statement, id: str, label: str, because: tuple[str, ...] = ()) -> Advice:
    return Advice(id, label, one.text, one.sources, one.grade, because)


def _because(when: object, named: bool, facts: Facts) -> tuple[str, ...] | None:
    """Return on what a condition rests that holds; without a condition, nothing where named; else None."""
    if when is None:
        return () if named else None
    outcome = evaluate(when, facts)  # type: ignore[arg-type]
    return outcome.because if outcome.truth is Truth.TRUE else None


# ---- care ------------------------------------------------------------------------------------------------------------


def care(
    playing: Sequence[Cause], urgency: Urgency, facts: Facts, knowledge: Knowledge
) -> tuple[tuple[Advice, ...], tuple[Withheld, ...]]:
    """Return the care that follows, and care that would fit but is held back, with the reason.

    Care is held back where one of its blocks is true (or unknown, where the block says so), and where trials show that
    it does no good. The reassuring sentence stands only while the gate is open.
    """
    named = {one for cause in playing for one in cause.care}
    given, withheld = [], []
    for one in knowledge.care.values():
        because = _because(one.when, one.id in named, facts)
        if because is None or one.id in (REASSURANCE, SAFETY_NET):
            continue
        reason = _held_back(one, facts)
        if reason:
            withheld.append(Withheld(one.id, one.label, reason))
        else:
            given.append(Advice(one.id, one.label, one.text, one.sources, one.grade, because))
    safety = knowledge.safety
    label = knowledge.vocabulary.label
    if urgency.reassurance:
        given.insert(0, _said(safety.reassurance, REASSURANCE, label(REASSURANCE)))
    else:
        withheld.insert(0, Withheld(REASSURANCE, label(REASSURANCE), " ".join(urgency.gate_shut_because)))
    given.append(Advice(SAFETY_NET, label(SAFETY_NET), "\n".join(safety.safety_net), (), "D"))
    return tuple(given), tuple(withheld)


def _held_back(one: Care, facts: Facts) -> str:
    reasons = [block.because for block in one.blocks if _blocks(block, facts)]
    if one.verdict in ("no_benefit", "harmful"):
        reasons.append(one.text)
    return " ".join(reasons)


def _blocks(block: Block, facts: Facts) -> bool:
    truth = evaluate(block.when, facts).truth
    return truth is Truth.TRUE or (block.unknown_too and truth is Truth.UNKNOWN)


# ---- not to be missed ------------------------------------------------------------------------------------------------


def must_not_miss(
    rows: Sequence[CauseResult], definitions: Sequence[CriterionResult], facts: Facts, knowledge: Knowledge
) -> tuple[MustNotMiss, ...]:
    """Return the dangerous causes whatever their rank: those in play first, then those of which something is known.

    In each group the order is that of harm, then of probability, so that a report may stop after the first dozen.
    """
    row = {one.id: one for one in rows}
    chance = {id: one.probability.value for id, one in row.items() if one.probability is not None}
    causes = [cause for cause in knowledge.causes.values() if cause.must_not_miss]
    said = {cause.id: _status(cause, row, definitions, facts, knowledge) for cause in causes}
    playing = {id for id, one in row.items() if one.in_play}
    causes.sort(
        key=lambda one: (one.id not in playing, not said[one.id][1], -one.harm, -chance.get(one.id, FLOOR), one.id)
    )
    return tuple(MustNotMiss(one.id, one.name, one.must_not_miss, said[one.id][0]) for one in causes)


def _status(
    cause: Cause,
    rows: Mapping[str, CauseResult],
    definitions: Sequence[CriterionResult],
    facts: Facts,
    knowledge: Knowledge,
) -> tuple[str, bool]:
    """Return what points to a cause and what was not looked for, never that it is excluded; and if anything is."""
    label = knowledge.vocabulary.label
    parts = []
    met = [one.label for one in definitions if one.cause == cause.id and one.result == "met"]
    pointing = [label(one.finding) for one in rows[cause.id].for_] if cause.id in rows else []
    if met:
        parts.append("definition met: " + "; ".join(met))
    if pointing:
        parts.append("points to it: " + "; ".join(pointing[:_NAMED]))
    reads = _reads(cause, knowledge)
    missing = [label(id) for id in reads if not facts.findings.known(id)]
    if not parts and len(missing) < len(reads):
        parts.append("nothing found so far that points to it")
    something = bool(parts)
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        parts.append("not looked for yet: " + "; ".join(missing[:_NAMED]) + more)
    return ". ".join(part[0].upper() + part[1:] for part in parts) + ".", something


def _reads(cause: Cause, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the findings that would tell of a cause, those of its constructs included, most telling first."""
    found: list[str] = []
    for one in sorted(cause.evidence, key=lambda evidence: -evidence.given):
        if one.finding is not None:
            found.append(one.finding)
        elif one.construct_id is not None:
            found += [shown.finding for shown in knowledge.constructs[one.construct_id].shown_by]
    return tuple(dict.fromkeys(found))
