"""Motor units: their fibres, their potentials at the electrodes, and how discharges are laid into traces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.simulate.discharge_times import Firing
from legtwitch.simulate.muap import Electrode, Fibres, Floats, potentials

Samples = NDArray[np.float32]
EDGE = 0.05
"""A potential lasts from the first to the last point above this share of its peak (section 4.2)."""
_BLOCK = 2000


@dataclass(frozen=True, slots=True)
class Muscle:
    """A muscle under electrodes. name: an option of the vocabulary's `muscle`; label: of its channels in a file."""

    name: str
    side: str
    label: str
    half_length_mm: float = 50.0


@dataclass(frozen=True, slots=True)
class Array:
    """The electrodes over one muscle. channels: their numbers in the recording. needle: they are concentric."""

    muscle: Muscle
    channels: tuple[int, ...]
    electrodes: tuple[Electrode, ...]
    needle: bool = False


@dataclass(frozen=True, slots=True)
class MotorUnit:
    """A unit as its electrodes see it.

    fine: uV, shape (groups of fibres, channels, samples) at `fine_hz`, band-limited to the recording; `before` samples
    of it precede the firing. onset_s, duration_s, peak_s: of the potential before the band limit, after the firing, on
    the channel where it is largest. phases: baseline crossings beyond 10 % of the height, and one.
    jitter: CoV of amplitude and shape from discharge to discharge. wobble_s: of the groups against each other.
    """

    id: str
    array: Array
    fine: Samples
    fine_hz: float
    before: int
    onset_s: float
    duration_s: float
    peak_s: float
    phases: int
    jitter: float
    wobble_s: float


def make_unit(
    id: str,
    array: Array,
    fibres: Fibres,
    delays_s: Floats,
    rate_hz: float,
    *,
    jitter: float = 0.02,
    wobble_s: float = 0.0,
) -> MotorUnit:
    """Return a unit: potentials of its groups of fibres, each delayed (s, shape (groups,)), ready for any time.

    rate_hz: of the recording, below whose half the potentials are limited (windowed sinc, Blackman).
    """
    step = 0.1 if array.needle else 0.25
    factor = max(4, int(np.ceil((60_000 if array.needle else 20_000) / rate_hz)))
    fine_hz = rate_hz * factor
    longest = float(max(fibres.ahead.max(), fibres.behind.max()) + 16) / float(fibres.velocity.min()) / 1000
    length_s = longest + float(delays_s.max(initial=0.0)) + 0.002
    raw = potentials(fibres, array.electrodes, fine_hz, length_s, step_mm=step, half_space=not array.needle)
    for group, delay in enumerate(delays_s):
        raw[group] = _later(raw[group], round(float(delay) * fine_hz))
    onset, end, peak, phases = _marks(raw.sum(axis=0), fine_hz)
    half = 16 * factor
    margin = int(np.ceil(4 * wobble_s * fine_hz)) + factor
    limited = band_limited(raw, rate_hz, fine_hz, half)
    fine = np.pad(limited, [(0, 0), (0, 0), (margin, margin + factor)]).astype(np.float32)
    return MotorUnit(
        id=id,
        array=array,
        fine=fine,
        fine_hz=fine_hz,
        before=half + margin,
        onset_s=onset,
        duration_s=end - onset,
        peak_s=peak,
        phases=phases,
        jitter=jitter,
        wobble_s=wobble_s,
    )


def _later(waves: Floats, samples: int) -> Floats:
    moved = np.zeros_like(waves)
    moved[..., samples:] = waves[..., : waves.shape[-1] - samples]
    return moved


def band_limited(raw: Floats, rate_hz: float, fine_hz: float, half: int) -> Floats:
    """Return waves below 0.42 of a rate, `half` samples longer at both ends; the last axis is time at `fine_hz`."""
    at = np.arange(-half, half + 1)
    cut = 0.42 * rate_hz / fine_hz
    taps = 2 * cut * np.sinc(2 * cut * at) * np.blackman(2 * half + 3)[1:-1]
    taps /= taps.sum()
    size = raw.shape[-1] + 2 * half
    return np.asarray(np.fft.irfft(np.fft.rfft(raw, size) * np.fft.rfft(taps, size), size))


def _marks(waves: Floats, fine_hz: float) -> tuple[float, float, float, int]:
    """Return onset, end and peak (s) and the phases of the largest of several waves, shape (channels, samples)."""
    wave = waves[int(np.argmax(np.ptp(waves, axis=1)))]
    height = np.abs(wave)
    above = np.flatnonzero(height > EDGE * height.max())
    strong = wave[np.abs(wave) > 0.1 * np.ptp(wave)]
    phases = 1 + int(np.count_nonzero(np.diff(np.sign(strong))))
    return float(above[0]) / fine_hz, float(above[-1]) / fine_hz, int(np.argmax(height)) / fine_hz, phases


def lay(rng: np.random.Generator, unit: MotorUnit, firing: Firing, traces: Samples, rate_hz: float) -> Floats:
    """Add the discharges of a unit to traces (uV, shape (channels, n)); return what each one adds peak to peak.

    Returned: uV, shape (discharges, channels of the recording); 0 where the unit has no electrode.
    """
    groups, _, fine_length = unit.fine.shape
    factor = round(unit.fine_hz / rate_hz)
    length = fine_length // factor
    heights = np.zeros((len(firing.times_s), len(traces)))
    for first in range(0, len(firing.times_s), _BLOCK):
        part = slice(first, first + _BLOCK)
        times = firing.times_s[part]
        base = np.floor(times * rate_hz).astype(np.int64)
        common, own = rng.standard_normal((len(times), 1)), rng.standard_normal((len(times), groups))
        mix = 1 + unit.jitter * (0.9 * common + 0.6 * own * groups**0.25)
        sizes = firing.scales[part, None] * np.maximum(mix, 0.1)
        shifts = np.clip(rng.standard_normal((len(times), groups)), -3.5, 3.5) * unit.wobble_s
        late = np.rint((times * rate_hz - base)[:, None] * factor + shifts * unit.fine_hz).astype(np.int64)
        at = np.arange(length) * factor
        place = base[:, None] + np.arange(length) - unit.before // factor
        extra = unit.before % factor
        inside = (place >= 0) & (place < traces.shape[1])
        for row, channel in enumerate(unit.array.channels):
            wave = np.zeros((len(times), length), dtype=np.float32)
            for group in range(groups):
                index = np.clip(at[None, :] - late[:, group, None] + extra, 0, fine_length - 1)
                wave += sizes[:, group, None].astype(np.float32) * unit.fine[group, row][index]
            heights[part, channel] = np.ptp(wave, axis=1)
            np.add.at(traces[channel], place[inside], wave[inside])
    return heights


# ---- what a unit is made of ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitKind:
    """Ranges from which a unit is drawn.

    fibres: number. territory_mm: radius. end_plates_mm: SD along the fibre. clusters: groups of fibres with a branch of
    their own, delay_s: SD of their delays, a range. jitter, wobble_s: as in `MotorUnit`.
    Source: section 4.2 (150 to 400 fibres healthy, 400 to 800 and denser reinnervated); delays and clusters assumed.
    """

    fibres: tuple[int, int] = (150, 400)
    territory_mm: float = 5.0
    end_plates_mm: tuple[float, float] = (1.5, 2.5)
    clusters: tuple[int, int] = (1, 2)
    delay_s: tuple[float, float] = (0.0001, 0.0004)
    jitter: tuple[float, float] = (0.01, 0.04)
    wobble_s: float = 0.00003


HEALTHY = UnitKind()
REINNERVATED = UnitKind((300, 800), 5.0, (4.0, 6.0), (3, 5), (0.001, 0.008), (0.10, 0.30), 0.00025)
NEEDLE_HEALTHY = UnitKind((80, 150), 4.0, (1.5, 2.5), (1, 2), (0.0001, 0.0004), (0.01, 0.04), 0.00002)
NEEDLE_REINNERVATED = UnitKind((150, 300), 4.0, (4.0, 6.0), (3, 5), (0.0005, 0.0025), (0.10, 0.30), 0.00012)


def draw_unit(
    rng: np.random.Generator, id: str, array: Array, kind: UnitKind, rate_hz: float, *, x_mm: float, depth_mm: float
) -> MotorUnit:
    """Return a unit of a kind whose middle lies at x and at a depth (mm) below the skin."""
    number = int(rng.integers(kind.fibres[0], kind.fibres[1] + 1))
    clusters = int(rng.integers(kind.clusters[0], kind.clusters[1] + 1))
    radius, angle = kind.territory_mm * np.sqrt(rng.random(number)), rng.uniform(0, 2 * np.pi, number)
    half = array.muscle.half_length_mm * rng.uniform(0.9, 1.1)
    fibres = Fibres(
        x=x_mm + radius * np.cos(angle),
        y=np.maximum(depth_mm + radius * np.sin(angle), 1.5),
        end_plate=rng.normal(rng.normal(0, 1.5), rng.uniform(*kind.end_plates_mm), number),
        ahead=half + rng.normal(0, 2, number),
        behind=half + rng.normal(0, 2, number),
        velocity=np.clip(rng.normal(4.0, 0.2, number), 3.3, 4.7),
        diameter=np.clip(rng.normal(0.055, 0.010, number), 0.025, 0.085),
        group=rng.integers(0, clusters, number),
    )
    fibres.group[0] = clusters - 1
    delays = np.abs(rng.normal(0, rng.uniform(*kind.delay_s), clusters))
    delays -= delays.min()
    jitter = float(rng.uniform(*kind.jitter))
    return make_unit(id, array, fibres, delays, rate_hz, jitter=jitter, wobble_s=kind.wobble_s)
