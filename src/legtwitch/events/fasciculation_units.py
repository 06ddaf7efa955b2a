"""Discharges of a group, those taken apart among them; begin and end of one that another overlaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Kept, Merged
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.fasciculation_events import Discharges
from legtwitch.events.unit_firing import echoes, locked_parts, parts_without_unit, small_beside_large
from legtwitch.events.units import UnitsFound
from legtwitch.events.units_weak import weak

_MOSTLY = 0.5
_EXPLAINED_S = 0.012
_SAME_LAG_S = 0.002
_PAIRS = 3
_OF_PAIRS = 0.8
_SURE = 0.7  # a waveform that stands out six times is as sure as a potential of a known unit at the threshold
_USUAL_S = 0.006  # to both sides, of a unit that is only seen overlapped


def with_extra(together: Merged, found: UnitsFound, kept: Kept) -> Discharges:
    """All discharges in order; one taken out of another's potential has its unit's shape for its measures."""
    rows = together.rows
    extra, extra_unit = found.extra, found.extra_unit
    shift_s = found.shift / kept.rate_hz
    rows.time_s, rows.first_s, rows.last_s = (one + shift_s for one in (rows.time_s, rows.first_s, rows.last_s))
    extra_time = kept.time_of(extra)
    lead = np.abs(rows.time_s[:, None] - extra_time).argmin(axis=0) if extra.size else np.empty(0, dtype=np.int64)
    more: Potentials = rows.take(lead)
    by_number = {one.number: one for one in found.units}
    if extra.size:
        shift = extra_time - more.time_s
        more = replace(more, time_s=extra_time, first_s=more.first_s + shift, last_s=more.last_s + shift)
        more = replace(
            more,
            peak_to_peak_uv=np.asarray([by_number[one].peak_to_peak_uv for one in extra_unit.tolist()], np.float32),
            burst=np.zeros(extra.size, dtype=bool),
        )
    every = Potentials(*(np.concatenate((getattr(rows, n), getattr(more, n))) for n in Potentials.__slots__))
    channel = np.concatenate(
        (together.channel, np.asarray([by_number[one].channel for one in extra_unit.tolist()], dtype=np.int64))
    )
    also = [*together.also, *(() for _ in range(extra.size))]
    taken = np.concatenate((np.zeros(len(rows), dtype=bool), np.ones(extra.size, dtype=bool)))
    order = np.argsort(every.time_s, kind="stable")
    return Discharges(
        every.take(order),
        channel[order],
        [also[one] for one in order.tolist()],
        found.place[order],
        np.concatenate((found.unit, extra_unit))[order],
        np.concatenate((found.scale.astype(np.float64), np.ones(extra.size)))[order],
        every.time_s[order],
        found.units,
        taken[order],
        np.zeros(order.size, dtype=bool),
        np.zeros(order.size, dtype=bool),
    )


def with_weak(found: Discharges, known: NDArray[np.float64], kept: Kept) -> Discharges:
    """Add the discharges of known units that are too small for the threshold; what isn't measured is their unit's.

    known: samples of all potentials, those left out of `found` among them.
    """
    own = (found.unit > 0) & ~found.taken_out
    seen = weak(kept, found.place[own], found.unit[own], known)
    if not seen.at.size:
        return found
    time = kept.time_of(seen.at)
    lead = np.empty(seen.at.size, dtype=np.int64)
    for one in np.unique(seen.unit).tolist():
        same, mine = np.flatnonzero(own & (found.unit == one)), seen.unit == one
        place = np.searchsorted(found.time_s[same], time[mine])
        before, after = same[np.maximum(place - 1, 0)], same[np.minimum(place, same.size - 1)]
        nearer = time[mine] - found.time_s[before] <= found.time_s[after] - time[mine]
        lead[mine] = np.where(nearer | (place == same.size), before, after)
    rows = found.rows.take(lead)
    shift = time - found.rows.time_s[lead]
    size = np.asarray([one.peak_to_peak_uv for one in found.units])[seen.unit - 1]
    sure = (_SURE * seen.stands_out).astype(np.float32)
    none = np.zeros(time.size, dtype=bool)
    rows = replace(
        rows,
        at=np.round(seen.at).astype(np.int64),
        time_s=time,
        first_s=rows.first_s + shift,
        last_s=rows.last_s + shift,
        clear=sure,
        peak_to_peak_uv=(size * seen.scale).astype(np.float32),
        burst=none,
        saturated=none,
    )
    every = Potentials(*(np.concatenate((getattr(found.rows, n), getattr(rows, n))) for n in Potentials.__slots__))
    order = np.argsort(every.time_s, kind="stable")
    also = [*found.also, *(() for _ in range(time.size))]
    return Discharges(
        every.take(order),
        np.concatenate((found.channel, found.channel[lead]))[order],
        [also[one] for one in order.tolist()],
        np.concatenate((found.place, seen.at))[order],
        np.concatenate((found.unit, seen.unit))[order],
        np.concatenate((found.scale, seen.scale))[order],
        every.time_s[order],
        found.units,
        np.concatenate((found.taken_out, none))[order],
        np.concatenate((found.weak, ~none))[order],
        np.concatenate((found.overlapped, none))[order],
    )


def numbered(found: Discharges, first: int) -> Discharges:
    """Units that are left, numbered from `first` on, the one with the most discharges first."""
    count = Counter(found.unit[found.unit > 0].tolist())
    names = {one: first + place for place, (one, _) in enumerate(count.most_common())}
    found.unit = np.asarray([names.get(one, 0) for one in found.unit.tolist()], dtype=np.int64)
    kept = [replace(one, number=names[one.number]) for one in found.units if one.number in names]
    found.units = tuple(sorted(kept, key=lambda one: one.number))
    return found


def late_parts(found: Discharges, array: bool) -> NDArray[np.bool_]:
    """Return which discharges are early or late parts of others. array: the group has several channels.

    A potential without a unit near one that was taken out of a sum is explained by it. Those taken out of a larger
    one are left out where their unit, or the larger one, is such a part, or where they lie at one lag to one unit.
    """
    time, size, beside = found.time_s, found.rows.peak_to_peak_uv, found.taken_out
    settled = np.where(beside, 0, found.unit)
    late = echoes(time, settled, size, found.channel if array else None)
    late |= small_beside_large(time, settled, size, ~found.rows.pop & ~late & ~beside)
    late |= locked_parts(time, np.where(late, 0, settled), size)
    late |= parts_without_unit(time, found.unit, size, ~found.rows.pop & ~late & ~beside)
    out = np.flatnonzero(found.taken_out)
    if out.size:
        place = np.clip(np.searchsorted(time[out], time), 1, max(1, out.size - 1))
        near = np.minimum(
            np.abs(time - time[out[place - 1]]), np.abs(time - time[out[np.minimum(place, out.size - 1)]])
        )
        late |= (found.unit == 0) & ~found.rows.pop & (near < _EXPLAINED_S)
    hosts = np.flatnonzero(~beside & (found.unit > 0))
    under = np.flatnonzero(beside)
    if not under.size or not hosts.size:
        return late | beside
    place = np.clip(np.searchsorted(time[hosts], time[under]), 1, max(1, hosts.size - 1))
    left, right = hosts[place - 1], hosts[np.minimum(place, hosts.size - 1)]
    host = np.where(time[under] - time[left] <= time[right] - time[under], left, right)
    lag = time[under] - time[host]
    late[under] = late[host]
    for one in np.unique(found.unit[under]).tolist():
        own = (found.unit == one) & ~beside
        mine = found.unit[under] == one
        if own.any() and late[own].mean() >= _MOSTLY:
            late[under[mine]] = True
        for lead in np.unique(found.unit[host[mine]]).tolist():
            pair = mine & (found.unit[host] == lead)
            same = np.abs(lag[pair] - np.median(lag[pair])) <= _SAME_LAG_S
            if np.count_nonzero(same) >= _PAIRS and same.mean() >= _OF_PAIRS:
                late[under[pair]] = True
    return late


def overlaps_parted(found: Discharges, kept: Kept) -> Discharges:
    """Give potentials that overlap bounds of their own: those of their unit's other discharges, else half way.

    In place. The activity round two that overlap has one begin and one end, which is that of neither. Where its
    waveform lies tells when a unit fired: the largest peak may be one of the sum.
    """
    rows, time = found.rows, found.time_s
    real = np.flatnonzero(~rows.pop)
    at = time[real]
    if at.size < 2:
        return found
    before = np.concatenate(([-np.inf], at[:-1]))
    after = np.concatenate((at[1:], [np.inf]))
    first, last = rows.first_s[real], rows.last_s[real]
    over = (before > first) | (after < last) | found.taken_out[real]
    unit, laid = found.unit[real], kept.time_of(found.place[real])
    new_first, new_last = np.maximum(first, (before + at) / 2), np.minimum(last, (after + at) / 2)
    for one in np.unique(unit[(unit > 0) & over]).tolist():
        alone, own = (unit == one) & ~over, (unit == one) & over
        if alone.any():
            new_first[own] = laid[own] + float(np.median((first - laid)[alone]))
            new_last[own] = laid[own] + float(np.median((last - laid)[alone]))
        else:
            new_first[own], new_last[own] = at[own] - _USUAL_S, at[own] + _USUAL_S
    rows.first_s[real[over]] = new_first[over]
    rows.last_s[real[over]] = np.maximum(new_last, new_first + 0.001)[over]
    found.overlapped[real[over]] = True
    return found
