"""The library offers twelve functions and two errors, loaded on first use, none hidden by a room of the same name."""

from __future__ import annotations

import inspect
import subprocess
import sys

import legtwitch as lt


def test_every_public_name_is_there_and_documented() -> None:
    for name in lt.__all__:
        thing = getattr(lt, name)
        if name != "__version__":
            assert inspect.isfunction(thing) or inspect.isclass(thing), name
            assert inspect.getdoc(thing), name


def test_no_room_hides_a_public_function() -> None:
    code = (
        "import legtwitch as lt, pkgutil\n"
        "rooms = {one.name for one in pkgutil.iter_modules(lt.__path__)}\n"
        "assert not rooms & set(lt.__all__), rooms & set(lt.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_list_is_complete() -> None:
    from legtwitch import api

    public = {name for name in api.__all__ if inspect.isfunction(getattr(api, name))}
    assert public - {"write_movements"} == {name for name in lt.__all__ if inspect.isfunction(getattr(lt, name))}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, legtwitch; assert not {'numpy', 'yaml', 'pydantic', 'legtwitch.api'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
