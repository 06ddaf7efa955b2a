"""What a channel is, read from its label, and how sure that is. A side is never guessed."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from legtwitch.model import Role
from legtwitch.recording import labels

_EEG_SITE = re.compile(r"(fp|af|f|fc|ft|c|cp|t|tp|p|po|o|a|m)(z|\d{1,2})")
_SIDES = {**dict.fromkeys(labels.LEFT, "left"), **dict.fromkeys(labels.RIGHT, "right")}


def _either(words: frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LEG = _either(labels.LEG)
_SIDE = _either(frozenset(_SIDES))
_JOINED = re.compile(
    rf"(?:emg)?(?:(?P<before>{_SIDE})?(?P<leg>{_LEG})(?P<after>{_SIDE})?|(?P<ta_side>l|r)(?P<ta>ta))(?P<number>\d{{0,2}})"
)
_WHOLE = re.compile(rf"(?:emg)?({_either(frozenset(labels.WHOLE))})\d{{0,2}}")


class RoleFound(NamedTuple):
    """A role, its certainty from 0 to 1, and on what it rests."""

    role: Role
    certainty: float
    why: str


def words_of(label: str) -> list[str]:
    """Return the words of a label in lower case without accents; `LeftLeg` is two words, `LAT1-LAT2` too."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return re.findall(r"[a-z0-9]+", plain.casefold())


def role_of(label: str, dimension: str = "") -> RoleFound:
    """Return the role of a channel by its label and the physical dimension of the header.

    The side is given only where the label says it: `Leg 1` is a leg of unknown side.
    """
    words = words_of(label)
    held = set(words)
    if held & (labels.IMPEDANCE - {"z"}) or (words[1:] and words[-1] == "z") or "ohm" in dimension.casefold():
        return RoleFound("other", 0.95, "an impedance, not a signal")
    if held & (labels.EEG | labels.EOG | labels.ECG):
        return _by_prefix(held)
    if held & labels.NOT_A_LEG or any(re.fullmatch(rf"({_either(labels.NOT_A_LEG)})\d+", word) for word in words):
        return RoleFound("emg_other", 0.9, "another muscle than tibialis anterior")
    if not held & (labels.NOT_A_SIGNAL | labels.RESPIRATION):
        leg = _leg(words)
        if leg is not None:
            return leg
    return _other(words)


def _by_prefix(held: set[str]) -> RoleFound:
    if held & labels.ECG:
        return RoleFound("ecg", 0.95, "its label says ECG")
    if held & labels.EOG:
        return RoleFound("eog", 0.95, "its label says EOG")
    return RoleFound("eeg", 0.95, "its label says EEG")


def _leg(words: list[str]) -> RoleFound | None:
    """Return the leg role of a label, or None where no word means a leg."""
    sides: set[str] = set()
    certainty = 0.0
    for word in words:
        whole, joined = _WHOLE.fullmatch(word), _JOINED.fullmatch(word)
        if word in _SIDES:
            sides.add(_SIDES[word])
        elif whole is not None:
            role, sure = labels.WHOLE[whole[1]]
            sides |= {"leg_left": {"left"}, "leg_right": {"right"}}.get(role, set())
            certainty = max(certainty, sure)
        elif joined is not None:
            sides |= {_SIDES[side] for side in joined.group("before", "after", "ta_side") if side}
            certainty = max(certainty, 0.9)
        elif word.rstrip("0123456789") in labels.LEG_SHORT:
            certainty = max(certainty, 0.6)
    if not certainty and sides and set(words) & labels.WITH_SIDE:
        certainty = 0.8
    if not certainty:
        return None
    if sides == {"left", "right"}:
        return RoleFound("leg_both", certainty, "its label names both legs")
    if sides:
        side = sides.pop()
        role_by_side: Role = "leg_left" if side == "left" else "leg_right"
        return RoleFound(
            role_by_side, max(certainty, 0.8) if certainty == 0.6 else certainty, f"its label says {side} leg"
        )
    return RoleFound("leg_unknown", min(certainty, 0.8), "its label says leg, but not which")


def _other(words: list[str]) -> RoleFound:
    held = set(words)
    if held & labels.EYE_POSITIONS:
        return RoleFound("eog", 0.9, "its label is an electrode beside an eye")
    if held & {"rate", "spo2", "sao2", "pulse", "sat", "saturation"} and not held & {"resp"}:
        return RoleFound("other", 0.8, "a derived trace")
    if held & labels.RESPIRATION:
        return RoleFound("respiration", 0.85, "its label names breathing")
    if held & labels.NOT_A_SIGNAL:
        return RoleFound("other", 0.8, "a sensor or a derived trace")
    if words and _EEG_SITE.fullmatch(words[0]):
        return RoleFound("eeg", 0.85, "its label is an electrode of the 10-20 system")
    if any(re.fullmatch(r"(emg|myo)\d*", word) for word in words):
        return RoleFound("emg_other", 0.8, "its label says EMG, but no leg")
    return RoleFound("other", 0.5, "its label is not known")
