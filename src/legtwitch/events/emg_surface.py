"""Surface EMG of a waking limb at rest: potentials, motor units, voluntary activity, in every muscle of a recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_channel import EmgTally, emg_problems, search_channel
from legtwitch.events.emg_group import ChannelFound, Group, Kept, keep, merge, room_for
from legtwitch.events.emg_heart import beats_of_ecg, common_beats
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_trace import Stretch, prepare, thinning
from legtwitch.events.fasciculation import GroupFound, judge_group
from legtwitch.model import Problem, Recording

_WORKERS = 2
_LISTENED = 4


@dataclass(frozen=True, slots=True)
class SurfaceFound:
    """What the muscles of a recording show. parameters_hash names all numbers that were used."""

    groups: tuple[GroupFound, ...]
    problems: tuple[Problem, ...]
    parameters_hash: str


def detect_surface(
    recording: Recording,
    groups: Sequence[Group],
    *,
    parameters: EmgParameters | None = None,
    busy: Sequence[Stretch] = (),
    jerks: Sequence[Stretch] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> SurfaceFound:
    """Find potentials, units and voluntary activity in surface EMG made at rest.

    Parameters
    ----------
    recording: with its signals; only channels named in `groups` and an ECG are read.
    groups: channels that are judged together; all of one rate within a group.
    parameters: None takes the defaults.
    busy: stretches (s) in which another detector saw a tremor, clonus or cramp: not rest.
    jerks: stretches (s) in which several muscles jerk at once: what lies in them is no motor unit's own discharge.
    progress: told in words what is being done.

    Source: Bashford 2019 (threshold that follows the noise), Sleutjes 2016 (isolated discharges), Bashford 2020
    (voluntary activity taken out). Deviations: 1. the published functions could not be read; all rules here are ours;
    2. the energy of short pulses instead of an amplitude; 3. the heart is found and subtracted, not blanked.
    """
    chosen = parameters or EmgParameters()
    numbers = {one.name: number for number, one in enumerate(recording.channels)}
    listed = [numbers[name] for group in groups for name in group.names]
    progress("looking for the heart")
    beats = heart_of(recording, listed, chosen)
    found: list[GroupFound] = []
    problems: list[Problem] = []
    units = 0
    for group in groups:
        progress(f"searching {', '.join(group.names[:3])}{' …' if len(group.names) > 3 else ''}")
        channels = [numbers[name] for name in group.names]
        own = chosen if group.volts else without_volts(chosen)
        searched, kept, tallies = _search(recording, channels, beats, own)
        for number, tally in zip(channels, tallies, strict=True):
            problems += emg_problems(recording.channels[number], tally, own)
        judged = judge_group(recording, group, searched, merge(searched), kept, busy, jerks, units + 1, own)
        units += len(judged.units)
        problems += judged.problems
        found.append(judged)
    return SurfaceFound(tuple(found), tuple(problems), chosen.hash)


def without_volts(parameters: EmgParameters) -> EmgParameters:
    """Return the numbers for a channel whose unit is no voltage: only the ratio to the noise counts."""
    return replace(parameters, floor_uv=0.0, ceiling_uv=float("inf"), high_noise_uv=float("inf"))


def heart_of(recording: Recording, listed: Sequence[int], parameters: EmgParameters) -> list[NDArray[np.float64]]:
    """Return for each segment the beats (s from its start): of an ECG channel, else as muscle channels show them."""
    source = recording.source
    assert source is not None
    ecg = [number for number, one in enumerate(recording.channels) if one.role == "ecg" and one.rate_hz >= 50]
    step = max(1, len(listed) // _LISTENED)
    beats: list[NDArray[np.float64]] = []
    for index, segment in enumerate(recording.segments):
        here = np.empty(0)
        for number in ecg:
            here = beats_of_ecg(source.read(number, index), recording.channels[number].rate_hz)
            if here.size:
                break
        if not here.size:
            traces = (
                prepare(source.read(number, index), recording.channels[number].rate_hz, segment.start_s, parameters)
                for number in listed[::step][:_LISTENED]
            )
            here = common_beats(one for one in traces if one is not None)
        beats.append(here)
    return beats


def _search(
    recording: Recording, channels: Sequence[int], beats: Sequence[NDArray[np.float64]], parameters: EmgParameters
) -> tuple[list[ChannelFound], Kept, list[EmgTally]]:
    """Search the channels of a group, two at a time, and keep their cleaned signals small."""
    first = recording.channels[channels[0]]
    thin = thinning(first.rate_hz, parameters.work_hz)
    lengths = [(-(-round(one.duration_s * first.rate_hz) // thin), one.start_s) for one in recording.segments]
    kept = room_for(lengths, len(channels), first.rate_hz / thin)

    def one_channel(place: int) -> tuple[ChannelFound, EmgTally]:
        found, tally, traces = search_channel(recording, channels[place], beats, parameters)
        keep(kept, place, traces)
        return found, tally

    with ThreadPoolExecutor(_WORKERS) as pool:
        results = list(pool.map(one_channel, range(len(channels))))
    return [found for found, _ in results], kept, [tally for _, tally in results]
