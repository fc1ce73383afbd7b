"""The rules of the house, as tests. Each rule is tried on a planted offender first: a check that cannot fail is a defect."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PORTAL = TREE / "portal"

# A floor may import itself's lower floors only. app is imported by the outermost ends alone.
FLOORS = {
    "core": set(),
    "language": {"core"},
    "store": {"core", "language"},
    "files": {"core", "language", "settings"},
    "reports": {"core", "language"},
    "operations": {"core", "language", "store", "files", "reports"},
    "demo": {"core", "language", "store", "files", "reports", "operations", "settings"},
    "web": {"core", "language", "store", "files", "reports", "operations", "settings"},
    "cli": {"core", "language", "store", "files", "reports", "operations", "settings", "demo", "web", "app"},
    "settings": set(),
    "app": {"files", "settings", "store", "web"},
}
BANNED_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "service", "services", "misc"}
WORDS_OF_THE_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError|coming soon)\b")


def python_files(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (TREE / folder).rglob("*.py") if "shipped" not in p.parts)


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a source text, for rules that look and change nothing: several read the same files."""
    return ast.parse(source)


def imports_of(source: str) -> set[str]:
    """Dotted names of all modules a source text imports from portal."""
    found: set[str] = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] == "portal"}


def upward_imports(floor: str, source: str) -> set[str]:
    """Imports that point sideways or up from `floor`."""
    allowed = FLOORS[floor] | {floor}
    return {
        n
        for n in imports_of(source)
        if len(n.split(".")) > 1
        and n.split(".")[1] not in allowed | {"settings"} - ({"settings"} if floor == "core" else set())
    } - {"portal"}


def late_imports(source: str) -> list[int]:
    """Lines of imports inside functions."""
    lines = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines |= {n.lineno for n in _statements(node) if isinstance(n, ast.Import | ast.ImportFrom)}
    return sorted(lines)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below `node` that is no expression, which can hold no statement."""
    for below in ast.iter_child_nodes(node):
        if not isinstance(below, ast.expr):
            yield below
            yield from _statements(below)


def long_functions(source: str, most: int = 60) -> list[str]:
    """Names of functions longer than `most` lines."""
    return [
        f"{n.name} ({n.end_lineno - n.lineno + 1} lines)"
        for n in ast.walk(parsed(source))
        if isinstance(n, ast.FunctionDef) and n.end_lineno and n.end_lineno - n.lineno + 1 > most
    ]


def floor_of(path: Path) -> str:
    part = path.relative_to(PORTAL).parts[0]
    return part.removesuffix(".py")


def test_imports_point_down_only() -> None:
    assert upward_imports("core", "from portal.store.base import Base") == {
        "portal.store.base",
        "portal.store.base.Base",
    }
    assert upward_imports("store", "from portal.files import vault")
    offenders = {
        str(path.relative_to(TREE)): found
        for path in python_files("portal")
        if path.name != "__init__.py" or path.parent != PORTAL
        if (found := upward_imports(floor_of(path), path.read_text()))
    }
    assert offenders == {}


def test_core_knows_no_framework_clock_or_disk() -> None:
    banned = {"flask", "sqlalchemy", "os", "pathlib", "time", "random", "secrets", "socket", "duckdb"}

    def offends(source: str) -> set[str]:
        names = set()
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.Import):
                names |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
            elif isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                names.add(node.attr)
        return names & (banned | {"now", "today", "utcnow"})

    assert offends("import os") == {"os"}
    assert offends("from datetime import date\nday = date.today()") == {"today"}
    assert {str(p): found for p in python_files("portal/core") if (found := offends(p.read_text()))} == {}


def test_only_settings_reads_the_environment() -> None:
    pattern = re.compile(r"os\.environ|getenv")
    assert pattern.search("os.environ['X']")
    assert [
        str(p)
        for p in python_files("portal")
        if p != PORTAL / "settings.py" and pattern.search(p.read_text())
    ] == []


def test_no_import_hides_in_a_function() -> None:
    assert late_imports("def f():\n    import os\n    with open(__file__):\n        import re\n") == [2, 4]
    assert {
        str(p): found for p in python_files("portal", "tests") if (found := late_imports(p.read_text()))
    } == {}


def test_files_and_functions_stay_small() -> None:
    assert long_functions("def f():\n" + "    x = 1\n" * 80) == ["f (81 lines)"]
    files = {
        str(p.relative_to(TREE)): n
        for p in python_files("portal", "tests")
        if (n := len(p.read_text().splitlines())) > 400
    }
    assert files == {}
    functions = {
        str(p.relative_to(TREE)): found
        for p in python_files("portal")
        if (found := long_functions(p.read_text()))
    }
    assert functions == {}


def test_no_file_is_named_for_nothing() -> None:
    assert {"util"} & BANNED_NAMES
    assert [str(p) for p in python_files("portal", "tests") if p.stem in BANNED_NAMES] == []


def test_nothing_is_left_unfinished() -> None:
    assert WORDS_OF_THE_UNFINISHED.search("# TODO later")
    sources = [*python_files("portal"), *PORTAL.rglob("*.html"), *PORTAL.rglob("static/js/*.js")]
    assert [str(p) for p in sources if WORDS_OF_THE_UNFINISHED.search(p.read_text())] == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    def silent(source: str) -> list[str]:
        tree = parsed(source)
        names = [] if ast.get_docstring(tree) else ["module"]
        return names + [
            n.name
            for n in tree.body
            if isinstance(n, ast.FunctionDef | ast.ClassDef)
            and not n.name.startswith("_")
            and not ast.get_docstring(n)
        ]

    assert silent("def f(): ...") == ["module", "f"]
    assert {
        str(p.relative_to(TREE)): found for p in python_files("portal") if (found := silent(p.read_text()))
    } == {}


def test_templates_carry_no_inline_scripts_or_styles() -> None:
    pattern = re.compile(
        r"""<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=["']|\sstyle=["']|javascript:"""
    )
    assert (
        pattern.search('<p onclick="x()">') and pattern.search('<p style="x">') and pattern.search("<script>")
    )
    assert [str(p) for p in PORTAL.rglob("*.html") if pattern.search(p.read_text())] == []


def test_every_form_that_posts_carries_the_token() -> None:
    form = re.compile(r'<form[^>]*method="post".*?</form>', re.S | re.I)
    token = re.compile(r"csrf\(\)|csrf_token|hidden_tag|form_head")

    def offends(html: str) -> bool:
        return any(not token.search(found) for found in form.findall(html))

    assert offends('<form method="post"></form>')
    assert [str(p) for p in PORTAL.rglob("*.html") if offends(p.read_text())] == []


def test_committed_files_name_no_registry_and_no_machine() -> None:
    pattern = re.compile(r"pypi\.org|pythonhosted|npmjs\.|deb\.debian\.org|(?<![\w.])/(work|root)/")
    assert pattern.search("https://pypi" + ".org/simple")
    listed = subprocess.run(["git", "ls-files"], cwd=TREE, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of committed files to read")
    offenders = []
    for name in listed.stdout.splitlines():
        path = TREE / name
        if path.suffix in {".ttf", ".png"} or path == Path(__file__) or not path.is_file():
            continue
        if pattern.search(path.read_text(errors="ignore")):
            offenders.append(name)
    assert offenders == []


def test_the_bulk_engine_is_opened_in_one_place() -> None:
    offends = re.compile(r"duckdb\.(connect|sql|execute|query)\(")
    assert offends.search("with duckdb.connect() as connection:")
    found = [path for path in PORTAL.rglob("*.py") if offends.search(path.read_text())]
    assert [str(path.relative_to(PORTAL)) for path in found] == ["files/bulk.py"]
