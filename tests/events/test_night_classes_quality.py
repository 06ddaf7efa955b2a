"""What makes a night unfit for counting is said loudly."""

from __future__ import annotations

import numpy as np
import pytest
from leg_generator import Leg, flat_top, night, recording_of

from legtwitch.events import LegMovements, detect_leg_movements
from legtwitch.model import Problem


def problems(found: LegMovements) -> dict[str, Problem]:
    return {one.code: one for one in found.problems}


def of(signal: np.ndarray, rate: float = 256) -> dict[str, Problem]:
    return problems(detect_leg_movements(recording_of({"left": [signal]}, rate, resolution_uv=0.001)))


def test_an_ordinary_night_has_no_warning() -> None:
    found = of(night(256, 5).signal())
    assert not [one for one in found.values() if one.effect.startswith("WARNING")]


@pytest.mark.parametrize(("rate", "loud"), [(128, True), (199, True), (200, False), (256, False)])
def test_a_rate_below_that_of_the_manual_is_loud(rate: int, loud: bool) -> None:
    found = of(night(rate, 5, minutes=3).signal(), rate)
    assert ("Q324" in found) is loud
    if loud:
        assert f"{rate} samples a second" in found["Q324"].message
        assert found["Q324"].effect.startswith("WARNING")


@pytest.mark.parametrize(("share", "loud"), [(0.05, False), (0.3, True)])
@pytest.mark.parametrize("level", [0.0, 3000.0])
def test_a_lead_that_is_off_for_long_is_loud(share: float, loud: bool, level: float) -> None:
    signal = night(256, 6, minutes=10).signal()
    signal[1000 : 1000 + round(share * signal.size)] = level
    found = of(signal)
    assert ("Q325" in found) is loud
    if loud:
        assert "30 %" in found["Q325"].message


def test_a_resting_level_that_no_electrode_has_is_loud() -> None:
    signal = night(256, 7, minutes=5).signal()
    assert "Q326" in of(signal / 1000)
    assert "Q326" not in of(signal)
    flat = signal.copy()
    flat[: flat.size * 3 // 4] = 0
    assert "Q326" not in of(flat)


@pytest.mark.parametrize(("length", "loud"), [(50.0, False), (150.0, True)])
def test_a_night_inside_one_movement_is_loud(length: float, loud: bool) -> None:
    leg = Leg(256, 900, 1.0, 8)
    rng, at = np.random.default_rng(4), 400.0
    while at < 400 + length:  # bursts with silences too short to end a movement
        burst = rng.uniform(1.2, 2.5)
        leg.burst(at, flat_top(256, 80, burst))
        at += burst + rng.uniform(0.25, 0.35)
    found = of(leg.signal())
    assert ("Q327" in found) is loud
    if loud:
        assert "Q311" in found
        assert "single movement takes 1" in found["Q327"].message
