"""What each reader makes of each damaged file of `damaged.py`, as a table in Markdown.

    python benchmarks/readers/measure.py --environment DIR       # made by pip where it isn't there
    python benchmarks/readers/measure.py --readers legtwitch     # only these, no environment needed
    python benchmarks/readers/measure.py --environment DIR --page docs/readers.md    # put the table into the page

Every reader runs as a process of its own on every file, with 60 s and 4 GB. `right`: samples in uV to 0.1 %, rates,
duration, start and annotations are all true. `wrong`: something is not, named; `silent` where the reader said nothing.
A file whose samples have no size (equal limits, no unit) is right only where the reader gives no microvolts for them.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from damaged import Damaged, Truth, damaged

HERE = Path(__file__).parent
READERS = ("legtwitch", "edfio", "mne", "pyedflib", "lunapi")
VOLTS = {"uV": 1.0, "µV": 1.0, "μV": 1.0, "mV": 1e3, "V": 1e6}
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *READERS[1:]], check=True)
    return python


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def run(python: Path, reader: str, file: Path) -> dict[str, Any]:
    """Return what a reader found, or how it ended."""
    command = [str(python), str(HERE / f"read_{reader}.py"), str(file)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=_limit, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return {"error": "no end after 60 s"}
    lines = done.stdout.replace(f"{file.parent}/", "").strip().splitlines()
    if not lines:
        return {"error": f"the process ended with code {done.returncode}", "crash": done.returncode < 0}
    return dict(json.loads(lines[-1]))


def _near(found: list[float], true: list[float]) -> bool:
    if len(found) != len(true):
        return False
    most = max((abs(value) for value in true), default=0.0)
    return all(math.isfinite(a) and abs(a - b) <= 0.001 * most for a, b in zip(found, true, strict=True))


def _microvolts(found: dict[str, Any], name: str) -> list[float] | None:
    """Return the samples of a channel in uV; None where there is no such channel or its unit is no voltage."""
    factor = VOLTS.get(found["units"].get(name, ""))
    given = found["values"].get(name)
    return None if given is None or factor is None else [value * factor for value in given]


def _about_values(found: dict[str, Any], name: str, true: list[float] | None) -> str | None:
    name = name if name in found["values"] else f"{name}-0"  # numbered where two have one name
    given = _microvolts(found, name)
    if true is None:
        return f"{name} has values, though nobody can know them" if given is not None and any(given) else None
    if name not in found["values"]:
        return f"no {name.removesuffix('-0')} but {', '.join(found['values']) or 'nothing'}"
    if given is None:
        return f"the unit of {name} is “{found['units'][name]}”"
    if len(given) != len(true):
        return f"{name} has {len(given)} of {len(true)} samples"
    return None if _near(given, true) else f"values of {name}"


def faults(found: dict[str, Any], truth: Truth) -> list[str]:
    """Return what is not true of what a reader found."""
    about = (_about_values(found, name, values) for name, values in truth.values_uv.items())
    wrong = [one for one in about if one is not None]
    for name, rate in truth.rates.items():
        if name in found["values"] and abs(found["rates"].get(name, 0) - rate) > 1e-6:
            wrong.append(f"rate of {name}")
    if not truth.values_uv and any(found["values"].values()):
        wrong.append("samples with an invented time")
    if abs(found["duration_s"] - truth.duration_s) > 0.01:
        wrong.append(f"lasts {found['duration_s']:g} instead of {truth.duration_s:g} s")
    if _start(found["start"]) != _start(truth.start):
        wrong.append(f"starts {found['start']} instead of {truth.start}")
    onsets, true = sorted(round(one, 3) for one in found["onsets"]), [round(one, 3) for one in truth.onsets]
    if onsets != true:
        wrong.append(f"annotations at {_listed(onsets)} instead of {_listed(true)} s")
    return wrong


def _listed(times: list[float]) -> str:
    return ", ".join(f"{one:g}" for one in times[:6]) + (" …" if times[6:] else "") if times else "no time"


def _start(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def verdict(found: dict[str, Any], one: Damaged, usual: set[str]) -> str:
    """Return one cell of the table. usual: what the reader says of the sound file, too."""
    if "error" in found:
        text = " ".join(str(found["error"]).split()).replace("|", "/")
        return f"**crashes** ({text[:60]})" if found.get("crash") else f"refuses: {text[:70]}"
    says = bool(set(found["said"]) - usual)
    if one.truth.no_recording:
        return "wrong, but says something: opens it" if says else "**wrong, silent**: opens it as a recording"
    wrong = faults(found, one.truth)
    if not wrong:
        return "right, says so" if says else "right"
    return ("wrong, but says something: " if says else "**wrong, silent**: ") + "; ".join(wrong[:3])


def _sum(cells: Iterable[str]) -> str:
    cells = list(cells)
    kinds = ("right", "refuses", "wrong, but", "**")
    return " / ".join(str(sum(cell.startswith(kind) for cell in cells)) for kind in kinds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--environment", type=Path)
    parser.add_argument("--readers", nargs="+", default=list(READERS), choices=READERS)
    parser.add_argument("--files", nargs="+", default=[])
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        others = [one for one in options.readers if one != "legtwitch"]
        python = environment(options.environment or folder / "readers") if others else Path(sys.executable)
        lines = ["| damage | " + " | ".join(options.readers) + " |", "|---" * (len(options.readers) + 1) + "|"]
        usual: dict[str, set[str]] = {}
        rows: list[list[str]] = []
        for number, one in enumerate(damaged()):
            if options.files and number and one.name not in options.files:
                continue
            file = folder / f"{one.name}.{'bdf' if one.name == 'bdf' else 'edf'}"
            file.write_bytes(one.content)
            cells = []
            for reader in options.readers:
                found = run(Path(sys.executable) if reader == "legtwitch" else python, reader, file)
                if not number:
                    usual[reader] = set(found.get("said", ()))
                cells.append(verdict(found, one, usual[reader]))
            rows.append(cells)
            lines.append(f"| {one.what} | " + " | ".join(cells) + " |")
            print(lines[-1], file=sys.stderr)
    lines.append(
        "| **right / refused / wrong, told / wrong, silent** | " + " | ".join(map(_sum, zip(*rows, strict=True))) + " |"
    )
    table = "\n".join(lines)
    print(table)
    if options.page:
        page = options.page.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        options.page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
