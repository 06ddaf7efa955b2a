"""An assessment made by hand, with every part of a report filled, hostile text in free places."""

from __future__ import annotations

from datetime import date, datetime

from legtwitch.model import (
    Advice,
    Assessment,
    CauseResult,
    Channel,
    CriterionItem,
    CriterionResult,
    Event,
    Finding,
    FiredRule,
    Hours,
    Influence,
    Interval,
    Medicine,
    Movement,
    MustNotMiss,
    OpenRule,
    Option,
    PhenomenonResult,
    Problem,
    Quantity,
    Question,
    RecordingReport,
    RuleScore,
    Score,
    SourceNote,
    Urgency,
    Verdict,
    Withheld,
)

HOSTILE = "<script>alert('x')</script> & \"more\""


def verdict(plm: bool, interval: float | None) -> Verdict:
    return Verdict(True, None, plm, 1 if plm else None, (), False, None, interval, ("because of its length",))


def score() -> Score:
    movements = tuple(
        Movement(
            f"m{n}",
            600.0 + 30 * n,
            2.0,
            "left" if n % 2 else "right",
            "N2",
            "LAT",
            {"peak_uv": 40.0},
            {"aasm-v3": verdict(n < 6, 30.0 if n else None)},
        )
        for n in range(8)
    )
    stages = tuple(
        Event(30.0 * n, 30.0, f"stage_{'W' if n < 10 else 'N2' if n % 40 < 30 else 'R'}") for n in range(240)
    )
    return Score(
        file="night.edf",
        start=datetime(2026, 11, 1, 22, 30),
        duration_s=7200.0,
        channels=(Channel("LAT", "leg_left", 1.0, "name", "uV", "uV", 256.0, 0.05, 1_843_200),),
        hours=Hours(2.0, 1.9, 0.1, 1.4, 0.5),
        rules={
            "aasm-v3": RuleScore(
                {"plms_count": 6, "plms_index": 3.1579, "plms_arousal_index": None}, {"plms_arousal_index": "Q404"}
            )
        },
        movements=movements,
        context=(*stages, Event(3000.0, 60.0, "recording_gap")),
        quality=(Problem("Q404", "No arousals are marked.", "The arousal index is empty."),),
        readings={"aasm_short": "skip"},
        rule_hashes={"aasm-v3": "sha256:abc"},
        parameters_hash="sha256:def",
    )


def assessment() -> Assessment:
    influence = Influence("urge_to_move_legs", "An urge to move the legs was told.", 3.2, ("allen_2014",), "B")
    return Assessment(
        urgency=Urgency(
            "two_weeks",
            (
                FiredRule(
                    "R20",
                    "two_weeks",
                    "Foot",
                    "See a doctor within two weeks.",
                    ("heel_walk_failed",),
                    ("allen_2014",),
                    "D",
                ),
            ),
            (OpenRule("R01", "emergency", "Sudden weakness", ("onset_sudden", "weakness_found"), ("onset_sudden",)),),
            False,
            ("A home test failed.",),
            "See a doctor within two weeks.",
            "Phone the practice.",
        ),
        phenomena=(
            PhenomenonResult("urge_to_move_legs", "an urge to move the legs", "holds", ("urge_to_move_legs",), ()),
            PhenomenonResult("cramp", "cramp", "does_not_hold", ("cramp_felt",), ()),
            PhenomenonResult("tremor", "tremor", "cannot_tell", (), ("tremor_felt",)),
        ),
        criteria=(
            CriterionResult(
                "irlssg_2014",
                "restless_legs_syndrome",
                "restless legs (IRLSSG 2014)",
                "undetermined",
                ("urge_explained_by_mimic",),
                (CriterionItem("An urge to move the legs", "met", ("urge_to_move_legs",), ()),),
                ("allen_2014",),
            ),
        ),
        causes=(
            CauseResult(
                "restless_legs_syndrome",
                "Restless legs syndrome",
                "less_harmful",
                Interval(0.8123, 0.5, 0.93),
                "about 4 in 5",
                (influence,),
                (),
                1,
            ),
            CauseResult(
                "other", "Something not on this list", "other", Interval(0.1, 0.02, 0.4), "about 1 in 10", (), (), 2
            ),
        ),
        must_not_miss=(MustNotMiss("als", "Motor neurone disease", "Look for weakness.", "Not looked for yet."),),
        next_question=Question(
            "q",
            "Is a leg weak?",
            "Weakness is seen sooner.",
            True,
            ("felt_weakness",),
            (Option("Yes", {"felt_weakness": "present"}),),
        ),
        statements=(Advice("few_plms", "", "Few movements neither support nor exclude it.", ("allen_2014",), "B"),),
        tests=(Advice("ferritin", "Ferritin", "A blood test of the iron store.", ("allen_2014",), "A"),),
        care=(Advice("stretching", "Stretching", "May ease cramps a little.", ("allen_2014",), "B"),),
        care_withheld=(Withheld("massage", "Massage", "a clot was not looked for"),),
        findings=(
            Finding("urge_to_move_legs", "present", origin="case file"),
            Finding("symptom_duration", Quantity(4, "month"), origin=HOSTILE),
            Finding("twitch_body_site", ("calf",), attributes={"side": "left"}, note=HOSTILE),
        ),
        medicines=(Medicine(HOSTILE, ()),),
        recordings=(
            RecordingReport("night.edf", score(), (), None),
            RecordingReport(HOSTILE, None, (Problem("Q101", "Truncated."),), f"It could not be read: {HOSTILE}"),
        ),
        labels={"urge_to_move_legs": "an urge to move the legs", "felt_weakness": "a part feels weak"},
        sources=(SourceNote("allen_2014", "Allen et al., Sleep Med 2014;15:860", "abstract", "doi"),),
        provenance={
            "legtwitch": "0.1.0",
            "knowledge": "sha256:123",
        },
        notice="This is research and education software.",
        safety_net=("a leg gets weak",),
        date=date(2026, 11, 22),
    )
