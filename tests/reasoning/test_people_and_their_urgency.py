"""People by hand, one or more a rule: who has to be seen how soon, and who only nearly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from legtwitch.knowledge import load
from legtwitch.model import LEVELS, Finding, Quantity
from legtwitch.reasoning import urgency

KNOWN = load()
DAY = date(2026, 11, 22)
pytestmark = pytest.mark.skipif(not KNOWN.safety.rules, reason="the knowledge has no urgency rules")


def judged(tiny: Any, answers: dict[str, Any]) -> Any:
    return urgency(tiny.finding_set(answers, KNOWN, DAY), KNOWN)


def yes(*ids: str) -> dict[str, Any]:
    return dict.fromkeys(ids, "present")


PEOPLE: list[tuple[str, dict[str, Any], str]] = [
    ("R01", yes("face_droop"), "emergency"),
    ("R01", yes("weakness_sudden"), "emergency"),
    ("R01", yes("speech_trouble_sudden"), "emergency"),
    ("R01", yes("vision_loss_sudden"), "emergency"),
    ("R02", yes("bladder_change_new"), "emergency"),
    ("R02", yes("bowel_incontinence"), "emergency"),
    ("R02", yes("saddle_numbness", "back_pain"), "emergency"),
    ("R02", yes("sexual_function_change"), "emergency"),
    ("R03", yes("felt_weakness", "weakness_climbing", "worsening_over_hours_days"), "emergency"),
    ("R03", yes("felt_weakness", "reflexes_reduced") | {"weakness_duration": (28.0, "day")}, "emergency"),
    ("R04", yes("breathless_at_rest"), "emergency"),
    ("R04", yes("breathless_lying_flat"), "emergency"),
    ("R04", yes("choking"), "emergency"),
    ("R04", yes("weak_cough"), "emergency"),
    ("R05", yes("one_part_keeps_jerking", "movement_moves_joint") | {"jerking_duration": (9.0, "minute")}, "emergency"),
    ("R06", yes("fever", "confusion", "dopamine_blocker_new_or_raised"), "emergency"),
    ("R06", yes("fever", "body_stiffness", "haloperidol", "dopamine_blocker_new_or_raised"), "emergency"),
    ("R18", yes("fasciculation_felt", "wasting_seen", "progressive_over_weeks_months"), "two_weeks"),
    ("R18", yes("fasciculation_felt", "slurred_speech", "progressive_over_weeks_months"), "two_weeks"),
    ("R18", yes("fasciculation_felt", "weakness_in_named_task", "progressive_over_weeks_months"), "two_weeks"),
    ("R19", yes("felt_weakness"), "routine"),
    ("R19", yes("felt_weakness", "weakness_getting_worse"), "two_weeks"),
    ("R20", yes("foot_drop_felt"), "two_weeks"),
    ("R20", {"foot_drop_felt": Finding("foot_drop_felt", "present", since=date(2026, 11, 21))}, "same_day"),
    ("R22", {"age": (58.0, "year"), "symptom_duration": (4.0, "month"), "twitch_spread": "many_parts"}
     | yes("fasciculation_felt"), "routine"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "answers", "level"), PEOPLE)
def test_the_rule_fires_at_this_level_or_a_higher_one(
    tiny: Any, rule: str, answers: dict[str, Any], level: str
) -> None:
    found = judged(tiny, answers)
    assert LEVELS.index(found.level) <= LEVELS.index(level)  # type: ignore[arg-type]
    fired = {one.id: one for one in found.rules}
    assert rule in fired
    assert fired[rule].say
    assert fired[rule].because


@pytest.mark.parametrize(("rule", "answers", "level"), PEOPLE)
def test_without_the_deciding_answers_the_rule_is_open_not_settled(
    tiny: Any, rule: str, answers: dict[str, Any], level: str
) -> None:
    found = judged(tiny, dict.fromkeys(answers, "unknown"))
    assert rule not in {one.id for one in found.rules}
    if level != "routine":
        assert rule in {one.id for one in found.could_not_exclude}


NEAR_MISSES: list[tuple[str, dict[str, Any]]] = [
    ("R01", yes("felt_weakness", "progressive_over_weeks_months")),
    ("R02", yes("back_pain")),
    ("R03", yes("felt_weakness")),
    ("R03", yes("felt_weakness", "reflexes_reduced") | {"weakness_duration": (29.0, "day")}),
    ("R04", yes("breathless_on_effort")),
    ("R05", yes("fasciculation_felt", "one_part_keeps_jerking") | {"movement_moves_joint": "absent"}),
    ("R06", yes("fever")),
    ("R18", yes("fasciculation_felt")),
    ("R19", {"felt_weakness": "absent"}),
    ("R20", {"foot_drop_felt": "absent", "heel_walk_failed": "absent"}),
    ("R22", {"age": (44.9, "year"), "symptom_duration": (4.0, "month"), "twitch_spread": "many_parts"}
     | yes("fasciculation_felt")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "answers"), NEAR_MISSES)
def test_a_near_miss_does_not_fire_the_rule(tiny: Any, rule: str, answers: dict[str, Any]) -> None:
    assert rule not in {one.id for one in judged(tiny, answers).rules}


# ---- what the system must never do -----------------------------------------------------------------------------------


def healthy() -> dict[str, Any]:
    screen = {id: "absent" for one in KNOWN.vocabulary.screen.values() for id in one.sets}
    return screen | {"age": (34.0, "year"), "sex": "male"}


def gate_answers() -> dict[str, Any]:
    """Return answers under which every condition of the gate is met, home tests done and normal among them."""
    from legtwitch.knowledge.condition import refs

    answers = healthy() | {"symptom_duration": (4.0, "month"), "fasciculation_felt": "present"}
    for gate in KNOWN.safety.gate:
        for ref in refs(gate.when):
            definition = KNOWN.vocabulary.definition(ref)
            if ref not in answers and definition is not None and definition.kind == "flag":
                answers[ref] = "absent"
    return answers


@pytest.mark.parametrize("id", [id for one in KNOWN.vocabulary.screen.values() for id in one.sets])
@pytest.mark.parametrize("answer", ["present", "unknown"])
def test_no_reassurance_with_a_screen_answer_present_or_unknown(tiny: Any, id: str, answer: str) -> None:
    found = judged(tiny, gate_answers() | {id: answer})
    assert found.level != "self_care"
    assert not found.reassurance
    assert found.gate_shut_because


@pytest.mark.parametrize(
    "benign",
    [
        yes("movement_stops_on_use"), yes("caffeine"), yes("anxiety_felt", "sleep_disturbed"),
        yes("examination_normal", "neuro_exam_normal", "emg_normal"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("alarm", [yes("face_droop"), yes("fasciculation_felt", "wasting_seen", "weakness_found")])
def test_a_benign_finding_never_lowers_an_urgency(tiny: Any, benign: dict[str, Any], alarm: dict[str, Any]) -> None:
    alone, together = judged(tiny, alarm), judged(tiny, alarm | benign)
    assert LEVELS.index(together.level) <= LEVELS.index(alone.level)


def test_a_recording_without_fasciculation_or_with_it_changes_no_urgency(tiny: Any) -> None:
    for value in ("present", "absent"):
        seen = {"fasciculation_potentials_emg": Finding("fasciculation_potentials_emg", value, by="recording")}
        alarm = yes("fasciculation_felt", "wasting_seen", "progressive_over_weeks_months")
        assert judged(tiny, alarm | seen).level == judged(tiny, alarm).level


def test_everything_unknown_is_never_self_care(tiny: Any) -> None:
    unknown = {id: "unknown" for one in KNOWN.vocabulary.screen.values() for id in (*one.sets, *one.person)}
    found = judged(tiny, unknown)
    assert found.level != "self_care"
    assert "R30" in {one.id for one in found.could_not_exclude}


def test_the_screen_stands_behind_no_other_question(tiny: Any) -> None:
    from legtwitch.reasoning import next_question

    asked = []
    answers: dict[str, Any] = {}
    while (question := next_question(tiny.finding_set(answers, KNOWN, DAY), KNOWN)) is not None:
        asked.append(question)
        answers |= dict(question.options[-1].sets)
    screen = list(KNOWN.vocabulary.screen)
    assert [one.id for one in asked[: len(screen)]] == screen
    assert len(asked) <= 25
    assert all(one.mandatory for one in asked[: len(screen)])


def test_a_quantity_of_fever_counts_in_every_unit(tiny: Any) -> None:
    by_unit = [
        {"body_temperature": Finding("body_temperature", Quantity(value, unit))}
        | yes("body_stiffness", "haloperidol", "dopamine_blocker_new_or_raised")
        for value, unit in ((38.0, "degC"), (100.4, "degF"))
    ]
    levels = {judged(tiny, answers).level for answers in by_unit}
    assert len(levels) == 1
