"""The rows of the differential: probability in words, and what speaks for and against each cause."""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import TYPE_CHECKING

from legtwitch.model import CauseResult, Grade, Influence, Truth
from legtwitch.reasoning.chances import FLOOR, in_words, logit, shown
from legtwitch.reasoning.differential import Differential, differential
from legtwitch.reasoning.logic import Outcome
from legtwitch.reasoning.network import Candidate, Network, Node, Observation

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

OTHER = "other"
LEAST = 0.05
"""Changes of the log-odds below this aren't told."""
_STRONG, _CLEAR = log(10), log(2)


def causes(network: Network, knowledge: Knowledge) -> tuple[CauseResult, ...]:
    """Return every cause in play, the likeliest first, and the row `other` at the end."""
    result = differential(network)
    order = sorted(network.candidates, key=lambda one: (-result.beliefs[one.cause.id].value, one.cause.id))
    rows = [_row(one, rank, result, network, knowledge) for rank, one in enumerate(order, start=1)]
    return (*rows, _other_row(result, len(rows) + 1))


def _row(one: Candidate, rank: int, result: Differential, network: Network, knowledge: Knowledge) -> CauseResult:
    belief = result.beliefs[one.cause.id]
    interval = shown(belief.value, belief.low, belief.high)
    influences = sorted(_influences(one, result, network, knowledge), key=lambda found: -abs(found.log_odds))
    before = (
        f"Before any finding: {in_words(shown(one.start.spread.value, one.start.spread.low, one.start.spread.high))}"
    )
    return CauseResult(
        one.cause.id,
        one.cause.name,
        one.cause.group,
        interval,
        in_words(interval),
        tuple(found for found in influences if found.log_odds > 0),
        tuple(found for found in influences if found.log_odds < 0),
        rank,
        f"{before}; {one.start.note}." if one.start.note else f"{before}.",
        _cited((entry.sources, entry.grade) for entry in one.start.entries)[0],
    )


def _other_row(result: Differential, rank: int) -> CauseResult:
    interval = shown(result.other.value, result.other.low, result.other.high)
    note = "The chance that none of the causes listed here is present; the list is never complete."
    return CauseResult(
        OTHER, "Something else, or nothing on this list", OTHER, interval, in_words(interval), (), (), rank, note
    )


def _influences(one: Candidate, result: Differential, network: Network, knowledge: Knowledge) -> Iterable[Influence]:
    label = knowledge.vocabulary.label
    for node, observation, change in result.dropped:
        size = change.get(one.cause.id, 0.0)
        if abs(size) >= LEAST:
            yield _seen(one, node, observation, size, label(observation.finding))
    for risk, _ in one.risks:
        size = log(risk.odds_ratio)
        if abs(size) >= LEAST:
            yield Influence(risk.finding, _text(label(risk.finding), size), size, risk.sources, risk.grade)
    required = network.requirements.get(one.cause.id, Outcome(Truth.TRUE))
    size = logit(max(result.beliefs[one.cause.id].value, 2 * FLOOR)) - logit(FLOOR)
    for ref in required.because:
        text = f"{label(ref)}: without it this cause would not be considered"
        sources, grade = _cited((entry.sources, entry.grade) for entry in one.start.entries)
        yield Influence(ref, text, size, sources, grade)


def _seen(one: Candidate, node: Node, observation: Observation, size: float, label: str) -> Influence:
    cited: list[tuple[tuple[str, ...], Grade]] = []
    link = node.links.get(one.cause.id)
    if link is not None:
        cited.append((link[1].sources, link[1].grade))
    else:
        cited += [(evidence.sources, evidence.grade) for _, evidence in node.links.values()]
    if observation.shown is not None:
        cited.append((observation.shown.sources, observation.shown.grade))
    if node.origin is not None:
        cited.append((node.origin.sources, node.origin.grade))
    sources, grade = _cited(cited)
    absent = "" if observation.outcome.truth is Truth.TRUE else "no "
    text = _text(absent + label, size)
    if link is None:
        text += ", through what it says of other causes"
    return Influence(observation.finding, text, size, sources, grade)


def _text(what: str, size: float) -> str:
    strength = "much " if abs(size) >= _STRONG else "" if abs(size) >= _CLEAR else "a little "
    return f"{what}: makes it {strength}{'more' if size > 0 else 'less'} likely"


def _cited(entries: Iterable[tuple[tuple[str, ...], Grade]]) -> tuple[tuple[str, ...], Grade]:
    """Return all sources once, and the weakest grade."""
    listed = list(entries)
    sources = tuple(dict.fromkeys(source for cited, _ in listed for source in cited))
    return sources, max((grade for _, grade in listed), default="D")
