"""Both legs move, one a moment later: its movement begins with its own signal, not with what it picks up."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.events.cross_talk import Excerpt, without_cross_talk
from legtwitch.events.parameters import Parameters
from legtwitch.model import Event

RATE = 256.0


def excerpt(channel: str, onset_s: float, values: np.ndarray) -> Excerpt:
    event = Event(onset_s, values.size / RATE, "leg_movement", "left", channel, {"rest_uv": 1.0})
    return Excerpt(event, RATE, 0, round(onset_s * RATE), values.astype(np.float16))


def bursts(late_s: float, share: float, own_uv: float) -> tuple[Excerpt, Excerpt]:
    """A loud burst of 2 s, and the other leg with a share of it and a burst of its own that begins later."""
    rng = np.random.default_rng(4)
    size = round(2 * RATE)
    loud = 80 * rng.standard_normal(size)
    own = share * loud + 0.5 * rng.standard_normal(size)
    own[round(late_s * RATE) :] += own_uv * rng.standard_normal(size - round(late_s * RATE))
    return excerpt("L", 10.0, loud), excerpt("R", 10.0, own)


@pytest.mark.parametrize("late_s", [0.2, 0.4, 0.8])
def test_it_begins_where_its_own_signal_does(late_s: float) -> None:
    loud, own = bursts(late_s, 0.2, 50.0)
    kept, dropped = without_cross_talk({"L": [loud], "R": [own]}, Parameters())
    assert not dropped
    found = next(one for one in kept if one.channel == "R")
    assert found.onset_s == pytest.approx(10 + late_s, abs=0.05)
    assert found.onset_s + found.duration_s == pytest.approx(12.0)
    assert next(one for one in kept if one.channel == "L").onset_s == 10.0


def test_two_bursts_of_their_own_stay_as_they_are() -> None:
    loud, own = bursts(0.0, 0.05, 50.0)
    kept, _ = without_cross_talk({"L": [loud], "R": [own]}, Parameters())
    assert [one.onset_s for one in kept] == [10.0, 10.0]


def test_what_remains_too_short_is_no_movement() -> None:
    loud, own = bursts(1.7, 0.2, 50.0)
    kept, dropped = without_cross_talk({"L": [loud], "R": [own]}, Parameters())
    assert [one.channel for one in kept] == ["L"]
    assert dropped["R"] == 1
