"""`legtwitch serve` as a program of its own: its address, what it takes, and a kill at any moment."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

NONE = "None of these"


class Server:
    """A running `legtwitch serve`, and a browser that is let in."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "legtwitch", "serve", "--no-browser", "--port", "0", *options],
            env={**os.environ, "LEGTWITCH_DATA": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.address = self.process.stdout.readline().strip()
        self.root = self.address.split("/?")[0]
        self.browser = httpx2.Client(base_url=self.root, follow_redirects=True, timeout=30)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=30)

    def end(self, how: int = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(how)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


def test_it_serves_on_this_computer_alone_and_ends_quietly(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", server.address)
        assert server.browser.get("/").status_code == 403
        assert "Questions about a leg that twitches" in server.browser.get(server.address).text
        assert "<h1>My cases</h1>" in server.browser.get("/cases").text
        code, err = server.end()
    assert code in (0, 130, -signal.SIGINT)
    assert "Traceback" not in err
    assert "GET" not in err


@pytest.mark.parametrize("port", ["taken", "99999", "-1"])
def test_a_port_that_cant_be_used_is_told(run: Callable[..., Any], tmp_path: Path, port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wanted = str(other.getsockname()[1]) if port == "taken" else port
        ran = run("serve", "--no-browser", "--data", str(tmp_path), "--port", wanted)
    assert ran.code == 2
    assert "E160" in ran.err


def test_a_data_folder_that_cant_be_used_is_told(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ran = run("serve", "--no-browser", "--port", "0", "--data", str(tmp_path / "file"))
    assert ran.code == 2
    assert "E270" in ran.err


def test_other_commands_do_not_pay_for_the_server() -> None:
    script = "import sys, legtwitch.cli.main; print({'fastapi', 'sqlalchemy', 'uvicorn', 'alembic'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "set()"


def test_one_data_folder_is_served_once(run: Callable[..., Any], tmp_path: Path) -> None:
    with Server(tmp_path) as first:
        ran = run("serve", "--no-browser", "--port", "0", "--data", str(tmp_path))
        assert ran.code == 2
        assert "E167" in ran.err
        first.end(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    with Server(tmp_path) as again:
        assert again.browser.get(again.address).status_code == 200


def answers_until_killed(folder: Path, delay_s: float) -> list[str]:
    """Answer question after question until the server is killed; return the ids of those it had confirmed."""
    confirmed = []
    with Server(folder) as server:
        page = server.browser.get(server.address).text
        page = server.browser.post("/cases", data={"csrf": _secret(page)}).text
        timer = threading.Timer(delay_s, server.process.kill)
        timer.start()
        try:
            while (action := re.search(r'action="(/visit/\w+/question/(\w+))"', page)) is not None:
                asks = re.search(r'name="asks" value="([^"]*)"', page)
                assert asks is not None
                fields = {"csrf": _secret(page), "asks": asks[1], "then": "", "answer": "unsure"}
                page = server.browser.post(action[1], data=fields).text
                confirmed.append(action[2])
        except httpx2.TransportError:
            pass
        timer.join()
    return confirmed


def _secret(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found is not None
    return found[1]


def kept_answers(folder: Path) -> set[str]:
    """Return the ids of all answered questions, as they lie on disk."""
    from legtwitch.store import Store

    store = Store(folder)
    visits = [store.visit(id) for case in store.cases() for id in case.visits]
    store.close()
    return {step.question for visit in visits if visit is not None for step in visit.steps}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("delay_s", [0.3])
def test_a_killed_server_has_kept_every_answer(tmp_path: Path, delay_s: float) -> None:
    confirmed = answers_until_killed(tmp_path, delay_s)
    assert confirmed
    assert set(confirmed) <= kept_answers(tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_server_killed_twenty_times_has_kept_every_answer(tmp_path: Path) -> None:
    chance = random.Random(3)
    for number in range(20):
        folder = tmp_path / str(number)
        confirmed = answers_until_killed(folder, chance.uniform(0.05, 1.0))
        assert set(confirmed) <= kept_answers(folder)
