"""Fasciculation detection on simulated EMG: recall by signal-to-noise, false events, rates and units.

Simulated, and no accuracy in people. Run: python benchmarks/emg.py [--seeds 9001,9002] [--minutes 5] [--only NAME]
Every recording is written as EDF+ and read back. Events match one to one within 20 ms of the middle of the potential.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

import legtwitch as lt
from legtwitch.simulate import emg, write_emg

BINS = (0.0, 2.0, 4.0, 8.0, 16.0, 1e9)
EMPTY = np.empty(0)
NEAR_S = 0.02
SURFACE: dict[str, tuple[str, tuple[str, ...], dict[str, int]]] = {
    "calf, quiet": ("benign_calf", (), {}),
    "calf, heart, mains, movement": ("benign_calf", ("ecg", "mains", "movement", "cable_tap", "electrode_pops"), {}),
    "calf, effort": ("benign_calf", ("voluntary",), {}),
    "calf, noisy, drifting": ("benign_calf", ("noisy", "noise_drift"), {}),
    "calf, superpositions, 1 kHz": ("benign_calf", ("superpositions",), {"rate_hz": 1000}),
    "als, 4 channels": ("als_like", ("ecg",), {"channels": 4}),
    "als, 8 channels, effort": ("als_like", ("voluntary", "mains"), {"channels": 8}),
    "foot": ("healthy_abductor_hallucis", (), {}),
    "silent": ("silent", (), {}),
    "silent, heart, mains, movement": ("silent", ("ecg", "mains", "movement", "cable_tap", "electrode_pops"), {}),
    "silent, quiet, heart": ("silent", ("quiet", "ecg", "respiration"), {}),
    "effort alone": ("voluntary_only", (), {}),
    "held out": ("held_out_calf", ("held_out_noise", "ecg", "voluntary"), {}),
}


@dataclass(slots=True)
class Tally:
    """What recordings of one kind add up to."""

    true: list[tuple[float, bool]] = field(default_factory=list)
    false: int = 0
    minutes: float = 0.0
    biases: list[float] = field(default_factory=list)
    units: list[tuple[int, int]] = field(default_factory=list)
    told: list[tuple[float, bool]] = field(default_factory=list)
    seconds: float = 0.0
    length_s: float = 0.0


def matched(true: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the true and of the found times have a partner within 20 ms; nearest pairs first."""
    hit, used = np.zeros(true.size, bool), np.zeros(found.size, bool)
    pairs = []
    for number, moment in enumerate(true.tolist()):
        low, high = np.searchsorted(found, (moment - NEAR_S, moment + NEAR_S))
        pairs += [(abs(found[one] - moment), number, one) for one in range(low, high)]
    for _, number, one in sorted(pairs):
        if not hit[number] and not used[one]:
            hit[number] = used[one] = True
    return hit, used


def run(recipe: str, with_: Sequence[str], more: dict[str, int], seed: int, minutes: float, tally: Tally) -> None:
    made = emg(seed, recipe=recipe, with_=with_, minutes=minutes, **more)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.edf"
        write_emg(path, made)
        begin = time.process_time()
        found = lt.detect(path, kinds=["fasciculation"], modality="surface_emg")
        tally.seconds += time.process_time() - begin
    tally.length_s += made.duration_s
    effort = [(one.onset_s, one.onset_s + one.duration_s) for one in made.truth if one.event == "voluntary_activity"]
    rows = [one for one in made.truth if one.event == "fasciculation"]
    beside = [one for one in rows if any(start - 1 < one.onset_s < stop + 1 for start, stop in effort)]
    rows = [one for one in rows if one not in beside]
    at = np.array([float(one.attributes["peak_s"]) for one in rows])
    order = np.argsort(at)
    at = at[order]
    snr = np.array([float(one.attributes["snr"]) for one in rows])[order]
    units = [str(rows[number].attributes["unit_id"]) for number in order.tolist()]
    tally_up(found, at, snr, units, tally, np.sort([float(one.attributes["peak_s"]) for one in beside]))


def tally_up(
    found: lt.Detection,
    at: np.ndarray,
    snr: np.ndarray,
    units: Sequence[str],
    tally: Tally,
    beside: np.ndarray = EMPTY,
) -> None:
    """Add what was found to the tally. at: true middles in s, ascending, with their snr and units.

    beside: middles of true ones within a second of effort; whether they are found or not counts nothing.
    """
    events = [one for one in found.events if one.event == "fasciculation"]
    events.sort(key=lambda one: one.onset_s + one.duration_s / 2)
    times = np.array([one.onset_s + one.duration_s / 2 for one in events])
    kept = np.flatnonzero(~matched(beside, times)[1])
    events, times = [events[number] for number in kept.tolist()], times[kept]
    hit, used = matched(at, times)
    tally.told += [(one.confidence, bool(right)) for one, right in zip(events, used, strict=True)]
    score = next(one for one in found.scores if one.kind == "fasciculation")
    tally.true += list(zip(snr.tolist(), hit.tolist(), strict=True))
    tally.false += int((~used).sum())
    tally.minutes += score.minutes
    seen = snr >= 4
    if seen.sum() >= 20:
        tally.biases.append((hit[seen].sum() + (~used).sum()) / seen.sum() - 1)
    true_units = sum(1 for count in Counter(units).values() if count >= 10)
    found_units = sum(1 for one in Counter(str(one.measures["unit_id"]) for one in events).values() if one >= 10)
    found_units -= sum(1 for one in events if one.measures["unit_id"] is None) >= 10
    tally.units.append((true_units, found_units))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="9001,9002,9003")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--only", default="")
    told = parser.parse_args()
    print("synthetic bench; recall by half peak-to-peak over noise: <2, 2-4, 4-8, 8-16, >=16")
    tallies: list[Tally] = []
    for name, (recipe, with_, more) in SURFACE.items():
        if told.only not in name:
            continue
        tally = Tally()
        tallies.append(tally)
        for seed in told.seeds.split(","):
            run(recipe, with_, more, int(seed), told.minutes, tally)
        print(line(name, tally), flush=True)
    print(calibration(tallies))


def calibration(tallies: Sequence[Tally]) -> str:
    """Return for each class of confidence how many events were told so and which share is true."""
    told = [one for tally in tallies for one in tally.told]
    if not told:
        return "confidence: nothing was told"
    cells = []
    for low, high in pairwise((0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)):
        own = [(sure, right) for sure, right in told if low <= sure < high]
        if own:
            sure, right = np.mean(own, axis=0)
            cells.append(f"{sure:.2f}: {right:.2f} ({len(own)})")
    score = np.mean([(sure - right) ** 2 for sure, right in told])
    return f"confidence: share true (events): {'  '.join(cells)}; Brier score {score:.4f}"


def line(name: str, tally: Tally) -> str:
    """Return one row of the table."""
    cells = []
    for low, high in pairwise(BINS):
        own = [hit for snr, hit in tally.true if low <= snr < high]
        cells.append(f"{np.mean(own):.2f}({len(own)})" if own else "-")
    bias = f"{100 * np.mean(tally.biases):+.0f} %" if tally.biases else "-"
    units = " ".join(f"{true}/{found}" for true, found in tally.units)
    false = tally.false / tally.minutes if tally.minutes else float("nan")
    return (
        f"{name:32} {' '.join(f'{cell:>10}' for cell in cells)}  false/min {false:5.2f}  bias {bias:>6}  "
        f"units {units}  scorable {tally.minutes / tally.length_s * 60:.2f}  cpu {tally.seconds / tally.length_s:.3f}"
    )


if __name__ == "__main__":
    main()
