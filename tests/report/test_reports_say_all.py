"""HTML, JSON and text carry the whole assessment, escape what people wrote, and need nothing from outside."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from legtwitch.model import Assessment, Trace
from legtwitch.report import as_json, charts, html, text


def _sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_assessment", Path(__file__).with_name("sample_assessment.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLE = _sample()


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    return SAMPLE.assessment()


class Tags(HTMLParser):
    """Checks that tags close in order, and keeps ids, links and tag names."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            if key in ("href", "src"):
                self.links.append(value or "")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_self_contained(assessed: Assessment) -> None:
    page = html.render(assessed)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert all(link.startswith("#") and link[1:] in tags.ids for link in tags.links)
    assert "script" not in tags.names
    assert "http://" not in page
    assert "url(" not in page


def test_what_people_wrote_is_escaped(assessed: Assessment) -> None:
    page = html.render(assessed)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_urgency_comes_before_kind_measures_criteria_and_causes(assessed: Assessment) -> None:
    page = html.render(assessed)
    order = [
        page.index(f'id="{name}"')
        for name in ("h-urgency", "h-kind", "h-measured", "h-criteria", "h-causes", "h-sources")
    ]
    assert order == sorted(order)
    assert "WITHIN 2 WEEKS" in page


def test_no_cause_is_headed_by_a_percentage(assessed: Assessment) -> None:
    page = html.render(assessed)
    body = page[page.index("<body>") :]
    assert not re.search(r"\d\s*%", body)


def test_every_result_is_told_in_words_too(assessed: Assessment) -> None:
    page = html.render(assessed)
    for words in (
        "✓ met",
        "? cannot be told yet",
        "Not known: onset sudden",
        "Not computed (aasm-v3): Q404",
    ):
        assert words in page


def test_json_has_the_keys_of_the_contract(assessed: Assessment) -> None:
    document = json.loads(json.dumps(as_json.assessment(assessed)))
    expected = (
        "urgency phenomena criteria causes must_not_miss next_question tests care care_withheld findings recordings "
        "provenance"
    )
    assert set(expected.split()) <= set(document)
    cause = document["causes"][0]
    assert {"id", "name", "group", "probability", "in_words", "for", "against", "rank"} <= set(cause)
    assert cause["probability"] == {"value": 0.812, "low": 0.5, "high": 0.93}
    assert document["urgency"]["rules"][0]["because"] == ["heel_walk_failed"]
    assert document["findings"][1]["value"] == {"value": 4, "unit": "month"}
    assert document["next_question"]["options"] == [{"label": "Yes", "sets": {"felt_weakness": "present"}}]


def test_score_json_has_the_keys_of_the_contract() -> None:
    document = json.loads(json.dumps(as_json.score(SAMPLE.score())))
    assert {"recording", "hours", "rules", "movements", "quality", "provenance"} <= set(document)
    assert document["rules"]["aasm-v3"]["plms_arousal_index"] is None
    assert document["not_computed"]["aasm-v3"]["plms_arousal_index"] == "Q404"
    assert document["movements"][0]["rules"]["aasm-v3"]["interval_s"] is None
    assert "candidate" not in document["movements"][0]["rules"]["aasm-v3"]
    assert document["recording"]["start"] == "2026-11-01T22:30:00"


def test_the_text_twin_of_the_night_counts_what_the_picture_shows() -> None:
    chart = charts.night(SAMPLE.score())
    assert chart.svg.count('class="periodic"') == 6
    assert chart.svg.count('class="other"') == 2
    assert "6 in a periodic series" in chart.twin
    assert chart.head[4:] == (
        "Left leg: leg movements", "Left leg: periodic", "Right leg: leg movements", "Right leg: periodic",
        "Other classes",
    )  # fmt: skip
    assert chart.rows[0][4:] == ("4", "3", "4", "3", "not searched")
    assert 'class="gap"' in chart.svg


def test_the_interval_histogram_counts_every_interval() -> None:
    chart = charts.intervals(SAMPLE.score(), "aasm-v3")
    assert chart is not None
    assert chart.rows == (("30 to 35 s", "7"),)


def test_a_night_without_intervals_has_no_histogram() -> None:
    assert charts.intervals(SAMPLE.score(), "wasm-2016") is None


def test_the_text_report_starts_with_the_urgency(assessed: Assessment) -> None:
    lines = text.render(assessed).splitlines()
    assert lines[0] == "! WITHIN 2 WEEKS: See a doctor within two weeks."
    assert max(map(len, lines)) <= 110


def test_a_score_has_a_page_of_its_own_with_traces() -> None:
    snippet = Trace("m3", "LAT", (689.0, 690.0, 691.0, 692.0, 693.0), (1.0, 30.0, 40.0, 25.0, 1.0), (1.0,) * 5)
    page = html.render_score(replace(SAMPLE.score(), traces=(snippet,)))
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "Movement m3" in page
    assert "the envelope reaches 40 µV over a rest of 1.0 µV" in page
    assert "aasm-v3: because of its length" in page
    assert "script" not in tags.names


def test_a_score_without_traces_says_nothing_of_them() -> None:
    assert "Some movements" not in html.render_score(SAMPLE.score())
