"""How one run of the web app is set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one run.

    folder: where cases are kept. host, port: where it listens. token: the key in the opened address, new for every run.
    names: further names under which a browser may call it, beside the loopback names (or beside every plain IP address
    where it listens on more than this computer).
    most_bytes: the largest recording taken. most_form_bytes: the largest other request. Work on one recording may take
    `most_seconds` of wall time and `most_memory` bytes.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8765
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    names: tuple[str, ...] = ()
    most_bytes: int = 2_000_000_000
    most_form_bytes: int = 1_000_000
    most_seconds: float = 900.0
    most_memory: int = 3_000_000_000

    @property
    def address(self) -> str:
        """The address to open, key included."""
        name = "127.0.0.1" if self.host in ("", "0.0.0.0", "::", "localhost") else self.host
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/?token={self.token}"

    @property
    def is_local(self) -> bool:
        """Whether only this computer can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")
