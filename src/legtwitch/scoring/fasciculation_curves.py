"""Lines for the report: the shape of each unit, and the rate along the recording."""

from __future__ import annotations

from legtwitch.events.fasciculation import GroupFound
from legtwitch.model import Curve

_MOST_UNITS = 24
_BIN_S = 60.0


def curves_of(found: GroupFound) -> tuple[Curve, ...]:
    """Return the shape of each unit (uV over ms) and the rate a minute for each minute with enough rest."""
    shapes = []
    for unit in found.units[:_MOST_UNITS]:
        half = len(unit.shape_uv) // 2
        step = 1000 / found.unit_rate_hz
        shapes.append(
            Curve(
                "unit_shape",
                f"u{unit.number}",
                found.group.names[unit.channel],
                tuple(round((place - half) * step, 3) for place in range(len(unit.shape_uv))),
                unit.shape_uv,
            )
        )
    rate = _rate(found)
    return (*shapes, rate) if rate is not None else tuple(shapes)


def _rate(found: GroupFound) -> Curve | None:
    if not found.scorable:
        return None
    last = found.scorable[-1][1]
    times = [one.onset_s for one in found.events if one.event == found.counted and one.reasons[:1] != ("burst",)]
    x, y = [], []
    for number in range(int(last // _BIN_S) + 1):
        low, high = number * _BIN_S, (number + 1) * _BIN_S
        rest = sum(max(0.0, min(high, stop) - max(low, start)) for start, stop in found.scorable)
        if rest >= _BIN_S / 3:
            x.append(round((low + high) / 120, 3))
            y.append(round(60 * sum(low <= time < high for time in times) / rest, 3))
    if not x:
        return None
    label = (found.group.muscle or ", ".join(found.group.names[:3])).replace("_", " ")
    return Curve("rate", label, found.group.names[0] if len(found.group.names) == 1 else None, tuple(x), tuple(y))
