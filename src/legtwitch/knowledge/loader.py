"""From the knowledge files to one validated object, or one error that names everything that is wrong with them."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from legtwitch.errors import KnowledgeError
from legtwitch.knowledge import compiled, medicine_schema, schema, vocabulary, yaml12
from legtwitch.knowledge.base import Knowledge

FILES = (
    *("care.yaml", "claims.yaml", "constructs.yaml", "exposures.yaml", "labs.yaml", "leaks.yaml", "medicines.yaml"),
    *("phenomena.yaml", "questions.yaml", "regions.yaml", "rule_sets.yaml", "sources.yaml", "statements.yaml"),
    *("tests.yaml", "urgency.yaml", "vocabulary.yaml"),
)
"""Files that must be there; sources and causes are in further ones."""

EntryType = TypeVar("EntryType", bound=schema.Entry)


@cache
def load() -> Knowledge:
    """Return the knowledge that comes with legtwitch; read once.

    Raises
    ------
    KnowledgeError: E901, the files contradict the schema, the vocabulary or each other; all problems are listed.
    """
    files = _Files(_packaged(), compiled.read(_packaged()))
    knowledge = _assembled(files)
    if not files.all_compiled:
        _check(files, knowledge)
    gc.freeze()  # it stays until the end: without this, the collector walks through it in the middle of a question
    return knowledge


@cache
def rule_set(name: str) -> schema.RuleSet:
    """Return a scoring rule set; reads rule_sets.yaml alone.

    Raises
    ------
    KnowledgeError: E901, the file is wrong.
    KeyError: there is no such rule set.
    """
    found: schema.RuleSet = _rule_sets()[name][0]
    return found


def rule_set_hash(name: str) -> str:
    """Return `sha256:…` over the data of one scoring rule set (its canonical JSON). Raises as `rule_set`."""
    return _rule_sets()[name][1]


@cache
def norms() -> tuple[schema.NormEntry, ...]:
    """Return what others found of the indices of leg movements; reads norms.yaml alone. Raises as `rule_set`."""
    files = _Files(_packaged())
    entries = files.entries("norms.yaml", schema.NormEntry)
    files.raise_if_wrong()
    return entries


@cache
def _rule_sets() -> dict[str, tuple[schema.RuleSet, str]]:
    files = _Files(_packaged())
    entries = files.entries("rule_sets.yaml", schema.RuleSet)
    files.raise_if_wrong()
    raw = [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in files.listed("rule_sets.yaml")]
    return {one.id: (one, compiled.sha256(own.encode())) for one, own in zip(entries, raw, strict=True)}


def read(folder: Traversable) -> Knowledge:
    """Return the knowledge in a folder laid out like legtwitch's own (a `pathlib.Path` will do). Raises as `load`."""
    files = _Files(folder)
    knowledge = _assembled(files)
    _check(files, knowledge)
    return knowledge


def compile_packaged() -> Path:
    """Check the packaged knowledge and write its compiled form beside it; return its path. Raises as `load`."""
    folder = Path(str(_packaged()))
    files = _Files(folder)
    _check(files, _assembled(files))
    return compiled.write(folder, files.contents())


def _check(files: _Files, knowledge: Knowledge) -> None:
    from legtwitch.knowledge import check

    files.problems += check.problems(knowledge)
    files.raise_if_wrong()


def _assembled(files: _Files) -> Knowledge:
    """Return what the files say, each by itself in order; that they fit together is for `_check`."""
    for name in FILES:
        files.raw(name)
    parts: dict[str, Any] = {
        "vocabulary": files.vocabulary(),
        "sources": files.by_id(schema.Source, *files.named("sources")),
        "phenomena": files.entries("phenomena.yaml", schema.PhenomenonRule),
        "places": {id: one.region for id, one in files.by_id(schema.Place, "regions.yaml").items()},
        "constructs": files.by_id(schema.Construct, "constructs.yaml"),
        "leaks": files.by_id(schema.Leak, "leaks.yaml", key=lambda one: one.finding),
        "causes": files.by_id(schema.Cause, *files.named("causes/")),
        "safety": files.entry("urgency.yaml", schema.Safety, files.raw("urgency.yaml")),
        "questions": files.entries("questions.yaml", schema.AskedQuestion),
        "tests": files.by_id(schema.MedicalTest, "tests.yaml"),
        "care": files.by_id(schema.Care, "care.yaml"),
        "statements": files.entries("statements.yaml", schema.Statement),
        "labs": files.by_id(schema.Lab, "labs.yaml"),
        "medicines": files.by_id(medicine_schema.MedicineEffects, "medicines.yaml"),
        "exposures": files.by_id(medicine_schema.ExposureTests, "exposures.yaml"),
        "claims": files.entries("claims.yaml", schema.Claim),
        "rule_sets": files.by_id(schema.RuleSet, "rule_sets.yaml"),
    }
    files.raise_if_wrong()
    hashes = files.hashes
    whole = "".join(f"{name} {one}\n" for name, one in hashes.items())
    return Knowledge(**parts, hashes=hashes, hash=compiled.sha256(whole.encode()))


def _packaged() -> Traversable:
    return resources.files("legtwitch.knowledge") / "data"


class _Files:
    """The YAML files of a folder, each read once when it is asked for, and what is wrong with them."""

    def __init__(self, folder: Traversable, ready: compiled.Compiled | None = None) -> None:
        self._paths = {one.name: one for one in folder.iterdir() if one.name.endswith(".yaml")}
        causes = folder / "causes"
        if causes.is_dir():
            self._paths |= {f"causes/{one.name}": one for one in causes.iterdir() if one.name.endswith(".yaml")}
        self._raw: dict[str, Any] = {}
        self._ready = ready or compiled.Compiled()
        self.problems: list[str] = []
        self._hashes: dict[str, str] = {}
        self.all_compiled = self._ready.checked

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of every file that was read, in the order of their names."""
        return dict(sorted(self._hashes.items()))

    def contents(self) -> dict[str, tuple[str, Any]]:
        """Every file that was read: its hash and its content."""
        return {name: (hash, self._raw[name]) for name, hash in self.hashes.items()}

    def named(self, beginning: str) -> list[str]:
        return sorted(name for name in self._paths if name.startswith(beginning))

    def raw(self, name: str) -> Any:
        """The content of a file; None where it is missing, empty or not YAML, which is then a problem."""
        if name in self._raw:
            return self._raw[name]
        self._raw[name] = None
        if name not in self._paths:
            self.problems.append(f"{name}: is missing")
        else:
            content = self._paths[name].read_bytes()
            hash = compiled.sha256(content)
            self._hashes[name] = hash
            self._raw[name] = self._ready.content(name, hash)
            if self._raw[name] is not None:
                return self._raw[name]
            self.all_compiled = False
            try:
                self._raw[name] = yaml12.load(content.decode("utf-8"), name)
                if self._raw[name] is None:
                    self.problems.append(f"{name}: is empty")
            except (yaml12.YamlError, UnicodeDecodeError) as error:
                self.problems.append(str(error))
        return self._raw[name]

    def listed(self, file: str) -> list[Any]:
        """The raw entries of a file that is a list, or a list under the name of what the file holds."""
        raw = self.raw(file)
        kind = "sources" if file.startswith("sources") else file.removesuffix(".yaml")
        if isinstance(raw, dict) and list(raw) == [kind]:
            raw = raw[kind]
        if raw is not None and not isinstance(raw, list):
            self.problems.append(f"{file}: must be a list of entries")
            return []
        return raw or []

    def vocabulary(self) -> vocabulary.Vocabulary:
        raw = self.raw("vocabulary.yaml")
        try:
            return vocabulary.parse(raw if isinstance(raw, dict) else {})
        except ValueError as error:
            self.problems += [f"vocabulary.yaml: {line}" for line in str(error).splitlines()]
            self.raise_if_wrong()
            raise

    def entry(self, file: str, shape: type[EntryType], raw: Any) -> EntryType | None:
        if raw is None and self.raw(file) is None:
            return None
        try:
            return shape.model_validate(raw)
        except ValidationError as error:
            name = raw.get("id") or raw.get("finding") or "" if isinstance(raw, Mapping) else str(raw)[:60]
            for one in error.errors(include_url=False):
                place = ".".join(map(str, one["loc"]))
                self.problems.append(f"{file}: {name}: {place}: {one['msg']}, got {str(one['input'])[:120]}")
            return None

    def entries(self, file: str, shape: type[EntryType]) -> tuple[EntryType, ...]:
        found = [self.entry(file, shape, one) for one in self.listed(file)]
        return tuple(one for one in found if one is not None)

    def by_id(
        self,
        shape: type[EntryType],
        *files: str,
        key: Callable[[EntryType], str] = lambda one: one.id,  # type: ignore[attr-defined]
    ) -> dict[str, EntryType]:
        found: dict[str, EntryType] = {}
        for file in files:
            for one in self._of(file, shape):
                if key(one) in found:
                    self.problems.append(f"{file}: {key(one)}: stands twice")
                found[key(one)] = one
        return found

    def _of(self, file: str, shape: type[EntryType]) -> Iterable[EntryType]:
        if not file.startswith("causes/"):
            return self.entries(file, shape)
        one = self.entry(file, shape, self.raw(file))
        if one is None:
            return ()
        if file != f"causes/{getattr(one, 'id', '')}.yaml":
            self.problems.append(f"{file}: the file must be named after the id")
        return (one,)

    def raise_if_wrong(self) -> None:
        if self.problems:
            lines = "\n".join(f"  {one}" for one in self.problems)
            raise KnowledgeError("E901", f"{len(self.problems)} problems in the knowledge files:\n{lines}")
