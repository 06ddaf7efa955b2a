"""WASM 2016 against `LM` of lunapi on tables rendered as clean bursts: movements, candidates and periodic ones.

    python benchmarks/lunapi_agreement.py --environment DIR    # one with lunapi: made by pip where it isn't there
    python benchmarks/lunapi_agreement.py --tables 20 --json OUT.json

Each table is written as an EDF file of an hour with two leg channels: 0.3 uV of rest, and during each movement a burst
of 60 uV with sharp edges, so that finding them is no question and only the rules are compared. Cases at a bound are
left out: every duration, gap and interval lies at least 0.4 s from a bound of the rules. lunapi (GPL) runs as a program
of its own in its own environment; neither the product nor its tests import it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from legtwitch.model import Event, Recording, Score, Verdict
from legtwitch.recording import EdfSignal, write_edf
from legtwitch.scoring import score_leg_movements

HERE = Path(__file__).parent
HOUR_S, RATE = 3600, 256
REST_UV, BURST_UV = 0.3, 60.0
NEAR_S = 0.5


@dataclass(frozen=True)
class Compared:
    """A joined movement of ours and what lunapi makes of it; None where it has none at that time."""

    onset_s: float
    ours: Verdict
    theirs: dict[str, Any] | None


def table(seed: int) -> tuple[list[Event], list[Event]]:
    """Return stages and movements of an hour: series, short and long intervals, long movements, both legs."""
    random = Random(seed)
    stages = [Event(0, 300, "stage_W")]
    while stages[-1].onset_s + stages[-1].duration_s < HOUR_S:
        start = stages[-1].onset_s + stages[-1].duration_s
        length = min(30 * random.randint(2, 20), HOUR_S - start)
        stages.append(Event(start, length, f"stage_{random.choice(('W', 'N1', 'N2', 'N2', 'N3', 'R'))}"))
    movements, at = [], 40.0
    while at < HOUR_S - 60:
        if at % 30 < 1 or at % 30 > 29:  # onsets stay clear of the edges of epochs
            at += 5
        movements += group(random, at)
        kind = random.random()
        if kind < 0.82:
            at += random.uniform(18.5, 40)
        elif kind < 0.9 and movements[-1].duration_s < 3 and movements[-1].onset_s == at:
            at += random.uniform(6.5, 9.5)
        else:
            at += random.uniform(95, 120)
    return [Event(one.onset_s, 30, one.event) for one in epochs(stages)], movements


def epochs(stages: list[Event]) -> list[Event]:
    return [Event(one.onset_s + 30 * n, 30, one.event) for one in stages for n in range(round(one.duration_s / 30))]


def group(random: Random, at: float) -> list[Event]:
    """Return a movement at a time, of one leg or both; some too long, some of too many parts."""
    side, other = random.sample(("left", "right"), 2)
    kind = random.random()
    if kind < 0.55:
        return [leg(at, random.uniform(1, 6), side)]
    if kind < 0.8:
        first = random.uniform(1, 4)
        late = random.choice((random.uniform(0.1, first - 0.2), first + 0.1))
        return [leg(at, first, side), leg(at + late, random.uniform(1, 4), other)]
    if kind < 0.9:
        return [leg(at, random.uniform(11, 14), side)]
    if kind < 0.95:
        return [leg(at, 9.4, side), leg(at + 9, random.choice((3, 8)), other)]
    parts = random.choice((3, 4, 5))
    return [leg(at + 1.3 * n, 1.2, (side, other)[n % 2]) for n in range(parts)]


def leg(onset: float, duration: float, side: str) -> Event:
    return Event(round(onset, 3), round(duration, 3), "leg_movement", side)  # type: ignore[arg-type]


def render(path: Path, stages: list[Event], movements: list[Event], seed: int) -> None:
    """Write the table as an EDF file with clean bursts."""
    noise = np.random.default_rng(seed)
    signals = []
    for name, side in (("LAT", "left"), ("RAT", "right")):
        values = noise.normal(0, REST_UV, HOUR_S * RATE)
        for one in movements:
            if one.side == side:
                span = slice(round(one.onset_s * RATE), round((one.onset_s + one.duration_s) * RATE))
                values[span] = BURST_UV * noise.choice((-1.0, 1.0), values[span].size)
        signals.append(EdfSignal(name, values, float(RATE), limit_uv=200))
    write_edf(path, signals, start=datetime(2026, 11, 1, 22, 30), events=stages)


def compare(result: Score, theirs: dict[str, Any]) -> tuple[list[Compared], int]:
    """Return every joined movement of ours with theirs, and how many of theirs are left."""
    left = list(theirs["events"])
    found, seen = [], set[str]()
    others = {one.id: one.verdicts["wasm-2016"].combined_with for one in result.movements}
    for one in result.movements:
        if one.id in seen:
            continue
        verdict = one.verdicts["wasm-2016"]
        seen.update(
            (one.id, *verdict.combined_with, *(same for part in verdict.combined_with for same in others[part]))
        )
        match = next((other for other in left if abs(other["start"] - one.onset_s) < NEAR_S), None)
        if match is not None:
            left.remove(match)
        found.append(Compared(one.onset_s, verdict, match))
    return found, len(left)


def environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "lunapi"], check=True)
    return python


def luna(python: Path, file: Path) -> dict[str, Any]:
    command = [str(python), "-W", "ignore", str(HERE / "runners" / "lunapi_lm.py"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"lunapi failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def counts(result: Score, theirs: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Return our and their number of each kind."""
    values = result.rules["wasm-2016"].values
    states = {row["SS"]: row for row in theirs["states"]}
    events = theirs["events"]
    return {
        "LM": (int(values["leg_movement_count"] or 0), len(events)),
        "CLM": (int(values["candidate_count"] or 0), sum(one["clm"] for one in events)),
        "PLM": (int(values["plm_count"] or 0), sum(one["plm"] for one in events)),
        "PLM in sleep": (int(values["plms_count"] or 0), int(float(states.get("S", {}).get("N_PLM", 0)))),
        "PLM in wake": (int(values["plmw_count"] or 0), int(float(states.get("W", {}).get("N_PLM", 0)))),
    }


def agrees(one: Compared) -> bool:
    theirs = one.theirs
    return theirs is not None and (bool(theirs["clm"]), bool(theirs["plm"])) == (one.ours.candidate, one.ours.plm)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--environment", type=Path, default=None)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    total: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    differing: list[tuple[int, Compared]] = []
    with tempfile.TemporaryDirectory() as folder:
        python = environment(options.environment or Path(folder) / "lunapi")
        for seed in range(1, options.tables + 1):
            stages, movements = table(seed)
            file = Path(folder) / f"{seed}.edf"
            render(file, stages, movements, seed)
            theirs = luna(python, file)
            recording = Recording(file.name, "EDF+C", None, HOUR_S, (), (), tuple(stages), ())
            result = score_leg_movements(recording, movements, rules=("wasm-2016",))
            found, only_theirs = compare(result, theirs)
            numbers = counts(result, theirs)
            if seed == 1:
                print("ours/theirs " + " ".join(f"{name:>14}" for name in numbers))
            print(f"table {seed:<5} " + " ".join(f"{f'{ours}/{other}':>14}" for ours, other in numbers.values()))
            rows.append({"table": seed, **numbers})
            for name, (ours, other) in numbers.items():
                total.update({f"{name} ours": ours, f"{name} theirs": other})
            total.update({"movements": len(found), "agree": sum(map(agrees, found)), "only theirs": only_theirs})
            differing += [(seed, one) for one in found if not agrees(one)]
    print(", ".join(f"{name} {count}" for name, count in total.items()))
    for seed, one in differing:
        ours = f"candidate {one.ours.candidate}, periodic {one.ours.plm}"
        print(f"table {seed}, {one.onset_s:.2f} s: ours {ours}; theirs {one.theirs}; {'; '.join(one.ours.reasons)}")
    if options.json:
        options.json.write_text(json.dumps({"tables": rows, "total": total}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
