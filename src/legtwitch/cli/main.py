"""The commands of `legtwitch`. Exit codes: 0 done, 2 bad usage or input (one plain sentence), 1 internal fault."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from legtwitch.cli.detect import detect
from legtwitch.cli.simulate import simulate
from legtwitch.errors import LegtwitchError, UsageError
from legtwitch.version import __version__

app = typer.Typer(
    name="legtwitch",
    help="For a leg that twitches: from a history and recordings to the kind of movement, the urgency, the causes "
    "that fit and a report for the doctor. Research and education software, not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(simulate, name="simulate")
app.command()(detect)

Outputs = Annotated[
    list[Path], typer.Option("-o", "--output", help="Write to this file; its suffix tells the kind. May be repeated.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"legtwitch {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options before the command."""


def _words(values: list[str]) -> list[str]:
    """Split repeated and comma-separated values alike."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


@app.command()
def assess(
    case: Annotated[Path, typer.Argument(help="Case file (YAML or JSON).")],
    output: Outputs = [],  # noqa: B006 - typer reads the default and does not change it
    json: Json = False,
) -> None:
    """Assess a case: history and recordings → urgency, kind of movement, causes, tests, care and a report.

    Outputs: .html (the report), .json, .txt. Without any, the report is printed as text.
    """
    from legtwitch import api
    from legtwitch.cli import output as out

    kinds = {".html": "html", ".json": "json", ".txt": "text"}
    out.kinds_of(output, tuple(kinds), [case])
    out.kinds_of(output, tuple(kinds), _named_in(case) if output else [])
    tell = out.progress(quiet=json)
    try:
        result = api.assess(case, progress=tell)
    finally:
        out.end_progress()
    for path in output:
        out.write_text(path, api.render(result, kinds[path.suffix.lower()]))
    if json:
        typer.echo(api.render(result, "json"), nl=False)
    elif output:
        typer.echo(f"{result.urgency.headline} ({result.urgency.level})")
        for path in output:
            typer.echo(str(path))
    else:
        typer.echo(api.render(result, "text"), nl=False)


def _named_in(case: Path) -> list[Path]:
    """Return the files that a case names; what is wrong with the case is told later, by `assess` itself."""
    from legtwitch import api
    from legtwitch.findings import read_case

    named = read_case(case, api.load_knowledge()).case.recordings
    return [case.parent / file for one in named for file in (one.file, *one.events)]


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="Signal file, or a file of marks.")],
    events: Annotated[list[Path], typer.Option("--events", help="File of marks to lay over it. May be repeated.")] = [],  # noqa: B006
    rules: Annotated[str, typer.Option("--rules", help="Rule sets, with commas.")] = "aasm-v3,wasm-2016",
    reading: Annotated[
        list[str], typer.Option("--reading", help="CLAUSE=VALUE for a clause on which the sources differ.")
    ] = [],  # noqa: B006
    robustness: Annotated[
        bool,
        typer.Option("--robustness", help="Also tell how far each index moves under other readings and changed marks."),
    ] = False,
    output: Outputs = [],  # noqa: B006
    json: Json = False,
) -> None:
    """Score leg movements by the AASM and WASM rules, with the reasons of every decision.

    Outputs: .html, .json, .tsv (movements as an event table), _events.tsv (BIDS, with _events.json beside it), .edf
    (annotations of EDF+). Without any, a table is printed.
    """
    from legtwitch import api
    from legtwitch.cli import output as out
    from legtwitch.cli.tables import score_table

    out.kinds_of(output, (".html", ".json", ".tsv", ".edf"), [file, *events])
    out.check_beside(output, [file, *events])
    readings = dict(_pair(one) for one in reading)
    tell = out.progress(quiet=json)
    try:
        tell(f"reading {file.name}")
        recording = api.read(file, events=list(events))
        result = api.score(recording, rules=_words([rules]), readings=readings, robustness=robustness, progress=tell)
    finally:
        out.end_progress()
    for path in output:
        if path.suffix.lower() in (".tsv", ".edf"):
            api.write_movements(path, result)
        else:
            out.write_text(path, api.render(result, path.suffix.lower()[1:]))
    if json:
        typer.echo(api.render(result, "json"), nl=False)
    elif output:
        for path in output:
            typer.echo(str(path))
    else:
        typer.echo(score_table(result), nl=False)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError("E103", "A reading is written CLAUSE=VALUE.", got=text, allowed="such as aasm_short=restart")
    return name.strip(), value.strip()


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Recording or file of marks.")],
    unit: Annotated[str | None, typer.Option(help="Unit where the file gives none: uV, mV, V; m/s2, g, mg.")] = None,
    rate: Annotated[float | None, typer.Option(help="Sampling rate in Hz of a table without a clock.")] = None,
    json: Json = False,
) -> None:
    """Say what is in a file, what is wrong with it, what was repaired in memory, and what can't be scored and why."""
    from legtwitch import api
    from legtwitch.cli import output as out
    from legtwitch.cli.tables import check_table

    document = api.check(file, unit=unit, rate_hz=rate)
    if json:
        out.print_json(document)
    else:
        typer.echo(check_table(document), nl=False)


@app.command()
def ask(
    case: Annotated[Path | None, typer.Argument(help="Case file to go on with, or to make.")] = None,
) -> None:
    """Ask the questions one by one in the terminal, safety first; the answers go into a case file."""
    from legtwitch.cli.interview import interview

    interview(case)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8765,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    host: Annotated[str, typer.Option(help="Where to listen; only this computer unless you say so.")] = "127.0.0.1",
    name: Annotated[list[str], typer.Option(help="Further name under which browsers call it. May be repeated.")] = [],  # noqa: B006
    data: Annotated[Path | None, typer.Option(help="Folder for kept cases.")] = None,
    most_mb: Annotated[int, typer.Option("--max-upload", help="Largest recording taken, in MB.")] = 2000,
) -> None:
    """Open the web app on this computer: one question at a time, recordings, result; answers are kept here alone."""
    from legtwitch.cli.serve import serve as run

    run(port=port, host=host, names=name, folder=data, most_mb=most_mb, browser=not no_browser)


@app.command()
def knowledge(
    id: Annotated[
        str | None, typer.Argument(help="Cause, finding, rule, question, source …; or `claims`, or `grades`.")
    ] = None,
    json: Json = False,
) -> None:
    """Print what the system believes and on which source.

    `claims`: the founding article's claims with verdicts. `grades`: the share of numbers by grade, and every number of
    grade D that an urgency rule or a published definition uses.
    """
    from legtwitch import api
    from legtwitch.cli import output as out
    from legtwitch.knowledge import printing

    known = api.load_knowledge()
    document = printing.dump(known) if id is None else printing.describe(known, id)
    if json:
        out.print_json(document)
    else:
        typer.echo(printing.as_text(document), nl=False)


def _usage_error(error: Any) -> UsageError:
    """Return click's complaint about the command line as one of ours."""
    context = getattr(error, "ctx", None)
    usage = context.get_usage().removeprefix("Usage: ").strip() if context is not None else ""
    message = str(error.format_message())
    return UsageError(
        "E101",
        message if message.endswith(".") else f"{message}.",
        got=" ".join(["legtwitch", *sys.argv[1:]]),
        allowed=usage,
        do="`legtwitch --help` lists the commands.",
    )


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 2 bad usage or input, 1 internal fault; never a traceback."""
    wants_json = "--json" in sys.argv[1:]
    try:
        code = app(standalone_mode=False)
    except LegtwitchError as error:
        from legtwitch.cli.output import print_error

        print_error(error, as_json=wants_json)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    except BrokenPipeError:
        from legtwitch.cli.output import discard_stdout

        discard_stdout()
        sys.exit(0)
    except Exception as error:
        from legtwitch.cli.output import discard_stdout, output_failed, print_error

        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{error}\n")
            sys.exit(0)
        failed = output_failed(error)
        if failed is not None:
            discard_stdout()
            print_error(failed, as_json=False)
            sys.exit(failed.exit_code)
        if hasattr(error, "format_message"):
            print_error(_usage_error(error), as_json=wants_json)
            sys.exit(2)
        if os.environ.get("LEGTWITCH_DEBUG"):
            raise
        fault = LegtwitchError(
            "E900",
            "Something went wrong inside legtwitch; this is our fault, not yours.",
            got=f"{type(error).__name__}: {error}",
            do="Please report it; LEGTWITCH_DEBUG=1 shows where it happened.",
        )
        print_error(fault, as_json=wants_json)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
