"""Checks of what is asked of a simulator, shared by all of them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from legtwitch.errors import UsageError
from legtwitch.simulate import codes


def one_of(what: str, got: str, allowed: Sequence[str], code: str = codes.NO_RECIPE) -> None:
    """Raise a UsageError with the nearest known name unless a name is allowed. what: `recipe`, `option` …"""
    if got in allowed:
        return
    near = get_close_matches(got, allowed, 1, 0.5)
    raise UsageError(
        code,
        f"The simulator has no such {what}.",
        got=got,
        allowed=list(allowed),
        do=f"Did you mean {near[0]}?" if near else "Take a name from the list.",
    )


def within(what: str, got: float, low: float, high: float, *, whole: bool = False) -> None:
    """Raise a UsageError unless a number lies between bounds, and is whole where that is asked."""
    if (isinstance(got, int) or not whole) and low <= got <= high:
        return
    kind = "a whole number from" if whole else "from"
    raise UsageError(
        codes.NUMBER,
        f"A recording can't be simulated with this {what}.",
        got=str(got),
        allowed=f"{kind} {low:g} to {high:g}",
    )
