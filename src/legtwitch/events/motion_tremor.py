"""Stretches of tremor, of rhythmic movement and of a machine's tone in a sensor of motion."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_at_will import may_be_at_will
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_repeated import repeated_movements
from legtwitch.events.motion_runs import fall
from legtwitch.events.motion_signal import Sensor, Stretch3D
from legtwitch.events.motion_surroundings import Tone, shaken, tone_of
from legtwitch.events.rhythm_parameters import BANDS, RhythmParameters
from legtwitch.events.rhythm_windows import (
    RhythmWindows,
    Stretch,
    kept_windows,
    rhythm_windows,
    stretches,
    tremor_windows,
    width_of,
)
from legtwitch.model import Detected
from legtwitch.signal import bandpass_kernel, filter_zero_phase, runs
from legtwitch.signal.spectrum import (
    band_power,
    cycle_frequencies,
    demodulated,
    highest_peak,
    line_power,
    main_direction,
    stability_index,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_VEHICLE_DOUBT = 1.2  # a bed or a car shakes the sensor, too
_UNCLEAR = 0.5  # choice: of a tone as steady as a motor's that could be either
_AT_ONCE = 0.83  # choice: of one that begins and ends at once
_OF_MACHINE = 0.75  # choice
_MAY_BE_CLONUS = 0.2  # choice: of a rhythm at its pace that lasts no longer


@dataclass(frozen=True, slots=True)
class Rhythms:
    """Rhythms of one segment. windows: all; usable, tremor, movement: which of them (k,). covered: samples in one.

    shaken: samples in which a vehicle or the like shakes the sensor, (n,). tones: as steady as those of a machine.
    """

    windows: RhythmWindows
    usable: Flags
    tremor: Flags
    movement: Flags
    covered: Flags
    events: tuple[Detected, ...]
    shaken: Flags
    tones: tuple[Tone, ...] = ()


def rhythms_of(stretch: Stretch3D, sensor: Sensor, posture: str | None, parameters: MotionParameters) -> Rhythms:
    """Return the stretches of tremor, of clonus as long as a window, and of rhythmic movement of one segment."""
    rate, settings = stretch.rate_hz, parameters.rhythm
    windows = rhythm_windows(stretch.values, rate, settings, standing=posture == "standing")
    size = round(settings.window_s * rate)
    starts = np.round(windows.start_s * rate).astype(np.int64)
    usable = np.array([stretch.usable[one : one + size].mean() >= 0.8 for one in starts], dtype=bool)
    covered = np.zeros(stretch.usable.size, dtype=bool)
    if sensor.rate_hz < parameters.least_rate_hz or not starts.size:
        nothing = np.zeros(starts.size, dtype=bool)
        return Rhythms(windows, usable, nothing, nothing, covered, (), covered)
    least = parameters.tremor_least_mps2 if sensor.kind == "acceleration" else parameters.tremor_least_dps
    chosen = tremor_windows(windows, least, settings) & usable
    found = stretches(stretch.values, rate, windows, chosen, settings)
    found = [one for one in found if not _is_hump(windows, one, parameters)]
    tones = [tone_of(stretch, one, parameters) for one in found]
    chosen = kept_windows(chosen, found)
    moving, movement_hz = movement_windows(windows, settings)
    shakes = shaken(stretch, sensor, windows, moving, parameters)
    limit = parameters.moving_mps2 if sensor.kind == "acceleration" else parameters.moving_dps
    strong = np.sqrt(band_power(windows.spectra, *settings.movement_hz)) >= limit
    moving &= strong & usable & ~chosen
    events = []
    for one, tone in zip(found, tones, strict=True):
        event = _tremor_event(stretch, sensor, windows, one, posture, parameters)
        event = event if tone is None else _with_tone(event, tone, posture)
        rumble = shakes[round(one.start_s * rate) : round(one.stop_s * rate)].mean() > 0.5
        events.append(_in_rumble(event, parameters) if rumble else event)
        covered[round(one.start_s * rate) : round(one.stop_s * rate)] = True
    for first, last in runs(_closed(moving, round(1 / settings.hop_s))).tolist():
        low, high = windows.start_s[first], windows.start_s[last - 1] + settings.window_s
        part = covered[round(low * rate) : round(high * rate)]
        if high - low < settings.window_s + settings.hop_s or part.mean() > 0.5:
            continue
        events.append(_movement_event(stretch, sensor, windows, movement_hz, (first, last), parameters))
        covered[round(low * rate) : round(high * rate)] = True
    for event in repeated_movements(stretch, sensor.kind == "rotation", covered, parameters):
        first = round((event.onset_s - stretch.start_s) * rate)
        covered[first : first + round(event.duration_s * rate)] = True
        events.append(event)
    steady = tuple(one for one in tones if one is not None)
    events = [_as_harmonic(one, events, parameters) for one in events]
    shakes &= ~_at_will(events, stretch.start_s, rate, shakes)
    for one, event in zip(found, events, strict=False):
        chosen[list(one.windows)] &= event.event not in ("movement_artifact", "voluntary_activity")
    return Rhythms(windows, usable, chosen, moving, covered, tuple(events), shakes, steady)


def _at_will(events: list[Detected], start_s: float, rate: float, shakes: Flags) -> Flags:
    """Which of the runs that look as if a vehicle shook the sensor are mostly movement at will, (n,)."""
    moved, result = np.zeros_like(shakes), np.zeros_like(shakes)
    for one in events:
        if one.event == "voluntary_activity":
            first = round((one.onset_s - start_s) * rate)
            moved[first : first + round(one.duration_s * rate)] = True
    for first, last in runs(shakes).tolist():
        result[first:last] = moved[first:last].mean() > 0.5
    return result


def _in_rumble(event: Detected, parameters: MotionParameters) -> Detected:
    """A tremor that holds no more of the power than a resonance of what shakes the sensor does for a while: unclear."""
    brief = event.duration_s < parameters.rhythm.long_s
    most = parameters.shaken_short_share if brief else parameters.shaken_share
    share = event.measures["peak_power_ratio"]
    if event.event != "tremor" or share is None or float(share) > most:
        return event
    reasons = (*event.reasons, "a vehicle's resonance looks like it for so long")
    others = {"tremor": 0.4, "voluntary_activity": 0.05}
    return replace(event, event="movement_artifact", confidence=_UNCLEAR, alternatives=others, reasons=reasons)


def _as_harmonic(event: Detected, beside: list[Detected], parameters: MotionParameters) -> Detected:
    """A slow tremor as movement at will where one goes on beside it at a share of its pace, as harmonics do."""
    hz = float(event.measures.get("freq_hz") or 0.0)
    if event.event != "tremor" or hz >= parameters.harmonic_hz:
        return event
    for one in beside:
        pace = float(one.measures.get("freq_hz") or 0.0)
        gap = max(one.onset_s - event.onset_s - event.duration_s, event.onset_s - one.onset_s - one.duration_s)
        if one.event != "voluntary_activity" or not pace or gap > parameters.harmonic_gap_s:
            continue
        times = round(hz / pace)
        if 2 <= times <= 4 and abs(hz / pace / times - 1) <= parameters.harmonic_near:
            others = {"tremor": 0.2, "high_frequency_leg_movement": 0.1}
            reasons = (*event.reasons, f"it is {times} times the pace of the movement beside it")
            return replace(event, event="voluntary_activity", confidence=0.65, alternatives=others, reasons=reasons)
    return event


def _with_tone(event: Detected, tone: Tone, posture: str | None) -> Detected:
    """A rhythm as steady as a motor: the machine's where that is sure, else unclear; on standing it stays a tremor.

    Orthostatic tremor is the most regular of all, and who stands is seldom shaken by a machine.
    """
    if event.event != "tremor":
        return event
    reasons = (*event.reasons, tone.reason)
    if tone.sure and posture != "standing":
        others = {"tremor": round(0.9 * (1 - _OF_MACHINE), 3), "voluntary_activity": 0.02}
        return replace(event, event="movement_artifact", confidence=_OF_MACHINE, alternatives=others, reasons=reasons)
    chance = min(event.confidence, _AT_ONCE if tone.at_once else _UNCLEAR)
    others = {"movement_artifact": round(0.9 * (1 - chance), 3), "voluntary_activity": 0.02}
    return replace(event, confidence=chance, alternatives=others, reasons=reasons)


def _is_hump(windows: RhythmWindows, found: Stretch, parameters: MotionParameters) -> bool:
    """Whether a peak is broad and much else is there beside it, as where a vehicle or a bed resonates."""
    chosen = list(found.windows)
    width = width_of(windows, chosen)
    wide = width is not None and width >= parameters.hump_hz
    return wide and float(windows.share[chosen].mean()) < parameters.hump_share


def _closed(flags: Flags, most: int) -> Flags:
    """Flags (k,) with pauses of at most so many false values filled, where true ones lie on both sides."""
    result = flags.copy()
    for start, stop in runs(~flags).tolist():
        if start > 0 and stop < flags.size and stop - start <= most:
            result[start:stop] = True
    return result


def movement_windows(windows: RhythmWindows, parameters: RhythmParameters) -> tuple[Flags, Floats]:
    """Return which windows hold a rhythmic movement slower than tremor, and its frequency (Hz), both (k,)."""
    spectra = windows.spectra
    low, high = parameters.movement_hz
    slow = highest_peak(spectra, low, high)
    known = np.where(np.isnan(windows.movement_hz), np.nan_to_num(slow, nan=1.0), windows.movement_hz)
    power = np.zeros(known.size)
    for order in range(1, parameters.orders + 1):
        power += band_power(spectra, order * known - 0.35, order * known + 0.35)
    total = band_power(spectra, 0.5, spectra.hz[-1])
    line, around = line_power(spectra, known, 0.2)
    rhythmic = (power >= 0.6 * total) & (line >= parameters.movement_stands_out * around)
    return rhythmic & ~(np.isnan(slow) & np.isnan(windows.movement_hz)), known


def stability_of(values: Floats, rate_hz: float, frequency_hz: float, parameters: RhythmParameters) -> float | None:
    """Return the tremor stability index (Hz) of values (axes, n) that hold one stretch; None below enough cycles."""
    low = max(frequency_hz - parameters.stability_band_hz, 1.0)
    high = min(frequency_hz + parameters.stability_band_hz, 0.45 * rate_hz)
    if values.shape[1] < 2 * rate_hz or high <= low:
        return None
    kernel = bandpass_kernel(rate_hz, low, high, 1.0)
    narrow = np.stack([filter_zero_phase(axis, kernel) for axis in values]).astype(np.float64)
    guard = min(round(0.5 * rate_hz), values.shape[1] // 4)
    course = main_direction(narrow)[guard : values.shape[1] - guard]
    return stability_index(cycle_frequencies(course, rate_hz), parameters.stability_cycles)


def tremor_confidence(share: float, seconds: float, doubt: float) -> float:
    """Return the probability that a rhythm found is a tremor.

    share: of the band's power near the peak. doubt: logits taken off for what speaks for something else: movement at
    will, the shaking of a vehicle. Calibrated on simulated recordings only (benchmarks/motion.py).
    """
    logit = 0.9 + 6.0 * (share - 0.5) + 0.7 * math.log(max(seconds, 1.0) / 3) - doubt
    return 1 / (1 + math.exp(-logit))


def band_words(frequency_hz: float, posture: str | None) -> str:
    """Return in words in which band of tremor a frequency lies."""
    for low, high, words in BANDS:
        if low <= frequency_hz <= high:
            if low >= 13:
                told = " (orthostatic tremor if it is there on standing only)" if posture != "standing" else ""
                return f"{frequency_hz:.1f} Hz lies in {words}{told}"
            return f"{frequency_hz:.1f} Hz lies in {words}"
    return f"{frequency_hz:.1f} Hz lies between the bands named for tremor"


def _doubt(hz: float, moving: bool, seconds: float, tilt_deg: float | None, parameters: MotionParameters) -> float:
    """Logits that speak against tremor: a vehicle may always shake, a limb that moves or turns over swings, too."""
    turns_over = seconds < parameters.turns_over_s and (tilt_deg or 0.0) >= parameters.turns_over_deg
    return _VEHICLE_DOUBT + (1.2 if moving else 0.0) + (0.8 if hz < 4 else 0.0) + (2.4 if turns_over else 0.0)


def _tremor_event(
    stretch: Stretch3D,
    sensor: Sensor,
    windows: RhythmWindows,
    found: Stretch,
    posture: str | None,
    parameters: MotionParameters,
) -> Detected:
    """A stretch of one rhythm: tremor, or clonus where it begins at once and dies away."""
    rate, settings = stretch.rate_hz, parameters.rhythm
    first, last = round(found.start_s * rate), round(found.stop_s * rate)
    part = stretch.values[:, first:last]
    seconds, chosen = found.stop_s - found.start_s, list(found.windows)
    amplitude = demodulated(part, rate, found.frequency_hz, 2 / found.frequency_hz)
    steps = amplitude[:: max(1, round(rate / found.frequency_hz))]
    decrement, fades = fall(steps)
    clonus = bool(
        fades
        and decrement >= 0.6
        and seconds <= settings.lasting_s
        and parameters.clonus_hz[0] <= found.frequency_hz <= parameters.clonus_hz[1]
    )
    moving = float(stretch.moving[first:last].mean()) > 0.5
    share = float(windows.share[chosen].mean())
    tilt = stretch.tilt_deg(first, last)
    chance = tremor_confidence(share, seconds, _doubt(found.frequency_hz, moving, seconds, tilt, parameters))
    doubted = may_be_at_will(found.frequency_hz, part, rate, sensor.kind == "rotation", posture, parameters)
    short = seconds <= parameters.clonus_s and parameters.clonus_hz[0] <= found.frequency_hz <= parameters.clonus_hz[1]
    name, chance, others = _named(chance, clonus, short, 0.0 if doubted is None else doubted[0])
    peak = float(np.abs(stretch.dynamic[:, first:last]).max())
    measures: dict[str, float | int | str | bool | None] = {
        "freq_hz": round(found.frequency_hz, 2),
        "half_width_hz": _rounded(width_of(windows, chosen), 2),
        "peak_power_ratio": round(share, 3),
        "stability_index_hz": _rounded(stability_of(part, rate, found.frequency_hz, settings), 3),
        "beats": max(1, round(seconds * found.frequency_hz)) if clonus else None,
        "decrement": round(decrement, 2),
        "peak_mps2" if sensor.kind == "acceleration" else "peak_dps": round(peak, 3),
        "tilt_deg": _rounded(tilt, 1),
        "posture": posture,
    }
    twin = _twin(windows, chosen, found.frequency_hz, posture, settings)
    half = " or half of it" if twin is not None and twin.startswith("half") else ""
    reasons = [f"{100 * share:.0f} % of the power of 3 to 20 Hz lies near {found.frequency_hz:.1f} Hz{half}"]
    reasons.append(band_words(found.frequency_hz, posture))
    reasons += [one for one in (twin, None if doubted is None else doubted[1]) if one is not None]
    if clonus:
        reasons.append(f"it begins at once and falls by {100 * decrement:.0f} %")
    elif posture is None:
        told = "the limb moved as a whole meanwhile" if moving else "the limb kept its place"
        reasons.append(f"{told}; what it was doing wasn't told")
    return Detected(
        stretch.start_s + found.start_s,
        seconds,
        name,
        confidence=round(chance, 3),
        alternatives={key: round(value, 3) for key, value in others.items() if value >= 0.02},
        measures=measures,
        reasons=tuple(reasons),
    )


def _named(chance: float, clonus: bool, short: bool, doubted: float) -> tuple[str, float, dict[str, float]]:
    """The name of a rhythm, its probability and the alternatives.

    chance: of a tremor. short: it lasts no longer than clonus, at its pace. doubted: how likely it is made at will.
    """
    if clonus:
        return "clonus", 0.7, {"tremor": 0.25, "voluntary_activity": 0.05}
    at_will = max(0.6 * (1 - chance), doubted)
    if doubted > 0:
        chance = min(chance, 0.95 - at_will)
    beats = _MAY_BE_CLONUS * chance if short else 0.1 * (1 - chance)
    if short:
        chance -= beats
    if at_will > chance:
        return "voluntary_activity", at_will, {"tremor": chance, "clonus": beats}
    return "tremor", chance, {"voluntary_activity": at_will, "clonus": beats}


def _twin(
    windows: RhythmWindows, chosen: list[int], hz: float, posture: str | None, parameters: RhythmParameters
) -> str | None:
    """What to say of a rhythm with a strong line at half or at twice of it, as both kinds of tremor have; or None."""
    low, high = parameters.orthostatic_hz
    powers = [float(band_power(windows.spectra, hz * one - 0.4, hz * one + 0.4)[chosen].mean()) for one in (0.5, 1, 2)]
    if low <= hz <= high and powers[0] >= parameters.twin_share * powers[1]:
        told = "on standing that is its subharmonic" if posture == "standing" else "its subharmonic"
        return f"half of it, {hz / 2:.1f} Hz, is there too: {told}, or it is the overtone of a tremor so slow"
    if low <= 2 * hz <= high and powers[2] >= parameters.own_fundamental_share * powers[1] and posture != "standing":
        return (
            f"twice of it, {2 * hz:.1f} Hz, is there too: its overtone, or an orthostatic tremor if it was on standing"
        )
    return None


def _movement_event(
    stretch: Stretch3D,
    sensor: Sensor,
    windows: RhythmWindows,
    movement_hz: Floats,
    part: tuple[int, int],
    parameters: MotionParameters,
) -> Detected:
    """A stretch of rhythmic movement slower than tremor."""
    settings = parameters.rhythm
    low, high = float(windows.start_s[part[0]]), float(windows.start_s[part[1] - 1]) + settings.window_s
    first, last = round(low * stretch.rate_hz), round(high * stretch.rate_hz)
    frequency = float(np.median(movement_hz[part[0] : part[1]]))
    peak = float(np.abs(stretch.dynamic[:, first:last]).max())
    overtones = windows.movement_hz[part[0] : part[1]]
    reasons = [f"a movement of {frequency:.1f} Hz, slower than tremor"]
    if np.isfinite(overtones).mean() > 0.5:
        heard = float(np.nanmedian(windows.peak_hz[part[0] : part[1]]))
        reasons.append(f"the peak near {heard:.1f} Hz is a harmonic of it")
    return Detected(
        stretch.start_s + low,
        high - low,
        "voluntary_activity",
        confidence=0.75,
        alternatives={"high_frequency_leg_movement": 0.15, "tremor": 0.05},
        measures={
            "freq_hz": round(frequency, 2),
            "beats": round(frequency * (high - low)),
            "peak_mps2" if sensor.kind == "acceleration" else "peak_dps": round(peak, 3),
            "tilt_deg": _rounded(stretch.tilt_deg(first, last), 1),
        },
        reasons=tuple(reasons),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
