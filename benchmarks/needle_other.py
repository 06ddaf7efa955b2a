"""Needle EMG of a second generator, which shares nothing with `legtwitch simulate`: which discharges are named.

Potentials are sums of a few bells or exponentials; recordings of one minute go through EDF or WFDB. Each second counts
for each class that is there or was told (a second off is forgiven); F1 of a class is over all seconds. Simulated, and
no accuracy in people.
Run: python benchmarks/needle_other.py [--seeds 1 2 3] [--only NAME]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.recording import EdfSignal, write_edf

Floats = NDArray[np.float64]
SECONDS = 60.0
SAME = {"voluntary_activity": "motor_unit_discharge"}
CLASSES = (
    "fibrillation", "positive_sharp_wave", "end_plate_spikes", "fasciculation", "myokymic_discharge",
    "neuromyotonic_discharge", "complex_repetitive_discharge", "myotonic_discharge", "motor_unit_discharge",
)  # fmt: skip


@dataclass
class Needle:
    """A recording being made, in uV; truth holds class, start and end in s."""

    rng: np.random.Generator
    rate_hz: float
    noise: float
    truth: list[tuple[str, float, float]] = field(default_factory=list)
    values: Floats = field(init=False)

    def __post_init__(self) -> None:
        size = round(SECONDS * self.rate_hz)
        white = np.fft.rfft(self.rng.standard_normal(size))
        freq = np.fft.rfftfreq(size, 1 / self.rate_hz)
        white *= (freq > 10) / np.sqrt(1 + (freq / self.rng.uniform(2000, 8000)) ** 4)
        coloured = np.fft.irfft(white, n=size)
        self.values = self.noise * coloured / coloured.std()

    def fire(self, name: str, wave: Floats, times: Sequence[float] | Floats, sizes: Sequence[float] | Floats) -> None:
        """Put a potential at times with sizes; a train is one event, single potentials are one each."""
        for at, size in zip(times, sizes, strict=True):
            first = round(at * self.rate_hz)
            stop = min(first + wave.size, self.values.size)
            if 0 <= first < stop:
                self.values[first:stop] += size * wave[: stop - first]
        if len(times) and name:
            tail = wave.size / self.rate_hz
            spans = [(at, at + tail) for at in times] if name == "fasciculation" else [(times[0], times[-1] + tail)]
            self.truth += [(name, float(start), float(stop)) for start, stop in spans]

    def grid(self, length_ms: float) -> Floats:
        return np.arange(0, length_ms, 1000 / self.rate_hz)

    def fibre(self, first: float = 1.0) -> Floats:
        """Bi- or triphasic spike of 1.5 to 5 ms that begins upwards (positive) or downwards; peak to peak 1."""
        wide = self.rng.uniform(0.15, 0.45)
        t = self.grid(14 * wide)
        tail = self.rng.choice((0.0, 0.3, 0.5))
        wave = first * (
            0.5 * np.exp(-(((t - 4 * wide) / wide) ** 2))
            - np.exp(-(((t - 5.8 * wide) / wide) ** 2))
            + tail * np.exp(-(((t - 8.3 * wide) / (1.6 * wide)) ** 2))
        )
        return wave / np.ptp(wave)

    def sharp(self) -> Floats:
        """A positive sharp wave: up in 0.5 to 1 ms, back at once, then a long shallow trough; 10 to 30 ms."""
        long = self.rng.uniform(10, 30)
        t = self.grid(long)
        rise, fall = self.rng.uniform(0.5, 1.0), self.rng.uniform(0.8, 2.0)
        after = np.maximum(t - rise, 0)
        wave = np.where(t < rise, t / rise, np.exp(-after / fall))
        wave -= self.rng.uniform(0.15, 0.35) * (1 - np.exp(-after / fall)) * np.cos(np.pi / 2 * t / long) ** 2
        return wave / np.ptp(wave)

    def unit(self, phases: int | None = None) -> Floats:
        """A motor unit potential of 6 to 16 ms: bells of alternating sign; peak to peak 1."""
        count = phases or int(self.rng.integers(2, 5))
        long = self.rng.uniform(6, 16)
        t, wave = self.grid(long), np.zeros(self.grid(long).size)
        places = np.linspace(0.28, 0.72, count) * long + self.rng.normal(0, 0.02 * long, count)
        sizes = (-1.0) ** np.arange(count) * self.rng.uniform(0.35, 1, count)
        sizes[int(self.rng.integers(count))] *= 1.6
        for at, size in zip(places, sizes, strict=True):
            wave += size * np.exp(-(((t - at) / (long / (4.0 * count + 4))) ** 2))
        wave -= np.linspace(wave[0], wave[-1], wave.size)
        return wave / np.ptp(wave)

    def size(self, low: float = 50.0, high: float = 1000.0) -> float:
        """Peak to peak in uV, never less than eight times the RMS of noise (choice: what an eye sees)."""
        return float(max(np.exp(self.rng.uniform(np.log(low), np.log(high))), 8 * self.noise))


Part = Callable[[Needle], None]


def times(one: Needle, start: float, stop: float, hz: float, spread: float, slowing: float = 0.0) -> Floats:
    """Moments of a discharge; slowing: share by which it is slower at the end."""
    at, told = start, []
    while at < stop:
        told.append(at)
        now = hz * (1 - slowing * (at - start) / (stop - start))
        at += max(one.rng.normal(1, spread), 0.1) / now
    return np.asarray(told)


def span(one: Needle, least: float, most: float) -> tuple[float, float]:
    start = one.rng.uniform(2, SECONDS - most - 2)
    return start, start + one.rng.uniform(least, most)


def fibrillation(one: Needle) -> None:
    start, stop = span(one, 15, 50)
    told = times(one, start, stop, one.rng.uniform(0.7, 14), one.rng.uniform(0.01, 0.08), one.rng.uniform(0, 0.4))
    one.fire("fibrillation", one.fibre(), told, one.size(50, 300) * one.rng.normal(1, 0.02, told.size))


def sharp_waves(one: Needle) -> None:
    start, stop = span(one, 15, 50)
    told = times(one, start, stop, one.rng.uniform(0.7, 12), one.rng.uniform(0.01, 0.08), one.rng.uniform(0, 0.4))
    one.fire("positive_sharp_wave", one.sharp(), told, one.size(80, 600) * one.rng.normal(1, 0.02, told.size))


def end_plate(one: Needle) -> None:
    """Irregular spikes that begin negative, over the hum of miniature potentials."""
    start, stop = span(one, 8, 30)
    steps = one.rng.gamma(1.3, 1 / one.rng.uniform(8, 40) / 1.3, round((stop - start) * 60))
    told = start + np.cumsum(np.maximum(steps, 0.004))
    told = told[told < stop]
    one.fire("end_plate_spikes", one.fibre(-1.0), told, one.size(80, 400) * one.rng.normal(1, 0.08, told.size))
    hum = start + np.sort(one.rng.uniform(0, stop - start, round((stop - start) * 150)))
    t = one.grid(3.0)
    one.fire("", -t * np.exp(-t / 0.4), hum, one.rng.uniform(10, 40, hum.size))


def fasciculations(one: Needle) -> None:
    for _ in range(int(one.rng.integers(1, 4))):
        gaps = 0.05 + one.rng.exponential(60 / one.rng.uniform(4, 40), 200)
        told = np.cumsum(gaps)
        told = told[told < SECONDS - 1]
        one.fire("fasciculation", one.unit(), told, one.size(100) * one.rng.normal(1, 0.04, told.size))


def myokymia(one: Needle) -> None:
    start, stop = span(one, 15, 50)
    bursts = times(one, start, stop, one.rng.uniform(0.5, 5), one.rng.uniform(0.03, 0.15))
    hz, most = one.rng.uniform(20, 60), one.rng.integers(2, 11)
    room = 0.7 / (bursts.size / (stop - start))
    told = np.concatenate(
        [
            at
            + np.cumsum(
                one.rng.normal(1, 0.08, max(2, min(int(one.rng.integers(most - 1, most + 2)), round(room * hz))))
            )
            / hz
            for at in bursts
        ]
    )
    told = np.sort(told)
    one.fire("myokymic_discharge", one.unit(), told, one.size(100) * one.rng.normal(1, 0.04, told.size))


def neuromyotonia(one: Needle) -> None:
    at = one.rng.uniform(2, 5)
    wave, size = one.unit(2)[::2], one.size(200)
    hz = one.rng.uniform(150, 300)
    while at < SECONDS - 5:
        length = one.rng.uniform(0.3, 3.0)
        told = times(one, at, at + length, hz, 0.03, 0.15)
        fall = np.linspace(1, one.rng.uniform(0.25, 0.6), told.size)
        one.fire("neuromyotonic_discharge", wave, told, size * fall)
        at += length + one.rng.uniform(2, 8)


def repetitive(one: Needle) -> None:
    hz, at = one.rng.uniform(20, 90), one.rng.uniform(2, 8)
    wave = sum(np.roll(np.pad(one.fibre(), (0, round(0.012 * one.rate_hz)))[: round(0.011 * one.rate_hz)],
                       round(lag / 1000 * one.rate_hz)) * share
               for lag, share in zip((0, 1.7, 3.3, 4.6), one.rng.uniform(0.4, 1, 4), strict=True))  # fmt: skip
    wave = np.asarray(wave)[: round(0.9 / hz * one.rate_hz)]
    while at < SECONDS - 12:
        told = times(one, at, at + one.rng.uniform(2, 10), hz, 0.002)
        one.fire("complex_repetitive_discharge", wave / np.ptp(wave), told, np.full(told.size, one.size(100, 600)))
        at = told[-1] + one.rng.uniform(3, 10)


def myotonia(one: Needle) -> None:
    at, wave = (
        one.rng.uniform(2, 6),
        one.fibre() if one.rng.random() < 0.5 else one.sharp()[: round(0.01 * one.rate_hz)],
    )
    size = one.size(100, 600)
    while at < SECONDS - 8:
        length, peak = one.rng.uniform(1.5, 5.0), one.rng.uniform(50, 80)
        when, told = at, []
        while when < at + length:
            told.append(when)
            x = (when - at) / length
            when += one.rng.normal(1, 0.02) / (20 + (peak - 20) * np.sin(np.pi * min(1, x**0.7)))
        x = (np.asarray(told) - at) / length
        one.fire("myotonic_discharge", wave, told, size * (0.25 + 0.75 * np.sin(np.pi * x**0.7)))
        at += length + one.rng.uniform(2, 8)


def effort(one: Needle) -> None:
    """One to four units in turn and together, each at its own rate."""
    start, stop = span(one, 15, 45)
    for number in range(int(one.rng.integers(1, 5))):
        begin = start + number * one.rng.uniform(0.5, 3)
        told = times(
            one, begin, stop - number * one.rng.uniform(0, 2), one.rng.uniform(6, 16), one.rng.uniform(0.08, 0.2)
        )
        one.fire("motor_unit_discharge", one.unit(), told, one.size(150) * one.rng.normal(1, 0.04, told.size))


def insertion(one: Needle) -> None:
    """Injury as the needle moves: spikes without order for 0.15 to 0.4 s, three times."""
    for at in (0.6, *one.rng.uniform(5, SECONDS - 5, 2)):
        for _ in range(4):
            told = at + np.sort(one.rng.uniform(0, one.rng.uniform(0.15, 0.4), 12))
            one.fire("", one.fibre(one.rng.choice((-1.0, 1.0))), told, one.rng.uniform(50, 500, 12))


def mains(one: Needle) -> None:
    t = np.arange(one.values.size) / one.rate_hz
    hz = one.rng.choice((50.0, 60.0))
    for order, share_ in ((1, 1.0), (2, 0.2), (3, 0.5), (5, 0.2)):
        one.values += one.rng.uniform(5, 15) * share_ * np.sin(2 * np.pi * hz * order * t + one.rng.uniform(0, 6))


PLANS: dict[str, tuple[Part, ...]] = {
    "fibrillations": (fibrillation,),
    "two fibrillations": (fibrillation, fibrillation),
    "positive sharp waves": (sharp_waves,),
    "end-plate": (end_plate,),
    "fasciculations": (fasciculations,),
    "myokymic": (myokymia,),
    "neuromyotonic": (neuromyotonia,),
    "complex repetitive": (repetitive,),
    "myotonic": (myotonia,),
    "effort": (effort,),
    "effort, mains, insertion": (effort, mains, insertion),
    "silent": (),
    "silent, mains, insertion": (mains, insertion),
    "fibrillations, mains": (fibrillation, mains, insertion),
    "fibrillations, sharp waves": (fibrillation, sharp_waves),
    "fibrillations, fasciculations": (fibrillation, fasciculations),
    "sharp waves, fasciculations": (sharp_waves, fasciculations, mains),
    "end-plate, fasciculations": (end_plate, fasciculations),
    "myotonic, insertion": (myotonia, insertion),
    "neuromyotonic, fasciculations": (neuromyotonia, fasciculations),
}


def write(one: Needle, path: Path, wfdb: bool) -> Path:
    """Write EDF, or WFDB as 16-bit integers; return the file to open."""
    if not wfdb:
        write_edf(
            path / "needle.edf", [EdfSignal("EMG needle", one.values.astype(np.float32), one.rate_hz)], start=None
        )
        return path / "needle.edf"
    gain = 30000 / max(np.abs(one.values).max(), 1.0)
    np.round(one.values * gain).astype("<i2").tofile(path / "needle.dat")
    head = f"needle 1 {one.rate_hz:g} {one.values.size}\nneedle.dat 16 {gain * 1000:.6f}(0)/mV 16 0 0 0 0 EMG\n"
    (path / "needle.hea").write_text(head, encoding="ascii")
    return path / "needle.hea"


def seconds_of(spans: Sequence[tuple[str, float, float]]) -> dict[str, set[int]]:
    """Return the seconds in which each class is."""
    told: dict[str, set[int]] = defaultdict(set)
    for name, start, stop in spans:
        told[SAME.get(name, name)].update(range(int(start), int(stop) + 1))
    return told


def near(seconds: set[int]) -> set[int]:
    return {one + by for one in seconds for by in (-1, 0, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", default="")
    told = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for index, (name, parts) in enumerate(PLANS.items()):
        if told.only not in name:
            continue
        here: Counter[tuple[str, str]] = Counter()
        for seed in told.seeds:
            rng = np.random.default_rng((1812, seed, index))
            one = Needle(rng, float(rng.choice((10000, 20000, 24000, 30000))), float(np.exp(rng.uniform(0.7, 3.0))))
            for part in parts:
                part(one)
            with tempfile.TemporaryDirectory() as folder:
                events = lt.detect(write(one, Path(folder), bool(seed % 2)), modality="needle_emg").events
            was = seconds_of(one.truth)
            said = seconds_of([(event.event, event.onset_s, event.onset_s + event.duration_s) for event in events])
            for kind in CLASSES:
                here[kind, "right"] += len(was[kind] & near(said[kind]))
                here[kind, "missed"] += len(was[kind] - near(said[kind]))
                here[kind, "false"] += len(said[kind] - near(was[kind]))
        print(
            f"{name:30s} {len(told.seeds)} min: "
            + "; ".join(words(here, kind) for kind in CLASSES if words(here, kind))
        )
        counts += here
    scores = []
    for kind in CLASSES:
        right, missed, false = (counts[kind, one] for one in ("right", "missed", "false"))
        if right + missed:
            scores.append(2 * right / (2 * right + missed + false))
            print(f"{kind:32s} F1 {scores[-1]:.2f}, recall {right / (right + missed):.2f}, false seconds {false}")
    if scores:
        print(f"macro-F1 {np.mean(scores):.3f}")


def words(here: Counter[tuple[str, str]], kind: str) -> str:
    true, false = here[kind, "right"] + here[kind, "missed"], here[kind, "false"]
    return (f"{kind} {here[kind, 'right']}/{true}" if true else f"{kind}" if false else "") + (
        f" +{false}" if false else ""
    )


if __name__ == "__main__":
    main()
