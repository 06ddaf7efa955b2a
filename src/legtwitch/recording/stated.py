"""Unit and rate as the user states them, checked before they are used."""

from __future__ import annotations

from math import isfinite

from legtwitch.errors import UsageError
from legtwitch.recording import codes
from legtwitch.recording.channels import voltage
from legtwitch.units import normal_spelling

_ACCELERATION = {
    "m/s2": "m/s2",
    "m/s^2": "m/s2",
    "m/s²": "m/s2",
    "ms-2": "m/s2",
    "m s-2": "m/s2",
    "m*s^-2": "m/s2",
    "g": "g",
    "gn": "g",
    "g0": "g",
    "mg": "mg",
}
_ROTATION = {
    "deg/s": "deg/s",
    "dps": "deg/s",
    "°/s": "deg/s",
    "º/s": "deg/s",
    "degrees/s": "deg/s",
    "rad/s": "rad/s",
    "rads": "rad/s",
    "rad s-1": "rad/s",
}


def acceleration_unit(text: str) -> str | None:
    """Return `m/s2`, `g` or `mg` for a unit of acceleration in any usual spelling, else None."""
    return _ACCELERATION.get(normal_spelling(text).casefold())


def rotation_unit(text: str) -> str | None:
    """Return `deg/s` or `rad/s` for a unit of rotation in any usual spelling, else None."""
    return _ROTATION.get(normal_spelling(text).casefold())


def stated_unit(unit: str | None, *, acceleration: bool = False) -> str | None:
    """Return the unit that the user stated: `uV`, `mV`, `V`; for an accelerometer `m/s2`, `g`, `mg`.

    Raises UsageError for any other.
    """
    if unit is None:
        return None
    found = acceleration_unit(unit) if acceleration else voltage(unit)
    if found is None:
        allowed = "m/s2, g or mg" if acceleration else "uV, mV or V"
        raise UsageError(codes.STATED_NOTHING, "The unit that was stated can't be used.", got=unit, allowed=allowed)
    return found


def stated_rate(rate_hz: float | None) -> float | None:
    """Return the rate in Hz that the user stated. Raises UsageError where it is none."""
    if rate_hz is not None and not (isfinite(rate_hz) and 0 < rate_hz < 1e6):
        raise UsageError(
            codes.STATED_NOTHING, "The rate that was stated can't be used.", got=str(rate_hz), allowed="above 0 Hz"
        )
    return rate_hz
