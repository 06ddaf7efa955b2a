"""Pictures of a scored night as inline SVG, each with a text twin that says the same in a table.

Nothing is told by colour alone: classes differ by height, fill and place, and a legend names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from math import ceil

from legtwitch.model import Event, Movement, Score, Trace

WIDTH, LEFT, RIGHT = 900, 70, 10
STAGES = ("W", "R", "N1", "N2", "N3")
STAGE_NAMES = {"W": "Wake", "R": "REM", "N1": "N1", "N2": "N2", "N3": "N3"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its text twin: head is the first row of the table."""

    title: str
    svg: str
    twin: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _epochs(score: Score) -> list[Event]:
    return [event for event in score.context if event.event.startswith("stage_")]


def _clock(score: Score, seconds: float) -> str:
    if score.start is not None:
        return (score.start + timedelta(seconds=seconds)).strftime("%H:%M")
    return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02d} h"


def _is_plm(movement: Movement) -> bool:
    return any(verdict.plm for verdict in movement.verdicts.values())


def _counts(movement: Movement) -> bool:
    return any(verdict.leg_movement for verdict in movement.verdicts.values())


def _kind(movement: Movement) -> str:
    if _is_plm(movement):
        return "periodic"
    return "other" if _counts(movement) else "left_out"


def _lanes(score: Score) -> list[str]:
    sides = {movement.side for movement in score.movements}
    lanes = [side for side in ("left", "right") if side in sides or "both" in sides]
    return lanes + (["n/a"] if "n/a" in sides else []) or ["n/a"]


LANE_NAMES = {"left": "Left leg", "right": "Right leg", "n/a": "Leg"}


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _stage_line(epochs: Sequence[Event], x_per_s: float) -> str:
    path, last_row, last_end = [], None, None
    for epoch in epochs:
        name = epoch.event.removeprefix("stage_")
        if name not in STAGES:
            last_row = None
            continue
        y = 12 + 18 * STAGES.index(name)
        x0 = LEFT + epoch.onset_s * x_per_s
        x1 = LEFT + (epoch.onset_s + epoch.duration_s) * x_per_s
        joined = last_row is not None and last_end is not None and abs(epoch.onset_s - last_end) < 0.5
        path.append(f"{'L' if joined else 'M'}{x0:.1f} {y}L{x1:.1f} {y}")
        last_row, last_end = y, epoch.onset_s + epoch.duration_s
    return f'<path d="{"".join(path)}" class="stage"/>'


def _ticks(score: Score, lane: str, top: float, x_per_s: float) -> list[str]:
    marks = []
    for movement in score.movements:
        if movement.side not in (lane, "both"):
            continue
        x = LEFT + movement.onset_s * x_per_s
        kind = _kind(movement)
        height = {"periodic": 22.0, "other": 12.0, "left_out": 5.0}[kind]
        marks.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + 24:.1f}" y2="{top + 24 - height:.1f}" class="{kind}"/>'
        )
    return marks


def night(score: Score) -> Chart:
    """Draw the hypnogram with the movements of each leg, and an hour-by-hour table as its text twin."""
    span = max(score.duration_s, 1.0)
    x_per_s = (WIDTH - LEFT - RIGHT) / span
    epochs = _epochs(score)
    lanes = _lanes(score)
    lane_top = 110 if epochs else 10
    height = lane_top + 34 * len(lanes) + 40
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="The night: sleep stages and leg movements">'
    ]
    for gap in (event for event in score.context if event.event == "recording_gap"):
        x, width = LEFT + gap.onset_s * x_per_s, max(gap.duration_s * x_per_s, 1)
        parts.append(f'<rect x="{x:.1f}" y="2" width="{width:.1f}" height="{height - 42:.0f}" class="gap"/>')
    if epochs:
        parts += [_text(LEFT - 8, 16 + 18 * row, STAGE_NAMES[name], "end") for row, name in enumerate(STAGES)]
        parts.append(_stage_line(epochs, x_per_s))
    for number, lane in enumerate(lanes):
        top = lane_top + 34 * number
        parts.append(_text(LEFT - 8, top + 22, LANE_NAMES[lane], "end"))
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{top + 24}" y2="{top + 24}" class="axis"/>')
        parts += _ticks(score, lane, top, x_per_s)
    step = 3600 if span > 3 * 3600 else 600 if span > 1200 else 60
    for number in range(int(span // step) + 1):
        x = LEFT + number * step * x_per_s
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{height - 36:.0f}" y2="{height - 31:.0f}" class="axis"/>')
        if (number * step * x_per_s) % 55 < step * x_per_s or step * x_per_s > 40:
            anchor = "end" if x > WIDTH - RIGHT - 25 else "middle"
            parts.append(_text(x, height - 19, _clock(score, number * step), anchor))
    parts.append(
        _text(LEFT, height - 4, "Tall: periodic. Middle: other leg movement. Short: mark left out by the rules.")
    )
    parts.append("</svg>")
    return Chart("The night", "".join(parts), _night_words(score), *_night_table(score, epochs, span))


def _night_words(score: Score) -> str:
    periodic = sum(_kind(movement) == "periodic" for movement in score.movements)
    other = sum(_kind(movement) == "other" for movement in score.movements)
    left_out = len(score.movements) - periodic - other
    return (
        f"{len(score.movements)} marks of single legs: {periodic} in a periodic series under at least one rule set, "
        f"{other} other leg movements, {left_out} left out by every rule set."
    )


def _night_table(
    score: Score, epochs: Sequence[Event], span: float
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    head = ("From", "Wake (min)", "REM (min)", "N1 to N3 (min)", "Leg movements", "Periodic")
    rows = []
    for hour in range(ceil(span / 3600)):
        start, end = hour * 3600, (hour + 1) * 3600
        minutes = dict.fromkeys(STAGES, 0.0)
        for epoch in epochs:
            name = epoch.event.removeprefix("stage_")
            overlap = min(epoch.onset_s + epoch.duration_s, end) - max(epoch.onset_s, start)
            if name in minutes and overlap > 0:
                minutes[name] += overlap / 60
        inside = [movement for movement in score.movements if start <= movement.onset_s < end]
        staged = [f"{minutes['W']:.0f}", f"{minutes['R']:.0f}", f"{sum(minutes[n] for n in ('N1', 'N2', 'N3')):.0f}"]
        rows.append(
            (
                _clock(score, start),
                *(staged if epochs else ["not staged"] * 3),
                str(sum(_counts(movement) for movement in inside)),
                str(sum(_is_plm(movement) for movement in inside)),
            )
        )
    return head, tuple(rows)


BIN_S = 5


def _measured_intervals(score: Score, rule: str) -> list[float]:
    """Return the intervals that a rule set measured; movements of both legs joined into one share one interval."""
    found, seen = [], set[str]()
    for movement in score.movements:
        verdict = movement.verdicts.get(rule)
        if verdict is None or not verdict.leg_movement or verdict.interval_s is None or movement.id in seen:
            continue
        seen.update(verdict.combined_with)
        found.append(verdict.interval_s)
    return found


def intervals(score: Score, rule: str) -> Chart | None:
    """Draw how long the intervals between movements were under one rule set, or None where there is no interval.

    The interval is the one the rule set measured (onset to onset); intervals over 95 s share the last bar.
    """
    found = _measured_intervals(score, rule)
    if not found:
        return None
    bins = [0] * (100 // BIN_S)
    for value in found:
        bins[min(int(value // BIN_S), len(bins) - 1)] += 1
    top = max(bins)
    width = (WIDTH - LEFT - RIGHT) / len(bins)
    parts = [f'<svg viewBox="0 0 {WIDTH} 200" role="img" aria-label="Intervals of leg movements, {escape(rule)}">']
    for number, count in enumerate(bins):
        height = 140 * count / top
        x = LEFT + number * width
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{155 - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}" class="bar"/>'
        )
        if count:
            parts.append(_text(x + width / 2, 150 - height, str(count), "middle"))
        if number % 2 == 0:
            parts.append(_text(x, 172, str(number * BIN_S), "middle"))
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="155" y2="155" class="axis"/>')
    parts.append(
        _text(LEFT, 192, "Seconds from the start of one movement to the start of the next (last bar: 95 s and more)")
    )
    parts.append("</svg>")
    rows = tuple(
        (f"{n * BIN_S} to {(n + 1) * BIN_S} s" if n < len(bins) - 1 else "95 s and more", str(count))
        for n, count in enumerate(bins)
        if count
    )
    words = f"{len(found)} intervals; {sum(5 <= value <= 90 for value in found)} of them last 5 to 90 seconds."
    return Chart(f"Intervals between movements ({rule})", "".join(parts), words, ("Interval", "Number"), rows)


def trace(snippet: Trace, movement: Movement) -> Chart:
    """Draw the envelope around a movement with the resting level and the two thresholds above it."""
    start, end = snippet.times_s[0], snippet.times_s[-1]
    top = max(12.0, *snippet.envelope_uv, *(rest + 10 for rest in snippet.baseline_uv))
    x_per_s = (WIDTH - LEFT - RIGHT) / max(end - start, 0.1)

    def line(values: Sequence[float], style: str) -> str:
        points = " ".join(
            f"{LEFT + (time - start) * x_per_s:.1f},{150 - 140 * value / top:.1f}"
            for time, value in zip(snippet.times_s, values, strict=True)
        )
        return f'<polyline points="{points}" class="{style}"/>'

    onset, offset = movement.onset_s, movement.onset_s + movement.duration_s
    x0, x1 = LEFT + (onset - start) * x_per_s, LEFT + (offset - start) * x_per_s
    parts = [
        f'<svg viewBox="0 0 {WIDTH} 175" role="img" aria-label="Envelope around movement {escape(movement.id)}">',
        f'<rect x="{x0:.1f}" y="8" width="{max(x1 - x0, 1):.1f}" height="142" class="gap"/>',
        line([rest + 8 for rest in snippet.baseline_uv], "dotted"),
        line([rest + 2 for rest in snippet.baseline_uv], "dotted"),
        line(snippet.baseline_uv, "dashed"),
        line(snippet.envelope_uv, "stage"),
        _text(LEFT - 8, 18, f"{top:.0f} µV", "end"),
        _text(LEFT - 8, 152, "0", "end"),
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="150" y2="150" class="axis"/>',
        _text(LEFT, 168, f"{start:.1f} s"),
        _text(WIDTH - RIGHT, 168, f"{end:.1f} s", "end"),
        "</svg>",
    ]
    words = (
        f"{movement.side} leg, stage {movement.stage}: from {onset:.2f} s, {movement.duration_s:.2f} s long; "
        f"the envelope reaches {max(snippet.envelope_uv):.0f} µV over a rest of {min(snippet.baseline_uv):.1f} µV."
    )
    return Chart(f"Movement {movement.id}", "".join(parts), words, (), ())
