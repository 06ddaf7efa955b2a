"""A filter that takes its samples piece by piece, and a level that is told only where it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.signal import Level, ZeroPhaseFilter, bandpass_kernel, filter_zero_phase, median

SIZES = (0, 1, 2, 31, 32, 33, 103, 104, 1000, 7679, 7680, 7681, 61_440, 61_441, 70_000)


def mirrored(values: np.ndarray, half: int) -> np.ndarray:
    if values.size == 1:
        return np.full(1 + 2 * half, values[0])
    period = 2 * (values.size - 1)
    index = np.arange(-half, values.size + half) % period
    return values[np.minimum(index, period - index)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [3, 47, 103, 411])
def test_pieces_give_to_the_last_bit_what_the_whole_gives(size: int, width: int) -> None:
    made = np.random.default_rng(size + width)
    values = (10 * made.standard_normal(size) + 300).astype(np.float32)
    kernel = made.standard_normal(width)
    kernel -= kernel.mean()
    whole = filter_zero_phase(values, kernel)
    if size:
        slow = np.convolve(mirrored(values.astype(np.float64), width // 2), kernel[::-1], "valid")
        assert np.abs(whole - slow).max() < 0.02
    for longest in (1 + size // 40, 1 + size // 3):
        filtered, at = ZeroPhaseFilter(kernel, size), 0
        while at < size:
            length = int(made.integers(0, longest + 1))
            piece = values[at : at + length].copy()
            filtered.push(piece)
            piece[:] = np.nan
            at += length
        assert np.array_equal(filtered.result(), whole)


def test_an_offset_of_millivolts_leaves_nothing() -> None:
    kernel = bandpass_kernel(256, 10, 100, 0.4)
    assert np.abs(filter_zero_phase(np.full(20_000, 250_000, dtype=np.float32), kernel)).max() < 1e-2


def test_the_median_is_numpys() -> None:
    made = np.random.default_rng(4)
    for size in range(1, 40):
        values = made.standard_normal(size)
        assert median(values) == np.median(values)
    with pytest.raises(ValueError, match="nothing"):
        median(np.empty(0))


def slow_level(values: np.ndarray, block: int, points: int, jumps: list[tuple[int, int]]) -> np.ndarray:
    centres = np.arange(values.size) * block + (block - block // 2) - 0.5 * (block % 2)
    found = np.interp(np.arange(points), centres, values)
    for step, point in jumps:
        found[round((step - 0.5) * block) : point] = values[step - 1]
        found[point : round((step + 0.5) * block)] = values[step]
    return found


@pytest.mark.parametrize("block", [8, 25, 130])
def test_a_level_is_lines_between_the_centres_of_blocks_with_jumps(block: int) -> None:
    made = np.random.default_rng(block)
    values = made.uniform(1, 9, 30)
    points = 30 * block - block // 3
    jumps = [(4, 4 * block + 3), (11, 11 * block - block // 4), (12, 12 * block)]
    level = Level(values, block, points, tuple(jumps))
    slow = slow_level(values, block, points, jumps)
    assert len(level) == points
    assert np.allclose(level[:], slow, atol=1e-5)
    assert np.array_equal(level[:][5 : points - 3 : 7], level[5 : points - 3 : 7])
    chosen = made.integers(0, points, 200)
    assert np.array_equal(level[chosen], level[:][chosen])
    assert [level.at(int(one)) for one in chosen] == pytest.approx(level[chosen].tolist())
    blocks = np.array([0, 1, 3, 4, 10, 11, 12, 28])
    assert np.allclose(level.rows(blocks), level[:][: 29 * block].reshape(29, block)[blocks], atol=1e-5)
    below = level.below()
    assert all(level[one * block : (one + 1) * block].min() >= below[one] - 1e-6 for one in range(30))
    assert level.highest() >= level[:].max() - 1e-6
    assert level.lowest() <= level[:].min() + 1e-6
