"""`legtwitch ask`: the interview in the terminal. The case file is the only state."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from legtwitch import api
from legtwitch.cli.output import write_text
from legtwitch.errors import CaseError, FileError, UsageError
from legtwitch.model import Option, Question
from legtwitch.reasoning.questions import NONE_OF_THESE, NOT_SURE

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?", re.ASCII)
HELP = "Answer with a number (several with commas where it says so). b: back, s: save and stop."


class Stop(Exception):
    """The person wants to stop here."""


class Back(Exception):
    """The person wants to answer the last question again."""


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _read(prompt: str) -> str:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise Stop
    word = line.strip().lower()
    if word in ("s", "save", "stop", "quit", "q"):
        raise Stop
    if word in ("b", "back"):
        raise Back
    return word


def _entered(options: list[Option]) -> dict[str, Any]:
    """Ask for the quantities of the options; an empty line leaves one unknown."""
    values: dict[str, Any] = {}
    for ref, unit in ((ref, unit) for option in options for ref, unit in option.enter.items()):
        while ref not in values:
            text = _read(f"  {ref.replace('_', ' ')} in {unit}, or nothing if you are not sure: ")
            if not text:
                values[ref] = "unknown"
            elif _NUMBER.fullmatch(text):
                values[ref] = {"value": float(text.replace(",", ".")), "unit": unit}
            else:
                _say("  Please type a number, such as 4 or 4.5.")
    return values


def _answer(question: Question) -> dict[str, Any]:
    """Print a question and return what the answer sets."""
    _say()
    _say(question.text)
    _say(f"  ({question.why})")
    if question.help:
        _say(f"  How to do it: {question.help}")
    for number, option in enumerate(question.options, 1):
        _say(f"  {number}. {option.label}")
    many = " (several with commas)" if question.several else ""
    while True:
        words = [word.strip() for word in _read(f"Your answer{many}: ").split(",") if word.strip()]
        try:
            picked = [question.options[int(word) - 1] for word in words if int(word) > 0]
        except (ValueError, IndexError):
            picked = []
        if len(picked) > 1 and any(one.label in (NONE_OF_THESE, NOT_SURE) for one in picked):
            _say("“None of these” and “not sure” stand alone: please answer again.")
            continue
        if picked and len(picked) == len(words) and (question.several or len(picked) == 1):
            return chosen(question, picked, _entered(picked))
        _say(HELP)


def chosen(question: Question, picked: list[Option], entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the picked options set: options of one choice are joined, what is not picked is absent.

    entered: the quantities that were typed, by id.
    """
    sets: dict[str, Any] = {}
    for ref, value in ((ref, value) for option in picked for ref, value in option.sets.items()):
        both = isinstance(value, list) and isinstance(sets.get(ref), list)
        sets[ref] = [*sets[ref], *value] if both else value
    sets |= entered
    whole = any(set(option.sets) >= set(question.asks) for option in picked)
    if question.several and not whole:
        quantities = {ref for option in question.options for ref in option.enter}
        sets |= {ref: "absent" for ref in question.asks if ref not in quantities and ref not in sets}
    return sets


def _load(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    from legtwitch.knowledge import yaml12

    try:
        data = yaml12.load(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise FileError(
            "E204", "The case file can't be read.", got=str(error), do="Mend it, or name a new file."
        ) from error
    if data is not None and not isinstance(data, Mapping):
        raise FileError(
            "E204", "The case file does not hold a case.", got=type(data).__name__, allowed="keys and values"
        )
    return dict(data or {})


def _save(path: Path, case: Mapping[str, Any]) -> None:
    import yaml

    write_text(path, yaml.safe_dump(dict(case), sort_keys=False, allow_unicode=True))


def interview(path: Path | None) -> None:
    """Ask until nothing is left to ask, an emergency is reached, or the person stops; then say what follows.

    path: the case file to go on with or to make; None keeps the answers only until the end.
    """
    if path is not None and path.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(
            "E106", "The interview writes its case as YAML.", got=path.name, allowed=[".yaml", ".yml"], do="Name it so."
        )
    case = _load(path)
    past: list[dict[str, Any]] = []
    _say(api.load_knowledge().safety.not_a_device)
    _say(HELP)
    try:
        while (question := api.next_question(case)) is not None:
            try:
                sets = _answer(question)
            except Back:
                case = past.pop() if past else case
                continue
            answered = api.answer(case, sets)
            try:
                api.next_question(answered)
            except CaseError as error:  # a number that nobody can have: it must not get into the file
                _say(f"{error.message} Please answer again.")
                continue
            past.append(case)
            case = answered
            if path is not None:
                _save(path, case)
    except Stop:
        _say()
    _say()
    # What was answered is assessed without its recordings here: `assess` reads those.
    result = api.assess({key: value for key, value in case.items() if key != "recordings"})
    _say(api.render(result, "text"))
    if path is not None:
        _save(path, case)
        _say(f"Your answers are in {path}. `legtwitch assess {path} -o report.html` writes the report.")
