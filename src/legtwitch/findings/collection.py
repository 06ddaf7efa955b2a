"""The set of findings that reasoning reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

from legtwitch.findings.medicines import still_acts
from legtwitch.findings.places import SIDES, Place, holds_for, single_sides
from legtwitch.knowledge.condition import REGIONS
from legtwitch.model import Finding, Quantity, Truth

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

_PLACES = ("muscle", "site")
_NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Said:
    """One flag at one place of one side. region: in which the place lies, None where that isn't clear."""

    present: bool
    place: Place
    region: str | None
    by: str


class FindingSet:
    """Findings by id, looked up in three values; it never changes.

    A flag is present where one entry says so, and absent where one says so of that place or of all places. Of two dated
    entries the newer one takes the place of the older one at the same place; an entry without a date stands beside
    them, and `present` goes before `absent`. What was not asked is unknown, except medicines and exposures when the
    case says that there are none.

    A medicine that was stopped counts as taken for five weeks more or longer (`medicines.still_acts`); later the
    ingredient is absent now (`ever` still finds it), and nothing is known of others of its class.

    Parameters
    ----------
    findings: all findings of a case, several of one id allowed.
    knowledge: for the vocabulary and the body region of a muscle or site.
    date: of the case. complete_lists: blocks (`medications`, `exposures`) that were given as an empty list.
    """

    __slots__ = ("_by_id", "_complete", "_date", "_knowledge", "_left_out", "_said_of", "_states")

    def __init__(
        self,
        findings: Iterable[Finding],
        knowledge: Knowledge,
        *,
        date: Date | None = None,
        complete_lists: Iterable[str] = frozenset(),
    ) -> None:
        by_id: dict[str, tuple[Finding, ...]] = {}
        for one in findings:
            by_id[one.id] = (*by_id.get(one.id, ()), one)
        self._by_id = by_id
        self._knowledge = knowledge
        self._date = date
        self._complete = frozenset(complete_lists)
        self._left_out: frozenset[str] = frozenset()
        self._said_of: dict[str, tuple[_Said, ...]] = {}
        self._states: dict[tuple[str, tuple[tuple[str, str], ...], str | None], Truth] = {}

    # ---- what there is -----------------------------------------------------------------------------------------------

    @property
    def date(self) -> Date | None:
        """The date of the case."""
        return self._date

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, those of one id together."""
        return tuple(one for entries in self._by_id.values() for one in entries)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all findings, unknown ones included."""
        return tuple(self._by_id)

    def entries(self, ref: str) -> tuple[Finding, ...]:
        """Return all findings of an id."""
        return self._by_id.get(ref, ())

    def asked(self, ref: str) -> bool:
        """Return whether there is an answer, be it `unknown`."""
        return ref in self._by_id or self._settled(ref)

    def known(self, ref: str) -> bool:
        """Return whether there is an answer other than `unknown`."""
        return any(one.value != "unknown" for one in self.entries(ref)) or self._settled(ref)

    # ---- flags -------------------------------------------------------------------------------------------------------

    def state(self, ref: str, where: Mapping[str, str] | None = None, region: str | None = None) -> Truth:
        """Return whether a flag, medicine (or class), exposure or person flag is present; of a choice, whether any is.

        Parameters
        ----------
        where: attributes that it must have (`side: both` asks for both sides; `by` asks who stated it; `region` is
            taken as the parameter of that name).
        region: body region in which it must lie, told by its muscle or site where it isn't named; None is anywhere.
        """
        if where and "region" in where:
            region, where = where["region"], {name: value for name, value in where.items() if name != "region"}
        key = (ref, tuple(where.items()) if where else (), region)
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = self._truth(ref, where or _NOWHERE, region)
        return found

    def ever(self, ref: str) -> bool:
        """Return whether it is or once was present: older entries and stopped medicines count."""
        return any(one.value == "present" for one in self.entries(ref))

    def _truth(self, ref: str, where: Mapping[str, str], region: str | None) -> Truth:
        if where.get("side") == "both":
            sides = [self.state(ref, {**where, "side": side}, region) for side in SIDES]
            return next((one for one in (Truth.FALSE, Truth.UNKNOWN) if one in sides), Truth.TRUE)
        said = self._said_of.get(ref)
        if said is None:
            said = self._said_of[ref] = self._said(ref)
        by = where.get("by")
        place = {name: value for name, value in where.items() if name != "by"}
        for one in said:
            if (
                one.present
                and (by is None or one.by == by)
                and (region is None or one.region == region)
                and all(self._fits(name, one.place.get(name), value) for name, value in place.items())
            ):
                return Truth.TRUE
        absent = [one.place for one in said if not one.present and (by is None or one.by == by)]
        region = region or self._region(place)
        if absent and self._absent(absent, place | ({"region": region} if region else {})):
            return Truth.FALSE
        return Truth.FALSE if self._settled(ref) else Truth.UNKNOWN

    def _fits(self, name: str, has: str | None, asked: str) -> bool:
        if has is None or has == asked or name != "medicine":
            return has == asked
        medications = self._knowledge.vocabulary.medications
        return has in medications and asked in self._knowledge.vocabulary.classes_of(has)

    def _absent(self, absent: list[Place], place: Place) -> bool:
        """Return whether the absent places take in a place; two sides, and four regions, are the whole."""
        if any(holds_for(one, place) for one in absent):
            return True
        for name, whole in (("side", SIDES), ("region", REGIONS)):
            if name not in place and any(name in one for one in absent):
                return all(self._absent(absent, {**place, name: part}) for part in whole)
        return False

    def _settled(self, ref: str) -> bool:
        """Return whether it is absent though nothing was said of itself."""
        return self._excluded(ref) or self._class_absent(ref)

    def _class_absent(self, ref: str) -> bool:
        """Return whether a medicine is not listed itself and a class that it stands in is said to be absent."""
        if ref in self._by_id or ref in self._left_out or ref not in self._knowledge.vocabulary.medications:
            return False
        classes = self._knowledge.vocabulary.classes_of(ref)
        return any(one.value == "absent" for name in classes for one in self.entries(name))

    def _excluded(self, ref: str) -> bool:
        """Return whether the case says that there are no medicines (or exposures), and this is one."""
        if not self._complete or ref in self._by_id or ref in self._left_out:
            return False
        definition = self._knowledge.vocabulary.definition(ref)
        return definition is not None and definition.section in self._complete

    def _said(self, ref: str) -> tuple[_Said, ...]:
        """Return what is said of a flag now, place by place: without what is unknown, older or over."""
        told: list[tuple[_Said, Date | None]] = []
        for one in self.entries(ref):
            if one.value == "unknown" or isinstance(one.value, Quantity):
                continue
            present = one.value == "present" or (isinstance(one.value, tuple) and bool(one.value))
            medicine, stopped = one.attributes.get("medicine", one.id), one.attributes.get("stopped")
            if present and not still_acts(medicine, stopped, self._date, self._knowledge):
                if "medicine" in one.attributes:
                    continue
                present = False
            for place in single_sides(one.attributes):
                told.append((_Said(present, place, self._region(place), one.by), one.date))
        return tuple(said for said, date in told if not any(_replaces(said, date, *other) for other in told))

    def _region(self, place: Place) -> str | None:
        if "region" in place:
            return place["region"]
        places = self._knowledge.places
        return next((places[place[name]] for name in _PLACES if place.get(name) in places), None)

    # ---- quantities, choices, dates ----------------------------------------------------------------------------------

    def quantities(self, ref: str) -> tuple[Finding, ...]:
        """Return all known values of a quantity, each with its place and date, the newest first.

        A value without a date is as of the case, so the newest.
        """
        found = [one for one in self.entries(ref) if isinstance(one.value, Quantity)]
        return tuple(sorted(found, key=lambda one: one.date or Date.max, reverse=True))

    def quantity(self, ref: str) -> Quantity | None:
        """Return the newest known value.

        None where there is none, where the newest ones differ (two calves, two readings of one day; see `quantities`),
        and where a laboratory gave a bound only (`<5`).
        """
        found = self.quantities(ref)
        newest = [one for one in found if one.date == found[0].date]
        if not newest or any("comparator" in one.attributes for one in newest):
            return None
        first = newest[0].value
        return first if isinstance(first, Quantity) and all(one.value == first for one in newest) else None

    def chosen(self, ref: str) -> tuple[str, ...] | None:
        """Return the options chosen of a choice (or the word of a text), empty for none of them, None when not known.

        Of dated answers the newest day counts, beside those without a date.
        """
        found = [one for one in self.entries(ref) if isinstance(one.value, tuple)]
        last = max((one.date for one in found if one.date is not None), default=None)
        now = [one.value for one in found if one.date in (None, last)]
        if not now:
            return None
        return tuple(dict.fromkeys(option for options in now if isinstance(options, tuple) for option in options))

    def since(self, ref: str) -> Date | None:
        """Return the date from which it holds; of several the latest, as what is new is what urgency asks for."""
        days = [one.since for one in self.entries(ref) if one.since and one.value not in ("absent", "unknown", ())]
        return max(days, default=None)

    # ---- other sets --------------------------------------------------------------------------------------------------

    def without(self, ref: str) -> FindingSet:
        """Return the set as if this had not been asked."""
        by_id = {id: entries for id, entries in self._by_id.items() if id != ref}
        return self._like(by_id, self._left_out | {ref}, {ref})

    def with_(self, findings: Iterable[Finding]) -> FindingSet:
        """Return the set with more findings beside those it has."""
        by_id = dict(self._by_id)
        added = tuple(findings)
        for one in added:
            by_id[one.id] = (*by_id.get(one.id, ()), one)
        changed = {one.id for one in added}
        return self._like(by_id, self._left_out - changed, changed)

    def _like(self, by_id: dict[str, tuple[Finding, ...]], left_out: frozenset[str], changed: set[str]) -> FindingSet:
        new = FindingSet((), self._knowledge, date=self._date, complete_lists=self._complete)
        new._by_id = by_id
        new._left_out = left_out
        medications = self._knowledge.vocabulary.medications.keys()
        stale = changed | medications if changed & medications else changed  # a class speaks for its medicines
        new._said_of = {id: said for id, said in self._said_of.items() if id not in stale}
        new._states = {key: state for key, state in self._states.items() if key[0] not in stale}
        return new

    def digest(self) -> str:
        """Return a hash of everything that the set says; the order of findings doesn't change it."""
        lines = sorted(
            repr((one.id, one.value, one.by, sorted(one.attributes.items()), one.since, one.date))
            for one in self.findings
        )
        rest = (self._date, sorted(self._complete), sorted(self._left_out))
        return "sha256:" + hashlib.sha256("\n".join([*lines, repr(rest)]).encode()).hexdigest()


def _replaces(old: _Said, old_date: Date | None, new: _Said, new_date: Date | None) -> bool:
    """Return whether the second entry takes the place of the first: newer, of the same place or the opposite of it."""
    if old_date is None or new_date is None or new_date <= old_date:
        return False
    return new.place == old.place or (new.present != old.present and holds_for(new.place, old.place))
