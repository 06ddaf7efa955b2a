"""Leg movements on nights of a second generator, which shares nothing with `legtwitch.simulate`.

    python benchmarks/detection_other.py                         # each disturbance, then all together at three rates
    python benchmarks/detection_other.py --options hum tugs --seeds 1 2 --rates 256

Muscle is a sum of short potentials of a dozen shapes at random times; bursts are boxes, triangles, falling, double,
ragged or slow; rest is coloured noise. A movement begins where its RMS makes 8 uV above rest and ends where it stays
less than 2 uV above for 0.5 s. Synthetic, and no accuracy in people. Matched one to one at an overlap of 0.2.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from matching import Span, match

from legtwitch.events import detect_leg_movements
from legtwitch.recording import EdfSignal, read, write_edf

Trace = np.ndarray
Random = np.random.Generator
SHAPES = ("box", "triangle", "falling", "double", "ragged", "slow")


def potentials(made: Random, rate: int) -> list[Trace]:
    """Return a dozen waveforms of 24 ms, each of energy 1 (unit squared times seconds)."""
    at = np.arange(-0.012, 0.012, 1 / rate)
    found = []
    for _ in range(12):
        width, late, second = made.uniform(0.0015, 0.004), made.uniform(-0.003, 0.003), made.uniform(0.2, 0.6)
        wave = -(at - late) / width * np.exp(-(((at - late) / width) ** 2) / 2)
        wave += second * np.exp(-(((at - late - 2 * width) / width) ** 2) / 2)
        wave -= wave.mean()
        found.append(wave / np.sqrt((wave**2).sum() / rate))
    return found


def muscle(made: Random, rate: int, envelope: Trace) -> Trace:
    """Return potentials at random times whose expected RMS is the envelope (uV)."""
    bank = potentials(made, rate)
    fired = made.uniform(120, 400)
    trace = np.zeros(envelope.size + rate)
    at = np.sort(made.integers(0, envelope.size, made.poisson(fired * envelope.size / rate)))
    at = at[envelope[at] > 0]
    sizes = envelope[at] / np.sqrt(fired) * made.choice([-1, 1], at.size)
    for place, size, which in zip(
        at.tolist(), sizes.tolist(), made.integers(0, len(bank), at.size).tolist(), strict=True
    ):
        wave = bank[which]
        trace[place : place + wave.size] += size * wave
    early = bank[0].size // 2
    return trace[early : early + envelope.size]


def burst(made: Random, rate: int, shape: str, peak: float, seconds: float) -> Trace:
    """Return the envelope (uV) of one burst."""
    count = int(seconds * rate)
    part = np.arange(count) / count
    left, right = part * seconds, (1 - part) * seconds
    if shape == "box":
        form = np.minimum(1, np.minimum(left / 0.04, right / 0.06))
    elif shape == "triangle":
        form = np.minimum(part / 0.3, (1 - part) / 0.7)
    elif shape == "falling":
        form = np.minimum(left / 0.05, 1) * np.exp(-3 * part)
    elif shape == "double":
        start, gap = made.uniform(0.35, 0.5), made.uniform(0.1, 0.35) / seconds
        form = np.convolve(
            ((part < start) | (part > start + gap)).astype(float), np.ones(rate // 20) / (rate // 20), "same"
        )
    elif shape == "ragged":
        lumps = np.convolve(made.standard_normal(count + rate), np.hanning(int(0.15 * rate)), "same")[:count]
        form = np.clip(0.55 + 0.35 * lumps / lumps.std(), 0.12, 1.3)
        form *= np.minimum(1, np.minimum(left / 0.08, right / 0.12))
    else:
        form = np.minimum(left / 0.4, 1) * np.minimum(right / 0.4, 1)
    return np.asarray(np.clip(form, 0, None) * peak)


def envelope_of(made: Random, rate: int, seconds: float) -> Trace:
    """Return the envelope (uV) of a leg over a night: series of movements and single ones."""
    envelope = np.zeros(int(seconds * rate))
    at = 20.0
    while at < seconds - 20:
        many, interval = (made.integers(4, 15), made.uniform(12, 40)) if made.random() < 0.6 else (1, 0.0)
        for _ in range(many):
            length = made.uniform(0.6, 5 if many > 1 else 12)
            own = burst(made, rate, str(made.choice(SHAPES)), float(np.exp(made.normal(np.log(42), 0.65))) + 8, length)
            first = int(at * rate)
            own = own[: envelope.size - first]
            envelope[first : first + own.size] = np.maximum(envelope[first : first + own.size], own)
            at += interval * made.uniform(0.85, 1.15) + length
            if at > seconds - 20:
                break
        at += made.exponential(60) + 12
    return envelope


def true_movements(envelope: Trace, rest: Trace, rate: int) -> list[Span]:
    """Return the movements (start, stop) in s by the rule, from the envelope without its chance."""
    above = np.sqrt(envelope**2 + rest**2) - rest
    edges = np.flatnonzero(np.diff((above < 2).astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    stops = edges[edges[:, 1] - edges[:, 0] >= 0.5 * rate, 0]
    found, over, at = [], np.flatnonzero(above >= 8), 0
    while (left := over[np.searchsorted(over, at) :]).size:
        start = int(left[0])
        later = stops[stops > start]
        at = int(later[0]) if later.size else above.size
        found.append((start / rate, at / rate))
    return [one for one in found if one[1] - one[0] >= 0.5]


def _moments(made: Random, seconds: float, per_hour: float) -> list[float]:
    return made.uniform(5, seconds - 12, int(per_hour * seconds / 3600)).tolist()


def ecg(made: Random, rate: int, trace: Trace) -> None:
    """Beats of 12 to 45 uV."""
    at = np.arange(-0.05, 0.05, 1 / rate)
    wave = np.exp(-((at / 0.008) ** 2)) - 0.35 * np.exp(-(((at - 0.02) / 0.012) ** 2))
    height = made.uniform(12, 45)
    for beat in np.cumsum(made.normal(0.93, 0.05, trace.size // rate)).tolist():
        first = int(beat * rate)
        if first + wave.size < trace.size:
            trace[first : first + wave.size] += height * wave * made.normal(1, 0.08)


def pops(made: Random, rate: int, trace: Trace) -> None:
    """Forty jumps an hour of 80 to 900 uV that decay in 20 to 250 ms."""
    for moment in _moments(made, trace.size / rate, 40):
        decay = made.uniform(0.02, 0.25)
        wave = np.exp(-np.arange(int(6 * decay * rate)) / rate / decay) * made.uniform(80, 900) * made.choice([-1, 1])
        first = int(moment * rate)
        trace[first : first + wave.size] += wave


def tugs(made: Random, rate: int, trace: Trace) -> None:
    """Twelve slow swings an hour of 30 to 200 uV."""
    for moment in _moments(made, trace.size / rate, 12):
        count = int(made.uniform(0.5, 3) * rate)
        wave = np.convolve(made.standard_normal(count + rate), np.hanning(rate // 5), "same")[:count] * np.hanning(
            count
        )
        trace[int(moment * rate) : int(moment * rate) + count] += wave / wave.std() * made.uniform(30, 200)


def mains(made: Random, rate: int, trace: Trace) -> None:
    """A line of 50 Hz of 2 to 8 uV whose phase and size wander."""
    at = np.arange(trace.size) / rate
    size = made.uniform(2, 8) * (1 + 0.2 * np.sin(2 * np.pi * at / 900))
    trace += size * np.sin(2 * np.pi * 50.02 * at + np.sin(at / 40))


def hum(made: Random, rate: int, trace: Trace) -> None:
    """Thirty stretches an hour of mains of 15 to 120 uV, 0.6 to 8 s."""
    for moment in _moments(made, trace.size / rate, 30):
        at = np.arange(int(made.uniform(0.6, 8) * rate)) / rate
        wave = np.sin(2 * np.pi * 50.02 * at) + (0.3 * np.sin(2 * np.pi * 100.04 * at) if rate > 210 else 0)
        wave *= made.uniform(15, 120) * np.clip(np.minimum(at, at[-1] - at) / 0.1, 0, 1)
        trace[int(moment * rate) : int(moment * rate) + at.size] += wave


def vibration(made: Random, rate: int, trace: Trace) -> None:
    """Twenty tones an hour of 15 to 60 Hz, 15 to 80 uV, that swell and fade."""
    for moment in _moments(made, trace.size / rate, 20):
        at = np.arange(int(made.uniform(0.6, 5) * rate)) / rate
        wave = made.uniform(15, 80) * np.sin(2 * np.pi * made.uniform(15, 60) * at) * np.hanning(at.size)
        trace[int(moment * rate) : int(moment * rate) + at.size] += wave


def sweat(made: Random, rate: int, trace: Trace) -> None:
    """Waves of 300 uV at 0.2 Hz and a wandering offset."""
    at = np.arange(trace.size) / rate
    trace += 300 * np.sin(2 * np.pi * at / 5.3 + 2 * np.sin(at / 50)) + 0.05 * np.cumsum(
        made.standard_normal(trace.size)
    )


def twitches(made: Random, rate: int, trace: Trace) -> None:
    """A hundred and fifty single potentials an hour of 30 to 180 uV."""
    bank = potentials(made, rate)
    for moment in _moments(made, trace.size / rate, 150):
        wave = bank[made.integers(len(bank))]
        trace[int(moment * rate) : int(moment * rate) + wave.size] += wave / np.abs(wave).max() * made.uniform(30, 180)


def short_noise(made: Random, rate: int, trace: Trace) -> None:
    """Twenty bursts an hour of 20 to 300 uV, shorter than 0.45 s."""
    for moment in _moments(made, trace.size / rate, 20):
        count = int(made.uniform(0.1, 0.45) * rate)
        trace[int(moment * rate) : int(moment * rate) + count] += made.standard_normal(count) * made.uniform(20, 300)


def jumps(made: Random, rate: int, trace: Trace) -> None:
    """Sixty lasting steps of the offset an hour, of some 400 uV."""
    for moment in _moments(made, trace.size / rate, 60):
        trace[int(moment * rate) :] += made.normal(0, 400)


def pacemaker(made: Random, rate: int, trace: Trace) -> None:
    """A spike of 140 uV and its way back every 0.86 s."""
    for moment in np.arange(3, trace.size / rate - 5, 0.86).tolist():
        trace[int(moment * rate) : int(moment * rate) + 2] += (140, -60)


def coarse(made: Random, rate: int, trace: Trace) -> None:
    """Steps of 0.8 uV."""
    trace[:] = np.round(trace / 0.8) * 0.8


ADDED: dict[str, Callable[[Random, int, Trace], None]] = {
    one.__name__: one
    for one in (ecg, pops, tugs, mains, hum, vibration, sweat, twitches, short_noise, jumps, pacemaker, coarse)
}
RESTING = ("tone", "breathing")
OPTIONS = (*RESTING, *ADDED)
TOGETHER = tuple(name for name in OPTIONS if name != "pacemaker")  # a heart has one rhythm: that of `ecg`


def leg(made: Random, rate: int, seconds: float, options: Sequence[str]) -> tuple[Trace, list[Span]]:
    """Return the trace (uV) of one leg and its true movements."""
    count = int(seconds * rate)
    rest = np.full(count, made.uniform(1, 2.5))
    if "tone" in options:
        for place in np.sort(made.integers(0, count, max(1, int(seconds / 900)))).tolist():
            rest[place:] = made.uniform(0.8, 7)
        width = int(0.8 * rate)
        rest = np.convolve(np.pad(rest, width, mode="edge"), np.ones(width) / width, "same")[width:-width]
    if "breathing" in options:
        rest = rest * (1 + 0.4 * np.clip(np.sin(2 * np.pi * np.arange(count) / rate / 4.1), 0, 1))
    envelope = envelope_of(made, rate, seconds)
    frequency = np.fft.rfftfreq(count, 1 / rate)
    coloured = np.fft.rfft(made.standard_normal(count)) / np.sqrt(1 + (frequency / 90) ** 4)
    inside = np.fft.irfft(coloured * ((frequency > 10) & (frequency < 100)), count).std()
    trace = muscle(made, rate, envelope) + np.fft.irfft(coloured, count) / inside * rest
    for name, add in ADDED.items():
        if name in options:
            add(made, rate, trace)
    return trace, true_movements(envelope, rest, rate)


def run(options: Sequence[str], rate: int, seeds: Sequence[int], hours: float) -> str:
    """Make the nights, write them as EDF+, detect, match, and return a row."""
    hits = misses = extras = 0
    late: list[float] = []
    for seed in seeds:
        made = np.random.default_rng([seed, rate])
        legs = {name: leg(made, rate, hours * 3600, options) for name in ("LAT", "RAT")}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "night.edf"
            signals = [EdfSignal(name, trace.astype(np.float32), float(rate)) for name, (trace, _) in legs.items()]
            write_edf(path, signals, start=datetime(2026, 11, 1, 22, 30))
            events = detect_leg_movements(read(path)).events
        for name, side in (("LAT", "left"), ("RAT", "right")):
            found = [(one.onset_s, one.onset_s + one.duration_s) for one in events if one.side == side]
            pairs = match(legs[name][1], found)
            late += [1000 * (found[other][0] - legs[name][1][one][0]) for one, other in pairs]
            hits, misses, extras = (
                hits + len(pairs),
                misses + len(legs[name][1]) - len(pairs),
                extras + len(found) - len(pairs),
            )
    size = np.abs(late) if late else np.array([np.nan])
    return (
        f"{rate:>5}{hits + misses:>7}{misses:>6}{extras:>7}{2 * hits / max(2 * hits + misses + extras, 1):>8.3f}"
        f"{np.median(size):>9.0f}{np.quantile(size, 0.95):>7.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--options", nargs="*", default=[], metavar="NAME", help=f"none, all, or of: {', '.join(OPTIONS)}"
    )
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--rates", nargs="*", type=int, default=[])
    parser.add_argument("--hours", type=float, default=2.0)
    told = parser.parse_args()
    unknown = [one for name in told.options for one in name.split("+") if one not in (*OPTIONS, "none", "all")]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are none, all, {', '.join(OPTIONS)}")
    print(f"second generator, synthetic; seeds {told.seeds}, {told.hours:g} h each")
    print(f"{'disturbance':<24}{'Hz':>5}{'true':>7}{'miss':>6}{'extra':>7}{'F1':>8}{'onset ms':>9}{'p95':>7}")
    for name in told.options or ["none", *OPTIONS, "all"]:
        options = {"none": (), "all": TOGETHER}.get(name, tuple(name.split("+")))
        for rate in told.rates or ((128, 256, 500) if name == "all" and not told.options else (256,)):
            print(f"{name:<24}{run(options, rate, told.seeds, told.hours)}", flush=True)


if __name__ == "__main__":
    main()
