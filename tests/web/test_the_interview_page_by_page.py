"""The way of a person through the questions, as a browser without JavaScript goes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

import legtwitch as lt

NONE = "None of these"


def case_of(client: TestClient, visit: str) -> dict[str, Any]:
    from legtwitch.store.content import content

    kept = client.app.state.desk.store.visit(visit)  # type: ignore[attr-defined]
    assert kept is not None
    return content(kept)


def test_the_start_page_says_what_it_is_and_the_emergency_signs(person: Any) -> None:
    assert "not a medical device" in person.text
    assert "does not diagnose" in person.text
    assert "Call the emergency number now if" in person.text
    assert "trouble breathing" in person.text


def test_a_harmless_twitching_from_start_to_result(client: TestClient, person: Any, twitching: Any) -> None:
    person.start().answer_all(twitching)
    assert person.path.endswith("/more")
    visit = person.visit
    assert "NONE" not in person.text
    person.open(f"/visit/{visit}/medicines").send(f"/visit/{visit}/medicines/none")
    assert person.path.endswith("/exposures")
    person.send(f"/visit/{visit}/exposures/none")
    assert person.path.endswith("/labs")
    person.open(f"/visit/{visit}/check")
    assert "34 years" in person.text
    assert "Small twitches or flutters inside a muscle" in person.text
    person.open(f"/visit/{visit}/result")
    result = lt.assess(case_of(client, visit))
    assert result.urgency.headline in person.text
    assert "fasciculation" in person.text
    order = [
        person.text.index(one) for one in (result.urgency.headline, "What kind of movement", "What could cause it")
    ]
    assert order == sorted(order)
    assert person.text.index("What may help") < person.text.index("What to bring to the doctor")


def test_what_is_kept_is_what_the_engine_would_be_told(client: TestClient, person: Any) -> None:
    person.start("DE")
    person.answer("It started suddenly")
    person.answer("A part of me feels weak", "Both legs or both arms feel weak")
    case = case_of(client, person.visit)
    assert case["person"] == {"country": "DE"}
    assert case["findings"]["onset_sudden"] == "present"
    assert case["findings"]["face_droop"] == "absent"
    assert case["findings"]["felt_weakness"] == {"value": "present", "side": "both"}
    assert case["findings"]["foot_drop_felt"] == "absent"


def test_not_sure_is_kept_as_unknown_and_never_as_no(client: TestClient, person: Any) -> None:
    person.start()
    person.answer(unsure=True)
    findings = case_of(client, person.visit)["findings"]
    assert set(findings.values()) == {"unknown"}
    assert "onset_sudden" in findings
    assert person.question != "screen_sudden"


def test_a_sign_that_was_ticked_stays_though_not_sure_is_pressed(client: TestClient, person: Any) -> None:
    person.start("DE").answer(NONE)
    person.answer("A part of me feels weak", unsure=True)
    found = case_of(client, person.visit)["findings"]
    assert found["felt_weakness"] == "present"
    assert found["wasting_seen"] == "unknown"
    person.answer(NONE, unsure=True)
    assert case_of(client, person.visit)["findings"]["weakness_climbing"] == "unknown"


def test_an_emergency_stops_at_once(person: Any) -> None:
    person.start("US")
    person.answer("One side of the face hangs down")
    assert person.path.endswith("/emergency")
    assert "911" in person.text
    assert "One side of the face" in person.text or "face" in person.text
    visit = person.visit
    assert person.open(f"/visit/{visit}/question").path.endswith("/emergency")
    person.open(f"/visit/{visit}/question/screen_sudden?then=check").answer(NONE)
    assert person.path.endswith("/check")
    assert not person.open(f"/visit/{visit}/emergency").path.endswith("/emergency")


def test_what_is_said_to_the_helper_is_what_the_person_said(person: Any) -> None:
    person.start()
    person.answer("One arm sinks when I hold both up")
    assert "You can read this" in person.text
    quote = re.search(r"“([^”]+)”", person.text)
    assert quote is not None
    assert "arm" in quote[1].lower()


def test_a_day_to_be_seen_today_is_said_while_it_goes_on(person: Any) -> None:
    person.start().answer(NONE).answer(NONE).answer(NONE)
    assert "See a doctor today" not in person.text
    visit = person.visit
    person.open(f"/visit/{visit}/question/screen_leg_colour").answer("One calf is swollen")
    assert person.client.app.state.desk.store.visit(visit).level == "same_day"
    assert "See a doctor today" in person.text
    assert "see what to do" in person.text
    assert person.path.endswith("/question")


def test_continue_without_an_answer_is_told_what_is_missing(client: TestClient, person: Any) -> None:
    person.start()
    person.answer()
    assert person.page.status_code == 422
    assert len(person.errors) == 1
    assert NONE in person.errors[0]
    assert "Error: " in person.page.text
    assert "findings" not in case_of(client, person.visit)


def test_none_of_these_beside_another_is_told(person: Any) -> None:
    person.start()
    person.answer(NONE, "It started suddenly")
    assert person.errors == ["Choose either what fits or “None of these”, not both"]


@pytest.mark.parametrize(
    ("age", "told"),
    [("", "Write your age"), ("old", "Write a number"), ("200", "not possible"), ("-3", "Write a number")],
)
def test_an_age_that_is_none_is_told(person: Any, age: str, told: str) -> None:
    person.start()
    visit = person.visit
    person.open(f"/visit/{visit}/question/screen_cancer_pregnancy_age").answer(NONE, n_of_age=age)
    assert person.page.status_code == 422
    assert told in person.errors[0]
    assert f'value="{age}"' in person.page.text


def test_a_number_alone_is_an_answer(client: TestClient, person: Any) -> None:
    visit = person.start().visit
    person.open(f"/visit/{visit}/question/screen_cancer_pregnancy_age")
    person.answer(n_of_age="29,5", n_of_postpartum_weeks="3")
    assert person.page.status_code == 200
    told = case_of(client, visit)["person"]
    assert told["age"] == {"value": 29.5, "unit": "year"}
    assert told["postpartum_weeks"] == {"value": 3.0, "unit": "week"}
    assert told["pregnant"] == "absent"


def test_a_duration_needs_its_unit(client: TestClient, person: Any) -> None:
    visit = person.start().visit
    page = f"/visit/{visit}/question/kind_duration"
    person.open(page).answer(n_of_symptom_duration="3", u_of_symptom_duration="")
    assert person.errors == ["Choose what the number counts"]
    person.open(page).answer(n_of_symptom_duration="3", u_of_symptom_duration="week")
    assert case_of(client, visit)["findings"]["symptom_duration"] == {"value": 3.0, "unit": "week"}


def test_back_shows_what_was_answered_and_a_change_takes_its_place(client: TestClient, person: Any) -> None:
    person.start().answer("It started suddenly")
    visit = person.visit
    back = re.search(r'class="back[^"]*" href="([^"]+)"', person.page.text)
    assert back is not None
    assert back[1] == f"/visit/{visit}/question/screen_sudden"
    person.open(back[1])
    assert len(re.findall(r"checked", person.page.text)) == 1
    person.answer(NONE)
    assert person.question == "screen_weak"
    assert case_of(client, visit)["findings"]["onset_sudden"] == "absent"
    kept = client.app.state.desk.store.visit(visit)  # type: ignore[attr-defined]
    assert len(kept.steps) == 1


def test_the_same_form_sent_twice_is_one_answer(client: TestClient, person: Any) -> None:
    visit = person.start().visit
    page = person.page
    person.answer(NONE)
    person.page = page
    person.answer(NONE)
    kept = client.app.state.desk.store.visit(visit)  # type: ignore[attr-defined]
    assert [one.question for one in kept.steps] == ["screen_sudden"]


def test_a_form_can_set_nothing_but_its_question(client: TestClient, person: Any) -> None:
    visit = person.start().visit
    person.send(
        f"/visit/{visit}/question/screen_sudden",
        asks="onset_sudden,als_diagnosed,age",
        then="https://evil.example",
        answer="given",
        pick=["0", "77", "x"],
        **{"n-age": "5"},
    )
    assert case_of(client, visit)["findings"] == {"onset_sudden": "present"}
    assert "person" not in case_of(client, visit) or case_of(client, visit)["person"] == {"country": "GB"}


def test_answers_go_on_where_one_stopped(person: Any) -> None:
    visit = person.start().answer(NONE).answer(NONE).visit
    person.open("/")
    assert f"/visit/{visit}/question" in person.page.text
    assert person.open(f"/visit/{visit}/question").question == "screen_worse"


def test_home_tests_can_be_done_later_and_have_drawings(person: Any, twitching: Any) -> None:
    visit = person.start().visit
    seen = set()
    person.open(f"/visit/{visit}/tests")
    while "/question/home_" in person.path:
        assert 'role="img"' in person.page.text, person.question
        seen.add(person.question)
        person.answer(unsure=True)
    assert len(seen) == 6
    assert person.path.endswith("/more")


def test_wrong_addresses_are_told_on_a_page(person: Any) -> None:
    visit = person.start().visit
    for path in (
        "/visit/none/question",
        f"/visit/{visit}/question/none",
        "/case/none",
        f"/visit/{visit}/recordings/x",
        "/x",
    ):
        person.open(path)
        assert person.page.status_code == 404
        assert "start page" in person.text
    person.open(f"/visit/{visit}/labs?lab=none")
    assert person.page.status_code == 404


def test_a_result_before_all_safety_questions_says_so(person: Any, twitching: Any) -> None:
    visit = person.start().answer(NONE).visit
    assert "Not all safety questions are answered" in person.open(f"/visit/{visit}/result").text
    person.open(f"/visit/{visit}/question").answer_all(twitching)
    assert "Not all safety questions" not in person.open(f"/visit/{visit}/result").text


def test_no_figure_stands_beside_a_cause(person: Any, twitching: Any) -> None:
    visit = person.start().answer_all(twitching).visit
    html = person.open(f"/visit/{visit}/result").page.text
    causes = html[html.index("What could cause it") : html.index("Tests to talk about")]
    assert re.findall(r"\d+ ?%|about \d in|1 in \d", causes) == []
    assert "ALS" not in re.sub(r"<details>.*?</details>", "", causes, flags=re.DOTALL)


def test_worry_is_answered_kindly(client: TestClient, person: Any, twitching: Any) -> None:
    visit = person.start().answer_all(twitching).visit
    person.open(f"/visit/{visit}/question/safety_mood").answer("I am very afraid of having a deadly illness")
    assert "Fear of a bad illness is common" in person.open(f"/visit/{visit}/result").text


def test_documents_are_downloads(client: TestClient, person: Any) -> None:
    visit = person.start().answer(NONE).visit
    html = client.get(f"/visit/{visit}/report.html")
    assert html.headers["content-disposition"].startswith("attachment")
    assert "Report for a twitching leg" in html.text
    json = client.get(f"/visit/{visit}/report.json").json()
    assert json["urgency"]["level"] == "routine"
