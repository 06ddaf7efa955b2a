"""`legtwitch serve`: the web app on this computer."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
import webbrowser
from pathlib import Path

from legtwitch.errors import UsageError


def serve(*, port: int, host: str, names: list[str], folder: Path | None, most_mb: int, browser: bool) -> None:
    """Serve until it is stopped; the address, key included, is printed when it answers.

    Parameters
    ----------
    port: 0 takes a free one. host: where to listen. names: further names under which browsers call it.
    folder: where cases are kept; None for the usual place. most_mb: the largest recording taken.
    browser: also open the address.

    Raises
    ------
    UsageError: the port is taken (E160), or the app is open on the folder already (E167). FileError: the data folder
        can't be used.
    """
    import uvicorn

    from legtwitch.store.folder import alone, data_folder, ready
    from legtwitch.web import Settings, create_app

    kept_in = ready(folder) if folder else data_folder()
    with contextlib.closing(_listen(host, port)) as listening, alone(kept_in) as free:
        if not free:
            raise UsageError(
                "E167",
                "The web app is already open on this data folder.",
                got=str(kept_in),
                do="Use the one that is open, or end it first.",
            )
        settings = Settings(
            kept_in,
            host=host,
            port=int(listening.getsockname()[1]),
            names=tuple(names),
            most_bytes=most_mb * 1_000_000,
        )
        # uvicorn's own log of requests would hold addresses with ids; nothing of a request is logged.
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        logging.getLogger("uvicorn.error").addFilter(_without_tracebacks)
        config = uvicorn.Config(
            create_app(settings), log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
        server = uvicorn.Server(config)
        if not settings.is_local:
            sys.stderr.write("Careful: others in this network can reach this address, and it is not encrypted.\n")
        threading.Thread(target=_tell, args=(server, settings.address, browser), daemon=True).start()
        server.run(sockets=[listening])


def _without_tracebacks(record: logging.LogRecord) -> bool:
    """Keep tracebacks out of the log: their messages may hold answers. The app logs the place of a fault itself."""
    return record.exc_info is None and "Exception in ASGI" not in str(record.msg)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(
            "E160",
            "The port can't be used; another program may have it.",
            got=f"{host}:{port}",
            allowed="a free port from 1024 to 65535, or 0 for any free one",
            do="Choose another with --port.",
        ) from error
    return listening


def _tell(server: object, address: str, browser: bool) -> None:
    """Print the address as soon as the server answers."""
    waiting = threading.Event()
    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        waiting.wait(0.05)
    sys.stdout.write(f"Open this address in a browser on this computer:\n{address}\nPress Ctrl+C to stop.\n")
    sys.stdout.flush()
    if browser:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)
