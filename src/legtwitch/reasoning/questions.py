"""The next question: the screen in its order, then the kind of movement, then what tells most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from legtwitch.model import Option, Question, Truth
from legtwitch.reasoning.information import worth
from legtwitch.reasoning.logic import Facts, evaluate
from legtwitch.reasoning.prepared import prepare
from legtwitch.reasoning.rules import urgency
from legtwitch.reasoning.screen import irrelevant

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import AskedOption, AskedQuestion

MOST = 25
"""So many questions at most, the screen included."""
NONE_OF_THESE = "None of these"
NOT_SURE = "I'm not sure"


def ask_next(facts: Facts, knowledge: Knowledge) -> Question | None:
    """Return the next question, or None when an emergency is reached or nothing that is left can change anything.

    What is known, was answered `unknown` or doesn't apply to this person is never asked. Of a question that is answered
    in part, the rest is asked.
    """
    reached = urgency(facts, knowledge)
    asked = facts.answered
    if reached.level == "emergency":
        return None
    asks = prepare(knowledge).asks
    dropped = irrelevant(facts.findings)
    left = {id: tuple(one for one in ids if one not in dropped and not asked(one)) for id, ids in asks.items()}
    for one in knowledge.questions:
        if one.stage == "screen" and left[one.id]:
            return question(one, left[one.id], knowledge)
    if _count(facts, knowledge) >= MOST:
        return None
    open_ = [one for one in knowledge.questions if left[one.id] and _relevant(one, facts)]
    for one in open_:
        if one.stage == "kind":
            return question(one, left[one.id], knowledge)
    gains = worth({one.id: left[one.id] for one in open_}, reached, facts, knowledge)
    best = max(open_, key=lambda one: gains[one.id], default=None)
    return question(best, left[best.id], knowledge) if best is not None and gains[best.id] > 0 else None


def _relevant(one: AskedQuestion, facts: Facts) -> bool:
    return one.relevant is None or evaluate(one.relevant, facts).truth is not Truth.FALSE


def _count(facts: Facts, knowledge: Knowledge) -> int:
    """Return how many questions were answered, be it from a case file."""
    return sum(any(map(facts.answered, ids)) for ids in prepare(knowledge).asks.values())


def question(one: AskedQuestion, left: tuple[str, ...], knowledge: Knowledge) -> Question:
    """Return a question with the options that still set something, and the two answers that are always there.

    left: the ids not answered yet. `None of these` stands with questions that allow several answers.
    """
    always = {id: unit for option in one.options if option.always for id, unit in option.enter.items() if id in left}
    options = list(_options(one.options, left, always))
    rest = [id for id in left if id not in always]
    if one.several and any(_can_be_absent(id, knowledge) for id in rest):
        none = {id: "absent" if _can_be_absent(id, knowledge) else "unknown" for id in rest}
        options.append(Option(NONE_OF_THESE, none, always))
    if always and not rest:
        options.append(Option(next(option.label for option in one.options if option.always), {}, always))
    options.append(Option(NOT_SURE, dict.fromkeys(rest or left, "unknown"), always if rest else {}))
    mandatory = one.stage == "screen"
    return Question(
        one.id, one.text, one.why, mandatory, left, tuple(options), one.several, one.stage, one.help
    )  # fmt: skip


def _options(options: Iterable[AskedOption], left: tuple[str, ...], always: dict[str, str]) -> Iterable[Option]:
    for option in options:
        if option.always:
            continue
        sets: dict[str, Any] = {id: value for id, value in option.sets.items() if id in left}
        enter = {id: unit for id, unit in option.enter.items() if id in left}
        if sets or enter:
            yield Option(option.label, sets, {**enter, **always})


def _can_be_absent(id: str, knowledge: Knowledge) -> bool:
    definition = knowledge.vocabulary.definition(id)
    return definition is not None and definition.kind in ("flag", "choice")
