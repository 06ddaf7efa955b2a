"""Tremor, clonus and movements on phones of a second generator, which shares nothing with `legtwitch simulate`.

python benchmarks/motion_other.py [--seeds 1 2 3] [--only NAME]

The traces are in `motion_other_traces.py`. Simulated, and no accuracy in people. `visible`: a tremor with ten times
the power that noise has in 1 Hz about it; a twitch with an energy of 64 times that of a sample of noise, and a peak of
three times the pulse (choices). What lies amid another true event is not judged.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import motion_other_traces as of
import numpy as np

import legtwitch as lt
from legtwitch.model import Detected

WINDOW_S = 3.0
SAME = {"fasciculation": "short_potential", "voluntary_activity": "leg_movement", "large_body_movement": "leg_movement"}
CLASSES = ("tremor", "clonus", "leg_movement", "myoclonus", "short_potential")
NEAR_S = 0.15  # choice: how far a brief event may be off
Part = Callable[[of.Leg], None]


def rhythm(kind: str, low: float, high: float, second: float = 0.2) -> Part:
    """Two spells of a tremor, or one throughout."""

    def play(leg: of.Leg) -> None:
        size = float(np.exp(leg.rng.uniform(np.log(low), np.log(high))))
        if leg.rng.random() < 0.3:
            of.tremor(leg, kind, size, 1.0, leg.seconds - 1, second)
            return
        for start in (leg.rng.uniform(4, 10), leg.rng.uniform(35, 40)):
            of.tremor(leg, kind, size, start, start + leg.rng.uniform(9, 20), second)

    return play


def often(each: Callable[[of.Leg, float], None], least: float, most: float) -> Part:
    """The same kind of thing again and again, `least` to `most` s apart."""

    def play(leg: of.Leg) -> None:
        at = leg.rng.uniform(2, 4)
        while at < leg.seconds - 5:
            each(leg, at)
            at += leg.rng.uniform(least, most)

    return play


def logs(leg: of.Leg, low: float, high: float) -> float:
    return float(np.exp(leg.rng.uniform(np.log(low), np.log(high))))


JERKS = often(lambda leg, at: of.jerk(leg, at, logs(leg, 1.0, 15.0)), 1.5, 6.0)
TWITCHES = often(lambda leg, at: of.twitch(leg, at, logs(leg, 0.03, 0.5)), 0.6, 5.0)
KICKS = often(lambda leg, at: of.lift(leg, at, leg.rng.uniform(0.5, 4.0), logs(leg, 0.03, 0.5)), 7.0, 14.0)
RUNS = often(lambda leg, at: of.clonus(leg, at, logs(leg, 1.0, 10.0), logs(leg, 0.4, 8.0)), 12.0, 15.0)


def stretches(hz: tuple[float, float], size: tuple[float, float]) -> Part:
    def play(leg: of.Leg) -> None:
        for start in (6.0, 34.0):
            of.tapping(leg, start, start + leg.rng.uniform(8, 20), leg.rng.uniform(*hz), logs(leg, *size))

    return play


def mixed(leg: of.Leg) -> None:
    """Rest tremor, jerks, twitches, a run of clonus and a kick in turn, over a pulse."""
    of.pulse(leg, 0.01)
    of.tremor(leg, "rest", logs(leg, 0.1, 1.0), 3.0, 18.0)
    for at in (21.0, 23.5, 26.0):
        of.jerk(leg, at, logs(leg, 1.5, 10.0))
    for at in (29.0, 30.5, 32.0, 34.0):
        of.twitch(leg, at, logs(leg, 0.1, 0.5))
    of.clonus(leg, 37.0, leg.rng.uniform(2, 6), logs(leg, 1.0, 6.0))
    of.lift(leg, 47.0, leg.rng.uniform(1, 3), 0.2)
    of.turning(leg, 53.0)


def gaps(leg: of.Leg) -> None:
    of.tremor(leg, "rest", 0.3, 5.0, 50.0)
    leg.gaps = [(20.0, 20.0 + leg.rng.uniform(0.3, 3.0)), (40.0, 41.0)]


@dataclass(frozen=True)
class Plan:
    """What a recording contains. noise: RMS of an axis in m/s2; step: of the sensor in m/s2."""

    parts: tuple[Part, ...] = ()
    noise: tuple[float, float] = (0.003, 0.03)
    step: float = 0.0
    glitches: int = 0


PLANS: dict[str, Plan] = {
    "rest tremor": Plan((rhythm("rest", 0.05, 1.0),)),
    "postural tremor": Plan((rhythm("postural", 0.05, 1.0),)),
    "orthostatic tremor": Plan((rhythm("orthostatic", 0.05, 1.0),)),
    "small rest tremor": Plan((rhythm("rest", 0.02, 0.06),)),
    "small postural tremor": Plan((rhythm("postural", 0.02, 0.06),)),
    "small orthostatic tremor": Plan((rhythm("orthostatic", 0.02, 0.06),)),
    "tremor with harmonics": Plan((rhythm("rest", 0.1, 1.0, 0.8),)),
    "tremor, noisy, coarse": Plan((rhythm("rest", 0.1, 0.5),), (0.03, 0.05), 0.15, 4),
    "tremor, pulse, kicks": Plan((rhythm("rest", 0.1, 1.0), KICKS, lambda leg: of.pulse(leg, 0.02))),
    "tremor, gaps": Plan((gaps,)),
    "clonus": Plan((RUNS,)),
    "jerks": Plan((JERKS,)),
    "twitches": Plan((TWITCHES,), (0.003, 0.03)),
    "twitches, pulse": Plan((lambda leg: of.pulse(leg, 0.02), TWITCHES), (0.003, 0.01)),
    "kicks": Plan((KICKS,)),
    "mixed": Plan((mixed,)),
    "foot tapping": Plan((stretches((1.0, 3.0), (0.5, 4.0)),)),
    "leg agility": Plan((stretches((1.0, 2.5), (3.0, 8.0)),)),
    "walking": Plan((lambda leg: of.walking(leg, 8.0, 50.0),)),
    "turning over": Plan((often(of.turning, 12, 20),)),
    "pulse": Plan((lambda leg: of.pulse(leg, leg.rng.uniform(0.01, 0.06)),), (0.003, 0.01)),
    "vehicle": Plan((of.vehicle,)),
    "washing machine": Plan((of.washer,)),
    "handled": Plan((lambda leg: of.handled(leg, 0.3, 4.0), lambda leg: of.handled(leg, 30.0, 6.0))),
    "finger taps": Plan((often(of.taps, 3, 8),)),
    "silent": Plan(noise=(0.003, 0.05)),
    "silent, coarse, glitches": Plan((), (0.02, 0.05), 0.15, 6),
}


def make(name: str, seed: int) -> of.Leg:
    """Return the recording of a plan, 60 s long."""
    plan = PLANS[name]
    rng = np.random.default_rng((4711, seed, list(PLANS).index(name)))
    noise = float(np.exp(rng.uniform(*np.log(plan.noise))))
    leg = of.Leg(60.0, rng, noise, float(rng.choice((50.0, 52.0, 60.0, 100.0, 100.0, 128.0, 200.0))), plan.step)
    leg.glitches = plan.glitches
    for part in plan.parts:
        part(leg)
    return leg


@dataclass
class Tally:
    """Windows (tremor found or not, where there is one or not), errors in Hz, pairs of classes, false events."""

    windows: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    errors: dict[str, list[float]] = field(default_factory=lambda: {"tremor": [], "clonus": []})
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_size: list[tuple[str, float, str]] = field(default_factory=list)
    false: Counter[str] = field(default_factory=Counter)
    minutes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.windows += other.windows
        self.pairs += other.pairs
        self.false += other.false
        self.minutes += other.minutes
        self.by_size += other.by_size
        for name, errors in other.errors.items():
            self.errors[name] += errors


def share(span: tuple[float, float], events: Sequence[tuple[float, float]]) -> float:
    """Return how much of a span events fill."""
    filled = sum(max(0.0, min(span[1], stop) - max(span[0], start)) for start, stop in events)
    return filled / (span[1] - span[0])


def compare(leg: of.Leg, found: Sequence[Detected], tally: Tally) -> None:
    """Add a recording."""
    told = [(SAME.get(one.event, one.event), one.onset_s, one.onset_s + one.duration_s, one) for one in found]
    told = [one for one in told if one[0] in CLASSES]
    tremors = [(start, stop) for name, start, stop, _ in told if name == "tremor"]
    for start in np.arange(0, leg.seconds - WINDOW_S, WINDOW_S).tolist():
        span = (start, start + WINDOW_S)
        here = [one for one in leg.truth if one.name in ("tremor", "clonus", "handled")]
        full = share(span, [(one.start, one.stop) for one in here if one.name == "tremor" and one.visible])
        if full >= 0.8 and share(span, leg.gaps) < 0.2:
            tally.windows[True, share(span, tremors) >= 0.5] += 1
        elif share(span, [(one.start, one.stop) for one in here]) <= 0.1:
            tally.windows[False, share(span, tremors) >= 0.5] += 1
    for one in leg.truth:
        if not any(other is not one and other.start < one.stop and one.start < other.stop for other in leg.truth):
            _pair(one, told, tally)
    names = {one.name for one in leg.truth}
    moved = [one for one in leg.truth if one.name in ("handled", "tap")]
    for name in CLASSES:
        if name not in names:
            tally.minutes[name] += leg.seconds / 60  # type: ignore[assignment]
            tally.false[name] += sum(
                said == name and not (name == "leg_movement" and _near(moved, start, stop))
                for said, start, stop, _ in told
            )
    for said, start, stop, _ in told:
        if not _near(leg.truth, start, stop):
            tally.pairs["nothing", said] += 1


def _near(true: Sequence[of.Truth], start: float, stop: float) -> bool:
    return any(start < one.stop + NEAR_S and stop > one.start - NEAR_S for one in true)


def _pair(one: of.Truth, told: Sequence[tuple[str, float, float, Detected]], tally: Tally) -> None:
    """Say which class a true event was taken for: the one that fills most of it. Others it also got count as false."""
    wide = NEAR_S if one.stop - one.start < 0.5 else 0.0
    filled: Counter[str] = Counter()
    for name, start, stop, _ in told:
        common = min(stop, one.stop + wide) - max(start, one.start - wide)
        if common > 0:
            filled[name] += common  # type: ignore[assignment]
    said = filled.most_common(1)[0][0] if filled else "nothing"
    if one.name in ("tap", "handled"):
        for name in filled:
            tally.pairs["nothing", name] += name != "leg_movement"
        tally.by_size.append((one.name, one.size, said))
        return
    tally.by_size.append((one.name, one.size, said))
    if not one.visible:
        return
    tally.pairs[one.name, said] += 1
    if said == one.name in tally.errors:
        own = [
            (min(stop, one.stop) - max(start, one.start), event) for name, start, stop, event in told if name == said
        ]
        hz = max(own, key=lambda pair: pair[0])[1].measures.get("freq_hz")
        if hz is not None:
            tally.errors[said].append(float(hz) - one.hz)


def score(pairs: Counter[tuple[str, str]]) -> dict[str, float]:
    """Return F1 by class."""
    each = {}
    for name in CLASSES:
        true = sum(count for (was, _), count in pairs.items() if was == name)
        told = sum(count for (_, said), count in pairs.items() if said == name)
        if true:
            each[name] = 2 * pairs[name, name] / (true + told)
    return each


def line(name: str, one: Tally) -> str:
    """Return a row."""
    there, empty = (one.windows[is_so, True] + one.windows[is_so, False] for is_so in (True, False))
    sens = f"{one.windows[True, True] / there:6.3f}" if there else "     –"
    spec = f"{one.windows[False, False] / empty:6.3f}" if empty else "     –"
    errors = [f"{np.abs(told).max():5.2f}" if told else "    –" for told in one.errors.values()]
    false = ", ".join(
        f"{said} {count / one.minutes[said]:.2f}" for said, count in one.false.items() if count and one.minutes[said]
    )
    wrong = ", ".join(
        f"{was}>{said} {count}" for (was, said), count in one.pairs.most_common() if was not in (said, "nothing")
    )
    right = sum(count for (was, said), count in one.pairs.items() if was == said)
    true = sum(count for (was, _), count in one.pairs.items() if was != "nothing")
    return f"{name:25s} {sens} {spec} {errors[0]} {errors[1]} {right:4d}/{true:<4d} | {false} | {wrong}"


def sizes(told: Sequence[tuple[str, float, str]]) -> None:
    """Print recall by class and size."""
    edges = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, np.inf)
    for name in CLASSES:
        cells = []
        for low, high in itertools.pairwise(edges):
            own = [said for was, size, said in told if was == name and low <= size < high]
            if own:
                cells.append(f"{low:g}-{high:g}: {np.mean([said == name for said in own]):.2f} of {len(own)}")
        print(f"  recall of {name} by m/s2: " + "; ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", default="")
    told = parser.parse_args()
    every = Tally()
    print(f"{'':25s} {'sens':>6s} {'spec':>6s} tr Hz cl Hz right     | false events a minute | taken for another")
    with tempfile.TemporaryDirectory() as folder:
        for name in PLANS:
            if told.only not in name:
                continue
            tally = Tally()
            for seed in told.seeds:
                leg = make(name, seed)
                path = Path(folder) / "phone.csv"
                first = of.write(leg, path, seed)
                leg.truth = [
                    of.Truth(one.name, one.start - first, one.stop - first, one.size, one.hz, one.visible)
                    for one in leg.truth
                ]
                compare(leg, lt.detect(path).events, tally)
            print(line(name, tally), flush=True)
            every.add(tally)
    print(line("together", every))
    each = score(every.pairs)
    if each:
        print(f"macro-F1 {np.mean(list(each.values())):.3f}: " + ", ".join(f"{n} {v:.2f}" for n, v in each.items()))
    for name, errors in every.errors.items():
        if errors:
            size = np.abs(errors)
            print(f"{name} Hz: {np.mean(size <= 0.3):.2f} of {size.size} within 0.3, worst {size.max():.2f}")
    sizes(every.by_size)


if __name__ == "__main__":
    main()
