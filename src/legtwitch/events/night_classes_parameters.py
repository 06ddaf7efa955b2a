"""Every number by which movements of the night are told apart from leg movements, with its unit and its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NightClassSettings:
    """Numbers of the classes. Times in s, rates in Hz, levels in uV.

    Given by the AASM manual, as others quote it (grade D here): numbers of bursts, rates and lengths of alternating
    activation and foot tremor; length, rate and minutes of fragmentary myoclonus. The others are choices of this
    program, made on simulated signals; none was fitted to patients.
    """

    point_s: float = 0.04  # choice: steps in which bursts are parted
    valley_share: float = 0.4  # choice: a valley this deep beside both of its tops parts two bursts
    least_top: float = 0.75  # choice: of the onset margin; fainter bursts are not looked at
    edge_rest: float = 3.5  # choice: a burst lasts from the first to the last sample over so many times rest ...
    edge_share: float = 0.15  # ... and over so much of its highest sample
    leak_ratio: float = 3.0  # choice: a burst under one of the other leg so many times louder is cross-talk
    bursts_least: int = 4  # AASM: alternating activation and foot tremor
    train_burst_s: tuple[float, float] = (0.07, 1.1)  # AASM: 250 to 1000 ms, with what measuring adds and takes
    train_hz: tuple[float, float] = (0.28, 4.4)  # AASM: 0.3 to 4 Hz, with the same room
    train_step: float = 1.8  # choice: neighbouring intervals of a train differ by no more than this factor
    train_level: float = 3.5  # choice: and neighbouring bursts in height
    long_train_s: float = 10.0  # AASM, WASM: no movement that counts is longer
    long_spread: float = 0.22  # choice: in a train longer than that intervals vary by no more over their mean ...
    long_length_spread: float = 0.27  # ... and lengths, as those of ragged movements do
    apart_s: float = 0.65  # AASM: bursts 0.5 s apart are no pieces of one movement; their faint ends are not seen ...
    apart_spread: float = 0.3  # choice: ... so that the intervals of a train of them may vary by so much
    near_train_s: float = 5.0  # choice: of bursts nearer than that for so long ...
    near_bursts: int = 7  # ... so many are a train if their intervals ...
    near_spread: float = 0.1  # ... and lengths vary by no more than this over their mean
    near_length_spread: float = 0.25
    tiny_bursts: int = 7  # choice: of bursts shorter than tremor_burst_s a train has more, and is as even as this
    tiny_spread: float = 0.13
    tiny_length_spread: float = 0.22
    tremor_burst_s: float = 0.16  # choice: shorter ones are fragmentary myoclonus, unless in an even train
    alma_burst_s: tuple[float, float] = (0.06, 0.75)  # AASM: 100 to 500 ms, with what measuring adds and takes
    alma_hz: tuple[float, float] = (0.47, 3.3)  # AASM: 0.5 to 3 Hz
    alma_overlap: float = (
        0.25  # choice: of the shorter burst both legs are active at once; in a train of ten seconds or less never
    )
    alma_spread: float = 0.3  # choice: of intervals from leg to leg, with so many bursts or more ...
    alma_many: int = 6
    alma_few_spread: float = 0.18  # ... and with fewer, whose lengths vary by no more than this, and never both at once
    alma_few_length_spread: float = 0.35
    inside_train: float = 0.6  # choice: a movement of which so much lies in a train is part of it
    train_guard_s: float = 1.5  # choice: a burst so near to a train is no potential or twitch of its own
    potential_s: tuple[float, float] = (0.03, 0.165)  # AASM: 75 to 150 ms, as far as it stands out of rest
    potential_uv: float = 50.0  # Frauscher et al.: more than 50 uV, here from lowest to highest sample
    potentials_a_minute: int = 5  # AASM
    excessive_minutes: int = 20  # AASM: of NREM sleep
    twitch_s: tuple[float, float] = (0.05, 0.5)  # choice: from 0.5 s on it is a leg movement by the rule
    body_s: float = 15.0  # WASM 2016: a movement of both legs that lasts longer is no candidate
    body_shared: float = 0.5  # choice: of which both legs move for so much
    body_saturated_s: float = (
        10.0  # choice: or shorter, but longer than this, where both legs drive the channel to its end
    )
