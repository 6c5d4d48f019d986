"""The day a file seems to be of, and where that stands: offered to whoever publishes it, never taken.

Only a title above the headings, a sheet's name or a file's name can say it, with marks between year, month and day:
dates among the data are data, and a document number or a count is no date.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taizhang.uploads.dates import in_figures
from taizhang.uploads.headings import Part
from taizhang.uploads.lines import Sheet
from taizhang.uploads.written import WRITTEN

_SAID = WRITTEN["date"]
_Y, _M, _D = (re.escape(_SAID[name]) for name in ("after_year", "after_month", "after_day"))
_DATE = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?:\s?[{_Y}]\s?(\d{{1,2}})\s?[{_M}]\s?(\d{{1,2}})\s?[{_D}]?"
    r"|([-/._])(\d{1,2})\4(\d{1,2}))(?!\d)"
)
_END = re.compile(  # of a range
    rf"\s*[—–～{re.escape(_SAID['between'])}]+\s*(?:(\d{{1,2}})\s?[{_M}./])?\s?(\d{{1,2}})\s?[{_D}]?(?!\d)"
)
_AS_OF = re.compile("|".join(map(re.escape, _SAID["as_of"])), re.IGNORECASE)


@dataclass(frozen=True)
class FoundDay:
    """A day, and where it was found: in the `file`'s name, a `sheet`'s, or a `title`; `said` is the text, `line` its
    line in the sheet where it is a title."""

    day: dt.date
    place: str
    said: str
    line: int = 0


def day_found(file_names: Iterable[str], sheets: Sequence[Sheet], parts: Iterable[Part]) -> FoundDay | None:
    """The day that files seem to be of.

    A workbook of ours names the day it was handed out for, which is not the day it comes back.
    """
    if not all(sheet.is_read for sheet in sheets):
        return None
    headings: dict[str, int] = {}
    for part in parts:
        headings[part.sheet] = min(part.header_line, headings.get(part.sheet, part.header_line))
    titles = [
        (line.number, cell)
        for sheet in sheets
        for line in sheet.lines
        if line.number < headings.get(sheet.name, 0)
        for cell in dict.fromkeys(line.cells)
        if cell.strip()
    ]
    titles.sort(key=lambda one: _AS_OF.search(one[1]) is None)  # what says so before what only has a date
    places = [("file", name, 0) for name in file_names]
    places += [("sheet", sheet.name, 0) for sheet in sheets if sheet.name in headings]
    places += [("title", said, line) for line, said in titles]
    for place, said, line in places:
        if day := _day_in(said):
            return FoundDay(day, place, said, line)
    return None


def _day_in(said: str) -> dt.date | None:
    """The first day in a text; of a range its end."""
    text = in_figures(said)
    for found in _DATE.finditer(text):
        day = _made(found[1], found[2] or found[5], found[3] or found[6])
        if day:
            end = _END.match(text, found.end())
            last = _made(day.year, end[1] or day.month, end[2]) if end else None
            return last if last and last > day else day
    return None


def _made(year: object, month: object, day: object) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
