"""The confounders by name, and what each of them acts on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np

from legtwitch.errors import UsageError
from legtwitch.simulate import artefacts, muscle, rest
from legtwitch.simulate.artefacts import Canvas
from legtwitch.simulate.plan import Plan

MUSCLE: dict[str, Callable[[np.random.Generator, Plan], None]] = {
    "isolated_movements": muscle.isolated_movements,
    "short_intervals": muscle.short_intervals,
    "wake_movements": muscle.wake_movements,
    "respiratory": muscle.respiratory,
    "arousals": muscle.arousals,
    "long_movements": muscle.long_movements,
    "large_body_movements": muscle.large_body_movements,
    "fragmentary_myoclonus": muscle.fragmentary_myoclonus,
    "alma": muscle.alma,
    "foot_tremor": muscle.foot_tremor,
    "rem_twitches": muscle.rem_twitches,
    "boundary_events": muscle.boundary_events,
}
REST: dict[str, rest.RestOption] = {
    "noisy_rest": rest.noisy_rest,
    "tone_rise": rest.tone_rise,
    "tone_steps": rest.tone_steps,
    "breathing_tone": rest.breathing_tone,
}
# In the order in which they reach the trace: what leaks between cables first, a lead that is off last.
TRACE: dict[str, Callable[[np.random.Generator, Canvas], None]] = {
    "cross_talk": artefacts.cross_talk,
    "ecg": artefacts.ecg,
    "mains": artefacts.mains,
    "hum_bursts": artefacts.hum_bursts,
    "vibration": artefacts.vibration,
    "electrode_pops": artefacts.electrode_pops,
    "cable_tugs": artefacts.cable_tugs,
    "loose_lead": artefacts.loose_lead,
}
OTHERS = ("ragged_bursts", "ecg_channel", "one_leg", "both_on_one_channel", "gap")
OPTIONS: tuple[str, ...] = (*OTHERS, *MUSCLE, *REST, *TRACE)


def checked(with_: Sequence[str]) -> frozenset[str]:
    """Return the options asked for.

    Raises
    ------
    UsageError: a name isn't known (E121; the nearest known one is told).
    """
    for name in with_:
        if name not in OPTIONS:
            near = get_close_matches(name, OPTIONS, 1, 0.5)
            raise UsageError(
                "E121",
                "A simulated night has no such option.",
                got=name,
                allowed=list(OPTIONS),
                do=f"Did you mean {near[0]}?" if near else "Take names from the list.",
            )
    return frozenset(with_)
