"""What the name of a medicine stands for: ingredients, by country where a brand means different things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from legtwitch.knowledge.names import fold, near_names

_STRENGTH = re.compile(r"\s+\d+(?:[.,]\d+)?\s*(?:mg|mcg|ug|\u00b5g|\u03bcg|g|ml|iu)\b.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand name. country: ISO 3166 codes of the countries where it stands for this ingredient; empty: everywhere."""

    name: str
    country: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: Any) -> Brand:
        """Return a brand from a word or `{name, country: [...]}`. Raises ValueError for anything else."""
        if isinstance(raw, str):
            return cls(raw)
        if not isinstance(raw, Mapping) or set(raw) != {"name", "country"} or not isinstance(raw["country"], list):
            raise ValueError(f"not a brand: {raw}")
        return cls(raw["name"], tuple(raw["country"]))


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
        """Return what a name stands for in a country (ISO 3166 code; None: not known)."""
        bare = _STRENGTH.sub("", word.strip())
        brands = self._by_word.get(fold(word)) or self._by_word.get(fold(bare))
        if not brands:
            near = self.candidates(bare)
            return MedicineName("near", near=near[0]) if near else MedicineName("unknown")
        meanings = _meanings(brands)
        here = _meaning_in(meanings, country.strip().upper() if country else None)
        return (
            MedicineName("by_country", meanings=meanings) if here is None else MedicineName("exact", here.ingredients)
        )

    def candidates(self, word: str) -> tuple[str, ...]:
        """Return up to five known names that `word` may be a slip or a part of, the nearest first."""
        return near_names(word, self._written)

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
        names = [name.replace("_", " ") for own in self._names.values() for name in own]
        return tuple(dict.fromkeys([*names, *(brand.name for own in self._brands.values() for brand in own)]))


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
