"""Run a reader on a file and print what it found, what it said and how it ended, as one line of JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def tell(main: Callable[[str], dict[str, Any]], path: str) -> None:
    """Print the result; what the reader writes itself goes to stderr."""
    out = os.dup(1)
    os.dup2(2, 1)
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = main(path)
            found["said"] = [*found.get("said", []), *kept.said, *(str(one.message) for one in caught)]
        except BaseException as error:
            found = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.flush()
    os.write(out, (json.dumps(found) + "\n").encode())
