"""A phone strapped to a leg, with known truth: gravity, tilts, swings and taps, a jittered clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.simulate import codes
from legtwitch.simulate.accelerometer_confounders import MOTION, OPTIONS, PHONE, Phone, clock
from legtwitch.simulate.accelerometer_motion import GRAVITY, Motion, Placement, tilted_mount
from legtwitch.simulate.accelerometer_recipes import MOTION_RECIPES
from legtwitch.simulate.choices import one_of, within
from legtwitch.simulate.muap import Floats
from legtwitch.simulate.streams import stream

App = Literal["phyphox", "physics_toolbox", "sensor_logger", "headerless"]
APPS: tuple[App, ...] = get_args(App)
PLACEMENTS: tuple[Placement, ...] = get_args(Placement)
UNITS = {"m/s2": 1.0, "g": 1 / GRAVITY}
USUAL_UNIT: dict[App, str] = {"phyphox": "m/s2", "physics_toolbox": "g", "sensor_logger": "m/s2", "headerless": "m/s2"}
START = datetime(2026, 11, 3, 20, 0)
NOISE_MPS2, NOISE_RADPS = 0.02, 0.003
"""RMS of a phone's sensor noise and its step of 0.0024 m/s2 [assumed]."""
STEP_MPS2 = 0.0024
JITTER = 0.03


@dataclass(frozen=True, slots=True)
class SimulatedAccelerometer:
    """A recording of a phone on a leg.

    times_s: the phone's clock, shape (n,). acceleration: m/s2 with gravity, rotation: rad/s, shape (n, 3), axes x
    across, y up along the limb, z away from it. truth: rows in order of onset.
    """

    seed: int
    recipe: str
    options: tuple[str, ...]
    placement: Placement
    duration_s: float
    rate_hz: float
    start: datetime
    times_s: Floats
    acceleration: Floats
    rotation: Floats
    truth: tuple[Event, ...]


def accelerometer(
    seed: int,
    *,
    recipe: str = "rest",
    minutes: float | None = None,
    rate_hz: float = 100.0,
    placement: str = "shin",
    with_: Sequence[str] = (),
) -> SimulatedAccelerometer:
    """Return what a phone on a leg senses, with known truth; the same seed and options give the same bytes.

    Parameters
    ----------
    seed: not negative. recipe: a name of `MOTION_RECIPES`. minutes: 0.3 to 720; by the recipe 2, 5 or 60.
    rate_hz: nominal, 20 to 400. placement: `shin`, `ankle` or `thigh`. with_: names of the options, each with a random
    stream of its own.

    Raises
    ------
    UsageError: an unknown option (E124), recipe or placement (E125), a number out of bounds (E126).

    Source: rates and durations from section 2.7 of the project's notes; sizes are assumed, as the docstrings say.
    """
    one_of("recipe", recipe, tuple(MOTION_RECIPES))
    one_of("placement", placement, PLACEMENTS)
    for name in with_:
        one_of("option", name, OPTIONS, codes.NO_OPTION)
    told, options = MOTION_RECIPES[recipe], frozenset(with_)
    minutes = told.minutes if minutes is None else minutes
    within("seed", seed, 0, 2**63, whole=True)
    within("number of minutes", minutes, 0.3, 720)
    within("rate in Hz", rate_hz, 20, 400)
    duration_s = float(round(minutes * 60))
    rng = stream(seed, f"motion {recipe}")
    place = next(one for one in PLACEMENTS if one == placement)
    posture = float(rng.uniform(*told.posture_deg)) - (80.0 if place == "thigh" and told.posture_deg[1] < 45 else 0.0)
    motion = Motion(duration_s, place, np.radians(posture))
    told.build(motion, rng)
    motion.measure()
    for name, add in MOTION.items():
        if name in options:
            add(motion, stream(seed, name))
    times = clock(stream(seed, "clock"), duration_s, rate_hz, jitter=0.25 if "clock_jitter" in options else JITTER)
    acceleration, rotation = motion.sensed(times, tilted_mount(stream(seed, "mount")))
    sensor = stream(seed, "sensor")
    acceleration += NOISE_MPS2 * sensor.standard_normal(acceleration.shape) + sensor.normal(0, 0.05, 3)
    rotation += NOISE_RADPS * sensor.standard_normal(rotation.shape) + sensor.normal(0, 0.005, 3)
    phone = Phone(rate_hz, times, np.rint(acceleration / STEP_MPS2) * STEP_MPS2, rotation)
    for name, spoil in PHONE.items():
        if name in options:
            spoil(stream(seed, name), phone)
    rows = sorted(motion.rows + phone.rows, key=lambda row: (row.onset_s, row.event, repr(row.attributes)))
    return SimulatedAccelerometer(
        seed=seed,
        recipe=recipe,
        options=tuple(sorted(options)),
        placement=place,
        duration_s=duration_s,
        rate_hz=rate_hz,
        start=START,
        times_s=phone.times_s,
        acceleration=phone.acceleration,
        rotation=phone.rotation,
        truth=tuple(rows),
    )


def write_accelerometer(
    path: str | PathLike[str], made: SimulatedAccelerometer, *, app: str = "phyphox", unit: str | None = None
) -> None:
    """Write a recording as a phone's app exports it (CSV), and its truth as an event table `<path>.truth.tsv`.

    Parameters
    ----------
    app: `phyphox` (time in s, x, y, z, magnitude), `physics_toolbox` (g, with gyroscope in rad/s), `sensor_logger`
    (ns and s, columns z, y, x, no unit) or `headerless` (ns, x, y, z: no header, no unit).
    unit: of the acceleration, `m/s2` or `g`; by the app. Physics Toolbox writes g alone under these column names.

    Raises
    ------
    UsageError: an unknown app or unit (E125), a unit that the app does not write (E127). FileError: not writable.

    Source: headers as seen in files and programs that read the exports of these apps.
    """
    from legtwitch.recording import write_events
    from legtwitch.recording.files import written

    one_of("app", app, APPS)
    which = next(one for one in APPS if one == app)
    unit = USUAL_UNIT[which] if unit is None else unit
    one_of("unit of an acceleration", unit, tuple(UNITS))
    if which == "physics_toolbox" and unit != "g":
        raise UsageError(codes.NOT_WITH_RECIPE, "Physics Toolbox writes gFx, gFy and gFz in g.", got=unit, allowed="g")
    header, lines = _table(made, which, unit)
    with written(Path(path)) as file:
        file.write((header + "\n".join(lines) + "\n").encode())
    write_events(Path(f"{path}.truth.tsv"), made.truth)


def _table(made: SimulatedAccelerometer, app: App, unit: str) -> tuple[str, list[str]]:
    """Return the header line, or nothing, and the lines of an app's file."""
    values, times = made.acceleration * UNITS[unit], made.times_s.tolist()
    x, y, z = (column.tolist() for column in values.T)
    size = np.sqrt((values**2).sum(axis=1)).tolist()
    if app == "phyphox":
        named = "m/s^2" if unit == "m/s2" else unit
        labels = [*(f"Acceleration {axis} ({named})" for axis in "xyz"), f"Absolute acceleration ({named})"]
        header = ",".join(f'"{label}"' for label in ["Time (s)", *labels])
        rows = zip(times, x, y, z, size, strict=True)
        return header + "\n", [",".join(f"{cell:.9E}" for cell in row) for row in rows]
    if app == "physics_toolbox":
        turns = [column.tolist() for column in made.rotation.T]
        rows_g = zip(times, x, y, z, *turns, strict=True)
        return "time,gFx,gFy,gFz,wx,wy,wz\n", [",".join(f"{cell:.4f}" for cell in row) for row in rows_g]
    began = int((made.start - datetime(1970, 1, 1)).total_seconds())
    stamps = [began * 10**9 + round(time * 1e9) for time in times]
    if app == "sensor_logger":
        rows_s = zip(stamps, times, z, y, x, strict=True)
        return "time,seconds_elapsed,z,y,x\n", [f"{n},{t:.7f},{c:.7f},{b:.7f},{a:.7f}" for n, t, c, b, a in rows_s]
    boot = [stamp - began * 10**9 + 1_253_968_563_434_968 for stamp in stamps]
    return "", [f"{n},{a:.6f},{b:.6f},{c:.6f}" for n, a, b, c in zip(boot, x, y, z, strict=True)]
