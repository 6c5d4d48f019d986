"""The picture and the page of the architecture say what the sources say."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import draw_architecture as drawing
import house
import pytest

PAGE = house.ROOT / "docs" / "architecture.md"
SVG = "{http://www.w3.org/2000/svg}"


# --- the picture -----------------------------------------------------------------------------------------------


def test_the_picture_in_the_repository_is_not_stale():
    kept = drawing.PICTURE.read_text(encoding="utf-8")
    is_fresh = kept == drawing.picture()  # not compared in the assertion: nobody reads the difference of two pictures
    assert is_fresh, "docs/architecture.svg shows another house: run `make docs` and keep what it draws"


def test_every_module_with_code_and_every_pair_of_wings_with_imports_is_drawn():
    found = ElementTree.fromstring(drawing.picture())
    modules = [one for one in found.iter(f"{SVG}text") if one.get("class") == "module"]
    assert len(modules) == sum(wing.size for wing in drawing.wings()) > 100
    assert {one.text for one in modules} >= {"engine", "views", "meetings", "server", "frame", "app"}
    told = {one.text for one in found.iter(f"{SVG}title")}
    for edge in drawing.edges():
        assert any(text.startswith(f"{edge.importer} → {edge.imported}: {edge.count} import") for text in told)


def wing(*sizes: int) -> drawing.Wing:
    cells = tuple(drawing.Cell("module" * (place % 3 + 1), size) for place, size in enumerate(sizes))
    return drawing.Wing("store", "A sentence that goes on and on. " * 9, {"": cells, "folder": cells})


@pytest.mark.parametrize("one", [*drawing.wings(), wing(*range(1, 30)), wing(1)], ids=lambda one: one.name)
def test_nothing_in_a_box_overlaps_or_leaves_it(one):
    (box,) = drawing.boxes([one], drawing.edges()).values()
    for left, right in pairwise(box.cells):
        assert left.line < right.line or left.x + left.cell.width < right.x
    assert all(placed.x + placed.cell.width <= drawing.TEXT_RIGHT for placed in box.cells)
    assert box.cells_top + box.cells[-1].line * drawing.CELL_LINE + drawing.CELL_LINE <= box.bottom
    assert all(box.arrival + box.arriving <= box.port(edge) <= box.bottom - 4 for edge in box.leaving)


def test_the_arrows_have_room():
    arriving = [box.arriving for box in drawing.boxes(drawing.wings(), drawing.edges()).values() if box.arriving]
    against = [edge for edge in drawing.edges() if edge.is_against_the_order]
    shafts = sum(arriving) + (len(arriving) + len(against)) * drawing.BETWEEN_SHAFTS
    assert drawing.FIRST_SHAFT + shafts <= drawing.WIDTH


def test_an_import_against_the_order_is_drawn_as_one():
    placed = drawing.boxes(drawing.wings(), [drawing.Edge("rows", "ui", 1), drawing.Edge("ui", "rows", 1)])
    drawn = list(drawing.arrows(placed, [*placed["rows"].leaving, *placed["ui"].leaving]))
    assert [line for line in drawn if 'class="against"' in line and "rows → ui" in line]
    assert [line for line in drawn if 'class="line rows"' in line and "ui → rows" in line]


# --- the page --------------------------------------------------------------------------------------------------


def named_functions(text: str) -> Iterator[tuple[str, str]]:
    """(`module.function`, file) for every link of that form."""
    return ((name, file) for name, file in re.findall(r"\[`([\w.]+)`\]\(\.\./([^)]+\.py)\)", text))


def unlinked(text: str) -> set[str]:
    """What reads like `module.function` and is no link, so that nobody could tell whether it exists."""
    modules = {module.rpartition(".")[2] for module in house.modules(house.sources())}
    said = re.findall(r"(?<!\[)`(\w+)\.(\w+)`", text)
    return {f"{module}.{name}" for module, name in said if module in modules} - EXHIBITS


EXHIBITS = {"rectification.due", "meeting.promises"}  # names in the catalogue, which look like functions


def is_defined(name: str, file: str) -> bool:
    """Whether a file is the module of `module.function` or `module.Class.method`, and defines the rest of it."""
    module, *rest = name.split(".")
    text = house.sources().get(file)
    if text is None or house.module_of(file).rpartition(".")[2] != module:
        return False
    body: list[ast.stmt] = house.parsed(text).body
    for part in rest:
        found = [one for one in body if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and one.name == part]
        if not found:
            return False
        body = found[0].body
    return True


def test_every_function_the_page_names_exists():
    text = PAGE.read_text(encoding="utf-8")
    named = list(named_functions(text))
    assert len(named) > 50
    lost = [name for name, file in named if not is_defined(name, file)]
    assert not lost, f"docs/architecture.md names what is not there any more: {', '.join(lost)}"
    assert unlinked(text) == set()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("engine.answer_me", "taizhang/store/engine.py"),
        ("views.View.tell", "taizhang/exhibits/views.py"),
        ("views.ask", "taizhang/store/engine.py"),
        ("engine.ask", "taizhang/store/motor.py"),
    ],
)
def test_a_function_that_is_not_there_is_found(name, file):
    assert not is_defined(name, file)
    assert list(named_functions(f"see [`{name}`](../{file})")) == [(name, file)]


def test_a_function_that_is_no_link_is_found():
    assert unlinked("`engine.ask`, [`engine.build`](../taizhang/store/engine.py), `make docs`") == {"engine.ask"}


def test_the_page_says_of_every_wing_what_it_is_and_what_it_must_not_know():
    told = re.findall(r"^- \*\*(\w+)\*\* (.+(?:\n  .+)*)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in told] == [name for storey in house.WINGS for name in storey]
    assert [name for name, said in told if "must not" not in said] == []
