"""What unfiltered samples show does not depend on how they are cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from legtwitch.events.parameters import Parameters
from legtwitch.events.raw import RawScan
from legtwitch.signal import constant_runs

RATE = 40.0


def slow_runs(values: np.ndarray, least: int) -> list[list[int]]:
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), values.size]
    return [[start, stop] for start, stop in pairwise(edges) if stop - start >= least]


def scanned(values: np.ndarray, lengths: list[int]) -> RawScan:
    scan, at = RawScan(RATE, Parameters()), 0
    for length in lengths:
        given = values[at : at + length]
        returned = scan.push(given)
        assert np.isfinite(returned).all()
        at += length
    assert at >= values.size
    return scan


def hard(seed: int) -> np.ndarray:
    """Noise in whole steps with dead stretches, some beside each other at other levels, and clipping at both ends."""
    made = np.random.default_rng(seed)
    values = np.clip(np.round(made.normal(0, 4, 3000)), -7, 8)
    for start in made.integers(0, 2900, 12).tolist():
        values[start : start + int(made.integers(30, 90))] = float(made.integers(-9, 9))
    return values.astype(np.float32)


@pytest.mark.parametrize("seed", range(12))
def test_dead_and_clipped_stretches_are_those_a_slow_search_finds(seed: int) -> None:
    values = hard(seed)
    made = np.random.default_rng(100 + seed)
    ways = [[values.size], [1] * values.size, [39] * 80, [40] * 80, [41] * 80, made.integers(0, 90, 300).tolist()]
    dead = slow_runs(values, 40)
    assert constant_runs(values, 40).tolist() == dead
    clipped = [
        one for one in slow_runs(values, Parameters().clipped_samples) if values[one[0]] in (values.min(), values.max())
    ]
    for lengths in ways:
        scan = scanned(values, lengths if sum(lengths) >= values.size else [*lengths, values.size])
        assert scan.dead().tolist() == dead
        assert scan.clipped().tolist() == clipped
        assert scan.not_numbers == 0


def test_a_constant_signal_is_dead_and_clipped_once() -> None:
    scan = scanned(np.full(500, 3.0, dtype=np.float32), [120] * 5)
    assert scan.dead().tolist() == [[0, 500]]
    assert scan.clipped().tolist() == [[0, 500]]


def test_what_is_no_number_is_counted_and_taken_as_nothing() -> None:
    values = np.random.default_rng(1).normal(0, 1, 400).astype(np.float32)
    values[[3, 200]] = np.nan
    values[399] = np.inf
    scan = scanned(values, [100] * 4)
    assert scan.not_numbers == 3
