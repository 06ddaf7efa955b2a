"""Writes to a store until it is killed; says on stdout what was confirmed."""

from __future__ import annotations

import sys
from pathlib import Path

from legtwitch.store import Step, Store


def main(folder: Path) -> None:
    store = Store(folder)
    store.tidy()
    visit = store.add_case("crash", {})
    print("case", visit, flush=True)
    number = 0
    while True:
        number += 1
        question = f"q{number}"
        store.answer(visit, Step(question, ("felt_weakness",), (question,), {"felt_weakness": "absent"}), "routine")
        print("answer", visit, question, flush=True)
        if number % 7 == 0:
            content = f"{visit} {number} ".encode() * 20_000
            with store.files.upload() as upload:
                upload.write(content)
                sha256 = upload.finish()
            recording = store.add_recording(visit, f"{number}.edf", sha256, len(content))
            print("file", recording, sha256, flush=True)
        if number % 11 == 0:
            store.set_block(visit, "medications", [f"medicine {number}"], "routine")
            print("medicine", visit, number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
