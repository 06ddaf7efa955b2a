"""A plausible hypnogram: latency, cycles of about ninety minutes, short and long wakings, a last waking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legtwitch.model import Event

EPOCH_S = 30.0
NREM = ("N1", "N2", "N3")
SLEEP = (*NREM, "R")


@dataclass(frozen=True, slots=True)
class Sleep:
    """Stages (`W`, `N1`, `N2`, `N3`, `R`), one an epoch of 30 s, and when the lights went off and on (s)."""

    stages: tuple[str, ...]
    lights_off_s: float
    lights_on_s: float

    def stage_at(self, time_s: float) -> str:
        """Return the stage of the epoch that holds a time (s); after the last epoch that of the last."""
        return self.stages[min(int(time_s // EPOCH_S), len(self.stages) - 1)]

    def spans(self, wanted: tuple[str, ...]) -> list[tuple[float, float]]:
        """Return start and end (s) of every unbroken run of epochs in one of the wanted stages."""
        inside = np.array([False, *(stage in wanted for stage in self.stages), False])
        edges = np.flatnonzero(np.diff(inside.astype(np.int8)))
        return [(float(a) * EPOCH_S, float(b) * EPOCH_S) for a, b in edges.reshape(-1, 2)]

    def events(self) -> list[Event]:
        """Return the stages and the lights as events."""
        marks = [Event(i * EPOCH_S, EPOCH_S, f"stage_{stage}") for i, stage in enumerate(self.stages)]
        return [Event(self.lights_off_s, 0.0, "lights_off"), *marks, Event(self.lights_on_s, 0.0, "lights_on")]


def make_sleep(rng: np.random.Generator, epochs: int) -> Sleep:
    """Return the sleep of a night of so many epochs.

    Latency 8 to 20 min, cycles whose deep sleep shrinks and whose REM sleep grows, brief wakings between and within
    cycles, one waking of 8 to 20 min in the second or third cycle [choice: an ordinary adult night; no table of norms].
    Short nights have the same order with a shorter latency.
    """
    minutes = epochs / 2
    stages = ["W"] * round(2 * min(float(rng.uniform(8, 20)), 0.1 * minutes))
    long_waking = int(rng.integers(1, 3))
    last = round(2 * min(float(rng.uniform(4, 8)), 0.03 * minutes))
    cycle = 0
    while len(stages) < epochs:
        stages += _cycle(rng, cycle)
        if cycle == long_waking:
            stages += ["W"] * round(2 * float(rng.uniform(8, 20)))
        elif rng.random() < 0.6:
            stages += ["W"] * int(rng.integers(1, 6))
        cycle += 1
    stages[epochs - last :] = ["W"] * last
    margin = EPOCH_S * min(10, round(0.02 * epochs))
    return Sleep(tuple(stages[:epochs]), float(margin), float(epochs * EPOCH_S - margin))


def _cycle(rng: np.random.Generator, number: int) -> list[str]:
    """Return one cycle: N1, N2, N3 (less every time), N2, REM (more every time); here and there an epoch of waking."""
    parts = [
        ("N1", rng.uniform(1, 5)),
        ("N2", rng.uniform(15, 28)),
        ("N3", max(0.0, 28 - 9 * number + rng.uniform(-5, 5))),
        ("N2", rng.uniform(8, 20)),
        ("R", 6 + 5 * number + rng.uniform(-3, 3)),
    ]
    cycle = [stage for stage, length in parts for _ in range(round(2 * float(length)))]
    for index in range(1, len(cycle) - 1):
        if cycle[index] == "N2" and rng.random() < 0.012:
            cycle[index] = "W"
            cycle[index + 1] = "N1"
    return cycle
