"""A simulated EMG as a recording in memory, or as EDF+ or CSV with its truth beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from legtwitch.model import Channel, Recording, Role, Segment
from legtwitch.simulate import codes
from legtwitch.simulate.choices import one_of
from legtwitch.simulate.emg import ECG_CHANNEL, SimulatedEmg
from legtwitch.simulate.motor_units import Samples

UNITS = {"uV": 1.0, "mV": 1e-3, "V": 1e-6}
_DECIMALS = {"uV": 4, "mV": 7, "V": 10}
FULL_RESOLUTION_UV = 1e-4
_CSV_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class _Arrays:
    """Samples in memory, cut at the gaps."""

    pieces: Sequence[Sequence[Samples]]

    def read(self, channel: int, segment: int) -> Samples:
        """Return the samples of a channel over a segment (both by index) in uV, float32."""
        return self.pieces[channel][segment]


def _role(made: SimulatedEmg, name: str) -> Role:
    if name == ECG_CHANNEL:
        return "ecg"
    array = next(one for one in made.arrays if name.startswith(one.muscle.label))
    if array.muscle.name != "tibialis_anterior":
        return "emg_other"
    return "leg_left" if array.muscle.side == "left" else "leg_right"


def emg_recording(made: SimulatedEmg) -> Recording:
    """Return an EMG as a recording in memory, marks included; the truth is not part of it."""
    cuts = _cuts(made.gaps, made.duration_s, made.rate_hz)
    return Recording(
        file=f"simulated EMG {made.recipe}, seed {made.seed}",
        format="simulated",
        start=made.start,
        duration_s=made.duration_s,
        channels=tuple(
            Channel(
                name=name,
                role=_role(made, name),
                certainty=1.0,
                why="simulated",
                unit="uV",
                file_unit="uV",
                rate_hz=float(made.rate_hz),
                resolution_uv=FULL_RESOLUTION_UV,
                samples=sum(last - first for first, last in cuts),
            )
            for name in made.signals
        ),
        segments=tuple(Segment(first / made.rate_hz, (last - first) / made.rate_hz) for first, last in cuts),
        events=made.events,
        problems=(),
        source=_Arrays([[trace[first:last] for first, last in cuts] for trace in made.signals.values()]),
    )


def _cuts(gaps: Sequence[tuple[float, float]], duration_s: float, rate_hz: int) -> list[tuple[int, int]]:
    """Return the first sample and the one behind the last of each stretch between gaps."""
    edges = [0.0, *(edge for gap in gaps for edge in gap), duration_s]
    return [(round(a * rate_hz), round(b * rate_hz)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def write_emg(path: str | PathLike[str], made: SimulatedEmg, *, unit: str = "uV") -> None:
    """Write an EMG as EDF+ (`.edf`) or CSV (`.csv`) and its truth as an event table `<path>.truth.tsv`.

    unit: `uV`, `mV` or `V`, of the file's numbers. A CSV has a header `time_s,<channel> (<unit>)…`; in a gap it has no
    rows, so the time jumps.

    Raises
    ------
    UsageError: another suffix or unit (E125). FileError: a file can't be written.
    """
    from legtwitch.recording import EdfSignal, write_edf, write_events

    path = Path(path)
    one_of("unit of an EMG", unit, tuple(UNITS))
    one_of("suffix of an EMG file", path.suffix.lower(), (".edf", ".csv"), codes.NO_RECIPE)
    if path.suffix.lower() == ".edf":
        sensor = "concentric needle electrode" if made.modality == "needle_emg" else "bipolar surface electrodes"
        cuts = _cuts(made.gaps, made.duration_s, made.rate_hz)
        signals = [
            EdfSignal(
                name,
                np.concatenate([trace[first:last] for first, last in cuts]) if made.gaps else trace,
                float(made.rate_hz),
                unit,
                transducer="" if name == ECG_CHANNEL else sensor,
            )
            for name, trace in made.signals.items()
        ]
        write_edf(path, signals, start=made.start, events=made.events, gaps=made.gaps)
    else:
        columns = {f"{name} ({unit})": trace * np.float32(UNITS[unit]) for name, trace in made.signals.items()}
        write_table(path, columns, made.rate_hz, _cuts(made.gaps, made.duration_s, made.rate_hz), _DECIMALS[unit])
    write_events(Path(f"{path}.truth.tsv"), made.truth)


def write_table(
    path: Path, columns: Mapping[str, Samples], rate_hz: int, cuts: Sequence[tuple[int, int]], decimals: int
) -> None:
    """Write columns of samples with a column `time_s` before them as CSV; only the samples between the cuts."""
    from legtwitch.recording.files import written

    line = ",".join(["%.6f", *([f"%.{decimals}f"] * len(columns))])
    with written(path) as file:
        file.write((",".join(["time_s", *columns]) + "\n").encode())
        for first, last in cuts:
            for begin in range(first, last, _CSV_ROWS):
                end = min(last, begin + _CSV_ROWS)
                rows = zip(
                    (np.arange(begin, end) / rate_hz).tolist(),
                    *(values[begin:end].tolist() for values in columns.values()),
                    strict=True,
                )
                file.write(("\n".join(line % row for row in rows) + "\n").encode())
