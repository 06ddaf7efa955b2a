"""The same seed and options give the same bytes; each confounder has a random stream of its own."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate import OPTIONS, SimulatedNight, night
from legtwitch.simulate.options import MUSCLE, REST, TRACE

RATE = 64
EVERYTHING = tuple(name for name in OPTIONS if name not in ("one_leg", "both_on_one_channel", "gap", "loose_lead"))


def digest(made: SimulatedNight) -> str:
    parts = hashlib.sha256(repr((made.events, made.truth, made.others, made.gaps)).encode())
    for name, trace in made.signals.items():
        parts.update(name.encode() + trace.tobytes())
    return parts.hexdigest()


def rows(events: tuple[Event, ...]) -> set[str]:
    return {repr(event) for event in events}


@pytest.fixture(scope="module")
def plain() -> SimulatedNight:
    return night(11, hours=2, rate_hz=RATE)


@pytest.fixture(scope="module")
def everything() -> SimulatedNight:
    return night(11, hours=2, rate_hz=RATE, with_=EVERYTHING)


def test_same_seed_and_options_give_the_same_bytes_in_any_order_of_options(everything: SimulatedNight) -> None:
    assert digest(night(11, hours=2, rate_hz=RATE, with_=EVERYTHING[::-1])) == digest(everything)


def test_another_seed_gives_another_night(plain: SimulatedNight) -> None:
    assert digest(night(12, hours=2, rate_hz=RATE)) != digest(plain)


@pytest.mark.parametrize("name", sorted(MUSCLE))
def test_a_movement_option_adds_the_same_alone_and_with_all_others_and_moves_nothing_else(
    name: str, plain: SimulatedNight, everything: SimulatedNight
) -> None:
    alone = night(11, hours=2, rate_hz=RATE, with_=[name])
    base = {(b.side, b.start_ms, b.excess_uv.tobytes()) for b in plain.bursts}
    added = {(b.side, b.start_ms, b.excess_uv.tobytes()) for b in alone.bursts} - base
    assert len(alone.bursts) == len(base) + len(added)
    assert added <= {(b.side, b.start_ms, b.excess_uv.tobytes()) for b in everything.bursts}
    assert rows(plain.events) <= rows(alone.events)
    assert rows(alone.events + alone.others) <= rows(everything.events + everything.others)
    for channel, side in (("LAT", "left"), ("RAT", "right")):
        same = np.ones(len(alone.signals[channel]), dtype=bool)
        for side_of, start_ms, form in added:
            if side_of == side:
                end_s = (start_ms + len(form) // 8) / 1000
                same[int(start_ms / 1000 * RATE) : int(end_s * RATE) + 2] = False
        assert same.mean() > 0.5
        assert np.array_equal(alone.signals[channel][same], plain.signals[channel][same])
    assert added or alone.events != plain.events, f"{name} adds nothing to this night"


@pytest.mark.parametrize("name", [*sorted(REST), *sorted(set(TRACE) - {"loose_lead"}), "ecg_channel"])
def test_an_option_of_rest_or_trace_leaves_every_movement_where_it_was(name: str, plain: SimulatedNight) -> None:
    made = night(11, hours=2, rate_hz=RATE, with_=[name])
    assert [(e.onset_s, e.duration_s, e.side, e.attributes["peak_uv"]) for e in made.truth] == [
        (e.onset_s, e.duration_s, e.side, e.attributes["peak_uv"]) for e in plain.truth
    ]
    assert made.events == plain.events
    same_traces = all(np.array_equal(made.signals[channel], plain.signals[channel]) for channel in plain.signals)
    assert same_traces == (name == "ecg_channel")


def test_ragged_bursts_change_the_form_of_bursts_but_not_who_moves_when(plain: SimulatedNight) -> None:
    made = night(11, hours=2, rate_hz=RATE, with_=["ragged_bursts"])
    assert [(b.side, b.start_ms) for b in made.bursts] == [(b.side, b.start_ms) for b in plain.bursts]
    assert not np.array_equal(made.signals["LAT"], plain.signals["LAT"])


def test_one_leg_and_legs_leave_the_other_trace_and_its_truth_out(plain: SimulatedNight) -> None:
    left, right = night(11, hours=2, rate_hz=RATE, with_=["one_leg"]), night(11, hours=2, rate_hz=RATE, legs=["right"])
    assert list(left.signals) == ["LAT"]
    assert np.array_equal(left.signals["LAT"], plain.signals["LAT"])
    assert np.array_equal(right.signals["RAT"], plain.signals["RAT"])
    assert rows(left.truth) | rows(right.truth) == rows(plain.truth)
    assert not rows(left.truth) & rows(right.truth)


def test_an_unknown_option_is_refused_with_the_nearest_known_name() -> None:
    with pytest.raises(UsageError) as caught:
        night(1, with_=["ragged_burst"])
    assert caught.value.got == "ragged_burst"
    assert "ragged_bursts" in caught.value.do
    assert set(caught.value.allowed) == set(OPTIONS)


@pytest.mark.parametrize(
    "wrong", [{"hours": 0}, {"hours": 30}, {"rate_hz": 10}, {"rate_hz": 99.5}, {"legs": ()}, {"legs": ("arm",)}]
)
def test_numbers_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        night(1, **wrong)  # type: ignore[arg-type]


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(UsageError):
        night(-1)
