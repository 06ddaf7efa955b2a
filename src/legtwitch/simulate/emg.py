"""EMG of an awake person with known truth: muscles after a recipe, noise, and confounders by name.

Nothing here knows how anything is detected: potentials come from fibres in a conductor, times from point processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate import codes
from legtwitch.simulate.choices import one_of, within
from legtwitch.simulate.emg_canvas import EmgCanvas, background, local_rms
from legtwitch.simulate.emg_confounders import AMPLIFIER, NOISE, OPTIONS, PLAN, TRACE
from legtwitch.simulate.emg_plan import EmgPlan, Planned, channel_name
from legtwitch.simulate.emg_recipes import MODALITIES, RECIPES, Modality, arrays
from legtwitch.simulate.motor_units import Array, MotorUnit, Samples, lay
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import stream

START = datetime(2026, 11, 3, 10, 15)
ECG_CHANNEL = "ECG"
MINUTES = {"surface_emg": 10.0, "needle_emg": 2.0}
RATE_HZ = {"surface_emg": 2000, "needle_emg": 20_000}
RATES_HZ = {"surface_emg": (128, 10_000), "needle_emg": (2000, 50_000)}
RAIL_UV = {"surface_emg": 6000.0, "needle_emg": 20_000.0}
MOST_SAMPLES = 4e8
MULTIPLICITY = {1: "single", 2: "doublet", 3: "triplet"}
ORIGINS = ("itself", "re_excitation", "f_wave")


@dataclass(frozen=True, slots=True)
class SimulatedEmg:
    """An EMG whose events are known.

    options: names asked for, sorted. modality: `surface_emg` or `needle_emg`. signals: channel → uV, shape (n,),
    float32, sample i at i / rate_hz of true time, zero in gaps. noise_uv: channel → RMS of the noise in each second.
    arrays: muscles and their electrodes. events: what the recording is marked with. truth: rows in order of onset;
    `fasciculation` rows are single discharges. asked: unit → rate (groups of discharges a minute) its process was
    given. units: those that fasciculate. gaps: spans (s) not recorded.
    """

    seed: int
    recipe: str
    options: tuple[str, ...]
    modality: Modality
    duration_s: float
    rate_hz: int
    start: datetime
    signals: Mapping[str, Samples]
    noise_uv: Mapping[str, Samples]
    arrays: tuple[Array, ...]
    events: tuple[Event, ...]
    truth: tuple[Event, ...]
    asked: Mapping[str, float]
    units: tuple[MotorUnit, ...]
    gaps: tuple[tuple[float, float], ...] = ()


def emg(
    seed: int,
    *,
    recipe: str = "benign_calf",
    minutes: float | None = None,
    rate_hz: int | None = None,
    channels: int | None = None,
    modality: str | None = None,
    with_: Sequence[str] = (),
) -> SimulatedEmg:
    """Return an EMG of known truth; the same seed and options give the same bytes.

    Parameters
    ----------
    seed: not negative. recipe: a name of `RECIPES`. minutes: 0.2 to 240, rounded to whole seconds; 10, needle 2.
    rate_hz: 128 to 10000 on the skin (2000), 2000 to 50000 for a needle (20000); potentials and noise are band-limited
    to it. channels: dealt out to the muscles of the recipe as a grid; one a muscle, a needle has no more.
    modality: `surface_emg` or `needle_emg`, by the recipe. with_: names of `OPTIONS`, each with a random stream of its
    own, so that it changes only what it says.

    Raises
    ------
    UsageError: an unknown option (E124), recipe or modality (E125), a number out of bounds (E126), a recipe that can't
    be recorded so (E127).

    Source: section 4.2 (potentials) and 4.3 (what a recording must hold) of the project's notes; every parameter says
    in its docstring where it is from, `assumed` where nothing is published.
    """
    one_of("recipe", recipe, tuple(RECIPES))
    told = RECIPES[recipe]
    kind = _modality(recipe, modality)
    options = _options(with_)
    minutes = MINUTES[kind] if minutes is None else minutes
    rate_hz = RATE_HZ[kind] if rate_hz is None else rate_hz
    channels = len(told.muscles) if channels is None else channels
    within("seed", seed, 0, 2**63, whole=True)
    within("number of minutes", minutes, 0.2, 240)
    within("rate in Hz", rate_hz, *RATES_HZ[kind], whole=True)
    within("number of channels", channels, 1, 64 if kind == "surface_emg" else len(told.muscles), whole=True)
    duration_s = float(round(minutes * 60))
    within("number of samples of all channels", channels * duration_s * rate_hz, 1, MOST_SAMPLES)
    plan = EmgPlan(seed, duration_s, rate_hz, arrays(told, channels, needle=kind == "needle_emg"))
    told.build(plan, stream(seed, f"recipe {recipe}"))
    for name, add in PLAN.items():
        if name in options:
            add(plan, stream(seed, name))
    return _drawn(plan, recipe, options, kind)


def _modality(recipe: str, modality: str | None) -> Modality:
    usual = RECIPES[recipe].modalities
    if modality is None:
        return usual[0]
    one_of("modality", modality, MODALITIES)
    for one in usual:
        if one == modality:
            return one
    raise UsageError(
        codes.NOT_WITH_RECIPE, f"{recipe} can't be simulated as {modality}.", got=modality, allowed=list(usual)
    )


def _options(with_: Sequence[str]) -> frozenset[str]:
    for name in with_:
        one_of("option", name, OPTIONS, codes.NO_OPTION)
    return frozenset(with_)


def _drawn(plan: EmgPlan, recipe: str, options: frozenset[str], modality: Modality) -> SimulatedEmg:
    """Return the recording that a plan gives, with noise, confounders and gaps."""
    names = tuple(channel_name(array, index) for array in plan.arrays for index in range(len(array.channels)))
    shape = (len(names), int(plan.duration_s) * plan.rate_hz)
    canvas = EmgCanvas(
        plan.seed, plan.rate_hz, plan.duration_s, modality == "needle_emg", names,
        np.zeros(shape, np.float32), np.zeros(shape, np.float32),
    )  # fmt: skip
    background(canvas, options)
    heights = []
    for one in plan.all_planned():
        rng = stream(plan.seed, f"lay {one.source} {one.unit.id}")
        heights.append((one, lay(rng, one.unit, one.firing, canvas.traces, plan.rate_hz)))
    for table in (NOISE, TRACE):
        for name, spoil in table.items():
            if name in options:
                spoil(stream(plan.seed, name), canvas)
    noise = local_rms(canvas.noise, plan.rate_hz)
    canvas.traces += canvas.noise
    for name, spoil in AMPLIFIER.items():
        if name in options:
            spoil(stream(plan.seed, name), canvas)
    np.clip(canvas.traces, -RAIL_UV[modality], RAIL_UV[modality], out=canvas.traces)
    signals = dict(zip(names, canvas.traces, strict=True))
    if "ecg_channel" in options:
        signals[ECG_CHANNEL] = 1000 * canvas.heart()[1]
    gaps = _gaps(stream(plan.seed, "gaps"), plan.duration_s) if "gaps" in options else ()
    for start, end in gaps:
        for trace in signals.values():
            trace[round(start * plan.rate_hz) : round(end * plan.rate_hz)] = 0.0
    discharges = [row for one, tall in heights if one.counted for row in _rows(one, tall, noise, names, gaps)]
    rows = [row for row in plan.rows + canvas.rows if not _lost(row, gaps)]
    marks = [Event(start, end - start, "recording_gap") for start, end in gaps]
    return SimulatedEmg(
        seed=plan.seed,
        recipe=recipe,
        options=tuple(sorted(options)),
        modality=modality,
        duration_s=plan.duration_s,
        rate_hz=plan.rate_hz,
        start=START,
        signals=signals,
        noise_uv=dict(zip(names, noise, strict=True)),
        arrays=plan.arrays,
        events=_in_order(plan.marks + marks),
        truth=_in_order(discharges + rows),
        asked=dict(plan.asked),
        units=tuple(plan.counted_units),
        gaps=gaps,
    )


def _in_order(rows: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(rows, key=lambda row: (row.onset_s, row.event, row.channel or "", repr(row.attributes))))


def _gaps(rng: np.random.Generator, duration_s: float) -> tuple[tuple[float, float], ...]:
    """Return two gaps of 2 to 20 whole seconds, one in each half of the recording [choice]."""
    made = []
    for half in (0.0, 0.5):
        start = np.ceil(duration_s * (half + float(rng.uniform(0.15, 0.3))))
        made.append((float(start), float(start + rng.integers(2, max(3, min(21, round(duration_s / 8)))))))
    return tuple(made)


def _lost(row: Event, gaps: tuple[tuple[float, float], ...]) -> bool:
    return any(start <= row.onset_s and row.onset_s + row.duration_s <= end for start, end in gaps)


def _rows(
    one: Planned, heights: Floats, noise: Samples, names: tuple[str, ...], gaps: tuple[tuple[float, float], ...]
) -> list[Event]:
    """Return a row for each discharge of a unit, measured on the channel where its ratio to the noise is best."""
    unit, firing = one.unit, one.firing
    second = np.minimum(firing.times_s.astype(int), noise.shape[1] - 1)
    ratios = heights / 2 / np.maximum(noise[:, second].T, 1e-6)
    best = np.argmax(ratios, axis=1)
    rows = []
    for number, (time, channel) in enumerate(zip(firing.times_s, best, strict=True)):
        size, count = float(heights[number, channel]), int(firing.group_size[number])
        onset, peak = float(time) + unit.onset_s, float(time) + unit.peak_s
        row = Event(
            round(onset, 4), round(unit.duration_s, 4), "fasciculation", unit.array.muscle.side, names[channel],  # type: ignore[arg-type]
            {
                "muscle": unit.array.muscle.name,
                "unit_id": unit.id,
                "multiplicity": MULTIPLICITY.get(count, "more"),
                "order": int(firing.order[number]),
                "origin": ORIGINS[int(firing.origin[number])] if firing.order[number] else ORIGINS[0],
                "peak_s": round(peak, 4),
                "peak_to_peak_uv": round(size, 2),
                "noise_uv": round(float(noise[channel, second[number]]), 3),
                "snr": round(float(ratios[number, channel]), 3),
                "phases": unit.phases,
            },
        )  # fmt: skip
        if any(start <= peak < end for start, end in gaps):
            continue
        cut = any(start < onset + unit.duration_s and onset < end for start, end in gaps)
        rows.append(replace(row, attributes={**row.attributes, "cut_by_gap": True}) if cut else row)
    return rows
