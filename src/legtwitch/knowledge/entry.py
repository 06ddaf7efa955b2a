"""What every entry of a knowledge file has: its keys are known, it never changes, and what is medical is sourced."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from legtwitch.model import Grade


class Entry(BaseModel):
    """Base of all entries: immutable, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Sourced(Entry):
    """Something medical: it names its sources and a grade. Grade D may stand without a source, no other may."""

    grade: Grade
    source: str | tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The source ids as a tuple."""
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)

    @model_validator(mode="after")
    def _graded_needs_source(self) -> Sourced:
        if self.grade != "D" and not self.sources:
            raise ValueError(f"grade {self.grade} needs a source")
        return self
