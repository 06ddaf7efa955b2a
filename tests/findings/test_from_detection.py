"""A detection as findings: what each may say, and what it must leave open."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from legtwitch.findings import findings_from_detection
from legtwitch.model import Channel, Detected, Detection, Finding, KindScore, Quantity

Values = dict[str, float | int | None]


def event(
    kind: str, onset_s: float = 0.0, duration_s: float = 10.0, confidence: float = 0.9, **measures: Any
) -> Detected:
    return Detected(onset_s, duration_s, kind, "left", "soleus", "c", confidence, {}, measures)


def found(
    knowledge: Any,
    kind: str,
    values: Values,
    events: list[Detected],
    *,
    modality: str = "surface_emg",
    muscle: str | None = "soleus",
    side: Any = "left",
    minutes: float = 5.0,
) -> dict[str, Finding]:
    score = KindScore(kind, muscle, side, ("c",), minutes, values)
    start = datetime(2026, 11, 1, 10, 0)
    detection = Detection(
        "x.csv", start, 60 * minutes, modality, "", (), (kind,), tuple(events), (score,), (), "sha256:0"
    )
    return {one.id: one for one in findings_from_detection(detection, "calf.csv", knowledge)}


def test_a_tremor_has_its_frequency_stability_place_and_posture(knowledge: Any) -> None:
    values: Values = {"tremor_frequency": 14.2, "tremor_stability_index": 0.4}
    got = found(knowledge, "tremor", values, [event("tremor", posture="standing")], modality="accelerometer")
    assert got["tremor_recorded"].value == "present"
    assert got["tremor_frequency"].value == Quantity(14.2, "Hz")
    assert got["tremor_frequency"].attributes == {"muscle": "soleus", "side": "left", "posture": "standing"}
    assert got["tremor_stability_index"].attributes == {"side": "left", "posture": "standing"}
    assert {(one.by, one.date) for one in got.values()} == {("recording", date(2026, 11, 1))}


@pytest.mark.parametrize(
    "events",
    [[], [event("tremor", duration_s=5.9)], [event("tremor", confidence=0.59)]],
    ids=["none", "short", "unlikely"],
)
def test_no_short_or_unlikely_tremor_is_a_finding_and_none_is_absent(knowledge: Any, events: list[Detected]) -> None:
    assert found(knowledge, "tremor", {"tremor_frequency": 5.0}, events) == {}


def test_a_run_of_clonus_has_beats_and_frequency_but_no_run_is_not_absent(knowledge: Any) -> None:
    values: Values = {"clonus_frequency": 5.5, "clonus_beats": 9}
    got = found(knowledge, "clonus", values, [event("clonus")])
    assert {id: one.value for id, one in got.items()} == {
        "clonus_recorded": "present",
        "clonus_frequency": Quantity(5.5, "Hz"),
        "clonus_beats": Quantity(9.0, "count"),
    }
    assert found(knowledge, "clonus", {"clonus_frequency": None, "clonus_beats": None}, []) == {}


def test_jerks_need_three_likely_bursts_of_emg_and_ten_for_their_length(knowledge: Any) -> None:
    bursts = [event("myoclonus", 5.0 * n, 0.03, burst_ms=30 + n % 3) for n in range(10)]
    assert found(knowledge, "myoclonus", {}, bursts[:2]) == {}
    assert list(found(knowledge, "myoclonus", {}, bursts[:9])) == ["myoclonus_recorded"]
    got = found(knowledge, "myoclonus", {}, bursts)
    assert got["myoclonus_burst_duration"].value == Quantity(31.0, "millisecond")
    assert found(knowledge, "myoclonus", {}, bursts, modality="accelerometer") == {}


def test_a_cramp_by_needle_is_told_by_its_discharges(knowledge: Any) -> None:
    assert list(found(knowledge, "cramp", {}, [event("cramp")])) == ["cramp_recorded"]
    assert list(found(knowledge, "cramp", {}, [event("cramp")], modality="needle_emg")) == ["cramp_discharges"]


def test_movements_by_accelerometer_have_their_own_index_and_no_other(knowledge: Any) -> None:
    got = found(knowledge, "leg_movement", {"accelerometer_leg_movement_index": 22.0}, [], modality="accelerometer")
    assert {id: one.value for id, one in got.items()} == {
        "accelerometer_leg_movement_index": Quantity(22.0, "per_hour")
    }
    assert got["accelerometer_leg_movement_index"].attributes == {"side": "left"}
    none: Values = {"accelerometer_leg_movement_index": None}
    assert found(knowledge, "leg_movement", none, [], modality="accelerometer") == {}


FASCICULATIONS: Values = {
    "present": 1,
    "rate_per_min": 4.2,
    "distinct_units": 3,
    "two_isolated_units_share": 0.25,
    "time_locked_share": None,
}


def test_fasciculations_of_a_known_muscle_become_rate_units_and_shares(knowledge: Any) -> None:
    got = found(knowledge, "fasciculation", FASCICULATIONS, [])
    assert {id: one.value for id, one in got.items()} == {
        "fasciculation_potentials_emg": "present",
        "fasciculation_rate": Quantity(4.2, "per_minute"),
        "fasciculating_units": Quantity(3.0, "count"),
        "isolated_unit_windows": Quantity(25.0, "percent"),
    }


@pytest.mark.parametrize(
    ("values", "minutes", "flag"),
    [
        ({"present": 0}, 1.0, "absent"),
        ({"present": 0}, 0.9, None),
        ({"present": None}, 5.0, None),
        ({"present": 1}, 0.5, "present"),
    ],
)
def test_no_fasciculation_is_absent_only_after_a_minute_of_rest(
    knowledge: Any, values: Values, minutes: float, flag: str | None
) -> None:
    got = found(knowledge, "fasciculation", values, [], minutes=minutes)
    assert (got["fasciculation_potentials_emg"].value if got else None) == flag


def test_without_a_muscle_nothing_is_said_of_fasciculations_or_discharges(knowledge: Any) -> None:
    assert found(knowledge, "fasciculation", FASCICULATIONS, [], muscle=None) == {}
    trains = [event("fibrillation", 5.0 * n) for n in range(5)]
    assert found(knowledge, "fibrillation", {}, trains, modality="needle_emg", muscle=None) == {}


def test_phases_and_variation_are_those_of_a_needle(knowledge: Any) -> None:
    potentials = [
        event("fasciculation", n, 0.01, phases=3 + 2 * (n % 5 == 0), unit_id="u1", peak_to_peak_uv=500.0 + 50 * (n % 2))
        for n in range(10)
    ]
    got = found(knowledge, "fasciculation", {"present": 1}, potentials, modality="needle_emg")
    assert got["fasciculation_polyphasic_share"].value == Quantity(20.0, "percent")
    assert got["fasciculation_shape_variation"].value == Quantity(round(25 / 525, 3), "ratio")
    assert list(found(knowledge, "fasciculation", {"present": 1}, potentials)) == ["fasciculation_potentials_emg"]
    few = found(knowledge, "fasciculation", {"present": 1}, potentials[:9], modality="needle_emg")
    assert list(few) == ["fasciculation_potentials_emg"]


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        ("fibrillation", "fibrillation_potentials"),
        ("positive_sharp_wave", "positive_sharp_waves"),
        ("myokymic_discharge", "myokymic_discharges"),
        ("neuromyotonic_discharge", "neuromyotonic_discharges"),
        ("complex_repetitive_discharge", "complex_repetitive_discharges"),
        ("myotonic_discharge", "myotonic_discharges"),
    ],
)
def test_discharges_need_a_needle_and_three_likely_trains(knowledge: Any, kind: str, id: str) -> None:
    trains = [event(kind, 5.0 * n) for n in range(3)]
    assert list(found(knowledge, kind, {}, trains, modality="needle_emg")) == [id]
    assert found(knowledge, kind, {}, trains[:2], modality="needle_emg") == {}
    assert found(knowledge, kind, {}, trains, modality="surface_emg") == {}
    assert found(knowledge, kind, {}, [], modality="needle_emg") == {}


def test_pairs_of_discharges_are_told_to_nobody_and_multiplets_are(knowledge: Any) -> None:
    pairs = [event("fasciculation", n, 0.01, multiplicity=2) for n in range(9)]
    threes = [event("fasciculation", n, 0.01, multiplicity=3) for n in range(3)]
    needle = {"modality": "needle_emg"}
    assert "doublets_or_multiplets" not in found(knowledge, "fasciculation", {"present": 1}, pairs, **needle)  # type: ignore[arg-type]
    assert "doublets_or_multiplets" in found(knowledge, "fasciculation", {"present": 1}, threes, **needle)  # type: ignore[arg-type]


def test_every_finding_may_be_said_by_a_recording(knowledge: Any) -> None:
    from legtwitch.findings import from_detection

    source = Path(from_detection.__file__).read_text(encoding="utf-8")
    named = [id for id in knowledge.vocabulary.findings if f'"{id}"' in source]
    assert len(named) >= 20
    assert [id for id in named if "recording" not in knowledge.vocabulary.findings[id].by] == []


def test_no_unit_is_told_only_after_a_minute_of_rest(knowledge: Any) -> None:
    assert found(knowledge, "fasciculation", {"distinct_units": 0}, [], minutes=0.0) == {}
    assert found(knowledge, "fasciculation", {"distinct_units": 2}, [], minutes=0.5).keys() == {"fasciculating_units"}
    assert found(knowledge, "fasciculation", {"distinct_units": 0}, [], minutes=1.0).keys() == {"fasciculating_units"}


@pytest.mark.parametrize(("rate_hz", "told"), [(256.0, False), (1000.0, True)])
def test_a_needle_recording_too_slow_for_shapes_tells_nothing_by_them(
    knowledge: Any, rate_hz: float, told: bool
) -> None:
    channel = Channel("c", "emg_other", 0.9, "", "uV", "uV", rate_hz, 0.1, 60_000)
    values: Values = {"present": 0, "count": 0, "distinct_units": 0}
    for kind, events in (
        ("complex_repetitive_discharge", [event("complex_repetitive_discharge")] * 3),
        ("fasciculation", []),
        ("fasciculation", [event("fasciculation", phases=6, multiplicity=3)] * 12),
    ):
        score = KindScore(kind, "soleus", "left", ("c",), 5.0, values)
        made = Detection(
            "x.csv", None, 300.0, "needle_emg", "", (channel,), (kind,), tuple(events), (score,), (), "sha256:0"
        )
        assert bool(findings_from_detection(made, "calf.csv", knowledge)) is told
