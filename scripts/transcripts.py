"""Write two interviews of `legtwitch ask` as they run into docs/; with --check, say whether they are up to date."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import legtwitch as lt
from legtwitch.cli.interview import chosen
from legtwitch.knowledge import yaml12
from legtwitch.model import Question

DOCS = Path(__file__).parent.parent / "docs"
PROMPTS = ("Your answer (several with commas): ", "Your answer: ", "or nothing if you are not sure: ")
NO = ("None of these", "No", "No, and it never did", "No, and it never was", "I'm not sure")

# Question id → the beginnings of the answers that are picked, and numbers that are typed; all others are answered no.
CALF: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "screen_cancer_pregnancy_age": (("None of these",), ("29",)),
    "kind_movement": (("Small twitches or flutters", "Small twitches that can be seen"), ()),
    "kind_duration": (("In weeks",), ("10",)),
    "twitch_where": (("In one or both calves", "In an eyelid"), ()),
    "twitch_spread": (("Both legs",), ()),
    "twitch_pattern": (("It comes while the muscle is at rest", "It stops when I move", "It comes and goes"), ()),
    "twitch_triggers": (("Sport or hard work", "Coffee"), ()),
    "twitch_recent_days": (("Much less sleep",), ()),
    "home_heel_raises": (("Both legs can",), ()),
    "home_chair": (("Yes",), ()),
    "home_hands": (("Both hands can",), ()),
    "home_calves": (("Difference in centimetres",), ("0.5",)),
    "home_tongue": (("It lies still",), ()),
    "background_sex": (("Male",), ()),
}
# The case file already tells of the back; the screen keeps its order, and the third question is the last.
CAUDA: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "screen_weak": (("A part of me feels weak", "My foot drops"), ()),
    "screen_worse": (("It gets worse from hour to hour",), ()),
}
BACK = "findings: {back_pain: present, sciatica: {value: present, side: left}}\n"
INTERVIEWS = {"interview-calf-twitch.txt": ("", CALF), "interview-cauda-equina.txt": (BACK, CAUDA)}


def picked(question: Question, answers: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> list[int]:
    """Return the numbers of the options that are picked, from 1."""
    labels = [option.label for option in question.options]
    begins = answers[question.id][0] if question.id in answers else ()
    numbers = [n for n, label in enumerate(labels, 1) if label.startswith(tuple(begins))] if begins else []
    return numbers or [labels.index(next(no for no in NO if no in labels)) + 1]


def typed(start: str, answers: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> list[str]:
    """Return the lines that a person types, found by walking the interview through the library.

    start: the case file with which the interview begins.
    """
    case = yaml12.load(start, "case.yaml") or {}
    lines = []
    while (question := lt.next_question(case)) is not None:
        numbers = picked(question, answers)
        options = [question.options[n - 1] for n in numbers]
        wanted = list(dict.fromkeys(ref for option in options for ref in option.enter))
        values = list(answers.get(question.id, ((), ()))[1])[: len(wanted)]
        values += [""] * (len(wanted) - len(values))
        lines += [",".join(map(str, numbers)), *values]
        units = {ref: unit for option in options for ref, unit in option.enter.items()}
        entered = {
            ref: {"value": float(value), "unit": units[ref]} if value else "unknown"
            for ref, value in zip(wanted, values, strict=True)
        }
        case = lt.answer(case, chosen(question, options, entered))
    return lines


def transcript(start: str, lines: list[str]) -> str:
    """Return what stands on the screen after `legtwitch ask case.yaml` with these lines typed."""
    with tempfile.TemporaryDirectory() as folder:
        if start:
            Path(folder, "case.yaml").write_text(start, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "legtwitch", "ask", "case.yaml"],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
    rest, told = run.stdout, iter(lines)
    shown = (f"$ cat case.yaml\n{start}" if start else "") + "$ legtwitch ask case.yaml\n"
    while ends := [rest.index(prompt) + len(prompt) for prompt in PROMPTS if prompt in rest]:
        shown += rest[: min(ends)] + next(told) + "\n"
        rest = rest[min(ends) :]
    return re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", shown + rest)


def main() -> int:
    """Write or check every interview; return the exit code."""
    stale = []
    for name, (start, answers) in INTERVIEWS.items():
        text = transcript(start, typed(start, answers))
        path = DOCS / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
            print(path)
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        print(f"docs: {', '.join(stale)}: `legtwitch ask` runs otherwise now; run scripts/transcripts.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
