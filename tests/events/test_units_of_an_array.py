"""Motor units seen by several channels: as many as there are, whatever their discharges vary in size and phase."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_modality import Modality, groups_of
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_surface import detect_surface
from legtwitch.events.units_small import SmallSettings, absorbed, seen_elsewhere
from legtwitch.recording import read
from legtwitch.signal.sorting import SortingSettings, sort_shapes
from legtwitch.simulate import emg, write_emg

RATE = 2000.0
HALF = 20


def test_units_of_four_channels_are_counted(tmp_path) -> None:
    made = emg(5002, recipe="als_like", channels=4, minutes=3, with_=("ecg",))
    write_emg(tmp_path / "made.edf", made)
    true = Counter(str(one.attributes["unit_id"]) for one in made.truth if one.event == "fasciculation")
    recording, parameters = read(tmp_path / "made.edf"), EmgParameters()
    groups, _ = groups_of(recording, Modality("surface_emg", "told", True), None, None, parameters)
    found = detect_surface(recording, groups, parameters=parameters).groups[0].events
    units = Counter(str(one.measures["unit_id"]) for one in found if one.event == "fasciculation")
    expected = sum(1 for count in true.values() if count >= 10)
    assert expected >= 8
    assert abs(sum(1 for name, count in units.items() if name != "None" and count >= 10) - expected) <= 1


def test_a_small_unit_is_no_small_discharge_of_a_large_one_that_varies() -> None:
    rng = np.random.default_rng(4)
    line, beside = np.zeros(12), np.zeros(12)
    line[0], beside[:2] = 1.0, (0.8, 0.6)
    large = 400 * rng.normal(1, 0.33, 18)[:, None] * line
    large[:, 1] += 40 * rng.standard_normal(18)  # its shape varies as well
    small = 24 * rng.normal(1, 0.1, 18)[:, None] * beside
    rows = (np.concatenate((large, small)) + rng.standard_normal((36, 12))).astype(np.float32)
    label = sort_shapes(rows, SortingSettings())
    assert not set(label[:18].tolist()) & set(label[18:].tolist())


def _wave(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two phases 8 ms apart, of nearly one size."""
    early, late = seconds / 0.0015, (seconds - 0.008) / 0.0015
    return np.asarray(-early * np.exp(-(early**2) / 2) + 0.9 * (1 - late**2) * np.exp(-(late**2) / 2))


def _recording(at_s: NDArray[np.float64]) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Four channels, 16 steps to the noise, with a discharge at each time; what one step is in units of the noise."""
    rng = np.random.default_rng(9)
    time_s = np.arange(int(RATE * (at_s[-1] + 1))) / RATE
    wave = sum((_wave(time_s - moment) for moment in at_s.tolist()), np.zeros(time_s.size))
    values = np.outer((20.0, 12.0, 6.0, 3.0), wave) + rng.standard_normal((4, time_s.size))
    return np.rint(16 * values).astype(np.int16), np.full(4, 1 / 16, dtype=np.float32)


def test_a_few_discharges_seen_by_their_late_phase_join_their_unit() -> None:
    at_s = 0.5 + 0.25 * np.arange(20)
    values, steps = _recording(at_s)
    label = (np.arange(20) >= 15).astype(np.int64)
    seen = np.rint(RATE * (at_s + 0.008 * label))
    at, joined = absorbed(values, steps, RATE, seen, label, HALF, SmallSettings())
    assert set(joined.tolist()) == {0}
    assert np.abs(at - RATE * at_s).max() <= 1.5
    other = absorbed(values, steps, RATE, np.where(label, seen + 40.0, seen), label, HALF, SmallSettings())[1]
    assert other.tolist() == label.tolist()  # nothing of the kind lies there


def test_a_single_discharge_seen_by_its_late_phase_gets_its_unit() -> None:
    at_s = 0.5 + 0.25 * np.arange(20)
    values, steps = _recording(at_s)
    late = np.arange(20) == 7
    at = np.rint(RATE * (at_s + 0.008 * late))
    shape = np.stack([values[:, int(one) - HALF : int(one) + HALF + 1] / 16.0 for one in at[:5]]).mean(axis=0)
    unit = np.where(late, 0, 1).astype(np.int64)
    given = seen_elsewhere(
        values, steps, RATE, at, shape[None].astype(np.float32), unit, np.ones(20, dtype=bool), SmallSettings()
    )
    assert given.tolist() == [7]
    assert unit[7] == 1
    assert abs(at[7] - RATE * at_s[7]) <= 1.5
