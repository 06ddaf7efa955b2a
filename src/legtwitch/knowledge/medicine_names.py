"""What the name of a medicine stands for: ingredients, by country where a brand means different things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from legtwitch.knowledge.medicine_words import bare_names, parts, without_brackets, words
from legtwitch.knowledge.names import fold, near_names, slips

_AT_MOST = 5
_WORD = 6  # letters of a word that is looked for inside a longer name


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand name.

    country: ISO 3166 codes of the countries where it stands for this ingredient; empty: everywhere.
    sold: where it is sold; no other meaning is known, so it is taken for this ingredient in every country.
    """

    name: str
    country: tuple[str, ...] = ()
    sold: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: Any) -> Brand:
        """Return a brand from a word, `{name, country: [...]}` or `{name, sold: [...]}`. Raises ValueError."""
        if isinstance(raw, str):
            return cls(raw)
        for key in ("country", "sold"):
            if isinstance(raw, Mapping) and set(raw) == {"name", key} and isinstance(raw[key], list):
                return cls(raw["name"], **{key: tuple(raw[key])})
        raise ValueError(f"not a brand: {raw}")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for in some countries (empty: everywhere else)."""

    countries: tuple[str, ...]
    ingredients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MedicineName:
    """What a written name stands for.

    certainty: `exact` (see `ingredients`; several are a combination), `by_country` (it means different things and the
    country doesn't tell which: see `meanings`), `near` (it is written much like `near`, a known name), or `unknown`.
    """

    certainty: Literal["exact", "by_country", "near", "unknown"]
    ingredients: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    near: str | None = None


class MedicineNames:
    """All names of all medicines.

    Parameters
    ----------
    names: id → names that stand for it everywhere (the id, its label, other words).
    brands: id → brands.
    """

    def __init__(self, names: Mapping[str, tuple[str, ...]], brands: Mapping[str, tuple[Brand, ...]]) -> None:
        self._names = names
        self._brands = brands

    def read(self, word: str, country: str | None) -> MedicineName:
        """Return what a name stands for in a country (ISO 3166 code; None: not known).

        A strength, a form and how often it is taken may stand behind the name (`sertraline 50 mg tablets once daily`),
        a second name in brackets (`Zoloft (sertraline)`), and several ingredients in a row (`salmeterol/fluticasone`).
        What is left must be a known name as a whole: nothing that could be part of a product's name is passed over.
        """
        code = country.strip().upper() if country else None
        found = self._known(word, code)
        if found is not None:
            return found
        outer, inner = without_brackets(word)
        if inner:
            both = self._in_brackets(self._known(outer, code), self._known(inner, code), inner)
            if both is not None:
                return both
        near = self.candidates(word)
        return MedicineName("near", near=near[0]) if near else MedicineName("unknown")

    def candidates(self, word: str) -> tuple[str, ...]:
        """Return up to five known names that `word` may be a slip or a part of, the nearest first."""
        outer, inner = without_brackets(word)
        found: dict[str, None] = {}
        for bare in (*bare_names(outer), *bare_names(inner)):
            found |= dict.fromkeys(slips(bare, self._written, _AT_MOST))
        for bare in (*bare_names(outer), *bare_names(inner), *parts(outer)):
            found |= dict.fromkeys(near_names(bare, self._written, _AT_MOST))
        if not found:  # a maker's name beside it, or a word such as "stopped"
            inside = words(word)
            for one in inside if min(map(len, inside), default=0) > 1 else ():  # vitamin A has a name of its own
                if len(one) >= _WORD:
                    found |= dict.fromkeys(slips(one, self._written, _AT_MOST, most=1))
        return tuple(found)[:_AT_MOST]

    def _known(self, word: str, code: str | None) -> MedicineName | None:
        for bare in bare_names(word):
            brands = self._by_word.get(fold(bare))
            if brands:
                return _read(brands, code)
        several = parts(word)
        read = [self._known(one, code) for one in several] if len(several) > 1 else []
        if read and all(one is not None and one.certainty == "exact" for one in read):
            ids = (id for one in read if one is not None for id in one.ingredients)
            return MedicineName("exact", tuple(dict.fromkeys(ids)))
        return None

    @staticmethod
    def _in_brackets(outer: MedicineName | None, inner: MedicineName | None, written: str) -> MedicineName | None:
        """What two names say together: the ingredient settles a brand of several meanings; two that differ ask."""
        if outer is None or inner is None:
            return outer or inner
        if outer.certainty == "exact" and inner.certainty == "exact":
            agree = set(inner.ingredients) <= set(outer.ingredients)
            return outer if agree else MedicineName("near", near=written)
        if outer.certainty == "by_country" and inner.certainty == "exact":
            fitting = [one for one in outer.meanings if set(one.ingredients) == set(inner.ingredients)]
            return inner if fitting else MedicineName("near", near=written)
        return outer

    @cached_property
    def _by_word(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Folded name → ingredient → countries (empty: everywhere)."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for id, brands in self._brands.items():
            for brand in brands:
                found.setdefault(fold(brand.name), {})[id] = brand.country
        for id, names in self._names.items():
            for name in names:
                found.setdefault(fold(name), {})[id] = ()
        return found

    @cached_property
    def _written(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._all_names()))

    def _all_names(self) -> Iterator[str]:
        yield from (name.replace("_", " ") for own in self._names.values() for name in own)
        yield from (brand.name for own in self._brands.values() for brand in own)


def _read(brands: Mapping[str, tuple[str, ...]], code: str | None) -> MedicineName:
    meanings = _meanings(brands)
    here = _meaning_in(meanings, code)
    return MedicineName("by_country", meanings=meanings) if here is None else MedicineName("exact", here.ingredients)


def _meanings(brands: Mapping[str, tuple[str, ...]]) -> tuple[Meaning, ...]:
    listed = dict.fromkeys(code for countries in brands.values() for code in countries)
    found: dict[tuple[str, ...], list[str]] = {}
    for code in listed:
        here = tuple(id for id, countries in brands.items() if not countries or code in countries)
        found.setdefault(here, []).append(code)
    elsewhere = tuple(id for id, countries in brands.items() if not countries)
    meanings = [Meaning(tuple(codes), ids) for ids, codes in found.items() if ids != elsewhere]
    return (*meanings, Meaning((), elsewhere)) if elsewhere else tuple(meanings)


def _meaning_in(meanings: tuple[Meaning, ...], code: str | None) -> Meaning | None:
    """The one meaning in a country, or of a country that isn't known; None where it isn't certain."""
    if code is None:
        return meanings[0] if len(meanings) == 1 else None
    fitting = [one for one in meanings if code in one.countries] or [one for one in meanings if not one.countries]
    return fitting[0] if fitting else None
