"""How causes and nodes hold together, fast enough to weigh every question: at most two causes of a part at once.

Sets of two causes are the entries of one matrix, so that sums over all of them for all nodes are matrix products.
Causes that nothing observed ties together are exact, and so is what different parts have to do with each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from legtwitch.reasoning.network import Network
from legtwitch.reasoning.parts import Part, Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ONE_THREAD = 2**18
"""Multiplications up to which a matrix product stays in one thread; more threads only cost here."""


def joint(network: Network, taken: Split, kept: NDArray[Any], leaks: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the chance of every cause, and the chance that it is there while a node fails, shape (causes + 1, nodes).

    The last row is the chance that the node fails. Nodes that are known in part count as not known at all but for what
    they tell of the causes; the chance of what is still open of them is taken given what is known.

    Parameters
    ----------
    network: the causes and nodes. taken: the same taken apart.
    kept: 1 - how often a cause brings a node about, shape (causes, nodes). leaks: of the nodes.
    """
    import numpy as np

    column = {one.cause.id: index for index, one in enumerate(network.candidates)}
    places = {id(node): place for place, node in enumerate(network.nodes)}
    odds = np.array([taken.odds[name] for name in column])
    chance = odds / (1 + odds)
    free = [column[one.cause.id] for one in taken.free]
    misses = 1 - chance[free, None] * (1 - kept[free])
    fails = (1 - leaks) * misses.prod(axis=0)
    given = np.empty(kept.shape)
    given[free] = chance[free, None] * kept[free] / misses
    known = []
    for part in taken.parts:
        rows = [column[one.cause.id] for one in part.candidates]
        at = [places[id(node)] for node in part.nodes]
        pairs = _Pairs(odds[rows], kept[np.ix_(rows, at)], leaks[at], part)
        chance[rows], given[rows], none = pairs.sums(kept[rows])
        fails = fails * none
        known.append((rows, at, pairs))
    result = np.vstack([given * fails, fails])
    for rows, at, pairs in known:
        for place, node in enumerate(at):
            alone, failing = pairs.known(place)
            result[:-1, node] = chance * failing
            result[rows, node] = alone
            result[-1, node] = failing
    return chance, result


class _Pairs:
    """The chance of every set of at most two causes of a part.

    An entry off the diagonal is a pair; the last row and column stand for no cause: one alone, and in the corner none.
    """

    def __init__(self, odds: NDArray[Any], kept: NDArray[Any], leaks: NDArray[Any], part: Part) -> None:
        import numpy as np

        alone = np.append(odds, 1.0)
        table = np.outer(alone, alone)
        np.fill_diagonal(table, 0.0)
        table[-1, -1] = 1.0
        self._misses = []
        for place, (holds, fails) in enumerate(part.weights):
            own = np.append(kept[:, place], 1.0)
            miss = (1 - leaks[place]) * np.outer(own, own)
            factor = holds + (fails - holds) * miss
            table *= factor / factor.max()
            self._misses.append(fails * miss / factor)
        total = (table.sum() + table[-1, -1]) / 2
        self._table = table / total

    def sums(self, kept: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return the chance of each cause, the same while a node fails over the chance of that, and the latter."""
        import numpy as np

        wide = np.vstack([kept, np.ones((1, kept.shape[1]))])
        few = max(_ONE_THREAD // self._table.size, 1)
        columns = range(0, wide.shape[1], few)
        failing = wide * np.hstack([self._table @ wide[:, first : first + few] for first in columns])
        none = (failing.sum(axis=0) + self._table[-1, -1]) / 2
        return self._table[:-1].sum(axis=1), failing[:-1] / none, none

    def known(self, node: int) -> tuple[NDArray[Any], float]:
        """Return the chance of each cause while a node of the part fails, and the chance that this node fails."""
        table = self._table * self._misses[node]
        return table[:-1].sum(axis=1), float((table.sum() + table[-1, -1]) / 2)
