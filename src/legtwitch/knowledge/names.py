"""Names as people write them: the same word in another spelling, and the known name that comes nearest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ALIKE = 85.0  # share of letters in common, in per cent: one slip in a word of seven letters is above it
_MIN_LETTERS = 4
_MIN_BEGINNING = 5
_SLIPS = (5, 7, 10)  # letters that a word needs for one, two and three slips


@lru_cache(maxsize=8192)  # the same few thousand names are compared with every word
def fold(word: str) -> str:
    """Return a word without accents, case, blanks, hyphens, underscores and apostrophes.

    >>> fold("St John's-wort"), fold("Pepto-Bismol")
    ('stjohnswort', 'peptobismol')
    """
    return "".join(_tokens(word))


def near_names(word: str, names: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """Return the names that `word` may be a slip or a part of, the nearest first, at most `limit`.

    A name is near when 85 % of the letters agree, or when one of the two begins with the other (five letters or more).
    Words that are told apart by a letter or a number alone (vitamin C, vitamin D) are never near each other.
    """
    from rapidfuzz import fuzz

    folded = fold(word)
    if len(folded) < _MIN_LETTERS:
        return ()
    found: list[tuple[float, str]] = []
    for name in names:
        other = fold(name)
        score = fuzz.ratio(folded, other)
        shorter = min(folded, other, key=len)
        begins = len(shorter) >= _MIN_BEGINNING and folded.startswith(shorter) and other.startswith(shorter)
        if (score >= ALIKE or begins) and not _told_apart(word, name):
            found.append((score, name))
    found.sort(key=lambda one: -one[0])
    return tuple(name for _, name in found[:limit])


def slips(word: str, names: Iterable[str], limit: int = 5, most: int = 3) -> tuple[str, ...]:
    """Return the names that are a slip of the pen away from `word`, the nearest first, at most `limit`.

    One letter more, less, other or swapped with its neighbour, in a word of five letters or more; where the name begins
    with the same letter two in a word of seven or more, three in one of ten or more. This finds what a share of letters
    in common, as `near_names` has it, misses in short words and in the long names of ingredients. most: slips at most.
    """
    from rapidfuzz.distance import OSA

    folded = fold(word)
    allowed = min(most, sum(len(folded) >= least for least in _SLIPS))
    found: list[tuple[int, str]] = []
    for name in names:
        other = fold(name)
        if allowed and len(other) >= _SLIPS[0] and not _told_apart(word, name):
            distance = OSA.distance(folded, other, score_cutoff=allowed)
            near = distance <= 1 or (distance <= allowed and folded[0] == other[0])
            found += [(distance, name)] if near else []
    found.sort(key=lambda one: one[0])
    return tuple(name for _, name in found[:limit])


def near_name(word: str, names: Iterable[str]) -> str | None:
    """Return the nearest of `near_names`, or None."""
    found = near_names(word, names, 1)
    return found[0] if found else None


def _tokens(word: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", word).casefold().replace("'", "").replace("\u2019", "")
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("_", " "))


def _told_apart(word: str, name: str) -> bool:
    marks = [[token for token in _tokens(one) if len(token) == 1 or token[-1].isdigit()] for one in (word, name)]
    return bool(marks[0]) and bool(marks[1]) and marks[0] != marks[1]
