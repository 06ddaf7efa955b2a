"""Who may ask: the key, the host that was called, where the request comes from, and how large it is.

This stands before everything else, static files included: whoever has no key gets one plain page.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from legtwitch.web.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SAFE_METHODS = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with a form.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
NO_KEY = (
    "This page is for the person who started legtwitch. Open the address that it printed when it started, "
    "with the key at its end.\n"
)


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.cookie = f"legtwitch_{settings.port}"
        self.session = _made_of(settings.token, "session")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        answer = self._answer(scope)
        sender = _with_headers(send)
        if answer is not None:
            await answer(scope, receive, sender)
            return
        scope["state"]["csrf"] = csrf(self.settings)
        await self.app(scope, receive, sender)

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further, or None."""
        headers = Headers(scope=scope)
        if not self._host_known(headers.get("host", "")):
            return _refused("This name of the computer is not known here.")
        origin = headers.get("origin")
        if origin is not None and not _same(origin, scope["scheme"], headers.get("host", "")):
            return _refused("Requests from other pages are not answered.")
        if headers.get("sec-fetch-site") == "cross-site" and scope["method"] not in SAFE_METHODS:
            return _refused("Requests from other pages are not answered.")
        if self._bearer(headers.get("authorization", "")):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and "token" in query and _equal(query["token"][0], self.settings.token):
            return self._let_in(scope, query)
        if not _equal(_cookie(headers.get("cookie", ""), self.cookie), self.session):
            return _refused(NO_KEY)
        return None

    def _let_in(self, scope: Scope, query: dict[str, list[str]]) -> Response:
        """Return the redirect that puts the key into a cookie and takes it out of the address."""
        rest = urlencode([(name, one) for name, many in query.items() if name != "token" for one in many])
        path = "/" + scope["path"].lstrip("/")
        answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        answer.set_cookie(self.cookie, self.session, httponly=True, samesite="strict", path="/")
        return answer

    def _bearer(self, authorization: str) -> bool:
        kind, _, key = authorization.partition(" ")
        return kind.lower() == "bearer" and _equal(key.strip(), self.settings.token)

    def _host_known(self, host: str) -> bool:
        name, port = _split(host)
        if port != self.settings.port:
            return False
        if name in LOOPBACK or name in self.settings.names or name == self.settings.host:
            return True
        # A page elsewhere can make a name of its own point here, but not a plain address.
        return not self.settings.is_local and _is_address(name)


def csrf(settings: Settings) -> str:
    """Return the secret word that every form carries."""
    return _made_of(settings.token, "csrf")


def csrf_holds(settings: Settings, given: object) -> bool:
    """Return whether a form carried the secret word."""
    return isinstance(given, str) and _equal(given, csrf(settings))


def _made_of(token: str, what: str) -> str:
    return hmac.new(token.encode(), what.encode(), hashlib.sha256).hexdigest()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _refused(why: str) -> Response:
    return PlainTextResponse(why if why.endswith("\n") else f"{why}\n", 403)


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _split(host: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "").lower(), parts.port if parts.port is not None else 80
    except ValueError:
        return "", None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(origin: str, scheme: str, host: str) -> bool:
    return origin.lower() == f"{scheme}://{host}".lower()


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sender
