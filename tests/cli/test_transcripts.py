"""The interviews in docs/: what they show is what `legtwitch ask` does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def transcripts() -> Any:
    spec = importlib.util.spec_from_file_location("transcripts", ROOT / "scripts" / "transcripts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["transcripts"] = module
    spec.loader.exec_module(module)
    return module


def shown(transcripts: Any, name: str) -> tuple[str, int]:
    start, answers = transcripts.INTERVIEWS[name]
    text = transcripts.transcript(start, transcripts.typed(start, answers))
    return text, text.count("Your answer:") + text.count("Your answer (")


def test_a_cauda_equina_is_stopped_at_the_third_question(transcripts: Any) -> None:
    text, questions = shown(transcripts, "interview-cauda-equina.txt")
    assert questions == 3
    after = text.split("Your answer (")[-1]
    assert after.index("NOW") < after.index("rule R02") < after.index("Published definitions")


def test_a_benign_calf_twitch_ends_in_self_care_within_25_questions(transcripts: Any) -> None:
    text, questions = shown(transcripts, "interview-calf-twitch.txt")
    assert questions <= 25
    assert "CARE FOR YOURSELF" in text
    assert "1. Everyday muscle twitching" in text
