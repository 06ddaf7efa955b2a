"""Every number of the leg movement detector, with its unit and where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.signal import BaselineSettings, SpikeSettings


@dataclass(frozen=True, slots=True)
class Parameters:
    """Numbers of the detector; `hash` names them.

    Given by the scoring manuals (AASM, WASM 2016): the band, onset_uv, offset_uv, hold_s, shortest_s.
    All others are choices of this program, made on simulated signals; none was fitted to patients.
    """

    low_hz: float = 10.0  # AASM, WASM 2016
    high_hz: float = 100.0  # AASM, WASM 2016
    high_of_rate: float = 0.45  # choice: the band's upper edge is lower where the rate asks for it
    kernel_s: float = 0.4  # choice: transition of 8 Hz
    window_s: float = 0.12  # choice: RMS window; the manuals define thresholds, not the estimator
    grid_hz: float = 100.0  # choice: points of the envelope are whole samples, at least so many a second
    onset_uv: float = 8.0  # AASM, WASM 2016: rise above rest
    offset_uv: float = 2.0  # AASM, WASM 2016: not exceeded above rest
    level_spread: float = 1.3  # choice: a burst is level if its RMS varies by less than so many times what noise does
    level_share: float = 0.95  # choice: ... and then has to reach so much of the onset level over its better half
    top_s: float = 0.3  # choice: a burst that swells slowly is level so near its top, and has to reach it there ...
    top_spread: float = 1.7  # ... unless its RMS varies there by more than so many times what noise does
    hold_s: float = 0.5  # AASM, WASM 2016: by the silence that ends a movement
    shortest_s: float = 0.5  # AASM, WASM 2016
    onset_noise: float = 5.0  # choice: rise is also at least so many times the envelope's own fluctuation
    offset_noise: float = 3.2  # choice: the same for the end; above 2 uV only where rest is unsteady, and it is said
    morphology_s: float = 0.5  # WASM 2016: stretch whose median amplitude is judged
    fit_before_s: float = 0.3  # choice: signal before and after the coarse edge to which the edge is fitted
    fit_far_s: float = 0.12  # choice: if the RMS of the first part of that is ...
    fit_tone: float = 1.5  # ... so many times rest, ...
    fit_tone_share: float = 0.75  # ... but less of the onset level than this, the movement rises from there
    fit_after_s: float = 0.35
    fit_unit_s: float = 0.03  # the signal after the edge is cut to a multiple of it
    fit_bin_s: float = 0.008
    spike_s: float = 0.15  # choice: an electrode's spike holds spike_share of the energy in so short a time ...
    spike_share: float = 0.85
    spike_longest_s: float = 1.2  # ... in an event no longer than this whose median stays below onset_uv
    pulse_s: float = (
        0.05  # choice: potentials of a single unit and steps of an electrode, filtered: in stretches of so ...
    )
    pulse_every_s: float = 0.4  # ... long, one in this time, ...
    pulse_share: float = 0.8  # ... lies so much of the energy of an event that is made of them and is no movement
    pulse_apart_s: float = 0.3  # choice: or there are more of them, each with a silence as long on both sides ...
    pulse_kurtosis: float = 8.0  # ... so that their samples are no steady noise, whose kurtosis is 3
    cable_mean_hz: float = 45.0  # choice: an event whose root mean square frequency is lower is looked at closely, ...
    cable_hz: float = 20.0  # ... and where most of it lies below this frequency, where muscle has little, ...
    cable_share: float = 0.5
    cable_clicks: float = (
        2.0  # ... or so many times what a flat spectrum has, where all that is not slow is clicks, ...
    )
    cable_free_hz: float = 30.0  # ... and what lies above this is no movement by itself, a cable or the skin has moved
    cable_tail: float = 0.3  # choice: so much of what is slow may lie above, as a spectrum falls off with its square
    loud_s: float = 0.5  # choice: tones are looked for where the RMS over so long ...
    loud_share: float = 0.75  # ... reaches so much of the onset level ...
    loud_over: float = 1.5  # ... and so many times its median over the recording
    tone_share: float = 0.75  # choice: of the power in one tone, from which on it is subtracted
    ringing_s: float = 0.15  # choice: the filter's ringing after loud bursts may shorten a silence by so much
    potential_s: float = 0.16  # fragmentary myoclonus: potentials of 75 to 150 ms; no stretch of them is a movement
    leak_likeness: float = 0.6  # choice: cross-talk correlates so much with a movement of another channel ...
    leak_ratio: float = 3.0  # ... that is so many times louder ...
    leak_overlap: float = 0.7  # ... and covers so much of it
    leak_head_likeness: float = 0.8  # choice: a movement that only begins as a leak is so much alike there ...
    leak_bin_s: float = 0.04  # ... and is looked through in steps of this
    leak_longest_s: float = 10.0  # choice: of a movement, so much is compared
    beat_high_hz: float = 40.0  # choice: band in which an ECG of at least beat_rate_hz shows the beats
    beat_rate_hz: float = 100.0
    flat_s: float = 1.0  # choice: equal samples for so long are no signal
    clipped_samples: int = 3  # choice: so many equal samples at the channel's extreme are clipped
    coarse_uv: float = 1.0  # choice: a digital step of half the offset rule is said (above it, the room before refuses)
    least_piece_s: float = 5.0  # choice: rest can't be told in less
    high_rest_uv: float = 10.0  # AASM: relaxed muscle within +-5 uV, 10 uV peak to peak, is desirable
    low_rest_uv: float = 0.1  # choice: RMS; electrodes and amplifiers alone make more
    manual_rate_hz: float = 200.0  # AASM: least rate, as others quote it
    lost_share: float = 0.1  # choice: of a channel that is flat or clipped ...
    one_share: float = 0.1  # ... and of the time inside a single movement, from which on it is loud
    long_movement_s: float = 60.0  # choice: beyond, rest was probably not found
    share_inside: float = 0.05  # choice
    breaths: int = 60  # choice: so many movements that follow each other like breaths are said loudly: ...
    breath_share: float = 0.3  # ... if they are so much of all, ...
    breath_s: tuple[float, float] = (2.5, 7.5)  # ... after a time of this, ...
    breath_even: float = 0.25  # ... half of them within this of the usual time
    trace_hz: float = 20.0  # choice: of the envelope kept for the report
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    spikes: SpikeSettings = field(default_factory=SpikeSettings)
    classes: NightClassSettings = field(default_factory=NightClassSettings)

    def fit_bin(self, rate_hz: float) -> int:
        """Return the samples in a bin of the edge fit."""
        return max(1, round(self.fit_bin_s * rate_hz))

    @property
    def hash(self) -> str:
        """Return `sha256:` and the hash of all numbers."""
        return "sha256:" + hashlib.sha256(repr(self).encode()).hexdigest()
