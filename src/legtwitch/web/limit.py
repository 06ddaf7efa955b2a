"""No request but an upload may be large."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = "The request is larger than is taken here.\n"


class SizeLimit:
    """ASGI middleware; uploads count their bytes themselves."""

    def __init__(self, app: ASGIApp, most_bytes: int, uploads: tuple[str, ...]) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through unless it is too large."""
        if scope["type"] != "http" or scope["path"].endswith(self.uploads):
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > self.most_bytes:
            await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
            return
        got = 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > self.most_bytes:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self.app(scope, counted, send)
