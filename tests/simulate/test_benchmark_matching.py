"""One-to-one matching of the benchmarks: by hand, and against trying every assignment."""

from __future__ import annotations

import importlib.util
import random
from itertools import permutations
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "benchmark_matching", Path(__file__).parents[2] / "benchmarks" / "matching.py"
)
assert SPEC
assert SPEC.loader
matching = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(matching)


def test_overlap_ratio_is_intersection_over_union() -> None:
    assert matching.overlap_ratio((0, 2), (1, 3)) == pytest.approx(1 / 3)
    assert matching.overlap_ratio((0, 1), (1, 2)) == 0
    assert matching.overlap_ratio((0, 10), (4, 6)) == pytest.approx(0.2)


def test_each_span_is_used_once() -> None:
    assert matching.match([(0, 10)], [(0, 6), (5, 10)]) == [(0, 0)]
    assert matching.match([(0, 6), (5, 10)], [(0, 10)]) == [(0, 0)]


def test_a_pair_below_the_least_ratio_is_none() -> None:
    assert matching.match([(0, 10)], [(0, 1.9)]) == []
    assert matching.match([(0, 10)], [(0, 2.0)]) == [(0, 0)]


def test_a_good_partner_is_given_up_when_that_makes_one_pair_more() -> None:
    assert matching.match([(0, 4), (3.2, 5)], [(1, 4.6)]) == [(0, 0)]
    assert len(matching.match([(0, 4), (0, 3)], [(0, 4), (2.5, 4.5)])) == 2


def test_as_many_pairs_as_the_best_of_all_assignments() -> None:
    rng = random.Random(1)
    for _ in range(150):
        spans = [[(a, a + rng.uniform(0.5, 6)) for a in (rng.uniform(0, 12) for _ in range(5))] for _ in range(2)]
        true, found = spans
        best = max(
            sum(matching.overlap_ratio(true[i], found[j]) >= 0.2 for i, j in enumerate(order))
            for order in permutations(range(5))
        )
        pairs = matching.match(true, found)
        assert len(pairs) == best
        assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
