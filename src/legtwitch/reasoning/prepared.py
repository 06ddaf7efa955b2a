"""What reasoning reads of the knowledge and never changes: worked out once, used by every case and every question."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from legtwitch.errors import KnowledgeError
from legtwitch.findings import FindingSet
from legtwitch.knowledge.condition import Condition, Has
from legtwitch.reasoning.logic import Facts

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Cause, Criterion, Risk

_KEPT = 4
"""Knowledge objects whose preparation is kept; a program has one, tests have many."""
MOST_KEPT = 32
"""People, or sets of causes in play, of which what was worked out is kept."""


class Prepared:
    """Lookups over one knowledge.

    criteria: id → cause and definition; definitions: id → definition. asks: question id → every id that an answer may
    set; asked: all of them. risks: cause id → its risks, each with its condition. blank: facts without any finding.
    kept: room for what other modules work out once.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.criteria: dict[str, tuple[Cause, Criterion]] = knowledge.criteria()
        self.definitions = {id: one for id, (_, one) in self.criteria.items()}
        self.asks = {
            one.id: tuple(dict.fromkeys(id for option in one.options for id in (*option.sets, *option.enter)))
            for one in knowledge.questions
        }
        self.asked = frozenset(id for ids in self.asks.values() for id in ids)
        self.risks: dict[str, tuple[tuple[Risk, Condition], ...]] = {
            id: tuple((risk, risk.when or Has(risk.finding)) for risk in cause.risk)
            for id, cause in knowledge.causes.items()
        }
        self.blank = Facts(FindingSet((), knowledge), self.definitions, knowledge.labs)
        for name in self.definitions:  # now, so that no two threads are in the middle of one
            with suppress(KnowledgeError):
                self.blank.criterion(name)
        self.risk_reads = {
            id: frozenset(ref for _, condition in risks for ref in self.blank.reads(condition))
            for id, risks in self.risks.items()
        }
        self.kept: dict[Any, Any] = {}

    def keep(self, key: Any, made: Any) -> Any:
        """Keep what was worked out under a key, the oldest going first, and return it."""
        while len(self.kept) >= MOST_KEPT:
            self.kept.pop(next(iter(self.kept)), None)
        self.kept[key] = made
        return made


_PREPARED: dict[int, Prepared] = {}


def prepare(knowledge: Knowledge) -> Prepared:
    """Return the lookups over a knowledge, made at its first use."""
    found = _PREPARED.get(id(knowledge))
    if found is None or found.knowledge is not knowledge:
        while len(_PREPARED) >= _KEPT:
            _PREPARED.pop(next(iter(_PREPARED)), None)
        found = _PREPARED[id(knowledge)] = Prepared(knowledge)
    return found
