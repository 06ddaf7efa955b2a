"""How well leg movements are found on nights of known truth, by confounder: a table, and JSON with `--json`.

python benchmarks/detection.py                                 # every option, then all together at five rates
python benchmarks/detection.py --options ecg tone_rise --seeds 1 2 --rates 256
python benchmarks/detection.py --options all --seeds 1 2 3 4 5 --rates 128 512
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from matching import match

from legtwitch.events import detect_leg_movements
from legtwitch.model import Event
from legtwitch.recording import read
from legtwitch.scoring import score_leg_movements
from legtwitch.simulate import OPTIONS, night, write_night

MONTAGE = ("one_leg", "both_on_one_channel", "gap", "ecg_channel")
TOGETHER = tuple(name for name in OPTIONS if name not in MONTAGE)
RATES_HZ = (128, 200, 256, 500, 512)
AMPLITUDES_UV = ((8, 14), (14, 40), (40, 1000))
WITHIN_PER_HOUR, WITHIN_SHARE = 1.0, 0.05  # the goal for the PLMS index: whichever is larger
# A train of alternating or rhythmic bursts may or may not be taken for one movement: neither is counted.
MAY_BE_ONE = ("alma", "hypnagogic_foot_tremor")


@dataclass(slots=True)
class Tally:
    """Counts over nights and legs.

    onsets: (peak in uV, found minus true onset in s) of every pair. missed_uv: peaks of those missed.
    indices: (true, found) PLMS index of every night.
    """

    hits: int = 0
    misses: int = 0
    extras: int = 0
    onsets: list[tuple[float, float]] = field(default_factory=list)
    missed_uv: list[float] = field(default_factory=list)
    kinds: dict[str, list[int]] = field(default_factory=dict)
    legs: list[tuple[float, str]] = field(default_factory=list)
    indices: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    unscored: int = 0

    def add_leg(self, name: str, true: Sequence[Event], found: Sequence[Event]) -> None:
        """Match the movements of one leg of one night and count."""
        pairs = match([span(one) for one in true], [span(one) for one in found])
        partner = dict(pairs)
        optional = {index for index, one in enumerate(true) if one.attributes["kind"] in MAY_BE_ONE}
        hits = sum(index not in optional for index in partner)
        misses, extras = len(true) - len(optional) - hits, len(found) - len(pairs)
        self.hits, self.misses, self.extras = self.hits + hits, self.misses + misses, self.extras + extras
        self.legs.append((f1(hits, misses, extras), name))
        for index, one in enumerate(true):
            counts = self.kinds.setdefault(one.attributes["kind"], [0, 0])
            counts[1] += 1
            if index in partner:
                counts[0] += 1
                self.onsets.append((one.attributes["peak_uv"], found[partner[index]].onset_s - one.onset_s))
            elif index not in optional:
                self.missed_uv.append(one.attributes["peak_uv"])


def span(event: Event) -> tuple[float, float]:
    return event.onset_s, event.onset_s + event.duration_s


def f1(hits: int, misses: int, extras: int) -> float:
    """Return the harmonic mean of precision and recall; 1 where there is nothing to find and nothing found."""
    return 2 * hits / (2 * hits + misses + extras) if hits + misses + extras else 1.0


def run(options: Sequence[str], rate_hz: int, seeds: Sequence[int], hours: float) -> Tally:
    """Make the nights as files, detect, match leg by leg, and score truth and detections with the same rule sets."""
    tally = Tally()
    for seed in seeds:
        made = night(seed, hours=hours, rate_hz=rate_hz, with_=options)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "night.edf"
            write_night(file, made)
            recording = read(file)
            found = detect_leg_movements(recording)
        for side in sorted({one.side for one in (*made.truth, *found.events)}):
            true_of = [one for one in made.truth if one.side == side]
            found_of = [one for one in found.events if one.side == side]
            tally.add_leg(f"seed {seed} {side}", true_of, found_of)
        right, ours = score_leg_movements(recording, made.truth), score_leg_movements(recording, found.events)
        for rule, score in right.rules.items():
            want, got = score.values["plms_index"], ours.rules[rule].values["plms_index"]
            if want is None or got is None:
                tally.unscored += 1
            else:
                tally.indices.setdefault(rule, []).append((float(want), float(got)))
    return tally


def summary(name: str, rate_hz: int, tally: Tally) -> dict[str, object]:
    """Return one row: F1, its worst leg, onset errors (ms) and errors of the index (per hour)."""
    errors = np.array([error for _, error in tally.onsets]) * 1000
    bias = {}
    for low, high in AMPLITUDES_UV:
        part = np.array([error for peak, error in tally.onsets if low <= peak < high]) * 1000
        bias[f"{low}-{high}"] = round(float(part.mean()), 1) if len(part) else None
    return {
        "options": name,
        "rate_hz": rate_hz,
        "true": tally.hits + tally.misses,
        "hits": tally.hits,
        "misses": tally.misses,
        "extras": tally.extras,
        "f1": round(f1(tally.hits, tally.misses, tally.extras), 4),
        "worst_leg": {"f1": round(min(tally.legs)[0], 4), "where": min(tally.legs)[1]} if tally.legs else None,
        "highest_missed_uv": max(tally.missed_uv, default=None),
        "onset_error_ms": {
            "median": round(float(np.median(np.abs(errors))), 1) if len(errors) else None,
            "p95": round(float(np.percentile(np.abs(errors), 95)), 1) if len(errors) else None,
            "beyond_100_percent": round(100 * float(np.mean(np.abs(errors) > 100)), 1) if len(errors) else None,
            "bias_by_peak_uv": bias,
        },
        "plms_index": {rule: index_summary(pairs) for rule, pairs in tally.indices.items()},
        "nights_without_index": tally.unscored,
        "found_by_kind": {kind: f"{hits}/{number}" for kind, (hits, number) in sorted(tally.kinds.items())},
    }


def index_summary(pairs: Sequence[tuple[float, float]]) -> dict[str, object]:
    """Return the mean error, the largest with the true index of its night, and how many nights are within goal."""
    errors = [found - true for true, found in pairs]
    worst = max(range(len(pairs)), key=lambda night: abs(errors[night]))
    good = sum(abs(found - true) <= max(WITHIN_PER_HOUR, WITHIN_SHARE * true) for true, found in pairs)
    return {
        "mean_error": round(float(np.mean(errors)), 2),
        "largest_error": round(errors[worst], 2),
        "true_there": round(pairs[worst][0], 2),
        "within_goal": good,
        "nights": len(pairs),
    }


HEAD = (
    f"{'options':<22}{'Hz':>5}{'true':>6}{'miss':>6}{'to uV':>7}{'extra':>6}{'F1':>8}{'worst':>8}"
    f"{'onset ms: median':>18}{'p95':>7}{'>100':>7}{'bias by peak 8-14/14-40/40-':>30}"
    f"{'index: error of true, aasm':>30}{'wasm':>26}"
)


def line(row: dict[str, object]) -> str:
    """Return a row as text under `HEAD`."""
    onset, index, worst = row["onset_error_ms"], row["plms_index"], row["worst_leg"]
    bias = "/".join("-" if one is None else f"{one:+.0f}" for one in onset["bias_by_peak_uv"].values())  # type: ignore[index]
    errors = [index_text(index.get(rule)) for rule in ("aasm-v3", "wasm-2016")]  # type: ignore[attr-defined]
    return (
        f"{row['options']:<22}{row['rate_hz']:>5}{row['true']:>6}"
        f"{row['misses']:>6}{row['highest_missed_uv'] or 0:>7.1f}{row['extras']:>6}{row['f1']:>8.4f}"
        f"{worst['f1'] if worst else 1:>8.4f}{onset['median'] or 0:>18.0f}{onset['p95'] or 0:>7.0f}"  # type: ignore[index]
        f"{onset['beyond_100_percent'] or 0:>6.1f}%{bias:>30}"  # type: ignore[index]
        f"{errors[0]:>30}{errors[1]:>26}"
    )


def index_text(one: dict[str, object] | None) -> str:
    if one is None:
        return "-"
    return f"{one['largest_error']:+.2f} of {one['true_there']:.1f}, goal {one['within_goal']}/{one['nights']}"


def cases(options: Sequence[str], rates: Sequence[int]) -> list[tuple[str, tuple[str, ...], int]]:
    """Return what to run as (name, options, rate); without a choice each option at 256 Hz and all at five rates."""
    if not options:
        single = [("none", (), 256), *((name, (name,), 256) for name in OPTIONS)]
        return single + [("all together", TOGETHER, rate) for rate in rates or RATES_HZ]
    found = []
    for name in options:
        chosen = {"all": TOGETHER, "none": ()}.get(name, tuple(name.split("+")))
        found += [("all together" if name == "all" else name, chosen, rate) for rate in rates or (256,)]
    return found


def main() -> None:
    """Run what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--options", nargs="*", default=[], metavar="NAME", help="of the simulator (several as A+B), none, or all"
    )
    parser.add_argument("--rates", nargs="*", type=int, default=[], metavar="HZ")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all figures there, by kind of movement too")
    chosen = parser.parse_args()
    print(f"{len(chosen.seeds)} nights of {chosen.hours:g} h a row; worst: F1 of the worst leg")
    print("to uV: highest peak of those missed; >100: share of onsets off by more than 100 ms")
    print("index: largest error of a night, its true index, nights within 1 an hour or 5 %")
    print(HEAD)
    rows = []
    for name, options, rate_hz in cases(chosen.options, chosen.rates):
        rows.append(summary(name, rate_hz, run(options, rate_hz, chosen.seeds, chosen.hours)))
        print(line(rows[-1]))
        sys.stdout.flush()
    if chosen.json:
        document = {"seeds": chosen.seeds, "hours": chosen.hours, "least_overlap_ratio": 0.2, "rows": rows}
        chosen.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
