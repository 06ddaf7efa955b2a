"""Features of events by class as a person would draw them from the literature, some of them missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from legtwitch.events.decision import Features

Draw = Callable[[np.random.Generator], Features]


def _log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _is(rng: np.random.Generator, chance: float) -> bool:
    return bool(rng.random() < chance)


DRAWS: dict[str, Draw] = {
    "ecg_artifact": lambda rng: Features(
        duration_ms=rng.normal(90, 12), rate_hz=rng.uniform(0.8, 2), rate_cov=rng.uniform(0.02, 0.15),
        heart_locked=True, same_shape=True, all_channels=_is(rng, 0.85), spike=False, isolated=True,
    ),
    "electrode_pop": lambda rng: Features(
        duration_ms=_log(rng, 2, 100), rate_hz=_log(rng, 0.005, 0.2), low_share=rng.uniform(0.3, 0.9), spike=True,
        heart_locked=False, several_muscles=False, all_channels=False, same_shape=_is(rng, 0.2), isolated=True,
    ),
    "movement_artifact": lambda rng: Features(
        duration_ms=_log(rng, 150, 2000), low_share=rng.uniform(0.65, 0.95), several_muscles=_is(rng, 0.8),
        all_channels=_is(rng, 0.8), same_shape=False, heart_locked=False, turned=_is(rng, 0.7),
    ),
    "fasciculation": lambda rng: Features(
        duration_ms=rng.normal(13, 4), rate_hz=_log(rng, 0.01, 1.5), rate_cov=rng.normal(1.05, 0.15),
        low_share=rng.uniform(0.02, 0.2), same_shape=_is(rng, 0.85), isolated=_is(rng, 0.9),
        several_muscles=_is(rng, 0.1), heart_locked=False, effort=False, lasting_rhythm=False,
    ),
    "fragmentary_myoclonus": lambda rng: Features(
        duration_ms=rng.uniform(78, 148), rate_hz=_log(rng, 0.003, 0.1), rate_cov=rng.normal(1, 0.2), asleep=True,
        several_muscles=_is(rng, 0.1), same_shape=False, heart_locked=False, isolated=True, spike=False,
    ),
    "myoclonus": lambda rng: Features(
        duration_ms=rng.choice([rng.normal(31, 7), rng.normal(57, 12), rng.uniform(50, 190)]), isolated=_is(rng, 0.9),
        low_share=rng.uniform(0.02, 0.25), several_muscles=_is(rng, 0.85), same_shape=False, asleep=_is(rng, 0.1),
        rate_hz=_log(rng, 0.02, 1), rate_cov=rng.normal(0.9, 0.2), heart_locked=False, spike=False,
    ),
    "motor_unit_discharge": lambda rng: Features(
        duration_ms=rng.normal(12, 3), rate_hz=rng.uniform(6, 14), rate_cov=rng.uniform(0.08, 0.25), same_shape=True,
        isolated=False, effort=_is(rng, 0.8), lasting_rhythm=_is(rng, 0.9), several_muscles=False, heart_locked=False,
    ),
    "tremor": lambda rng: Features(
        duration_ms=rng.uniform(35, 120), rate_hz=rng.uniform(4, 17), rate_cov=rng.uniform(0.03, 0.15),
        train_s=_log(rng, 4, 120), decrement=rng.uniform(0.02, 0.35), lasting_rhythm=True, fades=False,
        same_shape=False, isolated=False, asleep=False,
    ),
    "clonus": lambda rng: Features(
        duration_ms=rng.uniform(40, 110), rate_hz=rng.uniform(4.2, 7.8), rate_cov=rng.uniform(0.02, 0.12),
        train_s=_log(rng, 0.5, 4), decrement=rng.uniform(0.35, 0.9), fades=_is(rng, 0.9), stretched=_is(rng, 0.8),
        same_shape=False, isolated=False, lasting_rhythm=_is(rng, 0.3),
    ),
    "leg_movement": lambda rng: Features(
        duration_ms=_log(rng, 550, 9000), asleep=_is(rng, 0.85), several_muscles=_is(rng, 0.3), isolated=True,
        same_shape=False, rate_hz=_log(rng, 0.02, 0.1), lasting_rhythm=False, fades=_is(rng, 0.2),
    ),
    "cramp": lambda rng: Features(
        duration_ms=_log(rng, 15_000, 300_000), level_ratio=_log(rng, 8, 100), fades=_is(rng, 0.9), isolated=True,
        several_muscles=_is(rng, 0.1), effort=_is(rng, 0.2), lasting_rhythm=False,
    ),
    "neuromyotonic_discharge": lambda rng: Features(
        duration_ms=_log(rng, 40, 2000), intraburst_hz=_log(rng, 80, 280), same_shape=_is(rng, 0.9),
        fades=_is(rng, 0.7), isolated=False, several_muscles=False, heart_locked=False,
    ),
    "high_frequency_leg_movement": lambda rng: Features(
        duration_ms=_log(rng, 120, 900), rate_hz=rng.uniform(0.5, 2.8), rate_cov=rng.uniform(0.08, 0.3),
        asleep=_is(rng, 0.8), lasting_rhythm=True, isolated=False, same_shape=False, heart_locked=False,
    ),
}  # fmt: skip


def drawn(each: int, seed: int = 20_261, missing: float = 0.25) -> Iterator[tuple[str, Features]]:
    """Yield (class, features) so many times for each class; every feature is missing with a probability."""
    rng = np.random.default_rng(seed)
    for name, draw in DRAWS.items():
        for _ in range(each):
            full = draw(rng)
            lost = {
                field: None
                for field in Features.__slots__
                if getattr(full, field) is not None and rng.random() < missing
            }
            yield name, replace(full, **lost)
