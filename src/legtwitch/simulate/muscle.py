"""Confounders that are movements: each adds bursts and marks to the plan from a random stream of its own.

Figures are those of the literature named in each docstring; [choice] marks what no source gives.
"""

from __future__ import annotations

import numpy as np

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate.envelope import LEGS, Leg, smooth, train, trapezoid
from legtwitch.simulate.plan import Plan
from legtwitch.simulate.sleep import NREM, SLEEP
from legtwitch.simulate.streams import log_uniform


def _leg(rng: np.random.Generator) -> Leg:
    return LEGS[int(rng.integers(2))]


def isolated_movements(rng: np.random.Generator, plan: Plan) -> None:
    """Movements without period in sleep, 12 an hour, 0.7 to 6 s, 10 to 200 uV above rest [choice]."""
    for time in plan.moments(rng, SLEEP, 12, 7):
        plan.move(_leg(rng), time, smooth(rng, log_uniform(rng, 10, 200), rng.uniform(0.7, 6)), "isolated")


def short_intervals(rng: np.random.Generator, plan: Plan) -> None:
    """Pairs 2 to 4 s apart and runs 5.5 to 8.5 s apart: too close for WASM, within AASM's bounds from 5 s on.

    The second mode of intervals at 2 to 4 s is that of RLS and narcolepsy (Ferri 2006); runs [choice].
    """
    for time in plan.moments(rng, NREM, 4, 9):
        leg, step = _leg(rng), float(rng.uniform(2, 4))
        for at in (time, time + step):
            plan.move(leg, at, smooth(rng, log_uniform(rng, 12, 150), rng.uniform(0.7, 1.4)), "short_interval")
    for time in plan.moments(rng, NREM, 1, 70):
        leg, at = _leg(rng), time
        for _ in range(8):
            plan.move(leg, at, smooth(rng, log_uniform(rng, 12, 150), rng.uniform(0.8, 3)), "short_interval")
            at += float(rng.uniform(5.5, 8.5))


def wake_movements(rng: np.random.Generator, plan: Plan) -> None:
    """Movements awake before sleep and at night wakings: intervals with mode 11.5 s, SD of ln 0.6 [spread: choice].

    Mode 11 to 12 s in the suggested immobilisation test (Michaud 2001); voluntary ones up to 20 s, one in ten [choice].
    """
    for start, end in plan.sleep.spans(("W",)):
        at = start + float(rng.uniform(2, 20))
        while at < end - 8:
            length = float(rng.uniform(5, 20) if rng.random() < 0.1 else rng.uniform(0.8, 4))
            length = min(length, end - at)
            if plan.is_clear(at, at + length):
                plan.move(_leg(rng), at, smooth(rng, log_uniform(rng, 10, 250), length), "wake")
            at += length * 0.5 + float(np.exp(rng.normal(np.log(11.5) + 0.36, 0.6)))


def respiratory(rng: np.random.Generator, plan: Plan) -> None:
    """Three stretches of 20 to 40 min with breathing events and leg movements at their ends.

    Events of 15 to 30 s, 10 to 18 s apart, so one in 25 to 48 s; a movement begins -2 to +10.25 s from the end, mostly
    about +2.5 s (Manconi 2014, 2015). [choice]: six in ten with a movement, one in ten of these inside the event; half
    with an arousal; apnoeas, hypopnoeas and RERA 5:4:1.
    """
    spans = [span for span in plan.sleep.spans(SLEEP) if span[1] - span[0] > 300]
    for _ in range(3 if spans else 0):
        start, end = spans[int(rng.integers(len(spans)))]
        at = float(rng.uniform(start, max(start, end - 1500)))
        stop = min(end, at + 60 * float(rng.uniform(20, 40)))
        while at < stop - 45:
            length, name = float(rng.uniform(15, 30)), str(rng.choice(["apnea", "hypopnea", "rera"], p=[0.5, 0.4, 0.1]))
            shift = float(np.clip(rng.normal(2.5, 2.5), -2, 10.25))
            onset = at + (0.4 * length if rng.random() < 0.1 else length + shift)
            duration = float(rng.uniform(1, 4))
            if not _overlaps(plan.marks, at - 2, at + length + 11):
                plan.marks.append(Event(round(at, 3), round(length, 3), name))
                if rng.random() < 0.5:
                    plan.marks.append(Event(round(at + length + 0.5, 3), round(rng.uniform(3, 9), 3), "arousal"))
                if rng.random() < 0.6 and plan.is_clear(onset, onset + duration + 0.6):
                    amplitude = log_uniform(rng, 12, 200)
                    for leg in LEGS if rng.random() < 0.5 else (_leg(rng),):
                        plan.move(leg, onset + rng.uniform(0, 0.4), smooth(rng, amplitude, duration), "respiratory")
            at += length + float(rng.uniform(10, 18))


def _overlaps(marks: list[Event], start_s: float, end_s: float) -> bool:
    breathing = (mark for mark in marks if mark.event in ("apnea", "hypopnea", "rera"))
    return any(mark.onset_s < end_s and mark.onset_s + mark.duration_s > start_s for mark in breathing)


def arousals(rng: np.random.Generator, plan: Plan) -> None:
    """Arousals of 3 to 10 s: three of ten periodic movements have one that begins within 1 s, and 8 an hour without.

    Nearly all pairs lie within 0.5 s of each other, in four of ten the arousal is first (PMC4434558); rates [choice].
    """
    times = [onset + float(rng.uniform(-0.8, 1.0)) for onset, _ in plan.base if rng.random() < 0.3]
    times += plan.moments(rng, SLEEP, 8, 10)
    last = -30.0
    for time in sorted(times):
        if time > last + 15:
            plan.marks.append(Event(round(time, 3), round(float(rng.uniform(3, 10)), 3), "arousal"))
            last = time


def long_movements(rng: np.random.Generator, plan: Plan) -> None:
    """Activations of 12 to 18 s, 5 an hour, 20 to 150 uV: leg movements for WASM but no candidates [rate: choice]."""
    for time in plan.moments(rng, SLEEP, 5, 19):
        plan.move(_leg(rng), time, smooth(rng, log_uniform(rng, 20, 150), rng.uniform(12, 18)), "long")


def large_body_movements(rng: np.random.Generator, plan: Plan) -> None:
    """Movements of large muscle groups, 3 to 45 s on both legs (IRLSSG 2021), 3 an hour, 50 to 300 uV [choice]."""
    for time in plan.moments(rng, ("W", *SLEEP), 3, 46):
        length = log_uniform(rng, 3, 45)
        for leg in LEGS:
            start = time + float(rng.uniform(0, 0.5))
            plan.move(leg, start, smooth(rng, log_uniform(rng, 50, 300), length), "large_body_movement")
        plan.others.append(Event(round(time, 3), round(length, 3), "large_body_movement", "both"))


def fragmentary_myoclonus(rng: np.random.Generator, plan: Plan) -> None:
    """Potentials of 75 to 150 ms, 6 to 12 a minute, for 25 to 40 min of NREM sleep, each leg on its own: no movements.

    Duration, at least 5 a minute for 20 min, asynchronous (AASM as quoted by Frauscher); height 20 to 70 uV RMS for
    peaks of 50 to 200 uV [choice]. No two on one leg are closer than 0.8 s, so none makes a movement with another.
    """
    spans = [span for span in plan.sleep.spans(NREM) if span[1] - span[0] > 600]
    for leg in LEGS if spans else ():
        start, end = max(spans, key=lambda span: span[1] - span[0])
        end = min(end, start + 60 * float(rng.uniform(25, 40)))
        rate, at = float(rng.uniform(6, 12)), start + 1.0
        while at < end - 1:
            if plan.is_clear(at, at + 0.2):
                form = train(rng, log_uniform(rng, 20, 70), beats=1, rate_hz=20, beat_ms=rng.uniform(75, 150))
                plan.move(leg, at, form, "fragmentary_myoclonus")
                plan.others.append(Event(round(at, 3), len(form) / 1000, "fragmentary_myoclonus", leg))
            at += 0.8 + float(rng.exponential(60 / rate - 0.8))


def alma(rng: np.random.Generator, plan: Plan) -> None:
    """Alternating leg muscle activation: 6 to 30 bursts at 0.8 to 3 Hz in turn on both legs, 5 trains an hour.

    At least 4 bursts of 100 to 500 ms at 0.5 to 3 Hz (AASM); number of trains and height 15 to 120 uV [choice].
    """
    for time in plan.moments(rng, ("N1", "N2", "R", "W"), 5, 40):
        rate, beats = float(rng.uniform(0.8, 3)), int(rng.integers(6, 31))
        height, beat = log_uniform(rng, 15, 120), float(rng.uniform(150, min(500, 900 / rate)))
        for first, leg in enumerate(LEGS):
            form = train(rng, height, beats=beats, rate_hz=rate, beat_ms=beat, every=2, first=first)
            plan.move(leg, time, form, "alma")
        plan.others.append(Event(round(time, 3), round((beats + 1) / rate, 3), "alma", "both"))


def foot_tremor(rng: np.random.Generator, plan: Plan) -> None:
    """Hypnagogic foot tremor: series of 10 to 15 s at 1 to 2 Hz, bursts of 300 to 700 ms on one leg, about sleep onset.

    Rate, burst and length as in an abstract on 375 sleepers; 8 trains an hour of W and N1, 15 to 100 uV [choice].
    """
    for time in plan.moments(rng, ("W", "N1"), 8, 18):
        rate, leg, length = float(rng.uniform(1, 2)), _leg(rng), float(rng.uniform(10, 15))
        form = train(
            rng, log_uniform(rng, 15, 100), beats=round(length * rate), rate_hz=rate, beat_ms=rng.uniform(300, 700)
        )
        plan.move(leg, time, form, "hypnagogic_foot_tremor")
        plan.others.append(Event(round(time, 3), len(form) / 1000, "hypnagogic_foot_tremor", leg))


def rem_twitches(rng: np.random.Generator, plan: Plan) -> None:
    """Phasic bursts of 0.1 to 5 s in REM sleep, 60 an hour, most of them short, 10 to 150 uV (RBD) [rate: choice].

    Those that last 0.5 s are leg movements by the letter of the rule; the others are not.
    """
    for time in plan.moments(rng, ("R",), 60, 6):
        length, leg = log_uniform(rng, 0.1, 5), _leg(rng)
        plan.move(leg, time, smooth(rng, log_uniform(rng, 10, 150), length), "rem_twitch")
        plan.others.append(Event(round(time, 3), round(length, 3), "rem_twitch", leg))


def boundary_events(_rng: np.random.Generator, plan: Plan) -> None:
    """Events at the bounds of the rules, in spans kept free of the rest, each span from the edge of an epoch on.

    Durations 0.45, 0.50, 0.55, 9.9, 10.0, 10.1 s; two legs over 14.9 and 15.1 s; gaps of 0.49 and 0.51 s on one leg and
    between legs; intervals of 4.9, 5, 9.9, 10, 90, 90.1 s; runs of exactly 3 and 4; one at the end of the night.
    """
    if not plan.reserved:
        raise UsageError(
            "E123",
            "The night is too short to hold the boundary events.",
            got=f"{plan.duration_s / 3600:g} hours",
            do="Make a longer night, 8 hours for instance, or take another seed.",
        )
    intervals, runs, gaps, lengths, pairs = (span[0] for span in plan.reserved)
    onset = intervals
    for step in (0, 4.9, 5, 9.9, 10, 10, 90, 90.1):
        onset += step
        _exact(plan, "left", onset, 1.5)
    for onset in (0, 20, 40, 150, 170, 190, 210):
        _exact(plan, "right", runs + onset, 2.0)
    for onset, first, second, gap in (
        (0, "left", "left", 0.49),
        (25, "left", "left", 0.51),
        (50, "left", "right", 0.49),
        (75, "left", "right", 0.51),
    ):
        _exact(plan, _as_leg(first), gaps + onset, 2.0)
        _exact(plan, _as_leg(second), gaps + onset + 2.0 + gap, 2.0)
    for number, length in enumerate((0.45, 0.5, 0.55, 9.9, 10.0, 10.1)):
        _exact(plan, "right", lengths + 12.5 * number, length)
    for onset, whole in ((0, 14.9), (40, 15.1)):
        _exact(plan, "left", pairs + onset, 9.0)
        _exact(plan, "right", pairs + onset + whole - 9.0, 9.0)
    _exact(plan, "right", plan.duration_s - 2.5, 2.0)


def _as_leg(name: str) -> Leg:
    return "left" if name == "left" else "right"


def _exact(plan: Plan, leg: Leg, onset_s: float, duration_s: float) -> None:
    """Add a movement of 40 uV whose true onset and duration are exactly these."""
    form, lead_ms = trapezoid(40.0, round(duration_s * 1000), rise_ms=50, fall_ms=100)
    plan.move(leg, onset_s - lead_ms / 1000, form, "boundary")
