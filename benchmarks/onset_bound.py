"""How well the onset of a ragged movement can be told at all: by an observer who knows where each of its lumps lies.

    python benchmarks/onset_bound.py                     # 20,000 movements of the simulator at a rest of 1 uV

The observer is told the form of the envelope, all but its height: the bounds of every lump and the resting RMS. He
measures each lump's RMS, which noise of 90 Hz lets him know to 1 / sqrt(2 * degrees of freedom), and takes the first
that reaches the onset level. What he mistakes, no detector can tell: the lump lies too near the level. Printed for
several levels of his own, as a lower one trades late onsets for early ones. Synthetic.
"""

from __future__ import annotations

import argparse

import numpy as np

from legtwitch.simulate.envelope import ragged
from legtwitch.simulate.plan import plm_amplitude, plm_duration

ONSET_UV = 8.0
BAND_HZ = 90.0
FLAT = 0.98  # of its height: the part of a lump whose RMS is measured
FAR_MS = 100.0


def movement(made: np.random.Generator) -> np.ndarray:
    """Return the envelope (uV above rest, one value a ms) of a ragged movement that reaches the onset level."""
    while True:
        envelope = ragged(made, plm_amplitude(made), plm_duration(made))
        if envelope.max() >= ONSET_UV:
            return envelope


def observed(made: np.random.Generator, envelope: np.ndarray, rest_uv: float, level_uv: float) -> float | None:
    """Return where (ms) the observer puts the onset, None where he sees no movement."""
    inside = np.concatenate(([False], envelope > 0, [False]))
    for start, stop in np.flatnonzero(inside[1:] != inside[:-1]).reshape(-1, 2).tolist():
        lump = envelope[start:stop]
        height = float(lump.max())
        freedom = max(1, round(2 * BAND_HZ * np.count_nonzero(lump >= FLAT * height) / 1000))
        measured = (height + rest_uv) * np.sqrt(made.chisquare(freedom) / freedom)
        if measured >= rest_uv + level_uv:
            return float(start + np.flatnonzero(lump >= min(height, ONSET_UV))[0])
    return None


def main() -> None:
    """Print for each level of the observer how many he misses and how far off his onsets are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--movements", type=int, default=20_000)
    parser.add_argument("--rest", type=float, default=1.0, metavar="UV")
    chosen = parser.parse_args()
    print(
        f"{'level uV':>9}{'missed':>9}{'early':>9}{'late':>9}{'p95 ms':>9}   (early, late: by more than {FAR_MS:g} ms)"
    )
    for level in (7.0, 7.5, 8.0, 8.5):
        made = np.random.default_rng(chosen.seed)
        errors, missed = [], 0
        for _ in range(chosen.movements):
            envelope = movement(made)
            true = float(np.flatnonzero(envelope >= ONSET_UV)[0])
            found = observed(made, envelope, chosen.rest, level)
            if found is None:
                missed += 1
            else:
                errors.append(found - true)
        error = np.array(errors)
        early, late = np.mean(error < -FAR_MS), np.mean(error > FAR_MS)
        p95 = np.percentile(np.abs(error), 95)
        print(f"{level:>9.1f}{missed / chosen.movements:>9.3f}{early:>9.3f}{late:>9.3f}{p95:>9.0f}")


if __name__ == "__main__":
    main()
