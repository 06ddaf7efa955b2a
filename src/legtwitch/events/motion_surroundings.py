"""What shakes a sensor besides the limb: a vehicle, whose rumble never rests, and a machine, which holds one speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_bands import step_of
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_signal import Sensor, Stretch3D
from legtwitch.events.rhythm_windows import RhythmWindows, Stretch
from legtwitch.signal import runs
from legtwitch.signal.glitches import moving_mean
from legtwitch.signal.spectrum import band_power, highest_peak, line_power, window_spectra
from legtwitch.signal.steadiness import Steadiness, steadiness

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_EDGE_S = 0.7  # a stretch of a rhythm is found to about this
_SIDE_S = 12.0  # so long before and after a tone its run-up and run-down are looked for
_STEP_S = 0.25
_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Tone:
    """A rhythm steadier than any limb. amplitude: in the unit of the sensor.

    sure: a run-up or run-down joins it.
    at_once: it begins and ends in the recording, with neither run-up nor run-down.
    """

    frequency_hz: float
    amplitude: float
    sure: bool
    at_once: bool
    reason: str


def shaken(
    stretch: Stretch3D, sensor: Sensor, windows: RhythmWindows, movement: Flags, parameters: MotionParameters
) -> Flags:
    """Return where a vehicle or something like it shakes an accelerometer, (n,); nowhere for a gyroscope.

    movement: which windows hold a rhythmic movement, (k,). A rumble is coloured noise from 3 Hz up: neither flat, as
    the noise of a sensor is, nor a line, as tremor is; gravity keeps its place, and for at least `shaken_s` no half
    second is at rest, which movements of a limb are in between.

    Source: engineering of this program.
    """
    result = np.zeros(stretch.usable.size, dtype=np.bool_)
    if sensor.kind != "acceleration" or not windows.start_s.size:
        return result
    spectra, rate = windows.spectra, stretch.rate_hz
    low_hz, high_hz = parameters.rhythm.band_hz[0], float(spectra.hz[-1])
    strong = np.sqrt(band_power(spectra, low_hz, high_hz))
    total = np.sqrt(band_power(spectra, parameters.rhythm.movement_hz[0], high_hz))
    least = max(parameters.shaken_least_mps2, step_of(stretch.values))
    size = round(parameters.rhythm.window_s * rate)
    starts = np.round(windows.start_s * rate).astype(np.int64)
    never_rests = (strong >= least) & (_quietest(stretch, starts, size) >= parameters.shaken_rest * least)
    inside = (spectra.hz >= low_hz) & (spectra.hz <= high_hz)
    power = spectra.power[:, inside].astype(np.float64) + 1e-12
    flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    noise = (flatness >= parameters.shaken_flatness[0]) & (flatness <= parameters.shaken_flatness[1])
    noise &= (windows.share <= parameters.shaken_share) & (total <= parameters.shaken_most_mps2) & ~movement
    tilts = [stretch.tilt_deg(one, one + size) or 0.0 for one in starts.tolist()]
    noise &= np.asarray(tilts) <= parameters.shaken_tilt_deg
    for first, last in runs(never_rests).tolist():
        start, stop = int(starts[first]), int(starts[last - 1]) + size
        long = stop - start >= parameters.shaken_s * rate
        if long and noise[first:last].mean() >= parameters.shaken_part:
            result[start:stop] = True
    return result


def _quietest(stretch: Stretch3D, starts: NDArray[np.int64], size: int) -> Floats:
    """The lowest RMS of half a second within each window, without what is slower than tremor, (k,)."""
    half = max(1, size // 6)
    fast = stretch.values - moving_mean(stretch.values, 2 * half)
    level = moving_mean((fast**2).sum(axis=0), half)
    at = starts[:, None] + np.arange(half // 2, size, half)
    return np.asarray(np.sqrt(np.maximum(level[np.minimum(at, level.size - 1)].min(axis=1), 0.0)))


def tone_of(stretch: Stretch3D, found: Stretch, parameters: MotionParameters) -> Tone | None:
    """Return the tone of a machine that a stretch of rhythm may be; None where it wanders as rhythms of a limb do.

    Source: the spectral peak of orthostatic tremor, the most regular of tremors, is 0.66 Hz wide at half its height
    (Rigby 2015, doi 10.5334/tohm.238, 14 patients above 13 Hz; table seen). That a motor holds its speed to a
    thousandth is our assumption.
    """
    rate = stretch.rate_hz
    first, last = round((found.start_s + _EDGE_S) * rate), round((found.stop_s - _EDGE_S) * rate)
    if last <= first or not stretch.usable.any():
        return None
    tone = steadiness(stretch.values[:, first:last], rate, found.frequency_hz)
    if tone is None or tone.frequency_spread > parameters.tone_spread:
        return None
    if tone.amplitude_spread > parameters.tone_size_spread:
        return None
    even = f"its frequency keeps to {100 * tone.frequency_spread:.2f} % from second to second, as a motor's"
    known = np.flatnonzero(stretch.usable)
    before, after = found.start_s - float(known[0]) / rate, float(known[-1]) / rate - found.stop_s
    if _runs_up(stretch, found.start_s, -1, tone, parameters) or _runs_up(stretch, found.stop_s, 1, tone, parameters):
        return Tone(tone.frequency_hz, tone.amplitude, True, False, f"{even}, and all slower speeds lead to it")
    if found.stop_s - found.start_s >= max(parameters.tone_whole * known.size / rate, parameters.tone_least_s):
        return Tone(tone.frequency_hz, tone.amplitude, False, False, f"{even}, and it lasts as long as the recording")
    if min(before, after) >= parameters.tone_free_s:
        told = f"{even}, yet it begins and ends at once, as nothing heavy that turns does"
        return Tone(tone.frequency_hz, tone.amplitude, False, True, told)
    return Tone(tone.frequency_hz, tone.amplitude, False, False, f"{even}: it may be a machine")


def _runs_up(stretch: Stretch3D, at_s: float, way: int, tone: Steadiness, parameters: MotionParameters) -> bool:
    """Whether a line climbs to a tone before its beginning (way -1), or falls from it after its end (1).

    A mass that is set turning passes all lower speeds; an oscillator of the body begins at its own.
    """
    rate, inner = stretch.rate_hz, 4.0
    low, high = sorted((at_s + way * _SIDE_S, at_s - way * inner))
    first, last = max(0, round(low * rate)), min(stretch.usable.size, round(high * rate))
    top = min(1.2 * tone.frequency_hz, 0.45 * rate)
    spectra = window_spectra(stretch.values[:, first:last], rate, _WINDOW_S, _STEP_S, top)
    if not len(spectra.power):
        return False
    course = np.nan_to_num(highest_peak(spectra, 1.5, top))
    line, around = line_power(spectra, course, 0.3)
    seen = line >= parameters.tone_stands_out * np.maximum(around, 1e-12)
    order = range(course.size) if way > 0 else range(course.size - 1, -1, -1)
    held, fallen = tone.frequency_hz, 0
    for one in order:
        change = course[one] - held
        if not seen[one] or change < -parameters.tone_fall_hz or change > 0.1:
            if fallen:
                break
            held = tone.frequency_hz
            continue
        fallen += change < -0.02
        held = float(course[one])
        if held <= parameters.tone_run * tone.frequency_hz and fallen >= parameters.tone_run_steps:
            return True
    return False
