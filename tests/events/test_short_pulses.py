"""A few potentials of one unit, or steps of an electrode, strung together are no movement; muscle as short is one."""

from __future__ import annotations

import numpy as np
import pytest
from leg_generator import recording_of

from legtwitch.events import detect_leg_movements

RATE = 256
SECONDS = 120


def rest(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 2, SECONDS * RATE)


def found(trace: np.ndarray) -> tuple[list[float], set[str]]:
    quiet = rest(99)
    result = detect_leg_movements(recording_of({"left": [trace], "right": [quiet]}, float(RATE)))
    return [one.onset_s for one in result.events], {one.code for one in result.rejected}


@pytest.mark.parametrize("apart_s", [0.4, 0.43, 0.46])
@pytest.mark.parametrize("many", [3, 5])
def test_pulses_strung_together_are_left_out_and_said(apart_s: float, many: int) -> None:
    trace = rest(1)
    for number in range(many):
        at = int((60 + number * apart_s) * RATE)
        trace[at : at + 3] += (120, -160, 60)
    onsets, codes = found(trace)
    assert onsets == []
    assert "Q322" in codes


def test_a_faint_ragged_movement_of_the_same_length_is_found() -> None:
    trace, made = rest(2), np.random.default_rng(7)
    for start, length in ((60.0, 0.3), (60.4, 0.25), (60.8, 0.4)):
        part = slice(int(start * RATE), int((start + length) * RATE))
        trace[part] += made.normal(0, 18, part.stop - part.start)
    onsets, _ = found(trace)
    assert len(onsets) == 1


@pytest.mark.parametrize("seed", range(4))
def test_loud_steps_of_an_electrode_strung_together_are_left_out_however_they_lie(seed: int) -> None:
    trace, made = rest(3), np.random.default_rng(seed)
    for at in np.cumsum(made.uniform(0.3, 0.5, 8)) + 60:
        tail = np.exp(-np.arange(RATE) / RATE / made.uniform(0.01, 0.04))
        trace[int(at * RATE) : int(at * RATE) + RATE] += made.choice([-1, 1]) * made.uniform(300, 1200) * tail
    onsets, codes = found(trace)
    assert onsets == []
    assert codes & {"Q322", "Q314"}


def test_a_loud_movement_of_short_beats_is_found() -> None:
    trace, made = rest(4), np.random.default_rng(8)
    for start in np.arange(60, 63, 0.16):
        part = slice(int(start * RATE), int((start + 0.09) * RATE))
        trace[part] += made.normal(0, 80, part.stop - part.start)
    onsets, _ = found(trace)
    assert len(onsets) == 1
