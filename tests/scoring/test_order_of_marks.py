"""Marks of one moment and one leg get their names by what they say, not by their order in the file."""

from __future__ import annotations

from legtwitch.model import Event, Recording
from legtwitch.scoring import score_leg_movements


def test_marks_at_one_place_are_ordered_by_their_attributes() -> None:
    marks = [Event(10.0, 2.0, "leg_movement", "left", "LAT", {"peak_uv": peak}) for peak in (30.0, 12.0, 50.0)] + [
        Event(40.0, 2.0, "leg_movement", "left", "LAT", {"peak_uv": 20.0})
    ]
    night = Recording("made", "simulated", None, 600.0, (), (), (), ())
    ways = [score_leg_movements(night, order).movements for order in (marks, marks[::-1], [*marks[1:], marks[0]])]
    assert [one.measures["peak_uv"] for one in ways[0]] == [12.0, 30.0, 50.0, 20.0]
    assert ways[0] == ways[1] == ways[2]
