"""The causal network as it stands for one set of findings: causes in play and what was observed.

Everything told of a latent construct is one factor, so that one weakness told in four ways counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from legtwitch.knowledge.condition import Condition, Has, refs
from legtwitch.model import Truth
from legtwitch.reasoning.chances import Spread, Start, logit, probability, spread, spread_of, start
from legtwitch.reasoning.logic import Facts, Outcome, evaluate

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Cause, Evidence, Leak, Risk, Shown


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that could be seen, with what it comes to here.

    shown: how it tells of a construct, None where causes speak to it directly. reads: all ids that decide it.
    """

    finding: str
    outcome: Outcome
    shown: Shown | None
    reads: tuple[str, ...]

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
class Network:
    """Causes in play and all nodes they speak to. requirements: cause id → what its `requires` comes to."""

    candidates: tuple[Candidate, ...]
    nodes: tuple[Node, ...]
    requirements: dict[str, Outcome]


def network(facts: Facts, knowledge: Knowledge) -> Network:
    """Return the network for these facts: only causes whose `requires` is true (or that have none) are in play."""
    requirements = {
        cause.id: evaluate(cause.requires, facts) for cause in knowledge.causes.values() if cause.requires is not None
    }
    in_play = [
        cause
        for cause in knowledge.causes.values()
        if cause.id not in requirements or requirements[cause.id].truth is Truth.TRUE
    ]
    candidates = tuple(_candidate(cause, facts) for cause in in_play)
    links: dict[tuple[str | None, str | None], dict[str, tuple[Spread, Evidence]]] = {}
    for cause in in_play:
        for one in cause.evidence:
            given = spread(one.given, one.grade, one.low, one.high)
            links.setdefault((one.construct_id, one.finding), {})[cause.id] = (given, one)
    nodes = []
    for (construct, finding), speaks in links.items():
        if construct is not None:
            nodes.append(_construct(construct, speaks, facts, knowledge))
        elif finding is not None:
            leak = knowledge.leaks[finding]
            seen = (_observe(finding, leak.when, None, facts),)
            nodes.append(Node(finding, spread_of(leak), leak, seen, speaks))
    return Network(candidates, tuple(nodes), requirements)


def _candidate(cause: Cause, facts: Facts) -> Candidate:
    read = [(risk, evaluate(risk.when or Has(risk.finding), facts)) for risk in cause.risk]
    holds, open_ = (tuple(one for one in read if one[1].truth is truth) for truth in (Truth.TRUE, Truth.UNKNOWN))
    return Candidate(cause, start(cause.prior, facts.findings), holds, open_)


def _construct(name: str, links: dict[str, tuple[Spread, Evidence]], facts: Facts, knowledge: Knowledge) -> Node:
    construct = knowledge.constructs[name]
    seen = tuple(_observe(shown.finding, shown.when, shown, facts) for shown in construct.shown_by)
    return Node(name, spread_of(construct.leak), None, seen, links)


def _observe(finding: str, when: Condition | None, shown: Shown | None, facts: Facts) -> Observation:
    condition = Has(finding) if when is None else when
    return Observation(finding, evaluate(condition, facts), shown, refs(condition))
