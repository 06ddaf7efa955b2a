"""Confounders of an EMG by name: other muscles, what reaches the trace without any muscle, and the amplifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from legtwitch.simulate import emg_canvas, emg_rhythms
from legtwitch.simulate.discharge_times import alone, regular, spread_out
from legtwitch.simulate.emg_canvas import EmgCanvas
from legtwitch.simulate.emg_plan import EmgPlan, draw_units
from legtwitch.simulate.emg_rhythms import efforts
from legtwitch.simulate.motor_units import HEALTHY, NEEDLE_HEALTHY, draw_unit
from legtwitch.simulate.streams import log_uniform


def voluntary(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Contractions of 2 to 15 s, one every 75 s, of the very units that fasciculate and then others, 5 to 15 Hz."""
    efforts(plan, rng, "voluntary", max(1, round(plan.duration_s / 75)), plan.counted_units)


def tonic(plan: EmgPlan, rng: np.random.Generator) -> None:
    """One or two further units that fire regularly (5 to 9 Hz, CoV 0.12 to 0.2) for a third of the time."""
    array = plan.arrays[0]
    kind = NEEDLE_HEALTHY if array.needle else HEALTHY
    for unit in draw_units(plan, rng, array, kind, int(rng.integers(1, 3)), deep=(0.3, 0.8), prefix="tonic"):
        number = max(1, round(plan.duration_s / 120))
        lengths = np.minimum(rng.uniform(25, 60, number), plan.duration_s / 2.5)
        for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 2.0), lengths, strict=False):
            rate, cov = float(rng.uniform(5, 9)), float(rng.uniform(0.12, 0.2))
            times = regular(rng, float(start), float(start + length), rate, cov)
            plan.drive("tonic", unit, times)
            plan.row(
                "motor_unit_discharge", times[0] + unit.onset_s, times[-1] + unit.onset_s + unit.duration_s, array,
                unit_id=unit.id, freq_hz=round(rate, 3), rate_cov=round(cov, 3), beats=len(times),
            )  # fmt: skip


def cross_talk(plan: EmgPlan, rng: np.random.Generator) -> None:
    """A neighbour, 24 to 32 mm to the side, contracts for 3 to 12 s once a minute; it is `artifact` in the truth.

    Its 20 large units reach the electrodes at 10 to 150 uV [distance and number assumed].
    """
    array = plan.arrays[0]
    z = float(array.electrodes[0].points[:, 2].mean())
    kind = replace(NEEDLE_HEALTHY if array.needle else HEALTHY, fibres=(300, 700))
    away = rng.uniform(9, 14) if array.needle else rng.uniform(24, 32)
    units = [
        draw_unit(rng, f"neighbour{index}", array, kind, plan.rate_hz,
                  x_mm=float(away + rng.normal(0, 3)), depth_mm=float(rng.uniform(5, 15)))
        for index in range(20)
    ]  # fmt: skip
    number = max(1, round(plan.duration_s / 60))
    lengths = np.minimum(rng.uniform(3, 12, number), plan.duration_s / 4)
    for start, length in zip(spread_out(rng, number, plan.duration_s, lengths, 1.0), lengths, strict=False):
        for unit in units:
            plan.drive("cross_talk", unit, regular(rng, float(start), float(start + length), rng.uniform(8, 15), 0.2))
        plan.row("artifact", float(start), float(start + length), array, label="cross_talk", z_mm=round(z, 1))


def superpositions(plan: EmgPlan, rng: np.random.Generator) -> None:
    """A tenth of the fasciculations gets one of another unit within 15 ms (section 4.3: at least 5 % of events)."""
    units = plan.counted_units
    for planned in [one for one in plan.planned if one.counted]:
        others = [unit for unit in units if unit.id != planned.unit.id and unit.array is planned.unit.array]
        times = planned.firing.times_s[rng.random(len(planned.firing.times_s)) < 0.1]
        if not others or not len(times):
            continue
        choice = rng.integers(len(others), size=len(times))
        for index, unit in enumerate(others):
            near = np.sort(times[choice == index] + rng.uniform(-0.015, 0.015, int(np.sum(choice == index))))
            if len(near):
                plan.fires(f"superpositions {planned.unit.id}", unit, alone(near), counted=True)


def fragmentary_myoclonus(plan: EmgPlan, rng: np.random.Generator) -> None:
    """Bursts of 75 to 150 ms above 50 uV, 60 to 300 an hour [rate raised so that short recordings have some]."""
    emg_rhythms.fragmentary_myoclonus(plan, rng, log_uniform(rng, 60, 300))


PLAN: dict[str, Callable[[EmgPlan, np.random.Generator], None]] = {
    "voluntary": voluntary,
    "tonic": tonic,
    "cross_talk": cross_talk,
    "superpositions": superpositions,
    "fragmentary_myoclonus": fragmentary_myoclonus,
}


# ---- what reaches the trace without a muscle -------------------------------------------------------------------------


def ecg(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Heart beats in every channel, 6 to 30 uV high (section 4.4 takes 12), 45 to 110 a minute, some of them wide."""
    times, wave = canvas.heart()
    for channel in range(len(canvas.traces)):
        canvas.traces[channel] += np.float32(float(rng.choice([-1, 1])) * log_uniform(rng, 6, 30)) * wave
    for time in times:
        canvas.row("ecg_artifact", float(time) - 0.045, 0.09)


def respiration(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """The baseline sways by 10 to 40 uV at 0.2 to 0.3 Hz [assumed]; no row."""
    at = np.arange(canvas.traces.shape[1]) / canvas.rate_hz
    rate, phase = rng.uniform(0.2, 0.3), rng.uniform(0, 2 * np.pi)
    turn = 2 * np.pi * rate * at + 0.6 * np.sin(2 * np.pi * at / 47.0) + phase
    for channel in range(len(canvas.traces)):
        sway = log_uniform(rng, 10, 40) * np.sin(turn + rng.uniform(-0.3, 0.3))
        canvas.traces[channel] += sway.astype(np.float32)


def movement(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Swings of 0.3 to 3 s below 10 Hz, 80 to 800 uV, in all channels at once, 1.2 a minute (section 4.4)."""
    for time in np.sort(rng.uniform(1, canvas.duration_s - 4, max(1, round(1.2 * canvas.duration_s / 60)))):
        length, height = float(np.exp(rng.uniform(np.log(0.3), np.log(3)))), log_uniform(rng, 80, 800)
        rates, phases = rng.uniform(0.7, 8, 4), rng.uniform(0, 2 * np.pi, 4)
        where, at = canvas.span(time, time + length)
        swing = np.sin(2 * np.pi * rates[:, None] * (at - time) + phases[:, None]).mean(axis=0)
        wave = height * swing * np.sin(np.pi * (at - time) / length) ** 2
        for trace in canvas.traces:
            trace[where] += (float(rng.uniform(0.4, 1.0)) * wave).astype(np.float32)
        canvas.row("movement_artifact", time, length)


def cable_tap(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Taps on a cable, one a minute: a damped swing of 12 to 40 Hz over 60 to 200 ms, 80 to 600 uV [assumed]."""
    for time in np.sort(rng.uniform(1, canvas.duration_s - 1, max(1, round(canvas.duration_s / 60)))):
        length, height, rate = float(rng.uniform(0.06, 0.2)), log_uniform(rng, 80, 600), float(rng.uniform(12, 40))
        where, at = canvas.span(time, time + length)
        past = at - time
        wave = height * np.exp(-4 * past / length) * np.sin(2 * np.pi * rate * past) * np.minimum(1, past / 0.003)
        for trace in canvas.traces:
            trace[where] += (float(rng.choice([-1, 1])) * float(rng.uniform(0.3, 1)) * wave).astype(np.float32)
        canvas.row("movement_artifact", time, length, label="cable_tap")


def electrode_pops(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """One electrode jumps by 100 to 1000 uV within a sample and returns in 50 to 300 ms, once a minute [assumed]."""
    for time in np.sort(rng.uniform(1, canvas.duration_s - 2, max(1, round(canvas.duration_s / 60)))):
        channel, height = int(rng.integers(len(canvas.names))), float(rng.choice([-1, 1])) * log_uniform(rng, 100, 1000)
        length = float(rng.uniform(0.05, 0.3))
        where, at = canvas.span(time, time + 3 * length)
        canvas.traces[channel, where] += (height * np.exp(-(at - time) * 3 / length)).astype(np.float32)
        canvas.row("electrode_pop", time, length, channel)


NOISE: dict[str, Callable[[np.random.Generator, EmgCanvas], None]] = {
    "noise_drift": emg_canvas.noise_drift,
    "mains": emg_canvas.mains,
    "thermal": emg_canvas.thermal,
    "held_out_noise": emg_canvas.held_out_noise,
}
TRACE: dict[str, Callable[[np.random.Generator, EmgCanvas], None]] = {
    "ecg": ecg,
    "respiration": respiration,
    "movement": movement,
    "cable_tap": cable_tap,
    "electrode_pops": electrode_pops,
}


# ---- the amplifier: on the sum of everything -------------------------------------------------------------------------


def saturation(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Rails at 0.35 to 0.7 of the highest value; clipped stretches are `artifact` with `saturated` in the truth."""
    rail = np.float32(rng.uniform(0.35, 0.7) * float(np.abs(canvas.traces).max()))
    for channel, trace in enumerate(canvas.traces):
        clipped = np.flatnonzero(np.abs(trace) >= rail)
        if len(clipped):
            cuts = np.flatnonzero(np.diff(clipped) > 0.05 * canvas.rate_hz)
            for a, b in zip(clipped[[0, *(cuts + 1)]], clipped[[*cuts, -1]], strict=True):
                start, length = a / canvas.rate_hz, (b - a + 1) / canvas.rate_hz
                canvas.row("artifact", start, length, channel, saturated=True, peak_uv=round(float(rail), 2))
        np.clip(trace, -rail, rail, out=trace)


def quantised(rng: np.random.Generator, canvas: EmgCanvas) -> None:
    """Steps of 1 to 4 uV on the skin, 2 to 8 at a needle, as of an old converter [assumed]."""
    step = np.float32(log_uniform(rng, 1, 4) * (2 if canvas.needle else 1))
    np.rint(canvas.traces / step, out=canvas.traces)
    canvas.traces *= step


AMPLIFIER: dict[str, Callable[[np.random.Generator, EmgCanvas], None]] = {
    "saturation": saturation,
    "quantised": quantised,
}
LEVELS = ("quiet", "noisy")
FILE = ("ecg_channel", "gaps")
OPTIONS: tuple[str, ...] = (*PLAN, *LEVELS, *NOISE, *TRACE, *AMPLIFIER, *FILE)
