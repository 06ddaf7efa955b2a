"""The quick way through records that hold their time alone gives what reading list by list gives."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.recording.tals import LATEST_NS, read_tals

ODD = [
    b"+0\x14\x14",
    b"+28800\x14\x14",
    b"+1.5\x14\x14",
    b"+1.000000001\x14\x14",
    b"+123456789.123456789\x14\x14",
    b"+1234567890\x14\x14",
    b"+1.1234567891\x14\x14",
    b"+1.\x14\x14",
    b"+.5\x14\x14",
    b"+\x14\x14",
    b"-1\x14\x14",
    b"1\x14\x14",
    b"+1,5\x14\x14",
    b"+1a\x14\x14",
    b"+1:\x14\x14",
    b"+1/\x14\x14",
    b"+1.5.5\x14\x14",
    b"+1\x14",
    b"+1\x14x\x14",
    b"+1\x14\x14\x00+2\x14word\x14",
    b"+1\x14\x14x\x14",
    b"\x00+1\x14\x14",
    b"+1\x00\x14\x14",
    b"+1\x151\x14\x14",
    b"+99999999\x14\x14",
    b"",
    b"\x14\x14",
    b"+1 \x14\x14",
]


def rows(texts: list[bytes], size: int) -> np.ndarray:
    return np.frombuffer(b"".join(text[:size].ljust(size, b"\0") for text in texts), np.uint8).reshape(-1, size)


@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 23, 24, 25, 64])
def test_quick_and_slow_give_the_same(size: int) -> None:
    made = np.random.default_rng(size)
    letters = np.frombuffer(b"+0123456789.\x14\x14\x14\x00\x00x", np.uint8)
    texts = [*ODD, *(bytes(made.choice(letters, made.integers(0, size + 1))) for _ in range(3000))]
    texts += [b"+%d.%d\x14\x14" % (made.integers(0, 10**8), made.integers(0, 10**6)) for _ in range(300)]
    block = rows(texts, size)
    quick = read_tals([[block]])
    slow = read_tals([[block, np.zeros((len(texts), 2), np.uint8)]])  # with a second signal each list is read
    assert quick == slow
    if size == 64:
        assert quick.clock[:5] == [0, 28_800_000_000_000, 1_500_000_000, 1_000_000_001, None]
        assert sum(one is not None for one in quick.clock) > 100


def test_a_clock_beyond_a_leap_year_is_unreadable() -> None:
    late = read_tals([[rows([b"+%d\x14\x14" % (LATEST_NS // 10**9 + 1)], 32)]])
    assert (late.clock, late.unreadable) == ([None], 1)
