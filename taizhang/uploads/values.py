"""One cell of text → its value, as people type them: codes, keys, places, numbers; none is guessed in silence."""

import decimal
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from taizhang.declared import tables
from taizhang.declared.plain import is_plain, plain
from taizhang.declared.tables import Column, Table
from taizhang.declared.values import CLEAR, NO, YES
from taizhang.declared.vocabulary import Vocabulary
from taizhang.uploads.context import Context, name_of
from taizhang.uploads.dates import date_reader, in_figures
from taizhang.uploads.fixes import HALF_WIDTH, CodeFix, DateFix, Fix, ValueFix, folded
from taizhang.uploads.noted import ABSENT, Noted, Read
from taizhang.uploads.written import WRITTEN

LONGEST_NAME = 40  # a longer text is no name somebody mistyped
LARGEST_INTEGER = 2**31 - 1


def reader_of(table: Table, column: Column, context: Context, fixes: Iterable[Fix], order: str | None = None) -> Read:
    """What reads the cells of a column: text → value, `ABSENT`, or a `Noted` one; None where the clerk says clear.

    `order` is that of dates which leave it open, where the other cells of the column settle it.
    """
    own = [fix for fix in fixes if fix.is_on and (fix.table, fix.column) == (table.name, column.name)]
    values = {fix.said.strip(): fix.text for fix in own if isinstance(fix, ValueFix)}
    read, is_key = _value_reader(table, column, context, own, order), column.name in table.key  # a stricter rule
    empty = _EMPTY_IN_ALL if is_key or column.type == "BOOLEAN" else _EMPTY

    def read_text(text: str) -> object:
        text = unguarded(text.strip())
        if values and text in values:
            text = values[text].strip()
        elif text[:1] in _EMPTY_BEGINS and len(text) <= LONGEST_EMPTY and folded(text) in empty:
            return ABSENT if is_key else Noted(rule="placeholder")
        if not text:
            return ABSENT
        if text[0] in "(（" and folded(text) in _CLEAR:
            return None
        if (not is_key or read is _prose) and not is_plain(text):
            return Noted(rule="text_unclean", suggestion=plain(text).strip())
        return read(text)

    return read_text if read is _prose else _Remembered(read_text).__getitem__


_CLEAR = frozenset(map(folded, CLEAR))
_EMPTY_IN_ALL = frozenset(map(folded, WRITTEN["empty"]["marks"]))
_EMPTY = _EMPTY_IN_ALL | frozenset(map(folded, WRITTEN["empty"]["words"]))
_EMPTY_BEGINS = frozenset(
    one[0] for mark in (*WRITTEN["empty"]["marks"], *WRITTEN["empty"]["words"]) for one in (mark, mark.upper())
) | {"／", "－"}
LONGEST_EMPTY = max(map(len, (*WRITTEN["empty"]["marks"], *WRITTEN["empty"]["words"])))


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


def _value_reader(table: Table, column: Column, context: Context, fixes: list[Fix], order: str | None) -> Read:
    said = frozenset(fix.text.strip() for fix in fixes if isinstance(fix, ValueFix))
    if column.codes:
        return _code_reader(column, context, fixes)
    if column.name in table.key and not _is_name(table, column):
        known = context.keys.get(table.name, frozenset()) if len(table.key) == 1 else frozenset()
        is_code = column.name in _NATIONAL
        return lambda text: text if is_code and _DIGITS.fullmatch(text) else _key(text, known, said)
    if column.name == "district_code":
        districts = {folded(name): code for name, code in context.districts.items()}
        return lambda text: _district(text, context, districts)
    if column.name == "town_code":
        return lambda text: _town(text, context)
    if column.type == "BOOLEAN":
        return _yes_no_reader(column)
    if column.type == "DATE":
        order = next((fix.order for fix in reversed(fixes) if isinstance(fix, DateFix)), order)
        return date_reader(table, column, context.default_year, order)
    if column.type == "VARCHAR":
        referred = _referred(table.name).get(column.name)
        if referred is None:
            return _prose
        known = context.keys.get(referred, frozenset())
        return lambda text: _reference(text, known, said)
    return lambda text: _number(text, column)


def _is_name(table: Table, column: Column) -> bool:
    """Whether a part of a key is a name as people write it, such as that of a unit, and need hold no letter."""
    return len(table.key) > 1 and f"check ({column.name} similar to" not in table.sql


# --- texts -----------------------------------------------------------------------------------------------------


def guarded(text: str) -> str:
    """A text as it may stand in a CSV file that a spreadsheet opens: an apostrophe keeps it from being a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given; also of ="CS-001", by which other programs keep Excel from changing a text."""
    if text.startswith("'") and _FORMULA.match(text):
        return text[1:]
    quoted = _QUOTED.fullmatch(text) if text.startswith(("=", "＝")) else None
    return quoted[1].replace('""', '"') if quoted else text


_QUOTED = re.compile('[=＝]"((?:[^"]|"")*)"')
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


def _key(text: str, known: frozenset[str], said: frozenset[str]) -> object:
    """A key as it stands. One that looks like a known one is asked about, unless somebody `said` that it is meant."""
    if not text.isprintable():
        return Noted(rule="key_unclean")
    if text not in known and _EATEN.fullmatch(text):
        return Noted(rule="key_eaten")
    read = _reference(text, known, said)
    meant = read.value if isinstance(read, Noted) else read
    return Noted(rule="key_without_letter") if isinstance(meant, str) and not _LETTER.search(meant) else read


_LETTER = re.compile("[A-Za-z]")
_NATIONAL = ("district_code", "town_code")  # the country numbers its places: 6 figures a district, 9 or 12 a town
_DIGITS = re.compile("[0-9]{6}|[0-9]{9}|[0-9]{12}")
# What a spreadsheet makes of 100000, 440703000000 and 3-1: no key any more.
_EATEN = re.compile(r"[0-9](?:\.[0-9]+)?E[+-]?[0-9]{1,3}|[0-9]{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-[0-9]{2}")


def _reference(text: str, known: frozenset[str], said: frozenset[str]) -> object:
    """A key as it stands; one in full-width letters is read as the row of that key in half-width, if there is one. One
    that differs from a known key only in what people mistype waits for an answer: the same row, or another?"""
    if not known or text in known or text in said:
        return text
    narrow = text.translate(HALF_WIDTH)
    if narrow != text and narrow in known:
        return Noted(narrow, "key_read_as", {"key": narrow})
    alike = _by_shape(known).get(_shape(text), ())
    if len(alike) == 1:
        return Noted(rule="key_like", blanks={"key": alike[0]}, suggestion=alike[0])
    return text


@lru_cache(maxsize=16)
def _by_shape(known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key in sorted(known):
        found.setdefault(_shape(key), []).append(key)
    return {shape: tuple(keys) for shape, keys in found.items()}


def _shape(key: str) -> str:
    """A key without what people mistype: case, width, spaces, the kind of dash, O for 0, noughts before a number,
    apostrophes and points around it."""
    plain = _DASHES.sub("-", folded(key)).replace("o", "0").strip("'’‘`\".,;:。，；：、-")
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain)


_DASHES = re.compile(f"[-_‐‑‒–—―−{re.escape(WRITTEN['figures']['dash'])}]+")


@cache
def _referred(name: str) -> dict[str, str]:
    """Column → the ledger whose key it holds."""
    return dict(re.findall(r"^\s+(\w+) \w+ (?:not null )?references (\w+)", tables.ledgers()[name].sql, re.MULTILINE))


# --- codes -----------------------------------------------------------------------------------------------------


def _code_reader(column: Column, context: Context, fixes: Iterable[Fix]) -> Read:
    known, own = _codes(column.codes, context.vocabulary), _own_labels(column.codes, context.vocabulary)
    fixed = {folded(fix.said): fix.code for fix in fixes if isinstance(fix, CodeFix)}
    allowed = {"allowed": column.codes}
    is_status = column.codes == "status"

    def read(text: str) -> object:
        said = folded(text)
        if said in fixed:
            return fixed[said]
        said = said.rstrip("。.,，;；、") or said
        if said in own:
            return own[said]
        if is_status and said in _NEARLY:
            return Noted("in_progress", blanks={**allowed, "said": text}, waits="nearly")
        if is_status and said in _LOOSE:
            return Noted(_LOOSE[said], "read_as", {"meaning": (column.codes, _LOOSE[said])})
        if is_status and said in _done():
            return (
                Noted("closed", waits="unverified") if context.has_no_verification else Noted(known[said], waits="done")
            )
        if said in known:
            return known[said]
        like = likeliest(said, tuple(known))
        return Noted(rule="unknown_code", blanks=allowed, suggestion=known[like] if like else None)

    return read


@lru_cache(maxsize=64)
def _own_labels(code_list: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Folded label → code, of the labels that a campaign has changed: what it says for done is done."""
    usual = {one.code: one.label for one in tables.code_lists()[code_list]}
    changed = [one for one in vocabulary.codes(code_list) if usual.get(one.code) != one.label]
    return {folded(text): one.code for one in changed for text in (one.label.zh, one.label.en, one.label.both)}


@lru_cache(maxsize=512)
def _codes(code_list: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Folded code, label or synonym → code; in the campaign's own words and in the usual ones."""
    found: dict[str, str] = {}
    listed = vocabulary.codes(code_list)
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
_LOOSE = {folded(said): code for code, all_said in WRITTEN["status"].items() for said in all_said}


def _yes_no_reader(column: Column) -> Read:
    own = WRITTEN["yes_no"].get(column.name, {"yes": (), "no": ()})
    yes, no = _YES | frozenset(map(folded, own["yes"])), _NO | frozenset(map(folded, own["no"]))

    def read(text: str) -> object:
        said = folded(text)
        return said in yes if said in yes or said in no else Noted(rule="bad_yes_no")

    return read


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
    names = [*context.districts, *sorted(context.keys.get("district", ()))]
    like = None if _EATEN.fullmatch(text) else likeliest(text, names)
    return Noted(rule="unknown_district", blanks={"known": known}, suggestion=like)


def _town(text: str, context: Context) -> object:
    return text if text in context.keys.get("town", ()) else Noted(blanks={"said": text}, waits="town")


# --- numbers ---------------------------------------------------------------------------------------------------


def _number(text: str, column: Column) -> object:
    said = _figures(folded(text).replace("\u2212", "-"), column)
    if _NUMBER.fullmatch(said):
        return _exact(Decimal(said), text, column)
    loose = _figures(in_figures(_ABOUT.sub("", said)), column)
    read = _exact(Decimal(loose), text, column) if _NUMBER.fullmatch(loose) else None
    if read is None or isinstance(read, Noted):
        return Noted(rule="bad_number")
    return Noted(read, "about_read_as" if _ABOUT.search(said) else "number_read_as", {"number": loose})


def _figures(said: str, column: Column) -> str:
    """A number without its unit and without the commas between thousands."""
    for unit in (column.unit.zh, column.unit.en) if column.unit else ():
        said = said.removesuffix(folded(unit))
    return said.replace(",", "") if _THOUSANDS.fullmatch(said) else said


def _exact(value: Decimal, text: str, column: Column) -> object:
    return _decimal(value, column) if column.type.startswith("DECIMAL") else _integer(value, text, column)


_ABOUT = re.compile(
    "^(?:" + "|".join(map(re.escape, WRITTEN["about"]["before"])) + ")"
    "|(?:" + "|".join(map(re.escape, WRITTEN["about"]["after"])) + ")$"
)
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
