"""How well movements that are classes of their own are told apart on simulated nights of known truth: a table.

python benchmarks/night_classes.py                              # every class alone, then all together and ragged ones
python benchmarks/night_classes.py --seeds 601 602 --rates 128 512

Sensitivity: true events of which a found one of the class covers a part. False: found ones that cover no true event of
the class. Twitches of 0.5 s or longer are leg movements by the letter of the rules and are not looked for here; body
movements of 15 s or less can't be told from leg movements by two leg channels.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from legtwitch.events import detect_leg_movements
from legtwitch.model import Event, OtherMovements
from legtwitch.simulate import SimulatedNight, night
from legtwitch.simulate.files import as_recording

TRAINS = ("hypnagogic_foot_tremor", "high_frequency_leg_movement")
ALIKE = {"hypnagogic_foot_tremor": TRAINS}
CLASSES = {
    "alma": "alma",
    "foot_tremor": "hypnagogic_foot_tremor",
    "fragmentary_myoclonus": "fragmentary_myoclonus",
    "rem_twitches": "rem_twitch",
    "large_body_movements": "large_body_movement",
}
NIGHTS = (
    *((option,) for option in CLASSES),
    tuple(CLASSES),
    ("ragged_bursts", "cross_talk", "noisy_rest", "ecg", *CLASSES),
    ("ragged_bursts", "short_intervals", "wake_movements"),
)
HEAD = f"{'options':<66}{'Hz':>5}  {'class':<24}{'true':>6}{'found':>7}{'sensitivity':>13}{'false':>7}"


def touched(one: Event, others: Sequence[Event]) -> bool:
    """Return whether one of the others shares time, and a leg, with an event."""
    return any(
        one.onset_s < other.onset_s + other.duration_s
        and other.onset_s < one.onset_s + one.duration_s
        and (one.side == other.side or "both" in (one.side, other.side))
        for other in others
    )


def looked_for(made: SimulatedNight, name: str) -> list[Event]:
    """Return the true events of a class that two leg channels can show as such."""
    true = [one for one in made.others if one.event == name]
    if name == "rem_twitch":
        return [one for one in true if one.duration_s < 0.5]
    return [one for one in true if name != "large_body_movement" or one.duration_s > 16]


def rows(made: SimulatedNight, other: OtherMovements) -> list[tuple[str, int, int, int, int]]:
    """Return for each class: name, true, found, true ones that were found, found ones that are not true."""
    result = []
    for name in CLASSES.values():
        true, every = looked_for(made, name), [one for one in made.others if one.event == name]
        found = [one for one in other.events if one.event in ALIKE.get(name, (name,))]
        hits = sum(touched(one, found) for one in true)
        result.append((name, len(true), len(found), hits, sum(not touched(one, every) for one in found)))
    return result


def main() -> None:
    """Run what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", nargs="*", type=int, default=[601])
    parser.add_argument("--rates", nargs="*", type=int, default=[256], metavar="HZ")
    chosen = parser.parse_args()
    print(f"{len(chosen.seeds)} simulated nights of 8 h a row")
    print(HEAD)
    for rate_hz in chosen.rates:
        for options in NIGHTS:
            total: dict[str, list[int]] = {name: [0, 0, 0, 0] for name in CLASSES.values()}
            for seed in chosen.seeds:
                made = night(seed, rate_hz=rate_hz, with_=options)
                for name, *counts in rows(made, detect_leg_movements(as_recording(made)).other):
                    total[name] = [a + b for a, b in zip(total[name], counts, strict=True)]
            words = " ".join(options)
            if not any(true or found for true, found, _, _ in total.values()):
                print(f"{words:<66}{rate_hz:>5}  nothing there and nothing found", flush=True)
            for name, (true, found, hits, false) in total.items():
                if true or found:
                    share = f"{hits / true:.3f}" if true else "-"
                    print(f"{words:<66}{rate_hz:>5}  {name:<24}{true:>6}{found:>7}{share:>13}{false:>7}", flush=True)
                    words = ""


if __name__ == "__main__":
    main()
