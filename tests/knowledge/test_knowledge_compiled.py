"""The compiled knowledge: the same as the YAML files, and never trusted beyond them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from legtwitch.knowledge import compiled, loader


def test_it_gives_what_the_files_give(whole: Any, write: Any) -> None:
    folder = write(whole)
    files = loader._Files(folder)
    plain = loader._assembled(files)
    compiled.write(folder, files.contents())
    again = loader._Files(folder, compiled.read(folder))
    read = loader._assembled(again)
    for name in (
        "sources",
        "phenomena",
        "constructs",
        "leaks",
        "causes",
        "safety",
        "questions",
        "tests",
        "labs",
        "hash",
    ):
        assert getattr(read, name) == getattr(plain, name)
    assert read.vocabulary.findings == plain.vocabulary.findings
    assert again.all_compiled


def test_a_file_that_was_changed_since_is_read_anew(whole: Any, write: Any) -> None:
    folder = write(whole)
    files = loader._Files(folder)
    loader._assembled(files)
    compiled.write(folder, files.contents())
    path = folder / "claims.yaml"
    path.write_text(path.read_text().replace("No trial.", "One trial."))
    again = loader._Files(folder, compiled.read(folder))
    assert loader._assembled(again).claims[0].truth == "One trial."
    assert not again.all_compiled


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {"a": 1}, "legtwitch": "0"}'])
def test_a_damaged_one_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / compiled.NAME).write_text(text)
    assert compiled.read(tmp_path) == compiled.Compiled()
    assert compiled.read(tmp_path / "nowhere") == compiled.Compiled()


def test_one_of_another_version_is_checked_again(whole: Any, write: Any) -> None:
    folder = write(whole)
    files = loader._Files(folder)
    loader._assembled(files)
    path = compiled.write(folder, files.contents())
    raw = json.loads(path.read_text())
    path.write_text(json.dumps(raw | {"legtwitch": "0.0.0"}))
    again = loader._Files(folder, compiled.read(folder))
    loader._assembled(again)
    assert not again.all_compiled


def test_what_is_packaged_holds_together_when_read_from_yaml() -> None:
    assert loader.read(loader._packaged()).hash == loader.load().hash
