"""A level that is known once a second and asked for at any point between: lines, with jumps where the tone steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Level:
    """Values of blocks as a line through their centres, with a jump where each step was placed.

    `level[point]`, `level[slice]` and `level[points]` give float32. Nothing is held but the blocks: a night of points
    would take more memory than the night's samples, and most are never asked for.
    """

    def __init__(
        self, values: NDArray[np.float64], block: int, points: int, jumps: tuple[tuple[int, int], ...] = ()
    ) -> None:
        """values: of blocks of `block` points, (k,). jumps: block and point of each step, ascending."""
        self._values = values.astype(np.float32)
        self._ends = np.concatenate((self._values[:1], self._values, self._values[-1:]))
        self._rise = np.diff(self._ends)
        self._block, self._points = block, points
        self._part = ((np.arange(block) + 0.5 * (block % 2)) / block).astype(np.float32)
        self._held = [one for step, point in jumps for one in self._beside(step, point)]

    def __len__(self) -> int:
        """Return how many points there are."""
        return self._points

    def highest(self) -> float:
        """Return the highest value of a block: no point lies higher."""
        return float(self._values.max())

    def lowest(self) -> float:
        """Return the lowest value of a block: no point lies lower."""
        return float(self._values.min())

    def below(self) -> NDArray[np.float32]:
        """Return for each block a value that no point of it lies below, (k,)."""
        lower = np.minimum(self._ends[:-1], self._ends[1:])
        return np.asarray(np.minimum(lower[:-1], lower[1:]))

    def rows(self, blocks: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the points of whole blocks, (len(blocks), block)."""
        half = self._block // 2
        found = np.empty((blocks.size, self._block), dtype=np.float32)
        for row, part in ((0, slice(0, self._block - half)), (1, slice(self._block - half, None))):
            first = half if row == 0 else 0
            share = self._part[first : first + found[:, part].shape[1]]
            np.multiply.outer(self._rise[blocks + row], share, out=found[:, part])
            found[:, part] += self._ends[blocks + row, None]
        for low, high, value in self._held:
            for at in np.flatnonzero((blocks >= low // self._block) & (blocks <= (high - 1) // self._block)).tolist():
                start = int(blocks[at]) * self._block
                found[at, max(0, low - start) : max(0, high - start)] = value
        return found

    def at(self, point: int) -> float:
        """Return the level at one point."""
        for low, high, value in reversed(self._held):
            if low <= point < high:
                return value
        row, place = divmod(point + self._block // 2, self._block)
        return float(self._ends[row] + self._rise[row] * self._part[place])

    def __getitem__(self, at: slice | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the level at a slice of points or at an array of them."""
        points = np.arange(*at.indices(self._points)) if isinstance(at, slice) else at
        row, place = np.divmod(points + self._block // 2, self._block)
        found = np.asarray(self._ends[row] + self._rise[row] * self._part[place])
        first, last = (int(points.min()), int(points.max())) if self._held and points.size else (0, -1)
        for low, high, value in self._held:
            if low <= last and high > first:
                found[(points >= low) & (points < high)] = value
        return found

    def _beside(self, step: int, point: int) -> list[tuple[int, int, float]]:
        """Stretches of points at which a block's own value holds: from the centre before a step to that after it."""
        before, after = round((step - 0.5) * self._block), round((step + 0.5) * self._block)
        held = [(before, point, float(self._values[step - 1])), (point, after, float(self._values[step]))]
        return [one for one in held if one[0] < one[1]]
