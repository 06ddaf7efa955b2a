"""All rule sets against the slow reference on random nights full of boundary values; and what may not matter.

Every kind of row that confounds is drawn: movements too short, too long, without duration, without a leg, outside the
recording or the lights, marks to be merged, breathing events, arousals, artefacts and gaps of one leg, of the other and
of none, stages that are unknown or contradict each other.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from legtwitch.model import Event, Recording, Score
from legtwitch.scoring import score_leg_movements

_spec = importlib.util.spec_from_file_location("scoring_reference", Path(__file__).with_name("_reference.py"))
assert _spec is not None
assert _spec.loader is not None
reference: Any = importlib.util.module_from_spec(_spec)
import sys  # noqa: E402

sys.modules["scoring_reference"] = reference
_spec.loader.exec_module(reference)

STEPS_MS = (0, 250, 800, 1499, 1500, 3000, 4999, 5000, 5001, 9999, 10_000, 10_001, 20_000, 30_000, 60_000, 89_999)
LONG_STEPS_MS = (90_000, 90_001, 95_000)
PERIODIC_STEPS_MS = (*STEPS_MS[7:], 90_000)
EDGES_MS = (5000, 10_000, 90_000)
DURATIONS_MS = (0, 200, 499, 500, 1000, 1000, 3000, 7000, 10_000, 10_001, 12_000)
END_MS = 1_200_000
STOPPED = ("n/a", "left", "left", "right", "right")


@st.composite
def nights(draw: st.DrawFn, *, periodic: bool = False) -> Any:
    """A night of 20 minutes; periodic: mostly steps that go on with a series."""
    steps = st.sampled_from(
        draw(st.sampled_from((PERIODIC_STEPS_MS, EDGES_MS))) if periodic else (*STEPS_MS, *LONG_STEPS_MS)
    )
    sides = st.sampled_from(("left", "left", "right", "n/a"))
    rows = draw(
        st.lists(st.tuples(steps, st.sampled_from(DURATIONS_MS[4:] if periodic else DURATIONS_MS), sides), max_size=24)
    )
    marks, time = [], draw(st.sampled_from((20_000, 20_000, -30_000)))
    for step, duration, side in rows:
        time += step
        marks.append((side, time, time + duration))
    for late in draw(st.lists(st.sampled_from((0, 1, 5000)), max_size=1)):
        marks.append(("left", END_MS + late, END_MS + late + 1000))
    marks = sorted((one for one in marks if one[1] < END_MS + 6000), key=lambda one: (one[1], one[2], one[0]))
    stages = draw(st.lists(st.sampled_from(("N2", "N2", "N1", "R", "W", "unknown")), min_size=40, max_size=40))
    epochs = [(name, 30_000 * number, 30_000 * (number + 1)) for number, name in enumerate(stages)]
    for start in draw(st.lists(st.integers(0, 38), max_size=1)):
        epochs.append(("N3", 30_000 * start + 10_000, 30_000 * start + 40_000))
    seconds = st.integers(0, 1150)
    spans = st.tuples(seconds, st.sampled_from((0, 1, 3, 10, 30))).map(lambda one: (one[0] * 1000, sum(one) * 1000))
    breathing = draw(st.lists(st.tuples(st.sampled_from(("apnea", "hypopnea", "rera")), spans), max_size=6))
    stops = [(leg, *span) for leg, span in draw(st.lists(st.tuples(st.sampled_from(STOPPED), spans), max_size=3))]
    if stops and draw(st.booleans()):
        leg, start, end = stops[0]
        other = {"left": "right", "right": "left"}.get(leg, leg)
        stops.append((other, start + draw(st.sampled_from((0, 1000, 30_000))), end + 31_000))
    dark = draw(st.none() | st.tuples(st.integers(0, 200), st.integers(600, 1200)))
    return reference.Case(
        marks,
        epochs,
        [(name, *span) for name, span in breathing],
        draw(st.lists(spans, max_size=4)),
        stops,
        None if dark is None else (dark[0] * 1000, dark[1] * 1000),
    )


def recording(case: Any, shift_ms: int = 0) -> tuple[Recording, list[Event]]:
    def event(name: str, start: int, end: int, side: Any = "n/a") -> Event:
        return Event((start + shift_ms) / 1000, (end - start) / 1000, name, side)

    events = [event(f"stage_{name}", start, end) for name, start, end in case.epochs]
    events += [event(name, start, end) for name, start, end in case.breathing]
    events += [event("arousal", *span) for span in case.arousals]
    for leg, start, end in case.stops:
        events.append(event("recording_gap" if start % 2000 else "artifact", start, end, leg))
    if case.lights:
        events += [event("lights_off", case.lights[0], case.lights[0]), event("lights_on", *case.lights[1:] * 2)]
    movements = [event("leg_movement", start, end, side) for side, start, end in case.marks]
    return Recording("made", "TSV", None, (case.end + shift_ms) / 1000, (), (), tuple(events), ()), movements


def scored(case: Any, shift_ms: int = 0, rules: tuple[str, ...] = ("aasm-v3", "wasm-2016"), **readings: str) -> Score:
    made, movements = recording(case, shift_ms)
    return score_leg_movements(made, movements, rules=rules, readings=readings)


def compare(case: Any, result: Score, rule: str, told: Any) -> None:
    marks = range(len(case.marks))
    found = [one.verdicts[rule] for one in result.movements]
    assert len(found) == len(case.marks)
    assert {n for n in marks if found[n].leg_movement} == told.leg_movements
    assert {n for n in marks if found[n].candidate} == told.candidates
    numbers = {one.series for one in found} - {None}
    assert {frozenset(n for n in marks if found[n].series == number) for number in numbers} == told.series
    assert {n for n in marks if found[n].plm} == set().union(*told.series)
    assert {n for n in marks if found[n].respiratory} == told.respiratory
    values = result.rules[rule].values
    assert values["series_count"] == len(told.series)
    assert values["leg_movement_count"] == told.count
    if result.hours.sleep is None:
        assert values["plms_count"] is None
        return
    assert values["plms_count"] == told.plms
    if values["plmw_index"] is not None:
        assert values["plmw_count"] == told.plmw
    if result.hours.sleep:
        with_, without = values["plms_index_with_respiratory"], values["plms_index_without_respiratory"]
        both = (told.plms, told.plms_without) if rule == "wasm-2016" else (told.plms_without, told.plms)
        assert (with_, without) == pytest.approx([one / result.hours.sleep for one in both])
        if case.arousals:
            assert values["plms_arousal_index"] == pytest.approx(told.aroused / result.hours.sleep)


COMMON_READINGS = [{}, {"point_marks": "keep"}, {"artifact_leg": "both"}]
READINGS = {
    "aasm-v3": [
        *COMMON_READINGS,
        {"aasm_short": "restart"},
        {"aasm_wake_lm": "ends"},
        {"aasm_long": "ends"},
        {"aasm_combine": "anchor"},
        {"aasm_combine": "chain"},
    ],
    "wasm-2016": [
        *COMMON_READINGS,
        {"wasm_short_start": "may_not"},
        {"wasm_window": "half"},
        {"wasm_rera": "yes"},
        {"wasm_sleep": "any_part"},
    ],
    "wasm-2006": COMMON_READINGS,
}
EMPTY = reference.Case([], [])


def literal(case: Any, rule: str, readings: dict[str, str]) -> Any:
    """What the slow scorer says."""
    case = replace(case, keep_points="point_marks" in readings, own_leg="artifact_leg" not in readings)
    if rule == "aasm-v3":
        words = {key.removeprefix("aasm_").removesuffix("_lm"): value for key, value in readings.items()}
        return reference.aasm(case, **{key: words[key] for key in words if "_" not in key})
    if rule == "wasm-2006":
        return reference.wasm2006(case)
    return reference.wasm(
        case,
        start_after_short="wasm_short_start" not in readings,
        half="wasm_window" in readings,
        rera="wasm_rera" in readings,
        any_part="wasm_sleep" in readings,
    )


def agree(case: Any, rule: str, readings: dict[str, str]) -> None:
    compare(case, scored(case, rules=(rule,), **readings), rule, literal(case, rule, readings))


@pytest.mark.parametrize("rule", READINGS)
@settings(max_examples=130, deadline=None)
@given(case=nights() | nights(periodic=True), data=st.data())
@example(case=EMPTY, data=None)
def test_scorers_agree(rule: str, case: Any, data: st.DataObject | None) -> None:
    agree(case, rule, {} if data is None else data.draw(st.sampled_from(READINGS[rule])))


def crowded(seed: int) -> Any:
    """An hour with every confounding kind of row at once; most steps go on with a series, many at a bound."""
    random = Random(seed)
    end = 3_600_000
    marks: list[tuple[str, int, int]] = []
    time = random.choice((-20_000, 10_000, 60_000))
    sides = random.choice((("left", "right"), ("left", "left", "right", "n/a"), ("left",)))
    while time < end + 5000:
        side, duration = random.choice(sides), random.choice((*DURATIONS_MS, 1000, 2000, 2000, 3000))
        marks.append((side, time, time + duration))
        if random.random() < 0.25 and side != "n/a":
            late = random.choice((0, 300, 1499, 2000, 4999, 5000))
            other = {"left": "right", "right": "left"}[side] if len(set(sides)) > 1 else side
            marks.append((other, time + late, time + late + random.choice(DURATIONS_MS)))
        step = random.choice((10_000, 20_000, 30_000, 60_000, 90_000))
        time += step if random.random() < 0.8 else random.choice((*STEPS_MS[3:], *LONG_STEPS_MS))
    epochs = [
        (random.choice(("N2", "N2", "N2", "N1", "N3", "R", "W", "W", "unknown")), 30_000 * one, 30_000 * (one + 1))
        for one in range(120)
    ]
    epochs += [("R", start, start + 45_000) for start in random.sample(range(0, end, 15_000), random.choice((0, 2)))]

    def spans(most: int, lengths: tuple[int, ...]) -> list[tuple[int, int]]:
        starts = [1000 * random.randrange(3600) for _ in range(random.randint(0, most))]
        return [(start, start + 1000 * random.choice(lengths)) for start in starts]

    stops = [(random.choice(STOPPED), *one) for one in spans(6, (0, 1, 10, 60, 300))]
    for start, stop in spans(6, (1, 3, 8)):
        stops += [("left", start, stop), ("right", start, stop + 1000)]
    return reference.Case(
        sorted(set(marks), key=lambda one: (one[1], one[2], one[0])),
        epochs,
        [(random.choice(("apnea", "hypopnea", "rera")), *one) for one in spans(20, (10, 20, 40))],
        spans(20, (3, 5, 10)),
        stops,
        random.choice((None, (0, end), (30_000, end), (305_000, 3_300_000))),
        end,
    )


def agree_on(seed: int, rule: str) -> None:
    readings = READINGS[rule]
    agree(crowded(seed), rule, readings[seed // 2 % len(readings)] if seed % 2 else {})


@pytest.mark.parametrize("rule", READINGS)
def test_scorers_agree_on_crowded_nights(rule: str) -> None:
    for seed in range(50):
        agree_on(seed, rule)


@pytest.mark.slow
@pytest.mark.parametrize("rule", READINGS)
def test_scorers_agree_on_a_thousand_crowded_nights(rule: str) -> None:
    for seed in range(1000):
        agree_on(seed, rule)


@settings(max_examples=50, deadline=None)
@given(case=nights())
def test_hours_are_those_counted_second_by_second(case: Any) -> None:
    result = scored(case).hours
    recorded, sleep, wake = reference.hours(case, END_MS)
    assert result.recorded == pytest.approx(recorded)
    if any(name != "unknown" for name, _, _ in case.epochs):
        assert (result.sleep, result.wake) == pytest.approx((sleep, wake))


@settings(max_examples=50, deadline=None)
@given(case=nights(), rule=st.sampled_from(["aasm-v3", "wasm-2016"]))
def test_a_joined_movement_has_an_arousal_when_one_is_near(case: Any, rule: str) -> None:
    for one in scored(case).movements:
        verdict = one.verdicts[rule]
        if not case.arousals or not verdict.leg_movement:
            assert verdict.arousal is None
        elif not verdict.combined_with and "one movement" not in " ".join(verdict.reasons):
            start, end = round(one.onset_s * 1000), round((one.onset_s + one.duration_s) * 1000)
            # a later mark of the same leg may have been merged into this one: then only a miss is informative
            if reference.aroused(case, (start, end)):
                assert verdict.arousal is True


@settings(max_examples=50, deadline=None)
@given(case=nights(periodic=True), order=st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(case: Any, order: Any) -> None:
    made, movements = recording(case)
    events, shuffled = list(made.events), list(movements)
    order.shuffle(events)
    order.shuffle(shuffled)
    mixed = Recording("made", "TSV", None, made.duration_s, (), (), tuple(events), ())
    first, second = score_leg_movements(made, movements), score_leg_movements(mixed, shuffled)
    assert (first.hours, first.rules, first.movements) == (second.hours, second.rules, second.movements)


@settings(max_examples=50, deadline=None)
@given(case=nights(periodic=True), shift_s=st.integers(1, 40_000))
def test_a_shift_in_time_changes_nothing(case: Any, shift_s: int) -> None:
    inside = [one for one in case.marks if 0 <= one[1] <= END_MS]  # others would come into the recording
    lit = replace(case, marks=inside, lights=case.lights or (0, END_MS))
    first, second = scored(lit), scored(lit, shift_s * 1000)
    assert {name: one.values for name, one in first.rules.items()} == {
        name: pytest.approx(one.values) for name, one in second.rules.items()
    }
    assert [one.stage for one in first.movements] == [one.stage for one in second.movements]
    for one, other in zip(first.movements, second.movements, strict=True):
        for rule, verdict in one.verdicts.items():
            assert (verdict.plm, verdict.series) == (other.verdicts[rule].plm, other.verdicts[rule].series)


@settings(max_examples=50, deadline=None)
@given(case=nights())
def test_no_movement_is_lost_and_each_has_a_reason(case: Any) -> None:
    result = scored(case)
    assert sorted((one.side, round(one.onset_s * 1000)) for one in result.movements) == sorted(
        (side, start) for side, start, _ in case.marks
    )
    assert [one.id for one in result.movements] == [f"m{number}" for number in range(1, len(case.marks) + 1)]
    assert all(verdict.reasons for one in result.movements for verdict in one.verdicts.values())
    for name, rule in result.rules.items():
        assert {key for key, value in rule.values.items() if value is None} == set(rule.reasons), name
        assert all(reason.startswith("Q4") for reason in rule.reasons.values())
