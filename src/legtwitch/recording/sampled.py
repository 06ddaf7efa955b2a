"""Tables of samples (CSV and JSON) as recordings: EMG with or without a clock, accelerometers of phones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from legtwitch.errors import FileError
from legtwitch.model import Channel, Problem, Recording
from legtwitch.recording import codes, motion
from legtwitch.recording.cells import NUMBER, Shape, number, rising
from legtwitch.recording.channels import about_legs, factor_to_uv, voltage
from legtwitch.recording.clocked import EMG_HZ, MOTION_BRIDGED_S, MOTION_HZ, Axis, by_clock, by_rate
from legtwitch.recording.columns import Column, columns_of
from legtwitch.recording.muscles import muscle_of
from legtwitch.recording.roles import RoleFound, role_of
from legtwitch.recording.stated import stated_rate, stated_unit
from legtwitch.recording.table import read_numbers
from legtwitch.recording.uniform import as_float32
from legtwitch.recording.wfdb import unused_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RATE_NOTES = ("rate_hz", "rate", "sampling_rate", "samplerate", "sample_rate", "fs", "sfreq", "sampling_frequency")
_UNIT_NOTES = ("unit", "units")
_NO_MOTION = ("magnet", "gravity", "orientation", "baro", "location", "heart")
_GYRO = ("gyro",)
_ACCELEROMETER = re.compile(r"(?<![a-z])acc(?![a-z])|accelerom|linear.?acc")


class Numbers(Protocol):
    """Columns of numbers, whatever file they are from."""

    def column(self, at: int) -> NDArray[Any]:
        """Return a column (index): shape (rows,)."""
        ...


@dataclass(frozen=True, slots=True)
class GridSamples:
    """Samples of a table, laid on the even grid of its clock when they are read. places: column, factor to the unit."""

    numbers: Numbers
    axis: Axis
    places: tuple[tuple[int, float], ...]

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        """Return the samples of a channel over a segment (indices): float32, in the channel's unit; NaN: no value."""
        import numpy as np

        column, factor = self.places[channel]
        values = self.axis.placed(self.numbers.column(column), segment)
        if factor == 1.0:
            return values
        return as_float32(values.astype(np.float64) * factor)


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a table before its columns are understood. cells: first cells of each column, as written."""

    name: str
    form: str
    columns: tuple[Column, ...]
    kinds: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    notes: Mapping[str, str]
    headed: bool
    rows: int


def read_csv(
    path: Path, shape: Shape, problems: Sequence[Problem], *, unit: str | None = None, rate_hz: float | None = None
) -> Recording:
    """Open a table of samples. Its numbers are held in memory as float32.

    Parameters
    ----------
    path: the file. shape: how it is written. problems: what there is to say already.
    unit: of EMG `uV`, `mV`, `V`; of acceleration `m/s2`, `g`, `mg`; used where the file gives none.
    rate_hz: needed where the table has no clock.

    Raises
    ------
    FileError: no rate, a clock or unit that can't be told, a table too large or broken. UsageError: unit or rate.
    """
    rate = stated_rate(rate_hz)
    columns = _columns(path, shape)
    clocks = tuple(at for at, one in enumerate(columns) if one.kind == "time" and shape.kinds[at] != "text")
    table = read_numbers(path, shape, clocks)
    said = list(problems)
    if table.bad_rows:
        message = f"{table.bad_rows} of {table.rows} rows have another number of cells; they hold no value."
        said.append(Problem(codes.UNREADABLE_CELLS, message, "Samples are missing there."))
    for at, count in table.bad_cells.items():
        if columns[at].kind not in ("time", "derived", "counter"):
            message = f"{count} of {table.rows} cells of {columns[at].label} are empty or no number."
            said.append(Problem(codes.UNREADABLE_CELLS, message, "Samples have no value (NaN) there."))
    cells = tuple(tuple(row[k] for row in shape.rows) for k in range(len(columns)))
    source = Source(path.name, "CSV", columns, shape.kinds, cells, shape.notes, shape.labels is not None, table.rows)
    return assemble(source, table, said, unit=unit, rate_hz=rate)


def _columns(path: Path, shape: Shape) -> tuple[Column, ...]:
    stem = path.stem.casefold()
    if shape.labels is None:
        found = _unlabelled(shape)
    else:
        found = columns_of([label or f"column {at}" for at, label in enumerate(shape.labels, 1)])
    plain = [one for one in found if one.kind == "acceleration" and one.label.casefold() in ("x", "y", "z")]
    if plain and any(word in stem for word in (*_NO_MOTION, *_GYRO)):
        kind = "rotation" if any(word in stem for word in _GYRO) else "signal"
        found = [Column(kind, one.label, one.unit, one.axis) if one in plain else one for one in found]  # type: ignore[arg-type]
    return tuple(found)


def _unlabelled(shape: Shape) -> list[Column]:
    """Return the columns of a table without labels: a clock by its steps, acceleration by gravity, else signals."""
    values = [
        [number(row[k], decimal_comma=shape.decimal_comma) for row in shape.rows] for k in range(len(shape.kinds))
    ]
    found = [Column("signal", f"column {k}") for k in range(1, len(values) + 1)]
    if shape.kinds[0] == "clock":
        found[0] = Column("time", "column 1")
    elif len(values) > 1 and len(shape.rows) >= 4 and rising(values[0]):
        steps = {round(b - a, 9) for a, b in zip(values[0], values[0][1:], strict=False)}
        found[0] = Column("counter" if steps == {1.0} else "time", "column 1")
    if found[0].kind == "time" and len(values) in (4, 5, 6) and _is_vector(values[1:4]):
        found[1:4] = [Column("acceleration", axis, "", axis) for axis in "xyz"]
        found[4:] = [Column("derived", one.label) for one in found[4:]]
    return found


def _is_vector(three: Sequence[Sequence[float]]) -> bool:
    import numpy as np

    return motion.steady_gravity(np.linalg.norm(np.asarray(three), axis=0)) is not None


def assemble(
    source: Source, numbers: Numbers, problems: list[Problem], *, unit: str | None, rate_hz: float | None
) -> Recording:
    """Return the recording of columns of numbers: its time axis, then its channels."""
    moving = [at for at, one in enumerate(source.columns) if one.kind in ("acceleration", "linear", "rotation")]
    signals = [at for at, one in enumerate(source.columns) if one.kind == "signal" and source.kinds[at] == "number"]
    if not moving and not signals:
        raise FileError(
            codes.TABLE_BROKEN,
            f"{source.name} holds no column of samples.",
            got=", ".join(one.label for one in source.columns)[:120],
            allowed="columns of numbers beside the clock",
        )
    axis = _axis(source, numbers, rate_hz, moving=bool(moving))
    problems += axis.problems
    used = set(moving) | set(signals)
    left = [one.label for at, one in enumerate(source.columns) if at not in used and one.kind != "time"]
    if left:
        message = f"Not read, as no signal of their own: {', '.join(left[:8])}{' …' if len(left) > 8 else ''}."
        problems.append(Problem(codes.COLUMNS_LEFT, message))
    if moving:
        made = _motion(source, numbers, axis, moving, unit, problems)
        made += [_signal(source, numbers, axis, at, None) for at in signals]
    else:
        stated = stated_unit(unit)
        made = [_signal(source, numbers, axis, at, stated) for at in signals]
        channels = [channel for channel, _ in made]
        problems += _about_units(channels, stated)
        legs = about_legs(channels, [None] * len(made))
        problems += [one for one in legs if one.code != codes.UNIT_UNKNOWN]
    seen: set[str] = set()
    named = tuple(_named(channel, unused_name(channel.name, seen, problems)) for channel, _ in made)
    samples = GridSamples(numbers, axis, tuple(place for _, place in made))
    return Recording(
        source.name,
        source.form,
        axis.start,
        axis.duration_s,
        named,
        axis.segments,
        axis.gaps,
        tuple(problems),
        samples,
    )


def _named(channel: Channel, name: str) -> Channel:
    return channel if channel.name == name else replace(channel, name=name)


def _axis(source: Source, numbers: Numbers, rate_hz: float | None, *, moving: bool) -> Axis:
    at = next((k for k, one in enumerate(source.columns) if one.kind == "time" and source.kinds[k] != "text"), None)
    noted = next((source.notes[name] for name in _RATE_NOTES if name in source.notes), None)
    if rate_hz is None and noted is not None:
        figure = noted.replace(",", ".").split()[0].casefold().removesuffix("hz")
        rate_hz = stated_rate(float(figure)) if NUMBER.fullmatch(figure) else None
    if at is not None:
        return by_clock(
            numbers.column(at),
            source.cells[at],
            source.columns[at].unit,
            clock=source.kinds[at] == "clock",
            rates_hz=MOTION_HZ if moving else EMG_HZ,
            slow_hz=5.0 if moving or _surely_emg(source) else 0.2,
            stated_hz=rate_hz,
            bridged_s=MOTION_BRIDGED_S if moving else 0.0,
        )
    if rate_hz is None:
        raise FileError(
            codes.RATE_NEEDED,
            f"{source.name} is a table of samples without a clock, so its sampling rate must be stated.",
            got=", ".join(one.label for one in source.columns)[:120],
            allowed="a column of times, a line “# rate_hz: 1000” above the table, or --rate",
            do="State the rate in Hz with --rate.",
        )
    return by_rate(source.rows, rate_hz)


def _surely_emg(source: Source) -> bool:
    """Whether a label or unit tells that a table holds muscle activity, which no one samples once a second."""
    return any(
        one.kind == "signal" and (voltage(one.unit) or _role(one.label, one.unit).role != "other")
        for one in source.columns
    )


# ---- channels --------------------------------------------------------------------------------------------------------

_Made = tuple[Channel, tuple[int, float]]


def _about_units(channels: Sequence[Channel], stated: str | None) -> list[Problem]:
    """Return what there is to say of units: one remark for all channels that share it."""
    given = [one.name for one in channels if stated and one.unit == "uV" and not one.file_unit]
    without = [one for one in channels if one.unit != "uV" and one.role != "other"]
    problems: list[Problem] = []
    if given:
        message = f"The file gives no unit of {_names(given)}; {stated} was stated."
        problems.append(Problem(codes.UNIT_STATED, message))
    if without:
        units = ", ".join(sorted({one.file_unit or "missing" for one in without}))
        message = f"The unit of {_names([one.name for one in without])} is {units}."
        effect = "Events can be found; nothing can be said in uV unless the unit is stated (--unit)."
        problems.append(Problem(codes.UNIT_UNKNOWN, message, effect))
    return problems


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:16]) + (f" and {len(names) - 16} more" if len(names) > 16 else "")


def _signal(source: Source, numbers: Numbers, axis: Axis, at: int, stated: str | None) -> _Made:
    """Return a channel of EMG or of anything else, and its place."""
    column = source.columns[at]
    noted = next((source.notes[name] for name in _UNIT_NOTES if name in source.notes), "")
    file_unit = column.unit or noted
    volts = voltage(file_unit)
    role = _role(column.label, file_unit)
    if volts is None and not column.unit and stated:
        volts = stated
    if role.role == "other" and volts:
        role = RoleFound("emg_other", 0.5, "a voltage whose label is not known; taken as EMG")
    factor = factor_to_uv(volts) if volts else 1.0
    step = _step(numbers.column(at))
    channel = Channel(
        column.label,
        *role,
        unit="uV" if volts else file_unit or None,
        file_unit=file_unit,
        rate_hz=axis.rate_hz,
        resolution_uv=step * factor if volts and step is not None else None,
        samples=sum(axis.counts),
    )
    return channel, (at, factor)


def _role(label: str, unit: str) -> RoleFound:
    """Return the role by the label; abbreviations of leg muscles that sleep recordings do not use are EMG, too."""
    found = role_of(label, unit)
    muscle, _, certainty = muscle_of(label)
    if found.role == "other" and found.certainty <= 0.5 and muscle is not None:
        return RoleFound("emg_other", certainty, f"its label is a muscle ({muscle.replace('_', ' ')})")
    return found


def _step(values: NDArray[Any]) -> float | None:
    """Return the smallest step between values, as far as float32 shows it; None where all are equal."""
    import numpy as np

    own = np.unique(values[:50_000][np.isfinite(values[:50_000])]).astype(np.float64)
    if len(own) < 2:
        return None
    steps = np.diff(own)
    real = steps[steps > 2e-6 * float(np.abs(own).max())]
    return float(real.min()) if len(real) else None


def _motion(
    source: Source, numbers: Numbers, axis: Axis, moving: Sequence[int], unit: str | None, problems: list[Problem]
) -> list[_Made]:
    """Return acceleration (m/s2) and rotation (deg/s) channels; of two kinds of acceleration the one with gravity."""
    kinds = {
        kind: [at for at in moving if source.columns[at].kind == kind]
        for kind in ("acceleration", "linear", "rotation")
    }
    kinds = {kind: sorted(ats, key=lambda at: source.columns[at].axis) for kind, ats in kinds.items()}
    accelerated = kinds["acceleration"] or kinds["linear"]
    made: list[_Made] = []
    if kinds["acceleration"] and kinds["linear"]:
        names = ", ".join(source.columns[at].label for at in kinds["linear"])
        problems.append(
            Problem(codes.COLUMNS_LEFT, f"Not read, as the same without gravity stands beside it: {names}.")
        )
    if accelerated:
        lengths = _lengths(source, numbers, accelerated)
        header = next((source.columns[at].unit for at in accelerated if source.columns[at].unit), "")
        told = motion.acceleration(lengths, header, unit, linear=not kinds["acceleration"], app=_app(source))
        problems += told.problems
        if lengths is not None:
            problems += _glitches(lengths, told.factor, axis)
        made += [_moved(source, axis, at, "acceleration", told) for at in accelerated]
    if kinds["rotation"]:
        import numpy as np

        largest = max(float(np.nanmax(np.abs(numbers.column(at)), initial=0.0)) for at in kinds["rotation"])
        header = next((source.columns[at].unit for at in kinds["rotation"] if source.columns[at].unit), "")
        if unit is not None and not accelerated:
            header = header or motion.stated_rotation(unit)
        labels = {one.label.casefold() for one in source.columns}
        told = motion.rotation(largest, header, phone_app=bool(labels & {"seconds_elapsed", "wx", "gfx"}))
        problems += told.problems
        made += [_moved(source, axis, at, "rotation", told) for at in kinds["rotation"]]
    return made


def _app(source: Source) -> tuple[str, str] | None:
    """Return the unit that an app always writes, and its name; None for other files.

    Sensor Logger labels the columns of Accelerometer.csv and of Gyroscope.csv alike; only the name tells them.

    Source: its unit reference (github.com/tszheichoi/awesome-sensor-logger, UNITS.md).
    """
    labels = {one.label.casefold() for one in source.columns}
    name = source.name.casefold()
    if {"seconds_elapsed", "x", "y", "z"} <= labels and "gyr" not in name and _ACCELEROMETER.search(name):
        return "m/s2", "Sensor Logger"
    return None


def _lengths(source: Source, numbers: Numbers, columns: Sequence[int]) -> NDArray[Any] | None:
    """Return the length of the vector at each row of the table, None where there are not just the three axes."""
    import numpy as np

    if sorted(source.columns[at].axis for at in columns) != ["x", "y", "z"]:
        return None
    with np.errstate(over="ignore"):
        squares = sum(numbers.column(at).astype(np.float64) ** 2 for at in columns)
    lengths: NDArray[Any] = np.sqrt(squares)
    return lengths


def _glitches(lengths: NDArray[Any], factor: float, axis: Axis) -> list[Problem]:
    import numpy as np

    own = lengths if axis.rows is None else lengths[axis.rows]
    times = np.arange(len(own)) / axis.rate_hz if axis.laid is None else axis.laid.times_s
    return motion.glitches(own, factor, times)


def _moved(source: Source, axis: Axis, at: int, role: str, told: motion.Told) -> _Made:
    column = source.columns[at]
    kind = "linear acceleration" if column.kind == "linear" else role
    found = RoleFound(
        "acceleration" if role == "acceleration" else "rotation", 0.9, f"{_basis(source, column)}; {told.why}"
    )
    channel = Channel(
        f"{kind} {column.axis}",
        *found,
        unit=told.unit,
        file_unit=told.file_unit,
        rate_hz=axis.rate_hz,
        resolution_uv=None,
        samples=sum(axis.counts),
    )
    return channel, (at, told.factor)


def _basis(source: Source, column: Column) -> str:
    return f"its label is {column.label}" if source.headed else "three columns behind a clock whose length is gravity"
