"""The report opened in Chromium: nothing fetched, nothing logged, no accessibility violation, legible on a phone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import legtwitch as lt


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    lt.simulate_night(5, hours=1.0, path=folder / "night.edf")
    case = Path(__file__).parents[2] / "examples" / "demo" / "case.yaml"
    shutil.copy(case, folder / "case.yaml")
    page = folder / "report.html"
    page.write_text(lt.render(lt.assess(folder / "case.yaml")), encoding="utf-8")
    return page


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_report_is_clean_at_every_width(browser: Any, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    logged: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: logged.append(message.text))
    page.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert logged == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.close()


def test_axe_finds_nothing_on_the_page_of_a_score(browser: Any, report: Path, axe_violations: Any) -> None:
    page_file = report.with_name("score.html")
    page_file.write_text(lt.render(lt.score(report.with_name("night.edf"))), encoding="utf-8")
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator("svg").count() >= 4
    assert axe_violations(page) == []
    context.close()


def test_axe_finds_nothing(browser: Any, report: Path, axe_violations: Any) -> None:
    # axe is injected by the test, which the page's own policy would refuse.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert axe_violations(page) == []
    context.close()


def test_axe_would_find_a_planted_fault(browser: Any, report: Path, axe_violations: Any) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert any("html-has-lang" in found for found in axe_violations(page))
    context.close()
