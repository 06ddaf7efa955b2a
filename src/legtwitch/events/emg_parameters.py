"""Every number of the EMG detectors for recordings made awake, with its unit and where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["screening", "sensitive", "specific"]
MODES: tuple[Mode, ...] = ("screening", "sensitive", "specific")


@dataclass(frozen=True, slots=True)
class VoluntarySettings:
    """How voluntary activity is told from rest in one mode; times in s.

    level: the noise of a quarter second over the resting level. density: more potentials than this within a second.
    margin_s: taken out before and after.
    """

    level: float
    density: int
    margin_s: float


VOLUNTARY: dict[Mode, VoluntarySettings] = {
    "screening": VoluntarySettings(3.0, 12, 0.3),
    "sensitive": VoluntarySettings(2.0, 8, 0.5),
    "specific": VoluntarySettings(1.6, 5, 1.0),
}
"""The names of the modes are published (AVID, Bashford 2020); their rules could not be read, and these are ours."""


@dataclass(frozen=True, slots=True)
class EmgParameters:
    """Numbers of the detectors; `hash` names them. All are choices of this program unless a source is named.

    None was fitted to recordings of patients.
    """

    mode: Mode = "sensitive"
    low_hz: float = 20.0
    high_hz: float = 450.0
    high_of_rate: float = 0.36  # what a converter lets through up to 0.64 of the rate folds back above it
    kernel_s: float = 0.1
    work_hz: float = 2000.0  # channels are thinned to the lowest rate of at least this
    shape_hz: float = 1000.0  # below, potentials are counted and no shape is given
    least_hz: float = 100.0
    scales_s: tuple[float, ...] = (0.0009, 0.0014, 0.0022, 0.0034)
    threshold: float = 3.4  # energy over its median in noise; about 5.8 standard deviations
    most_threshold: float = 10.0  # in noise with heavy tails it is raised to at most this
    floor_uv: float = 10.0  # least peak-to-peak amplitude
    ceiling_uv: float = 20.0  # above this noise potentials of 100 uV are missed: the time is not scorable
    high_noise_uv: float = 8.0  # above it a count is a lower bound
    apart_s: float = 0.016  # two peaks nearer than this are one potential
    quarter_s: float = 0.25
    rest_s: float = 30.0  # to both sides: where the resting level is looked for
    rest_quantile: float = 0.25
    burst_s: float = 0.045  # activity without a pause longer than this is a burst, not a potential
    shortest_s: float = 0.005  # nine tenths of the energy; shorter, seen once: a click (the decision's 5 to 30 ms)
    beside_s: tuple[float, float] = (0.02, 0.2)  # before and after a potential: the noise beside it
    edge_s: float = 0.002  # the edge of an electrode's jump; a motor unit's potential takes longer to pass
    edge_share: float = 0.65  # of all that happens near it
    edge_back: float = 0.42  # as fast back over edge_s: less in a jump, as much in a potential
    edge_back_soon: float = 0.62  # the same of a jump that is over in a few ms
    pop_tail_s: float = 0.05  # beside a jump: what filters make of it
    pop_tail_share: float = 0.6
    least_active_s: float = 0.5
    fill_s: float = 1.5  # shorter pauses between two stretches of activity belong to them
    regular_hz: tuple[float, float] = (4.0, 16.0)
    regular_cov: float = 0.3
    regular_least: int = 6  # discharges of a regular run
    usual_s: float = 0.025  # potentials of a muscle are mostly shorter
    pause_s: float = 0.03  # a longer pause ends a stretch of activity; two potentials of one unit are farther apart
    least_burst_s: float = 0.05  # one unit takes less, mostly
    least_tap_s: float = 0.1  # the decision table's jerk ends at 0.2 s, most at half of that
    again_s: float = 1.0  # bursts no farther apart are one movement that goes on
    taps_apart_s: float = 3.0  # between two taps is no rest
    jerk_margin_s: float = 0.1
    bursts_window_s: float = 10.0  # to both sides: where bursts are compared with what chance gives
    pulses_least: int = 6
    pulse_jitter_s: float = 0.001  # a motor unit's intervals of 60 ms or more vary by a twentieth at least
    evoked_s: tuple[float, float] = (0.005, 0.1)  # before and after a pulse: the muscle's answers, the late ones too
    strangers_s: float = 1.0  # potentials of no unit that follow each other so soon: as chance has it, or by effort
    flat_s: float = 0.2
    clipped_samples: int = 3
    least_piece_s: float = 5.0
    window_s: float = 0.012  # to both sides of a potential: its shape
    isolated_ms: float = 250.0  # Sleutjes 2016
    locked_ms: float = 5.0
    presence_s: float = 60.0
    rate_s: float = 300.0
    least_unit: int = 3
    pools: tuple[float, float] = field(default=(0.3, 2.5))

    @property
    def voluntary(self) -> VoluntarySettings:
        """Return how voluntary activity is told in the chosen mode."""
        return VOLUNTARY[self.mode]

    @property
    def hash(self) -> str:
        """Return `sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256((repr(self) + repr(self.voluntary)).encode()).hexdigest()
