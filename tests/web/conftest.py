"""A running app in this process, and a person who fills in its forms as a browser without JavaScript would."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import legtwitch as lt
from legtwitch.web import Settings, create_app

PORT = 8765
HOME = f"http://127.0.0.1:{PORT}"


class Person:
    """Fills in forms by what stands on the page."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page = client.get("/")

    @property
    def text(self) -> str:
        """What the page says, without markup."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page.text)).split())

    @property
    def path(self) -> str:
        return self.page.url.path

    @property
    def visit(self) -> str:
        found = re.search(r"/visit/([0-9a-f]+)", self.path + self.page.text)
        assert found is not None
        return found[1]

    @property
    def secret(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        assert found is not None
        return found[1]

    @property
    def errors(self) -> list[str]:
        summary = re.search(r'id="wrong".*?</ul>', self.page.text, re.DOTALL)
        return [unescape(one) for one in re.findall(r"<a [^>]*>(.*?)</a>", summary[0])] if summary else []

    def open(self, path: str) -> Person:
        self.page = self.client.get(path)
        return self

    def send(self, to: str, **fields: Any) -> Person:
        self.page = self.client.post(to, data={"csrf": self.secret, **fields})
        return self

    def start(self, country: str = "GB") -> Person:
        self.open("/")
        return self.send("/cases", country=country)

    @property
    def question(self) -> str:
        found = re.search(r'action="/visit/[0-9a-f]+/question/([a-z_]+)"', self.page.text)
        assert found is not None, self.text[:300]
        return found[1]

    def answer(self, *labels: str, unsure: bool = False, **numbers: str) -> Person:
        """Answer the question of the page by the labels of its choices."""
        html = self.page.text
        asks = re.search(r'name="asks" value="([^"]*)"', html)
        then = re.search(r'name="then" value="([^"]*)"', html)
        assert asks is not None
        assert then is not None
        labelled = {unescape(label): n for n, label in re.findall(r'<label for="pick-(\d+)">(.*?)</label>', html)}
        fields: dict[str, Any] = {"asks": asks[1], "then": then[1], "answer": "unsure" if unsure else "given"}
        fields["pick"] = [labelled[one] for one in labels]
        fields |= {key.replace("_of_", "-", 1): value for key, value in numbers.items()}
        return self.send(f"/visit/{self.visit}/question/{self.question}", **fields)

    def answer_all(self, told: Mapping[str, Sequence[str]] | None = None, most: int = 40) -> Person:
        """Answer `None of these` (or the first choice) to everything but what is told."""
        told = told or {}
        for _ in range(most):
            if not re.fullmatch(r"/visit/[0-9a-f]+/question", self.path):
                return self
            html, id = self.page.text, self.question
            labels = [unescape(one) for one in re.findall(r'<label for="pick-\d+">(.*?)</label>', html)]
            numbers = {f"n_of_{ref}": "4" for ref in re.findall(r'id="n-([a-z_]+)"', html) if "weeks" not in ref}
            numbers |= {
                f"u_of_{ref}": unit for ref, unit in re.findall(r'id="u-([a-z_]+)".*?value="(\w+)"', html, re.DOTALL)
            }
            if "n_of_age" in numbers:
                numbers["n_of_age"] = "34"
            picked = told.get(id) or [one for one in labels if one == "None of these"] or labels[:1]
            if "None of these" in picked:
                numbers = {key: value for key, value in numbers.items() if "age" in key}
            self.answer(*picked, **numbers)
            assert self.page.status_code == 200, (id, self.errors)
        raise AssertionError("the interview does not end")

    def upload(self, name: str, content: bytes) -> Person:
        self.open(f"/visit/{self.visit}/recordings")
        files = {"file": (name, content, "application/octet-stream")}
        self.page = self.client.post(f"/visit/{self.visit}/recordings/upload", data={"csrf": self.secret}, files=files)
        return self

    def wait(self, seconds: float = 40.0) -> str:
        """Wait until the recording of the page is done and return its state."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.client.get(f"{self.path}/state").json()
            if not state["busy"]:
                self.open(self.path)
                return str(state["state"])
            time.sleep(0.1)
        raise AssertionError("still busy")


TWITCHING = {
    "kind_movement": ["Small twitches or flutters inside a muscle", "Small twitches that can be seen under the skin"],
    "home_heel_raises": ["Both legs can do ten"],
    "home_chair": ["Yes"],
    "home_hands": ["Both hands can do it"],
    "home_tongue": ["It lies still"],
}


@pytest.fixture
def twitching() -> dict[str, list[str]]:
    """Answers of somebody with harmless twitching."""
    return {key: list(value) for key, value in TWITCHING.items()}


@pytest.fixture
def run_app() -> Callable[..., TestClient]:
    """Make an app over a folder; use it as a context."""
    return running


@pytest.fixture
def person_at() -> Callable[[TestClient], Person]:
    """Make a person in front of a client that is let in."""
    return Person


def running(folder: Path, **more: Any) -> TestClient:
    settings = Settings(folder, port=PORT, token="key", **more)
    return TestClient(create_app(settings), base_url=HOME, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The app without its key: nobody is in yet."""
    with running(tmp_path_factory.mktemp("data"), most_bytes=20_000_000) as client:
        yield client


@pytest.fixture
def client(app: TestClient) -> Iterator[TestClient]:
    """The app with the key in its cookie."""
    app.cookies.clear()
    assert app.get("/?token=key").status_code == 200
    yield app
    app.cookies.clear()


@pytest.fixture
def person(client: TestClient) -> Person:
    return Person(client)


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An hour of a simulated night."""
    path = tmp_path_factory.mktemp("night") / "night.edf"
    lt.simulate_night(5, hours=1.0, path=path)
    return path.read_bytes()
