"""Needle EMG: which discharge is taken for which, on simulated recordings.

python benchmarks/needle.py [--seeds 9301,9302]

A true event counts as taken for the class whose found events cover it for the longest; `nothing` where none does.
Simulated, and no accuracy in people.
"""

from __future__ import annotations

import argparse
from collections import Counter

import legtwitch as lt
from legtwitch.simulate import emg, emg_recording

RECIPES = (
    "fibrillations",
    "positive_sharp_waves",
    "end_plate_spikes",
    "complex_repetitive",
    "myotonic",
    "myokymic",
    "neuromyotonic",
    "benign_calf",
)
LEFT_OUT = ("voluntary_activity", "ecg_artifact", "electrode_pop", "movement_artifact", "artifact")
NEAR_S = 0.02


def pairs(recipe: str, seed: int, minutes: float) -> Counter[tuple[str, str]]:
    """Return how often a true event of the first class was taken for the second."""
    made = emg(seed, recipe=recipe, minutes=minutes, modality="needle_emg")
    events = lt.detect(emg_recording(made), modality="needle_emg").events
    found: Counter[tuple[str, str]] = Counter()
    for true in made.truth:
        if true.event in LEFT_OUT:
            continue
        covered: Counter[str] = Counter()
        for one in events:
            start = max(true.onset_s - NEAR_S, one.onset_s)
            stop = min(true.onset_s + true.duration_s + NEAR_S, one.onset_s + one.duration_s)
            if stop > start:
                covered[one.event] += stop - start
        found[true.event, covered.most_common(1)[0][0] if covered else "nothing"] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="9301,9302")
    parser.add_argument("--minutes", type=float, default=1.0)
    told = parser.parse_args()
    shares: dict[tuple[str, str], float] = {}
    for recipe in RECIPES:
        counts: Counter[tuple[str, str]] = Counter()
        for seed in told.seeds.split(","):
            counts += pairs(recipe, int(seed), told.minutes)
        for true in sorted({one for one, _ in counts}):
            own = {name: count for (one, name), count in counts.items() if one == true}
            total = sum(own.values())
            print(f"{recipe:22} {true:32}", dict(sorted(own.items(), key=lambda one: -one[1])), flush=True)
            for name, count in own.items():  # every recipe weighs the same, however many events it has
                shares[true, name] = shares.get((true, name), 0.0) + count / total
    scores = []
    for true in sorted({one for one, _ in shares}):
        right = shares.get((true, true), 0.0)
        every = sum(share for (one, _), share in shares.items() if one == true)
        named = sum(share for (_, name), share in shares.items() if name == true)
        scores.append(2 * right / (every + named))
        print(f"{true:32} F1 {scores[-1]:.2f}")
    print(f"macro-F1 {sum(scores) / len(scores):.2f}")


if __name__ == "__main__":
    main()
