"""The app, put together."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from legtwitch.errors import InputError, LegtwitchError
from legtwitch.store import Store
from legtwitch.version import __version__
from legtwitch.web import (
    api_v1,
    pages_lists,
    pages_questions,
    pages_recordings,
    pages_result,
    pages_start,
)
from legtwitch.web.desk import Desk, charts_style, page
from legtwitch.web.engine import Engine
from legtwitch.web.guard import Guard
from legtwitch.web.jobs import Jobs
from legtwitch.web.limit import SizeLimit
from legtwitch.web.settings import Settings

_LOG = logging.getLogger("legtwitch")
UPLOADS = ("/recordings/upload", "/cases/upload", "/api/v1/score")
ROOMS = (pages_start, pages_questions, pages_lists, pages_recordings, pages_result, api_v1)


def create_app(settings: Settings) -> FastAPI:
    """Return the app over the data folder of the settings. Raises FileError when the folder can't be used."""
    store = Store(settings.folder, most_bytes=settings.most_bytes)
    engine = Engine(store)
    desk = Desk(settings, store, engine, Jobs(store, settings))

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        store.tidy()
        desk.jobs.start()
        engine.warm_up()
        yield
        desk.jobs.stop()
        store.close()

    app = FastAPI(
        title="legtwitch",
        version=__version__,
        description="For a leg that twitches. Research and education software, not a medical device.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.desk = desk
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    for room in ROOMS:
        app.include_router(room.router)
    app.add_api_route("/charts.css", _charts_style, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(SizeLimit, most_bytes=settings.most_form_bytes, uploads=UPLOADS)
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]
    app.add_exception_handler(InputError, _input_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _fault)
    return app


def _charts_style() -> Response:
    return Response(charts_style(), media_type="text/css")


def _described(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI description, which says that a key is needed."""
    if not app.openapi_schema:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"key": []}]
        app.openapi_schema = made
    return app.openapi_schema


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _http_error(request: Request, error: HTTPException) -> Response:
    text = str(error.detail)
    if _for_programs(request):
        return api_v1.refused(api_v1.unreadable(text), error.status_code)
    titles = {404: "This page is not here", 403: "This did not work", 413: "That is too large"}
    told = "There is no page at this address." if text == "Not Found" else text
    title = titles.get(error.status_code, "This did not work")
    return page(request, "message", error.status_code, title=title, text=told, do="", code="", to="", link="")


def _input_error(request: Request, error: InputError) -> Response:
    if _for_programs(request):
        return api_v1.refused(error)
    return page(
        request, "message", 422, title="This did not work", text=error.message, do=error.do, code=error.code, to="",
        link="",
    )  # fmt: skip


def _invalid(request: Request, error: RequestValidationError) -> Response:
    where = "; ".join(".".join(map(str, one["loc"])) + ": " + str(one["msg"]) for one in error.errors()[:3])
    if _for_programs(request):
        return api_v1.refused(api_v1.unreadable(where))
    text = "What the browser sent can't be read."
    return page(request, "message", 422, title="This did not work", text=text, do="", code="", to="", link="")


def _fault(request: Request, error: Exception) -> Response:
    """Answer a fault of our own; the log names the place in the program and nothing that a person wrote."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    _LOG.error("fault: %s at %s:%s", type(error).__name__, Path(where.filename).name, where.lineno)
    fault = LegtwitchError("E900", "Something went wrong inside legtwitch; this is our fault, not yours.")
    if _for_programs(request):
        return JSONResponse({"error": fault.as_dict()}, 500)
    do = "Your answers are kept. Go back and try again."
    return page(request, "message", 500, title="Sorry, this did not work", text=fault.message, do=do, code="E900",
                to="", link="")  # fmt: skip
