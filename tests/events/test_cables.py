"""A cable that is pulled swings slowly; what of that reaches the band of muscle is no movement."""

from __future__ import annotations

import numpy as np
import pytest
from leg_generator import Leg, flat_top, recording_of

from legtwitch.events import LegMovements, detect_leg_movements

PULLS = 30


def swing(rng: np.random.Generator, rate: int, seconds: float, uv: float) -> np.ndarray:
    """Noise of 0.5 to 5 Hz whose spectrum falls off as that of a low-pass of second order, swelling and fading."""
    samples = round(seconds * rate)
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / rate)
    spectrum *= (hz > 0.5) / np.sqrt(1 + (hz / 5) ** 4)
    slow = np.fft.irfft(spectrum, samples)
    return np.asarray(slow / slow.std() * uv * np.sqrt(np.hanning(samples)))


def pulled(rate: int, *, moving: bool, clicks: int = 0) -> LegMovements:
    leg, rng = Leg(rate, 20 * PULLS + 20, 1.0, 8), np.random.default_rng(9)
    for number in range(PULLS):
        start = 10 + 20 * number
        part = swing(rng, rate, 4.0, 120 if clicks else 250)
        for click in rng.uniform(0.5, 3.5, clicks):
            since = np.arange(part.size) / rate - click
            part += np.where(since >= 0, 250 * np.exp(-np.maximum(since, 0) / 0.02), 0)
        leg.extra[start * rate : start * rate + part.size] += part
        if moving:
            leg.burst(start + 1.0, flat_top(rate, 40, 2.0, 0.02, 0.05))
    return detect_leg_movements(recording_of({"left": [leg.signal()]}, rate))


@pytest.mark.parametrize("clicks", [0, 3])
@pytest.mark.parametrize("rate", [128, 256, 512])
def test_a_pulled_cable_is_no_movement_and_it_is_said(rate: int, clicks: int) -> None:
    found = pulled(rate, moving=False, clicks=clicks)
    assert len(found.events) <= (0.2 if clicks else 0.1) * PULLS
    assert "Q329" in {problem.code for problem in found.problems}
    assert sum(one.code == "Q329" for one in found.rejected) >= 0.5 * PULLS


@pytest.mark.parametrize("rate", [128, 256, 512])
def test_a_movement_under_a_pulled_cable_stays(rate: int) -> None:
    found = pulled(rate, moving=True)
    middles = [11 + 20 * number + 1.0 for number in range(PULLS)]
    seen = [any(one.onset_s <= middle <= one.onset_s + one.duration_s for one in found.events) for middle in middles]
    assert sum(seen) >= 0.95 * PULLS
