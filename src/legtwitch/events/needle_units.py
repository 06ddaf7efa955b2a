"""The waveform and the firing of each unit in a needle recording, and what kind of discharge they make it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.shapes import extents, inside, phases, turns

_RUN_GAP_S = 2.5
_REGULAR = 0.3
_IRREGULAR = 0.5
_SHORT_MS = 6.0
_PAUSE = 3.0
_CLOCKWORK, _SIMPLE_CLOCK, _FIBRE_CLOCK = 0.1, 0.02, 0.012
_EVEN, _OF_FIBRES = 0.35, 0.2
_FIBRE_PHASES = 4
_FAST_HZ, _FAST_REGULAR = 30.0, 0.25
_BETWEEN = 0.08
_LONGEST_BURST_S = 1.2
_DOUBLETS, _DOUBLETS_EVEN = 10, 0.3  # choice: groups of two prove less: so many of them, and so even
_END_PLATE_HZ = 3.0  # choice: end-plate spikes come at 5 to 50 a second [grade D]
_FIBRE_MS = 3.5  # choice: longer spikes may be short potentials of a motor unit, whose firing then tells
_SHARP_MS = 7.0  # choice: positive sharp waves last 10 to 30 ms, of which the faint end is not measured
_EFFORT_HZ, _EFFORT_UNEVEN = 5.0, 0.1  # choice: effort drives a unit so fast, and never as evenly as a fibre fires
_SPIKE_MS, _LONGEST_FIBRE_MS = 2.0, 10.0  # choice: the main spike of a fibre lasts about 1 ms
_BEATS, _BEAT, _BEAT_NO_EFFORT, _NO_BEAT = 24, 0.35, 0.5, 0.3  # choice: see `beat_of`; effort gives 0.2 to 0.45
_SHARP_SPIKE_MS = 1.2
_SLOWEST_BEAT_HZ = 0.5
_FEW = 8  # choice: groups that prove no recurrence where each is a train of its own
_MOST_BEATS = 15  # choice: of a myokymic group, which has few; longer ones are trains of their own
_UNEVEN, _UNEVEN_FOLDED, _COVERED = 0.6, 0.35, 0.35  # choice: of the recurrence of groups; share that may be covered


@dataclass(frozen=True, slots=True)
class Waveform:
    """Measures of the mean waveform of a unit.

    peak_to_peak_uv; duration_ms: first to last deviation; spike_ms: of the largest phase; phases, turns; area_uvms: of
    the rectified waveform; main_first: the largest phase comes first; sharp_then_slow: a short large phase, then one of
    the other sign at least three times as long.
    """

    peak_to_peak_uv: float
    duration_ms: float
    spike_ms: float
    phases: int
    turns: int
    area_uvms: float
    main_first: bool
    sharp_then_slow: bool


def waveform_of(shape_uv: NDArray[np.float64], rate_hz: float, noise_uv: float, turn_uv: float = 50.0) -> Waveform:
    """Return the measures of a mean waveform (n,), the middle of its energy in the middle.

    noise_uv: RMS of the noise that the mean still has. turn_uv: least change of a turn.
    Deviations: 1. begin and end are where the waveform leaves the larger of three times its noise and 4 % of its
    peak-to-peak amplitude, not 20 uV by eye.
    """
    size = float(np.ptp(shape_uv))
    rows = shape_uv[None, :].astype(np.float64)
    level = max(3 * noise_uv, 0.04 * size)
    active = np.abs(rows) > level
    active[:, shape_uv.size // 2] = True
    first, last = extents(active, max(1, round(0.0012 * rate_hz)))
    within = inside(rows.shape, first, last)
    own = shape_uv[first[0] : last[0] + 1]
    top = int(np.abs(own).argmax())
    same = np.sign(own) == np.sign(own[top])
    left = top
    while left > 0 and same[left - 1] and abs(own[left - 1]) > 0.1 * abs(own[top]):
        left -= 1
    right = top
    while right < own.size - 1 and same[right + 1] and abs(own[right + 1]) > 0.1 * abs(own[top]):
        right += 1
    before = own[:left]
    opposite_before = float(np.abs(before).max()) if before.size else 0.0
    after = own[right + 1 :]
    tail = np.flatnonzero(np.sign(after) == -np.sign(own[top]))
    tail_ms = 1000 * np.count_nonzero(np.abs(after[tail]) > level) / rate_hz if tail.size else 0.0
    tail_size = float(np.abs(after[tail]).max()) if tail.size else 0.0
    spike_ms = 1000 * (right - left + 1) / rate_hz
    first_largest = opposite_before < 0.2 * abs(own[top])
    slow = tail_ms >= 3 * spike_ms and tail_ms >= 4.0 and tail_size < 0.75 * abs(float(own[top]))
    return Waveform(
        size,
        1000 * (last[0] - first[0] + 1) / rate_hz,
        spike_ms,
        int(phases(rows, within, np.asarray([max(level, 0.08 * size)]))[0]),
        int(turns(rows, within, np.asarray([min(turn_uv, 0.25 * size)]))[0]),
        float(np.abs(own).sum() * 1000 / rate_hz),
        first_largest,
        first_largest and slow and spike_ms <= 6.0,
    )


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a unit fires.

    rate_hz: median while it fires; variation: of neighbouring intervals (0: clockwork, about 1: by chance);
    bursts: groups of three or more, their recurrence (Hz), its variation, the rate within them (Hz), and their median
    length (s) and number of discharges. beat: see `beat_of`; None where it is not known.
    """

    discharges: int
    rate_hz: float
    variation: float
    bursts: int
    burst_rate_hz: float
    burst_cov: float
    intraburst_hz: float
    burst_s: float = 0.0
    burst_beats: float = 0.0
    beat: float | None = None


def pattern_of(time_s: NDArray[np.float64]) -> Pattern:
    """Return the pattern of a unit's discharges (n,), ascending, at least two."""
    steps = np.diff(time_s)
    near = steps[steps < _RUN_GAP_S]
    if near.size < 2:
        return Pattern(time_s.size, float(1 / np.median(steps)) if steps.size else 0.0, 1.0, 0, 0.0, 1.0, 0.0)
    pairs = (steps[:-1] < _RUN_GAP_S) & (steps[1:] < _RUN_GAP_S)
    one, other = steps[:-1][pairs], steps[1:][pairs]
    # A discharge that was missed doubles one interval; that is no irregularity of the fibre.
    usual = float(np.median(near))
    whole = np.where((near > 1.7 * usual) & (near < 2.3 * usual), near / 2, near)
    local = 2 * np.abs(one - other) / (one + other) if one.size else np.ones(1)
    variation = min(float(np.median(local)) * 1.2, float(whole.std() / whole.mean())) if near.size > 3 else 1.0
    return Pattern(int(time_s.size), 1 / usual, variation, *_bursts(time_s))


def _bursts(time_s: NDArray[np.float64]) -> tuple[int, float, float, float, float, float]:
    """Number of bursts, their recurrence (Hz), its variation, the rate inside and their length; 0 where there are none.

    Chance alone makes groups, too; therefore nearly all discharges must lie in groups, and these recur evenly.
    """
    none = (0, 0.0, 1.0, 0.0, 0.0, 0.0)
    steps = np.diff(time_s)
    order = np.sort(steps)
    if order.size < 6:
        return none
    short = float(np.quantile(order, 0.25))
    limit = min(max(_PAUSE * short, 0.01), 0.25)
    groups = np.split(np.arange(time_s.size), np.flatnonzero(steps > limit) + 1)
    bursts = [one for one in groups if one.size >= 3]
    doublets = len(bursts) < max(4, 0.5 * len(groups))
    if doublets:
        bursts = [one for one in groups if one.size >= 2]
        if len(bursts) < _DOUBLETS:
            return none
    inside_them = sum(one.size for one in groups if one.size >= 2)  # one discharge of a triplet may be missed
    # Chance fills the place between the two kinds of intervals; bursts leave it empty.
    pause = float(np.median(steps[steps > limit])) if (steps > limit).any() else 0.0
    between_both = np.mean((steps > 0.8 * limit) & (steps < min(2 * limit, 0.7 * pause)))
    if len(bursts) < max(4, 0.5 * len(groups)) or inside_them < 0.85 * time_s.size or between_both > _BETWEEN:
        return none
    begins = np.asarray([time_s[one[0]] for one in bursts])
    between = np.diff(begins)
    between = between[between < 15]
    if not between.size or np.median(between) < 2 * limit:
        return none
    rates = [1 / np.median(np.diff(time_s[one])) for one in bursts]
    cov = _unevenness(between)
    if cov > _UNEVEN:
        # Groups that another unit covered make an interval two or three times as long.
        times = np.clip(np.round(between / np.median(between)), 1, 3)
        folded = _unevenness(between / times)
        cov = folded if np.mean(times > 1) <= _COVERED and folded <= _UNEVEN_FOLDED else cov
    within = [np.diff(time_s[one]) for one in bursts]
    if np.median([one.std() / one.mean() for one in within]) > _EVEN:
        return none
    length = float(np.median([time_s[one[-1]] - time_s[one[0]] for one in bursts]))
    if cov > (_DOUBLETS_EVEN if doublets else _UNEVEN):
        return none
    beats = float(np.median([one.size for one in bursts]))
    return len(bursts), float(1 / np.median(between)), cov, float(np.median(rates)), length, beats


def _unevenness(between: NDArray[np.float64]) -> float:
    """Half the spread of eight in ten over the median, as of a normal course; a single long pause changes nothing."""
    low, usual, high = np.quantile(between, (0.1, 0.5, 0.9)).tolist()
    return (high - low) / (2.56 * usual) if between.size > 2 else 1.0


def too_fast(fired: Pattern) -> bool:
    """Whether a unit fires evenly and faster than effort ever drives a motor unit: a repetitive discharge."""
    return fired.rate_hz > _FAST_HZ and fired.variation < _FAST_REGULAR and fired.discharges >= 8


def is_of_fibre(shape: Waveform) -> bool:
    """Return whether a waveform is that of a single fibre: short and simple, or sharp and then slow."""
    return shape.sharp_then_slow or (shape.duration_ms <= _SHORT_MS and shape.phases <= _FIBRE_PHASES)


def _keeps_beat(fired: Pattern, may_be_effort: bool) -> bool:
    """Whether uneven firing is that of fibres which were missed at times or fire several at once."""
    if fired.beat is None or fired.discharges < _BEATS:
        return False
    return fired.beat >= (_BEAT_NO_EFFORT if may_be_effort else _BEAT)


def _has_no_beat(fired: Pattern) -> bool:
    """Whether intervals that are not uneven are so by chance: no period joins the discharges."""
    return fired.beat is not None and fired.rate_hz >= _SLOWEST_BEAT_HZ and fired.beat < _NO_BEAT


def _end_plate_noise(shape: Waveform, fired: Pattern) -> bool:
    """Whether sharp potentials of one sign come often and at random: no motor unit does, at rest or by effort.

    How long they seem tells nothing, for they crowd, and what carries them is not zero.
    """
    often = fired.rate_hz > _END_PLATE_HZ and fired.discharges >= _BEATS
    at_random = fired.variation > _IRREGULAR and fired.beat is not None and fired.beat < _NO_BEAT
    return often and at_random and shape.main_first and shape.phases <= 1 and shape.spike_ms <= _SPIKE_MS


def _slow_fibre(shape: Waveform, fired: Pattern) -> bool:
    """Whether a spike is a fibre's by its firing, though its slopes, or noise that they end in, look long.

    A motor unit at its slowest fires unevenly by effort, and at rest at random; a denervated fibre keeps its pace.
    """
    sharp = shape.spike_ms <= _SPIKE_MS and shape.duration_ms <= _LONGEST_FIBRE_MS and shape.phases <= _FIBRE_PHASES
    even = fired.variation < _OF_FIBRES and fired.discharges >= 8
    return sharp and even and 0.4 <= fired.rate_hz < _EFFORT_HZ


def class_of(shape: Waveform, fired: Pattern) -> tuple[str, dict[str, float], str]:
    """Return the kind of discharge of a unit, other kinds with their probability, and why.

    Source: the rule table of the literature on spontaneous activity: fibrillation potentials and positive sharp waves
    fire regularly at 0.5 to 15 Hz, end-plate spikes irregularly with the largest phase first, fasciculations are motor
    unit potentials that fire irregularly, myokymic discharges are bursts that recur.
    Deviations: 1. polarity is taken from the order of phases, for the sign of a file depends on its amplifier. 2. how
    even a clock, a burst and a fibre are is our choice, made on simulated recordings; the literature has words for it
    and no limits [grade D].
    """
    sharp = shape.sharp_then_slow and shape.main_first and shape.phases <= 2
    if sharp and fired.variation >= _OF_FIBRES and _keeps_beat(fired, may_be_effort=False):
        others = {"fibrillation": 0.1, "motor_unit_discharge": 0.15}
        return (
            "positive_sharp_wave",
            others,
            "sharp waves, then long slow ones, of several fibres that keep their beats",
        )
    grouped = fired.bursts and fired.intraburst_hz >= 15 and fired.intraburst_hz > 4 * fired.burst_rate_hz
    fast = fired.intraburst_hz >= 150
    if too_fast(fired) and fired.bursts < _FEW:
        grouped = False  # a few fast trains recur evenly by chance
    if shape.duration_ms <= _FIBRE_MS and not fast:
        grouped = grouped and fired.burst_cov <= _DOUBLETS_EVEN  # irregular spikes of end plates crowd by chance
    if grouped and fired.burst_s < _LONGEST_BURST_S and (fast or fired.burst_beats <= _MOST_BEATS):
        if fast:
            return "neuromyotonic_discharge", {"myokymic_discharge": 0.2}, "bursts of more than 150 discharges a second"
        others = {"fasciculation": 0.1} if fired.burst_cov < 0.6 else {"fasciculation": 0.25}
        return "myokymic_discharge", others, f"groups of discharges that recur {fired.burst_rate_hz:.1f} times a second"
    regular, irregular = fired.variation < _REGULAR, fired.variation > _IRREGULAR
    steady = 0.4 <= fired.rate_hz <= 30
    # Of a long one the slow part reaches beyond what is looked at; then it has to fire as evenly as only a fibre does.
    simple = shape.main_first and shape.phases <= 2 and shape.duration_ms >= _SHARP_MS and shape.spike_ms <= _SHORT_MS
    simple &= fired.variation < _EFFORT_UNEVEN and fired.discharges >= 8
    if ((shape.sharp_then_slow and fired.variation < _OF_FIBRES) or simple) and steady:
        return "positive_sharp_wave", {"fibrillation": 0.1}, "a sharp wave, then a long slow one, at regular intervals"
    clockwork = fired.variation < _CLOCKWORK and shape.phases >= 4
    limit = _SIMPLE_CLOCK if shape.duration_ms > _SHORT_MS else _FIBRE_CLOCK
    clockwork |= fired.variation < limit and fired.discharges >= 20
    if clockwork and 4 <= fired.rate_hz <= _FAST_HZ and fired.discharges >= 8:
        return (
            "complex_repetitive_discharge",
            {"motor_unit_discharge": 0.15} if shape.duration_ms > _SHORT_MS else {"fibrillation": 0.3},
            "one complex again and again, like a clock",
        )
    if shape.duration_ms <= _SHORT_MS and shape.phases <= _FIBRE_PHASES:
        may_be_unit = shape.duration_ms > _FIBRE_MS
        # A unit by effort keeps its beat badly; what may be one, or several, has to keep a fibre's.
        by_effort = may_be_unit and fired.rate_hz >= _EFFORT_HZ and (not irregular or shape.spike_ms > _SHARP_SPIKE_MS)
        if _keeps_beat(fired, by_effort) and (by_effort or not regular):
            others = {"end_plate_spikes": 0.1, "motor_unit_discharge": 0.1}
            return "fibrillation", others, "short spikes of one or several fibres, each of which keeps its beat"
        if fired.rate_hz > _END_PLATE_HZ and (irregular or (shape.main_first and not regular)):
            return "end_plate_spikes", {"fibrillation": 0.2}, "short spikes, the largest phase first, irregular"
        if may_be_unit and fired.rate_hz >= _EFFORT_HZ and fired.variation > _EFFORT_UNEVEN and fired.rate_hz <= 30:
            return "motor_unit_discharge", {"fibrillation": 0.4}, "short, and less even than a fibre fires: effort"
        if may_be_unit and not regular:
            others = {"fibrillation": 0.25, "end_plate_spikes": 0.15}
            return "fasciculation", others, "a short potential that comes seldom and irregularly"
        if not irregular and steady and not _has_no_beat(fired):
            return "fibrillation", {"end_plate_spikes": 0.1}, "short spikes at regular intervals"
        return "short_potential", {"fibrillation": 0.35, "end_plate_spikes": 0.25}, "short spikes, too few or irregular"
    if _end_plate_noise(shape, fired):
        return "end_plate_spikes", {"fasciculation": 0.1}, "small potentials of one sign at random: end-plate noise"
    if _slow_fibre(shape, fired):
        others = {"fasciculation": 0.15, "motor_unit_discharge": 0.1}
        return "fibrillation", others, "sharp simple spikes, slower and more even than effort drives a motor unit"
    if regular and 3 <= fired.rate_hz <= 30 and fired.discharges >= 5:
        return "motor_unit_discharge", {"fasciculation": 0.03}, "a motor unit that fires regularly, as by effort"
    return "fasciculation", {"motor_unit_discharge": 0.15}, "a motor unit that fires irregularly"
