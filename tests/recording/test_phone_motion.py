"""Accelerometer and gyroscope files of phones: units by gravity, clocks by their step, gravity that is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from legtwitch.errors import FileError, UsageError
from legtwitch.recording import can_detect, can_score, motion_channels, read
from legtwitch.recording.usable import EMG_KINDS
from legtwitch.scoring.detection import kinds_of

G = 9.80665
N = 800
TIMES = np.arange(N) / 100
MOVE = 0.02 * np.sin(2 * np.pi * 5 * TIMES)
AXES = np.stack([0.1 + MOVE, 0.2 - MOVE, np.full(N, (1 - 0.05) ** 0.5)], axis=1)
"""In g; the vector is 1 g long."""


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., object]:
    def call(header: str, *columns: object, name: str = "phone.csv", delimiter: str = ",", **stated: object) -> object:
        rows = [delimiter.join(str(cell) for cell in row) for row in zip(*columns, strict=True)]
        path = tmp_path / name
        path.write_text("\n".join(([header] if header else []) + rows) + "\n", encoding="utf-8")
        return read(path, **stated)

    return call


def said(recording) -> dict[str, str]:
    return {p.code: p.message for p in recording.problems}


def vector(recording, kind: str = "acceleration") -> np.ndarray:
    return np.stack([recording.pieces(f"{kind} {axis}")[0].values for axis in "xyz"], axis=1)


def close(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


PHYPHOX = "Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2),Absolute acceleration (m/s^2)"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_phyphox_with_g(made, delimiter):
    header = '"' + PHYPHOX.replace(",", f'"{delimiter}"') + '"'
    opened = made(header, TIMES, *(AXES * G).T, np.full(N, G), delimiter=delimiter)
    assert [(c.name, c.role, c.unit, c.file_unit) for c in opened.channels] == [
        (f"acceleration {axis}", "acceleration", "m/s2", "m/s^2") for axis in "xyz"
    ]
    close(vector(opened), AXES * G)
    assert (opened.channels[0].rate_hz, opened.format) == (100.0, "CSV")
    assert all("gravity kept" in c.why and "9.8" in c.why for c in opened.channels)
    assert "Absolute acceleration" in said(opened)["Q161"]
    assert "9.8 in m/s2 and 1 in g" in said(opened)["Q222"]


def test_phyphox_without_g_is_taken_by_its_header_and_said(made):
    header = PHYPHOX.replace("Acceleration", "Linear Acceleration")
    opened = made(header, TIMES, *(AXES * 0.3).T, np.full(N, 0.3))
    assert [c.name for c in opened.channels] == [f"linear acceleration {axis}" for axis in "xyz"]
    close(vector(opened, "linear acceleration"), AXES * 0.3)
    assert "gravity was taken out" in said(opened)["Q223"]
    assert "Q222" not in said(opened)
    assert "Gravity is missing" in can_detect(opened)["tremor"].reason


def test_physics_toolbox_in_g_with_linear_acceleration_and_gyroscope_beside(made):
    opened = made("time,gFx,gFy,gFz,TgF,ax,ay,az,wx,wy,wz", TIMES, *AXES.T, np.ones(N), *AXES.T, *AXES.T)
    close(vector(opened), AXES * G)
    close(vector(opened, "rotation"), AXES * 180 / np.pi)
    assert [c.role for c in opened.channels] == ["acceleration"] * 3 + ["rotation"] * 3
    assert {c.unit for c in opened.channels} == {"m/s2", "deg/s"}
    assert any("ax, ay, az" in p.message for p in opened.problems if p.code == "Q161")


def test_sensor_logger_with_its_nanosecond_epoch_and_reversed_axes(made):
    epoch = [1_700_000_000_000_000_000 + int(t * 1e9) for t in TIMES]
    z, y, x = (AXES * G).T[::-1]
    opened = made("time,seconds_elapsed,z,y,x", epoch, TIMES, z, y, x, name="TotalAcceleration.csv")
    close(vector(opened), AXES * G)
    assert [c.name for c in opened.channels] == ["acceleration x", "acceleration y", "acceleration z"]
    assert "Q152" not in said(opened), "the column that says seconds is the clock"
    opened = made("time,z,y,x", epoch, z, y, x)
    assert opened.channels[0].rate_hz == pytest.approx(100, rel=1e-5)
    assert "nanoseconds" in said(opened)["Q152"]


def test_physics_toolbox_with_times_of_day(made):
    stamps = [f"10:15:{30 + k // 100:02d}:{k % 100 * 10:03d}" for k in range(N)]
    opened = made("time,gFx,gFy,gFz,TgF", stamps, *AXES.T, np.ones(N))
    assert (opened.channels[0].rate_hz, opened.duration_s) == (100.0, 8.0)
    close(vector(opened), AXES * G)


def test_without_gravity_and_the_name_of_a_sensor_a_unit_must_be_stated(made):
    columns = ("time,seconds_elapsed,z,y,x", range(0, N * 10**7, 10**7), TIMES, *(AXES * 0.4).T)
    with pytest.raises(FileError) as refused:
        made(*columns, name="leg.csv")
    assert refused.value.code == "E240"
    assert "--unit" in refused.value.do
    assert "9.8" in refused.value.message
    opened = made(*columns, name="leg.csv", unit="m/s2")
    close(np.sort(vector(opened)), np.sort(AXES * 0.4))
    assert "does not hold gravity" in said(opened)["Q223"]


def test_files_of_other_sensors_are_told_by_their_name(made):
    columns = ("time,seconds_elapsed,z,y,x", range(0, N * 10**7, 10**7), TIMES, *AXES.T)
    turned = made(*columns, name="Gyroscope.csv")
    assert {c.role for c in turned.channels} == {"rotation"}
    assert turned.channels[0].unit == "deg/s"
    for name in ("Magnetometer.csv", "Gravity.csv", "Orientation.csv"):
        assert not motion_channels(made(*columns, name=name, rate_hz=None))


@pytest.mark.parametrize(
    ("scale", "per_second", "unit"),
    [(G, 1e9, "m/s2"), (1.0, 1e9, "g"), (1000.0, 1e3, "mg"), (G, 1e3, "m/s2"), (1.0, 1e6, "g"), (G, 1.0, "m/s2")],
)
def test_headerless_files_by_gravity_and_step(made, scale, per_second, unit):
    stamps = [f"{(5 + t) * per_second:.{6 if per_second == 1 else 0}f}" for t in TIMES]
    opened = made("", stamps, *(AXES * scale).T, [3] * N)
    close(vector(opened), AXES * G)
    assert opened.channels[0].rate_hz == pytest.approx(100)
    assert f"in {unit}:" in said(opened)["Q222"]
    assert "column 5" in said(opened)["Q161"]


def test_a_headerless_table_that_does_not_hold_gravity_is_no_accelerometer(made):
    noise = np.random.default_rng(1).normal(0, 1, (N, 3)).round(4)
    opened = made("", TIMES, *noise.T)
    assert not motion_channels(opened)
    assert {c.role for c in opened.channels} == {"other"}


def test_a_header_against_gravity_is_said_and_gravity_believed(made):
    opened = made(PHYPHOX, TIMES, *AXES.T, np.ones(N))
    close(vector(opened), AXES * G)
    assert "by gravity it is in g" in said(opened)["Q225"]


def test_a_stated_unit_against_gravity_is_refused(made):
    with pytest.raises(UsageError) as refused:
        made("time,x,y,z", TIMES, *(AXES * G).T, unit="g")
    assert refused.value.allowed == "m/s2"
    close(vector(made("time,x,y,z", TIMES, *(AXES * G).T, unit="m/s^2")), AXES * G)


def test_neither_unit_fits(made):
    for scale in (0.1, 3.0, 100.0):
        with pytest.raises(FileError) as refused:
            made("time,x,y,z", TIMES, *(AXES * scale).T)
        assert refused.value.code == "E240"


def test_strong_movement_near_one_is_not_taken_for_gravity(made):
    """Linear acceleration in m/s2 whose median length is 1 by chance, under a header that names no gravity."""
    shake = np.abs(np.sin(2 * np.pi * 3 * TIMES))[:, None] * AXES * 1.41
    opened = made(PHYPHOX, TIMES, *shake.T, np.ones(N))
    close(vector(opened), shake)
    assert "Q223" in said(opened)


def test_gyroscope_units(made):
    names = "time,gyro_x ({0}),gyro_y ({0}),gyro_z ({0})"
    for unit, factor in (("rad/s", 180 / np.pi), ("deg/s", 1.0), ("\u00b0/s", 1.0), ("dps", 1.0)):
        close(vector(made(names.format(unit), TIMES, *AXES.T), "rotation"), AXES * factor)
    bare = "time,gyro_x,gyro_y,gyro_z"
    assert {c.unit for c in made(bare, TIMES, *(AXES * 300).T).channels} == {"deg/s"}
    unknown = made(bare, TIMES, *AXES.T)
    assert {c.unit for c in unknown.channels} == {None}
    assert "Q205" in said(unknown)
    close(vector(made(bare, TIMES, *AXES.T, unit="rad/s"), "rotation"), AXES * 180 / np.pi)
    with pytest.raises(UsageError):
        made(bare, TIMES, *AXES.T, unit="g")


def test_a_jittered_clock_is_resampled_and_the_band_is_said(made):
    rng = np.random.default_rng(2)
    times = np.sort(TIMES + rng.uniform(-0.003, 0.003, N))
    moved = np.stack([np.interp(times, TIMES, axis) for axis in (AXES * G).T], axis=1)
    opened = made("time (s),x,y,z", times, *moved.T)
    (problem,) = [p for p in opened.problems if p.code == "Q150"]
    assert "ms" in problem.message
    assert "20 Hz" in problem.effect
    assert opened.channels[0].rate_hz == pytest.approx(100, rel=5e-3)
    assert len(opened.segments) == 1


def test_gaps_repeats_and_glitches(made):
    times = TIMES.copy()
    times[200:] += 3
    times[50] = times[49]
    axes = AXES * G
    axes[120] = [0, 20 * G, 0]
    opened = made("time (s),x,y,z", times, *axes.T)
    assert len(opened.segments) == 2
    assert opened.segments[1].start_s == pytest.approx(5.0, abs=0.011)
    assert "at 1 row" in said(opened)["Q151"]
    (glitch,) = [p for p in opened.problems if p.code == "Q224"]
    assert "20.0 g" in glitch.message
    assert glitch.from_s == pytest.approx(1.2, abs=0.011)
    assert glitch.from_s == glitch.to_s
    assert max(piece.values.max() for piece in opened.pieces("acceleration y")) == pytest.approx(20 * G, rel=0.1)


def test_json_lists(tmp_path):
    path = tmp_path / "tremor.json"
    rows = [
        {"y": y, "timestamp": 19_000 + t, "z": z, "x": x} for t, (x, y, z) in zip(TIMES, AXES.tolist(), strict=True)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    opened = read(path)
    close(vector(opened), AXES * G)
    assert (opened.format, opened.channels[0].name, opened.channels[0].rate_hz) == ("JSON", "acceleration x", 100.0)
    rows[7]["x"] = None
    rows[8]["x"] = True
    del rows[9]["timestamp"]
    path.write_text(json.dumps(rows), encoding="utf-8")
    opened = read(path)
    assert said(opened)["Q157"].startswith("2 of 800")
    assert "Q159" in said(opened)


@pytest.mark.parametrize(
    "text",
    ["{}", "[{}]", '{"a": 1}', "[1, 2, 3]", "[[1,2],[3,4]]", '[{"sensor": "Accelerometer"}]', "[{", '[{"x": 1}, 2, 3]',
     '[{"x":1},{"x":2},{"x":3}]', '[{"x":"a"},{"x":"b"},{"x":"c"}]', "[" * 5000],
)  # fmt: skip
def test_other_json_is_refused_in_one_sentence(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as refused:
        read(path)
    assert refused.value.message.endswith(".")


def test_what_can_be_looked_for_in_motion(made):
    verdicts = can_detect(made("time (s),x,y,z", np.arange(N) / 50, *(AXES * G).T))
    assert verdicts["tremor"].ok
    assert verdicts["clonus"].ok
    assert verdicts["myoclonus"].ok
    assert "Research" in verdicts["myoclonus"].reason
    assert not verdicts["fasciculation"].ok
    assert "a name of their own" in verdicts["fasciculation"].reason
    assert not verdicts["cramp"].ok
    slow = made("time (s),x,y,z", np.arange(N) / 20, *(AXES * G).T)
    assert "20 Hz; 50 Hz" in can_detect(slow)["tremor"].reason
    assert not can_score(slow)["aasm-v3"].ok
    short = can_detect(made("time (s),x,y,z", TIMES[:400], *(AXES * G)[:400].T))
    assert "too short" in short["tremor"].reason
    assert "too short" in short["myoclonus"].reason


def test_check_and_detect_name_the_same_kinds_of_motion(made):
    verdicts = can_detect(made("time (s),x,y,z", np.arange(N) / 50, *(AXES * G).T))
    assert {name for name, one in verdicts.items() if one.ok} == set(EMG_KINDS) & set(kinds_of("accelerometer"))


# ---- dropouts, batches, gravity where the sensor is still ----


def test_short_dropouts_are_bridged_and_long_ones_are_gaps(made):
    keep = np.ones(N, bool)
    for first, count in ((100, 1), (200, 4), (300, 6), (420, 5)):
        keep[first : first + count] = False
    own = TIMES[keep]
    opened = made(PHYPHOX, own, *(AXES[keep] * G).T, np.full(own.size, G))
    assert len(opened.segments) == 1
    assert "16 sample(s) are missing in pauses of a few steps and were bridged" in said(opened)["Q150"]
    assert np.abs(vector(opened)[:N] - AXES * G).max() < 0.1 * np.abs(MOVE).max() * G
    keep[600:620] = False
    own = TIMES[keep]
    opened = made(PHYPHOX, own, *(AXES[keep] * G).T, np.full(own.size, G))
    assert len(opened.segments) == 2
    assert "1 gap longer than 0.075 s" in said(opened)["Q113"]


@pytest.mark.parametrize("step", [0.0, 1e-4])
def test_samples_that_come_in_batches_are_spread_evenly(made, step):
    batch = np.arange(N) // 4
    times = TIMES[np.minimum(batch * 4 + 3, N - 1)] + step * (np.arange(N) % 4)
    opened = made(PHYPHOX, [f"{one:.9f}" for one in times], *(AXES * G).T, np.full(N, G))
    assert len(opened.segments) == 1
    assert opened.channels[0].rate_hz == pytest.approx(100, rel=0.005)
    assert opened.duration_s == pytest.approx(N / 100, abs=0.1)
    assert "evenly between" in said(opened)["Q153"]
    assert ("4 at once" in said(opened)["Q153"]) == (step > 0)


def test_bursts_of_a_sensor_that_rests_between_are_no_batches(made):
    times = TIMES + 10.0 * (np.arange(N) // 40)
    opened = made(PHYPHOX, [f"{one:.9f}" for one in times], *(AXES * G).T, np.full(N, G))
    assert len(opened.segments) == N // 40
    assert opened.channels[0].rate_hz == pytest.approx(100, rel=0.005)


def test_gravity_is_told_where_the_sensor_is_still(made):
    rng = np.random.default_rng(3)
    run = np.where(TIMES > 1.5, 25 * np.sin(2 * np.pi * 2.8 * TIMES), 0)[:, None]
    moved = AXES * G + run * np.array([0.5, 0.5, 0.7]) + rng.normal(0, 0.02, (N, 3))
    assert np.median(np.linalg.norm(moved, axis=1)) > 1.25 * G
    opened = made("time,seconds_elapsed,z,y,x", TIMES * 1e9, TIMES, *moved.T[::-1])
    close(vector(opened), moved)
    assert "where the sensor is still the vector is 9.8" in said(opened)["Q222"]
    opened = made("time,seconds_elapsed,z,y,x", TIMES * 1e9, TIMES, *(moved / G).T[::-1])
    close(vector(opened), moved)


def test_sensor_logger_without_gravity_is_in_its_own_unit(made):
    quiet = np.random.default_rng(4).normal(0, 0.02, (N, 3)) + MOVE[:, None]
    opened = made("time,seconds_elapsed,z,y,x", TIMES * 1e9, TIMES, *quiet.T[::-1], name="Accelerometer.csv")
    close(vector(opened), quiet)
    assert "as Sensor Logger writes it" in said(opened)["Q223"]
