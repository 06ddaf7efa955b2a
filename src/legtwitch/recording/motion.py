"""Accelerometer and gyroscope channels: units told by gravity, what is no movement of a leg.

Source: one standard gravity is 9.80665 m/s2 (CGPM 1901). Limits of what counts as gravity and as a glitch are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError, UsageError
from legtwitch.model import Problem
from legtwitch.recording import codes
from legtwitch.recording.stated import acceleration_unit, rotation_unit, stated_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAVITY = 9.80665
NEAR = 0.25
"""The median length of the acceleration vector is gravity within this share: sensors are off by up to 5 %, and moving
legs add some."""
STILL_ROWS = 25
"""So many rows, a quarter to half a second of a phone, are still or not. Our own limit."""
STILL = 0.04
"""... where the vector varies by no more than this share of its length, noise of a phone included. Our own limit."""
STILL_BLOCKS, STILL_PART = 4, 0.02
"""So many still pieces, and so large a part of all, tell gravity. Our own limits."""
GLITCH_G = 10.0
"""Longer vectors are no movement of a resting or walking leg, but a knock on the sensor or a fault."""
_MOST_PLACES = 20
_FACTORS = {"m/s2": 1.0, "g": GRAVITY, "mg": GRAVITY / 1000}
_DEGREES = 57.29577951308232
FASTEST_RAD = 40.0
"""Gyroscopes of phones end at 2000 deg/s, which is 35 rad/s: a larger number is in deg/s."""


@dataclass(frozen=True, slots=True)
class Told:
    """The unit of the values as they stand in the file, the factor to ours, and why; unit None: not known."""

    file_unit: str
    unit: str | None
    factor: float
    why: str
    problems: tuple[Problem, ...] = ()


def gravity_in(length: float) -> str | None:
    """Return the unit in which a length of the acceleration vector is gravity, None where it is in none."""
    return next((unit for unit, one in _FACTORS.items() if abs(length * one / GRAVITY - 1) <= NEAR), None)


def steady_gravity(lengths: NDArray[Any]) -> str | None:
    """Return the unit in which vectors of these lengths are gravity nearly always (for columns without labels)."""
    import numpy as np

    if len(lengths) < 10 or not np.isfinite(lengths).any():
        return None
    low, middle, high = np.nanpercentile(lengths, [5, 50, 95])
    return gravity_in(float(middle)) if low > 0.5 * middle and high < 2 * middle else None


def still_length(lengths: NDArray[Any]) -> float | None:
    """Return the length of acceleration vectors (n,) where the sensor is stillest; None where it never is.

    Running and cycling lengthen the median vector by half of gravity; in a pause it is gravity alone. Without gravity a
    still sensor shows noise, whose length varies as much as it is long, and that is no still length.
    """
    import numpy as np

    blocks = len(lengths) // STILL_ROWS
    if blocks < 1:
        return None
    parts = lengths[: blocks * STILL_ROWS].astype(np.float64).reshape(blocks, STILL_ROWS)
    middle = np.median(parts, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        calm = np.ptp(parts, axis=1) <= STILL * middle
    if int(calm.sum()) < max(STILL_BLOCKS, STILL_PART * blocks):
        return None
    return float(np.median(middle[calm]))


def acceleration(
    lengths: NDArray[Any] | None,
    header_unit: str,
    stated: str | None,
    *,
    linear: bool,
    app: tuple[str, str] | None = None,
) -> Told:
    """Return the unit of accelerations.

    Parameters
    ----------
    lengths: length of the vector at each row, as it stands in the file, None where an axis is missing.
    header_unit: as the labels say, empty where they don't. stated: as the user says.
    linear: the labels say that gravity was taken out. app: the unit of an app whose labels are known, and its name.

    Raises
    ------
    FileError: neither the labels nor gravity tell the unit. UsageError: the unit stated contradicts gravity.
    """
    import numpy as np

    middle = None if lengths is None or not np.isfinite(lengths).any() else float(np.nanmedian(lengths))
    labelled = acceleration_unit(header_unit)
    wanted = stated_unit(stated, acceleration=True)
    fits = None if middle is None or linear else gravity_in(middle)
    said = "" if middle is None else f"the median length of the vector is {middle:.4g}"
    still = None if lengths is None or linear else still_length(lengths)
    if fits is None and still is not None and gravity_in(still) is not None:
        fits = gravity_in(still)
        said = f"where the sensor is still the vector is {still:.4g} long (with movement {middle:.4g})"
    if (
        fits is not None
        and lengths is not None
        and still is None
        and steady_gravity(lengths) is None
        and (labelled or wanted) not in (None, fits)
    ):
        fits = None  # by chance near 1, but not steady as gravity is
    if fits is not None:
        return _by_gravity(fits, labelled, wanted, header_unit, said)
    unit = wanted or labelled or (None if app is None else app[0])
    if unit is None:
        raise FileError(
            codes.GRAVITY_UNCLEAR,
            "The unit of the acceleration can't be told: "
            + (f"{said}, where gravity would be 9.8 (m/s2) or 1 (g)." if said else "an axis is missing."),
            got=header_unit or "no unit in the header",
            allowed="m/s2, g or mg, with gravity; without gravity the unit must be stated",
            do="State it with --unit m/s2 or --unit g.",
        )
    source = "stated by the user" if wanted else "from the header"
    if app is not None and not wanted and not labelled:
        source = f"as {app[1]} writes it"
    message = "The acceleration does not hold gravity" + (
        ": its labels say that gravity was taken out."
        if linear
        else f": {said} in {unit}, {source}."
        if said
        else ", or an axis."
    )
    effect = "The position of the leg can't be told, and its unit rests on the header alone."
    problem = Problem(codes.NO_GRAVITY, message, effect)
    return Told(header_unit or unit, "m/s2", _FACTORS[unit], f"{unit} {source}, without gravity", (problem,))


def _by_gravity(fits: str, labelled: str | None, wanted: str | None, header_unit: str, said: str) -> Told:
    if wanted is not None and wanted != fits:
        raise UsageError(
            codes.STATED_NOTHING,
            f"The unit that was stated does not fit gravity: {said}, so the values are in {fits}.",
            got=wanted,
            allowed=fits,
        )
    message = f"The acceleration is in {fits}: {said}, and gravity would be 9.8 in m/s2 and 1 in g."
    problems = [Problem(codes.UNIT_BY_GRAVITY, message)]
    if labelled is not None and labelled != fits:
        words = f"The header says that the acceleration is in {header_unit}; by gravity it is in {fits}."
        problems.append(Problem(codes.UNITS_DIFFER, words, "Gravity was believed."))
    why = f"unit {fits} by gravity ({said}), gravity kept"
    return Told(header_unit or fits, "m/s2", _FACTORS[fits], why, tuple(problems))


def rotation(largest: float, header_unit: str, *, phone_app: bool) -> Told:
    """Return the unit of rotation; `deg/s` in the end.

    largest: largest absolute value. phone_app: labels of an app that is known to write rad/s.
    """
    unit = rotation_unit(header_unit)
    why = f"{unit} from the header"
    if unit is None and largest > FASTEST_RAD:
        unit, why = "deg/s", f"values up to {largest:.4g} can't be in rad/s"
    elif unit is None and phone_app:
        unit, why = "rad/s", "the app writes rad/s"
    if unit is None:
        message = f"The unit of the rotation is {header_unit or 'missing'}, and its values up to {largest:.3g} fit two."
        problem = Problem(codes.UNIT_UNKNOWN, message, "Angles can't be told.")
        return Told(header_unit, None, 1.0, "unit not known", (problem,))
    return Told(header_unit or unit, "deg/s", _DEGREES if unit == "rad/s" else 1.0, why)


def stated_rotation(unit: str) -> str:
    """Return the unit of rotation that the user stated. Raises UsageError where it is none."""
    found = rotation_unit(unit)
    if found is None:
        raise UsageError(
            codes.STATED_NOTHING, "The unit that was stated can't be used.", got=unit, allowed="deg/s or rad/s"
        )
    return found


def glitches(lengths: NDArray[Any], factor: float, times_s: NDArray[Any]) -> list[Problem]:
    """Return what there is to say of vectors longer than 10 g: one remark for each place, at most 20.

    lengths: as in the file, shape (n,). factor: to m/s2. times_s: their times, shape (n,).
    """
    import numpy as np

    with np.errstate(invalid="ignore", over="ignore"):
        far = np.flatnonzero(lengths * factor > GLITCH_G * GRAVITY)
    if not len(far):
        return []
    places = np.split(far, np.flatnonzero(np.diff(times_s[far]) > 1.0) + 1)
    problems = []
    for place in places[:_MOST_PLACES]:
        largest = float(np.nanmax(lengths[place])) * factor / GRAVITY
        words = f"{len(place)} reading(s) are longer than {GLITCH_G:g} g, up to {largest:.1f} g: a knock or a fault."
        effect = "They are kept as they are; nothing found there should be believed."
        first, last = float(times_s[place[0]]), float(times_s[place[-1]])
        problems.append(Problem(codes.GLITCHES, words, effect, None, first, last))
    if len(places) > _MOST_PLACES:
        words = f"Readings longer than {GLITCH_G:g} g stand at {len(places) - _MOST_PLACES} more places."
        problems.append(Problem(codes.GLITCHES, words, "The sensor is faulty, or was knocked about."))
    return problems
