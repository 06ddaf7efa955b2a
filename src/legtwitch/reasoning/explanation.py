"""The rows of the differential: probability in words, and what speaks for and against each cause."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
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


def causes(network: Network, knowledge: Knowledge, holding: Collection[str] = ()) -> tuple[CauseResult, ...]:
    """Return every cause in play, and the row `other` at the end.

    First stand causes that explain a kind of movement that holds or that something found makes at least twice as
    likely or unlikely, then those that nothing known so far speaks to; in each group the likeliest first.

    Parameters
    ----------
    holding: ids of the kinds of movement that hold.
    """
    result = differential(network)
    dropped: dict[str, list[tuple[Node, Observation, float]]] = {}
    for node, observation, change in result.dropped:
        for id, size in change.items():
            if abs(size) >= LEAST:
                dropped.setdefault(id, []).append((node, observation, size))
    rows = [_row(one, result, dropped.get(one.cause.id, ()), holding, network, knowledge) for one in network.candidates]
    rows.sort(key=lambda row: (not row.in_play, -result.beliefs[row.id].value, row.id))
    ranked = [replace(row, rank=rank) for rank, row in enumerate(rows, start=1)]
    return (*ranked, _other_row(result, len(ranked) + 1))


def _row(
    one: Candidate,
    result: Differential,
    dropped: Iterable[tuple[Node, Observation, float]],
    holding: Collection[str],
    network: Network,
    knowledge: Knowledge,
) -> CauseResult:
    belief = result.beliefs[one.cause.id]
    interval = shown(belief.value, belief.low, belief.high)
    found = _influences(one, belief.value, dropped, network, knowledge)
    influences = sorted(found, key=lambda influence: -abs(influence.log_odds))
    before = (
        f"Before any finding: {in_words(shown(one.start.spread.value, one.start.spread.low, one.start.spread.high))}"
    )
    supported = any(influence.log_odds >= _CLEAR for influence in influences)
    return CauseResult(
        one.cause.id,
        one.cause.name,
        one.cause.group,
        interval,
        in_words(interval),
        tuple(influence for influence in influences if influence.log_odds > 0),
        tuple(influence for influence in influences if influence.log_odds < 0),
        0,
        f"{before}; {one.start.note}." if one.start.note else f"{before}.",
        sources=_cited((entry.sources, entry.grade) for entry in one.start.entries)[0],
        in_play=supported or any(kind in holding for kind in one.cause.explains),
    )


def _other_row(result: Differential, rank: int) -> CauseResult:
    interval = shown(result.other.value, result.other.low, result.other.high)
    note = "The chance that none of the causes listed here is present; the list is never complete."
    return CauseResult(
        OTHER, "Something else, or nothing on this list", OTHER, interval, in_words(interval), (), (), rank, note
    )


def _influences(
    one: Candidate,
    belief: float,
    dropped: Iterable[tuple[Node, Observation, float]],
    network: Network,
    knowledge: Knowledge,
) -> Iterable[Influence]:
    label = knowledge.vocabulary.label
    for node, observation, size in dropped:
        yield _seen(one, node, observation, size, label(observation.finding))
    for risk, _ in one.risks:
        size = log(risk.odds_ratio)
        if abs(size) >= LEAST:
            yield Influence(risk.finding, _text(label(risk.finding), size), size, risk.sources, risk.grade)
    required = network.requirements.get(one.cause.id, Outcome(Truth.TRUE))
    size = logit(max(belief, 2 * FLOOR)) - logit(FLOOR)
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
    absent = "" if observation.outcome.truth is Truth.TRUE else "not so: "
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
