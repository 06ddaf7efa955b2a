"""What a user asks of a recording made awake, checked: muscle, side, mode and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from legtwitch.errors import UsageError
from legtwitch.events import emg_codes
from legtwitch.events.emg_parameters import MODES, Mode
from legtwitch.knowledge import load
from legtwitch.model import Side


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for and told: see `legtwitch.detect`."""

    modality: str | None = None
    kinds: tuple[str, ...] | None = None
    muscle: str | None = None
    side: Side | None = None
    posture: str | None = None
    age: float | None = None
    mode: Mode = "sensitive"


def asked_of(
    modality: str | None,
    kinds: Sequence[str] | None,
    muscle: str | None,
    side: str | None,
    posture: str | None,
    age: float | None,
    mode: str,
) -> Asked:
    """Return what was asked for.

    Raises UsageError (E314, E315) for a muscle, side, posture or mode that does not exist. Kinds and modality are
    checked with the recording, which says what can be looked for in it.
    """
    for name, given in (("muscle", muscle), ("posture", posture)):
        if given is not None:  # the knowledge is read only where it is needed
            _one_of(name, given, load().vocabulary.attributes[name].options)
    _one_of("side", side, ("left", "right", "both"))
    chosen_side = next((one for one in get_args(Side) if one == side), None)
    chosen_mode = next((one for one in MODES if one == mode), None)
    if chosen_mode is None:
        raise UsageError(
            emg_codes.UNKNOWN_MODE,
            "There is no such way to tell voluntary activity.",
            got=mode,
            allowed=list(MODES),
            do="Choose one; the default is sensitive.",
        )
    return Asked(modality, None if kinds is None else tuple(kinds), muscle, chosen_side, posture, age, chosen_mode)


def _one_of(what: str, given: str | None, allowed: Sequence[str]) -> None:
    if given is None or given in allowed:
        return
    near = get_close_matches(given, allowed, 1)
    raise UsageError(
        emg_codes.UNKNOWN_MUSCLE,
        f"There is no {what} of this name.",
        got=given,
        allowed=list(allowed),
        do=f"Did you mean {near[0]}?" if near else "Choose one of them.",
    )
