"""The resting RMS of a leg: a base, and confounders that raise or modulate it. All of it is rest, never movement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from legtwitch.simulate.envelope import LEGS, Floats, Leg

BASE_UV = 1.0


@dataclass(slots=True)
class Rest:
    """Resting RMS of one leg: base (uV), raises of tone as (start, end, ramp, height) in s and uV, breathing.

    breathing: (rate in Hz, height in uV, phase) of a raised cosine on top; None for none.
    """

    base_uv: float = BASE_UV
    raises: list[tuple[float, float, float, float]] = field(default_factory=list)
    breathing: tuple[float, float, float] | None = None

    def at(self, times_s: Floats) -> Floats:
        """Return the resting RMS (uV) at rising times (s, shape (n,))."""
        total = np.full(len(times_s), self.base_uv)
        for start, end, ramp, height in self.raises:
            if len(times_s) and start < times_s[-1] and end > times_s[0]:
                total += np.interp(times_s, [start, start + ramp, end - ramp, end], [0, height, height, 0])
        if self.breathing is not None:
            rate, height, phase = self.breathing
            total += height * (0.5 - 0.5 * np.cos(2 * np.pi * rate * times_s + phase))
        return total


RestOption = Callable[[np.random.Generator, dict[Leg, Rest], float], None]


def noisy_rest(rng: np.random.Generator, rest: dict[Leg, Rest], _duration_s: float) -> None:
    """Resting noise of 1.5 to 3 uV RMS instead of 1 (relaxed legs: 0.3 to 3; above 1.2 the rule on samples fails)."""
    for leg in LEGS:
        rest[leg].base_uv = float(rng.uniform(1.5, 3))


def tone_rise(rng: np.random.Generator, rest: dict[Leg, Rest], duration_s: float) -> None:
    """Three stretches of 15 min with 3.2 to 8 uV RMS more on both legs, ramps of 5 s [shorter in short nights]."""
    length = min(900.0, duration_s / 8)
    for third in range(3):
        start = duration_s * (third + float(rng.uniform(0.1, 0.5))) / 3
        height = float(rng.uniform(4, 8))
        for leg in LEGS:
            rest[leg].raises.append((start, start + length, 5.0, height * float(rng.uniform(0.8, 1.0))))


def tone_steps(rng: np.random.Generator, rest: dict[Leg, Rest], duration_s: float) -> None:
    """Steps of 2 to 10 uV for 5 to 30 min, four a leg, up and down within 0.5 s [number, ramp: choice]."""
    for leg in LEGS:
        for quarter in range(4):
            length = min(60 * float(rng.uniform(5, 30)), duration_s / 6)
            start = duration_s * quarter / 4 + float(rng.uniform(0, duration_s / 4 - length))
            rest[leg].raises.append((start, start + length, 0.5, float(rng.uniform(2, 10))))


def breathing_tone(rng: np.random.Generator, rest: dict[Leg, Rest], _duration_s: float) -> None:
    """Tone that swings with breathing, 0.2 to 0.3 Hz, by 1 to 1.9 uV RMS, under the offset level [choice]."""
    rate = float(rng.uniform(0.2, 0.3))
    for leg in LEGS:
        rest[leg].breathing = (rate, float(rng.uniform(1, 1.9)), float(rng.uniform(0, 2 * np.pi)))
