"""The differential: noisy-OR with leaks over causes that may hold together (BN2O), latent constructs in between.

Source: Shwe et al. 1991 (QMR-DT) for the two-level model; Jaakkola and Jordan 1999 for the noisy-OR with leak.
Deviations:
1. Latent constructs stand between causes and findings; each is summed out in closed form, so that everything told of
   one construct is one factor w1 (1 - q) + w0 q, with q = (1 - leak) * product(1 - given).
2. What is known to be absent is counted into the prior of each cause, and causes that nothing else observed ties
   together are summed each part for itself (see `parts`): both are exact, as are the sums of a part (see `sums`). Only
   in a part of more than 12 causes with more than 16 nodes that aren't simply absent, at most three causes hold
   together (two beyond 50 causes).
3. What a finding contributes is the change of the same sums without it, exact up to 2 ** 20 states for all findings of
   a part; beyond, it is the change of sums in which at most two causes hold together.
4. Intervals: each figure is drawn from a two-piece normal on the log-odds scale (log scale for odds ratios) through
   its value and limits; in a part of more than 9 nodes at most two causes hold together in the draws; they are shifted
   so that their median is the point value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, log1p
from typing import TYPE_CHECKING, Any

from legtwitch.model import Truth
from legtwitch.reasoning import sets, sums
from legtwitch.reasoning.chances import Spread, logit, probability, spread
from legtwitch.reasoning.network import Candidate, Network, Node, Observation
from legtwitch.reasoning.parts import Part, Split, split, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 300
SEED = 20260101
MOST_STATES, MOST_NODES_DRAWN = 2**20, 9
_TRIPLES_UP_TO = 50
_TINY = 1e-300
_NEAR_ONE = 1 - 1e-15
_Changes = dict[tuple[int, int], dict[str, float]]
"""(id of a node object, place of the observation in it) → cause id → change of its log-odds."""


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


def differential(network: Network) -> Differential:
    """Return the probability of every cause in play, with limits and with what each observation contributes."""
    taken = split(network)
    point, other = point_values(taken)
    changes = _without_what_is_absent(taken)
    for part in taken.parts:
        for key, change in _leave_out(part, taken, point):
            changes.setdefault(key, {}).update(change)
    limits = _limits(network, taken, {**point, "": other})
    beliefs = {id: Belief(probability(middle), *limits[id]) for id, middle in point.items()}
    dropped = tuple(
        (node, one, changes.get((id(node), index), {}))
        for node in network.nodes
        if node.observed
        for index, one in _known(node)
    )
    return Differential(beliefs, Belief(probability(other), *limits[""]), dropped)


def point_values(taken: Split) -> tuple[dict[str, float], float]:
    """Return the log-odds of every cause in play, and that nothing on the list is present."""
    point = {one.cause.id: log(taken.odds[one.cause.id]) for one in taken.free}
    nothing = -sum(log1p(taken.odds[one.cause.id]) for one in taken.free)
    for part in taken.parts:
        table = _Table(part, taken)
        odds, alone = table.sum(table.odds[:, None], table.weights[:, :, None])
        point.update(zip(table.names, (float(one) for one in odds[:, 0]), strict=True))
        nothing += float(alone[0])
    return point, _log_odds(nothing)


def _log_odds(log_chance: float) -> float:
    return logit(min(max(exp(log_chance), _TINY), _NEAR_ONE))


def _known(node: Node) -> list[tuple[int, Observation]]:
    return [(index, one) for index, one in enumerate(node.observations) if one.outcome.truth is not Truth.UNKNOWN]


class _Table:
    """A part in arrays, ready for sums."""

    def __init__(self, part: Part, taken: Split) -> None:
        import numpy as np

        self.names = [one.cause.id for one in part.candidates]
        self.odds = np.array([taken.odds[name] for name in self.names])
        self.weights = np.array(part.weights)
        self.leaks = np.array([[node.leak.value] for node in part.nodes])
        self.links = [
            {
                index: np.array([node.links[name][0].value])
                for index, node in enumerate(part.nodes)
                if name in node.links
            }
            for name in self.names
        ]

    def sum(
        self, odds: NDArray[Any], weights: NDArray[Any], *, exact: bool = True
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return log-odds of causes and log chance of none for many odds and weights at once (last axis)."""
        if exact and len(self.weights) <= sums.MOST_NODES:
            return sums.log_odds(odds, self.links, self.leaks, weights)
        together = 3 if exact and len(self.names) <= _TRIPLES_UP_TO else 2
        return sets.log_odds(odds, self.links, self.leaks, weights, together)


def _without_what_is_absent(taken: Split) -> _Changes:
    """Return what findings known to be absent contribute to causes in no part."""
    free = {one.cause.id for one in taken.free}
    return {
        (id(node), index): {cause: log1p(-given.value) for cause, (given, _) in node.links.items() if cause in free}
        for node in taken.absent
        for index, _ in _known(node)
    }


def _leave_out(part: Part, taken: Split, point: Mapping[str, float]) -> list[tuple[tuple[int, int], dict[str, float]]]:
    """Return for each observation how much the log-odds of each cause of a part would lose without it."""
    import numpy as np

    table = _Table(part, taken)
    keys, odds, rest = [], [table.odds], [table.weights]
    for place, node in enumerate(part.nodes):
        for index, one in _known(node):
            changed = table.weights.copy()
            changed[place] = weights(other for other in node.observations if other is not one)
            keys.append((id(node), index))
            odds.append(table.odds)
            rest.append(changed)
    for node in taken.absent:
        kept = [1 - node.links[name][0].value if name in node.links else 1.0 for name in table.names]
        if min(kept) < 1.0:
            keys += [(id(node), index) for index, _ in _known(node)]
            odds.append(table.odds / kept)
            rest.append(table.weights)
    exact = len(odds) << len(part.nodes) <= MOST_STATES
    found, _ = table.sum(np.stack(odds, axis=-1), np.stack(rest, axis=-1), exact=exact)
    before = np.array([point[name] for name in table.names]) if exact else found[:, 0]
    changes = before[:, None] - found[:, 1:]
    return [
        (key, dict(zip(table.names, map(float, column), strict=True)))
        for key, column in zip(keys, changes.T, strict=True)
    ]


# ---- limits by drawing -----------------------------------------------------------------------------------------------


def _limits(network: Network, taken: Split, point: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return the 95 % limits of each cause and (under the empty name) of `other`, their median shifted to the point."""
    import numpy as np

    draws = _Draws()
    found = {one.cause.id: _prior_draws(one, draws) for one in network.candidates}
    for node in taken.absent:
        for cause, (given, _) in node.links.items():
            found[cause] = found[cause] + np.log1p(-draws.probability(given))
    nothing = np.zeros(DRAWS)
    for one in taken.free:
        nothing -= np.log1p(np.exp(found[one.cause.id]))
    for part in taken.parts:
        names = [one.cause.id for one in part.candidates]
        links: list[dict[int, NDArray[Any]]] = [{} for _ in names]
        for index, node in enumerate(part.nodes):
            for name, (given, _) in node.links.items():
                links[names.index(name)][index] = draws.probability(given)
        leaks = np.array([draws.probability(node.leak) for node in part.nodes])
        shown = np.array([_drawn_weights(node, draws) for node in part.nodes])
        shown /= shown.max(axis=1, keepdims=True)
        odds = np.exp([found[name] for name in names])
        if len(part.nodes) <= MOST_NODES_DRAWN:
            rows, alone = sums.log_odds(odds, links, leaks, shown)
        else:
            rows, alone = sets.log_odds(odds, links, leaks, shown, 2)
        found.update(zip(names, rows, strict=True))
        nothing += alone
    chance = np.clip(np.exp(nothing), _TINY, _NEAR_ONE)
    found[""] = np.log(chance) - np.log1p(-chance)
    low, middle, high = np.quantile(np.array(list(found.values())), (0.025, 0.5, 0.975), axis=1)
    limits = {}
    for index, name in enumerate(found):
        shift = point[name] - float(middle[index])
        limits[name] = (probability(float(low[index]) + shift), probability(float(high[index]) + shift))
    for one in _untold(network, taken):
        start = one.start.spread
        shift = logit(one.prior) - logit(start.value)
        limits[one.cause.id] = (probability(logit(start.low) + shift), probability(logit(start.high) + shift))
    return limits


def _untold(network: Network, taken: Split) -> list[Candidate]:
    """Return causes that nothing observed speaks to: their limits are those they start with."""
    spoken = {cause for node in network.nodes if node.observed for cause in node.links}
    return [one for one in taken.free if one.cause.id not in spoken]


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
