"""The differential: noisy-OR with leaks over causes that may hold together (BN2O), latent constructs in between.

Source: Shwe et al. 1991 (QMR-DT) for the two-level model; Jaakkola and Jordan 1999 for the noisy-OR with leak.
Deviations:
1. Latent constructs stand between causes and findings; each is summed out in closed form, so that everything told of
   one construct is one factor w1 (1 - q) + w0 q, with q = (1 - leak) * product(1 - given).
2. With more than 12 causes that touch anything observed, at most three hold together.
3. Causes that touch nothing observed stay at their prior, which is exact.
4. Intervals: each figure is drawn from a two-piece normal on the log-odds scale (log scale for odds ratios) through
   its value and limits; in the draws at most three causes hold together (two where more than 20 touch anything
   observed), and they are shifted so that their median is the point value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import TYPE_CHECKING, Any

from legtwitch.model import Truth
from legtwitch.reasoning.chances import Spread, logit, probability, spread
from legtwitch.reasoning.network import Candidate, Network, Node, Observation

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALL_TOGETHER = 12
"""Up to so many causes every combination is counted."""
DRAWS = 300
SEED = 20260101
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Belief:
    """The probability of a cause with its 95 % limits, not yet held away from 0 and 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Differential:
    """What the network believes. other: that nothing on the list is present.

    dropped: observation finding → cause id → change of the cause's log-odds that this observation makes.
    """

    beliefs: dict[str, Belief]
    other: Belief
    dropped: tuple[tuple[Node, Observation, dict[str, float]], ...]


class Engine:
    """The active part of a network, ready for exact sums.

    Parameters
    ----------
    network: causes in play and what was observed. together: at most so many causes at once; None chooses (see module).
    spare: nodes that count as touched although nothing is observed (those a question could tell of).
    """

    def __init__(self, network: Network, together: int | None = None, *, spare: bool = False) -> None:
        import numpy as np

        nodes = tuple(node for node in network.nodes if spare or node.observed)
        touched = {cause for node in nodes for cause in node.links}
        self.active = tuple(one for one in network.candidates if one.cause.id in touched)
        self.idle = tuple(one for one in network.candidates if one.cause.id not in touched)
        self.nodes = nodes
        self.column = {one.cause.id: index for index, one in enumerate(self.active)}
        count = len(self.active)
        self.together = together or (count if count <= ALL_TOGETHER else 3)
        self.sets = _sets(count, self.together)
        self.priors = np.array([one.prior for one in self.active])
        self.misses = [self._miss(node) for node in nodes]
        self.node_weights = [_weights(node.observations) for node in nodes]
        self.factors = [self.factor(index, weights) for index, weights in enumerate(self.node_weights)]
        self.weights = self._prior_weights(self.priors)
        for factor in self.factors:
            self.weights *= factor / factor.max()
        self.weights /= self.weights.sum()

    def _prior_weights(self, priors: NDArray[Any]) -> NDArray[Any]:
        import numpy as np

        odds = np.append(priors / (1 - priors), 1.0)
        return np.asarray(odds[self.sets].prod(axis=1))

    def _miss(self, node: Node) -> NDArray[Any]:
        """Return q for every set of causes: the chance that neither leak nor any of them brings the node about."""
        import numpy as np

        kept = np.ones(len(self.active) + 1)
        for cause, (given, _) in node.links.items():
            kept[self.column[cause]] = 1 - given.value
        return np.asarray((1 - node.leak.value) * kept[self.sets].prod(axis=1))

    def factor(self, node: int, weights: tuple[float, float]) -> NDArray[Any]:
        """Return the likelihood of a node's observations, whose weights are given, for every set of causes."""
        miss = self.misses[node]
        return weights[0] * (1 - miss) + weights[1] * miss

    def log_odds(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Return the log-odds of every active cause under weights of sets, shape (sets,) or (sets, k)."""
        import numpy as np

        inside = self.sums(weights)
        outside = np.maximum(weights.sum(axis=0) - inside, _TINY)
        return np.asarray(np.log(np.maximum(inside, _TINY)) - np.log(outside))

    def sums(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Return the weight of all sets that hold each active cause."""
        import numpy as np

        count = len(self.active)
        flat = self.sets.ravel()
        spread_out = np.repeat(weights, self.sets.shape[1])
        return np.bincount(flat, spread_out, minlength=count + 1)[:count]


def _sets(count: int, together: int) -> NDArray[Any]:
    """Return every set of up to `together` of `count` causes as rows of indices, filled up with `count`."""
    import numpy as np

    size = max(min(together, count), 1)
    if count <= ALL_TOGETHER and size == count:
        bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
        return np.where(bits == 1, np.arange(count), count)
    rows = [np.full((1, size), count)]
    for many in range(1, min(size, count) + 1):
        chosen = np.array(list(combinations(range(count), many)))
        rows.append(np.pad(chosen, ((0, 0), (0, size - many)), constant_values=count))
    return np.concatenate(rows)


def _weights(observations: Sequence[Observation]) -> tuple[float, float]:
    """Return the chance of all that was observed of a node if it holds, and if it doesn't, up to a common factor."""
    holds, fails = 1.0, 1.0
    for one in observations:
        if one.outcome.truth is not Truth.UNKNOWN:
            first, second = one.weights
            holds, fails = holds * first, fails * second
    largest = max(holds, fails)
    return holds / largest, fails / largest


def differential(network: Network) -> Differential:
    """Return the probability of every cause in play, with limits and with what each observation contributes."""
    engine = Engine(network)
    point = [float(one) for one in engine.log_odds(engine.weights)]
    low, high = _limits(network, engine, [*point, _other(engine)])
    beliefs = {
        one.cause.id: Belief(probability(middle), probability(low[index]), probability(high[index]))
        for index, (one, middle) in enumerate(zip(engine.active, point, strict=True))
    }
    for one in engine.idle:
        shift = logit(one.prior) - logit(one.start.spread.value)
        start = one.start.spread
        low_odds, high_odds = logit(start.low) + shift, logit(start.high) + shift
        beliefs[one.cause.id] = Belief(one.prior, probability(low_odds), probability(high_odds))
    other = Belief(probability(_other(engine)), probability(low[-1]), probability(high[-1]))
    return Differential(beliefs, other, tuple(_leave_out(engine, point)))


def _other(engine: Engine) -> float:
    """Return the log-odds that nothing on the list is present."""
    nothing = float(engine.weights[(engine.sets == len(engine.active)).all(axis=1)][0])
    for one in engine.idle:
        nothing *= 1 - one.prior
    return logit(min(max(nothing, _TINY), 1 - 1e-15))


def _leave_out(engine: Engine, point: list[float]) -> list[tuple[Node, Observation, dict[str, float]]]:
    """Return for each observation how much the log-odds of each active cause would lose without it."""
    found = []
    for index, node in enumerate(engine.nodes):
        for observation in node.observations:
            if observation.outcome.truth is Truth.UNKNOWN:
                continue
            rest = [one for one in node.observations if one is not observation]
            without = engine.weights * engine.factor(index, _weights(rest)) / engine.factors[index]
            odds = engine.log_odds(without)
            change = {one.cause.id: point[column] - float(odds[column]) for column, one in enumerate(engine.active)}
            found.append((node, observation, change))
    return found


# ---- limits by drawing -----------------------------------------------------------------------------------------------


def _limits(network: Network, full: Engine, point: list[float]) -> tuple[list[float], list[float]]:
    """Return the 2.5 and 97.5 % limits of the log-odds of each active cause and of `other`, shifted to the point."""
    import numpy as np

    count = len(full.active)
    together = 3 if count <= 20 else 2
    engine = full if full.together <= together else Engine(network, together)
    draws = _Draws()
    odds = np.ones((DRAWS, count + 1))
    for index, candidate in enumerate(engine.active):
        odds[:, index] = np.exp(_prior_draws(candidate, draws))
    weights = odds[:, engine.sets].prod(axis=2)
    for node in engine.nodes:
        kept = np.ones((DRAWS, count + 1))
        for cause, (given, _) in node.links.items():
            kept[:, engine.column[cause]] = 1 - draws.probability(given)
        miss = (1 - draws.probability(node.leak))[:, None] * _product(kept, engine.sets)
        holds, fails = _drawn_weights(node, draws)
        factor = holds[:, None] * (1 - miss) + fails[:, None] * miss
        weights *= factor / factor.max(axis=1, keepdims=True)
    weights /= weights.sum(axis=1, keepdims=True)
    log_odds = np.empty((DRAWS, count + 1))
    for index in range(DRAWS):
        log_odds[index, :count] = engine.log_odds(weights[index])
    nothing = weights[:, (engine.sets == count).all(axis=1)][:, 0]
    for candidate in engine.idle:
        nothing = nothing * (1 - 1 / (1 + np.exp(-_prior_draws(candidate, draws))))
    nothing = np.clip(nothing, _TINY, 1 - 1e-15)
    log_odds[:, count] = np.log(nothing) - np.log1p(-nothing)
    low, middle, high = np.quantile(log_odds, (0.025, 0.5, 0.975), axis=0)
    shift = np.array(point) - middle
    return [float(one) for one in low + shift], [float(one) for one in high + shift]


def _product(kept: NDArray[Any], sets: NDArray[Any]) -> NDArray[Any]:
    result = kept[:, sets[:, 0]]
    for column in range(1, sets.shape[1]):
        result = result * kept[:, sets[:, column]]
    return result


def _prior_draws(candidate: Candidate, draws: _Draws) -> NDArray[Any]:
    result = draws.log_odds(candidate.start.spread)
    for risk, _ in candidate.risks:
        width = spread(0.5, risk.grade)
        factor = logit(width.high)
        low = log(risk.low) if risk.low is not None else log(risk.odds_ratio) - factor
        high = log(risk.high) if risk.high is not None else log(risk.odds_ratio) + factor
        result = result + draws.around(log(risk.odds_ratio), low, high)
    return result


def _drawn_weights(node: Node, draws: _Draws) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    holds, fails = np.ones(DRAWS), np.ones(DRAWS)
    for one in node.observations:
        truth = one.outcome.truth
        if truth is Truth.UNKNOWN:
            continue
        if one.shown is None:
            first, second = one.weights
            holds, fails = holds * first, fails * second
            continue
        given = draws.probability(spread(one.shown.given, one.shown.grade))
        otherwise = draws.probability(spread(one.shown.otherwise, one.shown.grade))
        holds = holds * (given if truth is Truth.TRUE else 1 - given)
        fails = fails * (otherwise if truth is Truth.TRUE else 1 - otherwise)
    return holds, fails


class _Draws:
    """Draws of figures around their value, the same in every run."""

    def __init__(self) -> None:
        import numpy as np

        self._random = np.random.default_rng(SEED)

    def around(self, middle: float, low: float, high: float) -> NDArray[Any]:
        """Return draws from a two-piece normal with this median and these 95 % limits, shape (DRAWS,)."""
        import numpy as np

        z = self._random.standard_normal(DRAWS)
        return middle + z * np.where(z < 0, middle - low, high - middle) / 1.96

    def log_odds(self, figure: Spread) -> NDArray[Any]:
        """Return draws of the log-odds of a probability."""
        return self.around(logit(figure.value), logit(figure.low), logit(figure.high))

    def probability(self, figure: Spread) -> NDArray[Any]:
        """Return draws of a probability."""
        import numpy as np

        return np.asarray(1 / (1 + np.exp(-self.log_odds(figure))))
