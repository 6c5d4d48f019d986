"""Whatever the program imports comes with it: a library that only the tests need is not there where it is installed."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires

import house
import pytest
from house import PACKAGE, ROOT

OURS = {PACKAGE, "pages", "app"}


def name_of(said: str) -> str:
    """The name of a library as registries compare it: `Foo_bar[x]>=1` → foo-bar."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", said)[0]).lower()


def brought() -> set[str]:
    """The libraries that an installation brings: those declared, those they need, and so on; no extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = [name_of(one) for one in project["dependencies"]], set()
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += [
                name_of(one) for one in requires(name) or () if not re.search(r";.*(extra|platform|python_v)", one)
            ]
    return found


def imported(sources) -> dict[str, str]:
    """Module of somebody else → a file that imports it."""
    found = {}
    for name, text in sources.items():
        for one in house.imports(text):
            top = one.module.split(".")[0]
            if top not in sys.stdlib_module_names and top not in OURS:
                found.setdefault(top, name)
    return found


def lacking(sources) -> dict[str, str]:
    """The modules that an installation may lack."""
    known, come = packages_distributions(), brought()
    return {
        module: name
        for module, name in imported(sources).items()
        if not {name_of(one) for one in known.get(module, ())} & come
    }


def test_every_library_that_is_imported_is_installed_with_the_program():
    assert lacking(house.sources()) == {}


@pytest.mark.parametrize("text", ["import openpyxl", "def f():\n    from hypothesis import given", "import no_such"])
def test_a_library_of_the_tests_alone_is_found(text):
    assert len(lacking({"taizhang/x.py": text})) == 1
