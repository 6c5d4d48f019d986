"""The sender's own file as a workbook to correct: what is wrong is marked where it stands, and listed.

Everything is written as text, and lines keep their numbers; corrected, it is read again like any other file.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter

from taizhang.declared.wording import Language
from taizhang.rows.problems import ERROR, Problem, heading, sentence
from taizhang.uploads.headings import Part, is_our_list
from taizhang.uploads.lines import Sheet

CELL_LENGTH, SHEET_NAME_LENGTH = 32_767, 31  # Excel's own
MOST_COMMENTS = 2_000  # a workbook with more is slow to open; the list still has every one
MOST_LISTED = 50_000
WIDTHS = (8, 20, 8, 20, 30, 100)

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Marks = dict[int, dict[int, list[Problem]]]  # line number → place → problems


def return_sheet(
    file_name: str,
    data: bytes,
    sheets: Sequence[Sheet],
    parts: Sequence[Part],
    problems: Sequence[Problem],
    t: Language,
) -> bytes:
    """The file as .xlsx, with bad cells marked and commented in the language of `t`, and a list of all problems.

    Nothing in it is a formula, a link or a number. `data` is not written anew: `sheets` hold what was read of it.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        workbook.set_properties({"title": file_name})
        taken = {t("returnsheet.sheet").casefold(), "history"}  # Excel keeps the second for itself
        for sheet in sheets:
            if not is_our_list(sheet):
                page = workbook.add_worksheet(_sheet_name(sheet.name, taken))
                if not sheet.is_read:  # of a workbook of ours: it has to come back as well
                    page.hide()
                _write_sheet(workbook, page, sheet, _marks(sheet, parts, problems), t)
        _write_list(workbook, problems, t)
    return target.getvalue()


def _marks(sheet: Sheet, parts: Iterable[Part], problems: Iterable[Problem]) -> Marks:
    """The problems of a sheet at the cells they are about; those of a whole line at its first cell."""
    places: dict[tuple[str, str], int] = {}
    for part in parts:
        if part.sheet == sheet.name:
            places.update({(part.table, one.column): one.place for one in part.columns})
    headers = {part.header_line for part in parts if part.sheet == sheet.name}
    lines = {line.number: line.cells for line in sheet.lines}
    marks: Marks = {}
    for problem in problems:
        if problem.sheet != sheet.name or not problem.line:
            continue
        place = places.get((problem.table, problem.column))
        if place is None or problem.line in headers:
            place = _place_of(problem, lines.get(problem.line, ()))
        marks.setdefault(problem.line, {}).setdefault(place, []).append(problem)
    return marks


def _place_of(problem: Problem, cells: Sequence[str]) -> int:
    """The last cell that says what the problem quotes; the first filled one otherwise."""
    same = [place for place, cell in enumerate(cells) if problem.value and " ".join(cell.split()) == problem.value]
    return same[-1] if same else next((place for place, cell in enumerate(cells) if cell.strip()), 0)


def _write_sheet(workbook, page, sheet: Sheet, marks: Marks, t: Language) -> None:
    formats = {severity: workbook.add_format(look) for severity, look in _LOOKS.items()}
    plain = workbook.add_format({"num_format": "@"})
    comments = 0
    for line in sheet.lines:
        at_line = marks.get(line.number, {})
        for place in range(max(len(line.cells), max(at_line, default=-1) + 1)):
            cell = line.cells[place] if place < len(line.cells) else ""
            here = at_line.get(place, ())
            look = formats[_worst(here)] if here else plain
            _write_cell(page, line.number - 1, place, cell if len(cell) <= CELL_LENGTH else "", look)
            said = [sentence(one, t) for one in here]
            if len(cell) > CELL_LENGTH:
                said.append(t("returnsheet.too_long"))
            if said and comments < MOST_COMMENTS:
                page.write_comment(line.number - 1, place, "\n".join(said)[:CELL_LENGTH], {"x_scale": 2, "y_scale": 2})
                comments += 1


_LOOKS = {
    "error": {"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006", "border": 1},
    "warning": {"num_format": "@", "bg_color": "#FFEB9C", "font_color": "#7F4F00", "border": 1},
}


def _write_cell(page, row: int, place: int, cell: str, look) -> None:
    if cell:
        page.write_string(row, place, cell, look)
    else:
        page.write_blank(row, place, None, look)


def _write_list(workbook, problems: Sequence[Problem], t: Language) -> None:
    page = workbook.add_worksheet(t("returnsheet.sheet"))
    strong = workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate(WIDTHS):
        page.set_column(place, place, width)
    errors = sum(1 for one in problems if one.severity == ERROR)
    page.write_string(0, 0, t("returnsheet.title"), strong)
    page.write_string(1, 0, t("returnsheet.what_to_do", errors=errors, warnings=len(problems) - errors))
    ordered = sorted(problems, key=lambda one: (one.severity != ERROR, one.sheet, one.line))
    for row, cells in enumerate(_listed(ordered[:MOST_LISTED], t), start=3):
        for place, cell in enumerate(cells):
            page.write_string(row, place, cell[:CELL_LENGTH], strong if row == 3 else wrapped)
    if len(ordered) > MOST_LISTED:
        page.write_string(MOST_LISTED + 4, 0, t("returnsheet.more", count=len(ordered) - MOST_LISTED))


def _listed(problems: Iterable[Problem], t: Language) -> Iterator[tuple[str, ...]]:
    yield tuple(t(f"returnsheet.{name}") for name in ("severity", "place", "line", "column", "value", "problem"))
    for one in problems:
        line = str(one.line) if one.line else ""
        yield (t(f"returnsheet.{one.severity}"), one.sheet, line, heading(one, t), one.value, sentence(one, t))


def _worst(problems: Iterable[Problem]) -> str:
    return min(one.severity for one in problems)  # "error" sorts before "warning"


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has."""
    bare = _FORBIDDEN_IN_NAMES.sub("_", name).strip("'")[:SHEET_NAME_LENGTH] or "1"
    made, number = bare, 1
    while made.casefold() in taken:
        number += 1
        made = f"{bare[: SHEET_NAME_LENGTH - 5]} {number}"
    taken.add(made.casefold())
    return made
