"""Real Noxturnal exports: their leg movements, their one series, and nothing invented where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from legtwitch.model import Score
from legtwitch.recording import read
from legtwitch.scoring import score_leg_movements

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "noxturnal_events"
RULES = ("aasm-v3", "wasm-2016")


def score(suffix: str) -> Score:
    path = FOLDER / f"noxturnal_events_example_unicode{suffix}.csv"
    if not path.exists():
        pytest.skip(f"the real export {path.name} is not here")
    recording = read(path)
    movements = [one for one in recording.events if one.event == "leg_movement"]
    return score_leg_movements(recording, movements, rules=RULES)


@pytest.fixture(scope="module")
def night() -> Score:
    return score("_2")


def test_all_29_leg_movements_are_there(night: Score) -> None:
    assert len(night.movements) == 29
    assert night.rules["wasm-2016"].values["leg_movement_count"] == 29
    assert night.rules["wasm-2016"].values["candidate_count"] == 29
    aasm = night.rules["aasm-v3"].values
    assert aasm["leg_movement_count"] == 29 - 2
    assert aasm["respiratory_count"] == 2


@pytest.mark.parametrize("rule", RULES)
def test_one_series_of_four_at_89_15_and_18_s(night: Score, rule: str) -> None:
    values = night.rules[rule].values
    assert (values["series_count"], values["plms_count"]) == (1, 4)
    members = [one.verdicts[rule] for one in night.movements if one.verdicts[rule].plm]
    assert [one.interval_s for one in members] == [None, 89.0, 15.0, 18.0]
    after = night.movements[4].verdicts[rule]
    assert after.interval_s == 104.0
    assert any(reason.startswith("ends the series: 104.0 s") for reason in after.reasons)


@pytest.mark.parametrize("rule", RULES)
def test_four_in_5_66_hours_of_sleep_are_0_7_an_hour(night: Score, rule: str) -> None:
    """679 epochs of sleep are 5.658 h; the artefacts of such an export name no signal and take nothing away."""
    assert night.hours.sleep == pytest.approx(5.658, abs=0.001)
    for name in ("plms_index", "plms_index_with_respiratory", "plms_index_without_respiratory"):
        assert round(night.rules[rule].values[name] or 0, 1) == 0.7


@pytest.mark.parametrize("suffix", ["", "_3"])
def test_exports_without_leg_movements_give_none(suffix: str) -> None:
    result = score(suffix)
    assert result.movements == ()
    for rule in RULES:
        values = result.rules[rule].values
        for name in ("leg_movement_count", "series_count", "plms_count"):
            assert values[name] == 0
    assert result.rules["wasm-2016"].values["periodicity_index"] is None
