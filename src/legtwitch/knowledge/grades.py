"""How well the knowledge is founded: the share of its graded entries by grade, and where judgement alone decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.condition import AgeOf, Compare, Condition, Count, Met, Regions, children, leaves, refs
from legtwitch.knowledge.condition_words import in_words
from legtwitch.knowledge.schema import Criterion, LabLimit, Sourced
from legtwitch.model import Grade

GRADE_NAMES: tuple[Grade, ...] = get_args(Grade)
_JUDGEMENT = re.compile(r"expert judgement|this project's|an estimate", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """How many graded entries of one kind have which grade. `count` holds every grade, 0 too."""

    kind: str
    count: Mapping[Grade, int]

    @property
    def total(self) -> int:
        """All entries of the kind."""
        return sum(self.count.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that rests on expert judgement (grade D) and that a rule, a criterion or the gate uses.

    by: id of what uses it. kind: `rule`, `criterion` or `gate`. what: the thing itself. figures: its numbers in words.
    note: what its author says of it.
    """

    by: str
    kind: str
    what: str
    figures: tuple[str, ...] = ()
    note: str = ""


def shares(knowledge: Knowledge) -> tuple[Share, ...]:
    """Return the shares by kind; a span and its middle, or a chance and its opposite, are one entry.

    Lab limits that only the lab's own print gives are none of ours and aren't counted.
    """
    causes = knowledge.causes.values()
    kinds: dict[str, Iterable[Sourced]] = {
        "priors": [one for cause in causes for one in cause.prior],
        "risks": [one for cause in causes for one in cause.risk],
        "evidence": [one for cause in causes for one in cause.evidence],
        "leaks": knowledge.leaks.values(),
        "constructs": [one for own in knowledge.constructs.values() for one in (own.leak, *own.shown_by)],
        "urgency rules": knowledge.safety.rules,
        "criteria": [one for _, one in knowledge.criteria().values()],
        "tests": knowledge.tests.values(),
        "care": [one for own in knowledge.care.values() for one in (own, *own.blocks)],
        "labs": [one for own in knowledge.labs.values() for one in own.limits if one.printed is None],
    }
    return tuple(_share(kind, entries) for kind, entries in kinds.items())


def judged(knowledge: Knowledge) -> tuple[Judged, ...]:
    """Return what rests on expert judgement and decides in an urgency rule, a criterion or the reassurance gate.

    That is: the entry itself where its grade is D; the part that its note calls judgement where the grade is better;
    and below it each definition and each lab limit of grade D that its conditions read.
    """
    found: list[Judged] = []
    for rule in knowledge.safety.rules:
        conditions = [level.when for level in rule.levels]
        found += _of(knowledge, "rule", rule.id, rule.name, rule, rule.note, conditions)
    for gate in knowledge.safety.gate:
        found += _of(knowledge, "gate", gate.id, gate.else_say, gate, "", [gate.when])
    for id, (cause, one) in knowledge.criteria().items():
        found += _of(knowledge, "criterion", id, f"definition for {cause.name}", one, one.note, [one.when])
    return tuple(found)


def document(knowledge: Knowledge) -> dict[str, Any]:
    """Return both as a plain dict for JSON; shares are of 1 and null where there is no entry."""
    every = shares(knowledge)
    total = _sum(every)
    return {
        "entry": "grades",
        "shares": [_plain(one) for one in (*every, total)],
        "judged": [asdict(one) | {"figures": list(one.figures)} for one in judged(knowledge)],
    }


def as_lines(document: Mapping[str, Any]) -> list[str]:
    """Return what `document` gave as lines: the table first, then what is judged, one paragraph each, unwrapped."""
    lines = [f"{'graded entries':<16}{'all':>6}" + "".join(f"{grade:>13}" for grade in GRADE_NAMES)]
    for one in document["shares"]:
        lines.append(f"{one['kind']:<16}{one['total']:>6}" + "".join(_cell(one, grade) for grade in GRADE_NAMES))
    lines += ["", "Grade D in what decides how soon to see someone, in a definition, or in the reassurance gate"]
    for one in document["judged"]:
        lines.append(f"{one['by']} ({one['kind']}): {one['what']}")
        lines += [f"  number: {figure}" for figure in one["figures"]]
        lines += [f"  note: {one['note']}"] if one["note"] else []
    return lines


def _cell(one: Mapping[str, Any], grade: Grade) -> str:
    share = one["share"][grade]
    return f"{one['count'][grade]:>6}" + (f"{'-':>7}" if share is None else f"{100 * share:>5.0f} %")


def _plain(one: Share) -> dict[str, Any]:
    parts = {grade: round(number / one.total, 4) if one.total else None for grade, number in one.count.items()}
    return {"kind": one.kind, "total": one.total, "count": dict(one.count), "share": parts}


def _share(kind: str, entries: Iterable[Sourced]) -> Share:
    found = Counter(one.grade for one in entries)
    return Share(kind, {grade: found[grade] for grade in GRADE_NAMES})


def _sum(every: Iterable[Share]) -> Share:
    shares = tuple(every)
    return Share("all", {grade: sum(one.count[grade] for one in shares) for grade in GRADE_NAMES})


def _of(
    knowledge: Knowledge, kind: str, id: str, name: str, entry: Sourced, note: str, conditions: Iterable[Condition]
) -> Iterator[Judged]:
    trees = tuple(conditions)
    if entry.grade == "D":
        figures = dict.fromkeys(figure for tree in trees for figure in _figures(tree, knowledge))
        yield Judged(id, kind, f"all of it: {name}", tuple(figures), note)
    else:
        parts = [part for part in re.split(r"(?<=[.:;]) ", note) if _JUDGEMENT.search(part)]
        yield from (Judged(id, kind, f"a part, by its note (grade {entry.grade})", (), part) for part in parts)
    yield from _read(knowledge, kind, id, trees)


def _read(knowledge: Knowledge, kind: str, id: str, trees: tuple[Condition, ...]) -> Iterator[Judged]:
    """Definitions and lab limits of grade D that the conditions read."""
    read = {ref for tree in trees for ref in refs(tree)}
    for lab in knowledge.labs.values():
        for limit in lab.limits:
            if limit.grade == "D" and limit.printed is None and limit.finding in read:
                yield Judged(id, kind, f"lab limit of {lab.id} for {limit.finding}", (_limit(limit),), limit.note)
    defined = knowledge.criteria()
    met = dict.fromkeys(leaf.criterion for tree in trees for leaf in leaves(tree) if isinstance(leaf, Met))
    for criterion in met:
        own: Criterion | None = defined[criterion][1] if criterion in defined else None
        if own is not None and own.grade == "D":
            yield Judged(id, kind, f"definition {criterion}", tuple(_figures(own.when, knowledge)), own.note)


def _figures(tree: Condition, knowledge: Knowledge) -> Iterator[str]:
    """Every number in a tree, in words: limits, and how many of several must hold."""
    if isinstance(tree, (Compare, AgeOf)):
        yield in_words(tree, knowledge.vocabulary)
    elif isinstance(tree, Regions):
        yield f"{tree.minimum} body regions"
    elif isinstance(tree, Count) and 1 < tree.minimum < len(tree.children):
        yield f"{tree.minimum} of {len(tree.children)}: {tree.label or in_words(tree, knowledge.vocabulary)}"
    for child in children(tree):
        yield from _figures(child, knowledge)


def _limit(limit: LabLimit) -> str:
    side, edge = ("below", limit.below) if limit.below is not None else ("above", limit.above)
    clear = "" if limit.clear is None else f", absent from {limit.clear:g}"
    unit = "" if limit.unit == "1" else f" {limit.unit}"
    return f"{side} {edge:g}{unit}{' or equal' if limit.or_equal else ''}{clear}"
