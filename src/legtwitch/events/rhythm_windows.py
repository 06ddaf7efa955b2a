"""Windows of 3 s in which one rhythm holds most of the power, and the stretches of tremor that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.rhythm_parameters import RhythmParameters
from legtwitch.signal import runs
from legtwitch.signal.spectrum import (
    Spectra,
    band_power,
    demodulated,
    frames_of,
    half_width,
    harmonics,
    highest_peak,
    line_power,
    straightened,
    valley_power,
    window_spectra,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_AT_ONCE = 4000  # windows


@dataclass(frozen=True, slots=True)
class RhythmWindows:
    """What each window shows, all arrays (k,).

    start_s: first sample. peak_hz: the fundamental of the strongest rhythm of the tremor band; NaN where none.
    share: of the band's power that lies near it and its harmonics. amplitude: RMS near the peak, in the signal's unit.
    movement_hz: fundamental of the slower movement of which the peak is a harmonic; NaN where it is of none.
    power: of the band, in the signal's unit squared. steady: the rhythm is there in every second. spectra: of the
    windows.
    """

    start_s: Floats
    peak_hz: Floats
    share: Floats
    amplitude: Floats
    power: Floats
    stands_out: Floats
    movement_hz: Floats
    steady: Flags
    spectra: Spectra


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one rhythm: start and stop in s from the start of the segment; its windows, by index."""

    start_s: float
    stop_s: float
    frequency_hz: float
    windows: tuple[int, ...]


def rhythm_windows(
    values: NDArray[np.float64], rate_hz: float, parameters: RhythmParameters, *, standing: bool = False
) -> RhythmWindows:
    """Return what windows of values (axes, n), in any unit, tell of a rhythm in the band of tremor.

    standing: it was told that somebody stood, so that half of a rhythm of 13 to 18 Hz is its subharmonic. The
    slow content must be left in the values down to 0.5 Hz: by it a harmonic is told from a tremor.

    Source: PMC6806079 (windows of 3 s, power around the peak against that of the band).
    Deviations: 1. power is summed over axes; 2. a peak that is a harmonic of a slower movement counts as that movement;
    3. harmonics of a tremor count as part of it; 4. the peak must be there in every second of the window;
    5. it must not be the flank of a shaking faster than the band.
    """
    size, hop = round(parameters.window_s * rate_hz), max(1, round(parameters.hop_s * rate_hz))
    step = _AT_ONCE * hop
    if values.shape[1] <= step + size:
        return _windows(values, rate_hz, parameters, standing)
    parts = []
    for start in range(0, values.shape[1] - size, step):
        last = start + step + size > values.shape[1] - size
        stop = values.shape[1] if last else start + step - hop + size
        one = _windows(values[:, start:stop], rate_hz, parameters, standing)
        parts.append(replace(one, start_s=one.start_s + start / rate_hz))
        if last:
            break
    return _joined(parts)


def _joined(parts: list[RhythmWindows]) -> RhythmWindows:
    """Windows of pieces in order as one."""
    arrays = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts])
        for one in fields(RhythmWindows)
        if one.name != "spectra"
    }
    spectra = [part.spectra for part in parts]
    power = np.concatenate([one.power for one in spectra])
    return RhythmWindows(**arrays, spectra=replace(spectra[0], start_s=arrays["start_s"], power=power))


def _windows(
    values: NDArray[np.float64], rate_hz: float, parameters: RhythmParameters, standing: bool
) -> RhythmWindows:
    """Windows of one piece."""
    highest = min(parameters.band_hz[1], 0.45 * rate_hz)
    spectra = window_spectra(values, rate_hz, parameters.window_s, parameters.hop_s, highest + parameters.beyond_hz)
    top = min(parameters.highest_hz, highest - 0.5)
    peak = highest_peak(spectra, parameters.lowest_hz, top)
    movement = _movement(spectra, peak, parameters)
    peak, halved = _own_fundamental(spectra, peak, parameters, standing)
    known = np.nan_to_num(peak, nan=1.0)
    near = band_power(spectra, known - parameters.near_hz, known + parameters.near_hz)
    total = band_power(spectra, parameters.band_hz[0], highest)
    tuned = near.copy()
    line, around = line_power(spectra, known, 0.2)
    for order in (2, 3):  # what of the harmonics lies in the band, where they are real
        overtone, beside = line_power(spectra, order * known, 0.3)
        real = (overtone >= parameters.partner_share * line) & (overtone >= parameters.movement_stands_out * beside)
        real &= order * known + parameters.near_hz <= highest
        at = np.where(real, order * known, -10.0)
        tuned += band_power(spectra, at - parameters.near_hz, at + parameters.near_hz)
    tuned += np.where(halved, band_power(spectra, known / 2 - parameters.near_hz, known / 2 + parameters.near_hz), 0.0)
    # A peak at the lower edge reaches below the band: its part there is in the numerator and the denominator.
    below = band_power(spectra, known - parameters.near_hz, parameters.band_hz[0])
    total = total + np.where(known - parameters.near_hz < parameters.band_hz[0], below, 0.0)
    share = np.where(np.isnan(peak), 0.0, np.minimum(tuned / np.maximum(total, 1e-30), 1.0))
    # The flank of a shaking faster than the band looks like a peak at its upper edge.
    beyond = band_power(spectra, highest, highest + parameters.beyond_hz)
    slower = band_power(spectra, parameters.band_hz[0], np.maximum(known - 3 * parameters.near_hz, 0.0))
    flank = (known >= top - 2.5 * parameters.near_hz) & (beyond > np.maximum(near, 2 * slower))
    share = np.where(flank, 0.0, share)
    stands_out = np.where(np.isnan(peak), 0.0, line / np.maximum(around, 1e-30))
    steady = _steady(values, rate_hz, spectra, known, parameters)
    return RhythmWindows(spectra.start_s, peak, share, np.sqrt(near), total, stands_out, movement, steady, spectra)


def _movement(spectra: Spectra, peak: Floats, parameters: RhythmParameters) -> Floats:
    """The fundamental of a slower movement of which the peak is a harmonic, NaN where it is of none.

    Three signs: a strong fundamental with the harmonics between; a fundamental that leads; or clear lines that no
    rhythm at the peak itself could have, at multiples of the fundamental beside and beyond the peak.
    """
    result = np.full(peak.size, np.nan)
    known = np.nan_to_num(peak, nan=1.0)
    strongest, _ = line_power(spectra, known, 0.2)
    usual = _usual_density(spectra, parameters)
    low, high = parameters.movement_hz
    for order, base in enumerate(harmonics(1.0, parameters.orders), start=2):
        at = known * base
        possible = (at >= low) & (at <= high) & np.isnan(result) & ~np.isnan(peak)
        if not possible.any():
            continue
        line, around = line_power(spectra, at, 0.17)
        real = (line >= parameters.movement_share * strongest) & (line >= parameters.movement_stands_out * around)
        partners, clear = np.zeros(peak.size, dtype=int), np.zeros(peak.size, dtype=int)
        for other in (one for one in range(1, 2 * order) if one != order):
            power, _ = line_power(spectra, other * at, 0.2)
            floor = valley_power(spectra, other * at, 0.6 * at)
            if 1 < other < order:
                partners += (power >= parameters.partner_share * strongest) & (power >= 3 * floor)
            comb = (power >= parameters.comb_share * strongest) & (power >= parameters.comb_stands_out * floor)
            comb |= (power >= parameters.comb_strong * strongest) & (power >= parameters.comb_stands_out / 2 * floor)
            clear += comb & (power >= parameters.comb_stands_out * usual)
        # Of bursts as long as their pauses the second harmonic is missing: then the fundamental alone must tell.
        fewest = 0 if order == 3 else 2
        leads = (line >= parameters.movement_leads * strongest) & (partners >= fewest)
        real &= (partners >= max(min(1, order - 2), order - 3)) | leads
        found = possible & (real | ((clear >= parameters.comb_lines) & (order <= parameters.comb_orders)))
        result[found] = at[found]
    return _as_neighbours(result, peak, parameters)


def _as_neighbours(movement: Floats, peak: Floats, parameters: RhythmParameters) -> Floats:
    """The movement of windows of which it is not known, where enough windows beside with such a peak tell of one."""
    result = movement.copy()
    for index in np.flatnonzero(np.isnan(movement) & ~np.isnan(peak)).tolist():
        beside = slice(max(0, index - parameters.neighbours), index + parameters.neighbours + 1)
        alike = np.abs(peak[beside] - peak[index]) <= parameters.same_hz
        told = (movement[beside] / peak[beside])[alike]
        if np.isfinite(told).mean() >= parameters.neighbours_share:
            result[index] = peak[index] * float(np.nanmedian(told))
    return result


def _usual_density(spectra: Spectra, parameters: RhythmParameters) -> Floats:
    """The median density of the band of tremor in each window, (k,): what noise has, whatever lines stand out of it."""
    inside = (spectra.hz >= parameters.band_hz[0]) & (spectra.hz <= parameters.band_hz[1])
    return np.asarray(np.median(spectra.power[:, inside], axis=1), dtype=np.float64)


def _own_fundamental(
    spectra: Spectra, peak: Floats, parameters: RhythmParameters, standing: bool
) -> tuple[Floats, Flags]:
    """The peak, or half of it where that is in the band of tremor too and carries much of the power.

    So the second harmonic of a tremor of 7 Hz is never taken for orthostatic tremor of 14 Hz, while the
    subharmonic of an orthostatic tremor is not taken for a tremor of 7 Hz. Also which windows have such a subharmonic.
    """
    known = np.nan_to_num(peak, nan=1.0)
    strongest, _ = line_power(spectra, known, 0.2)
    line, around = line_power(spectra, known / 2, 0.2)
    real = (line >= parameters.own_fundamental_share * strongest) & (line >= parameters.movement_stands_out * around)
    real &= known / 2 >= parameters.lowest_hz
    if not real.size:
        return peak, real
    upper, halved = _orthostatic(spectra, peak, parameters, standing)
    real &= ~halved
    votes = np.convolve(np.where(real, 1.0, -1.0), np.ones(5))[2:-2]  # neighbouring windows decide together
    return np.where(halved, upper, np.where(real & (votes > 0), peak / 2, peak)), halved


def _orthostatic(spectra: Spectra, peak: Floats, parameters: RhythmParameters, standing: bool) -> tuple[Floats, Flags]:
    """The rhythm of 13 to 18 Hz that a peak is or is half of, and where half of it is its subharmonic.

    Orthostatic tremor is the most regular of all, so that its line is narrow; the harmonic of another tremor is twice
    as wide as that tremor. On standing its subharmonic may be as strong; else it must be the weaker of both.
    """
    low, high = parameters.orthostatic_hz
    known = np.nan_to_num(peak, nan=1.0)
    upper = np.where(known >= low, known, 2 * known)
    inside = (upper >= low) & (upper <= min(high, float(spectra.hz[-1]) - 1.5)) & ~np.isnan(peak)
    upper = np.where(inside, upper, low)
    near = band_power(spectra, upper - 0.35, upper + 0.35)
    narrow = near / np.maximum(band_power(spectra, upper - 1.5, upper + 1.5), 1e-30)
    own, beside = line_power(spectra, upper, 0.3)
    lower, around = line_power(spectra, upper / 2, 0.2)
    share = lower / np.maximum(own, 1e-30)
    usual, slim = share.copy(), narrow.copy()
    for index in np.flatnonzero(inside).tolist():
        part = slice(max(0, index - parameters.neighbours), index + parameters.neighbours + 1)
        alike = inside[part] & (np.abs(upper[part] - upper[index]) <= parameters.same_hz)
        usual[index], slim[index] = np.median(share[part][alike]), np.median(narrow[part][alike])
    most = parameters.subharmonic_standing if standing else parameters.subharmonic_most
    clear = (own >= parameters.movement_stands_out * beside) & (lower >= parameters.movement_stands_out * around)
    return upper, inside & clear & (usual <= most) & (slim >= parameters.orthostatic_narrow)


def _steady(
    values: NDArray[np.float64], rate_hz: float, spectra: Spectra, peak: Floats, parameters: RhythmParameters
) -> Flags:
    """Whether each third of a window holds its part of the power at the peak."""
    size = round(parameters.window_s * rate_hz)
    third = size // 3
    starts = np.round(spectra.start_s * rate_hz).astype(np.int64)
    result = np.zeros(starts.size, dtype=bool)
    taper = np.hanning(third)
    for first in range(0, starts.size, 512):
        part = slice(first, first + 512)
        frames = straightened(frames_of(values, starts[part], size))[:, :, : 3 * third]
        turn = np.exp(-2j * np.pi * peak[part, None] / rate_hz * np.arange(3 * third))
        thirds = (frames * turn[:, None, :]).reshape(len(frames), values.shape[0], 3, third)
        power = (np.abs((thirds * taper).sum(axis=3)) ** 2).sum(axis=1)
        result[part] = power.min(axis=1) >= parameters.least_third * power.sum(axis=1)
    return result


def tremor_windows(windows: RhythmWindows, least_amplitude: Floats | float, parameters: RhythmParameters) -> Flags:
    """Return which windows hold a tremor, (k,). least_amplitude: RMS in the signal's unit, one number or (k,)."""
    possible = (windows.amplitude >= least_amplitude) & np.isnan(windows.movement_hz) & ~np.isnan(windows.peak_hz)
    possible &= (windows.stands_out >= parameters.least_standing_out) & windows.steady
    sure = possible & (windows.share >= parameters.least_share)
    faint = possible & (windows.share >= parameters.keep_share)
    return grown(sure, faint, windows.peak_hz, parameters.same_hz)


def grown(sure: Flags, faint: Flags, hz: Floats, same_hz: float) -> Flags:
    """Return `sure` and those of `faint` that touch it, directly or through others, at about the same frequency."""
    result = sure.copy()
    for order in (range(1, sure.size), range(sure.size - 2, -1, -1)):
        step = -1 if isinstance(order, range) and order.step == 1 else 1
        for index in order:
            beside = index + step
            if faint[index] and not result[index] and result[beside]:
                result[index] = abs(hz[index] - hz[beside]) <= same_hz
    return result


def stretches(
    values: NDArray[np.float64], rate_hz: float, windows: RhythmWindows, chosen: Flags, parameters: RhythmParameters
) -> list[Stretch]:
    """Return the stretches that chosen windows (k,) make together; their ends lie where the amplitude falls."""
    groups: list[list[int]] = []
    for index in np.flatnonzero(chosen).tolist():
        previous = groups[-1][-1] if groups else None
        if (
            previous is not None
            and windows.start_s[index] - windows.start_s[previous] <= parameters.bridge_s + parameters.hop_s
            and abs(windows.peak_hz[index] - windows.peak_hz[previous]) <= parameters.same_hz
        ):
            groups[-1].append(index)
        else:
            groups.append([index])
    found = []
    for group in groups:
        weight = windows.amplitude[group] ** 2
        frequency = float((windows.peak_hz[group] * weight).sum() / weight.sum())
        low = float(windows.start_s[group[0]])
        high = float(windows.start_s[group[-1]]) + parameters.window_s
        for start, stop in _parts(values, rate_hz, low, high, frequency, parameters):
            found.append(Stretch(start, stop, frequency, _within(windows, group, start, stop, parameters)))
    return [one for one in found if _holds(windows, one, parameters)]


def _holds(windows: RhythmWindows, found: Stretch, parameters: RhythmParameters) -> bool:
    """Whether a stretch is long enough, and the shorter it is, the more of the power lies at its peak."""
    seconds = found.stop_s - found.start_s
    if seconds < parameters.shortest_s:
        return False
    long = min(max((seconds - parameters.window_s) / (parameters.long_s - parameters.window_s), 0.0), 1.0)
    needed = parameters.short_share + long * (parameters.least_share - parameters.short_share)
    own = list(found.windows)
    if float(windows.share[own].mean()) < needed:
        return False
    return seconds >= parameters.long_s or not _chance(windows, found, own, parameters)


def _chance(windows: RhythmWindows, found: Stretch, own: list[int], parameters: RhythmParameters) -> bool:
    """Whether all around is as strong without this rhythm: noise of some band that looks like a rhythm for a while."""
    middle = windows.start_s + parameters.window_s / 2
    near = (middle >= found.start_s - parameters.around_s) & (middle <= found.stop_s + parameters.around_s)
    near &= (middle < found.start_s - parameters.hop_s) | (middle > found.stop_s + parameters.hop_s)
    strong = near & (windows.power >= parameters.around_power * float(windows.power[own].mean()))
    if int(strong.sum()) < parameters.around_windows:
        return False
    alike = np.abs(windows.peak_hz[strong] - found.frequency_hz) <= parameters.near_hz / 2
    return float(alike.mean()) < 0.5


def kept_windows(chosen: Flags, found: list[Stretch]) -> Flags:
    """Return those of the chosen windows (k,) that are part of a stretch."""
    result = np.zeros_like(chosen)
    for one in found:
        result[list(one.windows)] = True
    return result & chosen


def _within(
    windows: RhythmWindows, group: list[int], start: float, stop: float, parameters: RhythmParameters
) -> tuple[int, ...]:
    """Those windows of a group whose middle lies in a stretch; the nearest one where none does."""
    middle = windows.start_s[group] + parameters.window_s / 2
    inside = tuple(one for one, at in zip(group, middle.tolist(), strict=True) if start <= at <= stop)
    return inside or (group[int(np.abs(middle - (start + stop) / 2).argmin())],)


def _parts(
    values: NDArray[np.float64], rate_hz: float, low: float, high: float, frequency: float, parameters: RhythmParameters
) -> list[tuple[float, float]]:
    """Where the amplitude at a frequency is up, in s: stretches parted by real pauses, each even within itself."""
    first, last = round(low * rate_hz), min(round(high * rate_hz), values.shape[1])
    amplitude = demodulated(values[:, first:last], rate_hz, frequency, parameters.edge_smooth_s)
    usual = float(np.quantile(amplitude, 0.75))
    up = amplitude >= parameters.edge_share * usual
    for start, stop in runs(~up).tolist():
        quiet = float(amplitude[start:stop].min()) < parameters.pause_share * usual
        long = stop - start > parameters.pause_s * rate_hz
        if start > 0 and stop < up.size and not (quiet and long):
            up[start:stop] = True
    found = []
    for start, stop in runs(up).tolist():
        own = amplitude[start:stop]
        even = float((own >= parameters.even_share * np.quantile(own, 0.9)).mean())
        if even >= parameters.even_part or stop - start >= parameters.even_s * rate_hz:
            found.append(((first + start) / rate_hz, (first + stop) / rate_hz))
    return found


def mean_power(windows: RhythmWindows, chosen: Sequence[int] | NDArray[np.int64]) -> Floats:
    """Return the mean spectrum of chosen windows, (m,)."""
    return np.asarray(windows.spectra.power[np.asarray(chosen)].mean(axis=0))


def width_of(windows: RhythmWindows, chosen: Sequence[int]) -> float | None:
    """Return the width of the peak at half power (Hz) over chosen windows, None where it has no sides.

    Each window is shifted to the common frequency, so that a slow drift widens nothing.
    """
    spectra = windows.spectra
    centre = float(np.median(windows.peak_hz[np.asarray(chosen)]))
    moved = [
        np.interp(spectra.hz + windows.peak_hz[one] - centre, spectra.hz, spectra.power[one])
        / windows.amplitude[one] ** 2
        for one in chosen
    ]
    return half_width(spectra.hz, np.mean(moved, axis=0), centre, spectra.window_s)
