"""Which event is this? Each class where its features speak for it, and open where they do not."""

from __future__ import annotations

from dataclasses import fields

import pytest

from legtwitch.events.decision import Features, decide
from legtwitch.events.decision_table import TABLE
from legtwitch.knowledge import load

CLEAR = {
    "ecg_artifact": Features(duration_ms=90, rate_hz=1.1, rate_cov=0.05, heart_locked=True, all_channels=True),
    "electrode_pop": Features(duration_ms=40, spike=True, several_muscles=False, low_share=0.5),
    "movement_artifact": Features(duration_ms=600, low_share=0.85, all_channels=True, same_shape=False),
    "fasciculation": Features(duration_ms=13, same_shape=True, rate_cov=1.0, isolated=True, low_share=0.1),
    "fragmentary_myoclonus": Features(duration_ms=110, asleep=True, several_muscles=False, same_shape=False),
    "myoclonus": Features(duration_ms=35, several_muscles=True, same_shape=False, isolated=True, asleep=False),
    "motor_unit_discharge": Features(duration_ms=12, rate_hz=9, rate_cov=0.15, same_shape=True, isolated=False),
    "tremor": Features(duration_ms=70, rate_hz=5, rate_cov=0.08, train_s=20, lasting_rhythm=True, decrement=0.1),
    "clonus": Features(duration_ms=60, rate_hz=6, rate_cov=0.05, train_s=1.5, decrement=0.7, fades=True),
    "leg_movement": Features(duration_ms=2500, asleep=True, isolated=True, same_shape=False),
    "cramp": Features(duration_ms=60_000, level_ratio=30, fades=True, several_muscles=False),
    "neuromyotonic_discharge": Features(duration_ms=300, intraburst_hz=150, same_shape=True, fades=True),
    "myokymic_discharge": Features(
        duration_ms=120, intraburst_hz=30, rate_hz=3, rate_cov=0.2, same_shape=True, heart_locked=False
    ),
    "high_frequency_leg_movement": Features(
        duration_ms=400, rate_hz=1.5, rate_cov=0.15, asleep=True, lasting_rhythm=True, isolated=False
    ),
    "voluntary_activity": Features(duration_ms=4000, level_ratio=20, effort=True, asleep=False, several_muscles=True),
}


@pytest.mark.parametrize("event", CLEAR)
def test_clear_features_give_their_class_with_confidence(event: str) -> None:
    decision = decide(CLEAR[event])
    assert decision.event == event
    assert decision.confidence >= 0.6
    assert event not in decision.alternatives


def test_there_is_a_clear_case_of_every_row_and_every_row_is_an_event() -> None:
    assert {row.event for row in TABLE} == set(CLEAR)
    assert {row.event for row in TABLE} <= set(load().vocabulary.events)
    assert {row.number for row in TABLE} == set(range(13))


def test_rows_speak_of_features_that_exist() -> None:
    known = {one.name for one in fields(Features)}
    assert {name for row in TABLE for name in (*row.ranges, *row.signs)} <= known
    assert all(0 < likely < 1 for row in TABLE for likely in row.signs.values())
    assert all(0 < one.low < one.high for row in TABLE for one in row.ranges.values())


def test_without_features_nothing_is_known() -> None:
    decision = decide(Features())
    assert decision.confidence < 0.2
    assert len(decision.alternatives) > 8


def test_a_short_potential_stays_open_where_only_its_length_is_known() -> None:
    decision = decide(Features(duration_ms=50))
    assert decision.event == "short_potential"
    assert max(decision.alternatives.values()) < 0.5
    assert decision.confidence == pytest.approx(1 - max(decision.alternatives.values()), abs=0.002)


def test_probabilities_add_up_to_one() -> None:
    decision = decide(Features(duration_ms=2000, asleep=True))
    assert decision.confidence + sum(decision.alternatives.values()) == pytest.approx(1.0, abs=0.15)
    only = decide(Features(duration_ms=2000), among=("leg_movement", "cramp"))
    assert only.confidence + sum(only.alternatives.values()) == pytest.approx(1.0, abs=0.021)


def test_what_is_unknown_counts_neither_for_nor_against() -> None:
    """An unknown sign leaves the chances where they lie between those of yes and no."""
    base = Features(duration_ms=35, same_shape=False)
    yes, no = (Features(duration_ms=35, same_shape=False, several_muscles=flag) for flag in (True, False))

    def chance(features: Features) -> float:
        decision = decide(features, least=0.0)
        return {decision.event: decision.confidence, **decision.alternatives}.get("myoclonus", 0.0)

    assert chance(no) < chance(base) < chance(yes)


def test_a_set_of_no_class_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no class"):
        decide(Features(), among=("dance",))
