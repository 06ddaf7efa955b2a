"""Pictures of a scored night as inline SVG, each with a text twin that says the same in a table.

Nothing is told by colour alone: classes differ by height, fill and place, and a legend names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from math import ceil

from legtwitch.knowledge import rule_set
from legtwitch.model import Event, Movement, Score
from legtwitch.report.night_words import LANES

WIDTH, LEFT, RIGHT = 900, 92, 10
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


def clock(score: Score, seconds: float) -> str:
    """Return the time of day at so many seconds, or the time since the start where no clock is known."""
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


def words_at(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Return words as SVG text."""
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


def _class_lane(score: Score, name: str, top: float, x_per_s: float) -> list[str]:
    """Return the lane of a class of its own: what lasts as bars, what is short as ticks."""
    parts = [words_at(LEFT - 8, top + 14, LANES[name], "end")]
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{top + 16}" y2="{top + 16}" class="left_out"/>')
    for event in () if score.other is None else score.other.events:
        if event.event == name:
            x, width = LEFT + event.onset_s * x_per_s, max(event.duration_s * x_per_s, 1.0)
            parts.append(f'<rect x="{x:.1f}" y="{top + 5:.1f}" width="{width:.1f}" height="11" class="own"/>')
    return parts


def night(score: Score) -> Chart:
    """Draw the hypnogram with the movements of each leg, and an hour-by-hour table as its text twin."""
    span = max(score.duration_s, 1.0)
    x_per_s = (WIDTH - LEFT - RIGHT) / span
    epochs = _epochs(score)
    lanes = _lanes(score)
    lane_top = 110 if epochs else 10
    classes = [name for name in LANES if score.other is not None and score.other.counts.get(name)]
    class_top = lane_top + 34 * len(lanes) + 4
    height = class_top + 18 * len(classes) + 36
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="The night: sleep stages and leg movements">'
    ]
    for gap in (event for event in score.context if event.event == "recording_gap"):
        x, width = LEFT + gap.onset_s * x_per_s, max(gap.duration_s * x_per_s, 1)
        parts.append(f'<rect x="{x:.1f}" y="2" width="{width:.1f}" height="{height - 42:.0f}" class="gap"/>')
    if epochs:
        parts += [words_at(LEFT - 8, 16 + 18 * row, STAGE_NAMES[name], "end") for row, name in enumerate(STAGES)]
        parts.append(_stage_line(epochs, x_per_s))
    for number, lane in enumerate(lanes):
        top = lane_top + 34 * number
        parts.append(words_at(LEFT - 8, top + 22, LANE_NAMES[lane], "end"))
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{top + 24}" y2="{top + 24}" class="axis"/>')
        parts += _ticks(score, lane, top, x_per_s)
    for number, name in enumerate(classes):
        parts += _class_lane(score, name, class_top + 18 * number, x_per_s)
    step = 3600 if span > 3 * 3600 else 600 if span > 1200 else 60
    for number in range(int(span // step) + 1):
        x = LEFT + number * step * x_per_s
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{height - 36:.0f}" y2="{height - 31:.0f}" class="axis"/>')
        if (number * step * x_per_s) % 55 < step * x_per_s or step * x_per_s > 40:
            anchor = "end" if x > WIDTH - RIGHT - 25 else "middle"
            parts.append(words_at(x, height - 19, clock(score, number * step), anchor))
    parts.append(
        words_at(LEFT, height - 4, "Tall: periodic. Middle: other leg movement. Short: mark left out by the rules.")
    )
    parts.append("</svg>")
    return Chart("The night", "".join(parts), _night_words(score), *_night_table(score, epochs, span))


def _night_words(score: Score) -> str:
    periodic = sum(_kind(movement) == "periodic" for movement in score.movements)
    other = sum(_kind(movement) == "other" for movement in score.movements)
    left_out = len(score.movements) - periodic - other
    own = () if score.other is None else score.other.events
    count = "1 movement of a class" if len(own) == 1 else f"{len(own)} movements of classes"
    beside = f" Beside them {count} of their own, which no rule set counts." if own else ""
    return (
        f"{len(score.movements)} marks of single legs: {periodic} in a periodic series under at least one rule set, "
        f"{other} other leg movements, {left_out} left out by every rule set.{beside}"
    )


def _night_table(
    score: Score, epochs: Sequence[Event], span: float
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    lanes = _lanes(score)
    own = None if score.other is None else score.other.events
    legs = [f"{LANE_NAMES[lane]}: {what}" for lane in lanes for what in ("leg movements", "periodic")]
    head = ("From", "Wake (min)", "REM (min)", "N1 to N3 (min)", *legs, "Other classes")
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
                clock(score, start),
                *(staged if epochs else ["not staged"] * 3),
                *(
                    str(sum(counts(one) for one in inside if one.side in (lane, "both")))
                    for lane in lanes
                    for counts in (_counts, _is_plm)
                ),
                "not searched" if own is None else str(sum(start <= event.onset_s < end for event in own)),
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


def _bounds(rule: str) -> tuple[float, float]:
    """Return the shortest and the longest interval (s) inside a series of a rule set."""
    numbers = {one.id: one.value for one in rule_set(rule).parameters}
    return numbers["interval_min"], numbers["interval_max"]


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
    low, high = _bounds(rule)
    x_per_s = (WIDTH - LEFT - RIGHT) / (BIN_S * len(bins))
    parts = [f'<svg viewBox="0 0 {WIDTH} 200" role="img" aria-label="Intervals of leg movements, {escape(rule)}">']
    parts.append(
        f'<rect x="{LEFT + low * x_per_s:.1f}" y="4" width="{(high - low) * x_per_s:.1f}" height="151" class="inside"/>'
    )
    for number, count in enumerate(bins):
        height = 140 * count / top
        x = LEFT + number * width
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{155 - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}" class="bar"/>'
        )
        if count:
            parts.append(words_at(x + width / 2, 150 - height, str(count), "middle"))
        if number % 2 == 0:
            parts.append(words_at(x, 172, str(number * BIN_S), "middle"))
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="155" y2="155" class="axis"/>')
    parts.append(
        words_at(LEFT, 192, "Seconds from the start of one movement to the start of the next (last bar: 95 s and more)")
    )
    parts.append("</svg>")
    rows = tuple(
        (f"{n * BIN_S} to {(n + 1) * BIN_S} s" if n < len(bins) - 1 else "95 s and more", str(count))
        for n, count in enumerate(bins)
        if count
    )
    inside = sum(low <= value <= high for value in found)
    words = f"{len(found)} intervals; {inside} of them last {low:g} to {high:g} seconds (shaded), as a series asks for."
    words += "".join(
        f" Periodicity index (intervals) {one.ours[rule]:.2f}. {one.text}"
        for one in score.norms
        if one.index == "periodicity_index_intervals" and rule in one.ours
    )
    return Chart(f"Intervals between movements ({rule})", "".join(parts), words, ("Interval", "Number"), rows)
