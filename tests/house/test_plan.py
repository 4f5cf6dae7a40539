"""The plan of the house, in pyproject.toml, holds every file; and what must be pure is."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
ROOMS: list[str] = SETTINGS["root_packages"]

# What stands beside the rooms.
TOP_LEVEL = {
    "app.py", "database.py", "conftest.py",
    "templates", "static", "translations", "migrations", "tests", "docs", "bench", "script",
    "pyproject.toml", "requirements.txt", "requirements-test.txt",
    "README.md", "CHANGELOG.md", "LICENSE",
}  # fmt: skip
# What work leaves behind, and version control does not keep.
LEFT_BEHIND = {"instance", "__pycache__"}

# These two read files that are shipped with the code, once; otherwise they are as pure as the rest.
LOADERS = {"clause_library.edition", "procurement.worked"}
SYSTEM = {
    "asyncio", "glob", "importlib", "io", "locale", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "print", "input", "getenv"}


def contract(name: str) -> Any:
    """The one contract whose name begins so."""
    (found,) = (contract for contract in SETTINGS["contracts"] if contract["name"].startswith(name))
    return found


def layers(room: str) -> list[list[str]]:
    """The layers of a room from the top, each with the names of its files."""
    (found,) = (contract for contract in SETTINGS["contracts"] if contract.get("containers") == [room])
    return [[name.strip(" ()") for name in layer.replace(":", "|").split("|")] for layer in found["layers"]]


def files(room: str) -> set[str]:
    """The modules and packages directly in a room, by name."""
    inside = (path for path in (ROOT / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    return {path.stem for path in inside} - {"__init__"}


def domain_files() -> set[str]:
    """Every module that is to be pure, by its full name."""
    pure = set(contract("Domain files")["source_modules"]) - {"rules"}
    return pure | {f"rules.{name}" for name in files("rules")}


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_a_room_has_its_place_on_the_plan_and_every_place_its_file(room):
    planned = [name for layer in layers(room) for name in layer]

    found = files(room)

    assert found == set(planned)
    assert len(planned) == len(set(planned))


def test_nothing_stands_beside_the_rooms_that_is_not_on_the_plan():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    strangers = found - TOP_LEVEL - LEFT_BEHIND - set(ROOMS)

    assert strangers == set()


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / room / "tables.py").exists()])
def test_what_lies_under_the_tables_of_a_room_is_domain(room):
    order = layers(room)

    below = order[order.index(["tables"]) + 1 :]

    # A password is hashed with chance in it, so that is no domain file, though it needs no table either.
    assert {f"{room}.{name}" for layer in below for name in layer} - {"accounts.passwords"} <= domain_files()


@pytest.mark.parametrize("module", sorted(domain_files()))
def test_a_domain_file_touches_no_file_clock_or_system(module):
    tree = tree_of(module)

    found = [*calls(tree, CLOCKS | (set() if module in LOADERS else FILES))]
    if module not in LOADERS:
        found += sorted(imported(tree) & SYSTEM)

    assert found == []


def test_the_database_knows_no_room():
    assert imported(tree_of("database")) & {*ROOMS, "app"} == set()


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The top names of all that is imported, wherever in the file."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def calls(tree: ast.Module, forbidden: set[str]) -> Iterator[str]:
    """The calls of what is forbidden, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in forbidden:
                yield f"{name}() in line {node.lineno}"
