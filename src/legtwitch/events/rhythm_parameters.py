"""Every number by which a rhythm is found, with its unit and where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from legtwitch.signal import SpikeSettings


@dataclass(frozen=True, slots=True)
class RhythmParameters:
    """Numbers of tremor windows, common to sensors of motion and to the envelope of EMG; `hash` names them.

    Published: window_s and the share of the power around the peak as criterion (PMC6806079), the bands of tremor.
    All others are choices of this program, made on simulated signals; none was fitted to patients.
    """

    window_s: float = 3.0  # PMC6806079
    hop_s: float = 0.5  # choice
    lowest_hz: float = 3.3  # choice: a leg is moved at will up to about here
    highest_hz: float = 18.5  # orthostatic tremor 13-18 Hz, BMC Neurol 2021 486
    band_hz: tuple[float, float] = (3.0, 20.0)  # choice: what the peak is compared with
    beyond_hz: float = 6.0  # choice: above the band, where a vehicle shakes faster than any tremor
    near_hz: float = 1.0  # choice: the "peak" of PMC6806079, whose width could not be read
    least_share: float = 0.38  # choice: of the band's power near the peak
    keep_share: float = 0.28  # choice: in a window beside one that has least_share
    short_share: float = 0.55  # choice: a stretch of 3 s needs this share, one of long_s or more only least_share
    long_s: float = 9.0  # choice
    around_s: float = 20.0  # choice: a shorter stretch is compared with what lies so long around it
    around_power: float = 0.6  # choice: of its power, from which on the surroundings are as strong
    around_windows: int = 8  # choice: fewest such windows
    least_standing_out: float = 7.0  # choice: density of the peak over its surroundings
    same_hz: float = 1.0  # choice: neighbouring windows of one tremor differ less
    least_third: float = 0.05  # choice: a tremor holds this share of its power in every second of the window
    bridge_s: float = 2.5  # choice: windows that start so near each other overlap
    shortest_s: float = 2.8  # decision table: 3 s; edges are uncertain by 0.2 s
    edge_share: float = 0.35  # choice: of the upper quartile of the amplitude, where a stretch begins and ends
    pause_share: float = 0.15  # choice: a pause falls below this share of it ...
    pause_s: float = 3.0  # ... and lasts longer than this, a window
    even_share: float = 0.3  # choice: of the highest tenth of its amplitude ...
    even_part: float = 0.6  # ... a tremor shorter than even_s holds for so much of its time
    even_s: float = 6.0  # choice
    edge_smooth_s: float = 0.5  # choice
    movement_hz: tuple[float, float] = (0.6, 3.3)  # choice: fundamentals of movement at will
    movement_share: float = 0.12  # choice: a fundamental's density against that of its harmonic
    movement_stands_out: float = 3.0  # choice: against its surroundings
    movement_leads: float = 1.0  # choice: as strong as its harmonic a fundamental needs fewer others
    orders: int = 8  # choice: harmonics of a movement that are looked at
    neighbours: int = 4  # choice: windows to each side, 2 s, that tell what a peak is ...
    neighbours_share: float = 0.34  # ... where so many of those with the same peak do (choice)
    comb_lines: int = 2  # choice: so many clear lines between and beyond the harmonics of the peak are no tremor's
    comb_orders: int = 5  # choice: of higher harmonics the lines lie too close for that
    comb_share: float = 0.02  # choice: density of such a line against the peak ...
    comb_strong: float = 0.1  # choice: from this share on half of that is enough beside it
    comb_stands_out: float = 8.0  # ... and against the floor beside it, and what is usual in the band (choice)
    partner_share: float = 0.08  # choice: density of another harmonic, asked of the third and higher ones
    own_fundamental_share: float = 0.3  # choice: half the frequency is the tremor's own from this share of density
    orthostatic_hz: tuple[float, float] = (13.0, 18.5)  # as highest_hz
    orthostatic_narrow: float = 0.7  # choice: of what lies within 1.5 Hz of it within 0.35 Hz; of other tremors 0.5
    subharmonic_most: float = 0.3  # choice: density of half of such a rhythm over its own ...
    subharmonic_standing: float = 3.0  # ... and where somebody stood (choice)
    twin_share: float = 0.05  # choice: power at half of such a rhythm over its own, to be told
    stability_band_hz: float = 2.0  # choice: narrow band to both sides before the stability index
    stability_cycles: int = 20  # choice: fewest cycles for the stability index
    lasting_s: float = 8.0  # choice: a decaying run of at most this length may be clonus

    @property
    def hash(self) -> str:
        """`sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256(repr(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EmgRhythmParameters:
    """Numbers for rhythms and bursts in EMG; levels are RMS in uV. `hash` names them.

    Published: 4 to 8 Hz and three beats of clonus, lengths of bursts (decision table). All others are choices of this
    program, made on simulated signals; none was fitted to patients.
    """

    rhythm: RhythmParameters = field(
        default_factory=lambda: RhythmParameters(least_share=0.42, keep_share=0.3, short_share=0.58, least_third=0.015)
    )
    spikes: SpikeSettings = field(default_factory=SpikeSettings)
    least_hz: float = 100.0  # choice: slower channels hold envelopes, not EMG
    most_channels: int = 4  # choice: of one muscle; more show no more of a rhythm
    low_hz: float = 20.0  # choice
    high_hz: float = 450.0  # choice
    high_of_rate: float = 0.45  # choice
    kernel_s: float = 0.1  # choice
    window_s: float = 0.010  # choice
    window_cycles: float = 4.0  # choice: a narrow band needs a longer window
    grid_hz: float = 400.0  # choice
    tremor_grid_hz: float = 100.0  # choice
    flat_s: float = 0.2  # choice
    least_piece_s: float = 4.0  # choice
    block_s: float = 2.0  # choice
    rest_s: float = 20.0  # choice: to both sides
    rest_quantile: float = 0.1  # choice
    rest_blocks_quantile: float = 0.2  # choice
    floor_most: float = 3.0  # choice: times the quietest tenth of a recording; what is louder is no rest
    floor_uv: float = 0.3  # choice: an amplifier is no quieter
    onset_ratio: float = 2.5  # choice: over rest, in a run
    jerk_ratio: float = 3.5  # choice: over rest, of a burst alone
    offset_ratio: float = 1.9  # choice
    edge_share: float = 0.2  # choice: of the peak
    join_s: float = 0.025  # choice: a shorter pause parts no burst
    least_depth: float = 0.15  # choice: RMS of the rhythm over the mean level
    least_over_rest: float = 1.3  # choice: mean level in a tremor over rest
    tremor_burst_ms: float = 30.0  # decision table: 50 to 150 ms, less at 18 Hz; one motor unit: 5 to 20 ms
    unit_likeness: float = 0.75  # choice: waveforms of one motor unit are alike
    clonus_hz: tuple[float, float] = (3.6, 8.4)  # decision table: 4 to 8 Hz; 0.4 Hz for the error of a short run
    clonus_beats: int = 3  # decision table
    clonus_burst_ms: tuple[float, float] = (20.0, 150.0)  # decision table: 40 to 120 ms
    faint_ratio: float = 2.0  # choice: of a beat that goes on at the pace, over rest ...
    faint_share: float = 0.1  # ... and of the beat beside the run
    clonus_cov: float = 0.25  # choice
    clonus_decrement: float = 0.2  # choice: the least fall, where no stretch is marked
    stretch_s: float = 0.6  # choice: a mark of a stretch so long before
    clonus_free_s: float = 0.3  # choice: nothing so long before it, where no stretch is marked
    few_beats: int = 6  # choice: so few must be very even
    few_beats_cov: float = 0.15  # choice
    few_beats_decrement: float = 0.4  # choice
    abrupt_beats: int = 5  # choice: of a run that begins at once and doesn't shrink
    abrupt_cov: float = 0.11  # choice
    beside_ratio: float = 2.0  # choice: RMS of a beat beside its largest potential, over rest
    clonus_run_s: tuple[float, float] = (
        2.5,
        6.0,
    )  # decision table; a tremor lasts 3 s: so long in any, in such muscles
    jerk_ms: tuple[float, float] = (10.0, 200.0)  # decision table
    single_unit_ms: float = 50.0  # choice: below it only several muscles at once make a jerk
    jerk_pause_s: float = 0.05  # choice: a longer pause parts bursts; few units leave gaps in a jerk
    one_potential_ms: float = 18.0  # choice: a fasciculation's burst is shorter, a jerk of two muscles in neither
    together_s: float = 0.05  # decision table: several muscles within 50 ms
    effort_s: float = 1.0  # choice: no longer burst so near a jerk
    train_pairs: float = 0.92  # choice: the same in a train of bursts
    unit_pairs: float = 0.92  # choice: likeness of the potentials within a burst of one motor unit
    alone_s: float = 0.25  # decision table
    cramp_s: float = 8.0  # choice
    cramp_ratio: float = 5.0  # decision table
    cramp_fall: float = 0.65  # choice: level near its end over that near its top
    cramp_low: float = 4.0  # choice: the lowest fifth of its level over rest: no pauses between bursts
    train_hz: tuple[float, float] = (0.3, 4.0)  # sleep movements: 0.3 to 4 Hz
    train_bursts: int = 4  # the same
    train_burst_ms: tuple[float, float] = (100.0, 1000.0)  # the same
    train_cov: float = 0.4  # choice

    @property
    def hash(self) -> str:
        """`sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256(repr(self).encode()).hexdigest()


BANDS: tuple[tuple[float, float, str], ...] = (
    (4.0, 6.0, "the band of 4 to 6 Hz"),
    (8.0, 12.0, "the band of 8 to 12 Hz, to which normal physiological tremor belongs"),
    (13.0, 18.0, "the band of 13 to 18 Hz"),
)
