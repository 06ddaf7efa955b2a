"""Periodic movements by hour of the night as a picture with its text twin."""

from __future__ import annotations

from legtwitch.model import NightHour, Score
from legtwitch.report.charts import LEFT, RIGHT, WIDTH, Chart, clock, words_at

LEAST_SLEEP_H = 0.1
"""With less sleep in an hour an index of it would be chance."""
_TOP, _BASE = 18, 158
_STYLES = ("bar", "bar hollow", "bar faint")


def hours(score: Score) -> Chart | None:
    """Draw the index of each hour under each rule set; None where no rule set has one.

    Dashed lines are norms of a whole night, drawn for size; they say nothing of single hours.
    """
    rules = {name: rule.plms_by_hour for name, rule in score.rules.items() if rule.plms_by_hour}
    if not rules:
        return None
    spans = [(one.from_s, one.to_s) for one in next(iter(rules.values()))]
    lines = [(one.limit if one.limit is not None else one.value, one) for one in score.norms if _is_line(one.id)]
    drawn = [(value, norm) for value, norm in lines if value is not None]
    highest = [_index(one) or 0.0 for hours_of in rules.values() for one in hours_of]
    top = max(5.0, *highest, *(value for value, _ in drawn)) * 1.1
    height = _BASE - _TOP
    slot = (WIDTH - LEFT - RIGHT) / len(spans)
    wide = min(60.0, 0.8 * slot / len(rules))
    parts = [f'<svg viewBox="0 0 {WIDTH} 205" role="img" aria-label="Periodic leg movements by hour of the night">']
    for value, _ in drawn:
        y = _BASE - height * value / top
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="dashed"/>')
        parts.append(words_at(LEFT - 8, y + 4, f"{value:g}", "end"))
    for place, hours_of in enumerate(rules.values()):
        for number, one in enumerate(hours_of):
            index = _index(one)
            middle = LEFT + (number + 0.5) * slot + (place - (len(rules) - 1) / 2) * wide
            if index is None:
                parts.append(words_at(middle, _BASE - 4, "–", "middle"))
                continue
            tall = height * index / top
            parts.append(
                f'<rect x="{middle - wide / 2 + 1:.1f}" y="{_BASE - tall:.1f}" width="{wide - 2:.1f}" '
                f'height="{tall:.1f}" class="{_STYLES[place % 3]}"/>'
            )
            parts.append(words_at(middle, _BASE - tall - 4, f"{index:.0f}", "middle"))
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_BASE}" y2="{_BASE}" class="axis"/>')
    parts += [
        words_at(LEFT + (n + 0.5) * slot, _BASE + 18, clock(score, a), "middle") for n, (a, _) in enumerate(spans)
    ]
    x = float(LEFT)
    for place, name in enumerate(rules):
        parts.append(f'<rect x="{x:.1f}" y="190" width="12" height="10" class="{_STYLES[place % 3]}"/>')
        parts.append(words_at(x + 17, 199, name))
        x += 110
    parts.append("</svg>")
    said = "Periodic leg movements an hour of sleep, hour by hour from lights off."
    said += "".join(f" Dashed at {value:g}: {norm.text}" for value, norm in drawn)
    head = (
        "From",
        *(f"{name}: number" for name in rules),
        *(f"{name}: an hour of sleep" for name in rules),
        "Asleep (min)",
    )
    rows = tuple(_row(score, number, list(rules.values())) for number in range(len(spans)))
    return Chart("Periodic leg movements by hour", "".join(parts), said, head, rows)


def _is_line(id: str) -> bool:
    return id in ("line_adults", "healthy_percentile")


def _index(one: NightHour) -> float | None:
    return one.plms / one.hours_of_sleep if one.hours_of_sleep >= LEAST_SLEEP_H else None


def _row(score: Score, number: int, rules: list[tuple[NightHour, ...]]) -> tuple[str, ...]:
    here = [hours_of[number] for hours_of in rules]
    indices = [_index(one) for one in here]
    return (
        clock(score, here[0].from_s),
        *(str(one.plms) for one in here),
        *("too little sleep" if value is None else f"{value:.1f}" for value in indices),
        f"{60 * here[0].hours_of_sleep:.0f}",
    )
