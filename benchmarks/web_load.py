"""Many people answer the web app at once: each answers a question, reads the next page, and thinks for some seconds.

Printed: answers, errors, median, 95th percentile and longest time from pressing Continue to the next page, and the
share of one core that the server took. With `--check` it fails where there is an error or the 95th percentile is over
500 ms. An interview takes about 25 answers, so 300 seconds show all kinds of questions.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from web_server import Served, secret, served

LIMIT_S = 0.5
NONE = re.compile(r'name="pick" value="(\d+)" data-alone')
FIRST = re.compile(r'name="pick" value="(\d+)"')


@dataclass
class Told:
    """What was measured. times_s: of each answer."""

    times_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    finished: int = 0


def form(page: str) -> tuple[str, dict[str, str]] | None:
    """Return address and fields of an answer to the question of a page: none of these, or the first choice."""
    action = re.search(r'action="(/visit/\w+/question/\w+)"', page)
    asks = re.search(r'name="asks" value="([^"]*)"', page)
    if action is None or asks is None:
        return None
    fields = {"csrf": secret(page), "asks": asks[1], "then": "", "answer": "given"}
    picked = NONE.search(page) or FIRST.search(page)
    if picked is not None:
        fields["pick"] = picked[1]
    fields |= {f"n-{ref}": "34" for ref in re.findall(r'id="n-(age)"', page)}
    if picked is None and "n-age" not in fields:
        fields["answer"] = "unsure"
    return action[1], fields


async def person(server: Served, number: int, think_s: float, end: float, told: Told) -> None:
    """Answer until the time is over; a finished interview is followed by another."""
    chance = random.Random(number)
    async with httpx2.AsyncClient(base_url=server.root, follow_redirects=True, timeout=60) as client:
        await asyncio.sleep(chance.uniform(0, think_s))
        start = (await client.get(server.address)).text
        while time.monotonic() < end:
            answer = await client.post("/cases", data={"csrf": secret(start), "country": "GB"})
            while (asked := form(answer.text)) is not None and time.monotonic() < end:
                await asyncio.sleep(chance.uniform(0.8, 1.2) * think_s)
                began = time.perf_counter()
                answer = await client.post(asked[0], data=asked[1])
                told.times_s.append(time.perf_counter() - began)
                if answer.status_code != 200:
                    told.errors.append(f"{answer.status_code} {asked[0]}")
                    return
            told.finished += asked is None


async def crowd(server: Served, people: int, think_s: float, seconds: float) -> Told:
    """Let all of them answer at once."""
    told = Told()
    end = time.monotonic() + seconds
    ran = await asyncio.gather(
        *(person(server, number, think_s, end, told) for number in range(people)), return_exceptions=True
    )
    told.errors += [f"{type(one).__name__}: {one}" for one in ran if isinstance(one, BaseException)]
    return told


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process so far; 0 where the system does not tell."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two answers")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    with served() as server:
        before, began = cpu_s(server.pid), time.monotonic()
        told = asyncio.run(crowd(server, min(given.people, 1000), given.think, min(given.seconds, 600.0)))
        share = (cpu_s(server.pid) - before) / (time.monotonic() - began)
    times = sorted(told.times_s)
    p95 = times[int(0.95 * len(times))]
    print(f"{given.people} people, an answer every {given.think:g} s, {given.seconds:g} s")
    print(f"answers {len(times)}, interviews finished {told.finished}, errors {len(told.errors)}")
    print(
        f"median {1000 * statistics.median(times):.0f} ms, 95 % {1000 * p95:.0f} ms, longest {1000 * times[-1]:.0f} ms"
    )
    print(f"the server took {share:.2f} of one core")
    for one in told.errors[:5]:
        print(f"  {one}")
    if given.check and (told.errors or p95 > LIMIT_S):
        sys.exit("over the limit")


if __name__ == "__main__":
    main()
