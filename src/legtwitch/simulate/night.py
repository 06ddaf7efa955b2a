"""Nights with known truth: a plan of movements, a resting tone, a carrier, and what else gets into the traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate.artefacts import Canvas, Samples
from legtwitch.simulate.carrier import Carrier
from legtwitch.simulate.envelope import LEGS, Burst, Floats, Leg, excess_at
from legtwitch.simulate.options import MUSCLE, REST, TRACE, checked
from legtwitch.simulate.plan import Plan, Span, plan_base
from legtwitch.simulate.rest import Rest
from legtwitch.simulate.sleep import EPOCH_S, make_sleep
from legtwitch.simulate.streams import stream
from legtwitch.simulate.truth import leg_movements, on_one_channel

START = datetime(2026, 11, 1, 22, 30)
CHANNELS: dict[Leg, str] = {"left": "LAT", "right": "RAT"}
BOTH_LEGS = "LAT+RAT"
ECG_CHANNEL = "ECG"
RAIL_UV = 3000.0
BLOCK_S = 600
RATES_HZ = (64, 4096)
HOURS = (0.25, 24.0)


@dataclass(frozen=True, slots=True)
class SimulatedNight:
    """A night whose movements are known.

    options: names asked for, sorted. signals: channel (`LAT`, `RAT`, `LAT+RAT`, `ECG`) → uV, shape (n,), float32,
    sample i at i / rate_hz, zero in gaps. events: what the recording is marked with: stages, lights, arousals,
    breathing, gaps. truth: events `leg_movement` of the noise-free envelope with `kind`, `peak_uv`, `rest_uv`.
    others: rows that are no leg movements (potentials, trains, artefacts). bursts: the noise-free envelope itself.
    gaps: spans (s) not recorded.
    """

    seed: int
    options: tuple[str, ...]
    duration_s: float
    rate_hz: int
    start: datetime
    signals: Mapping[str, Samples]
    events: tuple[Event, ...]
    truth: tuple[Event, ...]
    others: tuple[Event, ...]
    bursts: tuple[Burst, ...]
    gaps: tuple[tuple[float, float], ...] = ()


def night(
    seed: int,
    *,
    hours: float = 8.0,
    rate_hz: int = 256,
    with_: Sequence[str] = (),
    legs: Sequence[Leg] = LEGS,
) -> SimulatedNight:
    """Return a night with leg movements of known truth; the same seed and options give the same bytes.

    The EMG of a leg is a Gaussian carrier of unit RMS (10 to 100 Hz) times the sum of the resting RMS (1 uV) and of the
    excess of all movements. The truth is read off the excess: onset where it rises to 8 uV, offset at the start of
    0.5 s in which it does not exceed 2 uV. It does not depend on the rate.

    Parameters
    ----------
    seed: not negative. hours: 0.25 to 24, rounded to whole epochs of 30 s. rate_hz: 64 to 4096, whole.
    with_: names of `OPTIONS`, in any order; each has a random stream of its own, so it changes only what it says.
    legs: which legs have a channel.

    Raises
    ------
    UsageError: an unknown option (E121), a number or leg out of bounds (E122), no room for `boundary_events` (E123).

    Source: parameters in the docstrings of `plan`, `muscle`, `rest` and `artefacts`.
    """
    options = checked(with_)
    _check_numbers(seed, hours, rate_hz, legs)
    epochs = round(hours * 3600 / EPOCH_S)
    duration_s = float(epochs * EPOCH_S)
    sleep = make_sleep(stream(seed, "sleep"), epochs)
    plan = plan_base(seed, sleep, duration_s, shape_ragged="ragged_bursts" in options)
    for name, add in MUSCLE.items():
        if name in options:
            add(stream(seed, name), plan)
    rest = {leg: Rest() for leg in LEGS}
    for name, change in REST.items():
        if name in options:
            change(stream(seed, name), rest, duration_s)
    canvas = Canvas(rate_hz, duration_s, _emg(seed, plan, rest, rate_hz), seed)
    for name, spoil in TRACE.items():
        if name in options:
            spoil(stream(seed, name), canvas)
    gaps = _gaps(stream(seed, "gap"), plan) if "gap" in options else ()
    shown = tuple(leg for leg in LEGS if leg in legs and not ("one_leg" in options and leg == "right"))
    if "both_on_one_channel" in options and len(shown) == 2:
        truth, signals = _one_channel(plan, rest, canvas, gaps)
    else:
        truth = [event for leg in shown for event in _one_leg(leg, plan, rest[leg], canvas, gaps)]
        signals = {CHANNELS[leg]: np.clip(canvas.traces.pop(leg), -RAIL_UV, RAIL_UV) for leg in shown}
    if "ecg_channel" in options:
        signals[ECG_CHANNEL] = 1000 * canvas.heart()
    for start, end in gaps:
        for trace in signals.values():
            trace[round(start * rate_hz) : round(end * rate_hz)] = 0.0
    marks = [Event(start, end - start, "recording_gap") for start, end in gaps]
    return SimulatedNight(
        seed=seed,
        options=tuple(sorted(options)),
        duration_s=duration_s,
        rate_hz=rate_hz,
        start=START,
        signals=signals,
        events=_in_order(sleep.events() + plan.marks + marks),
        truth=_in_order(truth),
        others=_in_order([one for one in plan.others + canvas.others if one.side not in LEGS or one.side in shown]),
        bursts=tuple(sorted((b for b in plan.bursts if b.side in shown), key=lambda b: (b.start_ms, b.side))),
        gaps=gaps,
    )


def _check_numbers(seed: int, hours: float, rate_hz: int, legs: Sequence[str]) -> None:
    """Raise a UsageError (E122) for the first number or leg out of bounds."""
    for name, got, good, allowed in (
        ("seed", seed, isinstance(seed, int) and seed >= 0, "a whole number, not negative"),
        ("number of hours", hours, HOURS[0] <= hours <= HOURS[1], f"{HOURS[0]:g} to {HOURS[1]:g}"),
        (
            "rate in Hz",
            rate_hz,
            isinstance(rate_hz, int) and RATES_HZ[0] <= rate_hz <= RATES_HZ[1],
            f"a whole number from {RATES_HZ[0]} to {RATES_HZ[1]}",
        ),
        ("choice of legs", ", ".join(legs), bool(legs) and set(legs) <= set(LEGS), "left, right, or both of them"),
    ):
        if not good:
            raise UsageError("E122", f"A night can't be made with this {name}.", got=str(got), allowed=allowed)


def _in_order(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.onset_s, event.event, event.side)))


def _emg(seed: int, plan: Plan, rest: dict[Leg, Rest], rate_hz: int) -> dict[Leg, Samples]:
    """Return the EMG (uV) of both legs: carrier times noise-free RMS, in blocks so that memory stays bounded."""
    number = int(plan.duration_s) * rate_hz
    traces = {}
    for leg in LEGS:
        bursts = [burst for burst in plan.bursts if burst.side == leg]
        carrier = Carrier(stream(seed, f"carrier_{leg}"), rate_hz)
        trace = np.empty(number, dtype=np.float32)
        for first in range(0, number, BLOCK_S * rate_hz):
            last = min(number, first + BLOCK_S * rate_hz)
            times = np.arange(first, last) / rate_hz
            rms = rest[leg].at(times) + excess_at(_near(bursts, times), times)
            trace[first:last] = carrier.block(last - first) * rms
        traces[leg] = trace
    return traces


def _near(bursts: list[Burst], times_s: Floats) -> list[Burst]:
    return [b for b in bursts if b.start_ms / 1000 <= times_s[-1] and b.end_ms / 1000 >= times_s[0]]


def _gaps(rng: np.random.Generator, plan: Plan) -> tuple[Span, ...]:
    """Return one gap of 20 to 120 whole seconds that begins between two periodic movements [choice]."""
    onsets = sorted({span[0] for span in plan.base}) or [plan.duration_s / 2]
    start = float(np.ceil(onsets[len(onsets) // 3] + 9))
    return ((start, start + float(rng.integers(20, 121))),)


def _one_leg(leg: Leg, plan: Plan, rest: Rest, canvas: Canvas, gaps: tuple[Span, ...]) -> list[Event]:
    """Return the movements of a leg that its trace can show."""
    found = leg_movements(leg, [burst for burst in plan.bursts if burst.side == leg], rest.at)
    return _seen(found, CHANNELS[leg], (*canvas.lost[leg], *gaps))


def _one_channel(
    plan: Plan, rest: dict[Leg, Rest], canvas: Canvas, gaps: tuple[Span, ...]
) -> tuple[list[Event], dict[str, Samples]]:
    """Return the movements that the sum of both legs shows, and that sum."""

    def rest_uv(times_s: Floats) -> Floats:
        return np.hypot(rest["left"].at(times_s), rest["right"].at(times_s))

    bursts = on_one_channel(plan.bursts, {leg: rest[leg].at for leg in LEGS})
    found = leg_movements("n/a", bursts, rest_uv)
    total = np.clip(canvas.traces["left"] + canvas.traces["right"], -RAIL_UV, RAIL_UV)
    lost = (*canvas.lost["left"], *canvas.lost["right"], *gaps)
    return _seen(found, BOTH_LEGS, lost), {BOTH_LEGS: total}


def _seen(found: list[Event], channel: str, lost: tuple[Span, ...]) -> list[Event]:
    """Return movements with their channel, without those that touch a stretch (s) in which nothing can be seen."""
    kept = (one for one in found if all(one.onset_s + one.duration_s < a or one.onset_s > b for a, b in lost))
    return [replace(one, channel=channel) for one in kept]
