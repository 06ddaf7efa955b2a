"""A simulated night as a recording in memory, or as an EDF+ file with its truth beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from legtwitch.model import Channel, Event, Recording, Role, Segment
from legtwitch.simulate.artefacts import Samples
from legtwitch.simulate.night import BOTH_LEGS, CHANNELS, ECG_CHANNEL, SimulatedNight

ROLES: dict[str, Role] = {
    CHANNELS["left"]: "leg_left",
    CHANNELS["right"]: "leg_right",
    BOTH_LEGS: "leg_both",
    ECG_CHANNEL: "ecg",
}


@dataclass(frozen=True, slots=True)
class _Arrays:
    """Samples in memory, cut at the gaps."""

    pieces: Sequence[Sequence[Samples]]

    def read(self, channel: int, segment: int) -> Samples:
        """Return the samples of a channel over a segment (both by index) in uV, float32."""
        return self.pieces[channel][segment]


FULL_RESOLUTION_UV = 1e-4
"""The step of float32 at about 1 mV."""


def as_recording(night: SimulatedNight) -> Recording:
    """Return the night as a recording in memory, marks included; the truth is not part of it.

    Voltages keep their full resolution here; a file rounds them to its digital step.
    """
    edges = [0.0, *(edge for gap in night.gaps for edge in gap), night.duration_s]
    segments = [Segment(a, b - a) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    cuts = [(round(one.start_s * night.rate_hz), round(one.duration_s * night.rate_hz)) for one in segments]
    return Recording(
        file=f"simulated night, seed {night.seed}",
        format="simulated",
        start=night.start,
        duration_s=night.duration_s,
        channels=tuple(
            Channel(
                name=name,
                role=ROLES[name],
                certainty=1.0,
                why="simulated",
                unit="uV",
                file_unit="uV",
                rate_hz=float(night.rate_hz),
                resolution_uv=FULL_RESOLUTION_UV,
                samples=sum(number for _, number in cuts),
            )
            for name in night.signals
        ),
        segments=tuple(segments),
        events=night.events,
        problems=(),
        source=_Arrays([[trace[a : a + n] for a, n in cuts] for trace in night.signals.values()]),
    )


def truth_rows(night: SimulatedNight) -> tuple[Event, ...]:
    """Return all rows of the truth in order: the leg movements, and what else was put in under its own event name."""
    return tuple(sorted((*night.truth, *night.others), key=lambda one: (one.onset_s, one.event, one.side)))


def write_night(path: str | PathLike[str], night: SimulatedNight) -> None:
    """Write a night as EDF+ (uV, steps finer than 0.1 uV) and its truth as an event table `<path>.truth.tsv`.

    Rows of the truth: `leg_movement` with kind, peak_uv and rest_uv; other event names are no leg movements.

    Raises
    ------
    FileError: a file can't be written.
    """
    from legtwitch.recording import EdfSignal, write_edf, write_events

    kept = np.ones(round(night.duration_s * night.rate_hz), dtype=bool)
    for start, end in night.gaps:
        kept[round(start * night.rate_hz) : round(end * night.rate_hz)] = False
    traces = {name: trace[kept] if night.gaps else trace for name, trace in night.signals.items()}
    signals = [EdfSignal(name, trace, float(night.rate_hz)) for name, trace in traces.items()]
    write_edf(Path(path), signals, start=night.start, events=night.events, gaps=night.gaps)
    write_events(Path(f"{path}.truth.tsv"), truth_rows(night))
