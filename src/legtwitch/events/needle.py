"""Needle EMG: spontaneous discharges of fibres and units, repetitive discharges, units by effort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events import emg_codes as codes
from legtwitch.events.emg_channel import emg_problems, search_channel
from legtwitch.events.emg_group import Group, Kept, keep, merge, room_for, scorable
from legtwitch.events.emg_heart import beats_of_ecg
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.emg_trace import Stretch, thinning
from legtwitch.events.emg_voluntary import dense, inside_any, merged, total, widened, without
from legtwitch.events.needle_events import fast_trains, single, train_event, unit_runs
from legtwitch.events.needle_rhythm import beat_of
from legtwitch.events.needle_sizes import parts_by_size
from legtwitch.events.needle_trains import Train, as_one, repetitive_trains, with_ends
from legtwitch.events.needle_units import Waveform, class_of, is_of_fibre, pattern_of, too_fast, waveform_of
from legtwitch.events.unit_firing import echoes, regular_runs
from legtwitch.events.units import find_units
from legtwitch.model import Detected, Problem, Recording
from legtwitch.signal.sorting import SortingSettings, resampled

_WIDE_S = 0.02
_BESIDE_S = 0.008  # of the mean waveform, before and after most potentials
_MUP_HZ = 4000.0
_OF_MOTOR_UNITS = ("fasciculation", "motor_unit_discharge", "short_potential")
_CROWD = 9  # more motor unit potentials than this within _CROWD_S are effort
_CROWD_S = 2.5
_FAST = "repetitive"  # of a unit: which discharge it is, each of its trains tells
_EXPLAINED = 0.7
_KNOWN = 0.6  # choice: share of potentials of known discharges, beyond which a crowd is no effort
_CLOCK_CHANGE, _CLOCK_ALIKE = 0.03, 0.35  # choice: no motor unit by effort keeps its pace to 3 in 100
_STEADY_RATE, _STEADY_SIZE = 0.05, 0.15  # choice: a complex discharge is no piece of one that waxes and wanes
_PIECES_S = 0.1  # choice: nearer pieces are one discharge
_TRAIN_END_S, _LEAST_EFFORT_S = 0.3, 1.0  # choice
_TWO_AT_ONCE = 2.2
_CORE_S = 0.005
_SORTING = SortingSettings(jitter=0.15, shape=0.3, near=1.5, radius=0.4, prior=5.0)
"""A needle moves a little with every twitch, and near fibres are sharp: waveforms vary more than on the skin."""


@dataclass(frozen=True, slots=True)
class NeedleUnit:
    """A unit: its name, class, mean waveform (uV at rate_hz) and measures (None: the rate is too low for them)."""

    name: str
    event: str
    shape_uv: tuple[float, ...]
    rate_hz: float
    measures: Waveform | None
    discharges: int


@dataclass(frozen=True, slots=True)
class NeedleFound:
    """What one channel of a needle recording shows. scorable: stretches in which spontaneous activity can be judged."""

    group: Group
    events: tuple[Detected, ...]
    units: tuple[NeedleUnit, ...]
    scorable: tuple[Stretch, ...]
    recorded_s: float
    problems: tuple[Problem, ...]

    @property
    def scorable_s(self) -> float:
        """Return the seconds that could be judged."""
        return total(list(self.scorable))


def needle_parameters(parameters: EmgParameters) -> EmgParameters:
    """Return the numbers for needle EMG: a wider band, shorter scales, no ceiling of the noise."""
    return replace(
        parameters,
        high_hz=3300.0,
        kernel_s=0.06,
        work_hz=8000.0,
        scales_s=(0.0003, 0.0006, 0.0012, 0.0025),
        threshold=3.6,
        most_threshold=4.5,
        floor_uv=20.0,
        ceiling_uv=float("inf"),
        high_noise_uv=float("inf"),
        apart_s=0.012,
        burst_s=0.06,
    )


def detect_needle(
    recording: Recording, group: Group, first_unit: int, parameters: EmgParameters, tell: Callable[[str], None]
) -> NeedleFound:
    """Return what the channels of one muscle show; each needle is judged by itself.

    parameters: of `needle_parameters`. first_unit: number of the first unit.
    """
    numbers = {one.name: place for place, one in enumerate(recording.channels)}
    ecg = [place for place, one in enumerate(recording.channels) if one.role == "ecg" and one.rate_hz >= 50]
    found: list[NeedleFound] = []
    for name in group.names:
        tell(f"searching {name}")
        one = replace(group, names=(name,))
        found.append(
            _channel(recording, one, numbers[name], ecg, first_unit + sum(len(x.units) for x in found), parameters)
        )
    if len(found) == 1:
        return found[0]
    events = sorted((event for one in found for event in one.events), key=lambda event: event.onset_s)
    return NeedleFound(
        group,
        tuple(events),
        tuple(unit for one in found for unit in one.units),
        max((one.scorable for one in found), key=lambda spans: total(list(spans))),
        found[0].recorded_s,
        tuple(problem for one in found for problem in one.problems),
    )


def _channel(
    recording: Recording, group: Group, number: int, ecg: Sequence[int], first: int, parameters: EmgParameters
) -> NeedleFound:
    channel = recording.channels[number]
    source = recording.source
    assert source is not None
    beats: list[NDArray[np.float64]] = [np.empty(0) for _ in recording.segments]
    for index in range(len(recording.segments)) if ecg else ():
        beats[index] = beats_of_ecg(source.read(ecg[0], index), recording.channels[ecg[0]].rate_hz)
    found, tally, traces = search_channel(recording, number, beats, parameters)
    thin = thinning(channel.rate_hz, parameters.work_hz)
    lengths = [(-(-round(one.duration_s * channel.rate_hz) // thin), one.start_s) for one in recording.segments]
    kept = room_for(lengths, 1, channel.rate_hz / thin)
    keep(kept, 0, traces)
    trains = [train for trace in traces if trace is not None for train in repetitive_trains(trace)]
    together = merge([found])
    time = np.sort(together.rows.time_s) if together is not None else np.empty(0)
    trains = [with_ends(train, time) for train in trains if _is_repetitive(train)]
    train_time = merged([(one.start_s, one.stop_s) for one in trains])
    effort = _effort(found.loud, train_time)
    events: list[Detected] = []
    units: list[NeedleUnit] = []
    of_units: list[tuple[Train, str]] = []
    if together is not None:
        rows = together.rows
        usable = ~rows.pop & ~inside_any(rows.time_s, widened(train_time, 0.01))
        events, units, effort, of_units = _units(group, rows, usable, effort, kept, channel.rate_hz, first, parameters)
    repetitive = _discharges(group, trains, of_units)
    units = [_named(one, repetitive, of_units) for one in units]
    events += repetitive
    events += [
        Detected(start, stop - start, "voluntary_activity", group.side, group.muscle, channel.name, 0.85)
        for start, stop in effort
    ]
    events.sort(key=lambda one: one.onset_s)
    whole = [(one.start_s, one.start_s + one.duration_s) for one in recording.segments]
    by_effort = [(one.onset_s, one.onset_s + one.duration_s) for one in events if one.event == "motor_unit_discharge"]
    rest = scorable(whole, merged([*widened(effort, 0.3), *by_effort, *found.noisy]), parameters)
    problems = [*emg_problems(channel, tally, parameters), *_said(group, events, effort, by_effort, channel.rate_hz)]
    return NeedleFound(group, tuple(events), tuple(units), tuple(rest), total(whole), tuple(problems))


def _discharges(group: Group, trains: Sequence[Train], of_units: Sequence[tuple[Train, str]]) -> list[Detected]:
    """Events of repetitive discharges; one that waxes, and wanes again, is found in pieces, by likeness and by unit."""
    every = [*trains, *(train for train, _ in of_units)]
    steady = [one for one in every if one.rate_change < _STEADY_RATE and one.swing < _STEADY_SIZE]
    found = []
    for one in [*steady, *as_one([each for each in every if each not in steady], _PIECES_S)]:
        names = Counter(name for train, name in of_units if train.start_s < one.stop_s and train.stop_s > one.start_s)
        found.append(train_event(group, one, names.most_common(1)[0][0] if names else None))
    return found


def _named(unit: NeedleUnit, repetitive: Sequence[Detected], of_units: Sequence[tuple[Train, str]]) -> NeedleUnit:
    """A unit that fires repetitively, by the name of the discharges that its trains are in."""
    if unit.event != _FAST:
        return unit
    own = [train for train, name in of_units if name == unit.name]
    names = Counter(
        one.event
        for one in repetitive
        for train in own
        if one.onset_s <= train.start_s + 1e-6 and train.stop_s <= one.onset_s + one.duration_s + 1e-6
    )
    return replace(unit, event=names.most_common(1)[0][0])


def _is_repetitive(train: Train) -> bool:
    """Whether a train is too fast or too alike for one motor unit by effort, or slow but like a clock."""
    clock = train.rate_change < _CLOCK_CHANGE and train.alike > _CLOCK_ALIKE and train.stop_s - train.start_s >= 1
    return train.rate_hz > 25 or (train.rate_hz > 16 and train.alike > 0.8) or clock


def _effort(loud: Sequence[Stretch], trains: Sequence[Stretch]) -> list[Stretch]:
    """Interference that is no repetitive discharge; what is left of it at the ends of one is no effort."""
    known = widened(list(trains), _TRAIN_END_S)
    spans = []
    for span in loud:
        left = without([span], known)
        spans += left if left == [span] else [one for one in left if one[1] - one[0] >= _LEAST_EFFORT_S]
    return spans


def _units(
    group: Group,
    rows: Potentials,
    usable: NDArray[np.bool_],
    effort: Sequence[Stretch],
    kept: Kept,
    rate_hz: float,
    first: int,
    parameters: EmgParameters,
) -> tuple[list[Detected], list[NeedleUnit], list[Stretch], list[tuple[Train, str]]]:
    """Events of units and of single potentials, the units, the effort: interference, and what number alone shows; and
    the trains of units that fire repetitively.

    Motor unit potentials that come more than four times a second for two seconds or longer are effort: relaxed muscle
    does not do that, while fibres and repetitive discharges, which may, are known by their shape and firing; where
    these are most of what there is, there is no effort.
    """
    at = kept.sample_of(rows.at, rows.segment)
    quiet = usable & ~inside_any(rows.time_s, list(effort))
    sorted_ = find_units(kept, at, quiet & ~rows.burst, usable, parameters.least_unit, _SORTING, _CORE_S)
    late = echoes(rows.time_s, sorted_.unit, rows.peak_to_peak_uv)
    told: list[_Sorted] = []
    for number in range(1, len(sorted_.units) + 1):
        own = np.flatnonzero((sorted_.unit == number) & ~late)
        if own.size >= parameters.least_unit:
            told += _fibres(_sorted(own, at, rows, kept), at, rows, kept)
    alone = np.flatnonzero(usable & (sorted_.unit == 0) & ~late)
    large = [one.own for one in told if one.event in _OF_MOTOR_UNITS]
    long = alone[(rows.last_s - rows.first_s)[alone] > 0.006]  # spikes of fibres may crowd at rest, too
    time = np.sort(rows.time_s[np.concatenate([*large, long])]) if large or long.size else np.empty(0)
    known = [one.own for one in told if one.event not in _OF_MOTOR_UNITS]
    of_known = np.zeros(rows.time_s.size, dtype=np.bool_)
    for numbers in known:
        of_known[numbers] = True
    of_known |= late
    busy = dense(rows.time_s[of_known], _CROWD, 1.0)  # what is seen only among those is two at the same time
    hiss = [one.own for one in told if one.event == "end_plate_spikes" and one.shape.phases <= 1]
    if hiss:  # of end-plate noise only what stands out is a potential that is found
        busy = merged([*busy, *dense(np.sort(rows.time_s[np.concatenate(hiss)]), _CROWD, _CROWD_S)])
    largest = max((one.shape.peak_to_peak_uv for one in told if one.event not in _OF_MOTOR_UNITS), default=0.0)
    told = [
        replace(one, event="short_potential", others={"fasciculation": 0.3}, why="perhaps two at the same time")
        if one.event == "fasciculation"
        and inside_any(rows.time_s[one.own], busy).mean() > _EXPLAINED
        and one.shape.peak_to_peak_uv < _TWO_AT_ONCE * largest
        else one
        for one in told
    ]
    fast_s = [rows.time_s[one.own] for one in told if one.event == _FAST]
    racing = dense(np.sort(np.concatenate(fast_s)), _CROWD, 1.0) if fast_s else []
    told = [
        replace(one, event="short_potential", others={"end_plate_spikes": 0.3}, why="perhaps two at the same time")
        if one.event == "end_plate_spikes" and inside_any(rows.time_s[one.own], racing).mean() > _EXPLAINED
        else one
        for one in told
    ]
    suspected = merged([*effort, *dense(time, _CROWD, _CROWD_S)], 1.0)
    strained = [span for span in suspected if not _explained(span, rows.time_s[usable], of_known[usable])]
    margin = widened(strained, 0.3)
    events: list[Detected] = []
    units: list[NeedleUnit] = []
    fast: list[tuple[Train, str]] = []
    for one in sorted(told, key=lambda each: -each.own.size):
        name = f"u{first + len(units)}"
        kept_measures = one.shape if rate_hz >= _MUP_HZ * 0.99 else None
        if one.event == _FAST:
            calm = one.own[~inside_any(rows.time_s[one.own], margin)]
            trains = fast_trains(rows.time_s[calm], rows.peak_to_peak_uv[calm])
            if not trains:
                continue
            fast += [(train, name) for train in trains]
        else:
            events += _unit_events(group, rows, one, name, margin, parameters)
        units.append(NeedleUnit(name, one.event, one.shown, kept.rate_hz, kept_measures, int(one.own.size)))
    others = {"fasciculation": 0.3, "voluntary_activity": 0.2}
    lone = rows.peak_to_peak_uv[alone] >= _TWO_AT_ONCE * largest  # larger than any two of those together
    calm = alone[(lone | ~inside_any(rows.time_s[alone], busy)) & ~inside_any(rows.time_s[alone], margin)]
    events += [
        single(group, rows, one, None, "short_potential", others, "a shape seen only once or twice")
        for one in calm.tolist()
    ]
    return events, units, strained, fast


def _explained(span: Stretch, time_s: NDArray[np.float64], of_known: NDArray[np.bool_]) -> bool:
    inside = (time_s >= span[0]) & (time_s <= span[1])
    return bool(inside.any()) and float(of_known[inside].mean()) >= _KNOWN


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Potentials of one unit (numbers), its class, others, why, its waveform."""

    own: NDArray[np.int64]
    event: str
    others: dict[str, float]
    why: str
    shape: Waveform
    shown: tuple[float, ...]


def _fibres(whole: _Sorted, at: NDArray[np.int64], rows: Potentials, kept: Kept) -> list[_Sorted]:
    """A unit as it is, or the fibres that it is made of, where it looks like one but fires like several."""
    if not is_of_fibre(whole.shape):
        return [whole]
    parts = parts_by_size(rows.time_s, rows.peak_to_peak_uv, whole.own)
    return [_sorted(part, at, rows, kept) for part in parts] if len(parts) > 1 else [whole]


def _line(shape: NDArray[np.float64], width: int) -> float:
    """The level on which a mean waveform stands, as far as both of its ends agree.

    It is not zero where small potentials of one sign never cease.
    """
    before, after = float(np.median(shape[:width])), float(np.median(shape[-width:]))
    return 0.0 if before * after <= 0 else min(before, after, key=abs)


def _sorted(own: NDArray[np.int64], at: NDArray[np.int64], rows: Potentials, kept: Kept) -> _Sorted:
    some = at[own[np.unique(np.linspace(0, own.size - 1, 200).astype(np.int64))]].astype(np.float64)
    wide = resampled(kept.values, some, round(_WIDE_S * kept.rate_hz))[:, 0] * kept.step_uv[0]
    shape = np.median(wide, axis=0).astype(np.float64)
    shape -= _line(shape, round(_BESIDE_S * kept.rate_hz))
    measures = waveform_of(shape, kept.rate_hz, 1.25 * float(kept.noise_uv[0]) / np.sqrt(some.size))
    fired = replace(pattern_of(rows.time_s[own]), beat=beat_of(rows.time_s[own]))
    name, others, why = class_of(measures, fired)
    if name not in ("myokymic_discharge", "neuromyotonic_discharge") and too_fast(fired):
        name = _FAST
    return _Sorted(own, name, others, why, measures, tuple(round(float(one), 2) for one in shape))


def _unit_events(
    group: Group, rows: Potentials, one: _Sorted, name: str, margin: list[Stretch], parameters: EmgParameters
) -> list[Detected]:
    """Events of a unit: fibres as trains wherever they are; a motor unit by effort as regular runs, at rest singly."""
    time = rows.time_s[one.own]
    calm = ~inside_any(time, margin)
    if one.event not in ("fasciculation", "short_potential", "motor_unit_discharge", "end_plate_spikes"):
        if calm.mean() < 0.5:
            return []  # what a unit's potential looks like among others by effort tells nothing
        return unit_runs(group, time, name, one.event, one.others, one.why, one.shape)
    if one.event == "end_plate_spikes":
        return unit_runs(group, time[calm], name, one.event, one.others, one.why, one.shape) if calm.any() else []
    found: list[Detected] = []
    regular = regular_runs(time, np.ones(time.size, dtype=np.int64), (3.0, 25.0), parameters.regular_cov, 5)
    why = "a motor unit that fires regularly, as by effort"
    for run in regular:
        inside = (time >= run.start_s) & (time <= run.stop_s)
        calm &= ~((time >= run.start_s - 0.4) & (time <= run.stop_s + 0.4))
        found += unit_runs(group, time[inside], name, "motor_unit_discharge", {"fasciculation": 0.03}, why, one.shape)
    if one.event == "motor_unit_discharge":
        return found
    return [
        *found,
        *(single(group, rows, number, name, one.event, one.others, one.why) for number in one.own[calm].tolist()),
    ]


def _said(
    group: Group, events: Sequence[Detected], effort: Sequence[Stretch], units: Sequence[Stretch], rate_hz: float
) -> list[Problem]:
    name = group.names[0]
    told = []
    if effort or units:
        seconds = total(merged([*effort, *units]))
        told.append(
            Problem(
                codes.NEEDLE_EFFORT,
                f"{name}: effort for {seconds:.0f} s (interference, or a unit that fires regularly).",
                "Spontaneous activity can't be judged there; a regular unit is no fasciculation.",
                name,
            )
        )
    if rate_hz < _MUP_HZ * 0.99:
        told.append(
            Problem(
                codes.NEEDLE_SLOW,
                f"{name}: {rate_hz:g} samples a second are too few to measure motor unit potentials; 4000 are needed.",
                "Their amplitude, duration and phases are not given.",
                name,
            )
        )
    return told
