"""Recordings with known truth, made by code that shares nothing with the detectors and rule sets it judges."""

from __future__ import annotations

from legtwitch.simulate.accelerometer import (
    APPS,
    PLACEMENTS,
    SimulatedAccelerometer,
    accelerometer,
    write_accelerometer,
)
from legtwitch.simulate.accelerometer_confounders import OPTIONS as MOTION_OPTIONS
from legtwitch.simulate.accelerometer_recipes import MOTION_RECIPES
from legtwitch.simulate.emg import SimulatedEmg, emg
from legtwitch.simulate.emg_confounders import OPTIONS as EMG_OPTIONS
from legtwitch.simulate.emg_files import emg_recording, write_emg
from legtwitch.simulate.emg_recipes import RECIPES as EMG_RECIPES
from legtwitch.simulate.files import as_recording, truth_rows, write_night
from legtwitch.simulate.held_out import HELD_OUT
from legtwitch.simulate.night import SimulatedNight, night
from legtwitch.simulate.options import OPTIONS

__all__ = [
    "APPS",
    "EMG_OPTIONS",
    "EMG_RECIPES",
    "HELD_OUT",
    "MOTION_OPTIONS",
    "MOTION_RECIPES",
    "OPTIONS",
    "PLACEMENTS",
    "SimulatedAccelerometer",
    "SimulatedEmg",
    "SimulatedNight",
    "accelerometer",
    "as_recording",
    "emg",
    "emg_recording",
    "night",
    "truth_rows",
    "write_accelerometer",
    "write_emg",
    "write_night",
]
