"""Headers whose fields stand some bytes from their place: put back only where all numbers then can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import FileError
from legtwitch.recording import read

LAT, RAT = [100, -200, 300, -400] * 60, [7, 8, 9, 10] * 60


@pytest.fixture
def whole(edf: Callable[..., bytes], sig: Any, annotations: Callable[..., Any]) -> bytes:
    clock = annotations(
        [f"+{n}\x14\x14\0".encode() + (b"+5\x14Arousal\x14\0" if n == 5 else b"") for n in range(60)], 15
    )
    return edf([sig("LAT", data=LAT), sig("RAT", unit=b"\xb5V", data=RAT), clock], 60, reserved="EDF+C")


def same(path: Path) -> None:
    """The file has the samples, start and marks of the sound one."""
    night = read(path)
    assert night.start == datetime(2026, 11, 1, 22, 30)
    assert (night.duration_s, [c.name for c in night.channels]) == (60.0, ["LAT", "RAT"])
    np.testing.assert_allclose(night.pieces("LAT")[0].values, np.array(LAT) / 10, atol=1e-3)
    np.testing.assert_allclose(night.pieces("RAT")[0].values, np.array(RAT) / 10, atol=1e-3)
    assert [(e.onset_s, e.event) for e in night.events] == [(5.0, "arousal")]


def codes(path: Path) -> set[str]:
    return {problem.code for problem in read(path).problems}


def test_a_sound_header_is_left_alone(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sound.edf"
    path.write_bytes(whole)
    same(path)
    assert "Q122" not in codes(path)


@pytest.mark.parametrize("at", [30, 88, 120, 168])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_bytes_too_many_before_the_date(whole: bytes, tmp_path: Path, at: int, count: int) -> None:
    path = tmp_path / "late.edf"
    path.write_bytes(whole[:at] + b" " * count + whole[at:])
    same(path)
    (said,) = (one for one in read(path).problems if one.code == "Q122")
    assert said.repaired
    assert f"{1024 + count} bytes instead of 1024" in said.message


@pytest.mark.parametrize("count", [1, 3, 8])
def test_bytes_too_few_before_the_date(whole: bytes, tmp_path: Path, count: int) -> None:
    path = tmp_path / "early.edf"
    path.write_bytes(whole[:100] + whole[100 + count :])
    same(path)
    assert "Q122" in codes(path)


@pytest.mark.parametrize(("at", "letters"), [(8, "Müller"), (88, "Klinik Zürich"), (257 + 15, "ü"), (400, "éé")])
def test_letters_of_two_bytes_in_a_field_padded_by_letters(whole: bytes, tmp_path: Path, at: int, letters: str) -> None:
    header = whole[:1024].decode("latin-1")
    moved = (header[:at] + letters + header[at + len(letters) :]).encode()
    path = tmp_path / "letters.edf"
    path.write_bytes(moved + whole[1024:])
    assert len(moved) > 1024
    night = read(path)
    np.testing.assert_allclose(night.pieces(night.channels[0].name)[0].values, np.array(LAT) / 10, atol=1e-3)
    assert "Q122" in codes(path)
    assert night.channels[1].unit == "uV"


def test_a_broken_number_is_no_reason_to_move_anything(edf: Any, sig: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.edf"
    path.write_bytes(edf([sig(pmax="abc"), sig("RAT", data=RAT)], 60))
    assert "Q122" not in codes(path)
    np.testing.assert_allclose(read(path).pieces("RAT")[0].values, np.array(RAT) / 10, atol=1e-3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1030), st.binary(max_size=10), st.integers(0, 9)), min_size=1, max_size=3))
def test_bytes_put_in_or_taken_out_anywhere_are_read_or_refused(
    whole: bytes, tmp_path: Path, changes: list[tuple[int, bytes, int]]
) -> None:
    for at, put, taken in changes:
        whole = whole[:at] + put + whole[at + taken :]
    path = tmp_path / "fuzz.edf"
    path.write_bytes(whole)
    refused = None
    try:
        night = read(path)
        assert night.duration_s >= 0
    except FileError as error:
        refused = error
    assert refused is None or refused.message.endswith(".")


def test_a_shift_is_believed_only_with_the_length_that_the_header_states(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "doubtful.edf"
    shifted = whole[:88] + b" " + whole[88:]
    assert shifted[185:193] == b"1024    "
    path.write_bytes(shifted[:185] + b"999     " + shifted[193:])
    assert "Q122" not in codes(path)
