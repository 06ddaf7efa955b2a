"""CPU of the interview a question, in a warm process, over whole interviews of several kinds of answers.

The aim is 15 ms CPU for any question. Printed: questions asked, median, second-dearest and dearest one. The dearest
one alone may hold a pause of Python's garbage collector.
"""

from __future__ import annotations

import time

import legtwitch as lt
from legtwitch.findings import parse_case
from legtwitch.reasoning import next_question_of

KINDS = ("absent", "unknown", "present")


def interview(kind: str) -> list[float]:
    """Return the CPU seconds of every question of one interview in which all answers are of one kind."""
    known = lt.load_knowledge()
    case: dict = {"person": {"age": 44, "sex": "female"}}
    spent = []
    while True:
        started = time.process_time()
        question = next_question_of(parse_case(case, known).case, known)
        spent.append(time.process_time() - started)
        if question is None:
            return spent
        # A red flag ends an interview at once: the screen is answered with no where everything else is yes.
        answer = "absent" if question.mandatory and kind == "present" else kind
        quantities = {ref for option in question.options for ref in option.enter}
        case = lt.answer(case, {ref: "unknown" if ref in quantities else answer for ref in question.asks})


def main() -> None:
    """Warm up, then print a row for each kind."""
    interview("absent")
    print(f"{'all answers':14}{'questions':>10}{'median ms':>11}{'second ms':>11}{'dearest ms':>12}")
    for kind in KINDS:
        spent = sorted(1000 * one for one in interview(kind))
        print(f"{kind:14}{len(spent):>10}{spent[len(spent) // 2]:>11.1f}{spent[-2]:>11.1f}{spent[-1]:>12.1f}")


if __name__ == "__main__":
    main()
