"""What a question is worth: how much it can tell about the causes, the definitions and the safety of the person."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

from legtwitch.model import Truth, Urgency
from legtwitch.reasoning.logic import Facts, evaluate
from legtwitch.reasoning.network import Layout, Network, network
from legtwitch.reasoning.pairs import joint
from legtwitch.reasoning.parts import split
from legtwitch.reasoning.prepared import Prepared, prepare
from legtwitch.reasoning.rules import RANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from legtwitch.knowledge import Knowledge

SAFETY, GATE, DEFINITION, LEAST = 0.05, 1.0, 0.05, 1e-4
"""Worth (in nats) of an answer that an open rule waits for; of one that alone keeps the reassurance gate from opening
(more than any cause tells: how soon to be seen comes before why); of one that a definition waits for, times the
probability of its cause; and the least for which a question is asked."""


def worth(
    left: Mapping[str, tuple[str, ...]], reached: Urgency, facts: Facts, knowledge: Knowledge
) -> dict[str, float]:
    """Return for each question (id → ids it would ask) what it is worth per finding asked; 0 where it changes nothing.

    Source: Heckerman, Horvitz and Nathwani 1992 (Pathfinder) for choosing by expected information, one step ahead.
    Deviations:
    1. The information of a question is the sum of that of its findings, each taken alone.
    2. Of the causes that what was observed ties together, two at most are taken to hold at once (see `pairs`); what
       stands in the assessment is never taken from here.
    3. Answers that open rules, the reassurance gate or undetermined definitions wait for have a worth of their own.
    """
    net = network(facts, knowledge)
    wanted = {id for ids in left.values() for id in ids}
    gains, beliefs = _information(net, wanted, prepare(knowledge))
    _add(gains, _prior_gains(net, knowledge))
    _add(gains, _definition_gains(beliefs, facts, knowledge))
    _add(gains, dict.fromkeys(_safety_ids(reached), SAFETY))
    _add(gains, dict.fromkeys(_gate_ids(reached, facts, knowledge), GATE))
    result = {}
    for question, ids in left.items():
        value = sum(gains.get(id, 0.0) for id in ids) / max(len(ids), 1)
        result[question] = value if value >= LEAST else 0.0
    return result


def _add(gains: dict[str, float], more: Mapping[str, float]) -> None:
    for id, value in more.items():
        gains[id] = gains.get(id, 0.0) + value


@dataclass(frozen=True, slots=True)
class _Arrays:
    """A layout in arrays. kept: 1 - how often a cause brings a node about, shape (causes, nodes); leaks: of nodes."""

    layout: Layout
    kept: NDArray[Any]
    leaks: NDArray[Any]


def _arrays(net: Network, prepared: Prepared) -> _Arrays:
    import numpy as np

    found: _Arrays | None = prepared.kept.get(id(net.layout))
    if found is None or found.layout is not net.layout:
        column = {one.cause.id: index for index, one in enumerate(net.candidates)}
        kept = np.ones((len(column), len(net.nodes)))
        for place, node in enumerate(net.nodes):
            for cause, (given, _) in node.links.items():
                kept[column[cause], place] = 1 - given.value
        leaks = np.array([node.leak.value for node in net.nodes])
        found = prepared.keep(id(net.layout), _Arrays(net.layout, kept, leaks))
    return found


def _information(net: Network, wanted: Set[str], prepared: Prepared) -> tuple[dict[str, float], dict[str, float]]:
    """Return id → expected fall of the summed entropy of all causes (for wanted ids), and cause → probability."""
    import numpy as np

    open_ = [
        (place, *one.weights_if(Truth.TRUE), one.outcome.missing)
        for place, node in enumerate(net.nodes)
        for one in node.observations
        if one.outcome.truth is Truth.UNKNOWN and not wanted.isdisjoint(one.outcome.missing)
    ]
    chance, failing = joint(net, split(net), _arrays(net, prepared).kept, _arrays(net, prepared).leaks)
    beliefs = {one.cause.id: float(value) for one, value in zip(net.candidates, chance, strict=True)}
    if not open_:
        return {}, beliefs
    at = np.array([one[0] for one in open_])
    given, otherwise = np.array([one[1:3] for one in open_]).T
    fails = failing[-1, at]
    both = failing[:-1, at]
    true = given * (chance[:, None] - both) + otherwise * both
    is_true = given * (1 - fails) + otherwise * fails
    after = _expected(true, is_true) + _expected(chance[:, None] - true, 1 - is_true)
    fall = np.maximum(_entropy(chance).sum() - after, 0.0)
    gains: dict[str, float] = {}
    for (*_, ids), value in zip(open_, fall, strict=True):
        _add(gains, dict.fromkeys(ids, float(value) / len(ids)))
    return gains, beliefs


def _expected(joint: NDArray[Any], chance: NDArray[Any]) -> NDArray[Any]:
    """Return the summed entropy of the causes given an outcome, times the chance of it.

    joint: chance of each cause together with the outcome, one column for each outcome.
    """
    import numpy as np

    held = np.maximum(chance, 1e-12)
    return np.asarray(held * _entropy(joint / held).sum(axis=0))


def _entropy(chance: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    held = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(-held * np.log(held) - (1 - held) * np.log1p(-held))


def _prior_gains(net: Network, knowledge: Knowledge) -> dict[str, float]:
    """Return what answers are worth that bring a cause into play or shift where it starts."""
    gains: dict[str, float] = {}
    for candidate in net.candidates:
        chance = candidate.prior
        for risk, outcome in candidate.open_risks:
            _add(gains, dict.fromkeys(outcome.missing, chance * (1 - chance) * abs(log(risk.odds_ratio)) / 4))
    for cause, outcome in net.requirements.items():
        if outcome.truth is Truth.UNKNOWN:
            chance = max(prior.value for prior in knowledge.causes[cause].prior)
            _add(gains, dict.fromkeys(outcome.missing, -chance * log(chance) / len(outcome.missing)))
    return gains


def _definition_gains(beliefs: Mapping[str, float], facts: Facts, knowledge: Knowledge) -> dict[str, float]:
    gains: dict[str, float] = {}
    for name, (cause, _) in prepare(knowledge).criteria.items():
        outcome = facts.criterion(name)
        if outcome.truth is Truth.UNKNOWN:
            _add(gains, dict.fromkeys(outcome.missing, DEFINITION * beliefs.get(cause.id, 0.0)))
    return gains


def _safety_ids(reached: Urgency) -> set[str]:
    """Return ids that rules above the level reached still wait for."""
    return {id for rule in reached.could_not_exclude if RANK[rule.level] < RANK[reached.level] for id in rule.missing}


def _gate_ids(reached: Urgency, facts: Facts, knowledge: Knowledge) -> set[str]:
    """Return ids that the reassurance gate still waits for; none where a rule holds or the gate can't open any more."""
    outcomes = [evaluate(gate.when, facts) for gate in knowledge.safety.gate]
    if reached.rules or any(one.truth is Truth.FALSE for one in outcomes):
        return set()
    return {id for one in outcomes for id in one.missing}
