"""The assessment: all of reasoning strung together over one case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from legtwitch.findings import FindingSet, findings_from_labs
from legtwitch.model import (
    Assessment,
    Case,
    Finding,
    Question,
    RecordingReport,
    SourceNote,
    Urgency,
)
from legtwitch.reasoning import advice, rules
from legtwitch.reasoning.criteria import criteria, facts_of
from legtwitch.reasoning.explanation import causes
from legtwitch.reasoning.logic import Findings
from legtwitch.reasoning.network import network
from legtwitch.reasoning.questions import ask_next
from legtwitch.version import __version__

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Source


def urgency(finding_set: Findings, knowledge: Knowledge) -> Urgency:
    """Return how soon to be seen, by rules alone."""
    return rules.urgency(facts_of(finding_set, knowledge), knowledge)


def next_question(finding_set: Findings, knowledge: Knowledge) -> Question | None:
    """Return the question to ask next, or None when the interview is over."""
    return ask_next(facts_of(finding_set, knowledge), knowledge)


def urgency_of(case: Case, knowledge: Knowledge) -> Urgency:
    """Return how soon to be seen for a case, without recordings."""
    return urgency(_finding_set(case, knowledge), knowledge)


def next_question_of(case: Case, knowledge: Knowledge) -> Question | None:
    """Return the question to ask next in a case, or None when the interview is over."""
    return next_question(_finding_set(case, knowledge), knowledge)


def _finding_set(case: Case, knowledge: Knowledge, extra: Sequence[Finding] = ()) -> FindingSet:
    """Return all findings of a case, what its lab values mean in words included."""
    from_labs = (one for one in findings_from_labs(case.labs, knowledge) if one not in case.findings)
    found = (*case.findings, *from_labs, *extra)
    return FindingSet(found, knowledge, date=case.date, complete_lists=case.complete_lists)


def assess(
    case: Case,
    knowledge: Knowledge,
    *,
    recordings: Sequence[RecordingReport] = (),
    extra: Sequence[Finding] = (),
) -> Assessment:
    """Return everything that a report shows of a case.

    Parameters
    ----------
    case: a case, understood. recordings: what scoring made of its recordings. extra: findings from them.
    """
    finding_set = _finding_set(case, knowledge, extra)
    facts = facts_of(finding_set, knowledge)
    level = rules.urgency(facts, knowledge)
    seen = advice.phenomena(facts, knowledge)
    holding = {one.id for one in seen if one.result == "holds"}
    rows = causes(network(facts, knowledge), knowledge, holding)
    definitions = criteria(facts, knowledge)
    playing = advice.in_play(rows, seen, knowledge)
    given, withheld = advice.care(playing, level, facts, knowledge)
    parts: dict[str, Any] = {
        "urgency": level,
        "phenomena": seen,
        "criteria": definitions,
        "causes": rows,
        "must_not_miss": advice.must_not_miss(rows, definitions, facts, knowledge),
        "next_question": ask_next(facts, knowledge),
        "statements": advice.statements(playing, level, facts, knowledge),
        "tests": advice.tests(playing, facts, knowledge),
        "care": given,
        "care_withheld": withheld,
        "findings": finding_set.findings,
        "medicines": case.medicines,
    }
    return Assessment(
        **parts,
        recordings=tuple(recordings),
        labels=_labels(parts.values(), knowledge),
        sources=_cited(parts.values(), knowledge),
        provenance=_provenance(knowledge),
        notice=knowledge.safety.not_a_device,
        safety_net=knowledge.safety.safety_net,
        date=case.date,
    )


def _provenance(knowledge: Knowledge) -> dict[str, Any]:
    return {
        "legtwitch": __version__,
        "knowledge": knowledge.hash,
        "files": dict(knowledge.hashes),
        "rules": [rule.id for rule in knowledge.safety.rules],
    }


# ---- what is shown ---------------------------------------------------------------------------------------------------

_ID_FIELDS = ("id", "cause", "finding", "because", "missing", "asks", "ingredients")


def _labels(parts: Iterable[Any], knowledge: Knowledge) -> dict[str, str]:
    """Return the words for every id that is shown."""
    ids = {value for part in parts for name in _ID_FIELDS for value in _values(part, name)}
    label = knowledge.vocabulary.label
    return {id: label(id) for id in sorted(ids) if label(id) != id}


def _cited(parts: Iterable[Any], knowledge: Knowledge) -> tuple[SourceNote, ...]:
    """Return every source that something shown rests on."""
    ids = {value for part in parts for value in _values(part, "sources")}
    return tuple(_note(knowledge.sources[id]) for id in sorted(ids) if id in knowledge.sources)


def _note(source: Source) -> SourceNote:
    links = (
        (source.doi, "https://doi.org/"),
        (source.pmid, "https://pubmed.ncbi.nlm.nih.gov/"),
        (source.pmc, "https://www.ncbi.nlm.nih.gov/pmc/articles/"),
        (source.url, ""),
    )
    link = next((before + value for value, before in links if value), "")
    return SourceNote(source.id, source.cite, source.read, link)


def _values(part: Any, name: str) -> Iterable[str]:
    """Yield the words that stand under a field of this name anywhere in the results."""
    if isinstance(part, tuple):
        for one in part:
            yield from _values(one, name)
    elif is_dataclass(part):
        for field in fields(part):
            value = getattr(part, field.name)
            if field.name == name:
                yield from (value,) if isinstance(value, str) else value
            else:
                yield from _values(value, name)
