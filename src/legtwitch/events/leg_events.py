"""From intervals to events: what each of them measures, and why some are no leg movement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events import codes
from legtwitch.events.intervals import Interval, Signal, offset_margin
from legtwitch.events.parameters import Parameters
from legtwitch.model import Event, Side
from legtwitch.signal import laid_out, median, rms_envelope, runs

_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True)
class Rejected:
    """Activity that is no leg movement, and the code that says why."""

    onset_s: float
    duration_s: float
    side: Side
    channel: str
    code: str


@dataclass(frozen=True, slots=True)
class _Measured:
    """An interval in points of the envelope (first, last), the RMS above rest at each, and figures in uV.

    rest, noise: of the baseline where it begins. mean_hz: root mean square frequency of the samples. kurtosis: of
    the samples, 3 where they are steady noise.
    """

    first: int
    last: int
    above: NDArray[np.float32]
    peak: float
    rms: float
    rest: float
    noise: float
    mean_hz: float
    kurtosis: float


def make_events(
    signal: Signal,
    intervals: Sequence[Interval],
    channel: str,
    side: Side,
    begin_s: float,
    clipped: NDArray[np.int64],
    parameters: Parameters,
) -> list[Event | Rejected]:
    """Return for each interval the event that it is, or why it is none.

    A segment begins at begin_s; clipped: stretches of its samples, rows (start, stop).
    """
    rate, shortest = signal.rate_hz, parameters.shortest_s * signal.rate_hz
    measured = _measure(signal, [one for one in intervals if one.cut or one.stop - one.start >= shortest])
    found: list[Event | Rejected] = []
    for one in intervals:
        length = one.stop - one.start
        onset_s, duration_s = begin_s + one.start / rate, length / rate
        if length < shortest and not one.cut:
            found.append(Rejected(onset_s, duration_s, side, channel, codes.TOO_SHORT))
            continue
        what = next(measured)
        middle = _best_median(what.above, max(1, round(parameters.morphology_s * rate / signal.step)))
        code = _why_none(signal, one, what, middle, parameters)
        if code is not None:
            found.append(Rejected(onset_s, duration_s, side, channel, code))
            continue
        touched = clipped[(clipped[:, 0] < one.stop) & (clipped[:, 1] > one.start)] if len(clipped) else clipped
        attributes: dict[str, float | bool | None] = {
            "peak_uv": round(what.peak, 3),
            "rms_uv": round(what.rms, 3),
            "median_uv": round(middle, 3),
            "rest_uv": round(what.rest, 3),
            "noise_uv": round(what.noise, 3),
            "snr": round((what.rms - what.rest) / what.noise, 2) if what.noise > 0 else None,
            "confidence": round(_confidence(signal, what, parameters), 2),
            "saturated": len(touched) > 0,
        }
        found.append(Event(onset_s, duration_s, "leg_movement", side, channel, attributes))
    return found


def _measure(signal: Signal, intervals: Sequence[Interval]) -> Iterator[_Measured]:
    """What each interval measures, in order; in portions, so that long ones need no more memory than short ones."""
    starts = np.array([one.start for one in intervals], dtype=np.int64)
    stops = np.array([one.stop for one in intervals], dtype=np.int64)
    firsts = starts // signal.step
    lasts = np.maximum(firsts + 1, np.minimum(-(-stops // signal.step), signal.envelope.size))
    rests, noises = signal.baseline.rest[firsts].tolist(), signal.baseline.noise[firsts].tolist()
    energies, fourths, changes = (np.empty(starts.size) for _ in range(3))
    for laid in laid_out(starts, stops, _AT_ONCE):
        values = signal.values[laid.at].astype(np.float64)
        power = values * values
        energies[laid.own] = np.add.reduceat(power, laid.begins)
        fourths[laid.own] = np.add.reduceat(power * power, laid.begins)
        steps = np.diff(values, prepend=0.0)
        steps[laid.begins] = 0
        changes[laid.own] = np.add.reduceat(steps * steps, laid.begins)
    rms = np.sqrt(energies / np.maximum(stops - starts, 1)).tolist()
    turns = np.sqrt(np.minimum(changes / np.maximum(energies, 1e-30), 4)) / 2
    mean_hz = (np.arcsin(turns) * signal.rate_hz / np.pi).tolist()
    kurtosis = (fourths * (stops - starts) / np.maximum(energies * energies, 1e-30)).tolist()
    for laid in laid_out(firsts, lasts, _AT_ONCE):
        above = signal.envelope[laid.at] - signal.baseline.rest[laid.at]
        peaks = np.maximum.reduceat(above, laid.begins).tolist()
        for number, (begin, length) in enumerate(zip(laid.begins.tolist(), laid.lengths.tolist(), strict=True)):
            at = laid.own.start + number
            yield _Measured(
                int(firsts[at]),
                int(lasts[at]),
                above[begin : begin + length],
                peaks[number],
                rms[at],
                rests[at],
                noises[at],
                mean_hz[at],
                kurtosis[at],
            )


def _why_none(signal: Signal, one: Interval, what: _Measured, middle: float, parameters: Parameters) -> str | None:
    """The code that says why an interval is no movement, None where it is one."""
    rate, length = signal.rate_hz, one.stop - one.start
    if what.kurtosis >= parameters.pulse_kurtosis:
        power = np.square(signal.values[one.start : one.stop].astype(np.float64))
        if _are_pulses(power, round(parameters.pulse_s * rate), rate, parameters):
            return codes.SHORT_POTENTIALS
    if middle < parameters.onset_uv:
        power = np.square(signal.values[one.start : one.stop].astype(np.float64))
        spike = _share_in(power, round(parameters.spike_s * rate), 1) >= parameters.spike_share
        if spike and length <= parameters.spike_longest_s * rate:
            return codes.SINGLE_SPIKES
        many = 1 + int(length / (parameters.pulse_every_s * rate))
        if _share_in(power, round(parameters.pulse_s * rate), many) >= parameters.pulse_share:
            return codes.SHORT_POTENTIALS
    if middle < parameters.offset_uv and _only_potentials(signal, what, parameters):
        return codes.SHORT_POTENTIALS
    if length < parameters.shortest_s * rate:
        return codes.CUT_BY_END
    if what.mean_hz < parameters.cable_mean_hz and _is_cable(signal, one, what, parameters):
        return codes.CABLE
    return None


def _is_cable(signal: Signal, one: Interval, what: _Measured, parameters: Parameters) -> bool:
    """Whether most of an interval is slower than muscle is, and the rest of it is no movement."""
    rate = signal.rate_hz
    values = signal.values[one.start : one.stop]
    spectrum = np.fft.rfft(values)
    hz, power = np.arange(spectrum.size) * (rate / values.size), np.square(np.abs(spectrum))
    width = max(1, round(parameters.morphology_s * rate / signal.step))
    slow, fast = (
        np.fft.irfft(spectrum * part, values.size)
        for part in (hz < parameters.cable_hz, hz >= parameters.cable_free_hz)
    )
    share = power[hz < parameters.cable_hz].sum() / power.sum()
    high = min(parameters.high_hz, parameters.high_of_rate * rate)
    even = (parameters.cable_hz - parameters.low_hz) / (high - parameters.low_hz)  # the share in a flat spectrum
    # What is not slow may be contact clicks, twice as long without their slow part.
    if share > parameters.cable_clicks * even and _are_pulses(
        np.square(fast), round(2 * parameters.pulse_s * rate), rate, parameters
    ):
        return True
    if share <= parameters.cable_share:
        return False
    level, left = (_best_median(rms_envelope(each, signal.window, signal.step), width) for each in (slow, fast))
    return left < max(what.rest + parameters.onset_uv, parameters.cable_tail * level)


def _are_pulses(power: NDArray[np.float64], width: int, rate: float, parameters: Parameters) -> bool:
    """Whether most of the energy lies in stretches of `width` samples that stand apart."""
    many = 1 + int(power.size / (parameters.pulse_apart_s * rate))
    return _share_in(power, width, many, clear=width) >= parameters.pulse_share


def _share_in(power: NDArray[np.float64], width: int, many: int, clear: int = 0) -> float:
    """The share of the energy in so many stretches of `width` samples, each the richest that is left.

    clear: samples to both sides of a stretch that are left out of the next: pulses stand apart, a burst goes on.
    """
    width = min(max(width, 1), power.size)
    left, whole, found = power.copy(), float(power.sum()), 0.0
    for _ in range(many):
        total = np.concatenate(([0.0], np.cumsum(left)))
        sums = total[width:] - total[:-width]
        at = int(sums.argmax())
        found += float(sums[at])
        left[max(0, at - clear) : at + width + clear] = 0
    return found / max(whole, 1e-30)


def _only_potentials(signal: Signal, what: _Measured, parameters: Parameters) -> bool:
    """Whether nothing between two points of the envelope lasts longer than a fragmentary myoclonus does."""
    active = what.above > offset_margin(signal.baseline.noise[what.first : what.last], parameters)
    longest = max((stop - start for start, stop in runs(active).tolist()), default=0)
    return longest * signal.step - signal.window <= parameters.potential_s * signal.rate_hz


def _best_median(above: NDArray[np.float32], width: int) -> float:
    """The highest median of `width` neighbouring points; of all of them where there are fewer."""
    if above.size <= width:
        return median(above)
    starts = np.arange(0, above.size - width + 1, max(1, width // 16))
    windows = np.sort(above[starts[:, None] + np.arange(width)], axis=1)
    return float((windows[:, (width - 1) // 2] + windows[:, width // 2]).max() / 2)


def _confidence(signal: Signal, what: _Measured, parameters: Parameters) -> float:
    """How far the peak stands above the onset margin, lowered where rest was not seen or its margin had to be wider."""
    clear = min(1.0, 0.5 + 0.5 * (what.peak - parameters.onset_uv) / parameters.onset_uv)
    sure = 1.0 if signal.baseline.measured(what.first) else 0.5
    return max(0.05, clear * sure * min(1.0, parameters.offset_uv / offset_margin(what.noise, parameters)))
