"""The knowledge that comes with legtwitch."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import legtwitch.knowledge as rooms
from legtwitch.knowledge import loader


def test_it_agrees_with_itself_and_is_read_once() -> None:
    known = rooms.load()
    assert rooms.load() is known
    assert set(known.labs) == set(known.vocabulary.labs)
    assert known.hash.startswith("sha256:")


def test_every_source_is_cited_as_it_was_read() -> None:
    for source in rooms.load().sources.values():
        assert source.cite.strip()
        assert source.read != "not_read" or source.note, source.id


def test_every_muscle_and_site_has_a_region_but_those_that_lie_in_two() -> None:
    known = rooms.load()
    words = known.vocabulary
    places = {*words.attributes["site"].options, *words.attributes["muscle"].options}
    places |= set(words.findings["twitch_body_site"].options)
    assert places - set(known.places) == {
        *("chest", "upper_back", "back", "trunk", "whole_body", "sternocleidomastoid", "trapezius", "other_muscle"),
    }
    regions = (
        "calf",
        "tibialis_anterior",
        "thumb",
        "diaphragm",
        "tongue",
        "mentalis",
        "intercostals",
        "hip_or_buttock",
    )
    assert [known.places[one] for one in regions] == [
        *("lumbosacral", "lumbosacral", "cervical", "cervical", "bulbar", "bulbar", "thoracic", "lumbosacral"),
    ]


def test_a_rule_set_reads_its_own_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, Any], write: Callable[[Any], Path]
) -> None:
    folder = write({"rule_sets.yaml": whole["rule_sets.yaml"], "tests.yaml": "[broken"})
    monkeypatch.setattr(loader, "_packaged", lambda: folder)
    loader._rule_sets.cache_clear()
    loader.rule_set.cache_clear()
    try:
        assert loader.rule_set("aasm-v3").name == "AASM"
        before = loader.rule_set_hash("aasm-v3")
        loader._rule_sets.cache_clear()
        whole["rule_sets.yaml"]["rule_sets"][0]["parameters"][0]["value"] = 0.6
        write({"rule_sets.yaml": whole["rule_sets.yaml"]})
        assert loader.rule_set_hash("aasm-v3") != before
        with pytest.raises(KeyError):
            loader.rule_set("aasm-v4")
    finally:
        loader._rule_sets.cache_clear()
        loader.rule_set.cache_clear()


def test_rule_sets_are_the_same_by_both_ways() -> None:
    known = rooms.load()
    assert {"aasm-v3", "wasm-2016", "wasm-2006"} <= set(known.rule_sets)
    for name, one in known.rule_sets.items():
        assert rooms.rule_set(name) == one
        assert rooms.rule_set_hash(name).startswith("sha256:")
    assert len({rooms.rule_set_hash(name) for name in known.rule_sets}) == len(known.rule_sets)


def test_it_reads_from_inside_an_archive(tmp_path: Path) -> None:
    data = Path(str(loader._packaged()))
    archive = tmp_path / "wheel.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in sorted(data.rglob("*")):
            out.write(path, f"data/{path.relative_to(data)}" + ("/" if path.is_dir() else ""))
    inside = loader.read(zipfile.Path(archive, "data/"))
    assert inside.hash == rooms.load().hash


def test_importing_the_room_reads_no_data_and_no_arrays() -> None:
    code = (
        "import sys, legtwitch.knowledge as k; from legtwitch.knowledge import loader\n"
        "assert loader.load.cache_info().currsize == 0\n"
        "print(sorted(set(sys.modules) & {'numpy', 'rapidfuzz', 'edfio', 'jinja2'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
