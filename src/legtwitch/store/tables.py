"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

case = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("made", DateTime, nullable=False),
)

visit = Table(
    "visits",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("changed", DateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("level", String(20), nullable=False),
    Column("base", JSON, nullable=False),
    Column("medications", JSON(none_as_null=True)),
    Column("exposures", JSON(none_as_null=True)),
    Column("labs", JSON(none_as_null=True)),
    UniqueConstraint("case_id", "number"),
)

step = Table(
    "steps",
    metadata,
    Column("visit_id", String(32), ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("asks", JSON, nullable=False),
    Column("said", JSON, nullable=False),
    Column("sets", JSON, nullable=False),
)

recording = Table(
    "recordings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("visit_id", String(32), ForeignKey("visits.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("said", String(2000), nullable=False),
    Column("options", JSON, nullable=False),
    Column("check", JSON(none_as_null=True)),
    Column("result", LargeBinary),
)
