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
    tremor_least_mps2: float = 0.008  # choice: RMS; what stands out of noise is told by the shares of power
    tremor_least_dps: float = 0.5  # choice
    hump_hz: float = 0.28  # choice: half the power of a tremor lies nearer together, drift aside ...
    hump_share: float = 0.85  # ... unless nearly nothing else is in its band (choice)
    turns_over_deg: float = 20.0  # choice: within a stretch shorter than turns_over_s, a limb that turns over
    turns_over_s: float = 6.0  # choice
    harmonic_hz: float = 4.5  # choice: slower than this, a rhythm beside a movement ...
    harmonic_near: float = 0.04  # ... is its harmonic where it is so near a multiple of its pace (choice) ...
    harmonic_gap_s: float = 2.0  # ... and no further away (choice)
    # at will, as fast as tremor
    struck_share: float = 0.1  # choice: of the power lies above 3.5 times the pace ...
    struck_locked: float = 0.3  # ... and comes at one phase of it (choice)
    struck_chance: float = 0.65  # choice
    at_will_hz: float = 3.9  # tremors of legs are named from 4 Hz on; the rate of a rhythm is known to 0.1 Hz
    at_will_slow_cm: float = 0.2  # choice: nobody moves a leg at will by less
    at_will_slow_chance: float = 0.55  # choice
    at_will_most_hz: float = 6.5  # choice: the fastest that a leg bounces
    at_will_cm: float = 0.5  # choice: to each side; a larger swing is seldom a tremor
    at_will_chance: float = 0.35  # choice
    # a vehicle: a rumble that never rests
    shaken_least_mps2: float = 0.08  # choice: RMS on all axes from 3 Hz up; far above a limb at rest
    shaken_most_mps2: float = 1.5  # choice: RMS; beyond it a limb moves
    shaken_rest: float = 0.5  # choice: of shaken_least_mps2, in every half second
    shaken_flatness: tuple[float, float] = (0.12, 0.65)  # choice: geometric over mean density; noise of a sensor: 0.8
    shaken_share: float = 0.6  # choice: of the power near one frequency; more is a rhythm
    shaken_short_share: float = 0.75  # choice: the same of a tremor shorter than long_s
    shaken_tilt_deg: float = 3.0  # choice: within 3 s; what else turns is a limb
    shaken_s: float = 20.0  # choice
    shaken_part: float = 0.5  # choice: of the windows of such a time look so
    over_shaking: float = 3.0  # choice: nine times rest where a vehicle shakes; over_rest is 3 of it
    rumbles: float = 3.0  # choice: times noise_least; in a band and direction whose rest is lower nothing shakes
    shock: float = 3.0  # choice: times what is needed in such a band; beyond it no bump of a vehicle
    shaken_turn_deg: float = 4.0  # choice: slow pushes of a vehicle look like a turn of less
    # a machine: a tone steadier than a limb
    tone_spread: float = 0.0015  # choice: of the frequency from second to second; orthostatic tremor: 0.02
    tone_size_spread: float = 0.1  # choice: of the amplitude
    tone_whole: float = 0.9  # choice: of the usable time ...
    tone_least_s: float = 30.0  # ... and so long at least (choice)
    tone_free_s: float = 3.0  # choice: so long before and after a tone that begins and ends at once
    tone_stands_out: float = 5.0  # choice: density of a run-up's line over its surroundings
    tone_fall_hz: float = 1.2  # choice: in a quarter of a second
    tone_run: float = 0.8  # choice: a run-up is followed down to this share of the tone's frequency ...
    tone_run_steps: int = 4  # ... in so many steps (choice)
    tone_alike: float = 1.5  # choice: what is no larger than this many times the tone is of the machine
    # single movements
    # choice: from slow lifts to twitches of 50 ms; what is largest in the last is a knock
    bands_hz: tuple[float, ...] = (1.2, 2.1, 3.6, 6.2, 10.5, 18.0, 31.0)
    highest_band: float = 0.4  # choice: of the samples a second
    floor_s: float = 60.0  # choice: to both sides; rest is a low quantile of it
    floor_block_s: float = 1.5  # choice: holds a beat of the heart down to 40 a minute
    floor_quantile: float = 0.2  # choice
    noise_least_mps2: float = 0.014  # choice: RMS on an axis; a real leg at rest shows bumps of a floor of 0.012
    noise_least_dps: float = 0.05  # choice
    noise_least_hz: float = 6.2  # choice: faster than this a body at rest shakes less and less ...
    noise_falls: float = 0.7  # ... by this power of the frequency; of a real leg it was 1.1 from 6 to 31 Hz (choice)
    noise_of_step: float = 0.26  # choice: RMS of what a step of a coarse sensor makes of rest
    noise_most_mps2: float = 1.0  # choice: what never rests has no rest of its own
    noise_most_dps: float = 10.0  # choice
    calm: float = 2.0  # choice: times rest; what is lower tells how rest is spread over directions
    over_rest: float = 3.0  # choice: 7 standard deviations of noise on three axes, far beyond chance in a night
    over_usual: float = 1.6  # choice: over what comes every second or so, as the pulse ...
    usual_most_mps2: float = 0.35  # ... which is no larger than this, as RMS of white noise (choice)
    usual_most_dps: float = 3.0  # choice
    edge_share: float = 0.1  # choice: of the highest
    edge_over_rest: float = 3.0  # choice: or so much over rest, whichever is higher
    apart_s: float = 0.06  # choice: what is nearer is one movement
    # choice: in Hz and s; what is largest in so fast a band and over so soon is no muscle, however faint
    briefest: tuple[tuple[float, float], ...] = ((0.0, 0.025), (31.0, 0.05))
    blow_s: float = 0.028  # choice: energy of a blow, over in 1 to 5 ms, that rings; a twitch of 60 to 150 ms has more
    clear_knock: float = 2.0  # choice: times what is needed; fainter ones may be noise and aren't told
    blow_around_s: float = 0.15  # choice
    blow_samples: float = 1.3  # choice: a blow gives one sample, shared by two where the clock is made even ...
    unsure_samples: float = 2.2  # ... and what fills no more than this may be one or a short twitch (choice)
    push_s: float = 0.05  # choice: nothing moves kilograms there and back faster
    faint_s: float = 1.0  # choice: what is faint and turns nothing is brief or not of the limb
    rocks_deg: float = 2.0  # choice: what goes on for 10 s at will turns the limb by more, or moves it by a centimetre
    rocks_of_limb: float = 0.5  # choice: of limb_mps2, which at 1 Hz is a centimetre
    held_deg: float = 1.0  # choice: lifted and held at another angle: one movement with the return
    still_s: float = 0.6  # choice: where an angle is measured before and after
    limb_mps2: float = 0.8  # choice: faster than what a twitch of a muscle does to a phone; the limb itself moves
    limb_dps: float = 20.0  # choice
    turned_deg: float = 0.5  # choice: beyond what a twitch does to a phone that lies on it
    turned_in_tremor_deg: float = 2.0  # choice
    nearly: float = 0.7  # choice: of the shortest leg movement, for one so slow
    jerk_hz: float = 3.0  # choice: what stands out most below it is too slow for a burst of 10 to 200 ms
    onset_least_mps2: float = 0.196  # 20 mg, engineering choice of others; where gravity isn't known
    onset_least_dps: float = 5.0  # choice
    hold_s: float = 0.5  # as for leg movements by EMG
    movement_s: tuple[float, float] = (0.5, 10.0)  # WASM 2016 for EMG, taken over
    # brief movements that come back
    repeated_hz: tuple[float, float] = (0.3, 3.3)  # sleep movements begin at 0.3 Hz, tremor at 3.3
    repeated_beats: int = 10  # choice: at random one of 2000 to 70000 movements at 1 Hz begins so even a run
    repeated_near: float = 0.25  # choice: an interval against the median of five
    repeated_size: float = 0.35  # choice: of the larger of two beside each other
    repeated_pause: float = 0.4  # choice: of the smaller, as far as the sensor comes to rest between
    # clonus
    clonus_hz: tuple[float, float] = (3.6, 8.4)  # 4 to 8 Hz, and 0.4 Hz for the error of a short run
    clonus_beats: int = 3  # decision table
    beat_over_noise: float = 4.0  # choice: times the RMS of an axis at rest
    echo_off: float = 0.12  # choice: of the usual interval; what a filter leaves beside the ends of a run
    echo_share: float = 0.5  # choice: of the beat next to it
    echo_least: float = 0.2  # choice: of the larger of the next two
    beat_least: float = 0.12  # choice: of the highest beat
    beat_near: float = 0.25  # choice: of the median interval
    beat_cov: float = 0.25  # choice: of the intervals
    clonus_s: float = 11.0  # choice: longer runs are tremor
    slowing_least: float = 0.06  # choice: fall of the beat rate along a run, of its mean ...
    slowing_sure: float = 4.0  # ... so many times its standard error (choice)
    slowing_beats: int = 6  # choice: with fewer beats it can't be told
    decrement_open: float = 0.25  # choice: a run after a stretch that falls by so much may die away or not
    decrement_least: float = 0.3  # choice: the last beats are so much lower than the first
    stretch_s: float = 0.12  # choice: a stretch begins at least so long before the first beat
    stretch_most_s: float = 1.0  # choice: and no longer
    stretched_cov: float = 0.1  # choice: of the intervals; what is less even after a turn is the end of a movement
    sustained_s: float = 3.0  # choice: of clonus that a stretch keeps up no more of its length is counted
    clonus_per_beat: float = 0.3  # choice: logits by which each beat beyond the third makes clonus surer ...
    clonus_most: float = 2.0  # ... up to so many, and those a stretch adds; three beats alone: even chances (choice)
    clonus_stretch: float = 1.2  # choice
    ring_fit: float = 0.89  # choice: share of the power that one damped swing explains; of beats it was 0.6 to 0.8
    ring_soft: float = 0.015  # choice
    ring_goes_on: float = 0.6  # choice: of the swing, after the last beat; where beats stop at once nothing swings
    ring_cycles: float = 6.0  # choice: slower than this over so many cycles nothing worn on a limb rings on
    ring_share: float = 0.6  # choice: where it fits wholly, ringing is somewhat likelier than clonus ...
    ring_stretched: float = 0.35  # ... and less so after a stretch (choice)

    @property
    def hash(self) -> str:
        """`sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256(repr(self).encode()).hexdigest()
