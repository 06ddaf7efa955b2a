"""The page of a scored night in Chromium: fits a phone, pictures can be reached by keyboard, nothing against axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import legtwitch as lt


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    lt.simulate_night(601, hours=1.5, with_=("alma", "foot_tremor", "fragmentary_myoclonus"), path=folder / "night.edf")
    file = folder / "score.html"
    file.write_text(lt.render(lt.score(folder / "night.edf")), encoding="utf-8")
    return file


@pytest.mark.parametrize("width", [360, 1000])
def test_the_page_of_a_score_fits_the_screen(browser: Any, page_file: Path, width: int, axe_violations: Any) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    words = page.evaluate("[...document.querySelectorAll('th[scope=row]')].map(one => one.clientWidth)")
    shown = [one for one in words if one]
    assert min(shown) >= 100
    assert axe_violations(page) == []
    context.close()
