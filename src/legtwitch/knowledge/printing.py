"""What the system believes, printed: one entry or all of it, each with its grades and sources written out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from legtwitch.errors import UsageError
from legtwitch.knowledge import grades
from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.condition import Condition
from legtwitch.knowledge.condition_words import in_words
from legtwitch.knowledge.names import near_names
from legtwitch.knowledge.schema import Source
from legtwitch.knowledge.vocabulary import Definition

GRADES = {
    "A": "systematic review or large controlled study",
    "B": "cohort",
    "C": "small series or label",
    "D": "expert judgement, no good source found",
}
_WIDTH = 100
_TITLES = {
    "causes": "cause",
    "criteria": "published definition",
    "findings": "finding",
    "person": "person key",
    "drugs": "medicine or drug",
    "exposures": "exposure",
    "labs": "lab value",
    "phenomena": "phenomenon",
    "rules": "urgency rule",
    "gate": "part of the reassurance gate",
    "questions": "question",
    "tests": "test",
    "care": "care",
    "statements": "statement",
    "constructs": "construct",
    "claims": "claim",
    "rule_sets": "scoring rule set",
    "events": "event",
    "sources": "source",
}


def dump(knowledge: Knowledge) -> dict[str, Any]:
    """Return everything as plain lists of entries by kind, for JSON; conditions are in words."""
    sections = _sections(knowledge)
    return {name: list(sections[name].values()) for name in _TITLES} | {
        "grades": GRADES,
        "hash": knowledge.hash,
        "files": dict(knowledge.hashes),
    }


def describe(knowledge: Knowledge, id: str) -> dict[str, Any]:
    """Return all that is believed of one id, with its sources; `claims` gives the founding article's claims.

    `grades` gives the share of numbers by grade, and every grade D that an urgency rule or a criterion uses.

    An id of several kinds (akathisia is a phenomenon and a cause) has the others under `also_as`.

    Raises
    ------
    UsageError: E108, there is no such id; `allowed` are the nearest.
    """
    if id == "grades":
        return grades.document(knowledge)
    sections = _sections(knowledge)
    if id == "claims":
        return _with_sources({"entry": "claims", "claims": list(sections["claims"].values())}, knowledge)
    found = [{"entry": _TITLES[name], **entries[id]} for name, entries in sections.items() if id in entries]
    if not found:
        found = [{"entry": _TITLES[name], **entries[other]} for name, entries, other in _by_other_name(sections, id)]
    if not found:
        names = {one for entries in sections.values() for one in entries}
        raise UsageError(
            "E108",
            "There is nothing with that id in the knowledge.",
            got=id,
            allowed=near_names(id, sorted(names)),
            do="`legtwitch knowledge` lists all ids.",
        )
    first, *others = found
    return _with_sources(first | ({"also_as": others} if others else {}), knowledge)


def as_text(document: Mapping[str, Any]) -> str:
    """Return what `describe` or `dump` gave as text for a terminal, with a line end."""
    lines: list[str] = []
    if "entry" not in document:
        for name, title in _TITLES.items():
            entries = document[name]
            lines += [f"{title} ({len(entries)})", *(f"  {one['id']}: {_headline(one)}" for one in entries), ""]
        lines.append(f"knowledge {document['hash']}")
    elif document["entry"] == "claims":
        for one in document["claims"]:
            lines += [*_block(one, 0), ""]
    elif document["entry"] == "grades":
        for one in grades.as_lines(document):
            lines += _wrapped(one.strip(), (len(one) - len(one.lstrip())) // 2) if len(one) > _WIDTH else [one]
    else:
        lines += [f"{document['id']} ({document['entry']})"]
        lines += _block({key: value for key, value in document.items() if key not in ("id", "entry", "sources")}, 1)
    cited = document.get("sources", ()) if "entry" in document and document["entry"] != "source" else ()
    if cited:
        lines += ["", "Sources"]
        for one in cited:
            words = f"[{one['id']}] {one['cite']}. Read: {one['read'].replace('_', ' ')}."
            seen = f"States ({one['at']}): {one['states']}."
            lines += _wrapped(" ".join([words, *filter(None, (one.get("link"), seen, one.get("note")))]), 1)
    return "\n".join(lines).rstrip() + "\n"


def link(source: Source) -> str:
    """Return an address for a source from its doi, PubMed or PMC number or url; empty where it has none."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmc}/" if source.pmc else source.url


def _sections(knowledge: Knowledge) -> dict[str, dict[str, dict[str, Any]]]:
    words = knowledge.vocabulary
    rules = {one.id: one for one in knowledge.safety.rules}
    criteria = {
        id: {"defines": cause.id, **_entry(one, knowledge)} for id, (cause, one) in knowledge.criteria().items()
    }
    plain: dict[str, Mapping[str, Any]] = {
        "findings": words.findings,
        "person": words.person,
        "phenomena": {one.id: one for one in knowledge.phenomena},
        "rules": rules,
        "gate": {one.id: one for one in knowledge.safety.gate},
        "questions": {one.id: one for one in knowledge.questions},
        "exposures": words.exposures,
        "labs": knowledge.labs,
        "tests": knowledge.tests,
        "care": knowledge.care,
        "statements": {one.id: one for one in knowledge.statements},
        "constructs": knowledge.constructs,
        "claims": {one.id: one for one in knowledge.claims},
        "rule_sets": knowledge.rule_sets,
        "events": words.events,
    }
    sections = {name: {id: _entry(one, knowledge) for id, one in entries.items()} for name, entries in plain.items()}
    for id, leak in knowledge.leaks.items():
        if id in sections["findings"]:
            sections["findings"][id]["without_a_cause"] = _without(_entry(leak, knowledge), "finding", "label")
    plain_exposures = {id: _entry(one, knowledge) for id, one in knowledge.exposures.items()}
    sections["exposures"] = {id: one | plain_exposures.get(id, {}) for id, one in sections["exposures"].items()}
    for name in ("phenomena", "labs", "care"):
        known = {id: _entry(one, knowledge) for id, one in words.section(name).items()}
        sections[name] = {id: one | sections[name].get(id, {}) for id, one in known.items()}
    sections["causes"] = {id: _cause(knowledge, id) for id in words.causes}
    for claim in knowledge.claims:
        for id in claim.causes:
            sections["causes"][id].setdefault("claims", []).append(sections["claims"][claim.id])
    sections["criteria"] = {
        id: {"id": id, "label": one.label, "defines": one.cause} | criteria.get(id, {})
        for id, one in words.criteria.items()
    }
    sections["drugs"] = {id: _drug(knowledge, id) for id in words.medications}
    sections["sources"] = {id: _source(one) for id, one in knowledge.sources.items()}
    return {name: sections[name] for name in _TITLES}


def _cause(knowledge: Knowledge, id: str) -> dict[str, Any]:
    word = knowledge.vocabulary.causes[id]
    own = knowledge.causes.get(id)
    entry = {} if own is None else _entry(own, knowledge)
    codes = dict(word.codes) | entry.pop("codes", {})
    start = {"id": id, "name": word.label, "group": word.group, "synonyms": list(word.also), "codes": codes}
    if word.part_of:
        start["part_of"] = word.part_of
    return start | entry


def _drug(knowledge: Knowledge, id: str) -> dict[str, Any]:
    word = knowledge.vocabulary.medications[id]
    names: list[dict[str, Any]] = [{"name": one} for one in (word.label, *word.also)]
    for one in word.brands:
        where = {key: list(codes) for key, codes in (("country", one.country), ("sold", one.sold)) if codes}
        names.append({"name": one.name} | where)
    countries = sorted({code for one in word.brands for code in one.country})
    classes = list(knowledge.vocabulary.classes_of(id))
    entry = {"id": id, "label": word.label, "names": names, "country": countries, "classes": classes}
    known = knowledge.medicines.get(id)
    entry |= {} if known is None else _without(_entry(known, knowledge), "id")
    through = {one: knowledge.medicines[one] for one in classes if one in knowledge.medicines}
    own = {name: _without(_entry(one, knowledge), "id", "atc") for name, one in through.items()}
    own = {name: one for name, one in own.items() if one}
    return entry | ({"as_one_of": own} if own else {})


def _source(source: Source) -> dict[str, Any]:
    own = {name: value for name, value in source.model_dump().items() if value}
    return own | ({"link": link(source)} if link(source) else {})


def _entry(value: Any, knowledge: Knowledge) -> dict[str, Any]:
    """One entry as a plain dict: what is empty left out, conditions in words, a label beside a finding's id."""
    if isinstance(value, Definition):
        own = {one.name: getattr(value, one.name) for one in fields(value) if one.name != "section"}
        return {name: _plain(one, knowledge) for name, one in own.items() if one not in (None, (), {}, False)}
    shape = type(value).model_fields
    entry: dict[str, Any] = {}
    for name, info in shape.items():
        one = getattr(value, name)
        if one is None or one in ((), {}, ""):
            continue
        key = info.alias or name
        entry[key] = _plain(one, knowledge)
        if key in ("finding", "construct"):
            entry["label"] = _label(one, knowledge)
    return entry


def _label(id: str, knowledge: Knowledge) -> str:
    return knowledge.constructs[id].label if id in knowledge.constructs else knowledge.vocabulary.label(id)


def _plain(value: Any, knowledge: Knowledge) -> Any:
    if isinstance(value, BaseModel):
        return _entry(value, knowledge)
    if is_dataclass(value):
        if isinstance(value, Condition):
            return in_words(value, knowledge.vocabulary)
        return {one.name: _plain(getattr(value, one.name), knowledge) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one, knowledge) for key, one in value.items()}
    return [_plain(one, knowledge) for one in value] if isinstance(value, (tuple, list)) else value


def _without(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in names}


def _by_other_name(
    sections: Mapping[str, Mapping[str, Any]], word: str
) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    for name, entries in sections.items():
        for id, one in entries.items():
            others = [*one.get("synonyms", ()), *one.get("also", ()), *(own["name"] for own in one.get("names", ()))]
            if word.casefold() in (other.casefold() for other in others):
                yield name, entries, id


def _with_sources(document: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    if document["entry"] == "source":
        return document
    ids = dict.fromkeys(_cited(document))
    return document | {"sources": [_source(knowledge.sources[id]) for id in ids if id in knowledge.sources]}


def _cited(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key in ("source", "cite"):
                yield from [one] if isinstance(one, str) else one
            else:
                yield from _cited(one)
    elif isinstance(value, list):
        for one in value:
            yield from _cited(one)


def _headline(entry: Mapping[str, Any]) -> str:
    return str(next((entry[key] for key in ("name", "label", "text", "claim", "cite") if key in entry), ""))


def _block(entry: Mapping[str, Any], depth: int) -> list[str]:
    lines: list[str] = []
    rest = dict(entry)
    grade, source = rest.pop("grade", None), rest.pop("source", None)
    for key, value in rest.items():
        if value in ([], {}):
            continue
        title = key.replace("_", " ")
        if isinstance(value, Mapping) and value:
            inline = all(not isinstance(one, (Mapping, list)) for one in value.values())
            lines += (
                _wrapped(f"{title}: {_inline(value)}", depth)
                if inline and "grade" not in value
                else [*_wrapped(f"{title}:", depth), *_block(value, depth + 1)]
            )
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            lines += _wrapped(f"{title}:", depth)
            for one in value:
                inner = _block(one, depth + 2) if isinstance(one, Mapping) else _wrapped(str(one), depth + 2)
                inner[0] = inner[0][: 2 * depth + 2] + "- " + inner[0][2 * depth + 4 :]
                lines += inner
        else:
            lines += _wrapped(f"{title}: {_value(value)}", depth)
    if grade is not None:
        cited = f"; source: {_value(source)}" if source else ""
        lines += _wrapped(f"grade {grade} ({GRADES[grade]}){cited}", depth)
    return lines


def _inline(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{key.replace('_', ' ')} {_value(one)}" for key, one in value.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(_value, value)) if isinstance(value, list) else str(value)


def _wrapped(text: str, depth: int) -> list[str]:
    start = "  " * depth
    one_line = " ".join(text.split())
    return textwrap.wrap(one_line, _WIDTH, initial_indent=start, subsequent_indent=start + "    ") or [start]
