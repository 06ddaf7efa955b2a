"""How well rhythms and motion are found where the truth is known: tremor, clonus, classes; how true confidences are.

python benchmarks/motion.py                    # everything, seeds 1001 to 1005
python benchmarks/motion.py --seeds 90001 90002 --only tremor clonus
python benchmarks/motion.py --only table        # the decision table alone, on drawn features

All figures are of simulated recordings and say nothing of patients.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from motion_features import drawn
from motion_sine import HARD, sine_recording

from legtwitch.events.decision import decide
from legtwitch.events.motion import detect_motion
from legtwitch.events.rhythm import Place, detect_rhythms
from legtwitch.model import Detected, Event, Recording
from legtwitch.recording import muscle_of, read
from legtwitch.simulate import MOTION_RECIPES, accelerometer, emg, emg_recording, write_accelerometer
from legtwitch.simulate.accelerometer import SimulatedAccelerometer

WINDOW_S = 3.0
MOTION_OPTIONS = ((), ("noisy",), ("pulse", "clock_jitter"), ("voluntary", "glitches", "coarse"), ("vehicle",))
EMG_RECIPES = (
    "rest_tremor", "postural_tremor", "orthostatic_tremor", "clonus", "myoclonus", "cramp", "voluntary_only",
    "stepping", "walking", "silent", "benign_calf", "als_like",
)  # fmt: skip
# A sensor can't know what was meant: a movement of a leg at will and one that was not are one class here.
SAME = {"fasciculation": "short_potential", "voluntary_activity": "leg_movement"}
MOTION_CLASSES = ("tremor", "clonus", "leg_movement", "myoclonus", "short_potential")
BRIEF = ("short_potential", "myoclonus")
SIZES = (0, 1, 1.5, 2, 3, 4, 8, 16, np.inf)
EMG_CLASSES = ("tremor", "clonus", "myoclonus", "cramp")


@dataclass(slots=True)
class Tally:
    """Counts of windows, errors of frequency (Hz) and beats, pairs of classes, confidences with what was right."""

    hits: int = 0
    misses: int = 0
    extras: int = 0
    rejected: int = 0
    tremor_hz: list[float] = field(default_factory=list)
    clonus_hz: list[float] = field(default_factory=list)
    beats: list[int] = field(default_factory=list)
    clonus_missed: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: list[tuple[str, float, bool]] = field(default_factory=list)
    fast: int = 0
    brief: list[tuple[str, float, bool, str]] = field(default_factory=list)

    @property
    def sensitivity(self) -> float:
        return self.hits / max(self.hits + self.misses, 1)

    @property
    def specificity(self) -> float:
        return self.rejected / max(self.rejected + self.extras, 1)

    def add_windows(self, true: Sequence[Event], found: Sequence[Detected], duration_s: float) -> None:
        """Compare windows of 3 s side by side; those that a tremor fills by 20 to 80 % count as neither."""
        for start in np.arange(0, duration_s - WINDOW_S, WINDOW_S):
            told = covered(start, [one for one in found if one.event == "tremor"])
            is_so = covered(start, [one for one in true if one.event in ("tremor", "clonus")])
            only = covered(start, [one for one in true if one.event == "tremor"])
            if only >= 0.8:
                self.hits, self.misses = self.hits + (told >= 0.5), self.misses + (told < 0.5)
            elif is_so <= 0.2:
                self.extras, self.rejected = self.extras + (told >= 0.5), self.rejected + (told < 0.5)

    def add_events(self, true: Sequence[Event], found: Sequence[Detected], classes: Sequence[str]) -> None:
        """Pair each true event with the one found that shares most of it."""
        used: set[int] = set()
        for one in true:
            name = SAME.get(one.event, one.event)
            if name not in classes:
                continue
            best = max(found, key=lambda event, one=one: shared(one, event), default=None)
            if best is None or shared(one, best) <= 0:
                self.pairs[name, "none"] += 1
                self.clonus_missed += name == "clonus"
                continue
            used.add(id(best))
            said = SAME.get(best.event, best.event)
            self.pairs[name, said] += 1
            self.told.append((said, best.confidence, said == name))
            if name == best.event and "freq_hz" in one.attributes and best.measures.get("freq_hz") is not None:
                error = float(best.measures["freq_hz"] or 0) - float(one.attributes["freq_hz"])
                (self.clonus_hz if name == "clonus" else self.tremor_hz if name == "tremor" else []).append(error)
            if name == best.event == "clonus":
                self.beats.append(int(best.measures["beats"] or 0) - int(one.attributes["beats"]))
            elif name == "clonus":
                self.clonus_missed += 1
        for event in found:
            said = SAME.get(event.event, event.event)
            if said in classes and id(event) not in used and not any(shared(one, event) > 0 for one in true):
                self.pairs["none", said] += 1
                self.told.append((event.event, event.confidence, False))

    def add_brief(self, true: Sequence[Event], found: Sequence[Detected], rest: float) -> None:
        """Keep of each twitch and jerk its peak over the RMS of rest, whether it lies in another event, what it was."""
        for one in true:
            name = SAME.get(one.event, one.event)
            if name not in BRIEF:
                continue
            best = max(found, key=lambda event, one=one: shared(one, event), default=None)
            seen = best is not None and shared(one, best) > 0
            said = SAME.get(best.event, best.event) if best is not None and seen else "none"
            amid = any(other is not one and touches(one, other) for other in true)
            self.brief.append((name, float(one.attributes["peak_mps2"]) / rest, amid, said))


def touches(one: Event, other: Event) -> bool:
    """Return whether two true events overlap."""
    return one.onset_s < other.onset_s + other.duration_s and other.onset_s < one.onset_s + one.duration_s


def rest_rms(made: SimulatedAccelerometer) -> float:
    """Return the RMS (m/s2) of an axis outside all true events, without what is slower than 1 s and the wildest 1 %."""
    calm = np.ones(len(made.times_s), dtype=bool)
    for one in made.truth:
        calm &= (made.times_s < one.onset_s - 0.5) | (made.times_s > one.onset_s + one.duration_s + 0.5)
    size = round(made.rate_hz)
    smooth = np.stack([np.convolve(axis, np.ones(size) / size, mode="same") for axis in made.acceleration.T], axis=1)
    calm[:size] = calm[-size:] = False
    left = (made.acceleration - smooth)[calm].ravel()
    low, high = np.quantile(left, (0.005, 0.995))
    return float(left[(left >= low) & (left <= high)].std())


def covered(start: float, events: Sequence[Event] | Sequence[Detected]) -> float:
    """Return the share of a window that events fill."""
    stop = start + WINDOW_S
    return sum(max(0.0, min(stop, one.onset_s + one.duration_s) - max(start, one.onset_s)) for one in events) / WINDOW_S


def shared(one: Event, other: Detected) -> float:
    """Return how many seconds two events share, more where they are of like length."""
    common = min(one.onset_s + one.duration_s, other.onset_s + other.duration_s) - max(one.onset_s, other.onset_s)
    return common / max(one.duration_s, other.duration_s, 1e-3)


def moved(events: Sequence[Event], by_s: float) -> list[Event]:
    """Return events with onsets from the first sample on."""
    return [
        Event(one.onset_s - by_s, one.duration_s, one.event, one.side, one.channel, one.attributes) for one in events
    ]


def motion(seeds: Sequence[int], minutes: float | None) -> dict[str, Tally]:
    """Phones on a leg, through a file with a jittered clock, by recipe; with disturbances in turn."""
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        for recipe in MOTION_RECIPES:
            tally = tallies.setdefault(recipe, Tally())
            for number, seed in enumerate(seeds):
                options = MOTION_OPTIONS[number % len(MOTION_OPTIONS)]
                made = accelerometer(seed, recipe=recipe, with_=options, minutes=minutes)
                path = Path(folder) / f"{recipe}{seed}.csv"
                write_accelerometer(path, made, app="headerless")
                found = detect_motion(read(path)).events
                truth = moved(made.truth, float(made.times_s[0]))
                tally.add_windows(truth, found, made.duration_s)
                tally.add_events(truth, found, MOTION_CLASSES)
                tally.add_brief(truth, found, rest_rms(made))
    return tallies


def muscles(seeds: Sequence[int], minutes: float) -> dict[str, Tally]:
    """EMG of the skin by recipe; each muscle with its own truth."""
    tallies: dict[str, Tally] = {}
    for recipe in EMG_RECIPES:
        tally = tallies.setdefault(recipe, Tally())
        for seed in seeds:
            made = emg(seed, recipe=recipe, minutes=minutes)
            recording: Recording = emg_recording(made)
            names = [one.name for one in recording.channels if one.role != "ecg"]
            places = {name: Place(muscle_of(name).muscle, muscle_of(name).side) for name in names}
            found = detect_rhythms(recording, places=places).events
            for name in names:
                true = [one for one in made.truth if one.channel == name]
                own = [one for one in found if one.channel == name]
                tally.add_windows(true, own, made.duration_s)
                tally.add_events([one for one in true if one.event in EMG_CLASSES], own, EMG_CLASSES)
    return tallies


def sines(seeds: Sequence[int]) -> dict[str, Tally]:
    """A second generator, two pages long: sines that wander, noise, gravity; harmonics; no other code in common."""
    tallies: dict[str, Tally] = {}
    for kind in HARD:
        tally = tallies.setdefault(kind, Tally())
        for seed in seeds:
            for turn in range(4):
                recording, truth = sine_recording(kind, 10 * seed + turn)
                found = detect_motion(recording).events
                tally.add_windows(truth, found, recording.duration_s)
                tally.add_events(truth, found, ("tremor", "clonus"))
                slow = any(one.event == "tremor" and float(one.attributes["freq_hz"]) < 12 for one in truth)
                if slow or not truth:
                    tally.fast += sum(
                        float(one.measures.get("freq_hz") or 0) >= 12.5 for one in found if one.event == "tremor"
                    )
    return tallies


def row(name: str, one: Tally) -> str:
    windows = f"{one.sensitivity:6.3f}" if one.hits + one.misses else "     –"
    clear = f"{one.specificity:6.3f}" if one.rejected + one.extras else "     –"
    worst = f"{max(map(abs, one.tremor_hz)):5.2f}" if one.tremor_hz else "    –"
    runs = (
        f"{len(one.beats):3d}/{len(one.beats) + one.clonus_missed:<3d}" if one.beats or one.clonus_missed else "     –"
    )
    beats = f"{np.mean(np.abs(one.beats) <= 1):5.2f}" if one.beats else "    –"
    clonus = f"{max(map(abs, one.clonus_hz)):5.2f}" if one.clonus_hz else "    –"
    return f"{name:26s} {windows} {clear} {worst}  {runs} {beats} {clonus}"


HEAD = f"{'':26s} {'sens':>6s} {'spec':>6s} {'Hz':>5s}  {'clonus':>7s} {'±1':>5s} {'Hz':>5s}"


def together(tallies: dict[str, Tally]) -> Tally:
    """Return the sum of tallies."""
    every = Tally()
    for one in tallies.values():
        every.hits, every.misses = every.hits + one.hits, every.misses + one.misses
        every.extras, every.rejected = every.extras + one.extras, every.rejected + one.rejected
        every.tremor_hz += one.tremor_hz
        every.clonus_hz += one.clonus_hz
        every.beats += one.beats
        every.clonus_missed += one.clonus_missed
        every.pairs += one.pairs
        every.told += one.told
        every.fast += one.fast
        every.brief += one.brief
    return every


def macro_f1(
    every: Counter[tuple[str, str]], classes: Sequence[str], *, matched: bool = False
) -> tuple[float, dict[str, float]]:
    """Return the mean F1 over classes that occur, and each. matched: only of events that were found and are true."""
    each = {}
    pairs = Counter({pair: count for pair, count in every.items() if not (matched and "none" in pair)})
    for name in classes:
        hits = pairs[name, name]
        true = sum(count for (was, _), count in pairs.items() if was == name)
        told = sum(count for (_, said), count in pairs.items() if said == name)
        if true:
            each[name] = 2 * hits / (true + told)
    return float(np.mean(list(each.values()))), each


def print_classes(pairs: Counter[tuple[str, str]], classes: Sequence[str]) -> None:
    score, each = macro_f1(pairs, classes)
    print(f"  macro-F1 {score:.3f}: " + ", ".join(f"{name} {value:.2f}" for name, value in each.items()))
    if any("none" in pair for pair in pairs):
        print(f"  macro-F1 of the class where a true event was found: {macro_f1(pairs, classes, matched=True)[0]:.3f}")
    wrong = [(count, pair) for pair, count in pairs.items() if pair[0] != pair[1]]
    for count, (was, said) in sorted(wrong, reverse=True)[:6]:
        print(f"    {was} taken for {said}: {count}")


def print_calibration(told: Sequence[tuple[str, float, bool]]) -> None:
    """Print by confidence how many were right; a good probability has both alike."""
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = [(chance, right) for _, chance, right in told if low <= chance < high]
        if inside:
            print(
                f"    {low:.2f} to {min(high, 1):.2f}: mean {np.mean([one for one, _ in inside]):.2f}, "
                f"right {np.mean([right for _, right in inside]):.2f}, of {len(inside)}"
            )


def print_group(title: str, tallies: dict[str, Tally], classes: Sequence[str]) -> None:
    print(f"\n{title}\n{HEAD}")
    for name, one in tallies.items():
        print(row(name, one))
    every = together(tallies)
    print(row("together", every))
    print_classes(every.pairs, classes)
    print_calibration(every.told)


def print_brief(brief: Sequence[tuple[str, float, bool, str]]) -> None:
    """Print how many twitches and jerks were seen, and called so, by peak over the RMS of rest."""
    print("  by peak over the RMS of an axis at rest: found, and in the right class, of all")
    for name in BRIEF:
        for low, high in itertools.pairwise(SIZES):
            own = [said for was, size, amid, said in brief if was == name and not amid and low <= size < high]
            if own:
                words = f"{low:g} to {high:g}" if high < np.inf else f"{low:g} and more"
                print_share(name, words, own)
        print_share(name, "amid another event", [said for was, _, amid, said in brief if was == name and amid])


def print_share(name: str, words: str, own: Sequence[str]) -> None:
    if own:
        seen, right = np.mean([said != "none" for said in own]), np.mean([said == name for said in own])
        print(f"    {name:16s} {words:20s} {seen:5.2f} {right:5.2f}  {len(own)}")


def table(draws: int, missing: float) -> None:
    """The decision table on drawn features, a share of which is missing."""
    pairs: Counter[tuple[str, str]] = Counter()
    told = []
    for was, features in drawn(draws, missing=missing):
        said = decide(features, least=0.0)
        pairs[was, said.event] += 1
        told.append((said.event, said.confidence, said.event == was))
    print(f"\nDecision table, {len(told)} drawn sets of features, {missing:.0%} of them missing")
    print_classes(pairs, sorted({was for was, _ in pairs}))
    print_calibration(told)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1001, 1002, 1003, 1004, 1005])
    parser.add_argument("--minutes", type=float, default=4.0, help="of EMG; of phones by the recipe unless given")
    parser.add_argument("--only", nargs="+", choices=["motion", "sines", "emg", "table"])
    asked = parser.parse_args()
    parts = asked.only or ["motion", "sines", "emg", "table"]
    if "motion" in parts:
        phones = motion(asked.seeds, None)
        print_group("Phones on a leg (simulated)", phones, MOTION_CLASSES)
        print_brief(together(phones).brief)
    if "sines" in parts:
        tallies = sines(asked.seeds)
        print_group("Sines that wander, noise, gravity (second generator)", tallies, ("tremor", "clonus"))
        print(f"  tremor told at 12.5 Hz or more where there is none so fast: {together(tallies).fast}")
    if "emg" in parts:
        print_group("EMG of the skin (simulated)", muscles(asked.seeds, asked.minutes), EMG_CLASSES)
    if "table" in parts:
        for missing in (0.0, 0.25, 0.5):
            table(200, missing)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
