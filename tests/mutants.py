"""One token of the core changed at a time, and whether a test notices.

    python tests/mutants.py --count 100 --seed 1             of store, rows and the time model
    python tests/mutants.py --only taizhang/store/trends.py  of one module

A mutant is a comparison turned or moved by one, an `and` for an `or`, a `not` left out, a number one larger, a truth
turned, or a call left out that stands by itself. It lives in a copy of the tree; the tests of its module, named in
TESTS, are run until one fails. A mutant that nobody notices is printed with its line.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The tests that know a module best come first: most mutants end there.
TESTS = {
    "taizhang/store/engine.py": ("test_engine.py", "test_releases.py", "test_upload_drafts.py"),
    "taizhang/store/releases.py": ("test_releases.py", "test_one_look.py", "test_todays_terms.py", "test_damage.py"),
    "taizhang/store/standing.py": ("test_restating.py", "test_releases.py", "test_trends.py", "test_damage.py"),
    "taizhang/store/publishing.py": (
        "test_restating.py",
        "test_releases.py",
        "test_upload_drafts.py",
        "test_upkeep.py",
        "test_power.py",
        "test_sweeping.py",
    ),
    "taizhang/store/taking_back.py": (
        "test_upload_drafts.py",
        "test_restating.py",
        "test_releases.py",
        "test_releases_page.py",
    ),
    "taizhang/store/trends.py": ("test_trends.py", "test_todays_terms.py"),
    "taizhang/store/disk.py": (
        "test_releases.py",
        "test_damage.py",
        "test_upkeep.py",
        "test_obstacles.py",
        "test_power.py",
    ),
    "taizhang/store/drafts.py": ("test_upload_drafts.py", "test_restating.py", "test_releases.py"),
    "taizhang/store/refusals.py": ("test_upload_drafts.py", "test_releases.py"),
    "taizhang/store/upkeep.py": (
        "test_upkeep.py",
        "test_damage.py",
        "test_upload_drafts.py",
        "test_restating.py",
        "test_meetings_keep.py",
    ),
    "taizhang/store/whole.py": ("test_damage.py", "test_upkeep.py"),
    "taizhang/store/sweeping.py": ("test_sweeping.py", "test_upload_drafts.py"),
    "taizhang/store/in_use.py": ("test_sweeping.py", "test_upload_drafts.py"),
    "taizhang/store/obstacles.py": ("test_obstacles.py", "test_damage.py"),
    "taizhang/rows/carrying.py": ("test_restating.py", "test_upload_drafts.py"),
    "taizhang/rows/changes.py": (
        "test_releases.py",
        "test_upload_drafts.py",
        "test_upload_comparison.py",
        "test_ledger_round_trip.py",
    ),
    "taizhang/rows/comparison.py": (
        "test_upload_comparison.py",
        "test_upload_drafts.py",
        "test_upload_properties.py",
        "test_cli_uploads.py",
    ),
    "taizhang/rows/ledgers.py": ("test_ledgers.py", "test_upload_cells.py", "test_releases.py"),
    "taizhang/rows/problems.py": ("test_upload_drafts.py", "test_upload_cells.py", "test_upload_comparison.py"),
}

TURNED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
LONGEST = 900.0  # seconds of one mutant on a busy machine: a loop without end is noticed too


@dataclass(frozen=True)
class Mutant:
    """A piece of a module and what stands in its place."""

    module: str
    start: int
    end: int
    line: int
    instead: str

    def applied(self, text: bytes) -> bytes:
        return text[: self.start] + self.instead.encode() + text[self.end :]


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    text = (ROOT / module).read_bytes()
    begins = [0]
    for line in text.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found = []
    for node, start, end, instead in _changes(ast.parse(text), text.decode(), begins):
        found.append(Mutant(module, start, end, node.lineno, instead))
    return sorted(set(found), key=lambda one: (one.start, one.instead))


def _changes(tree: ast.Module, text: str, begins: list[int]) -> Iterator[tuple[ast.AST, int, int, str]]:
    def span(node: ast.AST) -> tuple[int, int]:
        return begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset

    def said(node: ast.AST) -> str:
        return ast.get_source_segment(text, node)

    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            instead = f"{said(node.left)} {TURNED[type(node.ops[0])]} {said(node.comparators[0])}"
            yield node, *span(node), f"({instead})"
        elif isinstance(node, ast.BoolOp):
            word = " or " if isinstance(node.op, ast.And) else " and "
            yield node, *span(node), f"({word.join(f'({said(one)})' for one in node.values)})"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, *span(node), f"bool({said(node.operand)})"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node, *span(node), str(not node.value)
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield node, *span(node), str(node.value + 1)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node, *span(node), "pass"


def is_noticed(copy: Path, mutant: Mutant) -> str | None:
    """The test that fails on a mutant, or a word for another end; None when all pass."""
    path = copy / mutant.module
    before = path.read_bytes()
    path.write_bytes(mutant.applied(before))
    names = [f"tests/{name}" for name in TESTS[mutant.module]]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:randomly", *names]
    try:
        ran = subprocess.run(
            command,
            cwd=copy,
            env={**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{copy / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return "takes for ever"
    finally:
        path.write_bytes(before)
    if ran.returncode == 0:
        return None
    failed = [line.split(" - ")[0] for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else "does not start"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", action="append")
    given = asked.parse_args()
    every = [one for module in given.only or TESTS for one in mutants_of(module)]
    chosen = random.Random(given.seed).sample(every, min(given.count, len(every)))
    lived, begun = [], time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", ".pytest_cache", "__pycache__"))
        for place, one in enumerate(chosen, 1):
            by = is_noticed(copy, one)
            was = (ROOT / one.module).read_bytes()[one.start : one.end].decode()
            print(
                f"{place}/{len(chosen)} {one.module}:{one.line}  {was!r} → {one.instead!r}  {by or 'LIVES'}", flush=True
            )
            if by is None:
                lived.append(one)
    seconds = time.monotonic() - begun
    print(
        f"{len(chosen)} of {len(every)} mutants, {len(chosen) - len(lived)} noticed, {len(lived)} live, {seconds:.0f} s"
    )
    return bool(lived)


if __name__ == "__main__":
    sys.exit(main())
