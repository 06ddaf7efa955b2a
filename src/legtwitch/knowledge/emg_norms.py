"""Norms of EMG made awake, and in what words they are told; one file of data, one small loader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import ValidationError, model_validator

from legtwitch.errors import KnowledgeError
from legtwitch.knowledge import yaml12
from legtwitch.knowledge.entry import Sourced

_FILE = "emg_norms.yaml"


class EmgNorm(Sourced):
    """One norm. muscles: where it holds. value: the name of the value that is compared, made as the norm was made.

    above: the upper limit of the norm, in `unit`. age: years, both ends included; empty: any. least: further values
    that must be reached. within, beyond: what is said on either side. always: what is said whatever the value is.
    """

    id: str
    kind: str
    muscles: tuple[str, ...]
    value: str = ""
    unit: str = ""
    above: float | None = None
    age: tuple[int, int] | None = None
    least: Mapping[str, float] = {}
    within: str = ""
    beyond: str = ""
    always: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> EmgNorm:
        compared = bool(self.value) and self.above is not None and bool(self.within) and bool(self.beyond)
        if not (compared or self.always):
            raise ValueError("a norm compares a value with a limit, or says something always")
        return self


@cache
def emg_norms() -> tuple[EmgNorm, ...]:
    """Return all norms; reads emg_norms.yaml alone.

    Raises KnowledgeError (E901) where the file is wrong.
    """
    text = (resources.files("legtwitch.knowledge") / "data" / _FILE).read_text(encoding="utf-8")
    raw = yaml12.load(text, _FILE)
    try:
        return tuple(EmgNorm.model_validate(one) for one in raw["emg_norms"])
    except (ValidationError, KeyError, TypeError) as error:
        raise KnowledgeError("E901", f"{_FILE}: {error}") from error


def norms_of(kind: str, muscle: str) -> tuple[EmgNorm, ...]:
    """Return the norms of a kind of event in a muscle."""
    return tuple(one for one in emg_norms() if one.kind == kind and muscle in one.muscles)
