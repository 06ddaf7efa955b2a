"""Which recordings can be scored, and the reason in figures where one can't."""

from __future__ import annotations

import pytest

from legtwitch.model import Event, Recording
from legtwitch.recording import can_score, leg_channels
from legtwitch.recording.codes import ERRORS, PROBLEMS


def codes_of(recording):
    return {p.code for p in recording.problems}


def verdict(recording):
    both = can_score(recording)
    assert set(both) == {"aasm-v3", "wasm-2016"}
    assert both["aasm-v3"] == both["wasm-2016"]
    return both["aasm-v3"]


def test_two_good_legs(opened, sig):
    night = opened([sig("LAT", samples=256), sig("RAT", samples=256), sig("Chin", samples=256)], 60)
    assert verdict(night).ok
    assert [c.name for c in leg_channels(night)] == ["LAT", "RAT"]
    assert codes_of(night) == set()


@pytest.mark.parametrize(
    ("fields", "records", "words"),
    [
        ({"label": "Chin"}, 60, "no channel"),
        ({"unit": "g"}, 60, "“g”"),
        ({"unit": ""}, 60, "missing"),
        ({"unit": "mV"}, 60, "100 uV"),
        ({"samples": 99}, 60, "99 Hz"),
        ({"samples": 0}, 60, "rate"),
        ({}, 59, "59 s"),
        ({"unit": "mV", "pmin": "-65.536", "pmax": "65.535"}, 60, "exactly 2 uV"),
    ],
)
def test_reasons_name_the_figure(opened, sig, fields, records, words):
    one = sig(**({"label": "LAT", "samples": 256} | fields))
    night = opened([one, sig("Other", samples=256)], records)
    found = verdict(night)
    if words == "exactly 2 uV":  # a step of exactly 2 uV is fine enough
        assert found.ok
        return
    assert not found.ok
    assert words in found.reason
    assert found.reason.endswith(".")


@pytest.mark.parametrize(
    ("rate", "ok", "said"),
    [(99, False, "Q213"), (100, True, "Q214"), (128, True, "Q214"), (199, True, "Q214"), (200, True, "")],
)
def test_sampling_rates(opened, sig, rate, ok, said):
    night = opened([sig("LAT", samples=rate), sig("RAT", samples=rate)], 60)
    assert verdict(night).ok == ok
    assert codes_of(night) == ({said} if said else set())


def test_one_leg_both_legs_and_unknown_legs_are_said(opened, sig):
    def said(*labels):
        night = opened([sig(label, samples=256) for label in labels], 60)
        assert verdict(night).ok
        return codes_of(night)

    assert said("LAT") == {"Q208"}
    assert said("RAT") == {"Q208"}
    assert said("LAT-RAT") == {"Q209"}
    assert said("Leg EMG") == {"Q210"}
    assert said("LAT1", "LAT2", "RAT") == {"Q211"}


def test_a_good_leg_is_scored_without_the_bad_one(opened, sig):
    night = opened([sig("LAT", samples=256), sig("RAT", "%", samples=256)], 60)
    assert verdict(night).ok
    assert "Not used: the unit of RAT is “%”" in verdict(night).reason
    assert [c.name for c in leg_channels(night)] == ["LAT"]
    assert "Q205" in codes_of(night)


def test_a_small_range_is_said(opened, sig):
    small = opened([sig("LAT", samples=256, pmin="-49", pmax="49"), sig("RAT", samples=256, pmin="-50", pmax="50")], 60)
    assert [(p.channel, p.code) for p in small.problems] == [("LAT", "Q215")]
    assert "49 uV" in small.problems[0].message


def test_files_of_marks():
    def marks(*names):
        return Recording("m", "TSV", None, 1.0, (), (), tuple(Event(0, 1, name) for name in names), ())

    assert verdict(marks("leg_movement")).ok
    assert verdict(marks("stage_N2")).ok
    assert "none was scored" in verdict(marks("stage_N2")).reason
    assert not verdict(marks("arousal")).ok
    assert not verdict(marks()).ok


def test_every_code_stands_in_a_table_once():
    from legtwitch.recording import codes

    named = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
    assert named == set(PROBLEMS) | set(ERRORS)
    assert all(text.endswith(".") for text in (*PROBLEMS.values(), *ERRORS.values()))
    assert all(code[:2] in ("Q1", "Q2") for code in PROBLEMS)
