"""From the potentials of a group to fasciculations: what is rest, what is effort, which unit fired, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from legtwitch.events import emg_codes as codes
from legtwitch.events.emg_bursts import Bursts, active, bursts_of_units, faint_effort
from legtwitch.events.emg_edges import varied
from legtwitch.events.emg_group import ChannelFound, Group, Kept, Merged, scorable, shared
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_stimuli import evoked, pulses
from legtwitch.events.emg_trace import Stretch
from legtwitch.events.emg_voluntary import dense, inside_any, merged, reaching, recruited, total, widened, without
from legtwitch.events.fasciculation_confidence import habits
from legtwitch.events.fasciculation_events import Discharges, event_of, other_events, stimuli_of
from legtwitch.events.fasciculation_units import late_parts, numbered, overlaps_parted, with_extra, with_weak
from legtwitch.events.unit_firing import Run, firing, is_fast, regular_runs, steady_trains
from legtwitch.events.units import TWICE, Unit, find_units, shown_best
from legtwitch.events.units_explained import explained
from legtwitch.model import Detected, Problem, Recording

_LONGEST_S = 0.065
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class GroupFound:
    """What a group of channels shows.

    rate_hz: at which it was searched; shape: whether that is enough for shapes. events: in order, under vocabulary
    names. scorable: stretches of rest that could be judged, in s of true time. recorded_s: all of it.
    unit_scales: for each discharge of a unit its size beside the unit's shape. noise_uv: median over the channels.
    """

    group: Group
    rate_hz: float
    shape: bool
    events: tuple[Detected, ...]
    scorable: tuple[Stretch, ...]
    recorded_s: float
    units: tuple[Unit, ...]
    unit_rate_hz: float
    noise_uv: float
    problems: tuple[Problem, ...]

    @property
    def scorable_s(self) -> float:
        """Return the seconds of rest that could be judged."""
        return total(list(self.scorable))

    @property
    def counted(self) -> str:
        """Return the event under which short potentials are counted here."""
        return "fasciculation" if self.shape else "short_potential"


def judge_group(
    recording: Recording,
    group: Group,
    found: Sequence[ChannelFound],
    together: Merged | None,
    kept: Kept,
    busy: Sequence[Stretch],
    jerks: Sequence[Stretch],
    first_unit: int,
    parameters: EmgParameters,
) -> GroupFound:
    """Return the events and the scorable time of one group.

    found: of each channel. together: their potentials merged, None for none. kept: their cleaned signals.
    busy: stretches of other rhythms. jerks: of several muscles at once. first_unit: number of the first unit.
    """
    whole = [(one.start_s, one.start_s + one.duration_s) for one in recording.segments]
    recorded = total(whole)
    rate = next(one.rate_hz for one in recording.channels if one.name == group.names[0])
    shape = rate >= parameters.shape_hz * 0.99
    loud = merged(shared([one.loud for one in found], 0.5), parameters.fill_s)
    noisy = shared([merged(one.noisy) for one in found], 0.5)
    stretches = active(together.rows, parameters) if together is not None else []
    discharges = _discharges(together, found, kept, shape, first_unit, parameters)
    runs: list[Run] = []
    crowded: list[Stretch] = []
    stimulated: list[Detected] = []
    answers: list[Stretch] = []
    bursts = Bursts([], [])
    if discharges is not None and shape:
        paced = pulses(kept.time_of(discharges.place), discharges.unit, parameters)
        stimulated = stimuli_of(group, discharges, paced)
        answers = evoked(discharges.time_s[paced > 0], parameters)
        discharges = discharges.take(paced == 0)
        stretches = without(stretches, answers)
    if discharges is not None:
        runs = regular_runs(
            discharges.time_s,
            discharges.unit,
            parameters.regular_hz,
            parameters.regular_cov,
            parameters.regular_least,
        )
        crowded = _crowded(discharges, runs, shape, parameters)
        if shape:
            known = merged(widened([*jerks], parameters.jerk_margin_s))
            open_ones = [one for one in stretches if not any(a <= one[1] and b >= one[0] for a, b in known)]
            bursts = bursts_of_units(open_ones, discharges, parameters)
            crowded += faint_effort(discharges, recorded, parameters)
    effort = merged([*loud, *crowded, *bursts.effort, *shared([one.faint for one in found], 0.5)], parameters.fill_s)
    if discharges is not None:
        near = discharges.time_s[~discharges.rows.pop]
        effort = merged(reaching(effort, near, 0.35, 3.0), parameters.fill_s)
    run_time = [(run.start_s, run.stop_s) for run in runs]
    if discharges is not None:
        voluntary = merged([*effort, *run_time])
        more = recruited(voluntary, discharges.time_s, discharges.unit, parameters.voluntary.margin_s)
        effort = merged([*effort, *more], parameters.fill_s)
    taken = widened([*effort, *busy], parameters.voluntary.margin_s) if effort or busy else []
    taken = merged(
        [*taken, *widened(run_time, 0.5), *widened([*bursts.jerks, *jerks], parameters.jerk_margin_s), *answers, *noisy]
    )
    rest = scorable(whole, taken, parameters)
    events = _events(group, discharges, found, rest, runs, effort, shape, parameters)
    events = sorted([*events, *stimulated], key=lambda one: one.onset_s)
    problems = _problems(group, events, effort, runs, recorded, rest, shape)
    return GroupFound(
        group,
        rate,
        shape,
        tuple(events),
        tuple(rest),
        recorded,
        () if discharges is None else discharges.units,
        kept.rate_hz,
        float(np.median(kept.noise_uv)),
        tuple(problems),
    )


def _discharges(
    together: Merged | None,
    found: Sequence[ChannelFound],
    kept: Kept,
    shape: bool,
    first_unit: int,
    parameters: EmgParameters,
) -> Discharges | None:
    """Potentials with their units, those taken apart among them, in order of time."""
    if together is None:
        return None
    rows = together.rows
    usable = ~rows.pop
    for number, one in enumerate(found):
        own = together.channel == number
        usable &= ~(own & inside_any(rows.time_s, widened(one.loud, 0.25)))
    if not shape:
        none = np.zeros(len(rows), dtype=np.int64)
        return Discharges(
            rows,
            together.channel,
            together.also,
            rows.at.astype(np.float64),
            none,
            np.ones(len(rows)),
            rows.time_s,
            (),
            none < 0,
            none < 0,
            none < 0,
        )
    at = kept.sample_of(rows.at, rows.segment)
    clean = usable & (rows.last_s - rows.first_s < _LONGEST_S)  # a long shape that comes back is that of one unit
    jumps = rows.pop & ~rows.moved
    units = find_units(kept, at, clean, usable, parameters.least_unit, doubtful=jumps)
    for one in np.unique(units.unit[units.unit > 0]).tolist():
        own = units.unit == one
        if rows.sharp[own].mean() >= _MOSTLY and varied(rows.peak_to_peak_uv[own]):
            units.unit[own] = 0  # jumps of an electrode look alike, and no two are of one size
    rows.pop &= units.unit == 0  # a sharp potential at a low rate is a jump of one sample as well
    rows.pop |= rows.sharp & (units.unit == 0)
    rows.burst &= units.unit == 0  # several discharges of known units in a row
    every = with_extra(together, units, kept)
    known = every.place
    late = late_parts(every, len(found) > 1)
    every = every.take(~late & (every.unit != TWICE))
    named = np.where(every.rows.pop, TWICE, every.unit)
    channels = shown_best(kept, np.rint(every.place).astype(np.int64))
    every = every.take(~explained(kept, channels, every.place, named))
    return overlaps_parted(numbered(with_weak(every, known, kept), first_unit), kept)


def _crowded(discharges: Discharges, runs: list[Run], shape: bool, parameters: EmgParameters) -> list[Stretch]:
    """Stretches with more potentials than rest has, where shape or regularity speak for effort.

    Many irregular discharges of known units stay fasciculations, however many they are.
    """
    usable = ~discharges.rows.pop
    result = []
    for start, stop in dense(discharges.time_s[usable], parameters.voluntary.density):
        inside = (discharges.time_s >= start) & (discharges.time_s <= stop) & usable
        known = float((discharges.unit[inside] > 0).mean())
        steady = any(run.start_s < stop and run.stop_s > start for run in runs)
        fast = is_fast(discharges.time_s[inside], discharges.unit[inside])
        if not shape or known < 0.7 or steady or fast:
            result.append((start, stop))
    return merged([*result, *steady_trains(discharges.time_s[usable])])


def _events(
    group: Group,
    discharges: Discharges | None,
    found: Sequence[ChannelFound],
    rest: list[Stretch],
    runs: list[Run],
    effort: list[Stretch],
    shape: bool,
    parameters: EmgParameters,
) -> list[Detected]:
    events = other_events(group, discharges, runs, effort, rest, shape)
    if discharges is None:
        return events
    rows = discharges.rows
    counted = inside_any(discharges.time_s, rest) & ~rows.pop & ~rows.burst
    for number, one in enumerate(found):
        margin = widened([*one.loud], parameters.voluntary.margin_s)
        own = discharges.channel == number
        counted &= ~(own & (inside_any(discharges.time_s, margin) | inside_any(discharges.time_s, merged(one.noisy))))
    chosen = np.flatnonzero(counted)
    fired = firing(discharges.time_s[chosen], discharges.unit[chosen])
    usual = habits(discharges.time_s[chosen], discharges.unit[chosen], total(rest))
    events += [
        event_of(group, discharges, int(number), fired, place, usual, shape, parameters)
        for place, number in enumerate(chosen)
    ]
    return sorted(events, key=lambda one: one.onset_s)


def _problems(
    group: Group,
    events: Sequence[Detected],
    effort: list[Stretch],
    runs: list[Run],
    recorded: float,
    rest: list[Stretch],
    shape: bool,
) -> list[Problem]:
    name = group.names[0] if len(group.names) == 1 else f"{group.names[0]} to {group.names[-1]}"
    channel = group.names[0] if len(group.names) == 1 else None
    told: list[Problem] = []

    def say(code: str, message: str, effect: str = "") -> None:
        told.append(Problem(code, f"{name}: {message}", effect, channel))

    if not shape:
        say(
            codes.COUNTS_ONLY,
            "the rate is below 1 kHz: short potentials are counted, and nothing is said of their shape, size or unit.",
            "They can't be told from fragmentary myoclonus and other short activity: no fasciculations by name.",
        )
    if effort:
        say(
            codes.VOLUNTARY_OUT,
            f"voluntary activity in {len(effort)} stretches, {total(effort):.0f} s together.",
            "It is no rest: it was taken out of the scorable time with a margin.",
        )
    if runs:
        rates = ", ".join(f"{run.rate_hz:.0f}" for run in runs[:5])
        say(
            codes.REGULAR_UNIT,
            f"a motor unit fires regularly in {len(runs)} runs (at about {rates} Hz), as it does by effort.",
            "These discharges are voluntary and no fasciculations; relax the muscle to judge it at rest.",
        )
    bursts = sum(1 for one in events if one.event == "short_potential" and "burst" in one.reasons[:1]) if shape else 0
    if bursts:
        say(
            codes.BURSTS,
            f"{bursts} bursts last longer than one potential.",
            "They may be jerks or short voluntary activity; they were not counted as fasciculations.",
        )
    pops = sum(1 for one in events if one.event in ("electrode_pop", "movement_artifact"))
    if pops:
        say(codes.POPS, f"{pops} jumps of an electrode or movements of a cable were not counted.")
    paced = [one for one in events if one.event == "nerve_stimulus"]
    if paced:
        say(
            codes.PULSES,
            f"{len(paced)} pulses of an electrical device (at about {paced[0].measures['freq_hz']} Hz).",
            "They and what the muscle answers were not counted; that time is no rest.",
        )
    if recorded and total(rest) < 0.02 * recorded:
        say(codes.NO_REST, "hardly any rest was seen.", "Nothing can be counted; record the relaxed muscle.")
    return told
