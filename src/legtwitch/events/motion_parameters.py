"""Every number by which movement of a limb is found in a sensor, with its unit and where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from legtwitch.events.rhythm_parameters import RhythmParameters

GRAVITY_MPS2 = 9.80665


@dataclass(frozen=True, slots=True)
class MotionParameters:
    """Numbers of the detector of motion; `hash` names them.

    Accelerations in m/s2, angular speeds in deg/s. No accelerometer rule for twitches is published; those for leg
    movements are engineering choices (floor, 20 mg) that were never validated on patients.
    """

    rhythm: RhythmParameters = field(default_factory=RhythmParameters)
    # the sensor
    glitch: float = 60.0  # choice: about 6 g away from its neighbours
    glitch_ratio: float = 5.0  # choice: and so many times what is usual around
    glitch_highest: float = 157.0  # choice: 16 g, the range of common sensors
    glitch_guard_s: float = 0.03  # choice
    gravity_s: float = 1.0  # choice: gravity is a mean over so long, twice
    gravity_tolerance: float = 0.25  # choice: of 9.8 or of 1
    least_rate_hz: float = 20.0  # choice: below it no tremor can be looked for
    # putting on and taking off
    placement_s: float = 10.0  # choice: looked for in so long at both ends
    placement_share: float = 0.33  # choice: and in no more of the recording
    placement_ratio: float = 3.0  # choice: livelier than what follows
    placement_deg: float = 10.0  # choice: the sensor turned against what follows
    # rest and movement
    block_s: float = 0.5  # choice
    moving_mps2: float = 0.3  # choice: RMS of 0.5 to 3.3 Hz
    moving_dps: float = 15.0  # choice
    moving_deg: float = 5.0  # choice: change of angle within 2 s
    # tremor
    tremor_least_mps2: float = 0.03  # choice: RMS; three times the noise of common sensors
    tremor_least_dps: float = 0.5  # choice
    # single movements
    local_s: float = 0.3  # choice: spread over so long
    floor_s: float = 60.0  # choice: to both sides; rest is a low quantile of it
    floor_quantile: float = 0.2  # choice
    floor_most_mps2: float = 0.2  # choice: what never rests has no rest of its own
    floor_most_dps: float = 5.0  # choice
    onset_ratio: float = 5.0  # choice: over the floor; others take 8 of a slower envelope
    onset_least_mps2: float = 0.196  # 20 mg, engineering choice of others
    onset_least_dps: float = 5.0  # choice
    brief_ratio: float = 2.5  # choice: of brief movements over the floor
    usual_quantile: float = 0.8  # choice: of the seconds around; what shakes now and then has a high one
    brief_over_usual: float = 2.0  # choice
    brief_least_mps2: float = 0.06  # choice
    brief_least_dps: float = 1.5  # choice
    edge_ratio: float = 1.8  # choice
    edge_least_mps2: float = 0.04  # choice
    edge_least_dps: float = 1.0  # choice
    held_deg: float = 1.0  # choice: lifted and held at another angle: one movement with the return
    still_s: float = 0.6  # choice: where an angle is measured before and after
    limb_mps2: float = 1.0  # choice: faster than what a twitch of a muscle does to a phone; the limb itself moves
    limb_dps: float = 20.0  # choice
    hold_s: float = 0.5  # as for leg movements by EMG
    movement_s: tuple[float, float] = (0.5, 10.0)  # WASM 2016 for EMG, taken over
    # clonus
    clonus_hz: tuple[float, float] = (3.6, 8.4)  # 4 to 8 Hz, and 0.4 Hz for the error of a short run
    clonus_beats: int = 3  # decision table
    beat_least: float = 0.12  # choice: of the highest beat
    beat_near: float = 0.25  # choice: of the median interval
    beat_cov: float = 0.25  # choice: of the intervals
    clonus_s: float = 8.0  # choice: longer runs are tremor
    decrement_least: float = 0.3  # choice: the last beats are so much lower than the first

    @property
    def hash(self) -> str:
        """`sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256(repr(self).encode()).hexdigest()
