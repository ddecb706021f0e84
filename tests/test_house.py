"""The house's own rules, read from the code: floors, heavy imports, and no plan known by name."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandera.pandas as pa
import pytest

from thidua_xlsx.stages.intake.cell_rules import CELL_RULES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "thidua_xlsx"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "workbook_templates" not in path.parts)
FLOORS = {
    "model": 0,
    "stages": 1,
    "workbooks": 2,
    "campaign": 2,
    "mail": 2,
    "papers": 2,
    "pipeline": 3,
    "cli": 4,
    "__main__": 5,
    "__init__": 3,
}


def floor_of(parts: tuple[str, ...]) -> int:
    return FLOORS[parts[0]]


def imports_of(path: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else ([node.module] if isinstance(node, ast.ImportFrom) and node.module else [])
        )
        yield from (tuple(name.split(".")) for name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts
    for name in imports_of(path):
        if name[0] == "thidua_xlsx" and len(name) > 1:
            assert floor_of(name[1:]) <= floor_of(own), f"{path} imports {'.'.join(name)}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").rglob("*.py")), ids=lambda path: path.name)
def test_the_model_needs_nothing_installed(path: Path) -> None:
    for name in imports_of(path):
        assert name[0] == "thidua_xlsx" or name[0] in sys.stdlib_module_names, f"{path} imports {'.'.join(name)}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda path: path.name)
def test_help_does_not_wait_for_heavy_imports(path: Path) -> None:
    """What a command needs is imported inside it; ``if TYPE_CHECKING`` costs nothing."""
    tree = ast.parse(path.read_text("utf-8"))
    top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    top |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    allowed = {"click", "__future__"} | sys.stdlib_module_names
    assert not [name for name in top if name.split(".")[0] not in allowed and not name.startswith("thidua_xlsx.cli")]


def test_a_run_reads_before_it_loads_what_checks() -> None:
    """pandas and pandera take as long as reading a hundred forms: they load where the first schema is made."""
    asked = "import sys, thidua_xlsx.pipeline.run; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not {"pandas", "pandera", "numpy", "openpyxl", "docx"} & set(told.stdout.split())


def words_of_the_plans() -> set[str]:
    """Ids, names and codes of units and blocks, and clauses, of every shipped plan."""
    words: set[str] = set()
    for path in sorted((ROOT / "workbook_templates").glob("*/ke-hoach.toml")):
        tables = tomllib.loads(path.read_text("utf-8"))
        words |= {row["id"] for row in tables["plan"]}
        words |= {row[key] for table in ("unit", "block") for row in tables[table] for key in ("code", "name")}
        words |= {row["clause"] for rows in tables.values() for row in rows if "clause" in row}
    assert len(words) > 300
    return words


def test_no_plan_is_known_by_name() -> None:
    known = words_of_the_plans()
    found = []
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        found += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value in known
            and id(node) not in docstrings
        ]
    assert not found


def test_no_check_is_swapped_for_a_built_in() -> None:
    """pandera silently replaces a check function that is named like one of its own."""
    assert not {rule.holds.__name__ for rule in CELL_RULES} & set(dir(pa.Check))
