"""The same night gives the same movements to the last bit, whatever else the file holds and in whatever order."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from leg_generator import Arrays
from numpy.typing import NDArray

from legtwitch.events import LegMovements, detect_leg_movements
from legtwitch.model import Recording, SampleSource
from legtwitch.recording import EdfSignal, read, write_edf
from legtwitch.simulate import SimulatedNight, night

HARD = ("ragged_bursts", "alma", "foot_tremor", "cross_talk", "ecg", "mains", "loose_lead", "rem_twitches")
OTHERS = ("C3-M2", "C4-M1", "O1-M2", "O2-M1", "F3-M2", "F4-M1", "E1-M2", "E2-M2", "Chin", "Flow", "Thorax", "Abdomen")
OTHERS += ("SpO2", "Snore", "Position", "Pulse", "Light", "Battery")


def written(path: Path, made: SimulatedNight, others: int, *, reverse: bool = False) -> Path:
    """Write a night with so many other channels before, between and after the legs."""
    noise = np.random.default_rng(7).normal(0, 30, round(made.duration_s * made.rate_hz)).astype(np.float32)
    legs = [EdfSignal(name, trace, float(made.rate_hz)) for name, trace in made.signals.items()]
    rest = [EdfSignal(name, noise, float(made.rate_hz)) for name in OTHERS[:others]]
    signals = [*rest[: others // 3], legs[0], *rest[others // 3 : others // 2], *legs[1:], *rest[others // 2 :]]
    write_edf(path, signals[::-1] if reverse else signals, start=made.start, events=made.events)
    return path


def in_memory(recording: Recording) -> Recording:
    """The same samples held as arrays."""
    source = recording.source
    assert source is not None
    segments = range(len(recording.segments))
    arrays = [
        [source.read(number, segment).copy() for segment in segments] for number in range(len(recording.channels))
    ]
    return replace(recording, source=Arrays(arrays))


class Cut:
    """A source whose samples come in pieces: all of one length (0: whole), or of lengths drawn from a seed."""

    def __init__(self, source: SampleSource, samples: int | None, seed: int = 0) -> None:
        self.source, self.samples, self.made = source, samples, np.random.default_rng(seed)

    def read(self, channel: int, segment: int) -> NDArray[np.float32]:
        return self.source.read(channel, segment)

    def size(self, channel: int, segment: int) -> int:
        return int(self.read(channel, segment).size)

    def pieces(self, channel: int, segment: int) -> Iterator[NDArray[np.float32]]:
        values, at = self.read(channel, segment), 0
        while at < values.size:
            length = int(self.made.integers(1, 20_000)) if self.samples is None else self.samples or values.size
            piece = values[at : at + length].copy()
            yield piece
            piece[:] = np.nan  # it is only good until the next is asked for
            at += length


def cut(recording: Recording, samples: int | None, seed: int = 0) -> Recording:
    assert recording.source is not None
    return replace(recording, source=Cut(in_memory(recording).source or recording.source, samples, seed))


def parts(found: LegMovements) -> tuple[object, ...]:
    """All of a result that may not differ: movements, other classes, what was said, traces."""
    said = sorted((one.channel or "", one.code, one.message) for one in found.problems)
    traces = {
        name: [(piece.start_s, piece.envelope_uv.tobytes(), piece.baseline_uv.tobytes()) for piece in trace.pieces]
        for name, trace in found.traces.items()
    }
    return found.events, found.other, said, traces


def all_ways(folder: Path, made: SimulatedNight) -> dict[str, tuple[object, ...]]:
    two = read(written(folder / "two.edf", made, 0))
    return {
        "two channels": parts(detect_leg_movements(two)),
        "once more": parts(detect_leg_movements(two)),
        "in memory": parts(detect_leg_movements(in_memory(two))),
        "in one piece": parts(detect_leg_movements(cut(two, 0))),
        "in pieces of 997 samples": parts(detect_leg_movements(cut(two, 997))),
        "in pieces of an hour": parts(detect_leg_movements(cut(two, 3600 * made.rate_hz))),
        "in ragged pieces": parts(detect_leg_movements(cut(two, None, seed=5))),
        "legs turned round": parts(detect_leg_movements(read(written(folder / "round.edf", made, 0, reverse=True)))),
        "twenty channels": parts(detect_leg_movements(read(written(folder / "twenty.edf", made, 18)))),
        "twenty turned round": parts(
            detect_leg_movements(read(written(folder / "turned.edf", made, 18, reverse=True)))
        ),
    }


@pytest.mark.parametrize("rate", [128, 500])
def test_an_hour_gives_the_same_to_the_last_bit_in_every_way(tmp_path: Path, rate: int) -> None:
    ways = all_ways(tmp_path, night(71, hours=0.5, rate_hz=rate, with_=HARD))
    first = ways.pop("two channels")
    assert first[0]
    assert {name: way == first for name, way in ways.items()} == dict.fromkeys(ways, True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [72, 73])
def test_a_whole_night_gives_the_same_to_the_last_bit_in_every_way(tmp_path: Path, seed: int) -> None:
    ways = all_ways(tmp_path, night(seed, hours=8, rate_hz=256, with_=HARD))
    first = ways.pop("two channels")
    assert len(first[0]) > 100  # type: ignore[arg-type]
    assert {name: way == first for name, way in ways.items()} == dict.fromkeys(ways, True)


def test_one_sample_that_differs_is_seen(tmp_path: Path) -> None:
    made = night(71, hours=0.5, rate_hz=128, with_=HARD)
    recording = in_memory(read(written(tmp_path / "two.edf", made, 0)))
    source = recording.source
    assert isinstance(source, Arrays)
    before = parts(detect_leg_movements(recording))
    source.arrays[0][0][100_000] += 50
    assert parts(detect_leg_movements(recording)) != before


_PEAK = """
import json, re, sys
import legtwitch
score = legtwitch.score(sys.argv[1])
peak = int(re.search("VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps([peak, [(m.onset_s, m.duration_s, m.side) for m in score.movements]]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_night_of_twenty_channels_takes_no_more_memory_than_one_of_two(tmp_path: Path) -> None:
    made = night(74, hours=8, rate_hz=256, with_=HARD)
    peaks, movements = [], []
    for others in (0, 18):
        path = written(tmp_path / f"{others}.edf", made, others)
        runs = []
        for _ in range(3):  # two legs at once: how their peaks meet differs from run to run
            out = subprocess.run([sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True)
            runs.append(json.loads(out.stdout))
        peaks.append(max(peak for peak, _ in runs))
        movements += [found for _, found in runs]
    assert all(one == movements[0] for one in movements)
    assert peaks[1] <= 1.1 * peaks[0]
