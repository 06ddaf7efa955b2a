"""Reasoning over kept visits: questions, urgency, assessments; one at a time, as Python runs one at a time anyway."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

from legtwitch import api
from legtwitch.errors import CaseError
from legtwitch.findings import parse_case
from legtwitch.knowledge import Knowledge
from legtwitch.model import Assessment, Case, Finding, Question, RecordingReport, Urgency
from legtwitch.reasoning import assess, next_question_of, urgency_of
from legtwitch.reasoning.prepared import prepare
from legtwitch.reasoning.questions import question as as_question
from legtwitch.store import Kept, Store, Visit
from legtwitch.store.content import content
from legtwitch.store.packed import unpack

MOST_KEPT = 8
T = TypeVar("T")
HOME_TESTS = "home_test"
OLD_RESULT = "Another version of legtwitch looked through it; look through it again."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a case can't be read. place: block and id, such as `person.age`; empty where it is the whole."""

    place: str
    message: str


class Engine:
    """What the pages ask of the library."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, int], Assessment] = OrderedDict()

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the system believes."""
        return api.load_knowledge()

    def warm_up(self) -> None:
        """Do once what the first question and the first result would wait for."""
        with self._lock:
            parsed = parse_case({}, self.knowledge).case
            next_question_of(parsed, self.knowledge)
            assess(parsed, self.knowledge)

    # ---- questions ---------------------------------------------------------------------------------------------------

    def next_question(self, visit: Visit) -> Question | None:
        """Return the question to ask next, or None when the interview is over."""
        case = self._parsed(content(visit))
        with self._lock:
            return next_question_of(case, self.knowledge)

    def question(self, id: str, asks: tuple[str, ...] | None = None) -> Question | None:
        """Return a question with the options for what it asks (`asks`: only these ids), or None where there is none."""
        asked = next((one for one in self.knowledge.questions if one.id == id), None)
        if asked is None:
            return None
        all_ids = prepare(self.knowledge).asks[id]
        ids = all_ids if asks is None else tuple(one for one in all_ids if one in asks)
        return as_question(asked, ids, self.knowledge) if ids else None

    def open_home_tests(self, visit: Visit) -> tuple[str, ...]:
        """Return the ids of the home tests that have no answer yet."""
        answered = {step.question for step in visit.steps}
        tests = (one.id for one in self.knowledge.questions if one.stage == HOME_TESTS)
        return tuple(one for one in tests if one not in answered)

    def screen_place(self, id: str) -> tuple[int, int] | None:
        """Return which safety question this is and how many there are, or None for another question."""
        screen = [one.id for one in self.knowledge.questions if one.stage == "screen"]
        return (screen.index(id) + 1, len(screen)) if id in screen else None

    # ---- cases -------------------------------------------------------------------------------------------------------

    def refusals(self, case: Mapping[str, Any]) -> tuple[Refusal, ...]:
        """Return what in a case is not understood, in words for the person."""
        return tuple(refusal(error) for error in parse_case(case, self.knowledge).errors)

    def urgency(self, case: Mapping[str, Any]) -> Urgency:
        """Return how soon to be seen, by rules alone."""
        parsed = self._parsed(case)
        with self._lock:
            return urgency_of(parsed, self.knowledge)

    def assessment(self, visit: Visit) -> Assessment:
        """Return the assessment of a visit, with what its recordings showed."""
        key = (visit.id, visit.version)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        reports, findings = self._measured(visit)
        case = self._parsed(content(visit))
        with self._lock:
            result = assess(case, self.knowledge, recordings=reports, extra=findings)
            for old in [one for one in self._kept if one[0] == visit.id]:
                del self._kept[old]
            self._kept[key] = result
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return result

    def stateless(self, work: Callable[[], T]) -> T:
        """Return what a piece of reasoning returns that no visit knows of."""
        with self._lock:
            return work()

    def forget(self) -> None:
        """Keep no assessment in memory any longer."""
        with self._lock:
            self._kept.clear()

    def _measured(self, visit: Visit) -> tuple[tuple[RecordingReport, ...], tuple[Finding, ...]]:
        reports: list[RecordingReport] = []
        findings: list[Finding] = []
        kept_here = self.store.recordings(visit.id)
        laid = {id for one in kept_here for id in one.options.get("events", ())}
        for kept in kept_here:
            packed = None if kept.id in laid else self.store.result(kept.id)
            if packed is None:
                continue
            report, found = read_result(kept, packed)
            reports.append(report)
            findings += found
        return tuple(reports), tuple(findings)

    def _parsed(self, case: Mapping[str, Any]) -> Case:
        # What is kept was read once already; a newer knowledge may have changed a name, and what it still knows counts.
        return parse_case(case, self.knowledge).case


def read_result(kept: Kept, packed: bytes) -> tuple[RecordingReport, tuple[Finding, ...]]:
    """Return what a recording showed; one that another version looked through has to be looked through again."""
    try:
        report, found = unpack(packed)
    except ValueError:
        return RecordingReport(kept.name, None, (), OLD_RESULT), ()
    return report, found


def refusal(error: CaseError) -> Refusal:
    """Return an error of a case in words for the person, without ids and codes."""
    place, _, rest = error.message.removeprefix("`").partition("` ")
    told = rest[:1].upper() + rest[1:] if rest else error.message
    allowed = error.allowed if isinstance(error.allowed, str) else ", ".join(error.allowed[:6])
    got = f" You wrote: {error.got}." if error.got else ""
    may = f" Allowed: {allowed}." if allowed and len(allowed) < 120 else ""
    meant = error.do.split("?")[0] + "?" if error.do.startswith("Did you mean") else ""
    return Refusal(place, " ".join(f"{told}{got}{may} {meant}".split()))
