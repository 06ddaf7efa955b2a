"""Nights with known truth, made by code that shares nothing with the detectors and rule sets it judges."""

from __future__ import annotations

from legtwitch.simulate.files import as_recording, truth_rows, write_night
from legtwitch.simulate.night import SimulatedNight, night
from legtwitch.simulate.options import OPTIONS

__all__ = ["OPTIONS", "SimulatedNight", "as_recording", "night", "truth_rows", "write_night"]
