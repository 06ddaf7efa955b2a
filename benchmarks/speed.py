"""File to both rule sets, as ratios to others in one run; peak memory with 2 and with 20 channels.

    python benchmarks/speed.py                       # makes the competitors' environment in a temporary folder
    python benchmarks/speed.py --environment DIR     # one made before by benchmarks/competitors.sh
    python benchmarks/speed.py --alone               # without competitors

Every program runs as a process of its own on the same file, by turns; the best run counts. `wall` and `cpu` begin
after the imports, `cold` is the CPU time of the whole process. Each gate is said to be met or not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from legtwitch.recording import EdfSignal, write_edf
from legtwitch.simulate import night, write_night

HERE = Path(__file__).parent
RUNNERS = HERE / "runners"


def measure(python: Path, runner: str, file: Path) -> dict[str, Any]:
    """Run a program on a file and return what it printed."""
    done = subprocess.run(
        [str(python), "-W", "ignore", str(RUNNERS / f"{runner}.py"), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{runner} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def best_of(runs: int, programs: dict[str, Path], file: Path) -> dict[str, dict[str, Any]]:
    """Run all programs by turns and return the least of each figure."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(runs):
        for name, python in programs.items():
            now = measure(python, name, file)
            before = best.setdefault(name, now)
            for figure in ("wall_s", "cpu_s", "cold_cpu_s", "peak_mb"):
                before[figure] = min(before[figure], now[figure])
    return best


def many_channels(path: Path, rate_hz: int, hours: float) -> None:
    """Write a night of 20 channels, two of them legs, that need not look like anything."""
    noise = np.random.default_rng(1).standard_normal(round(hours * 3600) * rate_hz, dtype=np.float32)
    names = ["LAT", "RAT", *(f"EEG {number}" for number in range(1, 19))]
    write_edf(path, [EdfSignal(name, noise, float(rate_hz)) for name in names], start=datetime(2026, 11, 1, 22, 30))


def environment(folder: Path) -> Path:
    """Return the competitors' Python, made anew where it isn't there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run(["sh", str(HERE / "competitors.sh"), str(folder)], check=True)
    return python


def gate(text: str, ratio: float, least: float, beside: str = "") -> None:
    print(f"{text:<58}{ratio:>8.2f}   at least {least:g}: {'met' if ratio >= least else 'NOT MET'}{beside}")


def against(other: dict[str, Any], ours: dict[str, Any], name: str, least: float) -> None:
    """Print how many times faster we are by the clock (gated), and in CPU time (less disturbed by other load)."""
    gate(
        f"{name} / legtwitch, wall",
        other["wall_s"] / ours["wall_s"],
        least,
        f"; cpu {other['cpu_s'] / ours['cpu_s']:.2f}",
    )


def main() -> None:
    """Make the files, run everything, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, metavar="DIR", help="folder of the competitors' environment")
    parser.add_argument("--alone", action="store_true", help="without competitors")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--rate", type=int, default=256)
    parser.add_argument("--json", type=Path, metavar="PATH")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, wide = Path(folder) / "night.edf", Path(folder) / "wide.edf"
        write_night(file, night(1, hours=chosen.hours, rate_hz=chosen.rate, with_=["ragged_bursts"]))
        programs = {"legtwitch_night": Path(sys.executable), "memmap_copy": Path(sys.executable)}
        if not chosen.alone:
            other = environment(chosen.environment or Path(folder) / "competitors")
            programs |= {"psgscoring_night": other, "mne_scipy_night": other}
        found = best_of(chosen.runs, programs, file)
        many_channels(wide, chosen.rate, chosen.hours)
        found["legtwitch_20_channels"] = measure(Path(sys.executable), "legtwitch_night", wide)
    print(f"{chosen.hours:g} h, 2 legs, {chosen.rate} Hz; best of {chosen.runs}")
    print(f"{'program':<24}{'wall s':>9}{'cpu s':>9}{'cold s':>9}{'peak MB':>9}")
    for name, one in found.items():
        print(f"{name:<24}{one['wall_s']:>9.2f}{one['cpu_s']:>9.2f}{one['cold_cpu_s']:>9.2f}{one['peak_mb']:>9.0f}")
    report(found)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def report(found: dict[str, dict[str, Any]]) -> None:
    """Print the ratios and whether the gates are met."""
    ours = found["legtwitch_night"]
    print(
        f"{'times a memmap copy of the two channels (wall)':<58}{ours['wall_s'] / found['memmap_copy']['wall_s']:>8.2f}"
    )
    if "psgscoring_night" in found:
        against(found["psgscoring_night"], ours, "psgscoring", 10)
        against(found["mne_scipy_night"], ours, "mne + scipy", 3)
        gate("psgscoring / legtwitch, cold CPU", found["psgscoring_night"]["cold_cpu_s"] / ours["cold_cpu_s"], 1.5)
    gate("250 MB / peak memory", 250 / ours["peak_mb"], 1)
    gate(
        "1.1 x peak with 2 channels / peak with 20",
        1.1 * ours["peak_mb"] / found["legtwitch_20_channels"]["peak_mb"],
        1,
    )


if __name__ == "__main__":
    main()
