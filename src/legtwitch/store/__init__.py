"""Cases kept on the user's own computer: answers, recordings and results, safe against a crash, deleted for good.

One SQLite database and a folder of uploaded files in the user's data folder. Nothing here knows the web. Names are
loaded on first use: packing a result does not pay for the database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legtwitch.store.bundle import export_case, import_case
    from legtwitch.store.files import Files, Upload
    from legtwitch.store.folder import data_folder
    from legtwitch.store.records import Case, Kept, Step, Visit
    from legtwitch.store.store import Store

_PLACES = {
    "Case": "records",
    "Files": "files",
    "Kept": "records",
    "Step": "records",
    "Store": "store",
    "Upload": "files",
    "Visit": "records",
    "data_folder": "folder",
    "export_case": "bundle",
    "import_case": "bundle",
}
__all__ = [
    "Case",
    "Files",
    "Kept",
    "Step",
    "Store",
    "Upload",
    "Visit",
    "data_folder",
    "export_case",
    "import_case",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"legtwitch.store.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'legtwitch.store' has no attribute {name!r}")
