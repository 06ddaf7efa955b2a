"""Recordings of known truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from legtwitch.api.common import StrPath

if TYPE_CHECKING:
    from legtwitch.simulate import SimulatedAccelerometer, SimulatedEmg, SimulatedNight


def simulate_night(
    seed: int, *, hours: float = 8.0, rate_hz: int = 256, with_: Sequence[str] = (), path: StrPath | None = None
) -> SimulatedNight:
    """Make a night with leg movements of known truth; with `path`, also write it as EDF+ and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    hours: length. rate_hz: sampling rate of the leg channels.
    with_: confounders by name (`ragged_bursts`, `ecg`, `tone_rise` …); an unknown one is a UsageError.
    path: the EDF+ file to write; the truth goes to `path` + `.truth.tsv`.
    """
    from legtwitch.simulate import night, write_night

    made = night(seed, hours=hours, rate_hz=rate_hz, with_=tuple(with_))
    if path is not None:
        write_night(Path(path), made)
    return made


def simulate_emg(
    seed: int,
    *,
    recipe: str = "benign_calf",
    minutes: float | None = None,
    rate_hz: int | None = None,
    channels: int | None = None,
    modality: str | None = None,
    with_: Sequence[str] = (),
    unit: str = "uV",
    path: StrPath | None = None,
) -> SimulatedEmg:
    """Make an EMG of an awake person with known truth; with `path`, also write it (EDF+ or CSV) and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    recipe: what the muscles do (`benign_calf`, `als_like`, `rest_tremor`, `fibrillations` …).
    minutes, rate_hz, channels: by the recipe where not given: 10 min at 2000 Hz, of a needle 2 min at 20000 Hz.
    modality: `surface_emg` or `needle_emg`. with_: confounders by name (`ecg`, `voluntary`, `gaps` …).
    unit: of the numbers in the file, `uV`, `mV` or `V`. path: `.edf` or `.csv`; the truth goes to `path.truth.tsv`.

    Raises UsageError for an unknown name or a number out of bounds, FileError where a file can't be written.
    """
    from legtwitch.simulate import emg, write_emg

    made = emg(
        seed, recipe=recipe, minutes=minutes, rate_hz=rate_hz, channels=channels, modality=modality, with_=tuple(with_)
    )
    if path is not None:
        write_emg(Path(path), made, unit=unit)
    return made


def simulate_accelerometer(
    seed: int,
    *,
    recipe: str = "rest",
    minutes: float | None = None,
    rate_hz: float = 100.0,
    placement: str = "shin",
    with_: Sequence[str] = (),
    app: str = "phyphox",
    unit: str | None = None,
    path: StrPath | None = None,
) -> SimulatedAccelerometer:
    """Make a recording of a phone on a leg with known truth; with `path`, also write it as CSV and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    recipe: what the leg does (`rest`, `rest_tremor`, `leg_movements` …). minutes: by the recipe. rate_hz: nominal.
    placement: `shin`, `ankle` or `thigh`. with_: confounders by name (`placing`, `glitches` …).
    app: whose export the file is like: `phyphox`, `physics_toolbox`, `sensor_logger` or `headerless`.
    unit: of the acceleration, `m/s2` or `g`; by the app. path: the CSV file; the truth goes to `path.truth.tsv`.

    Raises UsageError for an unknown name or a number out of bounds, FileError where a file can't be written.
    """
    from legtwitch.simulate import accelerometer, write_accelerometer

    made = accelerometer(seed, recipe=recipe, minutes=minutes, rate_hz=rate_hz, placement=placement, with_=tuple(with_))
    if path is not None:
        write_accelerometer(Path(path), made, app=app, unit=unit)
    return made
