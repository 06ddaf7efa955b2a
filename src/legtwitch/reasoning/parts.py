"""A network taken apart: causes that share nothing observed are independent and are summed each part for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from legtwitch.model import Truth
from legtwitch.reasoning.network import Candidate, Network, Node, Observation

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Part:
    """Causes that something observed ties together. weights: of each node (see `weights`)."""

    candidates: tuple[Candidate, ...]
    nodes: tuple[Node, ...]
    weights: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A network taken apart; exact.

    odds: cause id → odds with what is absent counted in. absent: nodes that are known not to hold; they bind no causes
    together, as each cause must by itself have failed to bring them about. free: causes in no part.
    """

    odds: dict[str, float]
    absent: tuple[Node, ...]
    parts: tuple[Part, ...]
    free: tuple[Candidate, ...]


def weights(observations: Iterable[Observation]) -> tuple[float, float]:
    """Return the chance of all that was observed of a node if it holds, and if it doesn't, up to a common factor."""
    holds, fails = 1.0, 1.0
    for one in observations:
        if one.outcome.truth is not Truth.UNKNOWN:
            first, second = one.weights
            holds, fails = holds * first, fails * second
    largest = max(holds, fails)
    return holds / largest, fails / largest


def split(network: Network) -> Split:
    """Take a network apart."""
    odds = {}
    for one in network.candidates:
        prior = one.prior
        odds[one.cause.id] = prior / (1 - prior)
    absent, telling = [], []
    for node in network.nodes:
        if not node.observed:
            continue
        holds, fails = weights(node.observations)
        if holds == 0:
            absent.append(node)
            for cause, (given, _) in node.links.items():
                odds[cause] *= 1 - given.value
        elif holds != fails:
            telling.append((node, (holds, fails)))
    group = _groups([node.links for node, _ in telling])
    parts = []
    for name in dict.fromkeys(group.values()):
        inside = tuple(one for one in network.candidates if group.get(one.cause.id) == name)
        tied = [(node, pair) for node, pair in telling if group[next(iter(node.links))] == name]
        parts.append(Part(inside, tuple(node for node, _ in tied), tuple(pair for _, pair in tied)))
    free = tuple(one for one in network.candidates if one.cause.id not in group)
    return Split(odds, tuple(absent), tuple(parts), free)


def _groups(linked: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return for every cause that something speaks to the name of its group."""
    group: dict[str, str] = {}
    for causes in linked:
        joined = {group[cause] for cause in causes if cause in group}
        name = min(joined) if joined else next(iter(causes))
        group.update(dict.fromkeys(causes, name))
        if len(joined) > 1:
            group.update({cause: name for cause, old in group.items() if old in joined})
    return group
