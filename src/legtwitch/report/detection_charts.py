"""Pictures of a recording made awake as inline SVG, each with a text twin: raster, unit shapes, rate, spectrum.

Nothing is told by colour alone: every kind of event has a lane of its own, and every line is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from legtwitch.model import Curve, Detected, Detection
from legtwitch.report.charts import LEFT, RIGHT, WIDTH, Chart

MOST_LANES, MOST_UNITS, MOST_MARKS = 24, 12, 4000
_LANE = 26
_PANEL, _PANELS = 100, 4


def pictures(detection: Detection, label: Callable[[str], str]) -> list[Chart]:
    """Return all pictures that there is something to show in. label: vocabulary id → words."""
    drawn = [
        _raster(detection, label),
        _shapes([one for one in detection.curves if one.kind == "unit_shape"]),
        *(_line(one, "minutes", "per minute") for one in detection.curves if one.kind == "rate"),
        *(_line(one, "Hz", "power") for one in detection.curves if one.kind == "spectrum"),
    ]
    return [one for one in drawn if one is not None]


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


# ---- raster ----------------------------------------------------------------------------------------------------------


def _lane_of(event: Detected, label: Callable[[str], str]) -> str:
    unit = event.measures.get("unit_id")
    where = event.channel or event.muscle or ""
    what = f"unit {unit}" if unit is not None else label(event.event).split(":")[0].split(",")[0]
    return f"{where}: {what}" if where else what


def _raster(detection: Detection, label: Callable[[str], str]) -> Chart | None:
    """Draw when each unit and each kind of event was seen; one row a unit or kind."""
    lanes: dict[str, list[Detected]] = {}
    for event in detection.events:
        lanes.setdefault(_lane_of(event, label), []).append(event)
    if not lanes:
        return None
    ordered = sorted(lanes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    left, span = 190, max(detection.duration_s, 0.1)
    per_s = (WIDTH - left - RIGHT) / span
    height = 10 + _LANE * min(len(ordered), MOST_LANES) + 34
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="When each event was seen">']
    for row, (name, events) in enumerate(ordered[:MOST_LANES]):
        base = 10 + _LANE * row + 20
        parts.append(_text(left - 8, base - 4, name[:30], "end"))
        parts.append(f'<line x1="{left}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}" class="axis"/>')
        every = max(1, len(events) // (MOST_MARKS // min(len(ordered), MOST_LANES)))
        for one in events[::every]:
            x, width = left + one.onset_s * per_s, one.duration_s * per_s
            if width > 2:
                parts.append(f'<rect x="{x:.1f}" y="{base - 12}" width="{width:.1f}" height="12" class="bar"/>')
            else:
                parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base - 16}" class="periodic"/>')
    parts += [_text(left, height - 6, "0"), _text(WIDTH - RIGHT, height - 6, f"{span:.0f} s", "end"), "</svg>"]
    rows = tuple((name, str(len(events)), _span_of(events)) for name, events in ordered)
    hidden = max(0, len(ordered) - MOST_LANES)
    words = f"{len(detection.events)} events in {span:.0f} s, in {len(ordered)} rows."
    if hidden:
        words += f" The {hidden} rows with the fewest events are in the table alone."
    return Chart("When it happened", "".join(parts), words, ("What", "Events", "Seen between"), rows)


def _span_of(events: Sequence[Detected]) -> str:
    return f"{events[0].onset_s:.1f} and {events[-1].onset_s + events[-1].duration_s:.1f} s"


# ---- shapes of units -------------------------------------------------------------------------------------------------


def _shapes(curves: Sequence[Curve]) -> Chart | None:
    """Draw the mean shape of each unit in a small panel, all at one scale."""
    shown = [one for one in curves if one.x][:MOST_UNITS]
    if not shown:
        return None
    top = max(max(map(abs, one.y)) for one in shown) or 1.0
    width = (WIDTH - RIGHT) / _PANELS
    rows = -(-len(shown) // _PANELS)
    height = rows * (_PANEL + 24) + 4
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Mean shape of each motor unit">']
    for number, curve in enumerate(shown):
        x0, y0 = (number % _PANELS) * width + 8, (number // _PANELS) * (_PANEL + 24)
        scale = (width - 20) / max(curve.x[-1] - curve.x[0], 1e-6)
        middle = y0 + _PANEL / 2
        points = " ".join(
            f"{x0 + (x - curve.x[0]) * scale:.1f},{middle - 0.45 * _PANEL * y / top:.1f}"
            for x, y in zip(curve.x, curve.y, strict=True)
        )
        parts.append(f'<line x1="{x0:.1f}" x2="{x0 + width - 20:.1f}" y1="{middle}" y2="{middle}" class="axis"/>')
        parts.append(f'<polyline points="{points}" class="stage"/>')
        parts.append(_text(x0, y0 + _PANEL + 14, curve.label[:34]))
    parts.append("</svg>")
    table = tuple(
        (one.label, one.channel or "", f"{max(one.y) - min(one.y):.0f}", f"{one.x[-1] - one.x[0]:.0f}") for one in shown
    )
    words = f"Mean shape of {len(shown)} units, all at one scale: the highest panel reaches {top:.0f} µV."
    if len(curves) > len(shown):
        words += f" {len(curves) - len(shown)} more are not drawn."
    return Chart(
        "Shapes of the motor units", "".join(parts), words, ("Unit", "Channel", "Peak to peak (µV)", "ms"), table
    )


# ---- a line ----------------------------------------------------------------------------------------------------------


def _line(curve: Curve, unit_x: str, unit_y: str) -> Chart | None:
    """Draw one line with both ends of its axes named."""
    if len(curve.x) < 2:
        return None
    top = max(curve.y) or 1.0
    first, last = curve.x[0], curve.x[-1]
    per_x = (WIDTH - LEFT - RIGHT) / max(last - first, 1e-9)
    points = " ".join(
        f"{LEFT + (x - first) * per_x:.1f},{150 - 140 * max(y, 0.0) / top:.1f}"
        for x, y in zip(curve.x, curve.y, strict=True)
    )
    peak = curve.x[max(range(len(curve.y)), key=lambda place: curve.y[place])]
    parts = [
        f'<svg viewBox="0 0 {WIDTH} 178" role="img" aria-label="{escape(curve.label)}">',
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="150" y2="150" class="axis"/>',
        f'<polyline points="{points}" class="stage"/>',
        _text(LEFT - 8, 18, f"{top:.3g}", "end"),
        _text(LEFT - 8, 152, "0", "end"),
        _text(LEFT, 168, f"{first:.3g}"),
        _text(WIDTH - RIGHT, 168, f"{last:.3g} {unit_x}", "end"),
        "</svg>",
    ]
    every = max(1, len(curve.x) // 24)
    rows = tuple((f"{x:.3g}", f"{y:.3g}") for x, y in list(zip(curve.x, curve.y, strict=True))[::every])
    words = f"Highest at {peak:.3g} {unit_x} ({top:.3g} {unit_y})."
    title = {"rate": "Rate over time", "spectrum": "Spectrum"}[curve.kind]
    return Chart(f"{title}: {curve.label}", "".join(parts), words, (unit_x, unit_y), rows)
