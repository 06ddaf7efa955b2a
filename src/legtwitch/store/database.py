"""The database: SQLite with a write-ahead log, every commit on disk before it counts, and deletions that overwrite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine, create_engine, event

from legtwitch.errors import FileError
from legtwitch.store import codes

NAME = "cases.sqlite3"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=10000")


def open_database(folder: Path) -> Engine:
    """Return an engine on the database of a folder, made or brought to the newest shape.

    A transaction opened with the execution option `write=True` takes the write lock at its start, so what it reads
    can't change before it writes.

    Raises
    ------
    FileError: a newer version wrote the database (E276).
    """
    engine = create_engine(f"sqlite:///{folder / NAME}")
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.execution_options(write=True).begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            do = "Install the newer version again, or name another folder in LEGTWITCH_DATA."
            raise FileError(
                codes.NEWER_DATABASE, "The kept cases were written by a newer version.", got=NAME, do=do
            ) from error
    (folder / NAME).chmod(0o600)
    return engine


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_on_begin` says, not where the driver guesses
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Any) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def forget(engine: Engine) -> None:
    """Empty the write-ahead log into the database, so that nothing deleted stands in it any longer."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()
