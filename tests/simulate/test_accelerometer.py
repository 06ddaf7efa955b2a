"""A simulated phone on a leg: gravity, rhythm, tilts, its clock, its options, and the files of its apps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import legtwitch as lt
from legtwitch.errors import UsageError
from legtwitch.model import Event
from legtwitch.recording.marks import EVENTS
from legtwitch.simulate import (
    MOTION_OPTIONS,
    MOTION_RECIPES,
    SimulatedAccelerometer,
    accelerometer,
    write_accelerometer,
)

GRAVITY = 9.80665


def digest(made: SimulatedAccelerometer) -> str:
    parts = hashlib.sha256(repr(made.truth).encode())
    for values in (made.times_s, made.acceleration, made.rotation):
        parts.update(np.ascontiguousarray(values).tobytes())
    return parts.hexdigest()


def part(made: SimulatedAccelerometer, row: Event, margin_s: float = 0.0) -> np.ndarray:
    inside = made.times_s >= row.onset_s + margin_s
    inside &= made.times_s <= row.onset_s + row.duration_s - margin_s
    return made.acceleration[inside]


def even(made: SimulatedAccelerometer, row: Event, margin_s: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies and power of all axes within a row, resampled at 100 Hz."""
    at = np.arange(row.onset_s + margin_s, row.onset_s + row.duration_s - margin_s, 0.01)
    power = np.zeros(len(at) // 2 + 1)
    for axis in made.acceleration.T:
        trace = np.interp(at, made.times_s, axis)
        power += np.abs(np.fft.rfft((trace - trace.mean()) * np.hanning(len(at)))) ** 2
    return np.fft.rfftfreq(len(at), 0.01), power


@pytest.mark.parametrize("recipe", sorted(MOTION_RECIPES))
def test_every_recipe_is_made_and_gravity_stays_what_it_is(recipe: str) -> None:
    made = accelerometer(3, recipe=recipe, minutes=3)
    assert bool(made.truth) == (recipe != "rest")
    still = np.ones(len(made.times_s), dtype=bool)
    for row in made.truth:
        assert row.event in EVENTS
        assert 0 <= row.onset_s <= row.onset_s + row.duration_s <= made.duration_s
        still &= (made.times_s < row.onset_s - 0.5) | (made.times_s > row.onset_s + row.duration_s + 1.2)
    size = np.linalg.norm(made.acceleration, axis=1)
    assert np.median(size[still]) == pytest.approx(GRAVITY, abs=0.2)
    assert size[still].std() < 0.05
    assert np.isfinite(made.acceleration).all()


@pytest.mark.parametrize(
    ("recipe", "low", "high"),
    [("rest_tremor", 4, 6), ("postural_tremor", 8, 12), ("orthostatic_tremor", 13, 18), ("clonus", 4.5, 7.5)],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_rhythms_have_their_frequency_and_height(recipe: str, low: float, high: float, seed: int) -> None:
    made = accelerometer(seed, recipe=recipe, minutes=3)
    for row in made.truth:
        told = row.attributes["freq_hz"]
        assert low <= told <= high
        frequency, power = even(made, row, 0.1)
        band = frequency > 2.5
        assert frequency[band][np.argmax(power[band])] == pytest.approx(told, rel=0.06, abs=0.5)
        values = part(made, row)
        peak = np.linalg.norm(values - np.median(values, axis=0), axis=1).max()
        assert 0.6 * row.attributes["peak_mps2"] < peak + 0.05
        assert peak < 1.6 * row.attributes["peak_mps2"] + 0.3


def test_leg_agility_has_strong_harmonics_and_is_no_tremor() -> None:
    made = accelerometer(2, recipe="leg_agility")
    for row in made.truth:
        assert row.event == "voluntary_activity"
        told = row.attributes["freq_hz"]
        assert 1.8 <= told <= 2.6
        frequency, power = even(made, row)

        def near(middle: float, frequency: np.ndarray = frequency, power: np.ndarray = power) -> float:
            return float(power[np.abs(frequency - middle) < 0.5].sum())

        assert near(told) > near(told * 1.5)
        assert near(2 * told) > 3 * near(told * 1.5)


def test_leg_movements_tilt_the_phone_as_told_for_half_a_second_to_ten() -> None:
    made = accelerometer(4, recipe="leg_movements", minutes=30)
    assert len(made.truth) > 20
    checked = 0
    for row in made.truth:
        assert row.event == "leg_movement"
        assert 0.5 <= row.duration_s <= 10.0001
        if row.duration_s < 3 or row.attributes["tilt_deg"] < 5:
            continue
        before = made.acceleration[(made.times_s > row.onset_s - 1) & (made.times_s < row.onset_s - 0.1)].mean(axis=0)
        middle = row.onset_s + row.duration_s / 2
        within = made.acceleration[np.abs(made.times_s - middle) < 0.2].mean(axis=0)
        cosine = before @ within / np.linalg.norm(before) / np.linalg.norm(within)
        assert np.degrees(np.arccos(cosine)) == pytest.approx(row.attributes["tilt_deg"], abs=1.0)
        checked += 1
    assert checked > 3
    steps = np.diff([row.onset_s for row in made.truth])
    assert 10 < np.median(steps) < 45


def test_the_gyroscope_turns_as_far_as_gravity_does() -> None:
    made = accelerometer(4, recipe="leg_movements", minutes=10)
    bias = np.median(made.rotation, axis=0)
    for row in [row for row in made.truth if row.duration_s > 2 and row.attributes["tilt_deg"] > 8]:
        rise = (made.times_s >= row.onset_s - 0.05) & (made.times_s <= row.onset_s + row.duration_s / 2)
        turned = np.trapezoid(made.rotation[rise] - bias, made.times_s[rise], axis=0)
        assert np.degrees(np.linalg.norm(turned)) == pytest.approx(row.attributes["tilt_deg"], rel=0.1, abs=0.5)


def test_twitches_are_short_and_tilt_nothing() -> None:
    made = accelerometer(5, recipe="twitches")
    directions = []
    assert len(made.truth) > 10
    for row in made.truth:
        assert row.event == "fasciculation"
        assert 0.1 <= row.duration_s <= 0.3
        after = made.acceleration[(made.times_s > row.onset_s + 0.4) & (made.times_s < row.onset_s + 0.9)].mean(axis=0)
        before = made.acceleration[(made.times_s > row.onset_s - 0.5) & (made.times_s < row.onset_s)].mean(axis=0)
        directions.append(np.degrees(np.arccos(before @ after / np.linalg.norm(before) / np.linalg.norm(after))))
    assert np.median(directions) < 0.2


def test_the_thigh_moves_less_than_the_ankle() -> None:
    sizes = {
        place: accelerometer(6, recipe="rest_tremor", placement=place).truth[0].attributes["peak_mps2"]
        for place in ("thigh", "shin", "ankle")
    }
    assert sizes["thigh"] < 0.6 * sizes["shin"]
    assert sizes["ankle"] == pytest.approx(sizes["shin"], rel=0.3)


# ---- clock and options -----------------------------------------------------------------------------------------------


def test_the_clock_jitters_a_little_and_more_when_asked() -> None:
    for options, low, high in (((), 0.02, 0.08), (("clock_jitter",), 0.25, 0.45)):
        made = accelerometer(7, with_=options)
        steps = np.diff(made.times_s)
        assert np.all(steps > 0)
        assert 1 / np.median(steps) == pytest.approx(100, rel=0.05)
        assert low < steps.std() / steps.mean() < high
        assert abs(made.times_s[-1] - made.duration_s) < 0.05


def test_the_same_seed_and_options_give_the_same_bytes() -> None:
    one, other = (accelerometer(8, recipe="myoclonus", with_=order) for order in (MOTION_OPTIONS, MOTION_OPTIONS[::-1]))
    assert digest(one) == digest(other)
    assert digest(accelerometer(9, recipe="myoclonus", with_=MOTION_OPTIONS)) != digest(one)


@pytest.mark.parametrize("name", [one for one in MOTION_OPTIONS if one not in ("clock_jitter", "clock_gaps")])
def test_an_option_adds_rows_and_leaves_the_others_and_the_clock(name: str) -> None:
    plain, made = (accelerometer(10, recipe="rest_tremor", minutes=3, with_=options) for options in ((), (name,)))
    assert np.array_equal(plain.times_s, made.times_s)
    assert {repr(row) for row in plain.truth} <= {repr(row) for row in made.truth}
    added = [row for row in made.truth if repr(row) not in {repr(one) for one in plain.truth}]
    assert bool(added) == (name not in ("noisy", "coarse", "pulse", "vehicle"))
    assert not np.array_equal(plain.acceleration, made.acceleration)
    if name in ("placing", "voluntary", "held_out_fidget", "glitches"):
        same = np.ones(len(made.times_s), dtype=bool)
        for row in added:
            same &= (made.times_s < row.onset_s - 0.02) | (made.times_s > row.onset_s + row.duration_s + 0.02)
        assert same.mean() > 0.3
        assert np.array_equal(plain.acceleration[same], made.acceleration[same])


def test_glitches_reach_20_g_for_a_sample_or_two() -> None:
    made = accelerometer(11, with_=["glitches"])
    found = [row for row in made.truth if row.event == "artifact"]
    assert found
    for row in found:
        near = np.abs(made.times_s - row.onset_s) < 1e-3
        assert np.abs(made.acceleration[near]).max() > 9.9 * GRAVITY
        assert row.duration_s < 0.03
    assert np.abs(made.acceleration).max() <= 20.01 * GRAVITY


def test_placing_moves_the_phone_in_the_first_seconds_alone() -> None:
    made = accelerometer(12, with_=["placing"])
    (row,) = made.truth
    assert (row.onset_s, row.event) == (0.0, "movement_artifact")
    assert 3 <= row.duration_s <= 6
    later = made.acceleration[made.times_s > row.duration_s + 0.1]
    assert part(made, row).std(axis=0).max() > 10 * later.std(axis=0).max()


def test_pauses_of_the_clock_are_rows_without_samples() -> None:
    made = accelerometer(13, minutes=5, with_=["clock_gaps"])
    gaps = [row for row in made.truth if row.event == "recording_gap"]
    assert len(gaps) >= 5
    assert all(not len(part(made, row)) for row in gaps)
    assert np.diff(made.times_s).max() > 0.3


# ---- files -----------------------------------------------------------------------------------------------------------


def table(path: Path, skip: int) -> np.ndarray:
    return np.array([[float(cell) for cell in line.split(",")] for line in path.read_text().splitlines()[skip:]])


@pytest.fixture(scope="module")
def tremor() -> SimulatedAccelerometer:
    return accelerometer(14, recipe="rest_tremor", minutes=0.5)


def test_phyphox_writes_seconds_and_units(tremor: SimulatedAccelerometer, tmp_path: Path) -> None:
    write_accelerometer(tmp_path / "a.csv", tremor)
    header = (tmp_path / "a.csv").read_text().splitlines()[0]
    assert header.startswith('"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)"')
    values = table(tmp_path / "a.csv", 1)
    assert values[:, 0] == pytest.approx(tremor.times_s, abs=1e-6)
    assert values[:, 1:4] == pytest.approx(tremor.acceleration, abs=1e-6)
    assert values[:, 4] == pytest.approx(np.linalg.norm(tremor.acceleration, axis=1), abs=1e-6)
    write_accelerometer(tmp_path / "g.csv", tremor, unit="g")
    assert '"Acceleration x (g)"' in (tmp_path / "g.csv").read_text()[:100]
    assert table(tmp_path / "g.csv", 1)[:, 1:4] * GRAVITY == pytest.approx(tremor.acceleration, abs=1e-5)


def test_physics_toolbox_writes_g_and_a_gyroscope(tremor: SimulatedAccelerometer, tmp_path: Path) -> None:
    write_accelerometer(tmp_path / "a.csv", tremor, app="physics_toolbox")
    assert (tmp_path / "a.csv").read_text().startswith("time,gFx,gFy,gFz,wx,wy,wz\n")
    values = table(tmp_path / "a.csv", 1)
    assert values[:, 1:4] * GRAVITY == pytest.approx(tremor.acceleration, abs=1e-3)
    assert values[:, 4:7] == pytest.approx(tremor.rotation, abs=1e-4)
    with pytest.raises(UsageError):
        write_accelerometer(tmp_path / "a.csv", tremor, app="physics_toolbox", unit="m/s2")


def test_sensor_logger_writes_z_y_x_and_nanoseconds(tremor: SimulatedAccelerometer, tmp_path: Path) -> None:
    write_accelerometer(tmp_path / "a.csv", tremor, app="sensor_logger")
    assert (tmp_path / "a.csv").read_text().startswith("time,seconds_elapsed,z,y,x\n")
    values = table(tmp_path / "a.csv", 1)
    assert values[:, 4:1:-1] == pytest.approx(tremor.acceleration, abs=1e-6)
    assert (values[:, 0] - values[0, 0]) / 1e9 == pytest.approx(tremor.times_s - tremor.times_s[0], abs=1e-6)


def test_a_file_without_header_holds_time_and_three_axes(tremor: SimulatedAccelerometer, tmp_path: Path) -> None:
    write_accelerometer(tmp_path / "a.csv", tremor, app="headerless")
    values = table(tmp_path / "a.csv", 0)
    assert values.shape == (len(tremor.times_s), 4)
    assert values[:, 1:] == pytest.approx(tremor.acceleration, abs=1e-5)
    assert np.median(np.diff(values[:, 0])) == pytest.approx(1e7, rel=0.02)


@pytest.mark.parametrize("app", ["phyphox", "physics_toolbox", "sensor_logger", "headerless"])
def test_the_files_read_back_with_their_truth(app: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    made = lt.simulate_accelerometer(15, recipe="leg_movements", minutes=2, app=app, path=path)
    recording = lt.read(path)
    axes = [channel for channel in recording.channels if channel.role == "acceleration"]
    assert len(axes) == 3
    assert all(channel.unit == "m/s2" for channel in axes)
    size = np.sqrt(sum(recording.pieces(channel.name)[0].values.astype(float) ** 2 for channel in axes))
    assert np.median(size) == pytest.approx(np.median(np.linalg.norm(made.acceleration, axis=1)), abs=0.03)
    truth = lt.read(f"{path}.truth.tsv").events
    assert [(one.onset_s, one.duration_s, one.event) for one in truth] == [
        (one.onset_s, one.duration_s, one.event) for one in made.truth
    ]


def test_the_same_recording_is_written_as_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        lt.simulate_accelerometer(16, recipe="walking", minutes=0.5, path=tmp_path / f"{name}.csv")
    for end in (".csv", ".csv.truth.tsv"):
        assert (tmp_path / f"one{end}").read_bytes() == (tmp_path / f"other{end}").read_bytes()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"with_": ["glitch"]}, "E124"),
        ({"recipe": "rest_tremr"}, "E125"),
        ({"placement": "knee"}, "E125"),
        ({"minutes": 0.1}, "E126"),
        ({"rate_hz": 1000}, "E126"),
        ({"app": "phifox"}, "E125"),
        ({"unit": "mg"}, "E125"),
    ],
)
def test_what_can_not_be_made_is_refused(wrong: dict[str, object], code: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        lt.simulate_accelerometer(1, path=tmp_path / "a.csv", **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.allowed


def test_the_command_writes_both_files(run: Callable, tmp_path: Path) -> None:
    out = tmp_path / "shin.csv"
    ran = run(
        "simulate", "accelerometer", out, "--seed", 3, "--recipe", "twitches", "--minutes", 1, "--with", "placing"
    )
    assert ran.code == 0
    assert ran.out.split() == [str(out), f"{out}.truth.tsv"]
    refused = run("simulate", "accelerometer", tmp_path / "shin.edf", "--seed", 3)
    assert refused.code == 2


def test_starts_of_series_are_in_order() -> None:
    rows = accelerometer(17, recipe="leg_movements", minutes=20).truth
    assert all(one.onset_s + one.duration_s < other.onset_s for one, other in pairwise(rows))
