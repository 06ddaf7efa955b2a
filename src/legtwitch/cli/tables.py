"""What `score` and `check` print for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from legtwitch.model import ImmobilisationTest, Problem, RuleScore, Score
from legtwitch.report.words import IMMOBILISATION, INDEX, number


def score_table(score: Score) -> str:
    """Return the indices of every rule set side by side, and what to know about the quality."""
    return "\n".join(_score_lines(score)) + "\n"


def _score_lines(score: Score) -> Iterator[str]:
    yield f"{score.file}: {number(score.hours.recorded)} h recorded, {number(score.hours.sleep)} h asleep"
    yield ""
    names = list(score.rules)
    yield f"{'':62}" + "".join(f"{name:>14}" for name in names)
    for key, label in INDEX.items():
        if any(key in rule.values for rule in score.rules.values()):
            cells = (number(rule.values[key]) if key in rule.values else "–" for rule in score.rules.values())
            yield f"{label:62}" + "".join(f"{cell:>14}" for cell in cells)
    for name, rule in score.rules.items():
        yield from _robustness_lines(name, rule)
    yield from _immobilisation_lines(score.immobilisation)
    for one in score.vendor_series:
        yield ""
        yield f"Series of another program at {one.onset_s:.1f} s, {one.duration_s:.1f} s, {one.movements} movements:"
        yield from (f"  {name}: {why}" for name, why in one.why.items())
    yield from _vendor_lines(score)
    if score.norms:
        yield ""
        yield "What others found (no number makes or excludes a disease):"
        yield from (f"  {one.text} ({', '.join(one.sources)}, grade {one.grade})" for one in score.norms)
    reasons = {reason for rule in score.rules.values() for reason in rule.reasons.values()}
    if reasons:
        yield ""
        yield f"Not computed: see {', '.join(sorted(reasons))} below."
    yield from problem_lines(score.quality)


def _vendor_lines(score: Score) -> Iterator[str]:
    vendor = score.vendor
    if vendor is None:
        return
    index = "an index can't be given" if vendor.index is None else f"{number(vendor.index)} an hour of sleep"
    yield ""
    yield f"The file itself marks {vendor.marked} periodic leg movements, {index}."
    for rule, why in vendor.why.items():
        ours = number(score.rules[rule].values.get("plms_index"))
        yield f"  {rule}, {ours}: {' '.join(why) or 'the same movements.'}"


def _robustness_lines(name: str, rule: RuleScore) -> Iterator[str]:
    if not rule.robustness:
        return
    yield ""
    yield f"{f'{name}: how far an index moves':62}{'as scored':>12}{'other readings':>18}{'changed marks':>18}  grade"
    for index, one in rule.robustness.items():
        others = [value for value in one.readings.values() if value is not None]
        read = f"{number(min(others))} to {number(max(others))}" if others else "–"
        marks = "–" if one.low is None else f"{number(one.low)} to {number(one.high)}"
        graded = one.grade or "not known"
        yield f"{INDEX[index]:62}{number(one.value):>12}{read:>18}{marks:>18}  {graded}"


def _immobilisation_lines(test: ImmobilisationTest | None) -> Iterator[str]:
    if test is None or not test.periods:
        return
    yield ""
    yield f"Suggested immobilisation test: {number(test.hours_awake)} h awake"
    for key, label in IMMOBILISATION.items():
        yield f"{label:62}{number(test.values[key]):>14}"


def problem_lines(problems: tuple[Problem, ...]) -> Iterator[str]:
    """Yield one line for each problem, after a blank line."""
    if problems:
        yield ""
    for one in problems:
        where = f" ({one.channel})" if one.channel and one.channel not in one.message else ""
        yield f"{one.code}{where}: {one.message} {one.effect}".rstrip()


def check_table(document: Mapping[str, Any]) -> str:
    """Return the object of `check --json` as lines for people."""
    return "\n".join(_check_lines(document)) + "\n"


def _check_lines(document: Mapping[str, Any]) -> Iterator[str]:
    time = document["time"]
    start = time["start"] or "start not known"
    yield f"{document['file']}: {document['format']}, {start}, {time['duration_s']:g} s"
    for gap in time["gaps"]:
        yield f"  gap at {gap['onset']:g} s, {gap['duration']:g} s long"
    if document["channels"]:
        yield ""
        yield f"{'channel':24}{'role':14}{'sure':>6}  {'unit':8}{'Hz':>8}  {'one step':>12}"
    for one in document["channels"]:
        step = "" if one["resolution"] is None else f"{one['resolution']:.3g} uV"
        unit = one["unit"] or one["file_unit"] or "none"
        role = f"{one['role']:14}{one['certainty']:>6.0%}"
        yield f"{one['name'][:23]:24}{role}  {unit[:7]:8}{one['rate_hz']:>8g}  {step:>12}"
    if document["events"]:
        yield ""
        yield "marks: " + ", ".join(f"{count} {name}" for name, count in document["events"].items())
    if document["problems"]:
        yield ""
    for one in document["problems"]:
        where = f" ({one['channel']})" if one["channel"] and one["channel"] not in one["message"] else ""
        repaired = " Repaired in memory." if one["repaired"] else ""
        yield f"{one['code']}{where}: {one['message']} {one['effect']}".rstrip() + repaired
    yield ""
    alike: dict[str, list[str]] = {}
    for name, verdict in document["can_score"].items():
        done = "scored" if name.startswith(("aasm", "wasm")) else "looked for"
        words = f"{'can' if verdict['ok'] else 'cannot'} be {done}. {verdict['reason']}".rstrip()
        alike.setdefault(words, []).append(name)
    yield from (f"{', '.join(names)}: {words}" for words, names in alike.items())
