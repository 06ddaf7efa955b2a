"""The causal network as it stands for one set of findings: causes in play and what was observed.

Everything told of a latent construct is one factor, so that one weakness told in four ways counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from legtwitch.knowledge.condition import Condition, Has, refs
from legtwitch.model import Truth
from legtwitch.reasoning.chances import Spread, Start, logit, probability, spread, spread_of, start
from legtwitch.reasoning.logic import Facts, Outcome, evaluate
from legtwitch.reasoning.prepared import Prepared, prepare

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Cause, Evidence, Leak, Risk, Shown


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that could be seen, with what it comes to here.

    shown: how it tells of a construct, None where causes speak to it directly. reads: all ids that decide it.
    condition: what makes it true.
    """

    finding: str
    outcome: Outcome
    shown: Shown | None
    reads: tuple[str, ...]
    condition: Condition

    @property
    def weights(self) -> tuple[float, float]:
        """Chance of what was observed if the node holds, and if it doesn't; (1, 1) while unknown."""
        return self.weights_if(self.outcome.truth)

    def weights_if(self, truth: Truth) -> tuple[float, float]:
        """Return the weights that a truth would have."""
        given, otherwise = (1.0, 0.0) if self.shown is None else (self.shown.given, self.shown.otherwise)
        if truth is Truth.UNKNOWN:
            return 1.0, 1.0
        return (given, otherwise) if truth is Truth.TRUE else (1 - given, 1 - otherwise)


@dataclass(frozen=True, slots=True)
class Node:
    """A finding or construct that causes speak to by noisy-OR. links: cause id → how often it brings the node about."""

    id: str
    leak: Spread
    origin: Leak | None
    observations: tuple[Observation, ...]
    links: dict[str, tuple[Spread, Evidence]]

    @property
    def observed(self) -> bool:
        """Whether anything is known of it."""
        return any(one.outcome.truth is not Truth.UNKNOWN for one in self.observations)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cause in play: where it starts, the risks that hold here, and those not known, each with what it comes to."""

    cause: Cause
    start: Start
    risks: tuple[tuple[Risk, Outcome], ...]
    open_risks: tuple[tuple[Risk, Outcome], ...]

    @property
    def prior(self) -> float:
        """The prior with all risks that hold."""
        return probability(logit(self.start.spread.value) + sum(log(risk.odds_ratio) for risk, _ in self.risks))


@dataclass(frozen=True, slots=True)
class Layout:
    """The nodes of a set of causes in play while nothing is known of them, each with the ids that decide it."""

    nodes: tuple[Node, ...]
    reads: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Causes in play and all nodes they speak to.

    requirements: cause id → what its `requires` comes to. layout: what the nodes were made from, the same object for
    the same causes in play.
    """

    candidates: tuple[Candidate, ...]
    nodes: tuple[Node, ...]
    requirements: dict[str, Outcome]
    layout: Layout


def network(facts: Facts, knowledge: Knowledge) -> Network:
    """Return the network for these facts: only causes whose `requires` is true (or that have none) are in play.

    What nothing was answered of is the same in every case and taken as it was worked out once.
    """
    prepared = prepare(knowledge)
    requirements = {
        cause.id: evaluate(cause.requires, facts) for cause in knowledge.causes.values() if cause.requires is not None
    }
    in_play = tuple(
        cause
        for id, cause in knowledge.causes.items()
        if id not in requirements or requirements[id].truth is Truth.TRUE
    )
    person = (facts.findings.quantity("age"), facts.findings.chosen("sex"), facts.findings.chosen("setting"))
    starts: dict[str, Candidate] | None = prepared.kept.get(person)
    if starts is None:
        starts = prepared.keep(person, {})
    candidates = []
    for cause in in_play:
        if cause.id not in starts:
            starts[cause.id] = _candidate(cause, start(cause.prior, facts.findings), prepared.blank, prepared)
        one = starts[cause.id]
        known = not facts.untouched(prepared.risk_reads[cause.id])
        candidates.append(_candidate(cause, one.start, facts, prepared) if known else one)
    names = tuple(cause.id for cause in in_play)
    layout: Layout = prepared.kept.get(names) or prepared.keep(names, _layout(in_play, prepared))
    nodes = (
        node if facts.untouched(reads) else _told(node, facts)
        for node, reads in zip(layout.nodes, layout.reads, strict=True)
    )
    return Network(tuple(candidates), tuple(nodes), requirements, layout)


def _candidate(cause: Cause, start: Start, facts: Facts, prepared: Prepared) -> Candidate:
    read = [(risk, evaluate(condition, facts)) for risk, condition in prepared.risks[cause.id]]
    holds, open_ = (tuple(one for one in read if one[1].truth is truth) for truth in (Truth.TRUE, Truth.UNKNOWN))
    return Candidate(cause, start, holds, open_)


def _layout(in_play: Iterable[Cause], prepared: Prepared) -> Layout:
    knowledge, blank = prepared.knowledge, prepared.blank
    links: dict[tuple[str | None, str | None], dict[str, tuple[Spread, Evidence]]] = {}
    for cause in in_play:
        for one in cause.evidence:
            given = spread(one.given, one.grade, one.low, one.high)
            links.setdefault((one.construct_id, one.finding), {})[cause.id] = (given, one)
    nodes = []
    for (name, finding), speaks in links.items():
        if name is not None:
            construct = knowledge.constructs[name]
            seen = tuple(_observe(shown.finding, shown.when, shown, blank) for shown in construct.shown_by)
            nodes.append(Node(name, spread_of(construct.leak), None, seen, speaks))
        elif finding is not None:
            leak = knowledge.leaks[finding]
            nodes.append(
                Node(finding, spread_of(leak), leak, (_observe(finding, leak.when, None, blank),), speaks)
            )  # fmt: skip
    reads = tuple(
        frozenset(ref for one in node.observations for ref in blank.reads(one.condition)) for node in nodes
    )  # fmt: skip
    return Layout(tuple(nodes), reads)


def _told(node: Node, facts: Facts) -> Node:
    """Return a node with what is known of it."""
    seen = tuple(replace(one, outcome=evaluate(one.condition, facts)) for one in node.observations)
    return replace(node, observations=seen)


def _observe(finding: str, when: Condition | None, shown: Shown | None, facts: Facts) -> Observation:
    condition = Has(finding) if when is None else when
    return Observation(finding, evaluate(condition, facts), shown, refs(condition), condition)
