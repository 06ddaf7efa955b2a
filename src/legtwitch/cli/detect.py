"""`legtwitch detect`: fasciculations, tremor and other movements in a recording made awake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from legtwitch.model import Detection, KindScore

_SHOWN = (
    ("count", "events"),
    ("rate_per_min", "per minute of rest"),
    ("rate_low", "  95 % interval from"),
    ("rate_high", "  95 % interval to"),
    ("distinct_units", "motor units"),
    ("amplitude_median_uv", "median amplitude, uV"),
    ("interval_median_s", "median interval, s"),
    ("isolated_share", "share of isolated discharges"),
    ("two_isolated_units_share", "share of 10 s with two isolated units"),
    ("rate_50uv_2min", "per minute of 50 uV or more, first 2 minutes"),
)


def detect(
    file: Annotated[Path, typer.Argument(help="Recording: EDF, BDF, CSV, WFDB, or of a phone.")],
    modality: Annotated[
        str | None, typer.Option(help="surface_emg, needle_emg, accelerometer or polysomnography; else it is told.")
    ] = None,
    kind: Annotated[list[str], typer.Option("--kind", help="Events to look for, with commas; else all.")] = [],  # noqa: B006
    muscle: Annotated[
        str | None, typer.Option(help="Muscle, such as gastrocnemius; without it nothing is interpreted.")
    ] = None,
    side: Annotated[str | None, typer.Option(help="left or right.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit where the file gives none: uV, mV, V; m/s2, g.")] = None,
    rate: Annotated[float | None, typer.Option(help="Sampling rate in Hz of a table without a clock.")] = None,
    posture: Annotated[str | None, typer.Option(help="What the limb was doing: at_rest, holding, standing …")] = None,
    age: Annotated[float | None, typer.Option(help="Age in years, for norms.")] = None,
    mode: Annotated[
        str, typer.Option(help="How voluntary activity is told from rest: screening, sensitive or specific.")
    ] = "sensitive",
    output: Annotated[
        list[Path],
        typer.Option("-o", "--output", help="Write to this file; its suffix tells the kind. May be repeated."),
    ] = [],  # noqa: B006
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")] = False,
) -> None:
    """Find fasciculations, tremor, clonus, cramps and other movements in a recording made awake.

    Outputs: .html, .json, .tsv (an event table), .edf (annotations of EDF+). Without any, a table is printed.
    """
    from legtwitch import api
    from legtwitch.cli import output as out

    out.kinds_of(output, (".html", ".json", ".tsv", ".edf"), [file])
    kinds = [word.strip() for one in kind for word in one.split(",") if word.strip()]
    tell = out.progress(quiet=json)
    try:
        result = api.detect(
            file,
            modality=modality,
            kinds=kinds or None,
            muscle=muscle,
            side=side,
            posture=posture,
            age=age,
            mode=mode,
            unit=unit,
            rate_hz=rate,
            progress=tell,
        )
    finally:
        out.end_progress()
    for path in output:
        _write(path, result)
    if json:
        typer.echo(api.render(result, "json"), nl=False)
    elif output:
        for path in output:
            typer.echo(str(path))
    else:
        typer.echo("\n".join(_table(result)))


def _write(path: Path, result: Detection) -> None:
    from legtwitch import api
    from legtwitch.cli import output as out
    from legtwitch.recording import write_annotations, write_events
    from legtwitch.report import as_json_detect

    suffix = path.suffix.lower()
    if suffix == ".tsv":
        write_events(path, as_json_detect.rows(result))
    elif suffix == ".edf":
        write_annotations(path, as_json_detect.marks(result), start=result.start, duration_s=result.duration_s)
    else:
        out.write_text(path, api.render(result, suffix[1:]))


def _table(result: Detection) -> Iterator[str]:
    from legtwitch.cli.tables import problem_lines

    kind = result.modality.replace("_", " ")
    yield f"{result.file}: {result.duration_s / 60:.1f} min, {kind} ({result.modality_why})"
    counts: dict[str, int] = {}
    for event in result.events:
        counts[event.event] = counts.get(event.event, 0) + 1
    found = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()))
    yield f"Found: {found or 'nothing'}"
    for score in result.scores:
        yield from _score_lines(score)
    yield from problem_lines(result.quality)


def _score_lines(score: KindScore) -> Iterator[str]:
    from legtwitch.report.words import number

    if score.kind != "voluntary_activity" or score.values.get("count"):
        place = (score.muscle or "muscle not stated").replace("_", " ")
        side = "" if score.side == "n/a" else f", {score.side}"
        channels = ", ".join(score.channels[:4]) + (" …" if len(score.channels) > 4 else "")
        yield ""
        yield f"{score.kind.replace('_', ' ')}, {place}{side} ({channels}), {score.minutes:.2f} min"
        shown = dict(_SHOWN)
        for name, value in score.values.items():
            if name in shown or (score.kind not in ("fasciculation", "short_potential") and value is not None):
                why = f"   ({score.reasons[name]})" if name in score.reasons else ""
                yield f"  {shown.get(name, name.replace('_', ' ')):46}{number(value):>12}{why}"
        if score.norm:
            yield f"  {score.norm}"
