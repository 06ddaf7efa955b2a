"""The JSON contracts: `assess --json`, `score --json`, `check --json` as plain dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from legtwitch.model import (
    Advice,
    Assessment,
    CauseResult,
    Channel,
    CriterionResult,
    Detail,
    Finding,
    ImmobilisationTest,
    Influence,
    Movement,
    Norm,
    OtherMovements,
    Problem,
    Quantity,
    Question,
    RecordingReport,
    Robustness,
    RuleScore,
    Score,
    Urgency,
    VendorIndex,
    VendorSeries,
)
from legtwitch.version import __version__

if TYPE_CHECKING:
    from legtwitch.model import Recording


def _plain(thing: Any) -> dict[str, Any]:
    """Return a flat dataclass as a dict, tuples as lists."""
    values = ((one.name.rstrip("_"), getattr(thing, one.name)) for one in fields(thing))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def _rounded(value: float | int | None, digits: int = 3) -> float | int | None:
    return round(value, digits) if isinstance(value, float) else value


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds")


def problems(found: Iterable[Problem], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return problems with the keys asked for."""
    return [{key: _rounded(getattr(one, key)) for key in keys} for one in found]


# ---- score -----------------------------------------------------------------------------------------------------------

QUALITY_KEYS = ("code", "channel", "from_s", "to_s", "message", "effect")


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "role": channel.role,
        "certainty": channel.certainty,
        "unit": channel.unit,
        "rate_hz": channel.rate_hz,
    }


def _movement(movement: Movement) -> dict[str, Any]:
    verdicts: dict[str, Any] = {}
    for rule, verdict in movement.verdicts.items():
        row = _plain(verdict)
        row["interval_s"] = _rounded(verdict.interval_s)
        if verdict.candidate is None:
            del row["candidate"]
        verdicts[rule] = row
    return {
        "id": movement.id,
        "onset": round(movement.onset_s, 4),
        "duration": round(movement.duration_s, 4),
        "side": movement.side,
        "stage": movement.stage,
        "channel": movement.channel,
        **{key: _rounded(value) if isinstance(value, float) else value for key, value in movement.measures.items()},
        "rules": verdicts,
    }


def _rule(rule: RuleScore) -> dict[str, Any]:
    hours, thirds = rule.plms_by_hour, rule.plms_index_thirds
    return {
        **{key: _rounded(value) for key, value in rule.values.items()},
        "plms_by_hour": None
        if hours is None
        else [{key: _rounded(value, 4) for key, value in _plain(one).items()} for one in hours],
        "plms_index_thirds": None if thirds is None else [_rounded(one) for one in thirds],
        **({} if rule.detail is None else _detail(rule.detail)),
    }


def _detail(detail: Detail) -> dict[str, Any]:
    def row(thing: Any, key: str) -> dict[str, Any]:
        return {name: _rounded(value, 4) for name, value in _plain(thing).items() if name != key}

    return {
        "stages": None if detail.stages is None else {one.stage: row(one, "stage") for one in detail.stages},
        "kinds": {one.kind: row(one, "kind") for one in detail.kinds},
        "intervals": row(detail.intervals, ""),
    }


def _vendor(vendor: VendorIndex, rules: Mapping[str, RuleScore]) -> dict[str, Any]:
    ours = {
        name: {key: _rounded(rules[name].values.get(key)) for key in ("plms_count", "plms_index")} for name in rules
    }
    return {
        "periodic_marks": vendor.marked,
        "in_sleep": vendor.in_sleep,
        "index": _rounded(vendor.index),
        "rules": {name: {**one, "why": list(vendor.why.get(name, ()))} for name, one in ours.items()},
    }


def _robustness(moved: Robustness) -> dict[str, Any]:
    marks = {"low": moved.low, "median": moved.median, "high": moved.high}
    return {
        "value": _rounded(moved.value),
        "grade": moved.grade,
        "readings": {reading: _rounded(value) for reading, value in moved.readings.items()},
        "marks": {key: _rounded(value) for key, value in marks.items()},
    }


def _immobilisation(test: ImmobilisationTest) -> dict[str, Any]:
    return {
        "periods": [{"from_s": round(start, 4), "to_s": round(end, 4)} for start, end in test.periods],
        "hours_awake": _rounded(test.hours_awake, 4),
        "staged": test.staged,
        **{key: _rounded(value) for key, value in test.values.items()},
        "not_computed": dict(test.reasons),
    }


def _vendor_series(one: VendorSeries) -> dict[str, Any]:
    rules = {rule: {"same": same, "why": one.why[rule]} for rule, same in one.same.items()}
    return {
        "onset": round(one.onset_s, 4),
        "duration": round(one.duration_s, 4),
        "movements": one.movements,
        "rules": rules,
    }


def _norm(one: Norm) -> dict[str, Any]:
    ours = {rule: _rounded(value) for rule, value in one.ours.items()}
    return {**_plain(one), "ours": ours, "sources": list(one.sources)}


def _other(other: OtherMovements) -> dict[str, Any]:
    myoclonus = other.myoclonus
    rows = [
        {
            "onset": round(one.onset_s, 4),
            "duration": round(one.duration_s, 4),
            "event": one.event,
            "side": one.side,
            "channel": one.channel,
            **one.attributes,
        }
        for one in other.events
    ]
    minutes = None if myoclonus.minutes is None else dict(myoclonus.minutes)
    excessive = {"potentials": myoclonus.potentials, "minutes": minutes, "excessive": myoclonus.excessive}
    return {"counts": dict(other.counts), "excessive_fragmentary_myoclonus": excessive, "events": rows}


def score(result: Score) -> dict[str, Any]:
    """Return the object of `score --json`; `robustness` is there where it was asked for."""
    moved = {
        name: {index: _robustness(one) for index, one in rule.robustness.items()}
        for name, rule in result.rules.items()
        if rule.robustness
    }
    test = result.immobilisation
    return {
        "recording": {
            "file": result.file,
            "start": _time(result.start),
            "duration_s": round(result.duration_s, 4),
            "channels": [_channel(channel) for channel in result.channels],
        },
        "hours": {key: _rounded(value, 4) for key, value in _plain(result.hours).items()},
        "rules": {name: _rule(rule) for name, rule in result.rules.items()},
        "not_computed": {name: dict(rule.reasons) for name, rule in result.rules.items() if rule.reasons},
        **({"robustness": moved} if moved else {}),
        "immobilisation_test": None if test is None else _immobilisation(test),
        "vendor_series": {
            "count": len(result.vendor_series),
            "series": [_vendor_series(one) for one in result.vendor_series],
        },
        "vendor": None if result.vendor is None else _vendor(result.vendor, result.rules),
        "norms": [_norm(one) for one in result.norms],
        "other_movements": None if result.other is None else _other(result.other),
        "movements": [_movement(movement) for movement in result.movements],
        "quality": problems(result.quality, QUALITY_KEYS),
        "provenance": {
            "legtwitch": __version__,
            "rule_sets": dict(result.rule_hashes),
            "readings": dict(result.readings),
            "parameters": result.parameters_hash,
        },
    }


# ---- check -----------------------------------------------------------------------------------------------------------


def check(recording: Recording, can_score: Mapping[str, tuple[bool, str]]) -> dict[str, Any]:
    """Return the object of `check --json`. can_score: rule or kind → (whether, reason)."""
    gaps = [
        {"onset": round(one.onset_s, 4), "duration": round(one.duration_s, 4)}
        for one in recording.events
        if one.event == "recording_gap"
    ]
    marks: dict[str, int] = {}
    for event in recording.events:
        marks[event.event] = marks.get(event.event, 0) + 1
    return {
        "file": recording.file,
        "format": recording.format,
        "channels": [
            {**_channel(one), "file_unit": one.file_unit, "resolution": one.resolution_uv, "why": one.why}
            for one in recording.channels
        ],
        "time": {"start": _time(recording.start), "duration_s": round(recording.duration_s, 4), "gaps": gaps},
        "events": marks,
        "problems": problems(recording.problems, ("code", "message", "effect", "repaired", "channel")),
        "can_score": {name: {"ok": ok, "reason": reason} for name, (ok, reason) in can_score.items()},
    }


# ---- assess ----------------------------------------------------------------------------------------------------------


def _urgency(urgency: Urgency) -> dict[str, Any]:
    return {
        "level": urgency.level,
        "headline": urgency.headline,
        "advice": urgency.advice,
        "rules": [
            {
                "id": rule.id,
                "level": rule.level,
                "name": rule.name,
                "say": rule.say,
                "because": list(rule.because),
                "source": list(rule.sources),
                "grade": rule.grade,
            }
            for rule in urgency.rules
        ],
        "could_not_exclude": [_plain(rule) for rule in urgency.could_not_exclude],
        "reassurance": urgency.reassurance,
        "gate_shut_because": list(urgency.gate_shut_because),
    }


def _criterion(criterion: CriterionResult) -> dict[str, Any]:
    return {**_plain(criterion), "items": [_plain(item) for item in criterion.items]}


def _influence(influence: Influence) -> dict[str, Any]:
    return {**_plain(influence), "log_odds": round(influence.log_odds, 3)}


def _cause(cause: CauseResult) -> dict[str, Any]:
    probability = None
    if cause.probability is not None:
        probability = {name: float(f"{value:.3g}") for name, value in _plain(cause.probability).items()}
    return {
        "id": cause.id,
        "name": cause.name,
        "group": cause.group,
        "probability": probability,
        "in_words": cause.in_words,
        "for": [_influence(one) for one in cause.for_],
        "against": [_influence(one) for one in cause.against],
        "rank": cause.rank,
        "in_play": cause.in_play,
        "note": cause.note,
    }


def question(asked: Question | None) -> dict[str, Any] | None:
    """Return a question as it stands under `next_question`, or None."""
    if asked is None:
        return None
    options = []
    for option in asked.options:
        row: dict[str, Any] = {"label": option.label, "sets": dict(option.sets)}
        if option.enter:
            row["enter"] = dict(option.enter)
        options.append(row)
    return {
        "id": asked.id,
        "text": asked.text,
        "why": asked.why,
        "help": asked.help,
        "mandatory": asked.mandatory,
        "asks": list(asked.asks),
        "several": asked.several,
        "options": options,
    }


def finding(one: Finding) -> dict[str, Any]:
    """Return a finding as it stands under `findings`."""
    value: Any = one.value
    if isinstance(value, Quantity):
        value = {"value": value.value, "unit": value.unit}
    elif isinstance(value, tuple):
        value = list(value)
    row: dict[str, Any] = {"id": one.id, "value": value, "by": one.by, "origin": one.origin}
    row |= dict(one.attributes)
    for key, content in (("since", one.since), ("date", one.date)):
        if content is not None:
            row[key] = content.isoformat()
    if one.note:
        row["note"] = one.note
    return row


def _recording(report: RecordingReport) -> dict[str, Any]:
    from legtwitch.report import as_json_detect  # it needs this module

    return {
        "file": report.file,
        "could_not_score": report.could_not_score,
        "problems": problems(report.problems, QUALITY_KEYS),
        "score": None if report.score is None else score(report.score),
        "detection": None if report.detection is None else as_json_detect.detection(report.detection),
    }


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "id": advice.id,
        "label": advice.label,
        "text": advice.text,
        "because": list(advice.because),
        "source": list(advice.sources),
        "grade": advice.grade,
    }


def assessment(result: Assessment) -> dict[str, Any]:
    """Return the object of `assess --json`: the same content as the HTML report."""
    return {
        "date": None if result.date is None else result.date.isoformat(),
        "urgency": _urgency(result.urgency),
        "phenomena": [_plain(one) for one in result.phenomena],
        "criteria": [_criterion(one) for one in result.criteria],
        "causes": [_cause(one) for one in result.causes],
        "must_not_miss": [_plain(one) for one in result.must_not_miss],
        "next_question": question(result.next_question),
        "statements": [_advice(one) for one in result.statements],
        "tests": [_advice(one) for one in result.tests],
        "care": [_advice(one) for one in result.care],
        "care_withheld": [_plain(one) for one in result.care_withheld],
        "findings": [finding(one) for one in result.findings],
        "medicines": [
            {
                "written": one.written,
                "understood_as": list(one.ingredients),
                "started": None if one.started is None else one.started.isoformat(),
                "stopped": None if one.stopped is None else one.stopped.isoformat(),
            }
            for one in result.medicines
        ],
        "recordings": [_recording(one) for one in result.recordings],
        "sources": [_plain(one) for one in result.sources],
        "notice": result.notice,
        "safety_net": list(result.safety_net),
        "provenance": dict(result.provenance),
    }
