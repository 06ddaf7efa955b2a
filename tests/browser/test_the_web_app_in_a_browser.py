"""The web app in Chromium: the whole way with a harmless case, an emergency and a recording; by keyboard alone, without
scripts, at three widths; no accessibility violation on any page."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

import legtwitch as lt
from legtwitch.web import Settings, create_app

WIDTHS = (320, 768, 1280)
NONE = "None of these"
NORMAL = {"home_heel_raises": "Both legs can do ten", "home_chair": "Yes", "home_hands": "Both hands can do it"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    settings = Settings(tmp_path_factory.mktemp("data"), port=listening.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield settings
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
def opened(browser: Any, served: Settings) -> Iterator[Callable[..., Any]]:
    """Open the app in a browser of its own, let in; what it logs or asks from elsewhere fails the test at its end."""
    contexts, wrong = [], []
    root = f"http://127.0.0.1:{served.port}"

    def open_(width: int = 768, *, axe: bool = False, scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=axe, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(root) else None)
        page.on("console", lambda said: wrong.append(said.text) if "422" not in said.text else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(served.address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("night") / "night.edf"
    lt.simulate_night(5, hours=1.0, path=path)
    return path


def fits(page: Any) -> bool:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return bool(overflow <= 0)


def question(page: Any) -> str:
    found = re.search(r"/question/([a-z_]+)", page.locator("main form").first.get_attribute("action"))
    assert found is not None
    return found[1]


def press(page: Any, role: str, name: str) -> None:
    """Click a button or a link and wait for the page behind it."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.click()


def at_a_question(page: Any) -> bool:
    return re.search(r"/visit/[0-9a-f]+/question$", page.url) is not None


def answer(page: Any, told: dict[str, list[str]]) -> None:
    """Answer one question: as told, else None of these, else the first choice; by clicking labels."""
    id = question(page)
    labels = told.get(id) or ([NORMAL[id]] if id in NORMAL else [])
    if not labels and page.get_by_label(NONE, exact=True).count():
        labels = [NONE]
    if not labels and page.locator(".choice label").count():
        labels = [page.locator(".choice label").first.inner_text()]
    for label in labels:
        page.get_by_label(label, exact=True).check()
    if id == "screen_cancer_pregnancy_age":
        page.get_by_label("Your age in years").fill("34")
    if not page.locator(".choice").count():
        page.locator("input[inputmode=decimal]").first.fill("1")
        if page.locator("main select").count():
            page.locator("main select").first.select_option(index=1)
    press(page, "button", "Continue")


TWITCH = {"kind_movement": ["Small twitches or flutters inside a muscle"]}


def walk(page: Any, told: dict[str, list[str]], look: Callable[[Any], None] = lambda _: None) -> None:
    page.get_by_label("Where are you?").select_option("GB")
    press(page, "button", "Start")
    for _ in range(45):
        if not at_a_question(page):
            return
        look(page)
        answer(page, told)
    raise AssertionError("the interview does not end")


def visit_of(page: Any) -> str:
    found = re.search(r"/visit/([0-9a-f]+)", page.url)
    assert found is not None
    return found[1]


def test_a_harmless_case_from_start_to_result_on_a_phone(opened: Callable[..., Any]) -> None:
    page = opened(320)
    walk(page, TWITCH, lambda here: fits(here) or pytest.fail(f"{question(here)} does not fit"))
    press(page, "link", "Medicines")
    page.get_by_label("Name of the medicine").fill("citalo")
    page.locator(".suggest button").first.click()
    press(page, "button", "Add this medicine")
    assert "Understood as citalopram" in page.inner_text("main")
    press(page, "link", "Continue")
    press(page, "button", "None that I know of")
    page.get_by_label("Which test?").select_option("ferritin")
    press(page, "button", "Enter this result")
    page.get_by_label("Result").fill("18")
    page.get_by_label("Unit").select_option("ng/mL")
    press(page, "button", "Add this result")
    press(page, "link", "Continue")
    press(page, "link", "Continue without a recording")
    assert "34 years" in page.inner_text("main")
    with page.expect_navigation():
        page.locator('a[href*="/question/kind_movement"]').click()
    assert page.get_by_label("Small twitches or flutters inside a muscle").is_checked()
    page.get_by_label("Small twitches that can be seen under the skin").check()
    press(page, "button", "Continue")
    assert page.url.endswith("/check")
    press(page, "link", "See the result")
    told = page.inner_text("main")
    assert (
        told.index("What your answers mean") < told.index("What kind of movement") < told.index("What could cause it")
    )
    assert "fasciculation" in told
    assert page.get_by_role("button", name="Print this page").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Full report for the doctor").click()
    assert download.value.suggested_filename.endswith(".html")
    assert fits(page)


def test_an_emergency_stops_at_once(opened: Callable[..., Any]) -> None:
    page = opened(320)
    walk(page, {"screen_sudden": ["One side of the face hangs down"]})
    assert page.url.endswith("/emergency")
    assert page.locator("h1").inner_text() == "Get help now: call 999"
    assert fits(page)
    page.reload()
    page.goto(page.url.replace("/emergency", "/question"))
    assert page.url.endswith("/emergency")


def test_a_recording_from_upload_to_the_picture_of_the_night(opened: Callable[..., Any], night: Path) -> None:
    page = opened(768)
    press(page, "button", "Start")
    visit = visit_of(page)
    page.goto(page.url.replace("/question", "/recordings"))
    page.get_by_label("Add a file").set_input_files(night)
    press(page, "button", "Add this file")
    page.wait_for_url("**/recordings/*")
    assert "EDF+C" in page.inner_text("main")
    press(page, "button", "Look through it")
    page.get_by_role("heading", name="What was found").wait_for(timeout=60_000)
    page.goto(page.url.split("/recordings")[0] + "/result")
    assert page.locator(".night svg .periodic").count() > 5
    assert visit in page.url


def test_a_file_that_is_no_recording_is_told(opened: Callable[..., Any], tmp_path: Path) -> None:
    page = opened(320)
    press(page, "button", "Start")
    page.goto(page.url.replace("/question", "/recordings"))
    (tmp_path / "photo.edf").write_bytes(b"\x89PNG" + bytes(5000))
    page.get_by_label("Add a file").set_input_files(tmp_path / "photo.edf")
    press(page, "button", "Add this file")
    page.wait_for_url("**/recordings/*")
    assert page.locator(".inset.bad").count() == 1
    assert fits(page)


def press_until(page: Any, key: str, there: Callable[[Any], bool], most: int = 80) -> None:
    for _ in range(most):
        if there(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"not reached by {key}")


def focused(page: Any) -> str:
    script = "(e => e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText || '')(document.activeElement)"
    return str(page.evaluate(script)).strip()


def ringed(page: Any) -> bool:
    return bool(page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"))


def test_by_keyboard_alone(opened: Callable[..., Any]) -> None:
    page = opened(1280)

    def to(label: str) -> None:
        press_until(page, "Tab", lambda here: focused(here).startswith(label))
        assert ringed(page), label

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the main part"
    page.keyboard.press("Enter")
    to("Where are you?")
    page.keyboard.type("United K")
    to("Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question")
    to("Continue")
    page.keyboard.press("Enter")
    page.locator("#wrong:focus").wait_for()
    assert page.evaluate("document.activeElement.id") == "wrong"
    to("Choose what fits")
    to(NONE)
    page.keyboard.press("Space")
    to("Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question")
    page.locator("form[action$=screen_weak]").wait_for()
    assert question(page) == "screen_weak"
    to("Why do we ask this?")
    page.keyboard.press("Enter")
    assert page.locator("details p").is_visible()
    to("I'm not sure")
    page.keyboard.press("Enter")
    page.locator("form[action$=screen_worse]").wait_for()
    visit = visit_of(page)
    page.goto(page.url.replace("/question", "/question/kind_burden"))
    to("It is uncomfortable")
    page.keyboard.press("Space")
    to("Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question")
    page.goto(page.url.replace("/question", "/check"))
    to("See the result")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    to("What more answers could tell")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    assert visit in page.url


def test_without_scripts(opened: Callable[..., Any], night: Path) -> None:
    page = opened(768, scripts=False)
    walk(page, TWITCH)
    assert page.url.endswith("/more")
    press(page, "link", "Medicines")
    page.get_by_label("Name of the medicine").fill("ibuprofn")
    press(page, "button", "Add this medicine")
    page.get_by_label("ibuprofen", exact=True).check()
    press(page, "button", "Add this")
    assert "Understood as ibuprofen" in page.content()
    press(page, "link", "Continue")
    page.get_by_label("Look for").fill("cream")
    press(page, "button", "Search")
    page.get_by_label("skin lightening cream").check()
    press(page, "button", "Add what I chose")
    press(page, "link", "Continue")
    press(page, "link", "Continue")
    page.get_by_label("Add a file").set_input_files(night)
    press(page, "button", "Add this file")
    press(page, "button", "Look through it")
    page.get_by_role("heading", name="What was found").wait_for(timeout=60_000)  # the page asks again by itself
    page.goto(page.url.split("/recordings")[0] + "/result")
    assert "What could cause it" in page.content()
    assert not page.get_by_role("button", name="Print this page").is_visible()


# ---- every page ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(browser: Any, served: Settings, night: Path) -> dict[str, str]:
    """Pages with something on them: name → path."""
    page = browser.new_page()
    page.goto(served.address)
    walk(
        page, {**TWITCH, "kind_movement": ["The legs kick again and again in sleep (I was told so, or I wake from it)"]}
    )
    here = f"/visit/{visit_of(page)}"
    root = f"http://127.0.0.1:{served.port}"
    page.goto(f"{root}{here}/medicines")
    page.get_by_label("Name of the medicine").fill("lithium")
    press(page, "button", "Add this medicine")
    page.goto(f"{root}{here}/labs?lab=ferritin")
    page.get_by_label("Result").fill("18")
    page.get_by_label("Unit").select_option("ng/mL")
    press(page, "button", "Add this result")
    page.goto(f"{root}{here}/recordings")
    page.get_by_label("Add a file").set_input_files(night)
    press(page, "button", "Add this file")
    page.wait_for_url("**/recordings/*")
    press(page, "button", "Look through it")
    page.get_by_role("heading", name="What was found").wait_for(timeout=60_000)
    recording = page.url.removeprefix(root)
    page.goto(f"{root}{here}/result")
    case = page.get_by_role("link", name="Everything that is kept").get_attribute("href")
    page.goto(root + case)
    press(page, "button", "Answer again today")
    second = visit_of(page)
    page.goto(f"{root}/visit/{second}/question/screen_sudden")
    page.get_by_label("One side of the face hangs down").check()
    press(page, "button", "Continue")
    page.close()
    first = here.removeprefix("/visit/")
    names = ("more", "medicines", "exposures", "labs", "labs?lab=ferritin", "recordings", "check", "result")
    pages = {name: f"{here}/{name}" for name in names}
    asked = (
        *("screen_sudden", "screen_cancer_pregnancy_age", "kind_duration", "rls_rest", "twitch_where"),
        *("home_walk", "home_heel_raises", "home_chair", "home_hands", "home_tongue", "home_calves"),
    )
    pages |= {id: f"{here}/question/{id}" for id in asked}
    pages |= {"start": "/", "cases": "/cases", "case": case, "delete": f"{case}/delete", "recording": recording}
    pages |= {"compare": f"{case}/compare?one={first}&two={second}", "emergency": f"/visit/{second}/emergency"}
    return pages | {"missing": "/nowhere"}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_violation_or_is_too_wide(
    browser: Any, served: Settings, filled: dict[str, str], width: int, axe_violations: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(served.address)
    wrong, wide = [], []
    for name, path in filled.items():
        page.goto(f"http://127.0.0.1:{served.port}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong += axe_violations(page)
        wide += [] if fits(page) else [name]
    context.close()
    assert wrong == []
    assert wide == []


def test_pages_that_tell_an_error_have_no_violation(opened: Callable[..., Any], axe_violations: Any) -> None:
    page = opened(320, axe=True)
    press(page, "button", "Start")
    press(page, "button", "Continue")
    assert page.locator("#wrong").count() == 1
    assert axe_violations(page) == []
    here = page.url.split("/question")[0]
    page.goto(f"{here}/medicines")
    page.get_by_label("Name of the medicine").fill("ibuprofn")
    press(page, "button", "Add this medicine")
    assert axe_violations(page) == []
    press(page, "button", "Add this")
    assert page.locator("#wrong").count() == 1
    assert axe_violations(page) == []
    assert fits(page)


def test_a_planted_violation_is_found(opened: Callable[..., Any], axe_violations: Any) -> None:
    page = opened(axe=True)
    page.evaluate("document.querySelector('label[for=country]').remove()")
    assert any("select-name" in one for one in axe_violations(page))


def test_a_page_that_is_too_wide_is_found(opened: Callable[..., Any]) -> None:
    page = opened(320, axe=True)
    assert fits(page)
    page.evaluate("document.querySelector('h1').style.width = '500px'")
    assert not fits(page)


def test_a_style_of_its_own_is_refused_by_the_policy(browser: Any, served: Settings) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(served.address)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.planted=1>')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.planted") is None
    assert said
    context.close()
