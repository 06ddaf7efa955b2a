"""What a question is worth: how much it can tell about the causes, the definitions and the safety of the person."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING, Any

from legtwitch.model import Truth, Urgency
from legtwitch.reasoning.differential import Engine
from legtwitch.reasoning.logic import Facts, evaluate
from legtwitch.reasoning.network import Network, network
from legtwitch.reasoning.rules import RANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from legtwitch.knowledge import Knowledge

PAIRS_UP_TO = 40
"""Up to so many causes two may hold together when questions are weighed; beyond, one at a time."""
SAFETY, DEFINITION, LEAST = 0.05, 0.05, 1e-4
"""Worth (in nats) of an answer that an open rule or the reassurance gate waits for; of one that a definition waits for,
times the probability of its cause; and the least for which a question is asked."""


def worth(
    left: Mapping[str, tuple[str, ...]], reached: Urgency, facts: Facts, knowledge: Knowledge
) -> dict[str, float]:
    """Return for each question (id → ids it would ask) what it is worth per finding asked; 0 where it changes nothing.

    Source: Heckerman, Horvitz and Nathwani 1992 (Pathfinder) for choosing by expected information, one step ahead.
    Deviations:
    1. The information of a question is the sum of that of its findings, each taken alone.
    2. Answers that open rules, the reassurance gate or undetermined definitions wait for have a worth of their own.
    """
    net = network(facts, knowledge)
    gains, beliefs = _information(net)
    _add(gains, _prior_gains(net, knowledge))
    _add(gains, _definition_gains(beliefs, facts, knowledge))
    _add(gains, dict.fromkeys(_safety_ids(reached, facts, knowledge), SAFETY))
    result = {}
    for question, ids in left.items():
        value = sum(gains.get(id, 0.0) for id in ids) / max(len(ids), 1)
        result[question] = value if value >= LEAST else 0.0
    return result


def _add(gains: dict[str, float], more: Mapping[str, float]) -> None:
    for id, value in more.items():
        gains[id] = gains.get(id, 0.0) + value


def _information(net: Network) -> tuple[dict[str, float], dict[str, float]]:
    """Return id → expected fall of the summed entropy of all causes, and cause → probability."""
    import numpy as np

    engine = Engine(net, 2 if len(net.candidates) <= PAIRS_UP_TO else 1, spare=True)
    if not engine.active:
        return {}, {}
    count = len(engine.active)
    members = np.zeros((len(engine.sets), count + 1))
    members[np.arange(len(engine.sets))[:, None], engine.sets] = 1.0
    members = members[:, :count]
    reads, columns = [], []
    for index, node in enumerate(engine.nodes):
        holds, fails = engine.node_weights[index]
        for one in node.observations:
            if one.outcome.truth is Truth.UNKNOWN:
                first, second = one.weights_if(Truth.TRUE)
                reads.append(one.outcome.missing)
                columns.append(engine.factor(index, (holds * first, fails * second)) / engine.factors[index])
    marginal = engine.weights @ members
    beliefs = {one.cause.id: float(marginal[engine.column[one.cause.id]]) for one in engine.active}
    if not columns:
        return {}, beliefs
    present = engine.weights[:, None] * np.array(columns).T
    after = _expected(present, members) + _expected(engine.weights[:, None] - present, members)
    fall = np.maximum(_entropy(marginal).sum() - after, 0.0)
    gains: dict[str, float] = {}
    for ids, value in zip(reads, fall, strict=True):
        _add(gains, dict.fromkeys(ids, float(value) / len(ids)))
    return gains, beliefs


def _expected(weights: NDArray[Any], members: NDArray[Any]) -> NDArray[Any]:
    """Return the summed entropy of the causes under each column of weights, times the chance of the column."""
    import numpy as np

    chance = np.maximum(weights.sum(axis=0), 1e-12)
    return np.asarray(chance * _entropy((members.T @ weights) / chance).sum(axis=0))


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
    for name, (cause, _) in knowledge.criteria().items():
        outcome = facts.criterion(name)
        if outcome.truth is Truth.UNKNOWN:
            _add(gains, dict.fromkeys(outcome.missing, DEFINITION * beliefs.get(cause.id, 0.0)))
    return gains


def _safety_ids(reached: Urgency, facts: Facts, knowledge: Knowledge) -> set[str]:
    """Return ids that rules above the level reached, or the reassurance gate where no rule holds, still wait for."""
    waiting = {
        id for rule in reached.could_not_exclude if RANK[rule.level] < RANK[reached.level] for id in rule.missing
    }
    if not reached.rules:
        for gate in knowledge.safety.gate:
            waiting.update(evaluate(gate.when, facts).missing)
    return waiting
