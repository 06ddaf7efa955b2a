"""Fasciculation detection on recordings of a second generator, which shares nothing with `legtwitch simulate`.

Its potentials are plain formulas (biphasic, triphasic, derivatives of a Gaussian, windowed sines, 5 to 20 ms), its
noise white or coloured, its effort is made of the same potentials or of filtered noise. Simulated, and no accuracy in
people.
Run: python benchmarks/emg_other.py [--seeds 1,2] [--minutes 5] [--only NAME] [--all-kinds]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from emg import Tally, calibration, line, tally_up
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.recording import EdfSignal, write_edf

Floats = NDArray[np.float64]
FORMS = ("biphasic", "triphasic", "gauss1", "gauss2", "gauss3", "sine")


@dataclass(frozen=True)
class Plan:
    """What a recording contains. snr: least and most half peak-to-peak over noise RMS of a unit. per_minute: of a unit.

    colour: white, pink, band. effort: none, units, noise, steady (one unit at 8 to 12 Hz), faint (units hardly above
    the noise). heart_uv, mains_uv, wander_uv, taps_per_minute: disturbances; ecg: with an ECG channel of its own.
    """

    rate_hz: float = 2000.0
    channels: int = 1
    units: int = 3
    snr: tuple[float, float] = (8.0, 40.0)
    per_minute: tuple[float, float] = (4.0, 30.0)
    noise_uv: float = 4.0
    colour: str = "white"
    effort: tuple[str, ...] = ()
    heart_uv: float = 0.0
    ecg: bool = False
    mains_uv: float = 0.0
    wander_uv: float = 0.0
    taps_per_minute: float = 0.0
    jitter: float = 0.05
    forms: tuple[str, ...] = FORMS
    length_s: tuple[float, float] = (0.005, 0.015)


_HARD = {"heart_uv": 60.0, "mains_uv": 15.0, "wander_uv": 80.0}
PLANS: dict[str, Plan] = {
    "white 1 kHz": Plan(1000.0),
    "white 2 kHz": Plan(2000.0),
    "white 4 kHz": Plan(4000.0),
    "pink 2 kHz": Plan(colour="pink"),
    "band 1 kHz": Plan(1000.0, colour="band"),
    "low snr": Plan(snr=(2.0, 10.0)),
    "4 units": Plan(units=4),
    "4 units 1 kHz": Plan(1000.0, units=4),
    "4 channels, 6 units": Plan(channels=4, units=6),
    "8 channels, 8 units": Plan(channels=8, units=8, per_minute=(4.0, 12.0)),
    "fast 60/min": Plan(units=2, per_minute=(50.0, 60.0)),
    "1 unit 1/min": Plan(units=1, per_minute=(1.0, 2.0)),
    "heart mains wander": Plan(**_HARD),
    "heart mains wander, ECG, 1 kHz": Plan(1000.0, ecg=True, **_HARD),
    "all disturbances 4 channels": Plan(channels=4, taps_per_minute=2.0, **_HARD),
    "low noise, heart": Plan(noise_uv=1.5, heart_uv=30.0, snr=(12.0, 60.0)),
    "silent": Plan(units=0),
    "silent pink 1 kHz": Plan(1000.0, units=0, colour="pink"),
    "silent band 4 kHz 4 ch": Plan(4000.0, units=0, colour="band", channels=4),
    "silent disturbed": Plan(units=0, taps_per_minute=2.0, **_HARD),
    "silent disturbed 4 ch ECG": Plan(units=0, channels=4, ecg=True, taps_per_minute=2.0, **_HARD),
    "silent disturbed 1 kHz": Plan(1000.0, units=0, taps_per_minute=2.0, **_HARD),
    "effort units": Plan(effort=("units",)),
    "effort units 1 kHz": Plan(1000.0, effort=("units",)),
    "effort noise": Plan(effort=("noise",)),
    "effort all, 4 channels": Plan(channels=4, units=4, effort=("units", "noise")),
    "effort only": Plan(units=0, effort=("units", "noise")),
    "effort only 8 ch": Plan(units=0, channels=8, effort=("units", "noise", "units")),
    "effort faint": Plan(effort=("faint", "faint")),
    "effort faint only 4 ch": Plan(units=0, channels=4, effort=("faint", "faint")),
    "sharp 1 kHz": Plan(1000.0, forms=("sine", "triphasic", "gauss3"), length_s=(0.005, 0.006)),
    "sharp 2 kHz": Plan(forms=("sine", "triphasic", "gauss3"), length_s=(0.005, 0.006)),
    "long": Plan(length_s=(0.015, 0.02)),
    "sizes vary": Plan(jitter=0.2),
    "loud noise": Plan(noise_uv=12.0),
    "effort half of the time": Plan(effort=("units", "noise", "faint", "units", "faint", "units")),
    "effort half of the time, 8 ch": Plan(channels=8, units=8, effort=("units", "noise", "faint", "units", "faint")),
    "steady unit": Plan(effort=("steady",)),
}


@dataclass
class Other:
    """A recording being made: values (channels, samples) and the truth."""

    plan: Plan
    seconds: float
    rng: np.random.Generator
    values: Floats = field(init=False)
    times: list[float] = field(default_factory=list)
    snr: list[float] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    busy: list[tuple[float, float]] = field(default_factory=list)
    beats: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        size = round(self.seconds * self.plan.rate_hz)
        self.values = np.stack([self._noise(size) for _ in range(self.plan.channels)])

    def _noise(self, size: int) -> Floats:
        white = self.rng.standard_normal(size)
        if self.plan.colour != "white":
            spectrum = np.fft.rfft(white)
            freq = np.fft.rfftfreq(size, 1 / self.plan.rate_hz)
            if self.plan.colour == "pink":
                spectrum /= np.sqrt(np.maximum(freq, 5.0))
            else:
                spectrum *= (freq > 20) & (freq < min(450.0, 0.45 * self.plan.rate_hz))
            white = np.fft.irfft(spectrum, n=size)
        return self.plan.noise_uv * white / white.std()

    def waves(self) -> tuple[str, float, float, Floats]:
        """A unit: its form, length in s, sign, gains and delays of the channels."""
        gain = np.exp(-0.5 * ((np.arange(self.plan.channels) - self.rng.uniform(0, self.plan.channels - 1)) / 1.2) ** 2)
        sign = float(self.rng.choice((-1.0, 1.0)))
        return (
            str(self.rng.choice(self.plan.forms)),
            float(self.rng.uniform(*self.plan.length_s)),
            sign,
            gain / gain.max(),
        )

    def add(self, unit: tuple[str, float, float, Floats], moment: float, peak_to_peak_uv: float) -> None:
        form, length, sign, gain = unit
        first = max(0, int((moment - 0.03) * self.plan.rate_hz))
        stop = min(first + int(0.06 * self.plan.rate_hz), self.values.shape[1])
        wave = pulse(form, np.arange(first, stop) / self.plan.rate_hz - moment, length) * sign
        self.values[:, first:stop] += gain[:, None] * wave * peak_to_peak_uv


def pulse(form: str, time_s: Floats, length_s: float) -> Floats:
    """Return a potential of about this length with a peak-to-peak amplitude of 1."""
    x = time_s / length_s
    bell = np.exp(-0.5 * (x * 6) ** 2)
    y = x * 6
    inside = np.abs(x) < 0.5
    shapes = {
        "biphasic": np.sin(2 * np.pi * x) * inside,
        "triphasic": (np.cos(3 * np.pi * x) * np.cos(np.pi * x)) * inside,
        "gauss1": -y * bell,
        "gauss2": (1 - y**2) * bell,
        "gauss3": (3 * y - y**3) * bell,
        "sine": np.sin(4 * np.pi * x) * np.cos(np.pi * x) ** 2 * inside,
    }
    spans = {"biphasic": 2.0, "triphasic": 1.54, "gauss1": 1.213, "gauss2": 1.446, "gauss3": 2.76, "sine": 1.72}
    return shapes[form] / spans[form]


def make(plan: Plan, seed: int, seconds: float) -> Other:
    """Return the recording of a plan."""
    made = Other(plan, seconds, np.random.default_rng((7777, seed)))
    rng = made.rng
    units = [(made.waves(), float(np.exp(rng.uniform(*np.log(plan.snr))))) for _ in range(plan.units)]
    _effort(made, [one for one, _ in units])
    for number, (unit, snr) in enumerate(units):
        rate = rng.uniform(*plan.per_minute) / 60
        moments = np.cumsum(0.02 + rng.exponential(1 / rate, round(seconds * rate * 3 + 20)))
        for moment in moments[(moments > 0.5) & (moments < seconds - 0.5)].tolist():
            own = snr * float(rng.normal(1, plan.jitter))
            if any(start - 1 < moment < stop + 1 for start, stop in made.busy):
                continue
            made.add(unit, moment, 2 * own * plan.noise_uv)
            made.times.append(moment)
            made.snr.append(own)
            made.unit.append(f"t{number}")
    _disturb(made)
    return made


def _effort(made: Other, known: Sequence[tuple[str, float, float, Floats]]) -> None:
    """Contractions of 2 to 6 s, two of each kind; the units of the truth take part."""
    rng, plan = made.rng, made.plan
    kinds = [one for one in plan.effort for _ in range(2)]
    places = np.linspace(12, made.seconds - 20, len(kinds)) if kinds else []
    for kind, start in zip(kinds, places, strict=True):
        length = rng.uniform(2.5, 6.0)
        made.busy.append((float(start), float(start + length)))
        if kind == "noise":
            size = round(length * plan.rate_hz)
            first = round(start * plan.rate_hz)
            spectrum = np.fft.rfft(rng.standard_normal((plan.channels, size)))
            freq = np.fft.rfftfreq(size, 1 / plan.rate_hz)
            spectrum *= np.exp(-(((freq - 90) / 70) ** 2))
            burst = np.fft.irfft(spectrum, n=size)
            ramp = np.minimum(1, np.minimum(np.arange(size), np.arange(size)[::-1]) / (0.4 * plan.rate_hz))
            made.values[:, first : first + size] += burst / burst.std() * ramp * rng.uniform(20, 120)
            continue
        count = {"units": 12, "steady": 1, "faint": 6}[kind]
        own = [*known[:2], *(made.waves() for _ in range(count))][:count]
        for unit in own:
            size = rng.uniform(2, 5) if kind == "faint" else np.exp(rng.uniform(np.log(6), np.log(40)))
            lag, rate = rng.uniform(0, 1.2 if count > 1 else 0.1), rng.uniform(8, 15 if count > 1 else 12)
            moment = start + lag
            while moment < start + length - lag / 2:
                made.add(unit, moment, 2 * size * plan.noise_uv * rng.normal(1, 0.05))
                moment += rng.normal(1, 0.15) / rate


def _disturb(made: Other) -> None:
    rng, plan = made.rng, made.plan
    time_s = np.arange(made.values.shape[1]) / plan.rate_hz
    if plan.heart_uv:
        steps = rng.normal(60 / rng.uniform(60, 90), 0.03, round(made.seconds * 2))
        made.beats = np.cumsum(steps)[np.cumsum(steps) < made.seconds - 1]
        for channel in range(plan.channels):
            made.values[channel] += plan.heart_uv * rng.uniform(0.5, 1) * heart(time_s, made.beats)
    if plan.mains_uv:
        line_hz = float(rng.choice((50.0, 60.0))) + rng.normal(0, 0.02)
        for order, share in ((1, 1.0), (2, 0.2), (3, 0.4), (5, 0.15)):
            if order * line_hz < plan.rate_hz / 2:
                made.values += plan.mains_uv * share * np.sin(2 * np.pi * order * line_hz * time_s + rng.uniform(0, 6))
    for _ in range(4 if plan.wander_uv else 0):
        made.values += plan.wander_uv / 2 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * time_s + rng.uniform(0, 6))
    for moment in rng.uniform(2, made.seconds - 2, round(plan.taps_per_minute * made.seconds / 60)):
        channel = int(rng.integers(plan.channels))
        wide, size = rng.uniform(0.03, 0.2), rng.uniform(80, 400)
        if rng.random() < 0.5:  # a slow swing of the cable
            made.values[channel] += size * np.exp(-0.5 * ((time_s - moment) / wide) ** 2)
        else:  # a pop of the electrode
            made.values[channel] += size * np.where(time_s > moment, np.exp(-np.maximum(time_s - moment, 0) / wide), 0)


def heart(time_s: Floats, beats: Floats) -> Floats:
    """Return beats of P, Q, R, S and T waves, the R wave 1 high."""
    result = np.zeros(time_s.size)
    rate = 1 / (time_s[1] - time_s[0])
    for beat in beats:
        first, stop = max(0, int((beat - 0.3) * rate)), min(time_s.size, int((beat + 0.5) * rate))
        x = time_s[first:stop] - beat
        for at, size, wide in (
            (-0.17, 0.12, 0.025),
            (-0.03, -0.15, 0.01),
            (0, 1.0, 0.011),
            (0.03, -0.25, 0.01),
            (0.28, 0.3, 0.05),
        ):
            result[first:stop] += size * np.exp(-0.5 * ((x - at) / wide) ** 2)
    return result


def run(plan: Plan, seed: int, minutes: float, every: bool, tally: Tally) -> None:
    made = make(plan, seed, minutes * 60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "other.edf"
        signals = [
            EdfSignal(f"EMG L Gastroc {number + 1}", row.astype(np.float32), plan.rate_hz, "uV")
            for number, row in enumerate(made.values)
        ]
        if plan.ecg:
            time_s = np.arange(made.values.shape[1]) / plan.rate_hz
            signals.append(EdfSignal("ECG", (1000 * heart(time_s, made.beats)).astype(np.float32), plan.rate_hz, "uV"))
        write_edf(path, signals, start=None)
        begin = time.process_time()
        found = lt.detect(path, kinds=None if every else ["fasciculation"], modality="surface_emg")
        tally.seconds += time.process_time() - begin
    tally.length_s += made.seconds
    order = np.argsort(made.times)
    at, snr = np.asarray(made.times)[order], np.asarray(made.snr)[order]
    tally_up(found, at, snr, [made.unit[one] for one in order.tolist()], tally)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--all-kinds", action="store_true")
    told = parser.parse_args()
    print("second generator; recall by half peak-to-peak over noise: <2, 2-4, 4-8, 8-16, >=16")
    tallies: list[Tally] = []
    for name, plan in PLANS.items():
        if told.only in name:
            tally = Tally()
            tallies.append(tally)
            for seed in told.seeds.split(","):
                run(plan, int(seed), told.minutes, told.all_kinds, tally)
            print(line(name, tally), flush=True)
    print(calibration(tallies))


if __name__ == "__main__":
    main()
