"""Our fasciculation detector beside neurokit2's detectors of EMG onsets, on the same simulated recordings.

python benchmarks/emg_peers.py --environment DIR    # made before by `sh benchmarks/competitors.sh DIR`

neurokit2 finds activity of any kind and was not made for single potentials; no open program counts fasciculations. An
onset counts as true within 50 ms of the middle of a true potential of snr 4 or more, one to one; effort is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import emg as bench
import numpy as np

import legtwitch as lt
from legtwitch.simulate import emg, write_emg

KINDS = (
    "calf, quiet",
    "calf, heart, mains, movement",
    "calf, effort",
    "calf, noisy, drifting",
    "calf, superpositions, 1 kHz",
    "foot",
    "silent, heart, mains, movement",
    "effort alone",
)
NEAR_S = 0.05
Stretch = tuple[float, float]


def pairs(true: np.ndarray, found: np.ndarray) -> int:
    """Return how many found times have a true one within 50 ms, one to one, in order of time."""
    used, place = 0, 0
    for moment in np.sort(found).tolist():
        while place < true.size and true[place] < moment - NEAR_S:
            place += 1
        if place < true.size and true[place] <= moment + NEAR_S:
            used, place = used + 1, place + 1
    return used


def row(name: str, results: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], minutes: float) -> str:
    """Return one line: true, found (loud and faint potentials) and the found times of each recording."""
    hits = sum(pairs(clear, found) for clear, _, found in results)
    right = sum(pairs(every, found) for _, every, found in results)
    true, found = sum(one[0].size for one in results), sum(one[2].size for one in results)
    recall, precision = hits / true if true else float("nan"), right / found if found else float("nan")
    f1 = 2 * recall * precision / (recall + precision) if recall + precision > 0 else float("nan")
    return (
        f"{name:22} recall {recall:5.2f}  precision {precision:5.2f}  F1 {f1:5.2f}  "
        f"false/min {(found - right) / minutes:6.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, required=True)
    parser.add_argument("--seeds", default="9401,9402")
    parser.add_argument("--minutes", type=float, default=2.0)
    told = parser.parse_args()
    runner = Path(__file__).parent / "runners" / "neurokit2_onsets.py"
    for kind in KINDS:
        recipe, with_, more = bench.SURFACE[kind]
        results: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
        faults: dict[str, str] = {}
        minutes = 0.0
        for seed in told.seeds.split(","):
            made = emg(int(seed), recipe=recipe, with_=with_, minutes=told.minutes, **more)
            effort = [
                (o.onset_s - 1, o.onset_s + o.duration_s + 1) for o in made.truth if o.event == "voluntary_activity"
            ]
            minutes += (made.duration_s - sum(stop - start for start, stop in effort)) / 60
            rows = [o.attributes for o in made.truth if o.event == "fasciculation"]
            every = outside(np.sort([float(one["peak_s"]) for one in rows]), effort)
            clear = outside(np.sort([float(one["peak_s"]) for one in rows if float(one["snr"]) >= 4]), effort)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "made.edf"
                write_emg(path, made)
                events = lt.detect(path, kinds=["fasciculation"], modality="surface_emg").events
                done = subprocess.run(
                    [told.environment / "bin" / "python", runner, path], capture_output=True, text=True, check=True
                )
            own = np.array([one.onset_s for one in events if one.event == "fasciculation"])
            results.setdefault("legtwitch", []).append((clear, every, outside(own, effort)))
            for one in json.loads(done.stdout):
                name = f"neurokit2 {one['method']}"
                if one["onsets"] is None:
                    faults[name] = one["error"]
                else:
                    results.setdefault(name, []).append((clear, every, outside(np.array(one["onsets"]), effort)))
        print(kind)
        for name, found in results.items():
            print("  " + row(name, found, minutes))
        for name, fault in faults.items():
            print(f"  {name:22} failed: {fault[:90]}", flush=True)


def outside(times: np.ndarray, stretches: Sequence[Stretch]) -> np.ndarray:
    """Return the times that lie in none of the stretches."""
    inside = [any(start < one < stop for start, stop in stretches) for one in times.tolist()]
    return times[~np.array(inside, dtype=bool)]


if __name__ == "__main__":
    main()
