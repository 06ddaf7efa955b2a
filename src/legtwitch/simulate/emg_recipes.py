"""The recipes of an EMG by name: what the muscles do, which muscles they are, how they are recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from legtwitch.simulate import emg_needle, emg_rest, emg_rhythms
from legtwitch.simulate.emg_plan import NEEDLE_DEPTH_MM, EmgPlan
from legtwitch.simulate.motor_units import Array, Muscle
from legtwitch.simulate.muap import Electrode, bipolar, concentric_needle

Modality = Literal["surface_emg", "needle_emg"]
MODALITIES: tuple[Modality, ...] = ("surface_emg", "needle_emg")

CALF = Muscle("gastrocnemius", "left", "EMG L Gastroc", 40.0)
SHIN = Muscle("tibialis_anterior", "left", "EMG L TA", 50.0)
OTHER_SHIN = Muscle("tibialis_anterior", "right", "EMG R TA", 50.0)
SOLEUS = Muscle("soleus", "left", "EMG L Soleus", 35.0)
FOOT = Muscle("abductor_hallucis", "left", "EMG L AbdHal", 30.0)

BETWEEN_MM = 20.0
"""Distance of the two electrodes of a bipolar channel (section 4.2)."""
COLUMN_MM, ROW_MM = 15.0, 10.0
NEEDLE_ALONG_MM = 22.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a recording shows. muscles: in order of channels. modalities: the first is the usual one."""

    build: Callable[[EmgPlan, np.random.Generator], None]
    muscles: tuple[Muscle, ...]
    modalities: tuple[Modality, ...]


_SURFACE: tuple[Modality, ...] = ("surface_emg",)
_NEEDLE: tuple[Modality, ...] = ("needle_emg",)
RECIPES: dict[str, Recipe] = {
    "benign_calf": Recipe(emg_rest.benign_calf, (CALF,), MODALITIES),
    "als_like": Recipe(emg_rest.als_like, (SHIN,), MODALITIES),
    "healthy_abductor_hallucis": Recipe(emg_rest.healthy_abductor_hallucis, (FOOT,), MODALITIES),
    "silent": Recipe(emg_rest.silent, (CALF,), MODALITIES),
    "neuromyotonic": Recipe(emg_rest.neuromyotonic, (CALF,), MODALITIES),
    "myokymic": Recipe(emg_rest.myokymic, (CALF,), MODALITIES),
    "voluntary_only": Recipe(emg_rhythms.voluntary_only, (SHIN,), MODALITIES),
    "fibrillations": Recipe(emg_needle.fibrillations, (SHIN,), _NEEDLE),
    "positive_sharp_waves": Recipe(emg_needle.positive_sharp_waves, (SHIN,), _NEEDLE),
    "complex_repetitive": Recipe(emg_needle.complex_repetitive, (SHIN,), _NEEDLE),
    "myotonic": Recipe(emg_needle.myotonic, (SHIN,), _NEEDLE),
    "end_plate_spikes": Recipe(emg_needle.end_plate_spikes, (SHIN,), _NEEDLE),
    "rest_tremor": Recipe(emg_rhythms.rest_tremor, (SHIN, CALF), _SURFACE),
    "postural_tremor": Recipe(emg_rhythms.postural_tremor, (SHIN, CALF), _SURFACE),
    "orthostatic_tremor": Recipe(emg_rhythms.orthostatic_tremor, (SHIN, OTHER_SHIN), _SURFACE),
    "clonus": Recipe(emg_rhythms.clonus, (SOLEUS, SHIN), _SURFACE),
    "myoclonus": Recipe(emg_rhythms.myoclonus, (SHIN, CALF), _SURFACE),
    "cramp": Recipe(emg_rhythms.cramp, (CALF,), _SURFACE),
    "fragmentary_myoclonus": Recipe(emg_rhythms.fragmentary_myoclonus, (SHIN, OTHER_SHIN), _SURFACE),
    "stepping": Recipe(emg_rhythms.stepping, (SHIN, CALF), _SURFACE),
    "walking": Recipe(emg_rhythms.walking, (SHIN, CALF), _SURFACE),
    "held_out_calf": Recipe(emg_rest.held_out_calf, (CALF,), MODALITIES),
}


def arrays(recipe: Recipe, channels: int, *, needle: bool) -> tuple[Array, ...]:
    """Return the electrodes: channels dealt out to the muscles in turn, as a grid over each muscle.

    With fewer channels than muscles the last muscles have none and are left out. A needle has one channel a muscle.
    """
    muscles = recipe.muscles[:channels]
    counts = [channels // len(muscles) + (index < channels % len(muscles)) for index in range(len(muscles))]
    made, first = [], 0
    for muscle, count in zip(muscles, counts, strict=True):
        numbers = tuple(range(first, first + count))
        if needle:
            along = min(NEEDLE_ALONG_MM, 0.6 * muscle.half_length_mm)
            electrodes: tuple[Electrode, ...] = (concentric_needle(0.0, NEEDLE_DEPTH_MM, along),)
        else:
            columns = int(np.ceil(np.sqrt(count)))
            rows = -(-count // columns)
            middle = 0.5 * muscle.half_length_mm
            electrodes = tuple(
                bipolar(
                    COLUMN_MM * (index % columns - (columns - 1) / 2),
                    middle + ROW_MM * (index // columns - (rows - 1) / 2),
                    BETWEEN_MM,
                )
                for index in range(count)
            )
        made.append(Array(muscle, numbers, electrodes, needle))
        first += count
    return tuple(made)
