"""What the columns of a table of samples are, read from their labels: clock, acceleration, rotation or another signal.

The labels are those of phyphox, Physics Toolbox Sensor Suite and Sensor Logger, and what people write by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from legtwitch.recording import labels
from legtwitch.recording.channels import voltage
from legtwitch.recording.stated import acceleration_unit, rotation_unit

Kind = Literal["time", "counter", "acceleration", "linear", "rotation", "derived", "signal"]
_UNIT_BEHIND = re.compile(r"(.*?)\s*[\[(]\s*([^\])]*?)\s*[\])]\s*")
_VOLTS = re.compile(r"emg|volt|ch|analog|adc|signal", re.IGNORECASE)
_UNIT_WORD = re.compile(r"(.*?)[_\s/.-]+(uV|µV|μV|mV|V|ns|us|µs|μs|ms|s|sec|seconds|g|mg|ms2|dps)", re.IGNORECASE)
_TIME = re.compile(
    r"(time|t|zeit|temps|tiempo|tempo|tijd|timestamp|timestamps|datetime|date_?time|clock|seconds_?elapsed|elapsed(_?time)?|"
    r"time_?stamp|unix(_?time)?|epoch(_?time)?|loggingtime|sensor_?time|(time)?since_?start|"
    r"(time|timestamp)_?(sec|secs|seconds|millis|micros|nanos|milliseconds|nanoseconds))"
)
_COUNTER = re.compile(
    r"(sample|samples|sample_?(number|no|index|nr)|index|idx|frame|counter|count|row|nr|no|#|unnamed:_?0)"
)
_ACCELERATION = re.compile(
    r"((total|raw|uncalibrated|user)?_?(acc|accel|acceleration|accelerometer|beschleunigung|accélération|aceleración)"
    r"(eration|erometer)?(_?(with_?g|raw|total|uncalibrated|data))?_?|a|g_?force_?|gf|tot?_?acc_?)"
)
_LINEAR = re.compile(
    r"(lin|linear|lineare|user)_?(acc|accel|acceleration|accelerometer|beschleunigung)_?|lin_?acc_?|"
    r"(acc|acceleration)_?(without|no)_?g_?"
)
_ROTATION = re.compile(r"(gyro|gyr|gyroscope|gyroskop|rotation|rotation_?rate|angular_?velocity|omega|w|rot)_?")
_DERIVED = re.compile(
    r"(tgf|absolute(_\w*)?|abs|norm|magnitude|a_?total|at|atotal|acc_?total|total_?acceleration|vector_?sum|flag|"
    r"accuracy|event|marker|trigger|temperature|battery|latitude|longitude|altitude|speed|pressure|"
    r"(mag|magnetometer|magnetic_?field|gravity|grav|orientation|quaternion|attitude|b)_?[xyzw]|q[xyzw]|pitch|roll|yaw)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its label. unit: as written in the label, empty where it has none. axis: `x`, `y`, `z` or empty."""

    kind: Kind
    label: str
    unit: str = ""
    axis: str = ""


def column_of(label: str) -> Column:
    """Return what a column is by its label.

    >>> column_of("Acceleration x (m/s^2)")
    Column(kind='acceleration', label='Acceleration x', unit='m/s^2', axis='x')
    """
    label = " ".join(label.split())
    name, unit = label, ""
    match = _UNIT_BEHIND.fullmatch(label)
    if match is not None and not _is_side(match[2]):
        name, unit = match[1], match[2]
    else:
        match = _UNIT_WORD.fullmatch(label)
        if match is not None and (match[2] not in ("V", "v") or _VOLTS.search(match[1])):
            name, unit = match[1], match[2]
    plain = re.sub(r"[\s.\-]+", "_", name.casefold()).strip("_")
    if _TIME.fullmatch(plain):
        worded = re.search(r"(sec|seconds|millis|micros|nanos|milliseconds|nanoseconds|secs)$", plain)
        elapsed = "s" if plain.startswith("seconds") else worded[1] if worded else ""
        return Column("time", name, unit or elapsed)
    if _COUNTER.fullmatch(plain):
        return Column("counter", name)
    if _DERIVED.fullmatch(plain):
        return Column("derived", name, unit)
    moved = _moved(plain)
    if moved is not None:
        return Column(moved[0], name, unit, moved[1])
    if match is not None and match.re is _UNIT_WORD and not (voltage(unit) or rotation_unit(unit)):
        return Column("signal", label)
    return Column("signal", name or label, unit)


def _is_side(word: str) -> bool:
    return word.casefold() in labels.LEFT | labels.RIGHT and not acceleration_unit(word)


def _moved(plain: str) -> tuple[Kind, str] | None:
    """Return the kind of motion and the axis of a label (`acceleration_x`, `gfx`, `wz`, `x`), None where it is none."""
    if plain.removesuffix("_axis") in ("x", "y", "z"):
        return "acceleration", plain[0]
    for axis in ("x", "y", "z"):
        for rest in (plain.removesuffix(axis), plain.removeprefix(axis + "_"), plain.removesuffix(f"{axis}_axis")):
            if rest == plain or not rest:
                continue
            if _LINEAR.fullmatch(rest):
                return "linear", axis
            if _ACCELERATION.fullmatch(rest):
                return "acceleration", axis
            if _ROTATION.fullmatch(rest):
                return "rotation", axis
    return None


def columns_of(names: Sequence[str]) -> list[Column]:
    """Return what the columns of a table are, seen together.

    `ax` … beside `gFx` … are accelerations without gravity (Physics Toolbox). Of two clocks the one that counts from
    the start is taken; the other is left.
    """
    found = [column_of(name) for name in names]
    if any(one.label.casefold().startswith("gf") and one.axis for one in found):
        found = [
            Column("linear", one.label, one.unit, one.axis) if one.label.casefold() in ("ax", "ay", "az") else one
            for one in found
        ]
    times = [at for at, one in enumerate(found) if one.kind == "time"]
    if len(times) > 1:
        best = next((at for at in times if "elapsed" in found[at].label.casefold()), times[0])
        found = [
            Column("derived", one.label, one.unit) if at in times and at != best else one
            for at, one in enumerate(found)
        ]
    return found
