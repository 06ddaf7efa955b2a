"""What all public functions share."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike

StrPath = str | PathLike[str]
Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Report progress to nobody."""
