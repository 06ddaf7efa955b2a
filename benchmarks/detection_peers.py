"""The same nights by legtwitch, psgscoring and lunapi: F1 of single-leg movements by disturbance.

    python benchmarks/detection_peers.py                     # makes the competitors' environment in a temporary folder
    python benchmarks/detection_peers.py --environment DIR   # one made before by benchmarks/competitors.sh
    python benchmarks/detection_peers.py --options none ecg all --seeds 521 --hours 8 --json OUT.json

Every program reads the same EDF+ file; movements are matched one to one at an overlap of 0.2, leg by leg, as in
detection.py. Nights are simulated, by our own simulator. Movements longer than 10 s, which psgscoring leaves out by
design, are not counted against anybody.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from detection import MAY_BE_ONE, TOGETHER, f1, span
from matching import Span, match
from speed import HERE, environment

from legtwitch.events import detect_leg_movements
from legtwitch.model import Event
from legtwitch.recording import read
from legtwitch.simulate import night, write_night

Found = dict[str, dict[str, list[Span]]]
CHOSEN = ("none", "ragged_bursts", "noisy_rest", "tone_rise", "tone_steps", "ecg", "mains", "hum_bursts", "all")
LONGEST_S = 10.0


def others(python: Path, file: Path) -> Found:
    """Return the movements of each other program and leg."""
    found: Found = {}
    for runner in ("psgscoring_events", "lunapi_events"):
        done = subprocess.run(
            [str(python), "-W", "ignore", str(HERE / "runners" / f"{runner}.py"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{runner} failed:\n{done.stderr}")
        found |= json.loads(done.stdout.strip().splitlines()[-1])
    return found


def ours(file: Path) -> Found:
    """Return our movements of each leg."""
    events = detect_leg_movements(read(file)).events
    return {"legtwitch": {side: [span(one) for one in events if one.side == side] for side in ("left", "right")}}


def counts(true: Sequence[Event], found: Sequence[Span]) -> tuple[int, int, int]:
    """Return hits, misses and extras of one leg; what may or may not be found counts neither way."""
    pairs = dict(match([span(one) for one in true], list(found)))
    free = {
        index for index, one in enumerate(true) if one.attributes["kind"] in MAY_BE_ONE or one.duration_s > LONGEST_S
    }
    hits = sum(index not in free for index in pairs)
    extras = [index for index in range(len(found)) if index not in set(pairs.values())]
    extras = [index for index in extras if found[index][1] - found[index][0] <= LONGEST_S]
    return hits, len(true) - len(free) - hits, len(extras)


def row(name: str, seeds: Sequence[int], hours: float, rate_hz: int, python: Path) -> dict[str, float]:
    """Return F1 of each program over the nights of one disturbance."""
    options = {"none": (), "all": TOGETHER}.get(name, tuple(name.split("+")))
    total: dict[str, list[int]] = {}
    for seed in seeds:
        made = night(seed, hours=hours, rate_hz=rate_hz, with_=options)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "night.edf"
            write_night(file, made)
            found = ours(file) | others(python, file)
        for program, legs in found.items():
            for side, spans in legs.items():
                true = [one for one in made.truth if one.side == side]
                sums = total.setdefault(program, [0, 0, 0])
                total[program] = [a + b for a, b in zip(sums, counts(true, spans), strict=True)]
    return {program: round(f1(*one), 3) for program, one in total.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, metavar="DIR", help="folder of the competitors' environment")
    parser.add_argument("--options", nargs="*", default=list(CHOSEN), metavar="NAME")
    parser.add_argument("--seeds", nargs="*", type=int, default=[521])
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--rate", type=int, default=256)
    parser.add_argument("--json", type=Path, metavar="PATH")
    told = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        python = environment(told.environment or Path(folder) / "competitors")
        print(
            f"{len(told.seeds)} simulated night(s) of {told.hours:g} h a row, {told.rate} Hz; F1 of one leg's movements"
        )
        for name in told.options:
            rows[name] = row(name, told.seeds, told.hours, told.rate, python)
            if len(rows) == 1:
                print(f"{'disturbance':<18}" + "".join(f"{program:>26}" for program in rows[name]))
            print(f"{name:<18}" + "".join(f"{value:>26.3f}" for value in rows[name].values()), flush=True)
    if told.json:
        told.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
