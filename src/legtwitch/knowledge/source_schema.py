"""The shape of sources*.yaml: what was read, where in it, and what it was seen to state."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from legtwitch.knowledge.entry import Entry

Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
NOT_READ = "not read"


class Source(Entry):
    """A publication. read: how much of it was read for this project. listed: kept though nothing cites it.

    at: where in it (abstract, table 2, section 4.3); `not read` stands with `read: not_read` and nowhere else.
    states: what it was seen to say there, in our own words, with the figures that the data take from it.
    """

    id: str
    cite: str
    read: Literal["full_text", "table", "abstract", "excerpt", "secondary", "not_read"]
    doi: str = ""
    pmid: str = ""
    pmc: str = ""
    url: str = ""
    note: str = ""
    at: Told
    states: Told
    listed: bool = False

    @model_validator(mode="after")
    def _locator_fits(self) -> Source:
        if (self.read == "not_read") != (self.at == NOT_READ):
            raise ValueError(f"`at: {NOT_READ}` and `read: not_read` stand together or not at all")
        if self.states == self.cite:
            raise ValueError("`states` must say what it says, not what it is")
        return self
