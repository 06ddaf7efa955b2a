"""Array functions that know no medicine: filter, envelope, resting level, edges, repeated spikes, mains."""

from __future__ import annotations

from legtwitch.signal.baseline import Baseline, BaselineSettings, resting_baseline
from legtwitch.signal.edges import crossing_bins, smear_of
from legtwitch.signal.envelope import constant_runs, rms_envelope, runs
from legtwitch.signal.filters import ZeroPhaseFilter, bandpass_kernel, filter_zero_phase
from legtwitch.signal.level import Level
from legtwitch.signal.mains import remove_mains
from legtwitch.signal.order import median
from legtwitch.signal.spans import Laid, laid_out
from legtwitch.signal.spikes import Spikes, SpikeSettings, subtract_spikes
from legtwitch.signal.tones import subtract_tones

__all__ = [
    "Baseline",
    "BaselineSettings",
    "Laid",
    "Level",
    "SpikeSettings",
    "Spikes",
    "ZeroPhaseFilter",
    "bandpass_kernel",
    "constant_runs",
    "crossing_bins",
    "filter_zero_phase",
    "laid_out",
    "median",
    "remove_mains",
    "resting_baseline",
    "rms_envelope",
    "runs",
    "smear_of",
    "subtract_spikes",
    "subtract_tones",
]
