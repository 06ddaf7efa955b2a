"""`legtwitch simulate …`: recordings with known truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

simulate = typer.Typer(help="Make a recording with known truth.", no_args_is_help=True, rich_markup_mode=None)

Seed = Annotated[int, typer.Option(help="The same seed and options give the same bytes.")]
With = Annotated[list[str], typer.Option("--with", help="Confounder by name; may be repeated, or with commas.")]


def _words(values: list[str]) -> list[str]:
    """Split repeated and comma-separated values alike."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _make(out: Path, suffixes: tuple[str, ...], what: str, make: Callable[[], object]) -> None:
    """Make a recording, tell of it, and print the names of its two files."""
    from legtwitch.cli.output import end_progress, kinds_of, progress

    kinds_of([out], suffixes, [])
    tell = progress()
    tell(f"making {what}")
    try:
        make()
    finally:
        end_progress()
    typer.echo(str(out))
    typer.echo(f"{out}.truth.tsv")


@simulate.command("night")
def night(
    out: Annotated[Path, typer.Argument(help="EDF+ file to write; the truth goes to OUT.truth.tsv.")],
    seed: Seed,
    with_: With = [],  # noqa: B006 - typer reads the default and does not change it
    hours: Annotated[float, typer.Option(help="Length of the night.")] = 8.0,
    rate: Annotated[int, typer.Option("--rate", help="Sampling rate of the leg channels in Hz.")] = 256,
) -> None:
    """Write a night as EDF+ with sleep stages and leg movements of known truth."""
    from legtwitch import api

    _make(
        out,
        (".edf",),
        "a night",
        lambda: api.simulate_night(seed, hours=hours, rate_hz=rate, with_=_words(with_), path=out),
    )


@simulate.command("emg")
def emg(
    out: Annotated[Path, typer.Argument(help="EDF+ or CSV file to write; the truth goes to OUT.truth.tsv.")],
    seed: Seed,
    recipe: Annotated[str, typer.Option(help="What the muscles do, such as benign_calf or als_like.")] = "benign_calf",
    with_: With = [],  # noqa: B006
    minutes: Annotated[float | None, typer.Option(help="Length; 10, of a needle 2.")] = None,
    rate: Annotated[int | None, typer.Option("--rate", help="Sampling rate in Hz; 2000, of a needle 20000.")] = None,
    channels: Annotated[int | None, typer.Option(help="Number of channels; one a muscle.")] = None,
    modality: Annotated[str | None, typer.Option(help="surface_emg or needle_emg; by the recipe.")] = None,
    unit: Annotated[str, typer.Option(help="Unit of the numbers in the file: uV, mV or V.")] = "uV",
) -> None:
    """Write an EMG of an awake person as EDF+ or CSV, with fasciculations and other events of known truth."""
    from legtwitch import api

    _make(
        out,
        (".edf", ".csv"),
        "an EMG",
        lambda: api.simulate_emg(
            seed,
            recipe=recipe,
            minutes=minutes,
            rate_hz=rate,
            channels=channels,
            modality=modality,
            with_=_words(with_),
            unit=unit,
            path=out,
        ),
    )


@simulate.command("accelerometer")
def accelerometer(
    out: Annotated[Path, typer.Argument(help="CSV file to write; the truth goes to OUT.truth.tsv.")],
    seed: Seed,
    recipe: Annotated[str, typer.Option(help="What the leg does, such as rest_tremor or leg_movements.")] = "rest",
    with_: With = [],  # noqa: B006
    minutes: Annotated[float | None, typer.Option(help="Length; 2 to 60 by the recipe.")] = None,
    rate: Annotated[float, typer.Option("--rate", help="Nominal sampling rate in Hz.")] = 100.0,
    placement: Annotated[str, typer.Option(help="shin, ankle or thigh.")] = "shin",
    app: Annotated[str, typer.Option(help="phyphox, physics_toolbox, sensor_logger or headerless.")] = "phyphox",
    unit: Annotated[str | None, typer.Option(help="m/s2 or g; by the app.")] = None,
) -> None:
    """Write what a phone strapped to a leg records, as an app exports it, with events of known truth."""
    from legtwitch import api

    _make(
        out,
        (".csv",),
        "a recording of movement",
        lambda: api.simulate_accelerometer(
            seed,
            recipe=recipe,
            minutes=minutes,
            rate_hz=rate,
            placement=placement,
            with_=_words(with_),
            app=app,
            unit=unit,
            path=out,
        ),
    )
