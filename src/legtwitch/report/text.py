"""The report as plain text for the terminal: urgency first, then the rest in short."""

from __future__ import annotations

from collections import Counter
from textwrap import fill
from typing import TYPE_CHECKING

from legtwitch.report import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legtwitch.model import Assessment, Detection

WIDTH = 96
KEPT = 5
"""So many of the dangerous causes are told here; the HTML report has them all."""
_BESIDE_URGENCY = ("reassurance", "safety_net")


def _item(text: str, mark: str = "- ") -> str:
    return fill(text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark))


def _urgency(a: Assessment) -> Iterator[str]:
    yield f"{words.LEVEL_MARK[a.urgency.level]}: {a.urgency.headline}"
    yield fill(a.urgency.advice, WIDTH)
    for rule in a.urgency.rules:
        source = ", ".join(rule.sources) or "no source"
        because = words.named(rule.because, a.labels)
        yield _item(f"{rule.say} (rule {rule.id}, {source}, grade {rule.grade}; because of: {because})")
    if a.urgency.could_not_exclude:
        yield ""
        yield "Could not be excluded, because something is not known:"
        for one in a.urgency.could_not_exclude[: words.OPEN_RULES]:
            unknown = words.named(one.askable, a.labels, 3) or "what an examination or a test would tell"
            yield _item(f"{one.name} ({one.id}). Not known: {unknown}")
        more = len(a.urgency.could_not_exclude) - words.OPEN_RULES
        if more > 0:
            yield _item(f"{more} more; the HTML report names them")
    for care in a.care:
        if care.id == "reassurance":
            yield ""
            yield fill(care.text, WIDTH)
    if a.safety_net:
        yield ""
        yield "Get help sooner if:"
        yield from (_item(line) for line in a.safety_net)


def _detected(file: str, found: Detection) -> Iterator[str]:
    """Yield what was seen in a recording made awake; what was not seen excludes nothing."""
    kind = found.modality.replace("_", " ")
    counts = Counter(one.event for one in found.events)
    seen = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()))
    seen = seen or "nothing of what was looked for was seen, which excludes nothing"
    yield _item(f"{file}, {kind}, {found.duration_s / 60:.1f} min: {seen}")
    for score in found.scores:
        rate = score.values.get("rate_per_min")
        if rate is not None and score.values.get("count"):
            place = (score.muscle or "muscle not stated").replace("_", " ")
            side = "" if score.side == "n/a" else f", {score.side}"
            yield _item(f"{place}{side}: {words.number(rate)} a minute of rest. {score.norm}".rstrip(), "  ")


def _recordings(a: Assessment) -> Iterator[str]:
    for report in a.recordings:
        if report.detection is not None:
            yield from _detected(report.file, report.detection)
            continue
        if report.score is None:
            yield _item(f"{report.file}: could not be scored. {report.could_not_score}")
            continue
        for rule, result in report.score.rules.items():
            index = words.number(result.values.get("plms_index"))
            count = words.number(result.values.get("leg_movement_count"))
            yield _item(f"{report.file}, {rule}: {count} leg movements, PLMS index {index}")


def _advice(a: Assessment) -> Iterator[str]:
    if a.tests:
        yield ""
        yield "Tests to talk about with a doctor (the HTML report says why):"
        yield from (_item(one.label) for one in a.tests)
    care = [one for one in a.care if one.id not in _BESIDE_URGENCY]
    if care:
        yield ""
        yield "What may help:"
        yield from (_item(f"{one.label}. {one.text}") for one in care)
    unknown = [one.written for one in a.medicines if not one.ingredients]
    if unknown:
        yield ""
        yield _item(", ".join(unknown), "Medicines of which nothing is known here: ")


def _lines(a: Assessment) -> Iterator[str]:
    yield from _urgency(a)
    holding = [one.label for one in a.phenomena if one.result == "holds"]
    yield ""
    yield _item("; ".join(holding) if holding else "cannot be told yet", "Kind of movement: ")
    if a.recordings:
        yield ""
        yield "Recordings:"
        yield from _recordings(a)
    meanings = words.meanings(a)[1]
    if meanings:
        yield ""
        yield "What the results mean:"
        yield from (_item(one.text) for one in meanings)
    yield ""
    yield "Published definitions:"
    full, brief, untouched = words.speaking(a.criteria, a.causes)
    for criterion in full:
        missing = ""
        if criterion.result == "undetermined":
            missing = f"; not known: {words.named(criterion.missing, a.labels, 4)}"
        yield _item(f"{criterion.label}: {words.RESULT[criterion.result]}{missing}")
    if brief:
        yield _item(f"{len(brief)} more belong to causes that are unlikely so far; none of them is met")
    if untouched:
        yield _item(f"nothing told so far speaks to {len(untouched)} more")
    yield ""
    yield "Causes that could explain it (the order does not set how soon to be seen):"
    leading, named, resting = words.leading(a.causes)
    for cause in leading:
        yield _item(f"{cause.name}. {cause.in_words}", "- " if cause.id == "other" else f"{cause.rank}. ")
    if named:
        yield f"{len(named)} more are unlikely so far."
    if resting:
        yield f"Nothing told so far speaks to {len(resting)} more."
    if a.must_not_miss:
        yield ""
        yield "Rare but important, kept in view:"
        yield from (_item(f"{one.name}. {one.status}") for one in a.must_not_miss[:KEPT])
        if len(a.must_not_miss) > KEPT:
            yield f"and {len(a.must_not_miss) - KEPT} more."
    yield from _advice(a)
    if a.next_question is not None:
        yield ""
        yield _item(a.next_question.text, "Next question: ")
    yield ""
    yield fill(a.notice, WIDTH)
    yield fill(f"legtwitch {a.provenance['legtwitch']}, knowledge {a.provenance['knowledge']}", WIDTH)


def render(assessment: Assessment) -> str:
    """Return the report as plain text, lines of at most 96 characters."""
    return "\n".join(_lines(assessment)) + "\n"
