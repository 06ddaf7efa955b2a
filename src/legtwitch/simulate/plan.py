"""The plan of a night: who moves when, before any signal is made. The base of every night is its periodic movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from legtwitch.model import Event
from legtwitch.simulate.envelope import LEGS, Burst, Floats, Leg, ragged, smooth
from legtwitch.simulate.sleep import NREM, SLEEP, Sleep
from legtwitch.simulate.streams import log_uniform, stream

Span = tuple[float, float]


@dataclass(slots=True)
class Plan:
    """What happens in the night, while it is being put together.

    bursts: of both legs. marks: arousals and breathing events, which the recording shows. others: rows of the truth
    that are no leg movements. base: spans (s) of the periodic movements, sorted; reserved: spans kept free for
    `boundary_events` whether that is asked for or not, so that asking for it moves nothing else.
    """

    seed: int
    sleep: Sleep
    duration_s: float
    bursts: list[Burst] = field(default_factory=list)
    marks: list[Event] = field(default_factory=list)
    others: list[Event] = field(default_factory=list)
    base: tuple[Span, ...] = ()
    reserved: tuple[Span, ...] = ()

    def is_clear(self, start_s: float, end_s: float, margin_s: float = 1.0) -> bool:
        """Say whether a span (s) is in the night, and no periodic movement or reserved span within a margin of it."""
        if start_s < 1 or end_s > self.duration_s - 1:
            return False
        first = int(np.searchsorted([span[1] for span in self.base], start_s - margin_s))
        if first < len(self.base) and self.base[first][0] < end_s + margin_s:
            return False
        return all(end_s + margin_s <= a or b <= start_s - margin_s for a, b in self.reserved)

    def moments(self, rng: np.random.Generator, stages: Sequence[str], per_hour: float, length_s: float) -> list[float]:
        """Return sorted random times (s) at a rate per hour of the stages, each clear for a length (s)."""
        found = []
        for start, end in self.sleep.spans(tuple(stages)):
            times = np.sort(rng.uniform(start, end, int(rng.poisson(per_hour * (end - start) / 3600))))
            found += [float(time) for time in times if self.is_clear(float(time), float(time) + length_s)]
        return found

    def move(self, leg: Leg, onset_s: float, excess_uv: Floats, kind: str) -> None:
        """Let a leg move: excess in uV, one value a ms, the first at onset_s."""
        self.bursts.append(Burst(leg, round(onset_s * 1000), excess_uv, kind))


def plan_base(seed: int, sleep: Sleep, duration_s: float, *, shape_ragged: bool) -> Plan:
    """Return a night with periodic leg movements in sleep.

    Intervals log-normal with mode 24 s and SD of the logarithm 0.3, kept to 10..90 s (Ferri 2006; SD of ln 0.2 to 0.4);
    series of about 18, pauses that grow through the night (falls through the night in RLS); duration mean 3.2 s (means
    per subject 3.2 +- 0.65); amplitude log-uniform 10..200 uV, one in five 8..14 uV [choice]; in 30 to 60 % the other
    leg joins within 0.6 s; a leading leg or alternating legs a series; few in REM sleep, with longer intervals.
    `ragged_bursts` changes the form of the bursts alone.
    """
    plan = Plan(seed, sleep, duration_s)
    rng, form = stream(seed, "plm"), stream(seed, "ragged_bursts" if shape_ragged else "plm_form")
    for span in sleep.spans(NREM):
        _series(rng, plan, form, span, shape_ragged=shape_ragged)
    for start, end in sleep.spans(("R",)):
        if rng.random() < 0.25 and end - start > 300:
            low = float(rng.uniform(start, end - 250))
            _one_series(rng, plan, form, low, end, 5, 1.3, shape_ragged=shape_ragged)
    # The longest a form can run over its length stands in, so that the form does not move anything else.
    onsets = sorted(burst.start_ms / 1000 for burst in plan.bursts)
    plan.base = tuple((onset, onset + 10.5) for onset in onsets)
    plan.reserved = _reserve(plan)
    return plan


def _series(rng: np.random.Generator, plan: Plan, form: np.random.Generator, span: Span, *, shape_ragged: bool) -> None:
    """Fill a span of NREM sleep with series and pauses."""
    time = span[0] + float(rng.uniform(5, 60))
    while time < span[1] - 60:
        number = int(np.clip(np.exp(rng.normal(np.log(18), 0.6)), 4, 80))
        time = _one_series(rng, plan, form, time, span[1], number, 1.0, shape_ragged=shape_ragged)
        time += 100 + float(rng.exponential(300 + 1800 * time / plan.duration_s))


def _one_series(
    rng: np.random.Generator,
    plan: Plan,
    form: np.random.Generator,
    time: float,
    end: float,
    number: int,
    stretch: float,
    *,
    shape_ragged: bool,
) -> float:
    """Add one series from a time on, to its number or the end of the span; return the time of its last movement."""
    leader = LEGS[int(rng.integers(2))]
    alternating, both = rng.random() < 0.2, rng.uniform(0.3, 0.6)
    last = time
    for index in range(number):
        if time > end - 12:
            break
        leg: Leg = LEGS[(LEGS.index(leader) + index) % 2] if alternating else leader
        if not alternating and rng.random() < 0.1:
            leg = _other(leg)
        duration, amplitude = plm_duration(rng), plm_amplitude(rng)
        joins, lag, share = rng.random() < both, float(rng.uniform(0, 0.6)), float(rng.normal(0, 0.4))
        shape = ragged if shape_ragged else smooth
        plan.move(leg, time, shape(form, amplitude, duration), "plm")
        if joins:
            other = amplitude * float(np.exp(share))
            other = other if 8 < other < 200 else amplitude
            plan.move(_other(leg), time + lag, shape(form, other, duration), "plm")
        last = time
        time += plm_interval(rng, stretch)
    return last


def plm_interval(rng: np.random.Generator, stretch: float = 1.0) -> float:
    """Return one interval (s): log-normal, mode 24 s, SD of the logarithm 0.3, drawn again outside 10..90 s."""
    while True:
        interval = float(np.exp(rng.normal(np.log(24 * stretch) + 0.3**2, 0.3)))
        if 10 <= interval <= 90:
            return interval


def plm_duration(rng: np.random.Generator) -> float:
    """Return one duration (s): log-normal, mean 3.2 s, kept to 0.7..8 s [spread within a night: choice]."""
    return float(np.clip(np.exp(rng.normal(np.log(3.2) - 0.4**2 / 2, 0.4)), 0.7, 8.0))


def plm_amplitude(rng: np.random.Generator) -> float:
    """Return one highest excess (uV): one in five between 8 and 14, the others log-uniform 10..200 [choice]."""
    return float(rng.uniform(8, 14)) if rng.random() < 0.2 else log_uniform(rng, 10, 200)


def _other(leg: Leg) -> Leg:
    return "right" if leg == "left" else "left"


RESERVED_LENGTHS_S = (250.0, 240.0, 120.0, 90.0, 90.0)


def _reserve(plan: Plan) -> tuple[Span, ...]:
    """Return spans of sleep without periodic movements, one for each length or () where they don't all fit.

    Each begins on the edge of an epoch and lies 15 s clear of the periodic movements.
    """
    free = []
    for start, end in plan.sleep.spans(SLEEP):
        inside = [span for span in plan.base if span[1] > start and span[0] < end]
        edges = [start - 15, *(edge for span in inside for edge in span), end + 15]
        free += [[edges[i] + 15, edges[i + 1] - 15] for i in range(0, len(edges), 2)]
    taken: list[Span] = []
    for length in RESERVED_LENGTHS_S:
        for gap in sorted(free, key=lambda gap: gap[0] - gap[1]):
            at = float(np.ceil(gap[0] / 30) * 30)
            if at + length <= gap[1]:
                taken.append((at, at + length))
                gap[0] = at + length + 15
                break
        else:
            return ()
    return tuple(taken)
