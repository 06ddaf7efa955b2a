"""A case says what a channel is where its label misleads, and is refused where there is no such channel or role."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import legtwitch as lt
from legtwitch.recording import EdfSignal, write_edf

CASE = "recordings: [{{file: night.edf, modality: polysomnography, channels: {told}}}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    noise = np.random.default_rng(3).standard_normal(300 * 256).astype(np.float32)
    noise[100 * 256 : 102 * 256] *= 60
    signals = [EdfSignal("Aux 7", noise, 256.0), EdfSignal("Aux 8", noise[::-1].copy(), 256.0)]
    write_edf(tmp_path / "night.edf", signals, start=datetime(2026, 11, 1, 22, 30))
    return tmp_path


def assessed(folder: Path, told: str) -> Any:
    path = folder / "case.yaml"
    path.write_text(CASE.format(told=told))
    return lt.assess(path).recordings[0]


def test_a_channel_is_what_the_case_says(folder: Path) -> None:
    assert assessed(folder, "{}").could_not_score
    report = assessed(folder, "{Aux 7: leg_left, Aux 8: leg_right}")
    assert report.could_not_score is None
    assert {one.side for one in report.score.movements} == {"left", "right"}
    assert [one.why for one in report.score.channels] == ["as the person said"] * 2


def test_a_channel_that_is_not_there_is_told_and_stops_nothing(folder: Path) -> None:
    report = assessed(folder, "{Aux 9: leg_left}")
    assert "E242" in report.could_not_score
    assert "Aux 9" in report.could_not_score


@pytest.mark.parametrize("told", ["{Aux 7: left_leg}", "[Aux 7]"])
def test_an_unknown_role_is_refused(folder: Path, told: str) -> None:
    with pytest.raises(lt.InputError):
        assessed(folder, told)
