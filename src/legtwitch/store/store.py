"""The store: every method that changes something returns only when it is on disk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import date as Date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from legtwitch.errors import FileError
from legtwitch.store import codes, tables
from legtwitch.store.database import forget, open_database
from legtwitch.store.files import Files, safe_name
from legtwitch.store.folder import ready
from legtwitch.store.records import Case, Kept, State, Step, Visit

BLOCKS = ("medications", "exposures", "labs")
_COLUMNS = [column for column in tables.recording.c if column.name != "result"]
_HAS_RESULT = tables.recording.c.result.is_not(None).label("has_result")


def new_id() -> str:
    """Return an id that can't be guessed."""
    return secrets.token_hex(8)


class Store:
    """Everything kept in one data folder.

    Parameters
    ----------
    folder: the data folder. most_bytes: the largest file taken, in bytes.

    Raises
    ------
    FileError: the folder can't be used (E270), or a newer version wrote the database (E276).
    """

    def __init__(self, folder: Path, *, most_bytes: int = 2_000_000_000) -> None:
        self.folder = ready(folder)
        self._engine = open_database(self.folder)
        self._writing = self._engine.execution_options(write=True)
        self.files = Files(self.folder, most_bytes=most_bytes)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def tidy(self) -> None:
        """Set right what a crash left: files that no recording names go, work that was under way waits again."""
        with self._write() as connection:
            column = tables.recording.c.state
            connection.execute(update(tables.recording).where(column == "working").values(state="waiting"))
            hashes = [row[0] for row in connection.execute(select(tables.recording.c.sha256).distinct())]
            self.files.keep_only(hashes)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    # ---- cases and visits --------------------------------------------------------------------------------------------

    def cases(self) -> tuple[Case, ...]:
        """Return all cases, the one that was changed last first."""
        visit, case = tables.visit, tables.case
        with self._read() as connection:
            rows = connection.execute(
                select(case, visit.c.id.label("visit"))
                .join(visit, visit.c.case_id == case.c.id)
                .order_by(visit.c.case_id, visit.c.number)
            ).all()
            changed = connection.execute(select(visit.c.case_id, func.max(visit.c.changed)).group_by(visit.c.case_id))
            newest = {row[0]: row[1] for row in changed}
        found: dict[str, list[Row[Any]]] = {}
        for row in rows:
            found.setdefault(row.id, []).append(row)
        cases = [Case(id, own[0].title, own[0].made, tuple(row.visit for row in own)) for id, own in found.items()]
        return tuple(sorted(cases, key=lambda one: newest[one.id], reverse=True))

    def case(self, id: str) -> Case | None:
        """Return a case, or None where there is none."""
        with self._read() as connection:
            row = connection.execute(select(tables.case).where(tables.case.c.id == id)).first()
            if row is None:
                return None
            visits = connection.execute(
                select(tables.visit.c.id).where(tables.visit.c.case_id == id).order_by(tables.visit.c.number)
            )
            return Case(row.id, row.title, row.made, tuple(one.id for one in visits))

    def add_case(self, title: str, base: Mapping[str, Any], *, today: Date | None = None) -> str:
        """Make a case with its first visit and return the id of the visit.

        base: what is known at the start, as a case file holds it (its date and recordings are not taken).
        """
        case = new_id()
        with self._write() as connection:
            connection.execute(insert(tables.case).values(id=case, title=title[:200], made=_now()))
            return self._add_visit(connection, case, 1, base, today)

    def add_visit(self, case: str, base: Mapping[str, Any], *, today: Date | None = None) -> str:
        """Begin the answers of a new day for a case and return the id of the visit. Raises KeyError: no such case."""
        with self._write() as connection:
            last = connection.execute(
                select(func.max(tables.visit.c.number)).where(tables.visit.c.case_id == case)
            ).scalar()
            if last is None:
                raise KeyError(case)
            return self._add_visit(connection, case, last + 1, base, today)

    def _add_visit(
        self, connection: Connection, case: str, number: int, base: Mapping[str, Any], today: Date | None
    ) -> str:
        id = new_id()
        kept = {key: value for key, value in base.items() if key not in (*BLOCKS, "date", "recordings")}
        connection.execute(
            insert(tables.visit).values(
                id=id,
                case_id=case,
                number=number,
                date=today or Date.today(),
                changed=_now(),
                version=0,
                level="",
                base=kept,
                **{name: base.get(name) for name in BLOCKS},
            )
        )
        return id

    def add_whole(self, title: str, visits: Sequence[Visit], recordings: Sequence[Sequence[Kept]]) -> tuple[str, ...]:
        """Make a case of whole visits and return their new ids; all of it is kept, or nothing.

        recordings: of each visit; their files are on disk already, and `events` holds their numbers (from 0).
        """
        case, ids = new_id(), []
        with self._write() as connection:
            connection.execute(insert(tables.case).values(id=case, title=title[:200], made=_now()))
            for number, (visit, kept) in enumerate(zip(visits, recordings, strict=True), 1):
                blocks = {name: getattr(visit, name) for name in BLOCKS}
                id = self._add_visit(connection, case, number, {**visit.base, **blocks}, visit.date)
                ids.append(id)
                for place, step in enumerate(visit.steps, 1):
                    values = {"asks": list(step.asks), "said": list(step.said), "sets": dict(step.sets)}
                    connection.execute(
                        insert(tables.step).values(visit_id=id, question=step.question, position=place, **values)
                    )
                for one in kept:
                    self._check_there(one.sha256)
                _add_kept(connection, id, kept)
        return tuple(ids)

    def rename(self, case: str, title: str) -> None:
        """Give a case another name."""
        with self._write() as connection:
            connection.execute(update(tables.case).where(tables.case.c.id == case).values(title=title[:200]))

    def visit(self, id: str) -> Visit | None:
        """Return a visit with its answers, or None where there is none."""
        with self._read() as connection:
            row = connection.execute(select(tables.visit).where(tables.visit.c.id == id)).first()
            if row is None:
                return None
            rows = connection.execute(
                select(tables.step).where(tables.step.c.visit_id == id).order_by(tables.step.c.position)
            )
            steps = tuple(Step(one.question, tuple(one.asks), tuple(one.said), one.sets) for one in rows)
        return Visit(
            row.id,
            row.case_id,
            row.number,
            row.date,
            row.changed,
            row.version,
            row.level,
            row.base,
            steps,
            None if row.medications is None else tuple(row.medications),
            None if row.exposures is None else tuple(row.exposures),
            row.labs,
        )

    # ---- answers -----------------------------------------------------------------------------------------------------

    def answer(self, visit: str, given: Step, level: str, *, today: Date | None = None) -> None:
        """Keep an answer: in the place of an earlier one to the same question, else behind all others.

        level: how soon to be seen with this answer in. Raises KeyError: no such visit.
        """
        table = tables.step
        here = (table.c.visit_id == visit) & (table.c.question == given.question)
        values = {"asks": list(given.asks), "said": list(given.said), "sets": dict(given.sets)}
        with self._write() as connection:
            self._touch(connection, visit, today, level=level)
            if connection.execute(update(table).where(here).values(**values)).rowcount == 0:
                last = connection.execute(select(func.max(table.c.position)).where(table.c.visit_id == visit)).scalar()
                connection.execute(
                    insert(table).values(visit_id=visit, question=given.question, position=(last or 0) + 1, **values)
                )

    def set_block(self, visit: str, name: str, content: Any, level: str, *, today: Date | None = None) -> None:
        """Keep a block of a visit: `medications`, `exposures` or `labs`; None takes away what was said of it."""
        if name not in BLOCKS:
            raise KeyError(name)
        with self._write() as connection:
            self._touch(connection, visit, today, **{name: content, "level": level})

    def set_base(self, visit: str, base: Mapping[str, Any], level: str, *, today: Date | None = None) -> None:
        """Keep what is known of a visit beside its answers, such as the country."""
        with self._write() as connection:
            self._touch(connection, visit, today, base=dict(base), level=level)

    def _touch(self, connection: Connection, visit: str, today: Date | None, **values: Any) -> None:
        """Note a change of the answers, which is then the day of the visit. Raises KeyError: no such visit."""
        self._grow(connection, visit, changed=_now(), date=today or Date.today(), **values)

    def _grow(self, connection: Connection, visit: str, **values: Any) -> None:
        table = tables.visit
        done = connection.execute(
            update(table).where(table.c.id == visit).values(version=table.c.version + 1, **values)
        )
        if done.rowcount == 0:
            raise KeyError(visit)

    # ---- recordings --------------------------------------------------------------------------------------------------

    def recordings(self, visit: str) -> tuple[Kept, ...]:
        """Return the recordings of a visit in the order in which they were added."""
        table = tables.recording
        with self._read() as connection:
            rows = connection.execute(
                select(*_COLUMNS, _HAS_RESULT).where(table.c.visit_id == visit).order_by(table.c.position)
            )
            return tuple(_kept(row) for row in rows)

    def recording(self, id: str) -> Kept | None:
        """Return a recording, or None where there is none."""
        with self._read() as connection:
            row = connection.execute(select(*_COLUMNS, _HAS_RESULT).where(tables.recording.c.id == id)).first()
        return None if row is None else _kept(row)

    def in_state(self, state: State) -> tuple[Kept, ...]:
        """Return all recordings in a state."""
        with self._read() as connection:
            rows = connection.execute(select(*_COLUMNS, _HAS_RESULT).where(tables.recording.c.state == state))
            return tuple(_kept(row) for row in rows)

    def add_recording(self, visit: str, name: str, sha256: str, size: int) -> str:
        """Add a finished upload to a visit and return its id; a name that is taken there gets a number.

        Raises
        ------
        KeyError: no such visit. FileError: its file was deleted with another recording of the same content (E277).
        """
        table = tables.recording
        id = new_id()
        with self._write() as connection:
            self._check_there(sha256)
            self._grow(connection, visit, changed=_now())
            own = connection.execute(select(table.c.name, table.c.position).where(table.c.visit_id == visit)).all()
            values = {"id": id, "visit_id": visit, "position": max((row.position for row in own), default=0) + 1}
            values |= {"name": _free_name(safe_name(name), {row.name for row in own}), "sha256": sha256, "size": size}
            connection.execute(insert(table).values(**values, state="added", said="", options={}))
        return id

    def _check_there(self, sha256: str) -> None:
        """Refuse a recording without its file; inside a write no other one can delete it."""
        if not self.files.path(sha256).exists():
            do = "Add it again."
            raise FileError(codes.FILE_GONE, "The file was deleted while it was being added.", do=do)

    def set_recording(self, id: str, **values: Any) -> None:
        """Change `state`, `said`, `options`, `check` or `result` (bytes) of a recording."""
        table = tables.recording
        with self._write() as connection:
            visit = connection.execute(select(table.c.visit_id).where(table.c.id == id)).scalar()
            if visit is None:
                return  # it was deleted meanwhile
            connection.execute(update(table).where(table.c.id == id).values(**values))
            self._grow(connection, visit)

    def result(self, id: str) -> bytes | None:
        """Return the packed result of a recording, or None where there is none."""
        with self._read() as connection:
            found = connection.execute(select(tables.recording.c.result).where(tables.recording.c.id == id)).scalar()
        return None if found is None else bytes(found)

    def remove_recording(self, id: str) -> None:
        """Delete a recording for good."""
        with self._write() as connection:
            row = connection.execute(select(tables.recording).where(tables.recording.c.id == id)).first()
            if row is None:
                return
            connection.execute(delete(tables.recording).where(tables.recording.c.id == id))
            self._grow(connection, row.visit_id, changed=_now())
        self._forget([row.sha256])

    def remove_case(self, id: str) -> None:
        """Delete a case with all its visits, answers, recordings and results for good."""
        table = tables.recording
        with self._write() as connection:
            visits = select(tables.visit.c.id).where(tables.visit.c.case_id == id)
            hashes = [row[0] for row in connection.execute(select(table.c.sha256).where(table.c.visit_id.in_(visits)))]
            connection.execute(delete(tables.case).where(tables.case.c.id == id))
        self._forget(hashes)

    def _forget(self, hashes: Sequence[str]) -> None:
        """Delete the files that no recording has any longer; a crash in between is set right by `tidy`."""
        table = tables.recording
        with self._write() as connection:
            rows = connection.execute(select(table.c.sha256).where(table.c.sha256.in_(hashes)).distinct())
            still = {row[0] for row in rows}
            for sha256 in set(hashes) - still:
                self.files.remove(sha256)
        forget(self._engine)


def _add_kept(connection: Connection, visit: str, kept: Sequence[Kept]) -> None:
    ids = [new_id() for _ in kept]
    taken: set[str] = set()
    for place, one in enumerate(kept):
        name = _free_name(safe_name(one.name), taken)
        taken.add(name)
        events = [ids[number] for number in one.options.get("events", ()) if number in range(len(ids))]
        options = {**one.options, "events": [id for id in events if id != ids[place]]}
        connection.execute(
            insert(tables.recording).values(
                id=ids[place],
                visit_id=visit,
                position=place + 1,
                name=name,
                sha256=one.sha256,
                size=one.size,
                state="added",
                said="",
                options=options,
            )
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _kept(row: Any) -> Kept:
    return Kept(
        row.id,
        row.visit_id,
        row.name,
        row.sha256,
        row.size,
        row.state,
        row.said,
        row.options,
        row.check,
        bool(row.has_result),
    )


def _free_name(name: str, taken: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}"
    return free
