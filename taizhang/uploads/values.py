"""One cell of text → its value, as people type them: codes, keys, places, numbers, dates; none is guessed."""

import datetime as dt
import decimal
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from taizhang.declared import tables
from taizhang.declared.plain import is_plain, plain
from taizhang.declared.tables import Column, Table
from taizhang.declared.values import CLEAR, NO, YES
from taizhang.uploads.context import Context, name_of
from taizhang.uploads.fixes import CodeFix, DateFix, Fix, ValueFix, folded
from taizhang.uploads.headings import WRITTEN

YEARS = range(1900, 2201)
SERIALS = range(20_000, 80_001)  # the days Excel counts from 1899-12-30, 1954 to 2119
LONGEST_NAME = 40  # a longer text is no name somebody mistyped
LARGEST_INTEGER = 2**31 - 1

Read = Callable[[str], object]


class Absent:
    """What a blank cell reads as."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell with something to say: a rule it breaks or bends, or what it `waits` for until its line is read."""

    value: object = ABSENT
    rule: str = ""
    blanks: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    waits: str = ""
    is_inferred: bool = False


INFERRED_YEAR = Noted(waits="year")


def reader_of(table: Table, column: Column, context: Context, fixes: Iterable[Fix]) -> Read:
    """What reads the cells of a column: text → value, `ABSENT`, or a `Noted` one; None where the clerk says clear."""
    own = [fix for fix in fixes if fix.is_on and (fix.table, fix.column) == (table.name, column.name)]
    values = {fix.said.strip(): fix.text for fix in own if isinstance(fix, ValueFix)}
    read, is_key = _value_reader(table, column, context, own), column.name in table.key  # keys have a stricter rule

    def read_text(text: str) -> object:
        text = unguarded(text.strip())
        if values and text in values:
            text = values[text].strip()
        if not text:
            return ABSENT
        if text[0] in "(（" and folded(text) in _CLEAR:
            return None
        if not is_key and not is_plain(text):
            return Noted(rule="text_unclean", suggestion=plain(text).strip())
        return read(text)

    return read_text if read is _prose else _Remembered(read_text).__getitem__


_CLEAR = frozenset(map(folded, CLEAR))


class _Remembered(dict):
    """A reader that reads equal texts once, as long as there is room."""

    ROOM, LONG = 50_000, 200

    def __init__(self, read: Read):
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> object:
        value = self.read(text)
        if len(self) < self.ROOM and len(text) <= self.LONG:
            self[text] = value
        return value


def _value_reader(table: Table, column: Column, context: Context, fixes: list[Fix]) -> Read:
    if column.codes:
        return _code_reader(column, context, fixes)
    if column.name in table.key:
        known = context.keys.get(table.name, frozenset()) if len(table.key) == 1 else frozenset()
        return lambda text: _key(text, known)
    if column.name == "district_code":
        districts = {folded(name): code for name, code in context.districts.items()}
        return lambda text: _district(text, context, districts)
    if column.name == "town_code":
        return lambda text: _town(text, context)
    if column.type == "BOOLEAN":
        return _yes_no
    if column.type == "DATE":
        order = next((fix.order for fix in reversed(fixes) if isinstance(fix, DateFix)), None)
        return lambda text: _date(text, context.default_year, order)
    if column.type == "VARCHAR":
        referred = _referred(table.name).get(column.name)
        if referred is None:
            return _prose
        known = context.keys.get(referred, frozenset())
        return lambda text: _reference(text, known)
    return lambda text: _number(text, column)


# --- texts -----------------------------------------------------------------------------------------------------


def guarded(text: str) -> str:
    """A text as it may stand in a CSV file that a spreadsheet opens: an apostrophe keeps it from being a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")


def _prose(text: str) -> object:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def likeliest(said: str, names: Sequence[str]) -> str | None:
    """The name most like what was said, to be offered and never taken; not done is never offered as done."""
    said = folded(said)
    if len(said) > LONGEST_NAME:
        return None
    by_fold = {folded(name): name for name in names}
    by_fold = {one: name for one, name in by_fold.items() if _denies(one) == _denies(said)}
    held = [one for one in by_fold if len(said) > 1 and len(one) > 1 and (said in one or one in said)]
    if held:
        return by_fold[max(held, key=lambda one: min(len(one), len(said)) / max(len(one), len(said)))]
    close = difflib.get_close_matches(said, by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def _denies(plain: str) -> bool:
    return any(word in plain for word in WRITTEN["denial"])


# --- keys ------------------------------------------------------------------------------------------------------


def _key(text: str, known: frozenset[str]) -> object:
    if not text.isprintable():
        return Noted(rule="key_unclean")
    read = _reference(text, known)
    said = read.value if isinstance(read, Noted) else read
    return read if _LETTER.search(said) else Noted(rule="key_without_letter")


_LETTER = re.compile("[A-Za-z]")


def _reference(text: str, known: frozenset[str]) -> object:
    """A key as it stands; one in full-width letters is read as the row of that key in half-width, if there is one."""
    if text.isascii() or text in known:
        return text
    narrow = text.translate(_HALF_WIDTH)
    return Noted(narrow, "key_read_as", {"key": narrow}) if narrow != text and narrow in known else text


_HALF_WIDTH = {0x3000: 0x20, **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}


@cache
def _referred(name: str) -> dict[str, str]:
    """Column → the ledger whose key it holds."""
    return dict(re.findall(r"^\s+(\w+) \w+ (?:not null )?references (\w+)", tables.ledgers()[name].sql, re.MULTILINE))


# --- codes -----------------------------------------------------------------------------------------------------


def _code_reader(column: Column, context: Context, fixes: Iterable[Fix]) -> Read:
    known = _codes(column.codes)
    fixed = {folded(fix.said): fix.code for fix in fixes if isinstance(fix, CodeFix)}
    allowed = {"allowed": column.codes}
    is_status = column.codes == "status"

    def read(text: str) -> object:
        said = folded(text)
        if said in fixed:
            return fixed[said]
        if is_status and said in _NEARLY:
            return Noted("in_progress", blanks={**allowed, "said": text}, waits="nearly")
        if is_status and said in _done():
            return "closed" if context.has_no_verification else Noted(known[said], waits="done")
        if said in known:
            return known[said]
        like = likeliest(said, tuple(known))
        return Noted(rule="unknown_code", blanks=allowed, suggestion=known[like] if like else None)

    return read


@cache
def _codes(code_list: str) -> dict[str, str]:
    """Folded code, label or synonym → code."""
    found: dict[str, str] = {}
    listed = tables.code_lists()[code_list]
    for said in (
        lambda one: (one.code,),
        lambda one: (one.label.zh, one.label.en, one.label.both),
        lambda one: one.synonyms,
    ):
        for one in listed:
            for text in said(one):
                found.setdefault(folded(text), one.code)
    return found


@cache
def _done() -> frozenset[str]:
    """What people write for done: closed when it was verified, and waiting for it otherwise."""
    waiting = next(one for one in tables.code_lists()["status"] if one.code == "pending_verification")
    return frozenset(map(folded, waiting.synonyms))


_NEARLY = frozenset(map(folded, WRITTEN["nearly_done"]))


def _yes_no(text: str) -> object:
    said = folded(text)
    return said in _YES if said in _YES or said in _NO else Noted(rule="bad_yes_no")


_YES = frozenset(map(folded, (*YES, *WRITTEN["yes"])))
_NO = frozenset(map(folded, (*NO, *WRITTEN["no"])))


# --- places ----------------------------------------------------------------------------------------------------


def _district(text: str, context: Context, districts: Mapping[str, str]) -> object:
    if text in context.keys.get("district", ()):
        return text
    code = districts.get(folded(text))
    if code is not None:
        return code
    known = tuple(dict.fromkeys(name_of(context, code) for code in context.districts.values()))
    like = likeliest(text, [*context.districts, *sorted(context.keys.get("district", ()))])
    return Noted(rule="unknown_district", blanks={"known": known}, suggestion=like)


def _town(text: str, context: Context) -> object:
    return text if text in context.keys.get("town", ()) else Noted(blanks={"said": text}, waits="town")


# --- numbers ---------------------------------------------------------------------------------------------------


def _number(text: str, column: Column) -> object:
    said = folded(text).replace("\u2212", "-")
    for unit in (column.unit.zh, column.unit.en) if column.unit else ():
        said = said.removesuffix(folded(unit))
    if _THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    if not _NUMBER.fullmatch(said):
        return Noted(rule="bad_number")
    value = Decimal(said)
    return _decimal(value, column) if column.type.startswith("DECIMAL") else _integer(value, text, column)


_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def _integer(value: Decimal, text: str, column: Column) -> object:
    """A whole number. Where percent is meant, 0.85 is a share: Excel keeps 85 % so; then 1 may be a share too."""
    could_be_share = column.unit is not None and column.unit.zh == "%" and not folded(text).endswith("%")
    if value != value.to_integral_value():
        if could_be_share and 0 < value < 1:
            return Noted(rule="share_for_percent", suggestion=_plain_number(value * 100))
        return Noted(rule="bad_whole_number")
    if abs(value) > LARGEST_INTEGER:
        return Noted(rule="number_too_large", blanks={"limit": LARGEST_INTEGER})
    if could_be_share and value == 1:
        return Noted(1, blanks={"said": text}, waits="share")
    return int(value)


def _decimal(value: Decimal, column: Column) -> object:
    digits, places = map(int, re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", column.type).groups())
    if abs(value) >= Decimal(10) ** (digits - places):
        return Noted(rule="number_too_large", blanks={"limit": 10 ** (digits - places) - 1})
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    if value != rounded:
        return Noted(rule="number_too_fine", blanks={"places": places}, suggestion=_plain_number(rounded))
    return value


_EXACT = decimal.Context(prec=80)  # the usual 28 digits would round longer ones


def _plain_number(value: Decimal) -> str:
    return format(value.normalize(_EXACT), "f")


# --- dates -----------------------------------------------------------------------------------------------------

_Y, _M, _D = (re.escape(WRITTEN["date"][name]) for name in ("after_year", "after_month", "after_day"))
_FULL = re.compile(rf"([0-9]{{4}})[-/.{_Y}]([0-9]{{1,2}})[-/.{_M}]([0-9]{{1,2}})[{_D}]?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_DAY = re.compile(rf"([0-9]{{1,2}})[{_M}]([0-9]{{1,2}})[{_D}]?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{2}))?")
_MONTH = re.compile(rf"([0-9]{{4}}[-/.{_Y}])?[0-9]{{1,2}}[{_M}]?|[0-9]{{4}}[{_Y}]?")
_TIME = re.compile(r"(.*?)[t\s]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)", re.IGNORECASE)
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_DASHES = str.maketrans("‐‑‒–—−", "------")


def _date(text: str, default_year: int | None, order: str | None) -> object:
    """A date in any of the ways people type it; where day and month could change places, only in the fixed order."""
    said, time = text.translate(_HALF_WIDTH).translate(_DASHES).strip(), ""
    if match := _TIME.fullmatch(said):
        said, time = match[1], match[2]
    read = _day(folded(said), default_year, order)
    if not isinstance(read, dt.date) or set(time) <= set("0:."):
        return read
    return Noted(read, "time_dropped", {"day": read.isoformat()})


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
    return Noted(rule="date_without_day" if _MONTH.fullmatch(said) else "bad_date")


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


def _year_last(first: str, second: str, year: str, order: str | None) -> object:
    """01/02/2019: day and month are told apart by a fix, or by only one of both being possible."""
    if order in ("mdy", "dmy"):
        return _made(year, *((first, second) if order == "mdy" else (second, first)))
    found = {made for made in (_made(year, first, second), _made(year, second, first)) if isinstance(made, dt.date)}
    if len(found) == 2:
        return Noted(rule="date_ambiguous", blanks={"orders": tuple(made.isoformat() for made in sorted(found))})
    return found.pop() if found else Noted(rule="bad_date")


def _short(first: str, second: str, third: str | None, default_year: int | None, order: str | None) -> object:
    """9/11 or 19-9-11: read in the order of a fix only."""
    if order is None:
        return Noted(rule="date_ambiguous", blanks={"orders": ()})
    if third is None:
        return _inferred(default_year, *((second, first) if order == "dmy" else (first, second)))
    parts = dict(zip(order, (first, second, third), strict=True))
    return _made(2000 + int(parts["y"]), parts["m"], parts["d"])
