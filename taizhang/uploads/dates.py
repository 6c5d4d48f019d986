"""Dates as people write them: days, deadlines, months, ranges, halves of a day. A rule reads them, and it is said.

A day is a day wherever it stands. Where a deadline is meant, 2019年9月30日前 is that day and 2019年12月底 the last
day of that month; where an event is meant, a month, a range or half a day goes to the columns its ledger has for them.
"""

import calendar
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from taizhang.declared.tables import Column, Table
from taizhang.uploads.fixes import HALF_WIDTH, ORDERS, folded
from taizhang.uploads.noted import Noted, Read
from taizhang.uploads.written import WRITTEN

YEARS = range(1900, 2201)
SERIALS = range(20_000, 80_001)  # the days Excel counts from 1899-12-30, 1954 to 2119
NEAR = 1  # years between a date with two figures for its year and those of its column

_SAID = WRITTEN["date"]
_Y, _M, _D = (re.escape(_SAID[name]) for name in ("after_year", "after_month", "after_day"))
_FULL = re.compile(rf"([0-9]{{4}})[-/.、{_Y}]([0-9]{{1,2}})[-/.、{_M}]([0-9]{{1,2}})[{_D}]?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_DAY = re.compile(rf"([0-9]{{1,2}})[{_M}]([0-9]{{1,2}})[{_D}]?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{2}))?")
_MONTH = re.compile(rf"(?:([0-9]{{4}})[-/.{_Y}])?([0-9]{{1,2}})[{_M}]?")
_YEAR = re.compile(rf"[0-9]{{4}}[{_Y}]?")
_TIME = re.compile(r"(.*?)[t\s]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)", re.IGNORECASE)
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_DASHES = str.maketrans("‐‑‒–—―−", "-------")
_DAY_NAMED = re.compile(r"([0-9]{1,2})[-/. ]?([a-z]{3,9})[-/. ,]*([0-9]{4}|[0-9]{2})")  # 30-Sep-19
_MONTH_NAMED = re.compile(r"([a-z]{3,9})[-/. ]?([0-9]{1,2})[, ]+([0-9]{4})")  # Sep 30, 2019
_ENGLISH = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_ENGLISH |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


def date_reader(table: Table, column: Column, default_year: int | None, order: str | None) -> Read:
    """What reads the dates of a column: text → day, or a `Noted` one; `order` is that of dates whose order is open."""
    names = {one.name for one in table.columns}
    if column.name == "started_on" and {"date_precision", "date_text", "ended_on", "half"} <= names:
        return lambda text: _happened(text, default_year, order)
    if column.name.endswith("due_on"):
        kept = "due_text" if "due_text" in names else None
        return lambda text: _deadline(text, default_year, order, kept)
    return lambda text: day_of(text, default_year, order)


def day_of(text: str, default_year: int | None, order: str | None = None) -> object:
    """A day in any of the ways people write it; where day and month could change places, only in the order given."""
    said, time = _dashed(text), ""
    if match := _TIME.fullmatch(said):
        said, time = match[1], match[2]
    read = _day(in_figures(folded(said)), default_year, order)
    if isinstance(read, Noted) and read.rule == "bad_date":
        read = _in_english(said.casefold()) or read
    if not isinstance(read, dt.date) or set(time) <= set("0:."):
        return read
    return Noted(read, "time_dropped", {"day": read.isoformat()})


def _dashed(text: str) -> str:
    """A text in half-width with one kind of dash, without an apostrophe before it and a point behind it."""
    return text.translate(HALF_WIDTH).translate(_DASHES).strip().lstrip("'").rstrip(".。,，;；、 ")


def _day(said: str, default_year: int | None, order: str | None) -> object:
    if match := _FULL.fullmatch(said) or _EIGHT.fullmatch(said):
        return _made(*match.groups())
    if match := _SERIAL.fullmatch(said):
        return _serial(int(match[1]), match[2])
    if match := _MONTH_DAY.fullmatch(said):
        return _inferred(default_year, match[1], match[2])
    if match := _YEAR_LAST.fullmatch(said):
        return _year_last(*match.groups(), order)
    if match := _SHORT.fullmatch(said):
        return _short(*match.groups(), default_year, order)
    return Noted(rule="date_without_day" if _MONTH.fullmatch(said) or _YEAR.fullmatch(said) else "bad_date")


def _made(year: object, month: object, day: object) -> object:
    try:
        made = dt.date(int(year), int(month), int(day))
    except ValueError:
        return Noted(rule="bad_date")
    return made if made.year in YEARS else Noted(rule="bad_date")


def _serial(days: int, fraction: str | None) -> object:
    if days not in SERIALS:
        return Noted(rule="bad_date")
    day = dt.date(1899, 12, 30) + dt.timedelta(days)
    return day if not fraction or not fraction.strip(".0") else Noted(day, "time_dropped", {"day": day.isoformat()})


def _inferred(default_year: int | None, month: object, day: object) -> object:
    """A day and month in the year of the campaign."""
    if default_year is None:
        return Noted(rule="no_default_year")
    made = _made(default_year, month, day)
    if isinstance(made, Noted):
        return made
    return Noted(made, "year_inferred", {"day": made.isoformat()}, is_inferred=True)


def _in_english(said: str) -> object | None:
    """30-Sep-19 and Sep 30, 2019: the month is named, so that the order is clear; 19 is 2019."""
    if match := _DAY_NAMED.fullmatch(said):
        day, month, year = match.groups()
    elif match := _MONTH_NAMED.fullmatch(said):
        month, day, year = match.groups()
    else:
        return None
    return _made(int(year) + 2000 * (len(year) == 2), _ENGLISH[month], day) if month in _ENGLISH else None


# --- Chinese figures -------------------------------------------------------------------------------------------

_WORDS = WRITTEN["figures"]
_FIGURES = {one: str(value) for value, one in enumerate(_WORDS["digits"])}
_FIGURES |= dict.fromkeys(_WORDS["noughts"], "0") | {_WORDS["two"]: "2"}
_TEN = _WORDS["ten"]
_IN_WORDS = re.compile(f"[{''.join(_FIGURES)}{_TEN}]+")
_TENS = re.compile(f"[{_WORDS['digits'][1:]}]?{_TEN}[{_WORDS['digits'][1:]}]?")


def in_figures(said: str) -> str:
    """二〇一九年九月三十日 → 2019年9月30日; a text without such figures as it is."""
    return _IN_WORDS.sub(lambda found: _figure(found[0]), said) if _IN_WORDS.search(said) else said


def _figure(said: str) -> str:
    """二十三 → 23, 十 → 10, 二〇一九 → 2019; what is no number of these kinds stays."""
    if _TEN not in said:
        return "".join(_FIGURES[one] for one in said)
    if not _TENS.fullmatch(said):
        return said
    tens, ones = said.split(_TEN)
    return str(10 * int(_FIGURES.get(tens, "1")) + int(_FIGURES.get(ones, "0")))


# --- dates whose order is open ---------------------------------------------------------------------------------


def _year_last(first: str, second: str, year: str, order: str | None) -> object:
    """01/02/2019: day and month are told apart by an order, or by only one of both being possible."""
    if order in ("mdy", "dmy"):
        return _made(year, *((first, second) if order == "mdy" else (second, first)))
    found = {made for made in (_made(year, first, second), _made(year, second, first)) if isinstance(made, dt.date)}
    if len(found) == 2:
        return Noted(rule="date_ambiguous", blanks={"orders": tuple(made.isoformat() for made in sorted(found))})
    return found.pop() if found else Noted(rule="bad_date")


def _short(first: str, second: str, third: str | None, default_year: int | None, order: str | None) -> object:
    """9/11 or 19-9-11: read in a given order only."""
    if order is None:
        return Noted(rule="date_ambiguous", blanks={"orders": ()})
    if third is None:
        return _inferred(default_year, *((second, first) if order == "dmy" else (first, second)))
    parts = dict(zip(order, (first, second, third), strict=True))
    return _made(2000 + int(parts["y"]), parts["m"], parts["d"])


def settled_order(texts: Collection[str], default_year: int | None) -> str | None:
    """The only order in which every date of a column is one, when some of them leave it open; else None.

    A date with two figures for its year has to lie near those of the column that have four, or the campaign's year.
    """
    said = {folded(_dashed(text)) for text in texts if len(text) <= 12}
    clear = [one for one in (_day(text, default_year, None) for text in said) if isinstance(one, dt.date)]
    years = {one.year for one in clear} | ({default_year} if default_year else set())
    short = sorted(text for text in said if _SHORT.fullmatch(text) or _YEAR_LAST.fullmatch(text))
    is_open = any(_is_open(_day(text, default_year, None)) for text in short)
    found: dict[tuple, str] = {}
    for order in ORDERS if is_open else ():
        days = tuple(_plain_day(_day(text, default_year, order)) for text in short)
        if all(one is not None and (not years or min(abs(one.year - year) for year in years) <= NEAR) for one in days):
            found.setdefault(days, order)
    return next(iter(found.values())) if len(found) == 1 else None


def _is_open(read: object) -> bool:
    return isinstance(read, Noted) and read.rule == "date_ambiguous"


def _plain_day(read: object) -> dt.date | None:
    value = read.value if isinstance(read, Noted) else read
    return value if isinstance(value, dt.date) else None


# --- deadlines -------------------------------------------------------------------------------------------------

_BEFORE = re.compile("(?:" + "|".join(map(re.escape, _SAID["before"])) + ")+$")
_STANDING = frozenset(map(folded, _SAID["standing"]))
_ENDS = re.escape(_SAID["month_end"])
_THIRD = re.compile(rf"(?:([0-9]{{4}})[{_Y}])?([0-9]{{1,2}})[{_M}]([{''.join(_SAID['thirds'])}]){_SAID['third']}")
_MONTH_END = re.compile(rf"(?:([0-9]{{4}})[-/.{_Y}])?([0-9]{{1,2}})(?:[{_M}][{_ENDS}]?)?")
_QUARTER = re.compile(rf"(?:([0-9]{{4}})[{_Y}])?{_SAID['nth']}?([1-4]){_SAID['quarter']}[{_ENDS}]?")
_YEAR_END = re.compile(rf"(?:([0-9]{{4}})[{_Y}]?)?([{_Y}]?[{_ENDS}]|{'|'.join(_SAID['half_years'])})")


def _deadline(text: str, default_year: int | None, order: str | None, kept: str | None) -> object:
    """A day; or one that is meant by a rule, with the text as it stands beside it, in the column `kept`."""
    read = day_of(text, default_year, order)
    if not isinstance(read, Noted) or read.rule not in ("bad_date", "date_without_day"):
        return read
    said, also = in_figures(folded(_dashed(text))), {kept: text.strip()} if kept else {}
    if said in _STANDING and kept:
        return Noted(None, "deadline_without_day", also=also)
    bare = _BEFORE.sub("", said)
    meant = _day(bare, default_year, order) if bare != said else read
    if _plain_day(meant) is None:
        meant = _last_day(bare, default_year)
    day = _plain_day(meant)
    if day is None:
        return meant if isinstance(meant, Noted) else read
    return Noted(day, "date_read_as", {"day": day.isoformat()}, is_inferred=isinstance(meant, Noted), also=also)


def _last_day(said: str, default_year: int | None) -> object | None:
    """The last day of a month, a third of one, a quarter or a year; inferred where the year is not written."""
    if match := _THIRD.fullmatch(said):
        year, month, last = match[1], int(match[2]), _SAID["thirds"][match[3]]
    elif match := _QUARTER.fullmatch(said):
        year, month, last = match[1], 3 * int(match[2]), 31
    elif (match := _YEAR_END.fullmatch(said)) and (match[1] or said[0] not in _SAID["month_end"]):
        year, month, last = match[1], _SAID["half_years"].get(match[2], 12), 31
    elif (match := _MONTH_END.fullmatch(said)) and (match[1] or not said[-1].isdigit()):
        year, month, last = match[1], int(match[2]), 31
    else:
        return None
    if not 1 <= month <= 12:
        return None
    if year is None and default_year is None:
        return Noted(rule="no_default_year")
    days = calendar.monthrange(int(year or default_year), month)[1] if int(year or default_year) in YEARS else last
    made = _made(year or default_year, month, min(last, days))
    return made if year or isinstance(made, Noted) else Noted(made, is_inferred=True)


# --- events ----------------------------------------------------------------------------------------------------

_HALF = re.compile("(" + "|".join(map(re.escape, (*_SAID["am"], *_SAID["pm"]))) + ")")
_HOUR, _MINUTE, _HALF_HOUR = (re.escape(_SAID[name]) for name in ("hour", "minute", "half_hour"))
_CLOCK = re.compile(
    rf"[0-9]{{1,2}}(?::[0-9]{{2}}|[{_HOUR}](?:[0-9]{{1,2}}{_MINUTE}?|{_HALF_HOUR})?)(?:-[0-9]{{1,2}}:[0-9]{{2}})?$"
)
_BETWEEN = re.compile(f"[{re.escape(_SAID['between'])}]+")
_PART_OF_MONTH = rf"[{''.join(_SAID['thirds'])}]{_SAID['third']}|[{_SAID['month_start']}{_ENDS}]"
_MONTH_OF = re.compile(rf"(?:([0-9]{{4}})[-/.{_Y}])?([0-9]{{1,2}})(?:[{_M}](?:{_PART_OF_MONTH})?)?")
_LATER = re.compile(rf"(?:([0-9]{{1,2}})[-/.{_M}])?([0-9]{{1,2}})[{_D}]?")


def _happened(text: str, default_year: int | None, order: str | None) -> object:
    """The day an event began, and in which columns the rest of what is said goes: half, end, precision, the text."""
    read = day_of(text, default_year, order)
    if not isinstance(read, Noted) or read.rule not in ("bad_date", "date_without_day"):
        return read
    said = in_figures(folded(_dashed(text)))
    for found in (_half_day(said, default_year), _range(said, default_year), _month_of(said, default_year)):
        if found is not None:
            return replace(found, also={**found.also, "date_text": text.strip()}) if found.also else found
    return read


def _half_day(said: str, default_year: int | None) -> Noted | None:
    """9月11日下午, also with an hour, which the ledger has no column for."""
    half = _HALF.search(said)
    bare = _CLOCK.sub("", _HALF.sub("", said, count=1)) if half else ""
    read = _day(bare, default_year, None) if bare else None
    day = _plain_day(read)
    if day is None:
        return None
    also = {"half": "am" if half[1] in _SAID["am"] else "pm", "date_precision": "half_day"}
    return Noted(day, "date_read_as", {"day": day.isoformat()}, is_inferred=isinstance(read, Noted), also=also)


def _range(said: str, default_year: int | None) -> Noted | None:
    """9月11日-13日, 2019.9.11-9.13, 9月30日至10月2日."""
    for between in _BETWEEN.finditer(said):
        read = _day(said[: between.start()], default_year, None)
        first = _plain_day(read)
        last = _end_of(first, said[between.end() :]) if first else None
        if last is not None and last >= first:
            also = {"ended_on": last, "date_precision": "range" if last > first else "day", "half": None}
            days = f"{first.isoformat()} – {last.isoformat()}"
            return Noted(first, "date_read_as", {"day": days}, is_inferred=isinstance(read, Noted), also=also)
    return None


def _end_of(first: dt.date, said: str) -> dt.date | None:
    """The end of a range: a whole date, or what changes of the first."""
    if match := _FULL.fullmatch(said) or _EIGHT.fullmatch(said):
        return _plain_day(_made(*match.groups()))
    if match := _LATER.fullmatch(said):
        return _plain_day(_made(first.year, match[1] or first.month, match[2]))
    return None


def _month_of(said: str, default_year: int | None) -> Noted | None:
    """2019年9月 is that month, kept under its first day."""
    match = _MONTH_OF.fullmatch(said)
    if match is None or not (match[1] or set(said) & set(_SAID["after_month"])):
        return None
    if match[1] is None and default_year is None:
        return Noted(rule="no_default_year")
    first = _plain_day(_made(match[1] or default_year, match[2], 1))
    if first is None:
        return None
    month = f"{first:%Y-%m}"
    also = {"date_precision": "month", "half": None}
    return Noted(first, "date_read_as", {"day": month}, is_inferred=match[1] is None, also=also)


def texts_of_dates(cells: Iterable[str]) -> Iterator[str]:
    """The texts that could be a date in figures, each once: what `settled_order` looks at."""
    seen: set[str] = set()
    for cell in cells:
        text = cell.strip()
        if text and text not in seen and len(text) <= 12 and text[0].isdigit():
            seen.add(text)
            yield text
