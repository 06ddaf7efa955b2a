"""The local web app: one question at a time, on the user's own computer.

Everything it needs is in the package; it fetches nothing, and every page works without JavaScript. Names are loaded on
first use: the process that reads a recording does not pay for the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legtwitch.web.app import create_app
    from legtwitch.web.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from legtwitch.web.app import create_app

        return create_app
    if name == "Settings":
        from legtwitch.web.settings import Settings

        return Settings
    raise AttributeError(f"module 'legtwitch.web' has no attribute {name!r}")
