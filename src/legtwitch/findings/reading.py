"""What every block of a case file needs while it is read: the knowledge, the date of the case, and what is wrong."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from typing import TYPE_CHECKING, Any

from legtwitch.errors import CaseError
from legtwitch.findings import codes
from legtwitch.knowledge.names import near_name
from legtwitch.knowledge.vocabulary import FINDING_LIKE

if TYPE_CHECKING:
    from legtwitch.knowledge import Definition, Knowledge

_MOST_SHOWN = 80
_MOST_SUGGESTIONS = 40  # looking for the nearest name takes milliseconds: a broken file has no use for thousands
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def shown(raw: Any) -> str:
    """Return what was found in the input, short enough to be shown."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, (str, int, float, Date)):
        try:
            text = str(raw)
        except ValueError:  # an integer of thousands of digits
            text = "a very long number"
    else:
        text = reprlib.repr(raw)
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


@dataclass(slots=True)
class Reading:
    """The state of reading one case.

    date: of the case, None where it has none that can be read. dated: places that need it.
    errors: everything that was not understood, in the order in which it was met.
    """

    knowledge: Knowledge
    date: Date | None = None
    errors: list[CaseError] = field(default_factory=list)
    dated: list[str] = field(default_factory=list)

    def refuse(
        self,
        code: str,
        place: str,
        what: str,
        *,
        got: Any = None,
        allowed: str | Sequence[str] = (),
        near: str | None = None,
        do: str = "",
    ) -> None:
        """Note an error. place: where in the file; what: the rest of the sentence; near: the name that may be meant."""
        meant = f"Did you mean {near}?" if near else ""
        allowed = allowed if isinstance(allowed, str) else list(allowed)
        do = " ".join(part for part in (meant, do) if part) or "Correct it, or leave it out if it is not known."
        self.errors.append(CaseError(code, f"`{place}` {what}", got=shown(got), allowed=allowed, do=do))

    def near(self, word: Any, names: Iterable[str]) -> str | None:
        """Return the known name written most like a word, or None."""
        if not isinstance(word, str) or len(word) > _MOST_SHOWN or len(self.errors) >= _MOST_SUGGESTIONS:
            return None
        return near_name(word, names)

    def keys(self, raw: Mapping[Any, Any], allowed: Sequence[str], place: str) -> bool:
        """Return whether a map has no keys but these; any other is refused."""
        unknown = [key for key in raw if key not in allowed]
        for key in unknown:
            near = self.near(key, allowed)
            self.refuse(codes.UNKNOWN_KEY, place, f"has no key {shown(key)}.", got=key, allowed=allowed, near=near)
        return not unknown

    def definition(self, key: Any, section: str, place: str) -> Definition | None:
        """Return the definition of an id of a section; anything else is refused and None."""
        vocabulary = self.knowledge.vocabulary
        found = vocabulary.section(section).get(key) if isinstance(key, str) else None
        if found is not None:
            return found
        other = vocabulary.definition(key) if isinstance(key, str) else None
        if other is not None:
            do = f"Move it to the block `{other.section}`."
            self.refuse(codes.OTHER_BLOCK, place, f"does not belong to the block `{section}`.", got=key, do=do)
            return None
        near = self._near_id(key, section)
        do = f"`legtwitch knowledge --json` lists all {section}."
        self.refuse(codes.UNKNOWN_ID, place, "is not known.", got=key, allowed=f"ids of {section}", near=near, do=do)
        return None

    def _near_id(self, key: Any, section: str) -> str | None:
        if not isinstance(key, str) or len(key) > _MOST_SHOWN or len(self.errors) >= _MOST_SUGGESTIONS:
            return None
        vocabulary = self.knowledge.vocabulary
        for name in (section, *(one for one in FINDING_LIKE if one != section)):
            near = vocabulary.alias(key, name) or vocabulary.nearest(key, name)
            if near is not None:
                return near if name == section else f"{near} (in the block `{name}`)"
        return None

    def day(self, raw: Any, place: str) -> Date | None:
        """Return a date that is not after the date of the case; anything else is refused and None."""
        self.dated.append(place)
        found = self.any_day(raw, place)
        if found is None or self.date is None or found <= self.date:
            return found
        do = "Correct one of the two dates; what is planned does not belong into a case."
        allowed = f"up to {self.date.isoformat()}"
        self.refuse(codes.DATE_AHEAD, place, "lies after the date of the case.", got=found, allowed=allowed, do=do)
        return None

    def any_day(self, raw: Any, place: str) -> Date | None:
        """Return a date; anything else is refused and None."""
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, Date):
            return raw
        if isinstance(raw, str) and _ISO_DATE.fullmatch(raw.strip()):
            try:
                return Date.fromisoformat(raw.strip())
            except ValueError:
                pass
        self.refuse(codes.NO_DATE, place, "is not a date.", got=raw, allowed="year, month and day as 2026-11-22")
        return None

    def note(self, raw: Any, place: str) -> str:
        """Return free words; a map or list is refused."""
        if raw is None or isinstance(raw, (Mapping, list, tuple, set)):
            self.refuse(codes.WRONG_KIND, place, "takes free words.", got=raw, allowed="text")
            return ""
        return str(raw)
