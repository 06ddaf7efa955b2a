"""The envelope around a movement as a picture, with the resting level and the thresholds that the detector used."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from legtwitch.model import Movement, Score, Trace
from legtwitch.report.charts import LEFT, WIDTH, Chart, clock, words_at

_BASE, _HEIGHT = 150, 140


def trace(snippet: Trace, movement: Movement, score: Score) -> Chart:
    """Draw the envelope around a movement with the resting level and the two thresholds above it."""
    start, end = snippet.times_s[0], snippet.times_s[-1]
    rise, fall = thresholds(movement)
    top = 1.05 * max(12.0, *snippet.envelope_uv, *(rest + rise for rest in snippet.baseline_uv))
    right = WIDTH - 130
    x_per_s = (right - LEFT) / max(end - start, 0.1)

    def line(values: Sequence[float], style: str) -> str:
        points = " ".join(
            f"{LEFT + (time - start) * x_per_s:.1f},{_BASE - _HEIGHT * value / top:.1f}"
            for time, value in zip(snippet.times_s, values, strict=True)
        )
        return f'<polyline points="{points}" class="{style}"/>'

    onset, offset = movement.onset_s, movement.onset_s + movement.duration_s
    x0, x1 = LEFT + (onset - start) * x_per_s, LEFT + (min(offset, end) - start) * x_per_s
    parts = [
        f'<svg viewBox="0 0 {WIDTH} 175" role="img" aria-label="Envelope around movement {escape(movement.id)}">',
        f'<rect x="{x0:.1f}" y="8" width="{max(x1 - x0, 1):.1f}" height="142" class="gap"/>',
        line([rest + rise for rest in snippet.baseline_uv], "dotted"),
        line([rest + fall for rest in snippet.baseline_uv], "dotted"),
        line(snippet.baseline_uv, "dashed"),
        line(snippet.envelope_uv, "stage"),
        words_at(LEFT - 8, 18, f"{top:.0f} µV", "end"),
        words_at(LEFT - 8, 152, "0", "end"),
        f'<line x1="{LEFT}" x2="{right}" y1="{_BASE}" y2="{_BASE}" class="axis"/>',
        *_labels(snippet, rise, fall, top, right),
        words_at(LEFT, 168, f"{start:.1f} s"),
        words_at(right, 168, f"{end:.1f} s", "end"),
        "</svg>",
    ]
    stage = "stage not known" if movement.stage == "unknown" else f"stage {movement.stage}"
    words = (
        f"{_leg(movement)}, {stage}, {clock(score, onset)}: from {onset:.2f} s, {movement.duration_s:.2f} s long; the "
        f"envelope reaches {max(snippet.envelope_uv):.0f} µV over a rest of {min(snippet.baseline_uv):.1f} µV. "
        f"It begins {rise:.1f} µV and ends {fall:.1f} µV above rest."
        if movement.verdicts
        else f"{_leg(movement)}, {clock(score, onset)}: from {onset:.2f} s, {movement.duration_s:.2f} s long."
    )
    title = f"Movement {movement.id}" if movement.verdicts else "No movement"
    title += f", {snippet.why}" if snippet.why else ""
    return Chart(title, "".join(parts), words, (), ())


def thresholds(movement: Movement) -> tuple[float, float]:
    """Return how far above rest (uV) the detector let a movement begin and end: wider where rest is unsteady."""
    from legtwitch.events import Parameters

    chosen, noise = Parameters(), movement.measures.get("noise_uv")
    unrest = noise if isinstance(noise, (int, float)) else 0.0
    return max(chosen.onset_uv, chosen.onset_noise * unrest), max(chosen.offset_uv, chosen.offset_noise * unrest)


def _leg(movement: Movement) -> str:
    return f"{movement.side} leg".capitalize() if movement.side in ("left", "right") else f"Channel {movement.channel}"


def _labels(snippet: Trace, rise: float, fall: float, top: float, right: float) -> list[str]:
    """Return the names of the lines beside their right ends, as far apart as letters are high."""
    rest = snippet.baseline_uv[-1]
    parts, lowest = [], 1000.0
    for level, words in (
        (rest, "rest"),
        (rest + fall, f"+{fall:.1f} µV: end"),
        (rest + rise, f"+{rise:.1f} µV: start"),
    ):
        y = min(_BASE - _HEIGHT * level / top + 4, lowest - 13)
        parts.append(words_at(right + 8, y, words))
        lowest = y
    return parts
