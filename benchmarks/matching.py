"""One-to-one matching of found events to true ones."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[float, float]


def overlap_ratio(one: Span, other: Span) -> float:
    """Return intersection over union of two spans (start, end); 0 where they don't overlap."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    if shared <= 0:
        return 0.0
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def match(true: Sequence[Span], found: Sequence[Span], *, least_ratio: float = 0.2) -> list[tuple[int, int]]:
    """Return the largest set of pairs (index of a true span, index of a found one), each span at most once.

    A pair needs an intersection over union of at least `least_ratio`. Augmenting paths (Kuhn 1955), best overlap tried
    first. Spans need not be sorted.
    """
    partners = [_partners(span, found, least_ratio) for span in true]
    taken: dict[int, int] = {}
    for start in range(len(true)):
        _place(start, partners, taken, set())
    return sorted((index, other) for other, index in taken.items())


def _partners(span: Span, found: Sequence[Span], least_ratio: float) -> list[int]:
    """Return indices of found spans that may be matched with a true one, best first."""
    ratios = {index: overlap_ratio(span, other) for index, other in enumerate(found) if other[0] < span[1]}
    return sorted((index for index, ratio in ratios.items() if ratio >= least_ratio), key=lambda index: -ratios[index])


def _place(index: int, partners: list[list[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Give a true span a partner, moving others along where that helps; say whether it has one now."""
    for other in partners[index]:
        if other in tried:
            continue
        tried.add(other)
        if other not in taken or _place(taken[other], partners, taken, tried):
            taken[other] = index
            return True
    return False
