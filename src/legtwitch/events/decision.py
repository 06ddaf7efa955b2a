"""Which event is this? One small function over the table of classes; what is ambiguous is told as ambiguous."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, fields

from legtwitch.events.decision_table import SHORT_MS, TABLE, Range, Row

_FAR = 0.02  # what a value far outside a range keeps of the density inside it
_SAID = 0.02  # alternatives below this are not told
_EVERY = 14.0  # natural logarithms between the smallest and the largest value of any measure


@dataclass(frozen=True, slots=True)
class Features:
    """What was measured of an event; None where it could not be, which then counts neither for nor against a class.

    duration_ms: of one potential or burst in EMG. motion_ms: of one movement in a sensor of motion.
    rate_hz: repetitions a second of the train it belongs to; rate_cov: coefficient of variation of their intervals.
    train_s: length of the train. decrement: 0 to 1, fall of the amplitude along it. low_share: of the power, that below
    20 Hz. level_ratio: RMS over that at rest. intraburst_hz: discharges a second within a burst.
    Signs: heart_locked; same_shape, three or more alike; all_channels, the same in all of them; spike, a slope of a
    single sample; several_muscles within 50 ms; isolated, 250 ms before and after free; asleep; stretched, it
    follows a stretch of the muscle; fades, it begins at once and dies away; turned, the limb turns against gravity;
    slows, its repetitions become clearly slower; effort, the muscle was tightened at will; lasting_rhythm, regular for
    3 s or longer.
    """

    duration_ms: float | None = None
    motion_ms: float | None = None
    rate_hz: float | None = None
    rate_cov: float | None = None
    train_s: float | None = None
    decrement: float | None = None
    low_share: float | None = None
    level_ratio: float | None = None
    intraburst_hz: float | None = None
    heart_locked: bool | None = None
    same_shape: bool | None = None
    all_channels: bool | None = None
    spike: bool | None = None
    several_muscles: bool | None = None
    isolated: bool | None = None
    asleep: bool | None = None
    stretched: bool | None = None
    fades: bool | None = None
    slows: bool | None = None
    turned: bool | None = None
    effort: bool | None = None
    lasting_rhythm: bool | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The class of an event: its name, its probability, the others with theirs, and why.

    event: `short_potential` where no class reaches `least`; then confidence is that none does.
    """

    event: str
    confidence: float
    alternatives: dict[str, float]
    reasons: tuple[str, ...]


def _density(value: float, range: Range) -> float:
    """The density of a value on the logarithmic scale, nowhere less than a small part of an even one."""
    width = math.log(range.high / range.low) + math.sqrt(2 * math.pi) * range.soft
    logarithm = math.log(max(value, 1e-9))
    away = max(math.log(range.low) - logarithm, logarithm - math.log(range.high), 0.0) / range.soft
    return (1 - _FAR) * math.exp(-0.5 * away * away) / width + _FAR / _EVERY


def _weight(row: Row, features: Features) -> float:
    """The logarithm of a row's weight and of how well each known feature fits it."""
    total = math.log(row.weight)
    for one in fields(features):
        value = getattr(features, one.name)
        if value is None:
            continue
        if isinstance(value, bool):
            likely = row.signs.get(one.name, 0.5)
            total += math.log(likely if value else 1 - likely)
        elif one.name in row.ranges:
            total += math.log(_density(float(value), row.ranges[one.name]))
        else:
            total -= math.log(_EVERY)
    return total


def decide(
    features: Features,
    *,
    among: Collection[str] | None = None,
    least: float = 0.5,
    sharpness: float = 0.85,
    motion: bool = False,
) -> Decision:
    """Return the class of an event, its probability and those of the others.

    among: classes that come into question, as names of events; None for all. least: below this probability a short
    event is a `short_potential`. sharpness: below 1, because the features of an event are not independent.
    motion: the event was seen by a sensor of motion, so that the reason must be one that such a sensor can see.

    Source: the table of `decision_table`; weights by Bayes' rule with independent features.
    Deviations: 1. the table is read with soft edges instead of "the first that matches"; 2. the logarithms are
    multiplied by `sharpness`, chosen so that of the events told with a probability about that share is right.
    """
    rows = [row for row in TABLE if among is None or row.event in among]
    if not rows:
        raise ValueError(f"no class of the table among {sorted(among or ())}")
    logs = [sharpness * _weight(row, features) for row in rows]
    highest = max(logs)
    sizes = [math.exp(one - highest) for one in logs]
    chances = {row.event: size / sum(sizes) for row, size in zip(rows, sizes, strict=True)}
    best = max(chances, key=lambda name: chances[name])
    row = next(one for one in rows if one.event == best)
    why = row.moves if motion and row.moves else row.told_by
    told = {
        name: round(chance, 3) for name, chance in sorted(chances.items(), key=lambda item: -item[1]) if chance >= _SAID
    }
    length = features.duration_ms if features.duration_ms is not None else features.motion_ms
    short = length is not None and length <= (SHORT_MS if features.duration_ms is not None else 2.5 * SHORT_MS)
    if chances[best] < least and short:
        reason = f"no class is likely enough; the likeliest is {best.replace('_', ' ')}: {why}"
        return Decision("short_potential", round(1 - chances[best], 3), told, (reason,))
    told.pop(best)
    return Decision(best, round(chances[best], 3), told, (why,))
