"""The sources of the house, read and parsed once for everyone who asks about them: the rules and the picture.

Standard library only, so that `docs/draw_architecture.py` needs no test tools.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "taizhang"

# From the ground up: a wing may import those of earlier lines, and itself; wings on one line do not know each other.
WINGS = (
    ("declared",),
    ("drawing", "rows"),
    ("store",),
    ("uploads", "exhibits", "access"),
    ("evidence",),
    ("showing",),
    ("server",),
    ("ui", "cli"),
    ("frame", "begin"),
    ("pages", "app"),
)
RANK = {name: rank for rank, wings in enumerate(WINGS) for name in wings}


# --- sources ---------------------------------------------------------------------------------------------------


@cache
def sources() -> dict[str, str]:
    """`taizhang/ui/page.py` → its text, for every file that is part of the product: package, pages, server."""
    paths = [*sorted((ROOT / PACKAGE).rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def pages() -> dict[str, str]:
    return {name: text for name, text in sources().items() if name.startswith("pages/")}


@lru_cache(maxsize=1024)
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


@lru_cache(maxsize=1024)
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Every node of a text: to walk the trees again for each rule would take as long as to parse them."""
    return tuple(ast.walk(parsed(text)))


def strings(text: str) -> Iterator[ast.Constant]:
    """The string constants that are not docstrings."""
    known = _docstrings(text)
    for node in nodes(text):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node


def _docstrings(text: str) -> set[int]:
    """The ids of the string constants that are docstrings."""
    bodies = (node.body for node in nodes(text) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)))
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


# --- modules and wings -----------------------------------------------------------------------------------------


def module_of(name: str) -> str:
    """`taizhang/ui/page.py` → `taizhang.ui.page`."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def wing_of(module: str) -> str:
    """`taizhang.ui.page` → `ui`; pages and app are wings of their own."""
    return module.removeprefix(f"{PACKAGE}.").split(".")[0]


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def modules(named: Mapping[str, str]) -> dict[str, str]:
    """Module → text."""
    return {module_of(name): text for name, text in named.items()}


# --- imports ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """One name that a text imports: `from module import name`, or `import module` without a name."""

    module: str
    name: str
    is_at_the_top: bool

    @property
    def whole(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@lru_cache(maxsize=1024)
def imports(text: str) -> tuple[Import, ...]:
    """Every import of a text, inside functions too; the module of a relative one begins with its dots."""
    top, found = set(map(id, parsed(text).body)), []
    for node in nodes(text):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, "", id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found += [Import(module, alias.name, id(node) in top) for alias in node.names]
    return tuple(found)


def graph(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Module → the modules of `texts` that it imports; `from package import module` names the module alone.

    Raises `ValueError` for a relative import: the house imports absolutely, and only such imports can be followed.
    """
    return {module: frozenset(_targets(module, text, texts)) - {module} for module, text in texts.items()}


def _targets(module: str, text: str, known: Iterable[str]) -> Iterator[str]:
    for one in imports(text):
        if one.module.startswith("."):
            raise ValueError(f"{module} imports relatively: {one.whole}")
        found = next((target for target in (one.whole, one.module) if target in known), None)
        if found:
            yield found


def circles(within: Mapping[str, Iterable[str]]) -> list[str]:
    """The modules of a graph that import each other, by way of others or not."""
    return sorted(module for module in within if module in _reached(module, within))


def _reached(start: str, within: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = set(), list(within[start])
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += within[module]
    return found
